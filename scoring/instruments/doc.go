// Package instruments ships published humanitarian indices, each with its
// edition, its source and its rule for missing data:
//
//	card, err := instruments.FCSStrict(false).On(form.Shape())
//	score, err := card.Score(answers) // score.Points, score.Band
//
// # What there is
//
// Food: [FCSWFP2026], [FCSStrict], [FCSNVitaminA], [FCSNProtein], [FCSNIron],
// [RCSI], [HDDS], [HHSWFP2026], [HHSIMPACT], [HHSStrict], [FIES]. Livelihoods:
// [LCSWFP2026], [LCSStrict], [LCSFoodFromEN], [ECMEN], [FES]. Composites: [PhaseFC],
// [PhaseFCLC], [CARIECMEN], [CARIFES], [ENA], [MSNI], [MSNIHealth], [LSG],
// [MDDIWFP2026], [MDDIStrict], [MPI]. Disability: [WGSS], [WGSSHumind], [WGSSWFP],
// [Domains], [ChildFunctioning24]. Poverty: [AlkireFoster], [PPI], [Ages]. A [Flag]
// marks answers to look at again ([FCSFlags] and others).
//
// # Profiles
//
// Peers disagree, mostly about answers that are missing. A name with a year or
// an agency does what that publication's own code does, traps included; Strict
// refuses to score what is not complete. Every profile is checked against
// results of the code it follows.
//
// # Items
//
// An [Instrument] reads items under the keys that its source gives them; Rename
// fits them to a questionnaire. Most instruments are plain cards, so that they
// explain themselves, have a hash and can be changed like any other card.
//
// # Questions
//
// [RCSIQuestions] and its like are the standard [Questions], to be put into a
// questionnaire. They speak English where their words may be shipped; In adds
// languages, and Fit gives the instrument their keys:
//
//	questions, err := instruments.RCSIQuestions().In("uk", words)
//	rcsi, err := questions.Fit(instruments.RCSI(false))
//	card, err := rcsi.On(form.Shape()) // form has questions.Parts() in it
//
// What has no words ([FIESQuestions], [ChildFunctioning24Questions],
// [MDDIQuestions]) is refused when the questionnaire is made.
//
// # Errors
//
// As for any card: an *scoring.UnknownError where answers are missing, an
// *scoring.AnswersError where they are impossible. [ErrNoInstrument] says that a
// level or cap does not exist, [ErrSpending] that amounts are impossible; [ReadPPI]
// lists every *TableProblem.
//
// # Design
//
// A proxy means test needs no type of its own: it is a card with a Start and
// criteria of Per(coefficient, …), Curved(scoring.Log); see the example.
// Sample-dependent quantities, such as the median in ECMEN, are parameters that
// are frozen. Refused: area classifications (IPC, JIAF), which have no formula for
// a household, and conversion tables of the PPI, which are their publishers'.
package instruments
