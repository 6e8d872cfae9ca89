package hubkit

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit/internal/icu"
)

// Text is one message in every language, written side by side:
//
//	hubkit.Text{"en": "Thank you, {name}.", "uk": "Дякуємо, {name}."}
//
// Each translation is a pattern in a subset of ICU MessageFormat, which
// translators' tools know:
//
//	{name}                                         the value of a variable
//	{n, plural, =0 {…} one {…} few {…} other {…}}  words by number; # is the number
//	{sex, select, f {…} m {…} other {…}}           words by a value
//	'{'                                            a brace for people to see
//
// "other" is compulsory, plural and select nest at most two deep, and an
// apostrophe quotes only directly before a brace, so that "п'ять" needs no
// care. [Escape] writes foreign words as a pattern.
//
// Short labels, spoken forms and recordings are further Texts beside a Text,
// never fields inside it. An empty translation counts as missing.
type Text map[Lang]string

// Args are the values of a pattern's variables, by name.
//
// Whole numbers are printed in Latin digits without grouping, float64 with a
// point and the digits it needs, strings as they are; other types as fmt.Sprint
// prints them. A plural takes numbers and strings of digits ("2.50", so that
// the digits shown decide the form); a select compares what would be printed.
type Args map[string]any

// Compile parses t and reports all that is wrong with it at once: for each
// language of need, a text in it or in its fall-backs, of which every pattern
// is whole, has the plural forms its language needs and no others, and uses no
// variables but vars. Translations that no needed language can reach are left
// alone, save that their tags must be tags.
//
// The error is a list (errors.Join) of [TextError], one a mistake, or, when need
// or fb themselves are wrong, of what is wrong with those (tags have
// [ErrLang]). With an error the *Compiled is nil.
func (t Text) Compile(need []Lang, fb Fallback, vars ...string) (*Compiled, error) {
	return Entry{Text: t, Vars: vars}.Compile(need, fb)
}

// Compiled is a Text parsed and checked once. It is immutable and safe for
// concurrent use. A nil *Compiled, as of an optional Text, says nothing.
type Compiled struct {
	wants []Lang         // those needed first
	says  []*translation // of the same index
	vars  []string
}

// translation is what one language says.
type translation struct {
	lang    Lang
	words   string // of a literal
	literal bool
	pattern *icu.Pattern
	rules   icu.Rules
}

// In returns the text for want, and the language it is in: want, or the one
// its fall-back chose. A message falls back whole, never in part. A language
// that was not compiled gets its BCP 47 parent's text, or else that of the
// first language needed: people read something rather than nothing, and used
// says what.
//
// A variable that a lacks is left out, and a plural or select on it says
// "other": In never panics and never shows a name in braces. [Compiled.Vars]
// tells beforehand which values will be wanted.
//
// In costs no allocation without variables, and one with them.
func (c *Compiled) In(want Lang, a Args) (s string, used Lang) {
	t := c.find(want)
	switch {
	case t == nil:
		return "", ""
	case t.literal:
		return t.words, t.lang
	}
	return t.pattern.Format(t.rules, a), t.lang
}

// Literal returns the text for want, chosen as [Compiled.In] does, when it has
// no variables at all: no work, no allocation.
func (c *Compiled) Literal(want Lang) (s string, ok bool) {
	t := c.find(want)
	if t == nil || !t.literal {
		return "", false
	}
	return t.words, true
}

// Vars returns the names of the variables that some language uses, in order.
func (c *Compiled) Vars() []string {
	if c == nil {
		return nil
	}
	return slices.Clone(c.vars)
}

func (c *Compiled) find(want Lang) *translation {
	if c == nil {
		return nil
	}
	if t := c.exactly(want); t != nil {
		return t
	}
	for _, l := range want.parents() {
		if t := c.exactly(l); t != nil {
			return t
		}
	}
	return c.says[0]
}

// exactly looks along a slice: for the few languages of a programme that is
// faster than a map.
func (c *Compiled) exactly(want Lang) *translation {
	for i, l := range c.wants {
		if l == want {
			return c.says[i]
		}
	}
	return nil
}

// Escape returns s as a pattern that says exactly s, whatever braces and
// apostrophes it holds: for importers of words that were not written as
// patterns.
func Escape(s string) string { return icu.Escape(s) }

// Entry is one Text in its place: what translators, checks and the readability
// lint see. Every room that holds texts lists them, as Texts() iter.Seq[Entry].
type Entry struct {
	ID      string   // its place, unique in the list: "form/registration/sex/option/f"
	Text    Text     // in the languages there are
	Vars    []string // the variables it may use
	Limit   int      // most characters (code points) it may have; 0 no limit
	Context string   // for the translator: where it is shown, to whom, what it means
}

// Compile is [Text.Compile] with the entry's variables. Each [TextError]
// carries the entry's ID, and a text over the limit is one of them.
func (e Entry) Compile(need []Lang, fb Fallback) (*Compiled, error) {
	if err := checkLanguages(need, fb); err != nil {
		return nil, err
	}
	return e.compile(need, fb)
}

// Check compiles every entry and joins all problems, each with the ID of its
// entry in front: what a start-up check or a translators' tool shows. An entry
// without ID, or with the ID of another, is a problem too. When the languages
// or fall-backs themselves are wrong, only that is reported.
func Check(entries iter.Seq[Entry], need []Lang, fb Fallback) error {
	if err := checkLanguages(need, fb); err != nil {
		return err
	}
	var errs []error
	seen := map[string]bool{}
	for e := range entries {
		switch {
		case e.ID == "":
			errs = append(errs, &TextError{Problem: "this text has no ID: give it one, so that translators' files can name it"})
		case seen[e.ID]:
			errs = append(errs, &TextError{ID: e.ID, Problem: "another text has the same ID: rename one, or their translations will be mixed up"})
		}
		seen[e.ID] = true
		if _, err := e.compile(need, fb); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// TextError is one mistake in a text, in words for the one who wrote it:
//
//	form/size: uk, character 4, at "{n, plural, one": the plural form "few" is missing, …
type TextError struct {
	ID      string // of the Entry; empty for a Text compiled by itself
	Lang    Lang   // empty when it concerns the message in every language
	Pos     int    // the character where it is, from 1; 0 when it has no one place
	Near    string // the first characters from there
	Problem string // what is wrong, and what to do
}

// Error returns the place and the problem in one line.
func (e *TextError) Error() string {
	var b strings.Builder
	if e.ID != "" {
		fmt.Fprintf(&b, "%s: ", e.ID)
	}
	switch {
	case e.Pos > 0:
		fmt.Fprintf(&b, "%s, character %d, at %q: ", string(e.Lang), e.Pos, e.Near)
	case e.Lang != "":
		fmt.Fprintf(&b, "%s: ", string(e.Lang))
	}
	b.WriteString(e.Problem)
	return b.String()
}

func checkLanguages(need []Lang, fb Fallback) error {
	if len(need) == 0 {
		return errors.New("no language is needed: name at least one")
	}
	var errs []error
	for i, l := range need {
		if err := l.Check(); err != nil {
			errs = append(errs, fmt.Errorf("language needed %w", err))
		} else if slices.Contains(need[:i], l) {
			errs = append(errs, fmt.Errorf("language needed %q is named twice: remove one", string(l)))
		}
	}
	return errors.Join(append(errs, fb.Check())...)
}

// compile does the work of Compile on languages known to be sound.
func (e Entry) compile(need []Lang, fb Fallback) (*Compiled, error) {
	var errs []error
	for _, l := range sorted(e.Text) {
		if err := l.Check(); err != nil {
			errs = append(errs, &TextError{ID: e.ID, Problem: "its language " + err.Error()})
		}
	}
	c := &Compiled{}
	done := map[Lang]*translation{}
	// Languages that only the fall-backs name are answered too, if they can be.
	for i, want := range append(slices.Clone(need), sorted(fb)...) {
		used, ok := e.choose(fb.chain(want))
		t := done[used]
		switch {
		case !ok && i < len(need):
			errs = append(errs, e.missing(want, fb.chain(want)[1:]))
		case !ok && len(errs) == 0:
			t = c.says[0] // and not its parents: the chain is the whole chain
		case ok && t == nil:
			var problems []error
			t, problems = e.translation(used)
			errs = append(errs, problems...)
			done[used] = t
			c.vars = append(c.vars, t.pattern.Vars()...)
		}
		c.wants, c.says = append(c.wants, want), append(c.says, t)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	slices.Sort(c.vars)
	c.vars = slices.Compact(c.vars)
	return c, nil
}

// choose returns the first language of chain in which there is a text.
func (e Entry) choose(chain []Lang) (Lang, bool) {
	for _, l := range chain {
		if strings.TrimSpace(e.Text[l]) != "" {
			return l, true
		}
	}
	return "", false
}

func (e Entry) missing(l Lang, chain []Lang) error {
	problem := "there is no text in this language: write one, or name a fall-back"
	if len(chain) > 0 {
		problem = fmt.Sprintf("there is no text in this language nor in its fall-backs %q: write one", chain)
	}
	return &TextError{ID: e.ID, Lang: l, Problem: problem}
}

// translation parses and checks the text in l.
func (e Entry) translation(l Lang) (*translation, []error) {
	src := e.Text[l]
	p, problems := icu.Parse(src)
	t := &translation{lang: l, pattern: p, rules: icu.RulesFor(string(l))}
	t.words, t.literal = p.Literal()
	if len(problems) == 0 {
		problems = p.Check(t.rules, e.Vars)
	}
	slices.SortStableFunc(problems, func(a, b icu.Problem) int { return a.Pos - b.Pos })
	var errs []error
	for _, pr := range problems {
		errs = append(errs, &TextError{
			ID: e.ID, Lang: l,
			Pos:     utf8.RuneCountInString(src[:pr.Pos]) + 1,
			Near:    near(src[pr.Pos:]),
			Problem: pr.Text,
		})
	}
	if n := p.Shortest(); len(errs) == 0 && e.Limit > 0 && n > e.Limit {
		problem := fmt.Sprintf("the text has %d characters, and %d are the most here: shorten it", n, e.Limit)
		if !t.literal {
			problem = fmt.Sprintf("the text has %d characters even without the values of its variables, and %d are the most here: shorten it", n, e.Limit)
		}
		errs = append(errs, &TextError{ID: e.ID, Lang: l, Problem: problem})
	}
	return t, errs
}

// near returns the first characters of s.
func near(s string) string {
	const most = 20
	n := 0
	for i := range s {
		if n == most {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
