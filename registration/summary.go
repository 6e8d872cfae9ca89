package registration

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/registration/reply"
)

// Keys of the interview's own prompts.
const (
	keySummary = "_summary"
	keyChange  = "_change"
)

// summary reads the answers back: a line for each, and a paragraph for each
// member, under its heading.
func (iv *Interview) summary(p *Prompt, st *step) {
	p.Key, p.Row, p.Step = keySummary, -1, st.key
	say := st.say
	if say == nil {
		say = iv.q.says["summary"]
	}
	p.Text, p.Lang = iv.speak(say)
	b := append(make([]byte, 0, 1024), p.Text...)
	var of *roster
	member := -1
	iv.asked(func(i, row int) bool {
		a := iv.q.steps[i].ask
		if v := iv.value(a, row); iv.isLine(a, v) {
			if a.roster != of || row != member {
				of, member = a.roster, row
				b = append(b, '\n')
				if row >= 0 {
					b = append(append(b, '\n'), iv.heading(a.roster, row)...)
				}
			}
			b = iv.appendBrief(append(b, '\n'), a, row)
			b = append(b, ": "...)
			n := len(b)
			if b = iv.q.appendLabel(b, a, clean(*v), iv.lang); len(b) == n {
				b = append(b, "–"...)
			}
		}
		return true
	})
	p.Text = string(b)
	p.Options = iv.q.closing[iv.lang]
}

// which asks which answer is to be changed.
func (iv *Interview) which(p *Prompt) {
	p.Key, p.Row = keyChange, -1
	p.Text, p.Lang = iv.speak(iv.q.says["which"])
	for _, l := range iv.lines() {
		p.Options = append(p.Options, PromptOption{ID: l.id, Say: l.name})
	}
	p.Options = append(p.Options, PromptOption{ID: keyChange + ":_keep", Say: iv.q.say("keep", iv.lang, nil)})
}

// line is one answer in the list of those that can be changed.
type line struct {
	name, id string
	at, row  int
}

// lines are the answers that were given, in the order of asking.
func (iv *Interview) lines() []line {
	var out []line
	iv.asked(func(i, row int) bool {
		a := iv.q.steps[i].ask
		if !iv.isLine(a, iv.value(a, row)) {
			return true
		}
		l := line{at: i, row: row, id: keyChange + ":" + a.q.Key, name: string(iv.appendName(nil, a, row))}
		if row >= 0 {
			l.id += "." + strconv.Itoa(row+1)
		}
		out = append(out, l)
		return true
	})
	return out
}

// isLine says whether a question stands in the summary.
func (iv *Interview) isLine(a *asking, v *Value) bool {
	return a.q.Form != FormLanguage && isSettled(v) && (a.roster == nil || a.roster.another != a)
}

// appendName names a question: briefly, and with its member.
func (iv *Interview) appendName(b []byte, a *asking, row int) []byte {
	if row >= 0 {
		b = append(b, iv.heading(a.roster, row)...)
		b = append(b, " · "...)
	}
	return iv.appendBrief(b, a, row)
}

// appendBrief names a question without its member.
func (iv *Interview) appendBrief(b []byte, a *asking, row int) []byte {
	name := a.text
	if a.brief != nil {
		name = a.brief
	}
	if name.lit[iv.lang] != "" {
		return append(b, name.lit[iv.lang]...)
	}
	s, _ := name.in(iv.q, iv.lang, iv.args(name, row))
	return append(b, s...)
}

// AskChange asks the person which answer to change, as the summary's second
// option does; false if nothing was answered yet. Back, or the list's last
// option, leaves the list.
func (iv *Interview) AskChange() bool {
	if iv.reopened || len(iv.lines()) == 0 {
		return false
	}
	iv.tries, iv.guess, iv.mode = 0, 0, asksWhich
	return true
}

// hearSummary hears "send" or "change".
func (iv *Interview) hearSummary(r Reply) Heard {
	if h, is := iv.staleMenu(r, keySummary); is {
		return h
	}
	options := iv.q.closing[iv.lang]
	i := slices.IndexFunc(options, func(o PromptOption) bool { return o.ID == r.Option })
	if r.Option == "" {
		i = iv.understood(iv.q.close, r.Text)
	}
	switch i {
	case 0:
		iv.settle(iv.at+1, -1)
	case 1:
		if !iv.AskChange() {
			return iv.again("choose", nil)
		}
	default:
		return iv.again("choose", nil)
	}
	return Heard{Outcome: Accepted, Key: keySummary, Row: -1, Rule: "summary"}
}

// staleMenu says whether a tap belongs to anything but the menu key.
func (iv *Interview) staleMenu(r Reply, key string) (Heard, bool) {
	if r.To.Key != "" && r.To.Key != key {
		return iv.stale(r.To.Key, r.To.Row), true
	}
	if of, _, _ := strings.Cut(r.Option, ":"); r.Option != "" && of != key {
		return iv.stale(iv.q.ids[r.Option], -1), true
	}
	return Heard{}, false
}

// understood returns which option of e a text chooses, or -1.
func (iv *Interview) understood(e *reply.Expect, text string) int {
	if u := e.Understand(iv.q.langs[iv.lang], text, 0, nil); u.OK && u.Kind == reply.Option {
		return int(u.N)
	}
	return -1
}

// hearWhich hears which answer is to be changed. Its list depends on the
// answers, so it is made on the spot; it is asked for rarely.
func (iv *Interview) hearWhich(r Reply) Heard {
	if h, is := iv.staleMenu(r, keyChange); is {
		return h
	}
	lines := iv.lines()
	spec := reply.Spec{Kind: reply.One, Langs: iv.q.langs, Options: len(lines) + 1}
	i := -1
	for n, l := range lines {
		if r.Option == l.id {
			i = n
		}
		spec.Labels = append(spec.Labels, reply.Label{Option: n, Lang: iv.q.langs[iv.lang], Text: l.name})
	}
	spec.Labels = append(spec.Labels, reply.Label{Option: len(lines), Lang: iv.q.langs[iv.lang], Text: iv.q.say("keep", iv.lang, nil)})
	switch r.Option {
	case keyChange + ":_keep":
		i = len(lines)
	case "":
		i = iv.understood(reply.New(spec), r.Text)
	}
	switch {
	case i < 0:
		return iv.again("choose", nil)
	case i == len(lines):
		iv.keep()
	default:
		iv.jump(lines[i].at, lines[i].row)
	}
	return Heard{Outcome: Accepted, Key: keyChange, Row: -1, Rule: "change"}
}
