package registration

import (
	"iter"
	"slices"

	"github.com/hubkit/hubkit"
)

// Part is a question or a group of them; the set is closed: handles, and what
// the functions below return. Groups stay a tree: a condition is never copied
// down into questions.
type Part interface{ part() branch }

// what a branch does.
const (
	doAsk       = "ask"
	doGroup     = "group" // Parts with nothing in common
	doWhen      = "when"
	doOptional  = "optional"
	doUnknown   = "or_unknown"
	doRefuse    = "or_refuse"
	doSection   = "section"
	doStep      = "step"
	doRepeat    = "repeat"
	doStop      = "stop_unless"
	doMust      = "must"
	doAttempts  = "attempts"
	doHint      = "hint"
	doBrief     = "brief"
	doSpoken    = "spoken"
	doRecording = "recording"
	doSummary   = "summary"
)

// branch is one node of the tree, as data and as JSON.
type branch struct {
	Do       string      `json:"do"`
	Key      string      `json:"key,omitempty"`
	Question *Question   `json:"question,omitempty"`
	Text     hubkit.Text `json:"text,omitempty"`
	If       *Condition  `json:"if,omitempty"`
	Count    *Number     `json:"count,omitempty"`
	Most     int         `json:"most,omitempty"`
	Then     Exhausted   `json:"then,omitempty"`
	Parts    []branch    `json:"parts,omitempty"`
}

func (b branch) part() branch { return b }

// fields says which fields each kind of branch has.
var fields = map[string][]string{
	doAsk: {"question"}, doGroup: {"parts"}, doWhen: {"if", "parts"}, doOptional: {"parts"}, doUnknown: {"parts"}, doRefuse: {"parts"},
	doSection: {"text", "parts"}, doStep: {"key", "parts"}, doRepeat: {"key", "text", "question", "count", "most", "parts"},
	doStop: {"key", "text", "if"}, doMust: {"text", "if", "parts"}, doAttempts: {"most", "then", "parts"},
	doHint: {"text", "parts"}, doBrief: {"text", "parts"}, doSpoken: {"text", "parts"}, doRecording: {"text", "parts"},
	doSummary: {"key", "text"},
}

// stray lists the fields that are set and mean nothing here.
func (b branch) stray() []string {
	var out []string
	for _, f := range [...]struct {
		name string
		set  bool
	}{
		{"key", b.Key != ""},
		{"question", b.Question != nil},
		{"text", len(b.Text) > 0},
		{"if", b.If != nil},
		{"count", b.Count != nil},
		{"most", b.Most != 0},
		{"then", b.Then != ""},
		{"parts", len(b.Parts) > 0},
	} {
		if f.set && !slices.Contains(fields[b.Do], f.name) {
			out = append(out, f.name)
		}
	}
	return out
}

func branches(ps []Part) []branch {
	out := make([]branch, 0, len(ps))
	for _, p := range ps {
		if p == nil { // New reports it
			out = append(out, branch{})
			continue
		}
		out = append(out, p.part())
	}
	return out
}

// Parts makes a list of parts, for Spec.
func Parts(ps ...Part) []Part { return ps }

// Group puts parts together without any other meaning, to keep them in a variable.
func Group(ps ...Part) Part { return branch{Do: doGroup, Parts: branches(ps)} }

// When asks its parts only if c is Yes. Otherwise they are NotAsked.
func When(c Condition, ps ...Part) Part { return branch{Do: doWhen, If: &c, Parts: branches(ps)} }

// Optional lets the person skip its questions; a skipped answer is Missing. A
// Consent cannot be skipped.
func Optional(ps ...Part) Part { return branch{Do: doOptional, Parts: branches(ps)} }

// OrUnknown offers "I don't know" with its questions.
func OrUnknown(ps ...Part) Part { return branch{Do: doUnknown, Parts: branches(ps)} }

// OrRefuse offers "I prefer not to say" with its questions.
func OrRefuse(ps ...Part) Part { return branch{Do: doRefuse, Parts: branches(ps)} }

// Section announces its title with the first of its questions that is asked,
// and not at all if none is.
func Section(title hubkit.Text, ps ...Part) Part {
	return branch{Do: doSection, Text: title, Parts: branches(ps)}
}

// Step is a phase of a registration, such as "screening" and "assessment".
// Prompts, funnels and exports name it.
func Step(key string, ps ...Part) Part { return branch{Do: doStep, Key: key, Parts: branches(ps)} }

// StopUnless ends the interview with an outcome and a message if c is No.
// Unknown does not stop it: nobody is turned away over what they did not say.
// Answers beyond the stop, given before an earlier one was changed, are not
// among Interview.Answers any more; Back can still undo a slip.
func StopUnless(c Condition, outcome string, say hubkit.Text) Part {
	return branch{Do: doStop, If: &c, Key: outcome, Text: say}
}

// Must refuses an answer of p for which c is No, and says why; without a text
// it says that the answer does not agree with an earlier one. The condition reads the
// answer itself and any before it; where no answer could satisfy it, as when it
// compares with a question that was not asked, it refuses nothing. An answer that breaks it after an
// earlier one was changed is asked for again.
func Must(c Condition, say hubkit.Text, p Part) Part {
	return branch{Do: doMust, If: &c, Text: say, Parts: branches([]Part{p})}
}

// Exhausted is what happens when the attempts at a question are used up.
type Exhausted string

// What may happen when the attempts are used up.
const (
	CallPerson Exhausted = "person" // the default: Heard.Outcome is NeedsPerson and the question stays open
	SkipIt     Exhausted = "skip"   // the answer is Missing and the interview goes on; a Consent calls a person instead
	EndIt      Exhausted = "end"    // the interview ends with the outcome "exhausted"
)

// Attempts says how many replies that are not understood its questions bear,
// and what then. Defaults to Spec.Attempts, and that to 3 and CallPerson.
func Attempts(most int, then Exhausted, ps ...Part) Part {
	return branch{Do: doAttempts, Most: most, Then: then, Parts: branches(ps)}
}

// Hint explains a question below it, such as what counts as income.
func Hint(say hubkit.Text, p Part) Part { return beside(doHint, say, p) }

// Brief names a question in few words, for the summary and for agents: "Household size".
func Brief(name hubkit.Text, p Part) Part { return beside(doBrief, name, p) }

// Spoken is what a voice says instead of the question's text, on a call.
func Spoken(say hubkit.Text, p Part) Part { return beside(doSpoken, say, p) }

// Recording is the address of a recording, per language, played on a call instead of a voice.
func Recording(url hubkit.Text, p Part) Part { return beside(doRecording, url, p) }

func beside(do string, t hubkit.Text, p Part) Part {
	return branch{Do: do, Text: t, Parts: branches([]Part{p})}
}

// Summary reads the answers back before they are submitted, and lets the
// person change any of them. intro is said above; it may be empty.
func Summary(intro hubkit.Text) Part { return branch{Do: doSummary, Key: "summary", Text: intro} }

// RosterPart is the handle of a roster: its members are asked one after
// another, and conditions and cards look at them through it.
type RosterPart struct {
	key string
	b   branch
}

// Repeat asks its parts of each member of a roster. title is said above each
// question of a member, with {n} the member's number: "Person {n}". Say how
// many there are with Times, or let the person say when to end with UntilNo.
func Repeat(key string, title hubkit.Text, ps ...Part) RosterPart {
	return RosterPart{key: key, b: branch{Do: doRepeat, Key: key, Text: title, Most: 30, Parts: branches(ps)}}
}

func (r RosterPart) part() branch { return r.b }

// Times sets how many members there are: the answer to a whole-number question,
// whose range must not go beyond AtMost.
func (r RosterPart) Times(q IntegerQuestion) RosterPart {
	n := q.Value()
	r.b.Count = &n
	return r
}

// Exactly sets how many members there are by any number, such as
// size.Value().Minus(Constant(1)); part of a member does not count. A number
// that is not known asks of nobody.
func (r RosterPart) Exactly(n Number) RosterPart {
	r.b.Count = &n
	return r
}

// UntilNo asks after each member whether there is another one, until AtMost is
// reached. There is always a first member: put a When around the roster if
// there may be none.
func (r RosterPart) UntilNo(another YesNoQuestion) RosterPart {
	r.b.Question = &another.Question
	return r
}

// AtMost bounds the number of members, from 1 to 200. Defaults to 30.
func (r RosterPart) AtMost(members int) RosterPart { r.b.Most = members; return r }

func (r RosterPart) over(op string, arg *expr) *expr {
	return &expr{Op: op, Key: r.key, Args: []*expr{arg}}
}

// Any is Yes if the condition is for at least one member.
func (r RosterPart) Any(each Condition) Condition {
	return Condition{r.over("any_member", each.tree())}
}

// Every is Yes if the condition is for each member, and so for a roster of none.
func (r RosterPart) Every(each Condition) Condition {
	return Condition{r.over("every_member", each.tree())}
}

// Count is how many members the condition holds for.
func (r RosterPart) Count(each Condition) Number { return Number{r.over("count", each.tree())} }

// Sum adds a number up over the members.
func (r RosterPart) Sum(each Number) Number { return Number{r.over("sum", each.tree())} }

// Smallest is the smallest of a number over the members; absent for a roster of none.
func (r RosterPart) Smallest(each Number) Number { return Number{r.over("smallest", each.tree())} }

// Largest is the largest of a number over the members; absent for a roster of none.
func (r RosterPart) Largest(each Number) Number { return Number{r.over("largest", each.tree())} }

// Size is how many members there are.
func (r RosterPart) Size() Number { return Number{&expr{Op: "members", Key: r.key}} }

// From yields the members; each one's Get falls back to the household.
func (r RosterPart) From(a Answers) iter.Seq[Answers] { return a.Members(r.key) }
