package hubkit

import (
	"errors"
	"fmt"
)

// Text is one message in every language, written side by side.
type Text map[Lang]string

// Args are the values of a pattern's variables, by name.
type Args map[string]any

// Compiled is a Text parsed and checked once; safe for concurrent use.
type Compiled struct {
	used map[Lang]Lang
	lit  map[Lang]string
}

// Compile parses t and reports all that is wrong with it at once.
func (t Text) Compile(need []Lang, fb Fallback, vars ...string) (*Compiled, error) {
	c := &Compiled{used: map[Lang]Lang{}, lit: map[Lang]string{}}
	var errs []error
	for _, l := range need {
		s, ok := t[l]
		if !ok {
			errs = append(errs, fmt.Errorf("no text in %q", l))
			continue
		}
		c.used[l], c.lit[l] = l, s
	}
	return c, errors.Join(errs...)
}

// In returns the text for want, and the language it is in.
func (c *Compiled) In(want Lang, a Args) (s string, used Lang) {
	return c.lit[want], c.used[want]
}

// Literal returns the text for want when it has no variables at all: no work, no allocation.
func (c *Compiled) Literal(want Lang) (s string, ok bool) {
	s, ok = c.lit[want]
	return s, ok
}

// Entry is one Text in its place: what translators, checks and the readability
// lint see. Every room that holds texts lists them.
type Entry struct {
	ID      string // "form/registration/sex/option/f"
	Text    Text
	Vars    []string
	Limit   int // characters; 0 none
	Context string
}
