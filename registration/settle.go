package registration

import "slices"

// isSettled says whether a question needs no asking any more.
func isSettled(v *Value) bool {
	switch v.state {
	case Answered, DontKnow, Refused:
		return true
	}
	return v.state == Missing && (v.kind == skipped || v.kind == deferred)
}

// settle walks forward from step i to the first question that must be asked,
// and stands there. What conditions make unnecessary becomes NotAsked.
func (iv *Interview) settle(i, row int) {
	iv.tries, iv.guess, iv.picked, iv.mode, iv.exhausted = 0, 0, 0, asksQuestion, false
	var open headings
	for i < len(iv.q.steps) {
		st := &iv.q.steps[i]
		switch st.do {
		case stepAsk:
			switch v := iv.value(st.ask, row); {
			case iv.needless(st.ask, row):
				*v = Value{state: NotAsked}
				if iv.filterWaits(st.ask, row) {
					*v = Value{kind: deferred}
				}
			case !isSettled(v) && iv.cannot != nil && iv.cannot(st.ask.ability):
				*v = Value{kind: deferred}
			case !isSettled(v) || !iv.holds(st.ask, v, row):
				open.say(iv, i, row)
				iv.objected(st.ask, v, row)
				*v = Value{}
				iv.at, iv.row = i, row
				return
			default:
				open.drop()
			}
			i++
		case stepNote:
			if v := iv.value(st.ask, row); isSettled(v) {
				open.drop()
			} else {
				open.say(iv, i, row)
				*v = Value{kind: skipped}
				iv.note(st.ask.text, row)
			}
			i++
		case stepCalculate:
			iv.calculate(st.ask, row)
			i++
		case stepWhen:
			truth := st.test.x.eval(iv.vals, iv.rowOf(st.inside, row))
			if truth == Yes {
				i++
				continue
			}
			iv.clear(st, row, truth == Unknown && iv.waits(st.test.Reads(), row))
			i = st.end
		case stepHeading:
			open.add(iv.q.steps, i)
			i++
		case stepRepeat:
			if iv.enrol(st.roster) == 0 {
				i = st.end
				continue
			}
			i, row = i+1, 0
		case stepNext:
			open.leave(st.roster.body)
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
			if iv.reopened { // it was sent before; and whoever holds the link need not see all answers
				i++
				continue
			}
			iv.at, iv.row = i, row
			return
		}
	}
	iv.at, iv.row, iv.mode = i, -1, hasEnded
}

// note puts a text among those that are said before the next prompt.
func (iv *Interview) note(s *speech, row int) {
	if text, _ := s.in(iv.q, iv.lang, iv.args(s, row)); text != "" {
		iv.notes = append(iv.notes, text)
	}
}

// objected says why an answer that was given is asked for again.
func (iv *Interview) objected(a *asking, v *Value, row int) {
	if v.state == Answered && len(a.must) > 0 {
		if m := iv.broken(a, row); m != nil {
			iv.note(m.say, row)
		}
	}
}

// headings are the sections that a walk has entered and not yet announced.
type headings struct {
	steps [maxNesting]int
	n     int
}

// add enters a section. Those that ended before it had nothing to ask.
func (h *headings) add(steps []step, i int) {
	for h.n > 0 && steps[h.steps[h.n-1]].end <= i {
		h.n--
	}
	h.steps[h.n] = i // sections lie in one another, at most maxNesting deep
	h.n++
}

// say announces the sections around step i, whose question is asked.
func (h *headings) say(iv *Interview, i, row int) {
	for _, s := range h.steps[:h.n] {
		if st := &iv.q.steps[s]; i < st.end {
			iv.note(st.say, row)
		}
	}
	h.n = 0
}

// drop forgets every section: those around a question that was answered before
// have been announced, and the others have ended.
func (h *headings) drop() { h.n = 0 }

// leave forgets the sections inside a roster's members.
func (h *headings) leave(body int) {
	for h.n > 0 && h.steps[h.n-1] >= body {
		h.n--
	}
}

// needless says whether a question has nothing to ask: the roster takes no
// more members, or no option is left to choose.
func (iv *Interview) needless(a *asking, row int) bool {
	if a.roster != nil && a.roster.another == a && row+1 >= a.roster.most {
		return true
	}
	return a.filters != nil && iv.choices(a, row, 0) == 0
}

// choices counts the options that the filter leaves, but for those of a set.
func (iv *Interview) choices(a *asking, row int, but uint64) int {
	n := 0
	for i := range a.own {
		if but&(1<<i) == 0 && iv.offered(a, i, row) {
			n++
		}
	}
	return n
}

// holds says whether an answer that was given is still allowed, after others changed.
func (iv *Interview) holds(a *asking, v *Value, row int) bool {
	if v.state != Answered {
		return true
	}
	if a.q.Form == FormConsent && v.s != a.q.Version {
		return false // to another notice
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

// broken returns the first constraint that the present answer breaks. One that
// no answer could keep, as when it compares with what was not asked, is not
// held against the person.
func (iv *Interview) broken(a *asking, row int) *must {
	for i := range a.must {
		x := a.must[i].test.x
		if x.eval(iv.vals, iv.rowOf(a.roster, row)) != No {
			continue
		}
		v := iv.value(a, row)
		said := *v
		*v = Value{}
		possible := x.eval(iv.vals, iv.rowOf(a.roster, row)) != No
		*v = said
		if possible {
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

// clear marks what a condition skips: not asked, or deferred with the answer that the
// condition waits for.
func (iv *Interview) clear(st *step, row int, waits bool) {
	vals, shape := iv.vals, iv.q.shape
	if st.inside != nil {
		vals, shape = iv.rowOf(st.inside, row), st.inside.shape
	}
	for _, slot := range st.clear {
		vals[slot] = Value{}
		switch {
		case shape.slots[slot].Kind == KindNone: // a note asks nothing
		case waits:
			vals[slot].kind = deferred
		default:
			vals[slot].state = NotAsked
		}
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
			*v = DecimalValue(f + 0) // no negative zero
		}
	}
}

// enrol makes the roster as long as it must be and returns its length.
func (iv *Interview) enrol(r *roster) int {
	v := &iv.vals[r.slot]
	n := 1
	if r.another != nil {
		if v.state == Answered {
			n = min(max(len(v.more.rows), 1), r.most)
		}
	} else {
		am := r.count.x.amount(iv.vals, nil)
		f, known := am.Known()
		switch {
		case am.Absent:
			*v = Value{state: NotAsked}
			return 0
		case !known:
			*v = Value{kind: skipped}
			return 0
		}
		n = int(min(max(f, 0), float64(r.most)))
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
