package registration

import (
	"errors"
	"maps"
	"slices"
	"strconv"

	"github.com/hubkit/hubkit"
)

// Phrases lists the interview's own words in the languages that the package
// speaks, so that they can be translated for Spec.Phrases.
func Phrases() []hubkit.Entry {
	out := make([]hubkit.Entry, 0, len(phrases))
	for _, id := range slices.Sorted(maps.Keys(phrases)) {
		out = append(out, hubkit.Entry{ID: "phrases/" + id, Text: maps.Clone(phrases[id].text), Vars: slices.Clone(phrases[id].vars)})
	}
	return out
}

// wording is a text to be compiled, in its place.
type wording struct {
	at      string // for the author of a mistake
	id      string // for translators; "" keeps it off their list
	context string // for translators
	text    hubkit.Text
	vars    []string // what it may name
	needed  bool     // empty is a mistake
	phrase  string   // the id, for one of the interview's own
}

// speech compiles one text; nil if it is empty and not needed.
func (c *compiler) speech(w wording) *speech {
	switch {
	case len(w.text) == 0 && w.needed:
		c.fail("no_text", w.at, "it says nothing: write its text in each of the languages")
		return &speech{lit: make([]string, len(c.q.langs)), used: make([]hubkit.Lang, len(c.q.langs))}
	case len(w.text) == 0:
		return nil
	}
	c.enter(w)
	s := &speech{lit: make([]string, len(c.q.langs)), used: make([]hubkit.Lang, len(c.q.langs))}
	if len(c.q.langs) == 0 { // reported already
		return s
	}
	compiled, err := w.text.Compile(c.q.langs, c.fallback, w.vars...)
	if err != nil {
		for _, e := range flatten(err) {
			switch t, ok := errors.AsType[*hubkit.TextError](e); {
			case w.phrase == "":
				c.fail("text", w.at, "%v", e)
			case ok && t.Pos == 0: // there is none in this language
				c.lacks[t.Lang] = append(c.lacks[t.Lang], w.phrase)
			default:
				c.fail("phrase", w.at, "%v", e)
			}
		}
		return s
	}
	s.compiled, s.vars = compiled, compiled.Vars()
	for i, l := range c.q.langs {
		if lit, ok := compiled.Literal(l); ok {
			s.lit[i] = lit
			_, s.used[i] = compiled.In(l, nil)
		}
	}
	return s
}

// enter puts a text on the translators' list, under an id of its own.
func (c *compiler) enter(w wording) {
	if w.id == "" {
		return
	}
	id := "form/" + c.d.ID + "/" + w.id
	c.entered[id]++
	if n := c.entered[id]; n > 1 {
		id += "/" + strconv.Itoa(n)
	}
	c.q.texts = append(c.q.texts, hubkit.Entry{ID: id, Text: w.text, Vars: w.vars, Context: w.context})
}

// firstKey is the key of the first question in parts, by which a text that
// stands above them is known.
func firstKey(bs []branch) string {
	for _, b := range bs {
		if b.Question != nil {
			return b.Question.Key
		}
		if k := firstKey(b.Parts); k != "" {
			return k
		}
	}
	return ""
}
