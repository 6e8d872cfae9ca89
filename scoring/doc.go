// Package scoring says what answers mean: a card of points, with a reason for
// every point, in the words of the person it is about.
//
//	card := scoring.MustNew(scoring.CardSpec{
//		ID: "illustrative", Version: "1",
//		Criteria: scoring.Criteria(
//			scoring.Add(3, "older_member", members.Any(age.AtLeast(60))),
//			scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6),
//		),
//		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "high")),
//	}, form.Shape())
//
//	score, err := card.Score(answers) // score.Points, score.Band
//	why := card.Explain(score, "uk")
//
// Nothing else is needed: no server, no database. A Card is data (it reads and
// writes JSON), immutable, and carries a hash of its content into every score.
// Any other rule is a [Scorer] too, by [Func]. A [Register] of dated versions says
// which card applied then, a [Drift] who a change of it moves, and [Card.Page] is
// what a committee publishes and a decision cites.
//
// # What is not known
//
// An answer that is missing, refused or not known to the person is not silently
// zero. Each criterion declares what it is worth then ([Policy]). By default it
// counts what is certain, and the score says between which points the truth
// lies ([Score].Lo and Hi) and whether it could change the decision
// ([Score.CanChange]). A question that was not asked, because it does not apply,
// is known: its conditions are No. A condition on the state of an answer
// (alone.IsRefused()) is about the state as it is now. [Card.NextBest] says which
// question to ask next, [Card.Distance] what another band would have needed.
//
// # What New proves
//
// Every score has exactly one band, every band can be reached, every cap can
// bind, every condition can hold and can fail, every question is asked, every
// interval is bounded, every text is there in every language. What it finds
// comes at once, in words for a committee.
//
// # Errors
//
// New gives [Mistakes]. Score gives an [*AnswersError] for answers that do not fit
// their questions, a [*ContradictionError] for those that fail a [Check], an
// [*UnknownError] where a criterion refuses to be scored while it is not known, an
// [*AmbiguousError] where two criteria hold of a group that allows one, and a
// [*RangeError] for points that no card can give. No error holds an answer.
//
// # Design
//
// Points are rounded to ten decimals: 0.1 and 0.2 make 0.3 on the edge of a band,
// and the order of criteria never matters.
//
// A score never decides alone: it is for people to see, and Eligible stands
// beside the points instead of inside them. Refused: disqualifying points such
// as -1000, which no explanation survives.
//
// Refused: an expression language in the card. Conditions are those of package
// registration: the compiler checks them in Go, New in JSON, and proofs look into
// them. Foreign conditions are for XLSForms; of them the proofs say nothing.
package scoring
