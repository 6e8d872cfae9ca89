package channels

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/channels/segments"
)

// Render shapes m within l, without I/O and without a clock: the same input always
// gives the same output. It is safe for concurrent use.
//
// Choices become buttons, else a list, else a list in pages, else numbered lines; on
// a call they are read aloud with their keys. A form is taken only if everything
// fits it whole. It returns [ErrEmpty], [ErrOption] or [ErrWords] for a message that
// no channel, or no call, can say.
func Render(l Limits, p *Phrases, m Message) (Rendered, error) {
	r := Rendered{Message: m}
	text := m.Text
	if l.Spoken && m.Spoken != "" {
		text = m.Spoken
	}
	if m.Heading != "" {
		text = m.Heading + "\n" + text
	}
	text = strings.ToValidUTF8(text, "\uFFFD")
	if strings.TrimSpace(text) == "" {
		played := l.Spoken && m.Recording != ""
		if m.Template == nil && !played && (len(m.Media) == 0 || len(m.Options) > 0) {
			return r, ErrEmpty
		}
	}
	for i := range m.Options {
		if m.Options[i].ID == "" || strings.TrimSpace(m.Options[i].Label) == "" {
			return r, ErrOption
		}
	}
	ph := p.of(m.Lang)
	switch {
	case l.Spoken:
	case m.Wants == WantPhone:
		r.Share = ph.sharePhone
	case m.Wants == WantPlace:
		r.Share = ph.sharePlace
	}
	if len(m.Options) == 0 {
		r.fill(l, l.Text, text)
		return r, nil
	}
	if l.Spoken {
		return speak(r, l, p, text)
	}
	r.Form, r.Shown = shape(l, &m)
	r.First = 1
	switch r.Form {
	case Buttons:
		r.fill(l, l.Buttons.Body, text)
	case Paged:
		r.turn(l, ph)
		fallthrough
	case List:
		r.Open = ph.choose
		r.fill(l, l.List.Body, text)
	case Named:
		r.fill(l, l.Text, waysOut(text, m.Options, ph))
	default:
		r.fill(l, l.Text, numbered(text, &m, ph))
	}
	return r, nil
}

// fill divides the text into parts, of which the last must leave room for choices.
// What is read from right to left is marked where it would be shown the wrong way.
func (r *Rendered) fill(l Limits, body int, text string) {
	right := !l.Spoken && r.Lang.RTL()
	if right {
		text = markLines(text)
	}
	r.Parts = split(nil, text, l.Unit, l.Text, right)
	if body <= 0 || body == l.Text {
		return
	}
	last := len(r.Parts) - 1
	if !l.Unit.Fits(r.Parts[last], body) {
		r.Parts = split(r.Parts[:last], r.Parts[last], l.Unit, body, right)
	}
}

// split appends the parts of text to dst. Where a line is divided each part of it is
// shown as a line of its own, and is marked as one if it is read from right to left.
func split(dst []string, text string, u Unit, limit int, right bool) []string {
	first := len(dst)
	dst = segments.AppendSplit(dst, text, u, limit)
	if !right || len(dst) == first+1 {
		return dst
	}
	for i := first; i < len(dst); i++ {
		for {
			marked := markLines(dst[i])
			if marked == dst[i] || u.Fits(marked, limit) {
				dst[i] = marked
				break
			}
			// There is no room for the mark: the end of this part becomes one of its own.
			pieces := segments.AppendSplit(nil, marked, u, limit)
			if strings.Trim(pieces[0], rlm) == "" {
				break
			}
			dst = slices.Replace(dst, i, i+1, pieces...)
		}
	}
	return dst
}

// shape chooses the richest form that shows every option whole, and the options as
// that form shows them.
func shape(l Limits, m *Message) (Form, []Option) {
	if !m.Several || l.Several {
		u := l.labelUnit()
		if len(m.Options) <= l.Buttons.Max {
			if shown, ok := rows(m.Options, l.Buttons, u); ok {
				return Buttons, shown
			}
		}
		if l.List.Max > 0 {
			if shown, ok := rows(m.Options, l.List, u); ok {
				if len(shown) <= l.List.Max {
					return List, shown
				}
				if l.List.Max >= 3 {
					return Paged, shown
				}
			}
		}
	}
	if m.Open {
		return Named, m.Options
	}
	return Numbers, m.Options
}

// rows returns the options with the labels and hints that fit a menu, and false if
// one does not or if two would look alike. A short label is taken only where the whole
// one does not fit. It copies only when a label changes.
func rows(options []Option, menu Menu, u Unit) ([]Option, bool) {
	shown := options
	for i := range options {
		o := options[i]
		switch {
		case u.Fits(o.Label, menu.Label):
		case o.Short != "" && u.Fits(o.Short, menu.Label):
			// A tight row shows the short label, and the whole one under it if it can.
			if o.Hint == "" && menu.Hint > 0 && u.Fits(o.Label, menu.Hint) {
				o.Hint = o.Label
			}
			o.Label = o.Short
		default:
			return nil, false
		}
		if o.Hint != "" && (menu.Hint == 0 || !u.Fits(o.Hint, menu.Hint)) {
			return nil, false
		}
		if o != options[i] {
			if &shown[0] == &options[0] {
				shown = append([]Option(nil), options...)
			}
			shown[i] = o
			for j := range shown {
				if other := &shown[j]; j != i && other.Label == o.Label && other.Hint == o.Hint {
					return nil, false
				}
			}
		}
	}
	return shown, true
}

// turn leaves in Shown the page that was asked for, with a row for the next one.
func (r *Rendered) turn(l Limits, ph *phrases) {
	more := ph.more
	if !l.labelUnit().Fits(more, l.List.Label) {
		more = neutral.more
	}
	r.page(l.List.Max-1, 1, more)
}

// page cuts Shown to one page of size options and adds the option for more; spare is
// how many further options the last page has room for in place of that option.
func (r *Rendered) page(size, spare int, more string) (last bool) {
	page := max(r.Page, 1)
	pages := 1 + (len(r.Shown)-spare-1)/size
	page = min(page, pages)
	from := (page - 1) * size
	r.First = from + 1
	if page == pages {
		r.Shown = r.Shown[from:]
		return true
	}
	shown := make([]Option, 0, size+1)
	shown = append(shown, r.Shown[from:from+size]...)
	r.Shown = append(shown, Option{ID: MoreID(page + 1), Label: more})
	return false
}

// numbered writes the options as numbered lines under the text.
func numbered(text string, m *Message, ph *phrases) string {
	b := make([]byte, 0, 512)
	b = append(b, text...)
	for i := range m.Options {
		o := &m.Options[i]
		if len(b) > 0 {
			b = append(b, '\n')
		}
		b = strconv.AppendInt(b, int64(i+1), 10)
		b = append(b, ". "...)
		b = appendValid(b, o.Label)
		if o.Hint != "" {
			b = append(b, " ("...)
			b = appendValid(b, o.Hint)
			b = append(b, ')')
		}
	}
	if m.Several {
		example := "1 3"
		if len(m.Options) < 3 {
			example = "1 2"
		}
		b = append(b, '\n')
		b = fillIn(b, ph.several, "{example}", example)
	}
	return string(b)
}

// waysOut writes the options of an open question on a line under the text.
func waysOut(text string, options []Option, ph *phrases) string {
	names := make([]byte, 0, 128)
	for i := range options {
		if i > 0 {
			names = append(names, " / "...)
		}
		names = appendValid(names, options[i].Label)
	}
	b := make([]byte, 0, 512)
	b = append(b, text...)
	if len(b) > 0 {
		b = append(b, '\n')
	}
	return string(fillIn(b, ph.orWrite, "{options}", string(names)))
}

func appendValid(b []byte, s string) []byte {
	return append(b, strings.ToValidUTF8(s, "\uFFFD")...)
}

// fillIn appends pattern with the variables, given as name and value in turn, replaced.
func fillIn(b []byte, pattern string, vars ...string) []byte {
	for pattern != "" {
		at := strings.IndexByte(pattern, '{')
		if at < 0 {
			break
		}
		b = append(b, pattern[:at]...)
		pattern = pattern[at:]
		found := false
		for i := 0; i+1 < len(vars); i += 2 {
			if rest, ok := strings.CutPrefix(pattern, vars[i]); ok {
				b = append(b, vars[i+1]...)
				pattern, found = rest, true
				break
			}
		}
		if !found {
			b = append(b, '{')
			pattern = pattern[1:]
		}
	}
	return append(b, pattern...)
}
