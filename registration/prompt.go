package registration

import (
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
)

// Prompt is what to say next, before any channel has shaped it.
type Prompt struct {
	Key     string // of the question; "_summary" and "_change" for the interview's own
	Row     int    // of a Repeat, from 0; -1 outside
	Form    Form   // what kind of question it is; "" for the interview's own
	Needs   Ability
	Step    string
	Lang    hubkit.Lang // of Text; not the interview's if the text fell back
	Notes   []string    // to be said before, once: notes and section titles
	Heading string      // the member's title: "Person 2"
	Text    string
	Hint    string
	Options []PromptOption // shared with other prompts: do not change them
	Several bool           // any of the options
	Open    bool           // the answer is typed; the options are only ways out and carry no numbers

	Spoken    string // for a call; "" means Text
	Recording string // address of a recording; "" means Spoken

	Done    bool   // the interview has ended; Text says so
	Outcome string // how, if Done
}

// PromptOption is one option as it is shown.
type PromptOption struct {
	ID    string // "question:option", the same for ever
	Say   string
	Short string // for buttons; "" means Say
}

// Prompt returns what to say now. Call it after Hear on the same Interview:
// Notes are given once. It changes nothing that is stored.
func (iv *Interview) Prompt() Prompt {
	var p Prompt
	iv.PromptInto(&p)
	return p
}

// PromptInto is Prompt into a caller's value, for hubs that serve many.
func (iv *Interview) PromptInto(p *Prompt) {
	*p = Prompt{Row: iv.row, Lang: iv.q.langs[iv.lang], Notes: iv.notes}
	iv.notes = nil
	switch iv.mode {
	case hasEnded:
		iv.goodbye(p)
		return
	case asksWhich:
		iv.which(p)
		return
	}
	st := &iv.q.steps[iv.at]
	if st.do == stepSummary {
		iv.summary(p, st)
		return
	}
	a := st.ask
	p.Key, p.Form, p.Needs, p.Step, p.Open = a.q.Key, a.q.Form, a.ability, a.step, a.open()
	p.Text, p.Lang = iv.speak(a.text)
	if a.q.Form == FormLanguage {
		p.Text = iv.polyglot(a)
	}
	if a.hint != nil {
		p.Hint, _ = iv.speak(a.hint)
	}
	if a.spoken != nil {
		p.Spoken, _ = iv.speak(a.spoken)
	}
	if a.recording != nil {
		p.Recording, _ = iv.speak(a.recording)
	}
	p.Several = a.q.Form == FormChoices
	p.Options = iv.list(a)
	if a.roster != nil {
		p.Heading = iv.heading(a.roster, iv.row)
	}
}

func (iv *Interview) speak(s *speech) (string, hubkit.Lang) { return iv.speakOf(s, iv.row) }

// speakOf is a text said of one member, or of the household if row is -1.
func (iv *Interview) speakOf(s *speech, row int) (string, hubkit.Lang) {
	switch {
	case s.lit[iv.lang] != "":
		return s.lit[iv.lang], s.used[iv.lang]
	case s.members != nil && row >= 0:
		return s.members[iv.lang][row], s.used[iv.lang]
	}
	return s.in(iv.q, iv.lang, iv.args(s, row))
}

// polyglot is a text in every language, each on its line.
func (iv *Interview) polyglot(a *asking) string {
	var lines []string
	for l := range a.text.lit {
		if s, _ := a.text.in(iv.q, l, iv.args(a.text, iv.row)); !slices.Contains(lines, s) {
			lines = append(lines, s)
		}
	}
	return strings.Join(lines, "\n")
}

func (iv *Interview) heading(r *roster, row int) string {
	s, _ := iv.speakOf(r.title, row)
	return s
}

// list is the options as they are shown: without those that a filter leaves
// out, those already picked, and Done until enough are.
func (iv *Interview) list(a *asking) []PromptOption {
	if len(a.options) == 0 {
		return nil
	}
	all := a.options[iv.lang]
	shown := iv.shown(a)
	if shown == nil {
		if n := len(all) - 1; a.q.Form == FormChoices && !iv.enough(a) {
			return all[:n:n] // Done is the last way out
		}
		return all
	}
	out := make([]PromptOption, len(shown))
	for i, o := range shown {
		out[i] = all[o]
	}
	return out
}

// shown lists the indexes of the options that are shown; nil means all, or all
// but Done.
func (iv *Interview) shown(a *asking) []int {
	if a.filters == nil && iv.picked == 0 {
		return nil
	}
	out := make([]int, 0, a.own+len(a.outs))
	for i := range a.own {
		if iv.offered(a, i, iv.row) && (i > 63 || iv.picked&(1<<i) == 0) {
			out = append(out, i)
		}
	}
	for i, o := range a.outs {
		if o != outDone || iv.enough(a) {
			out = append(out, a.own+i)
		}
	}
	return out
}

// enough says whether Done is offered: something was picked, or nothing need be.
func (iv *Interview) enough(a *asking) bool { return iv.picked != 0 || a.least == 0 }

// goodbye is the prompt of an interview that has ended.
func (iv *Interview) goodbye(p *Prompt) {
	p.Row, p.Done, p.Outcome = -1, true, iv.Outcome()
	switch {
	case iv.exhausted:
		p.Text, p.Lang = iv.speak(iv.q.says["ended"])
	case iv.at < len(iv.q.steps):
		p.Text, p.Lang = iv.speak(iv.q.steps[iv.at].say)
	default:
		p.Text, p.Lang = iv.speak(iv.q.says["thanks"])
	}
}
