package talk

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/registration/reply"
)

// Closing is what is said last, after the interview's own goodbye; it may be empty.
type Closing func(iv *registration.Interview) string

// Talk is one questionnaire asked of one person: a channels.Handler. Safe for
// concurrent use.
type Talk struct {
	mu      sync.Mutex
	form    *registration.Questionnaire
	iv      *registration.Interview
	closing Closing
}

// New begins a talk. closing may be nil.
func New(form *registration.Questionnaire, closing Closing) *Talk {
	return &Talk{form: form, iv: form.Begin(""), closing: closing}
}

// Handle hears what came in and returns what to say. At the end of the interview
// its error is console.ErrOver, beside the last messages.
func (t *Talk) Handle(_ context.Context, e channels.Event) ([]channels.Message, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var before []string
	switch e.Kind {
	case channels.Started:
	case channels.Said:
		if e.Option == "" && word(e.Text) == "stop" {
			return []channels.Message{t.message(e, channels.Message{Lang: t.iv.Lang(), Text: stopped[t.iv.Lang()]})}, console.ErrOver
		}
		before = t.hear(e)
	default:
		return nil, nil
	}
	p := t.iv.Prompt()
	before = append(before, p.Notes...)
	var out []channels.Message
	if s := join("\n\n", before...); s != "" {
		out = append(out, t.message(e, channels.Message{Lang: t.iv.Lang(), Text: s}))
	}
	out = append(out, t.message(e, Message(p)))
	if !p.Done {
		return out, nil
	}
	if t.closing != nil {
		if s := t.closing(t.iv); s != "" {
			out = append(out, t.message(e, channels.Message{Lang: t.iv.Lang(), Text: s}))
		}
	}
	return out, console.ErrOver
}

// hear gives a reply to the interview, or does what a word at any moment asks
// for. It returns what to say before the next question.
func (t *Talk) hear(e channels.Event) []string {
	if e.Option == "" {
		switch word(e.Text) {
		case "back":
			return t.unless(t.iv.Back(), nothingBack)
		case "change":
			return t.unless(t.iv.AskChange(), nothingToChange)
		case "language":
			return t.unless(t.askLanguage(), nothingToChange)
		case "help":
			return []string{help[t.iv.Lang()]}
		}
	}
	r := registration.Reply{Text: e.Text, Option: e.Option, At: e.At}
	if l := e.Location; l != nil {
		r.Place = &registration.Place{Lat: l.Lat, Lon: l.Lon, Accuracy: l.Accuracy}
	}
	for _, m := range e.Media {
		r.Files = append(r.Files, registration.File{Ref: m.URL, Type: m.Type, Name: m.Name, Size: m.Size})
	}
	return []string{t.iv.Hear(r).Say}
}

// unless says why something could not be done.
func (t *Talk) unless(done bool, why hubkit.Text) []string {
	if done {
		return nil
	}
	return []string{why[t.iv.Lang()]}
}

// askLanguage goes back to the question for the language, if there is one.
func (t *Talk) askLanguage() bool {
	for q := range t.form.Questions() {
		if q.Form == registration.FormLanguage {
			return t.iv.Change(q.Key, -1) == nil
		}
	}
	return false
}

// message addresses m to whoever e came from.
func (t *Talk) message(e channels.Event, m channels.Message) channels.Message {
	m.To, m.From = e.From, e.To.ID
	return m
}

// Message is a prompt as a channel takes it, without its notes.
func Message(p registration.Prompt) channels.Message {
	m := channels.Message{
		Lang: p.Lang, Heading: p.Heading, Text: join("\n", p.Text, p.Hint), Several: p.Several, Open: p.Open,
		Spoken: p.Spoken, Recording: p.Recording,
	}
	for _, o := range p.Options {
		m.Options = append(m.Options, channels.Option{ID: o.ID, Label: o.Say, Short: o.Short})
	}
	return m
}

// word returns which of the words at any moment a whole reply is; "" if none.
func word(s string) string {
	s = reply.Fold(s)
	for id, all := range words {
		if slices.Contains(all, s) {
			return id
		}
	}
	return ""
}

// join joins what is not empty.
func join(with string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), with)
}
