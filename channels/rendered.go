package channels

import (
	"fmt"
	"log/slog"

	"github.com/hubkit/hubkit"
)

// Form says how options are shown.
type Form uint8

// Forms, from the richest to the plainest.
const (
	Plain   Form = iota // no options
	Buttons             // tapped
	List                // tapped in a list
	Paged               // a list in pages
	Numbers             // numbered lines of text
	Keys                // spoken, answered by keypad
	Named               // ways out of an open question, written without numbers
)

// String returns the form's name in lower case, as the parity table shows it.
func (f Form) String() string { return name(formNames[:], int(f)) }

var formNames = [...]string{"plain", "buttons", "list", "paged", "numbers", "keys", "named"}

// Rendered is a message shaped for one driver.
//
// A driver receives it with exactly one part and sends it as one message: the text
// is Body(), the choices are Shown. Message holds what was asked for: Ref, To, From,
// Media, Template and Recording are the driver's to use; its Text and Options are
// not, because Body and Shown already hold them within the limits.
type Rendered struct {
	Message
	Form  Form
	Parts []string // the text, in as many messages as it needs; only the last one carries choices and media
	Shown []Option // what can be tapped or keyed: labels and hints fit, and the row for more is among them
	First int      // number of Shown[0] in the whole list, from 1; 0 when nothing is shown
	Open  string   // label of the button that opens a list: "Choose"
	Share string   // label of a button that shares what the message Wants, a phone number or a place, where the driver has one

	// Tongues is, on a call whose lines are not all in Lang, the language of each line
	// of the body; else nil.
	Tongues []hubkit.Lang

	tongues [][]hubkit.Lang // of each part, where Tongues is set
}

// LogValue shows what [Message.LogValue] shows, the form and how many parts there are.
func (r Rendered) LogValue() slog.Value {
	return slog.GroupValue(append(r.Message.LogValue().Group(),
		slog.String("form", r.Form.String()), slog.Int("parts", len(r.Parts)))...)
}

// Format writes what [Rendered.LogValue] shows, for every verb.
func (r Rendered) Format(f fmt.State, _ rune) { format(f, "Rendered", r) }

// Body returns the text of this message.
func (r *Rendered) Body() string {
	if len(r.Parts) == 0 {
		return ""
	}
	return r.Parts[len(r.Parts)-1]
}

// part returns the i-th message of r: all but the last are text only.
func (r *Rendered) part(i int) Rendered {
	p := *r
	p.Parts = r.Parts[i : i+1 : i+1]
	if r.tongues != nil {
		p.Tongues, p.tongues = r.tongues[i], r.tongues[i:i+1:i+1]
	}
	if i < len(r.Parts)-1 {
		p.Form, p.Shown, p.First, p.Open, p.Share = Plain, nil, 0, "", ""
		p.Media, p.Options = nil, nil
	}
	return p
}
