// Package registration says what is asked: a questionnaire in every language,
// the interview that asks it of one person, and the answers. It knows no
// channel, no clock and no store.
//
//	seeking := registration.YesNo("seeking", hubkit.Text{"en": "Do you need cash?", "uk": "Вам потрібні гроші?"})
//	size := registration.Integer("size", hubkit.Text{"en": "How many people?", "uk": "Скільки людей?"}).Between(1, 25)
//	form, err := registration.New(registration.Spec{
//		ID: "ua-cash", Version: "1", Languages: []hubkit.Lang{"en", "uk"},
//		Parts: registration.Parts(seeking, registration.When(seeking.Yes(), size)),
//	})
//	interview := form.Begin("uk")
//	fmt.Println(interview.Prompt().Text)
//	interview.Hear(registration.Reply{Text: "так"})
//
// # Ideas
//
// A questionnaire is a tree of Parts. What belongs to one kind of question is a
// method that returns a copy (Between, Alone); what all have in common is put
// around it (When, Optional, Must, Section, Repeat). The handles are also how
// skip logic and scores read answers, so the compiler checks both.
//
// A Condition has three truths. When asks only on Yes, and StopUnless stops
// only on No. A question that was not asked answers No; one that is missing,
// refused or not known is Unknown. A Number knows the interval it lies in.
//
// An answer is in one of five states: answered, don't know, refused, not asked,
// missing. Answers are values by slot of a Shape; a Test bound to that Shape
// reads them without a map. Their JSON comes back unchanged.
//
// An Interview is pure: Hear a Reply, say the Prompt, AppendState and Resume.
// Back, Change and SetLang work at any point, and end where a straight walk
// with the final answers ends. A Reply it does not understand gets help, then
// what Attempts says. Notes and titles come with one Prompt and are not stored.
// Defer passes over what cannot be answered where the interview is held, such as
// a photo on a call, and Reopen asks it elsewhere.
//
// # Errors
//
// New and Load return Mistakes: all that an author must mend, at once. Resume
// returns a *StateError (ErrState) for bytes that are damaged or of
// another version, which StateHash finds. Reshape and With list *ValueError,
// Bind *ConditionError; Change says ErrNotChangeable. No error holds an answer.
//
// # Design
//
// Refused: a builder that remembers, for a handle must be safe in a package
// variable. Refused: copying a group's condition into its questions, for a
// nested one then leaks to its siblings. Refused: expressions as strings in Go
// code; those that XLSForm brings are Foreign, and their Evaluator is passed
// in, never registered. Refused: answers in a map, six times slower to score.
// Refused: a tap that takes an option back, for people tap twice; and taking
// "no" after "did you mean" for an answer. Refused: dropping at once what a
// changed answer puts beyond a StopUnless: Back restores it, Answers omits it.
// Refused: holding a Must against a person that no answer could satisfy.
// Refused: a roster cut at AtMost in silence: New demands a count within it.
package registration
