// Package scoringtest lets a researcher test a scoring rule like any other Go
// code, with go test and nothing else.
//
//	func TestOlderPeopleScoreHigher(t *testing.T) {
//		scoringtest.Golden(t, card, "testdata/households.csv")
//		scoringtest.NeverFalls(t, card, alone, age, 30, 60, 90) // older, never less
//		scoringtest.Ignores(t, card, alone, "language")         // must not matter
//	}
//
// # Laws
//
// A [Law] is what must be true of every household. The functions above check
// one household; ForAll checks thousands, which a [Generator] makes by
// interviewing at random, so that skip logic, ranges and filters are respected:
//
//	scoringtest.ForAll(t, scoringtest.Generator{Form: form}, 1000,
//		scoringtest.Pure(card), scoringtest.MemberOrder(card), scoringtest.Interval(card),
//		scoringtest.Monotone(card, age, 30, 60, 90), scoringtest.Blind(card, "language"))
//
// A household that breaks a law is made as small as it can be before it is
// shown: answers that do not matter are taken away.
//
// # Tables
//
// A table of households is a CSV file with one line each. Columns are named
// after questions, members.1.age for a member's; columns that begin with = hold
// what is expected: =points, =lo, =hi, =band, =eligible, =error. See [Golden].
//
// # Errors
//
// Laws return an error that names what differs. [ReadTable] gives a *TableError
// with the line and the column.
//
// # Design
//
// The kit uses the standard library alone, so that it can be used beside any
// assertion package. Refused: a registration of laws by name; a list in ForAll is
// read by whoever reads the test.
package scoringtest
