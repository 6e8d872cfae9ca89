package reply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// Where labels are numbers other than those shown beside them, a number in
// words, with a word before it or among others means two options as well.
func TestNumbersThatAreLabels(t *testing.T) {
	var ls []reply.Label
	for i, s := range []string{"0", "1", "2", "3 or more"} {
		for _, l := range threeLangs {
			ls = append(ls, reply.Label{Option: i, Lang: l, Text: s})
		}
	}
	spec := reply.Spec{Kind: reply.One, Langs: threeLangs, Options: 4, Labels: ls}
	one := reply.New(spec)
	spec.Kind = reply.Many
	many := reply.New(spec)
	for lang, said := range map[hubkit.Lang][]string{
		"en": {"1", "2", "one", "two", "Two!", "option one", "option 1", "number 2", "(1)", "1.", "№ 2"},
		"uk": {"один", "двоє", "варіант два", "номер 1"},
		"ru": {"один", "вариант один"},
		"ar": {"واحد", "١", "رقم ١"},
	} {
		for _, s := range said {
			assert.Equalf(t, reply.SeveralOptions, one.Understand(lang, s, 0, nil).Why, "%s %q", lang, s)
			assert.Falsef(t, many.Understand(lang, s, 0, nil).OK, "%s %q", lang, s)
		}
	}
	for _, s := range []string{"one and two", "1 2", "1,2", "1-2", "1-4", "0 1"} {
		u := many.Understand("en", s, 0, nil)
		assert.Falsef(t, u.OK, "%q: %+v", s, u)
	}
	for s, want := range map[string]int64{"0": 0, "zero": 0, "four": 3, "4": 3, "option four": 3, "3 or more": 3, "2. 1": 1} {
		u := one.Understand("en", s, 0, nil)
		assert.Truef(t, u.OK && u.N == want, "%q: %+v", s, u)
	}

	// Labels that are the numbers beside them mean one option.
	ls = nil
	for i, s := range []string{"1", "2", "3 or more"} {
		ls = append(ls, reply.Label{Option: i, Lang: "en", Text: s})
	}
	same := reply.New(reply.Spec{Kind: reply.Many, Langs: threeLangs, Options: 3, Labels: ls})
	for s, want := range map[string][]int{"1": {0}, "two": {1}, "option 2": {1}, "1 2": {0, 1}, "one and two": {0, 1}, "1-3": {0, 1, 2}} {
		assert.Equalf(t, want, same.Understand("en", s, 0, nil).Set, "%q", s)
	}
}
