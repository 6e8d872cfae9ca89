package registration

import "slices"

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

// Reopen takes up an interview that has ended, elsewhere, to ask what was deferred
// and nothing else: no answer can be seen, gone back to or changed, and there is no
// summary. It is false if nothing was deferred.
func (iv *Interview) Reopen() bool {
	open := iv.Deferred()
	if iv.mode != hasEnded || len(open) == 0 {
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
