// Package reference is a whole cash registration for the examples to share: its
// texts in English, Ukrainian and Russian, its questions, and an illustrative card.
//
//	iv := reference.Form.Begin("uk")
//	// … until iv.Prompt().Done
//	score, err := reference.Card.Score(iv.Answers())
//
// # Ideas
//
// Step "screening" asks for the language, for consent, and whether this is the
// right place; step "assessment" asks about the household and its members. One
// person answers for all of them, and is addressed as "you" where they are meant.
//
// Least first: no names, no diagnoses, no place below the region. Whatever may
// hurt has a way out that is always shown, and neither "I prefer not to say" nor
// "I don't know" ends the interview or lowers the score: the card then says what
// is open. Without consent nothing more is asked. A person under 18 is not asked
// about the family: the outcome "under_18" is for staff, who answer in person.
//
// Regions are the 27 units that the United Nations' common operational datasets
// list for Ukraine, Crimea and Sevastopol among them, under their place codes
// and in the order of the Ukrainian alphabet: a person says where they live, and
// nothing follows from it here. The region can be kept back, too, since naming
// it may endanger who lives there.
//
// Disability is asked by the Washington Group Short Set on Functioning: its six
// questions and four levels, without the word "disability". They are for ages
// from five years (the Group's Child Functioning Module is for children from two
// to 17 and would replace them in a programme for children). All six are asked
// of each member: one screening question in their place would miss people, and
// the Group advises against it. What makes them bearable is that each is one tap,
// has two ways out, and that there is nothing else to ask of most members. The
// wording is the published one in English; Ukrainian and Russian follow the terms
// that surveys in Ukraine use, and a programme should put the Group's own
// translations in their place.
//
// # Design
//
// The card is illustrative: made-up weights, income lines and bands, nobody's
// policy. It shows that a person who cares alone for people at risk scores
// higher, and how a reason reads. Refused: a real agency's card, which would be
// taken for advice.
//
// Income is asked as one sum, not source by source: a chat is no budget survey.
// The age of a person who lives alone must be that of an adult, as they said they
// are, and nobody left home before 2014. In a larger household a condition cannot
// tell person 1 from the others, so an agent compares the two answers.
// Pregnancy is asked from 15 to 49 years: refused for girls under 15, to whom
// it is not a question for a form.
package reference
