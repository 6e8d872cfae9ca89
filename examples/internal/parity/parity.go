package parity

import (
	"fmt"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/conversation"
	r "github.com/hubkit/hubkit/registration"
)

// Column is a channel, by what its driver can show.
type Column struct {
	Name   string
	Limits channels.Limits
	Shares bool // a button of the driver shares the person's own phone number
}

// row is a kind of question, by a typical one.
type row struct {
	name string
	ask  r.Part
}

func en(s string) hubkit.Text { return hubkit.Text{"en": s} }

// options are n options with labels of a usual length.
func options(n int) []r.Option {
	out := make([]r.Option, n)
	for i := range out {
		out[i] = r.Opt(fmt.Sprintf("o%d", i), en(fmt.Sprintf("Region number %d", i+1)))
	}
	return out
}

var rows = []row{
	{"yes or no", r.YesNo("q", en("Yes?"))},
	{"consent", r.Consent("q", "1", en("May we keep your answers?"))},
	{"one of 5", r.Choice("q", en("Which?"), options(5)...)},
	{"one of 27", r.Choice("q", en("Which?"), options(27)...)},
	{"several of 4", r.Choices("q", en("Which?"), options(4)...)},
	{"whole number, decimal, date", r.Integer("q", en("How many?"))},
	{"words", r.Words("q", en("What?"))},
	{"phone number", r.Phone("q", "380", en("Phone?"))},
	{"account (IBAN)", r.Account("q", en("Account?"), "iban")},
	{"national id (digits)", r.NationalID("q", en("Number?"), "ua-rnokpp")},
	{"location", r.Location("q", en("Where?"))},
	{"photo, document", r.Photo("q", en("Photo?"))},
}

// Table returns the table in Markdown.
func Table(columns []Column) (string, error) {
	var b strings.Builder
	b.WriteString("| question |")
	for _, c := range columns {
		b.WriteString(" " + c.Name + " |")
	}
	b.WriteString("\n|" + strings.Repeat(" --- |", len(columns)+1) + "\n")
	phrases, err := channels.Words{}.Compile()
	if err != nil {
		return "", err
	}
	for _, q := range rows {
		form, err := r.New(r.Spec{ID: "parity", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(q.ask)})
		if err != nil {
			return "", err
		}
		p := form.Begin("en").Prompt()
		b.WriteString("| " + q.name + " |")
		for _, c := range columns {
			cell := "asked on a page, by a one-time link"
			if conversation.Takes(c.Limits, p.Needs) {
				m, err := channels.Render(c.Limits, phrases, conversation.Message(p))
				if err != nil {
					return "", fmt.Errorf("%s on %s: %w", q.name, c.Name, err)
				}
				cell = shown(c, m)
			} else if c.Limits.Spoken {
				cell = "asked by an agent"
			}
			b.WriteString(" " + cell + " |")
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// shown says how a message is shown, and how it is answered.
func shown(c Column, m channels.Rendered) string {
	switch m.Form {
	case channels.Buttons:
		if m.Several {
			return "check boxes"
		}
		return "buttons, tapped"
	case channels.List:
		return "list, tapped"
	case channels.Paged:
		return "list in pages, tapped"
	case channels.Numbers:
		return "numbered text, typed"
	case channels.Keys:
		if len(m.Shown) < len(m.Options) {
			return "read in pages, keyed"
		}
		return "read aloud, keyed"
	}
	switch {
	case c.Limits.Spoken:
		return "keyed, then #"
	case m.Wants == channels.WantPhone && c.Shares:
		return "typed, or shared by a button"
	case m.Wants == channels.WantPlace:
		return "shared"
	case m.Wants == channels.WantFile:
		return "sent"
	}
	return "typed"
}
