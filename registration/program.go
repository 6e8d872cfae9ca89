package registration

import (
	"regexp"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// stepDo is what one step of a compiled questionnaire does.
type stepDo uint8

const (
	stepAsk stepDo = iota
	stepNote
	stepCalculate
	stepWhen    // go to end unless the test is Yes
	stepHeading // a section's title; end is where the section ends
	stepRepeat  // begin the members of a roster; end is after its stepNext
	stepNext    // the next member, or on
	stepStop    // end the interview if the test is No
	stepSummary
)

// step is one instruction. A questionnaire is a list of them, walked forward.
type step struct {
	do     stepDo
	end    int // the step to go to
	ask    *asking
	test   Test
	say    *speech
	key    string // outcome of a stop
	roster *roster
	inside *roster // the roster this step is in, or nil
	clear  []int   // slots that become NotAsked when a stepWhen is not Yes
	slots  int     // of a stepStop: how many slots of its scope stand before it
}

// asking is a question in its place.
type asking struct {
	q      Question
	kind   Kind
	step   string
	roster *roster // whose members are asked, or nil
	slot   int
	at     int // its step

	text, hint, brief, spoken, recording *speech
	briefText, hintText                  hubkit.Text

	optional, unknown, refuse bool
	attempts                  int
	exhausted                 Exhausted
	must                      []must

	own      int      // how many options are the question's own; ways out follow
	certain  bool     // nothing can make it NotAsked
	keys     []string // of the question's own options, as in its slot
	least    int      // of Choices: fewest options; of words: fewest characters
	most     int
	types    []string         // of files: media types, in lower case
	outs     []out            // the ways out, in order
	options  [][]PromptOption // by language, ways out included
	ids      map[string]int   // option id → index
	filters  []Test           // by option, nil if none has a condition
	expect   *reply.Expect
	alone    uint64 // options that exclude others
	pattern  *regexp.Regexp
	checkers []Checker
	ability  Ability
	compute  Quantity
}

// out is a way out of a question.
type out uint8

const (
	outUnknown out = iota
	outRefuse
	outSkip
	outDone // of a question with several options, tapped one by one
)

var outNames = [...]string{"unknown", "refuse", "skip", "done"}

// must is a constraint on an answer.
type must struct {
	test Test
	say  *speech
}

// roster is a Repeat in its place.
type roster struct {
	key     string
	slot    int
	shape   *Shape
	count   Quantity // if counted
	another *asking  // if the person says when to end
	certain bool     // nothing can make it NotAsked
	most    int
	title   *speech
	body    int // first step inside
}

// open says that the answer is typed and options are only ways out.
func (a *asking) open() bool {
	switch a.q.Form {
	case FormYesNo, FormChoice, FormChoices, FormConsent, FormLanguage:
		return false
	}
	return true
}
