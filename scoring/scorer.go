package scoring

import (
	"encoding/hex"

	"github.com/hubkit/hubkit/registration"
)

// Scorer says what answers mean. It is pure: no clock, no I/O, the same answers
// always give the same score. Safe for concurrent use.
type Scorer interface {
	// Score scores answers. An error says why there is no score; it never holds an
	// answer.
	Score(a registration.Answers) (Score, error)
}

// Func is a Scorer made of a function, for rules that no Card can say. The
// function must be pure and safe for concurrent use.
type Func func(a registration.Answers) (Score, error)

// Score calls the function.
func (f Func) Score(a registration.Answers) (Score, error) { return f(a) }

// Score is what answers are worth, with a reason for every point. It holds no
// answer and nothing about who gave them.
type Score struct {
	Card string   // the card's id and version: "ua-2024@3"
	Hash [32]byte // of the card's content: the same points from the same answers

	// Points is what is certain, together with what the card declares for
	// answers that are not known. The true points lie in [Lo, Hi], whatever the
	// unknown answers are; without unknown answers all three are one number.
	Points, Lo, Hi float64

	Band string // the band that Points lies in; "" on a card without bands

	// Eligible is Yes when every rule of the card is met, No when one is not, and
	// Unknown when that hangs on an unknown answer. Yes on a card without rules.
	Eligible registration.Truth

	// Reasons has one entry for each criterion, then for each group, then for each
	// rule, in the order of the card; their Points and the card's Start add up to
	// Points.
	Reasons []Reason
}

// Reason is what one line of the card gave. It holds no pointer, so that
// millions of them cost the garbage collector nothing. Card.Explain puts it
// into words.
type Reason struct {
	// Criterion is the line: an index into the card's criteria; its groups and
	// then its rules go on from there.
	Criterion int32
	// Truth is Yes for what counted, No for what did not, Unknown for what the
	// answers leave open. For a rule it says whether the rule is met.
	Truth registration.Truth
	// Points it gave. For a group: what its cap or its choice among its criteria
	// takes away or adds.
	Points float64
	// Lo and Hi bound the points that it may give. For a group: the points of the
	// whole group.
	Lo, Hi float64
}

// Known says whether the answers leave only one score.
func (s Score) Known() bool { return s.Lo == s.Hi && s.Eligible != registration.Unknown }

// CanChange says whether the answers that are not known can change the
// decision: put the household into another band of the card, or change whether
// it is eligible.
func (s Score) CanChange(c *Card) bool {
	return s.Eligible == registration.Unknown || c.band(s.Lo) != c.band(s.Hi)
}

// HashString is Hash in hexadecimal.
func (s Score) HashString() string { return hex.EncodeToString(s.Hash[:]) }
