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
	To     Spot      // which asking was tapped, if the channel tells: a stale tap is then known
	Place  *Place    // a location that was shared
	Files  []File    // photos and documents
	At     time.Time // in the person's zone, for "yesterday"; the interview reads no clock
}

// Spot names one asking of a question: Row is the member, from 0, or -1. The
// zero Spot names none.
type Spot struct {
	Key string
	Row int
}

// HeardOutcome says what became of a reply.
type HeardOutcome uint8

// What may become of a reply.
const (
	Accepted    HeardOutcome = iota + 1 // the answer is kept, and the interview went on
	Added                               // one of several options was picked; more may follow, or Done
	Again                               // it was not understood, or breaks a rule: Say tells why
	Guessed                             // it may have meant Guess: Say asks
	Stale                               // it was a tap on the button of another question, named by Key
	Skipped                             // the attempts are used up, and the question was passed
	NeedsPerson                         // the attempts are used up: a person should help
	Closed                              // the interview has ended
)

// Heard says what became of a reply.
type Heard struct {
	Outcome HeardOutcome
	Key     string // the question
	Row     int    // the member, or -1
	Rule    string // how it was understood, or why not: "exact", "number", "between", …
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
			return iv.filed(a, r.Files[0])
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
	if !ok {
		if key, known := iv.q.ids[id]; known {
			return iv.stale(key, -1)
		}
		return iv.again("choose", nil)
	}
	if i < a.own && !iv.offered(a, i, iv.row) {
		return iv.again("choose", nil)
	}
	if a.q.Form == FormChoices && i < a.own {
		return iv.added(a, i)
	}
	return iv.chosen(a, i, "tap")
}

// added hears one of several options, tapped.
func (iv *Interview) added(a *asking, i int) Heard {
	bit := uint64(1) << i
	switch {
	case a.alone&bit != 0:
		return iv.several(a, bit, "tap")
	case iv.picked&bit != 0:
		iv.picked &^= bit
	default:
		iv.picked |= bit
	}
	iv.tries, iv.guess = 0, 0
	return Heard{Outcome: Added, Key: a.q.Key, Row: iv.row, Rule: "tap"}
}

// typed hears words.
func (iv *Interview) typed(a *asking, r Reply) Heard {
	if iv.guess > 0 {
		g := iv.guess - 1
		iv.guess = 0
		if u := iv.q.yes.Understand(iv.q.langs[iv.lang], r.Text, 0, nil); u.OK && u.N == 0 && g < a.own+len(a.outs) {
			return iv.chosen(a, g, "guess")
		}
	}
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
		if a.q.Form == FormChoices && int(u.N) < a.own {
			return iv.several(a, 1<<u.N, u.Rule)
		}
		return iv.chosen(a, int(u.N), u.Rule)
	case reply.Set:
		return iv.chosenSet(a, u)
	}
	return iv.written(a, u, today)
}

// chosenSet hears several options, typed.
func (iv *Interview) chosenSet(a *asking, u reply.Understood) Heard {
	var set uint64
	for _, i := range u.Set {
		if i >= a.own {
			if len(u.Set) == 1 {
				return iv.chosen(a, i, u.Rule)
			}
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
		v = Value{state: Answered, kind: KindOne, n: int64(i), s: string(iv.q.langs[i])}
	case FormChoices:
		return iv.several(a, 1<<i, rule)
	default:
		v = Value{state: Answered, kind: KindOne, n: int64(i), s: a.q.Options[i].Key}
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
	n := bits.OnesCount64(set)
	if set&a.alone != 0 && n > 1 {
		return iv.again("alone", hubkit.Args{"option": a.options[iv.lang][bits.TrailingZeros64(set&a.alone)].Say})
	}
	least, most := 1, a.own
	if a.q.Min != nil {
		least = int(*a.q.Min)
	}
	if a.q.Max != nil {
		most = int(*a.q.Max)
	}
	if (n < least && set&a.alone == 0) || n > most {
		if a.q.Max == nil && a.q.Min == nil {
			return iv.again("choose_several", nil)
		}
		return iv.again("choose_between", hubkit.Args{"min": least, "max": most})
	}
	return iv.accept(a, manyValue(set, optionKeys(a, nil)), rule)
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

// goOn walks to the next question. After Back or Change it looks again from
// the start, since earlier questions may have become necessary.
func (iv *Interview) goOn() {
	if iv.jumped {
		iv.settle(0, -1)
		iv.jumped = false
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
	case reply.OutOfList:
		n := a.own + len(a.outs)
		if shown := iv.shown(a); shown != nil {
			n = len(shown)
		}
		return iv.again("out_of_list", hubkit.Args{"max": n})
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

// again asks the question once more, or gives up when the attempts are used up.
func (iv *Interview) again(phrase string, args hubkit.Args) Heard {
	h := Heard{Outcome: Again, Row: iv.row, Rule: phrase}
	iv.tries++
	st := &iv.q.steps[min(iv.at, len(iv.q.steps)-1)]
	if iv.mode == asksQuestion && st.do == stepAsk {
		a := st.ask
		h.Key = a.q.Key
		if iv.tries >= a.attempts {
			return iv.giveUp(a, h)
		}
	}
	h.Say = iv.q.say(phrase, iv.lang, args)
	return h
}

// giveUp does what the questionnaire says about too many attempts.
func (iv *Interview) giveUp(a *asking, h Heard) Heard {
	switch a.exhausted {
	case SkipIt:
		h.Outcome = Skipped
		*iv.value(a, iv.row) = Value{kind: skipped}
		iv.goOn()
	case EndIt:
		h.Outcome = Closed
		iv.mode, iv.exhausted = hasEnded, true
	default:
		h.Outcome, h.Say = NeedsPerson, iv.q.say("nobody", iv.lang, nil)
		iv.tries = a.attempts - 1 // each further one calls again
	}
	return h
}
