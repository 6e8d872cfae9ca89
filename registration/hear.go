package registration

import (
	"math/bits"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// Reply is what a person did: typed or spoke, tapped, or sent.
type Reply struct {
	Text   string
	Option string    // the option's ID, when tapped
	To     Spot      // the asking that was tapped or replied to, if the channel tells: a stale tap is then known
	Place  *Place    // a location that was shared
	Files  []File    // photos and documents; the first that fits the question is its answer
	At     time.Time // in the person's zone, for "yesterday" and InPast, which are not known without it; the interview reads no clock
}

// Spot names one asking of a question, as Prompt's Key and Row do: Row is the
// member, from 0, or -1 outside a roster. The zero Spot names none.
type Spot struct {
	Key string
	Row int
}

// HeardOutcome says what became of a reply.
type HeardOutcome uint8

// What may become of a reply.
const (
	Accepted    HeardOutcome = iota + 1 // the answer is kept, and the interview went on
	Added                               // one of several options was tapped; more may follow, or Done
	Again                               // it was not understood, or breaks a rule: Say tells why
	Guessed                             // it may have meant Guess: Say asks
	Stale                               // it was a tap on the button of another asking, named by Key if it is known
	Skipped                             // the attempts are used up, and the question was passed
	NeedsPerson                         // the attempts are used up: a person should help; the question stays open
	Closed                              // the interview has ended, or ends with this
)

// Heard says what became of a reply.
type Heard struct {
	Outcome HeardOutcome
	Key     string // the question
	Row     int    // the member, or -1
	Rule    string // how it was understood ("exact", "number", "tap", …), or the id of the phrase that says why not ("between")
	Guess   string // the label of the option it may have meant
	Say     string // what to say before the next prompt; may be empty
}

// Hear hears a reply to the present question. Whatever the reply holds, the
// interview stays sound, and the next Prompt helps.
func (iv *Interview) Hear(r Reply) Heard {
	iv.notes = nil
	switch iv.mode {
	case hasEnded:
		return Heard{Outcome: Closed, Row: -1, Say: iv.q.say("answered", iv.lang, nil)}
	case asksWhich:
		return iv.hearWhich(r)
	}
	st := &iv.q.steps[iv.at]
	if st.do == stepSummary {
		return iv.hearSummary(r)
	}
	a := st.ask
	if r.To.Key != "" && (r.To.Key != a.q.Key || r.To.Row != iv.row) {
		return iv.stale(r.To.Key, r.To.Row)
	}
	guess := iv.guess - 1
	iv.guess = 0
	if r.Option != "" {
		return iv.tapped(a, r.Option)
	}
	switch a.q.Form {
	case FormLocation:
		if r.Place != nil {
			return iv.located(a, *r.Place)
		}
	case FormPhoto, FormDocument:
		if len(r.Files) > 0 {
			return iv.filed(a, r.Files)
		}
	}
	if guess >= 0 && r.Text != "" {
		if h, is := iv.guessed(a, guess, r.Text); is {
			return h
		}
	}
	return iv.typed(a, r)
}

func (iv *Interview) stale(key string, row int) Heard {
	return Heard{Outcome: Stale, Key: key, Row: row, Rule: "stale", Say: iv.q.say("stale", iv.lang, nil)}
}

// tapped hears a button.
func (iv *Interview) tapped(a *asking, id string) Heard {
	i, ok := a.ids[id]
	if !ok { // of another question, of a summary, or of nothing that we asked
		return iv.stale(iv.q.ids[id], -1)
	}
	if i < a.own && !iv.offered(a, i, iv.row) {
		return iv.again("choose", nil)
	}
	if a.q.Form == FormChoices && i < a.own {
		return iv.added(a, i)
	}
	return iv.chosen(a, i, "tap")
}

// added hears one of several options, tapped. A second tap on it changes
// nothing; when no more can be added, the answer is whole without Done.
func (iv *Interview) added(a *asking, i int) Heard {
	bit := uint64(1) << i
	if a.alone&bit != 0 {
		return iv.several(a, bit, "tap")
	}
	iv.picked |= bit
	if n := bits.OnesCount64(iv.picked); n >= a.most || n >= iv.choices(a, iv.row, a.alone) {
		return iv.several(a, iv.picked, "tap")
	}
	iv.tries = 0
	return Heard{Outcome: Added, Key: a.q.Key, Row: iv.row, Rule: "tap"}
}

// guessed hears what follows "did you mean": yes takes the guess. A bare no
// only says that it was meant otherwise, even where no would be an answer.
func (iv *Interview) guessed(a *asking, guess int, text string) (h Heard, is bool) {
	u := iv.q.yes.Understand(iv.q.langs[iv.lang], text, 0, nil)
	switch {
	case !u.OK || u.Kind != reply.Option:
		return Heard{}, false
	case u.N == 0 && guess < a.own && !iv.offered(a, guess, iv.row):
		return Heard{}, false
	case u.N == 0:
		return iv.chosen(a, guess, "guess"), true
	}
	return iv.again(helps[a.q.Form], nil), true
}

// typed hears words.
func (iv *Interview) typed(a *asking, r Reply) Heard {
	var today int64
	if !r.At.IsZero() {
		today = day(r.At)
	}
	u := a.expect.Understand(iv.q.langs[iv.lang], r.Text, today, iv.shown(a))
	if !u.OK {
		return iv.misunderstood(a, u)
	}
	switch u.Kind {
	case reply.Option:
		return iv.chosen(a, int(u.N), u.Rule)
	case reply.Set:
		return iv.chosenSet(a, u)
	}
	return iv.written(a, u, today)
}

// chosenSet hears several options, typed; they join those that were tapped.
func (iv *Interview) chosenSet(a *asking, u reply.Understood) Heard {
	if len(u.Set) == 1 {
		return iv.chosen(a, u.Set[0], u.Rule)
	}
	var set uint64
	for _, i := range u.Set {
		if i >= a.own {
			return iv.again("alone", hubkit.Args{"option": a.options[iv.lang][i].Say})
		}
		set |= 1 << i
	}
	return iv.several(a, set|iv.picked, u.Rule)
}

// chosen hears one option or way out, by its index.
func (iv *Interview) chosen(a *asking, i int, rule string) Heard {
	if i >= a.own {
		return iv.wayOut(a, a.outs[i-a.own], rule)
	}
	var v Value
	switch a.q.Form {
	case FormYesNo:
		v = BoolValue(i == 0)
	case FormConsent:
		v = ConsentValue(i == 0, a.q.Version)
	case FormLanguage:
		iv.lang = i
		v = Value{state: Answered, kind: KindOne, n: int64(i), s: a.keys[i]}
	case FormChoices:
		if set := uint64(1) << i; a.alone&set != 0 {
			return iv.several(a, set, rule)
		}
		return iv.several(a, 1<<i|iv.picked, rule)
	default:
		v = Value{state: Answered, kind: KindOne, n: int64(i), s: a.keys[i]}
	}
	return iv.accept(a, v, rule)
}

func (iv *Interview) wayOut(a *asking, o out, rule string) Heard {
	switch o {
	case outUnknown:
		return iv.accept(a, Value{state: DontKnow}, rule)
	case outRefuse:
		return iv.accept(a, Value{state: Refused}, rule)
	case outSkip:
		return iv.accept(a, Value{kind: skipped}, rule)
	}
	return iv.several(a, iv.picked, rule)
}

// several hears a whole set of options.
func (iv *Interview) several(a *asking, set uint64, rule string) Heard {
	n, least := bits.OnesCount64(set), a.least
	if a.filters != nil {
		least = min(least, iv.choices(a, iv.row, a.alone))
	}
	switch {
	case set&a.alone != 0 && n > 1:
		iv.picked = 0 // to begin anew: a tap cannot be taken back
		return iv.again("alone", hubkit.Args{"option": a.options[iv.lang][bits.TrailingZeros64(set&a.alone)].Say})
	case n > a.most:
		iv.picked = 0
		return iv.between("choose_between", "choose_exactly", least, a.most)
	case n < least && set&a.alone == 0 && a.q.Min == nil:
		return iv.again("choose_several", nil)
	case n < least && set&a.alone == 0:
		return iv.between("choose_between", "choose_exactly", least, a.most)
	}
	return iv.accept(a, manyValue(set, a.keys), rule)
}

// between asks again for a count of two bounds, or of just one number.
func (iv *Interview) between(phrase, exactly string, least, most int) Heard {
	if least == most {
		return iv.again(exactly, hubkit.Args{"n": most})
	}
	return iv.again(phrase, hubkit.Args{"min": least, "max": most})
}

// accept keeps an answer, if it agrees with the others, and goes on.
func (iv *Interview) accept(a *asking, v Value, rule string) Heard {
	slot := iv.value(a, iv.row)
	old := *slot
	*slot = v
	if v.state == Answered && len(a.must) > 0 {
		if m := iv.broken(a, iv.row); m != nil {
			args := iv.args(m.say, iv.row)() // the message may name the answer that is refused
			*slot = old
			h := iv.again("conflict", nil)
			if h.Outcome == Again {
				h.Say, _ = m.say.in(iv.q, iv.lang, func() hubkit.Args { return args })
			}
			return h
		}
	}
	h := Heard{Outcome: Accepted, Key: a.q.Key, Row: iv.row, Rule: rule}
	iv.goOn()
	return h
}

// goOn walks to the next question that must be asked. Whatever depends on the
// answer just given stands after it; but after Back or Change, something before
// may still be open.
func (iv *Interview) goOn() {
	if iv.rewalk {
		iv.rewalk = false
		iv.settle(0, -1)
		return
	}
	iv.settle(iv.at+1, iv.row)
}

// misunderstood says why a reply was not understood.
func (iv *Interview) misunderstood(a *asking, u reply.Understood) Heard {
	if u.Guess >= 0 && u.Guess < a.own+len(a.outs) {
		label := a.options[iv.lang][u.Guess].Say
		h := iv.again("guess", hubkit.Args{"option": label})
		if h.Outcome == Again {
			h.Outcome, h.Guess, iv.guess = Guessed, label, u.Guess+1
		}
		return h
	}
	switch u.Why {
	case reply.TwoNumbers:
		if a.kind == KindInteger || a.kind == KindDecimal {
			return iv.again("one_number", nil)
		}
		if a.kind != KindMany {
			return iv.again("several", nil)
		}
	case reply.Currency:
		return iv.again("currency", nil)
	case reply.OutOfList:
		return iv.again("out_of_list", hubkit.Args{"max": len(iv.list(a))})
	case reply.SeveralOptions:
		if a.kind != KindMany {
			return iv.again("several", nil)
		}
	case reply.TooLong:
		return iv.again("too_long", nil)
	}
	return iv.again(helps[a.q.Form], nil)
}

// helps is the phrase that says how to answer each form of question.
var helps = map[Form]string{
	FormYesNo: "yes_or_no", FormConsent: "choose", FormChoice: "choose", FormLanguage: "choose", FormChoices: "choose_several",
	FormInteger: "number", FormDecimal: "decimal", FormWords: "words", FormDate: "date", FormPhone: "phone",
	FormAccount: "account", FormNationalID: "identity", FormLocation: "location", FormPhoto: "photo", FormDocument: "document",
}

// again asks once more, or gives up when the attempts are used up. The summary
// and the list of answers can only call a person.
func (iv *Interview) again(phrase string, args hubkit.Args) Heard {
	h := Heard{Outcome: Again, Row: -1, Rule: phrase}
	attempts, then := iv.q.attempts, CallPerson
	var a *asking
	switch {
	case iv.mode == asksWhich:
		h.Key = keyChange
	case iv.q.steps[iv.at].do == stepSummary:
		h.Key = keySummary
	default:
		a = iv.q.steps[iv.at].ask
		h.Key, h.Row, attempts, then = a.q.Key, iv.row, a.attempts, a.exhausted
	}
	if iv.tries++; iv.tries < attempts {
		h.Say = iv.q.say(phrase, iv.lang, args)
		return h
	}
	switch then {
	case SkipIt:
		h.Outcome = Skipped
		*iv.value(a, iv.row) = Value{kind: skipped}
		iv.goOn()
	case EndIt:
		h.Outcome = Closed
		iv.mode, iv.exhausted = hasEnded, true
	default:
		h.Outcome, h.Say = NeedsPerson, iv.q.say(phrase, iv.lang, args)+"\n\n"+iv.q.say("nobody", iv.lang, nil)
		iv.tries = 0 // whoever goes on is helped anew
	}
	return h
}
