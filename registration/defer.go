package registration

import (
	"slices"
	"strings"
)

// Ability is what a person must be able to do to answer a question. Not every
// place where an interview is held lets them: there is no photo on a keypad.
type Ability uint8

// What a question may need.
const (
	NeedsKeys    Ability = iota // to choose, or to type digits: what a telephone can
	NeedsLetters                // to write
	NeedsPlace                  // to share a location
	NeedsFile                   // to send a photo or document
)

// Digits may be implemented by a Checker whose identifiers are of digits only,
// so that they can be keyed on a telephone. The built-in card, phone, ua-rnokpp,
// ua-id-card, ua-unzr, tr-kimlik, pl-pesel, ro-cnp and bg-egn are.
type Digits interface{ Digits() bool }

// keyed are the built-in checkers of digits only.
var keyed = map[string]bool{
	"card": true, "ua-rnokpp": true, "ua-id-card": true, "ua-unzr": true, "tr-kimlik": true, "pl-pesel": true, "ro-cnp": true, "bg-egn": true,
}

// needs says what the answer to a takes.
func (a *asking) needs() Ability {
	switch a.q.Form {
	case FormPhoto, FormDocument:
		return NeedsFile
	case FormLocation:
		return NeedsPlace
	case FormWords:
		return NeedsLetters
	case FormAccount, FormNationalID:
		if len(a.checkers) == 0 || slices.ContainsFunc(a.checkers, func(c Checker) bool {
			d, ok := c.(Digits)
			return !keyed[c.Name()] && !(ok && d.Digits())
		}) {
			return NeedsLetters
		}
	}
	return NeedsKeys
}

// Defer says what cannot be answered where the interview is held. Those questions
// are passed over from now on, the present one too, and are Missing until they are
// asked elsewhere: see [Interview.Deferred] and [Interview.Reopen]. It is not part of
// the state: call it after every Begin and Resume. Nil: everything can be.
func (iv *Interview) Defer(cannot func(Ability) bool) {
	iv.cannot = cannot
	if cannot == nil || iv.mode != asksQuestion || iv.over() {
		return
	}
	if st := &iv.q.steps[iv.at]; st.do == stepAsk && cannot(st.ask.ability) {
		*iv.value(st.ask, iv.row) = Value{kind: deferred}
		iv.goOn()
	}
}

// Deferred lists the questions that were passed over, in the order of the questionnaire.
func (iv *Interview) Deferred() []Spot {
	var out []Spot
	for _, a := range iv.q.askings {
		if a.q.Form == FormNote || a.q.Form == FormCalculated {
			continue
		}
		if a.roster == nil {
			if iv.vals[a.slot].kind == deferred {
				out = append(out, Spot{a.q.Key, -1})
			}
			continue
		}
		if v := &iv.vals[a.roster.slot]; v.state == Answered {
			for i, row := range v.more.rows {
				if row[a.slot].kind == deferred {
					out = append(out, Spot{a.q.Key, i})
				}
			}
		}
	}
	return out
}

// waits says whether a condition on these answers waits for one that was deferred.
func (iv *Interview) waits(reads []string, row int) bool {
	return slices.ContainsFunc(reads, func(key string) bool {
		if _, member, ok := strings.Cut(key, "."); ok {
			key = member
		}
		a := iv.q.byKey[key]
		switch {
		case a == nil:
			return false
		case a.roster == nil:
			return iv.vals[a.slot].kind == deferred
		case row >= 0:
			return iv.value(a, row).kind == deferred
		}
		v := &iv.vals[a.roster.slot]
		return v.kind == deferred || v.state == Answered && slices.ContainsFunc(v.more.rows, func(r []Value) bool { return r[a.slot].kind == deferred })
	})
}

// filterWaits says whether the options of a question wait for a deferred answer.
func (iv *Interview) filterWaits(a *asking, row int) bool {
	return slices.ContainsFunc(a.filters, func(t Test) bool { return t.x != nil && iv.waits(t.Reads(), row) })
}

// Reopen takes up an interview that was completed, elsewhere, to ask what was deferred,
// what that opens, and nothing else: no answer can be seen, gone back to or changed, and
// there is no summary. It is false if nothing was deferred, or the interview goes on or
// ended before its end.
func (iv *Interview) Reopen() bool {
	open := iv.Deferred()
	if iv.Outcome() != OutcomeComplete || len(open) == 0 {
		return false
	}
	for _, s := range open {
		*iv.value(iv.q.byKey[s.Key], s.Row) = Value{}
	}
	iv.reopened, iv.cannot = true, nil
	iv.settle(0, -1)
	return true
}

// Reopened says whether the interview was taken up again by Reopen.
func (iv *Interview) Reopened() bool { return iv.reopened }
