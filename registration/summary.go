package registration

import (
	"strconv"

	"github.com/hubkit/hubkit/registration/reply"
)

// Keys of the interview's own prompts.
const (
	keySummary = "_summary"
	keyChange  = "_change"
)

// summary reads the answers back.
func (iv *Interview) summary(p *Prompt, st *step) {
	p.Key, p.Row, p.Step = keySummary, -1, st.key
	if st.say != nil {
		p.Text, p.Lang = st.say.in(iv.q, iv.lang, iv.args(st.say, -1))
	} else {
		p.Text = iv.q.say("summary", iv.lang, nil)
	}
	b := append(make([]byte, 0, 1024), p.Text...)
	iv.asked(func(i, row int) bool {
		a := iv.q.steps[i].ask
		if v := iv.value(a, row); iv.isLine(a, v) {
			b = iv.appendName(append(b, '\n'), a, row)
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
	p.Key, p.Row, p.Text = keyChange, -1, iv.q.say("which", iv.lang, nil)
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
// option does; false if nothing was answered yet.
func (iv *Interview) AskChange() bool {
	if len(iv.lines()) == 0 {
		return false
	}
	iv.tries, iv.guess, iv.mode = 0, 0, asksWhich
	return true
}

// hearSummary hears "send" or "change".
func (iv *Interview) hearSummary(r Reply) Heard {
	switch iv.pick(r, iv.q.closing[iv.lang]) {
	case 0:
		iv.jumped = false
		iv.settle(iv.at+1, -1)
		return Heard{Outcome: Accepted, Key: keySummary, Row: -1, Rule: "summary"}
	case 1:
		iv.AskChange()
		return Heard{Outcome: Accepted, Key: keySummary, Row: -1, Rule: "summary"}
	}
	return iv.again("choose", nil)
}

// hearWhich hears which answer is to be changed.
func (iv *Interview) hearWhich(r Reply) Heard {
	lines := iv.lines()
	options := make([]PromptOption, 0, len(lines)+1)
	for _, l := range lines {
		options = append(options, PromptOption{ID: l.id, Say: l.name})
	}
	options = append(options, PromptOption{ID: keyChange + ":_keep", Say: iv.q.say("keep", iv.lang, nil)})
	switch i := iv.pick(r, options); {
	case i < 0:
		return iv.again("choose", nil)
	case i == len(lines):
		iv.tries, iv.mode = 0, asksQuestion
		if iv.at >= len(iv.q.steps) || iv.q.steps[iv.at].do == stepStop {
			iv.mode = hasEnded
		}
	default:
		iv.jump(lines[i].at, lines[i].row)
	}
	return Heard{Outcome: Accepted, Key: keyChange, Row: -1, Rule: "change"}
}

// pick understands a reply as one of a few options made on the spot; -1 if it is none.
func (iv *Interview) pick(r Reply, options []PromptOption) int {
	spec := reply.Spec{Kind: reply.One, Langs: iv.q.langs, Options: len(options)}
	for i, o := range options {
		if r.Option != "" && r.Option == o.ID {
			return i
		}
		spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: iv.q.langs[iv.lang], Text: o.Say})
	}
	if r.Option != "" {
		return -1
	}
	if u := reply.New(spec).Understand(iv.q.langs[iv.lang], r.Text, 0, nil); u.OK {
		return int(u.N)
	}
	return -1
}
