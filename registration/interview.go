package registration

import (
	"errors"
	"fmt"
	"slices"

	"github.com/hubkit/hubkit"
)

// Outcomes of an interview, beside those of its StopUnless parts.
const (
	OutcomeComplete  = "complete"  // every question was asked and the summary sent
	OutcomeExhausted = "exhausted" // ended by EndIt after too many replies that were not understood
)

// mode is what an interview is doing.
type mode uint8

const (
	asksQuestion mode = iota
	asksWhich         // which answer is to be changed
	hasEnded          // at a stop, after the last step, or exhausted
)

// Interview asks a questionnaire of one person, one question at a time. It is
// a pure state machine: no I/O, no clock, no goroutine. Not safe for
// concurrent use; the state that AppendState writes is.
type Interview struct {
	q    *Questionnaire
	lang int
	vals []Value

	at, row   int // where it stands: a step, and a member or -1
	tries     int
	guess     int    // 1 + the option that "did you mean" offered
	picked    uint64 // options tapped so far
	mode      mode
	rewalk    bool // it went elsewhere, or the language changed: look again from the start
	exhausted bool // hasEnded by EndIt, where it stands
	reopened  bool // it ended, and only what was deferred is asked

	cannot func(Ability) bool // what cannot be answered here; not part of the state

	notes []string // said once, with the next prompt
}

// Begin starts an interview in a language of the questionnaire; "" lets a
// Language question ask for it, and speaks the first language until then.
//
// The section titles and notes that stand before the first question come with
// the first Prompt: call it before the interview is stored.
func (q *Questionnaire) Begin(l hubkit.Lang) *Interview {
	iv := &Interview{q: q, vals: make([]Value, q.shape.Len()), row: -1}
	if i := slices.Index(q.langs, l); i >= 0 {
		iv.speakIn(i)
	}
	iv.settle(0, -1)
	return iv
}

// speakIn goes on in a language, which answers the question for it.
func (iv *Interview) speakIn(lang int) {
	iv.lang = lang
	if a := iv.q.language; a != nil && iv.vals[a.slot].state != NotAsked {
		iv.vals[a.slot] = Value{state: Answered, kind: KindOne, n: int64(lang), s: string(iv.q.langs[lang])}
	}
}

// Questionnaire returns what is being asked.
func (iv *Interview) Questionnaire() *Questionnaire { return iv.q }

// Lang returns the language the interview speaks.
func (iv *Interview) Lang() hubkit.Lang { return iv.q.langs[iv.lang] }

// SetLang goes on in another language, at any point; false if the questionnaire
// lacks it. While the interview goes on, it also answers a Language question.
func (iv *Interview) SetLang(l hubkit.Lang) bool {
	i := slices.Index(iv.q.langs, l)
	if i < 0 {
		return false
	}
	iv.guess, iv.notes = 0, nil
	if iv.over() {
		iv.lang = i
		return true
	}
	iv.speakIn(i)
	iv.rewalk = true
	switch a := iv.q.language; {
	case a != nil && iv.mode == asksQuestion && iv.at == a.at:
		iv.goOn()
	case iv.mode == asksQuestion && iv.q.steps[iv.at].do == stepSummary:
		iv.goOn()
	}
	return true
}

// over says whether the interview stands where it has ended.
func (iv *Interview) over() bool {
	return iv.exhausted || iv.at >= len(iv.q.steps) || iv.q.steps[iv.at].do == stepStop
}

// Answers returns a copy of the answers so far. What lies beyond a StopUnless
// that ended the interview is missing, even if it was answered before.
func (iv *Interview) Answers() Answers {
	a := Answers{shape: iv.q.shape, vals: clone(iv.vals)}
	if iv.mode != hasEnded || iv.exhausted || iv.at >= len(iv.q.steps) {
		return a
	}
	st := &iv.q.steps[iv.at]
	from := st.slots
	if r := st.inside; r != nil {
		m := a.vals[r.slot].more
		clear(m.rows[iv.row][st.slots:])
		for _, later := range m.rows[iv.row+1:] {
			clear(later)
		}
		if r.another != nil { // nobody was said to follow
			m.rows = m.rows[:iv.row+1]
		}
		from = r.slot + 1
	}
	clear(a.vals[from:])
	return a
}

// Outcome returns how the interview ended: OutcomeComplete, OutcomeExhausted,
// an outcome of a StopUnless, or "" while it goes on.
func (iv *Interview) Outcome() string {
	switch {
	case iv.mode != hasEnded:
		return ""
	case iv.exhausted:
		return OutcomeExhausted
	case iv.at < len(iv.q.steps):
		return iv.q.steps[iv.at].key
	}
	return OutcomeComplete
}

// rowOf returns a member's answers, or nil outside a roster.
func (iv *Interview) rowOf(r *roster, row int) []Value {
	if r == nil || row < 0 {
		return nil
	}
	return iv.vals[r.slot].more.rows[row]
}

// value is where the answer to a is kept; row is the member where the interview stands.
func (iv *Interview) value(a *asking, row int) *Value {
	if a.roster == nil {
		return &iv.vals[a.slot]
	}
	if v := &iv.vals[a.roster.slot]; row >= 0 && v.state == Answered && row < len(v.more.rows) {
		return &v.more.rows[row][a.slot]
	}
	return &Value{}
}

// ErrNotChangeable says that there is no answer to change under this key: it
// is unknown, was not asked yet, or lies beyond where the interview ended.
var ErrNotChangeable = errors.New("registration: this answer cannot be changed")

// Change goes back to a question that was asked, to answer it anew. member is
// its 0-based number in a roster, -1 outside. The other answers stay, unless
// the new one makes them unnecessary or impossible.
func (iv *Interview) Change(key string, member int) error {
	if iv.reopened {
		return fmt.Errorf("%w: only what was left open is asked", ErrNotChangeable)
	}
	a, ok := iv.q.byKey[key]
	if !ok {
		return fmt.Errorf("%w: %w: %q", ErrNotChangeable, ErrUnknownKey, key)
	}
	was := false
	iv.asked(func(i, row int) bool {
		was = i == a.at && row == member && isSettled(iv.value(a, row))
		return !was
	})
	if !was {
		return fmt.Errorf("%w: %q", ErrNotChangeable, key)
	}
	iv.jump(a.at, member)
	return nil
}

// Back goes to the question asked before this one; false if there is none.
func (iv *Interview) Back() bool {
	if iv.reopened {
		return false
	}
	if iv.mode == asksWhich {
		iv.keep()
		return true
	}
	at, row := -1, -1
	iv.asked(func(i, r int) bool {
		if i == iv.at && r == iv.row {
			return false
		}
		at, row = i, r
		return true
	})
	if at < 0 {
		return false
	}
	iv.jump(at, row)
	return true
}

// asked visits, in order, the questions that were asked, and the one that is.
func (iv *Interview) asked(visit func(i, row int) bool) {
	row := -1
	for i := 0; i < len(iv.q.steps); {
		st := &iv.q.steps[i]
		switch st.do {
		case stepAsk:
			here := i == iv.at && row == iv.row
			v := iv.value(st.ask, row)
			if (here || isSettled(v) && v.kind != deferred) && !visit(i, row) {
				return
			}
		case stepWhen:
			if st.test.x.eval(iv.vals, iv.rowOf(st.inside, row)) != Yes {
				i = st.end
				continue
			}
		case stepRepeat:
			if v := &iv.vals[st.roster.slot]; v.state != Answered || len(v.more.rows) == 0 {
				i = st.end
				continue
			}
			row = 0
		case stepNext:
			if row+1 < len(iv.vals[st.roster.slot].more.rows) {
				i, row = st.roster.body, row+1
				continue
			}
			row = -1
		case stepStop, stepSummary:
			if i == iv.at {
				return
			}
		}
		i++
	}
}

func (iv *Interview) jump(at, row int) {
	iv.at, iv.row = at, row
	iv.tries, iv.guess, iv.picked, iv.mode = 0, 0, 0, asksQuestion
	iv.exhausted, iv.rewalk, iv.notes = false, true, nil
}

// keep leaves the list of answers that can be changed, changing none.
func (iv *Interview) keep() {
	iv.tries, iv.mode = 0, asksQuestion
	switch {
	case iv.over():
		iv.mode = hasEnded
	case iv.rewalk && iv.q.steps[iv.at].do == stepSummary:
		iv.goOn()
	}
}
