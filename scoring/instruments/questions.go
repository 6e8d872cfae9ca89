package instruments

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// Questions are the standard questions of an instrument, as parts of a
// questionnaire. They come in English, or without words where the words are their
// publisher's to give; In adds a language. A text that is missing is found when the
// questionnaire is made, not by the person who is asked: registration.New refuses
// it. It is a value; In returns a copy.
type Questions struct {
	Name   string // of the instrument: "rcsi"
	Source string // of the wording
	asks   []ask
}

// ask is one question, its options in order.
type ask struct {
	item    string // as the instrument reads it; its key in lower case is the question's
	form    registration.Form
	text    hubkit.Text
	options []registration.Option
	after   string // only if this one was answered yes, or with a day or more
	unless  string // only if this one was answered no
}

func (a ask) key() string { return strings.ToLower(a.item) }

// id is the name of an option's text.
func (a ask) id(option string) string { return a.key() + ":" + option }

func english(s string) hubkit.Text {
	if s == "" {
		return nil
	}
	return hubkit.Text{"en": s}
}

// In returns the questions with their words in one more language, or with other
// words in one that is there. The names of texts are those of Texts:
// "rcsiborrow", and "hhsnofood_fr:often" for an option. Have a speaker of the
// language check them: a translation that is not the one that was validated
// makes another index.
//
// The error lists names that are not there. What is still missing is found by
// registration.New.
func (q Questions) In(l hubkit.Lang, words map[string]string) (Questions, error) {
	known := map[string]bool{}
	out := q
	out.asks = slices.Clone(q.asks)
	with := func(t hubkit.Text, id string) hubkit.Text {
		known[id] = true
		if words[id] == "" {
			return t
		}
		t = maps.Clone(t)
		if t == nil {
			t = hubkit.Text{}
		}
		t[l] = words[id]
		return t
	}
	for i := range out.asks {
		a := &out.asks[i]
		a.text, a.options = with(a.text, a.key()), slices.Clone(a.options)
		for j := range a.options {
			a.options[j].Label = with(a.options[j].Label, a.id(a.options[j].Key))
		}
	}
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(words)) {
		if !known[id] {
			errs = append(errs, fmt.Errorf("instruments: %s has no text %q: see Texts for their names", q.Name, id))
		}
	}
	if len(errs) > 0 {
		return q, errors.Join(errs...)
	}
	return out, nil
}

// Texts yields every text of the questions in its place, those without words too.
func (q Questions) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for _, a := range q.asks {
			if !yield(hubkit.Entry{ID: a.key(), Text: a.text, Context: "a standard question of " + q.Name + ": keep its meaning exactly"}) {
				return
			}
			for _, o := range a.options {
				if !yield(hubkit.Entry{ID: a.id(o.Key), Text: o.Label, Context: "an answer"}) {
					return
				}
			}
		}
	}
}

// Parts returns the questions for a questionnaire, and what is said before them. Wrap them in OrUnknown and
// OrRefuse where people shall be able to say so.
func (q Questions) Parts() []registration.Part {
	var ps []registration.Part
	for _, a := range q.asks {
		var p registration.Part
		switch a.form {
		case registration.FormYesNo:
			p = registration.YesNo(a.key(), a.text)
		case registration.FormChoice:
			p = registration.Choice(a.key(), a.text, a.options...)
		case registration.FormNote:
			p = registration.Note(a.key(), a.text)
		default:
			p = registration.Integer(a.key(), a.text).Between(0, 7)
		}
		if a.after != "" {
			p = registration.When(q.positive(a.after), p)
		}
		if a.unless != "" {
			p = registration.When(registration.YesNo(strings.ToLower(a.unless), nil).No(), p)
		}
		ps = append(ps, p)
	}
	return ps
}

// positive is the condition that an earlier question was answered yes, or with a
// day or more.
func (q Questions) positive(item string) registration.Condition {
	i := slices.IndexFunc(q.asks, func(a ask) bool { return a.item == item })
	if q.asks[i].form == registration.FormYesNo {
		return yes(q.asks[i].key())
	}
	return number(q.asks[i].key()).AtLeast(1)
}

// Keys returns the key of each item's question, as Rename, FCSNFlags and HDDSFlags
// take them.
func (q Questions) Keys() map[string]string {
	keys := map[string]string{}
	for _, a := range q.asks {
		if a.form != registration.FormNote {
			keys[a.item] = a.key()
		}
	}
	return keys
}

// Fit gives an instrument the keys of the questions. Items that they do not ask,
// such as an age, keep theirs.
func (q Questions) Fit(in Instrument) (Instrument, error) {
	keys := q.Keys()
	maps.DeleteFunc(keys, func(item, _ string) bool {
		return !slices.ContainsFunc(in.Items, func(sl registration.Slot) bool { return sl.Key == item })
	})
	return in.Rename(keys)
}
