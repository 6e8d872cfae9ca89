package channels

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit"
)

// speak shapes a message with options for a call: the option, then its key. A line
// break stands where a voice pauses. A recording is taken to hold its choices.
//
// An option in a language of its own is read in that language, if there are words for
// it: Tongues says so line by line.
func speak(r Rendered, l Limits, p *Phrases, text string) (Rendered, error) {
	ph := p.of(r.Lang)
	r.Form, r.Shown, r.First = Keys, r.Options, 1
	if r.Recording != "" {
		r.fill(l, l.Text, text)
		return r, nil
	}
	phrase := ph.press
	if r.Message.Open {
		phrase = ph.pressOut
	}
	if phrase == "" || r.Several && ph.pressSeveral == "" {
		return r, ErrWords
	}
	last := true
	// Where several are chosen # ends the choice, so all are read in one go.
	if n := l.OptionsInCall; n > 0 && len(r.Shown) > n && !r.Several {
		if ph.pressMore == "" {
			return r, ErrWords
		}
		last = r.page(n, 0, ph.more)
	}
	options := r.Shown
	if !last {
		options = options[:len(options)-1]
	}
	b := make([]byte, 0, 512)
	b = append(b, text...)
	for i := range options {
		if len(b) > 0 {
			b = append(b, '\n')
		}
		label := strings.ToValidUTF8(options[i].Label, "\uFFFD")
		say := phrase
		if tongue := options[i].Lang; tongue != "" && tongue != r.Lang && !r.Message.Open {
			if own := p.of(tongue).press; own != "" {
				say = own
				if r.Tongues == nil {
					r.Tongues = make([]hubkit.Lang, 0, bytes.Count(b, newline)+2*len(options))
				}
				for range bytes.Count(b, newline) - len(r.Tongues) {
					r.Tongues = append(r.Tongues, r.Lang)
				}
				r.Tongues = append(r.Tongues, tongue)
			}
		}
		b = fillIn(b, say, "{option}", label, "{key}", strconv.Itoa(r.First+i))
	}
	if !last {
		b = append(append(b, '\n'), ph.pressMore...)
	}
	if r.Several {
		b = append(append(b, '\n'), ph.pressSeveral...)
	}
	if r.Tongues != nil {
		for range bytes.Count(b, newline) + 1 - len(r.Tongues) {
			r.Tongues = append(r.Tongues, r.Lang)
		}
	}
	r.fill(l, l.Text, string(b))
	if r.Tongues != nil {
		r.attribute(string(b))
	}
	return r, nil
}

// attribute gives each part the languages of its own lines. The parts are pieces of the
// body in their order, with white space dropped between them.
func (r *Rendered) attribute(body string) {
	at := 0
	r.tongues = make([][]hubkit.Lang, len(r.Parts))
	for i, part := range r.Parts {
		begin := at + max(strings.Index(body[at:], part), 0)
		at = begin + len(part)
		first := strings.Count(body[:begin], "\n")
		r.tongues[i] = r.Tongues[first : first+strings.Count(part, "\n")+1]
	}
	r.Tongues = r.tongues[len(r.tongues)-1]
}

var newline = []byte{'\n'}
