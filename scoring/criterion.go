package scoring

import (
	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// Criterion is one line of a card: a condition that gives points, or a number
// that gives points per unit. It is data; write it with Add and Per.
type Criterion struct {
	ID     string                 `json:"id"`
	Points float64                `json:"points"` // once, or for each unit of Per
	If     registration.Condition `json:"if,omitzero"`
	Per    *registration.Number   `json:"per,omitempty"`
	// Curve transforms the number before it is multiplied. Defaults to none.
	Curve Curve `json:"curve,omitempty"`
	// Least and Most bound the points that it gives. Defaults to no bound.
	Least *float64 `json:"least,omitempty"`
	Most  *float64 `json:"most,omitempty"` // see Least
	// Group that it counts in; "" for the card itself.
	Group string `json:"group,omitempty"`
	// Unknown says what it is worth while an answer is not known. Defaults to Bounds.
	Unknown Policy `json:"missing,omitzero"`
	// Says is the reason in the words of the person: it may use {points}, and
	// {least} and {most}, between which the points lie while they are not known.
	Says hubkit.Text `json:"because,omitempty"`
	// Source is where the rule is published: "UNHCR 2024-01, page 2".
	Source string `json:"source,omitempty"`
	// Only are the roles that may see the reason. Defaults to everybody.
	Only []string `json:"only,omitempty"`
}

// Curve is a transformation of a number, as the linear terms of a proxy means
// test use it.
type Curve string

// The curves.
const (
	Straight Curve = ""      // the number itself
	Log      Curve = "log"   // the natural logarithm; the number must be above zero
	Log1p    Curve = "log1p" // the natural logarithm of one more than the number, which must be above -1
	Sqrt     Curve = "sqrt"  // the square root; the number must not be negative
)

// Criteria makes a list of criteria, for CardSpec.
func Criteria(cs ...Criterion) []Criterion { return cs }

// Add gives points if a condition is Yes.
//
//	scoring.Add(3, "older_member", members.Any(age.AtLeast(60)))
func Add(points float64, id string, c registration.Condition) Criterion {
	return Criterion{ID: id, Points: points, If: c}
}

// Per gives points for each unit of a number: for each small child, or for each
// unit of a linear term.
//
//	scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6)
func Per(points float64, id string, n registration.Number) Criterion {
	return Criterion{ID: id, Points: points, Per: &n}
}

// Because gives the reason in the words of the person, in every language.
func (c Criterion) Because(say hubkit.Text) Criterion { c.Says = say; return c }

// Missing says what the criterion is worth while an answer is not known.
func (c Criterion) Missing(p Policy) Criterion { c.Unknown = p; return c }

// Cap bounds the points from above.
func (c Criterion) Cap(most float64) Criterion { c.Most = &most; return c }

// Floor bounds the points from below.
func (c Criterion) Floor(least float64) Criterion { c.Least = &least; return c }

// In puts the criterion into a group of the card.
func (c Criterion) In(group string) Criterion { c.Group = group; return c }

// When counts a number only if a condition is Yes.
func (c Criterion) When(cond registration.Condition) Criterion { c.If = cond; return c }

// Curved transforms the number before it is multiplied.
func (c Criterion) Curved(by Curve) Criterion { c.Curve = by; return c }

// From names where the rule is published.
func (c Criterion) From(source string) Criterion { c.Source = source; return c }

// For lets only these roles see the reason: a reason about violence is not for
// everybody who may see the points.
func (c Criterion) For(roles ...string) Criterion { c.Only = roles; return c }

// Group is a set of criteria that count together.
type Group struct {
	ID string `json:"id"`
	// Hit says how the points of its criteria become one. Defaults to Sum.
	Hit Hit `json:"hit,omitempty"`
	// Least and Most bound the points of the group. Defaults to no bound.
	Least *float64    `json:"least,omitempty"`
	Most  *float64    `json:"most,omitempty"`    // see Least
	Says  hubkit.Text `json:"because,omitempty"` // why the group changes the points: it may use {points}, {least} and {most}
}

// Hit says how the points of a group's criteria become one, as the hit policy
// of a decision table does.
type Hit string

// The ways to become one.
const (
	Sum     Hit = ""        // all of them are added
	Highest Hit = "highest" // the one with the most points
	First   Hit = "first"   // the first that holds, in the order of the card
	Unique  Hit = "unique"  // the only one that holds; two that hold are an *AmbiguousError
)

// Rule is a condition of eligibility. It gives no points: a household that does
// not meet it keeps its score and is not eligible.
type Rule struct {
	ID string                 `json:"id"`
	If registration.Condition `json:"if,omitzero"`
	// Excludes turns the rule round: whoever the condition holds for is not eligible.
	Excludes bool        `json:"excludes,omitempty"`
	Says     hubkit.Text `json:"because,omitempty"` // what the rule asks for, in the words of the person
	Source   string      `json:"source,omitempty"`
	Only     []string    `json:"only,omitempty"` // the roles that may see it; defaults to everybody
}

// Require is a rule that must be met: displaced within six months.
func Require(id string, c registration.Condition) Rule { return Rule{ID: id, If: c} }

// Exclude is a rule that nobody must fall under: receives cash from another agency.
func Exclude(id string, c registration.Condition) Rule { return Rule{ID: id, If: c, Excludes: true} }

// Because gives the rule in the words of the person, in every language.
func (r Rule) Because(say hubkit.Text) Rule { r.Says = say; return r }

// From names where the rule is published.
func (r Rule) From(source string) Rule { r.Source = source; return r }

// For lets only these roles see the rule.
func (r Rule) For(roles ...string) Rule { r.Only = roles; return r }

// Check is a condition that answers of one household cannot fail together, such
// as a roster of as many members as the household has. Answers that fail it are a
// *ContradictionError and no score; what is not known fails nothing.
type Check struct {
	ID     string                 `json:"id"`
	If     registration.Condition `json:"if,omitzero"`
	Source string                 `json:"source,omitempty"`
}

// Consistent is a check.
//
//	scoring.Consistent("roster", members.Size().Compare("==", size.Value()))
func Consistent(id string, c registration.Condition) Check { return Check{ID: id, If: c} }
