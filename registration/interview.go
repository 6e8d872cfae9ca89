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
	jumped    bool // Back or Change went to an earlier question
	exhausted bool

	notes []string // said once, with the next prompt
}

// Begin starts an interview in a language of the questionnaire; "" lets a
// Language question ask for it, and speaks the first language until then.
func (q *Questionnaire) Begin(l hubkit.Lang) *Interview {
	iv := &Interview{q: q, vals: make([]Value, q.shape.Len()), row: -1}
	if i := slices.Index(q.langs, l); i >= 0 {
		iv.lang = i
		for _, a := range q.askings {
			if a.q.Form == FormLanguage {
				iv.vals[a.slot] = Value{state: Answered, kind: KindOne, n: int64(i), s: string(l)}
			}
		}
	}
	iv.settle(0, -1)
	return iv
}

// Questionnaire returns what is being asked.
func (iv *Interview) Questionnaire() *Questionnaire { return iv.q }

// Lang returns the language the interview speaks.
func (iv *Interview) Lang() hubkit.Lang { return iv.q.langs[iv.lang] }

// SetLang goes on in another language; false if the questionnaire lacks it.
func (iv *Interview) SetLang(l hubkit.Lang) bool {
	i := slices.Index(iv.q.langs, l)
	if i < 0 {
		return false
	}
	iv.lang = i
	for _, a := range iv.q.askings {
		if a.q.Form == FormLanguage && iv.vals[a.slot].state == Answered {
			iv.vals[a.slot] = Value{state: Answered, kind: KindOne, n: int64(i), s: string(l)}
		}
	}
	return true
}

// Answers returns a copy of the answers so far.
func (iv *Interview) Answers() Answers {
	return Answers{shape: iv.q.shape, vals: clone(iv.vals)}
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

// isSettled says whether a question needs no asking any more.
func isSettled(v *Value) bool {
	switch v.state {
	case Answered, DontKnow, Refused:
		return true
	}
	return v.state == Missing && v.kind == skipped
}

// settle walks forward from step i to the first question that must be asked,
// and stands there. What conditions make unnecessary becomes NotAsked.
func (iv *Interview) settle(i, row int) {
	iv.tries, iv.guess, iv.picked, iv.mode = 0, 0, 0, asksQuestion
	for i < len(iv.q.steps) {
		st := &iv.q.steps[i]
		switch st.do {
		case stepAsk:
			v := iv.value(st.ask, row)
			if !isSettled(v) || !iv.holds(st.ask, v, row) {
				*v = Value{}
				iv.at, iv.row = i, row
				return
			}
			i++
		case stepNote:
			if v := iv.value(st.ask, row); !isSettled(v) {
				*v = Value{kind: skipped}
				text, _ := st.ask.text.in(iv.q, iv.lang, iv.args(st.ask.text, row))
				iv.notes = append(iv.notes, text)
			}
			i++
		case stepCalculate:
			iv.calculate(st.ask, row)
			i++
		case stepWhen:
			if st.test.x.eval(iv.vals, iv.rowOf(st.inside, row)) == Yes {
				i++
				continue
			}
			iv.clear(st, row)
			i = st.end
		case stepHeading:
			if !iv.jumped && iv.reaches(i, row) {
				text, _ := st.say.in(iv.q, iv.lang, iv.args(st.say, row))
				iv.notes = append(iv.notes, text)
			}
			i++
		case stepRepeat:
			if iv.enrol(st.roster) == 0 {
				i = st.end
				continue
			}
			i, row = i+1, 0
		case stepNext:
			if iv.another(st.roster, row) {
				i, row = st.roster.body, row+1
				continue
			}
			i, row = i+1, -1
		case stepStop:
			if st.test.x.eval(iv.vals, iv.rowOf(st.inside, row)) == No {
				iv.at, iv.row, iv.mode = i, row, hasEnded
				return
			}
			i++
		case stepSummary:
			iv.at, iv.row = i, row
			return
		}
	}
	iv.at, iv.row, iv.mode = i, -1, hasEnded
}

// reaches says whether a question of the section at step i will be asked or
// was: an empty section is not announced.
func (iv *Interview) reaches(i, row int) bool {
	for j := i + 1; j < iv.q.steps[i].end; {
		st := &iv.q.steps[j]
		switch st.do {
		case stepAsk, stepNote:
			return true
		case stepRepeat:
			if n := st.roster.number(iv.vals); n > 0 || st.roster.another != nil {
				return true
			}
			j = st.end
			continue
		case stepWhen:
			if st.test.x.eval(iv.vals, iv.rowOf(st.inside, row)) != Yes {
				j = st.end
				continue
			}
		}
		j++
	}
	return false
}

// holds says whether an answer that was given is still allowed, after others changed.
func (iv *Interview) holds(a *asking, v *Value, row int) bool {
	if v.state != Answered {
		return true
	}
	if a.filters != nil {
		switch a.kind {
		case KindOne:
			if !iv.offered(a, int(v.n), row) {
				return false
			}
		case KindMany:
			for i := range a.own {
				if v.n&(1<<i) != 0 && !iv.offered(a, i, row) {
					return false
				}
			}
		}
	}
	return iv.broken(a, row) == nil
}

// broken returns the first constraint that the present answer breaks.
func (iv *Interview) broken(a *asking, row int) *must {
	for i := range a.must {
		if a.must[i].test.x.eval(iv.vals, iv.rowOf(a.roster, row)) == No {
			return &a.must[i]
		}
	}
	return nil
}

// offered says whether option i is on the list that its filter leaves.
func (iv *Interview) offered(a *asking, i, row int) bool {
	if a.filters == nil || i >= len(a.filters) || a.filters[i].x == nil {
		return true
	}
	return a.filters[i].x.eval(iv.vals, iv.rowOf(a.roster, row)) == Yes
}

// clear marks what a condition skips.
func (iv *Interview) clear(st *step, row int) {
	vals := iv.vals
	if st.inside != nil {
		vals = iv.rowOf(st.inside, row)
	}
	for _, slot := range st.clear {
		vals[slot] = Value{state: NotAsked}
	}
}

func (iv *Interview) calculate(a *asking, row int) {
	v := iv.value(a, row)
	am := a.compute.x.amount(iv.vals, iv.rowOf(a.roster, row))
	f, ok := am.Known()
	switch {
	case am.Absent:
		*v = Value{state: NotAsked}
	case !ok:
		*v = Value{kind: skipped}
	default:
		if old, had := v.Float(); !had || old != f {
			*v = DecimalValue(f)
		}
	}
}

// number returns how many members a counted roster has, -1 if that is unknown.
func (r *roster) number(vals []Value) int {
	if r.count.x == nil {
		return -1
	}
	am := r.count.x.amount(vals, nil)
	f, ok := am.Known()
	if !ok {
		return -1
	}
	return min(max(int(f), 0), r.most)
}

// enrol makes the roster as long as it must be and returns its length.
func (iv *Interview) enrol(r *roster) int {
	v := &iv.vals[r.slot]
	n := r.number(iv.vals)
	if r.another != nil {
		n = 1
		if v.state == Answered {
			n = max(len(v.more.rows), 1)
		}
	}
	if n < 0 {
		*v = Value{kind: skipped}
		return 0
	}
	var rows [][]Value
	if v.state == Answered {
		rows = v.more.rows
	}
	if v.state != Answered || len(rows) != n {
		*v = Value{state: Answered, kind: KindRows, more: &more{shape: r.shape, rows: resize(rows, n, r.shape.Len())}}
	}
	return n
}

// resize makes n rows, keeping those there are.
func resize(rows [][]Value, n, width int) [][]Value {
	if n <= len(rows) {
		return slices.Clone(rows[:n])
	}
	out := make([][]Value, n)
	copy(out, rows)
	arena := make([]Value, (n-len(rows))*width)
	for i := len(rows); i < n; i++ {
		out[i], arena = arena[:width:width], arena[width:]
	}
	return out
}

// another says whether there is a member after row, adding one if the person said so.
func (iv *Interview) another(r *roster, row int) bool {
	v := &iv.vals[r.slot]
	if r.another == nil {
		return row+1 < len(v.more.rows)
	}
	yes, _ := v.more.rows[row][r.another.slot].Bool()
	switch {
	case !yes || row+1 >= r.most:
		if len(v.more.rows) > row+1 {
			v.more = &more{shape: r.shape, rows: resize(v.more.rows, row+1, r.shape.Len())}
		}
		return false
	case row+1 == len(v.more.rows):
		v.more = &more{shape: r.shape, rows: resize(v.more.rows, row+2, r.shape.Len())}
	}
	return true
}

// ErrNotChangeable says that there is no answer to change under this key: it
// is unknown, or was not asked yet.
var ErrNotChangeable = errors.New("registration: this answer cannot be changed")

// Change goes back to a question that was asked, to answer it anew. member is
// its 0-based number in a roster, -1 outside. The other answers stay, unless
// the new one makes them unnecessary or impossible.
func (iv *Interview) Change(key string, member int) error {
	a, ok := iv.q.byKey[key]
	if !ok {
		return fmt.Errorf("%w: %w: %q", ErrNotChangeable, ErrUnknownKey, key)
	}
	if a.q.Form == FormNote || a.q.Form == FormCalculated || (a.roster == nil) != (member < 0) || !isSettled(iv.value(a, member)) {
		return fmt.Errorf("%w: %q", ErrNotChangeable, key)
	}
	iv.jump(a.at, member)
	return nil
}

// Back goes to the question asked before this one; false if there is none.
func (iv *Interview) Back() bool {
	if iv.mode == asksWhich {
		iv.mode = asksQuestion
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
			if (here || isSettled(iv.value(st.ask, row))) && !visit(i, row) {
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
	iv.exhausted, iv.jumped, iv.notes = false, true, nil
}
