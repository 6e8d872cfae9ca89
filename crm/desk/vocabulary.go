package desk

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// vocabulary is the desk's own words, compiled.
type vocabulary struct {
	by    map[string]*hubkit.Compiled
	entry []hubkit.Entry
}

// variables that any word may use.
var variables = []string{"n", "who", "what", "when", "from", "to", "channel", "programme"}

func newVocabulary(langs []hubkit.Lang, more map[string]hubkit.Text) (*vocabulary, error) {
	v := &vocabulary{by: map[string]*hubkit.Compiled{}}
	for _, id := range slices.Sorted(maps.Keys(more)) {
		if _, ok := ownWords[id]; !ok {
			return nil, fmt.Errorf("desk: Config.Words: the desk has no words %q", id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ownWords)) {
		t := maps.Clone(ownWords[id])
		maps.Copy(t, more[id])
		v.entry = append(v.entry, hubkit.Entry{ID: "desk/words/" + id, Text: t, Vars: variables, Context: "the agents' pages"})
	}
	for s, t := range ownDrafts {
		v.entry = append(v.entry, hubkit.Entry{ID: "desk/messages/" + string(s), Text: t, Context: "what a person is told of a decision"})
	}
	for _, e := range v.entry {
		if e.Context != "the agents' pages" {
			continue
		}
		c, err := e.Compile(langs, nil)
		if err != nil {
			return nil, fmt.Errorf("desk: give Config.Words what is missing: %w", err)
		}
		v.by[e.ID[len("desk/words/"):]] = c
	}
	return v, nil
}

// say is a word in a language; pairs are its variables. An id without words is
// shown as it is: a test finds every such.
func (v *vocabulary) say(l hubkit.Lang, id string, pairs ...any) string {
	c, ok := v.by[id]
	if !ok {
		return id
	}
	var args hubkit.Args
	if len(pairs) > 0 {
		args = hubkit.Args(dict(pairs...))
	}
	s, _ := c.In(l, args)
	return s
}

func (v *vocabulary) texts(yield func(hubkit.Entry) bool) {
	for _, e := range v.entry {
		if !yield(e) {
			return
		}
	}
}

// newDrafts compiles what people are told, each in the languages it has.
func newDrafts(more map[crm.Status]hubkit.Text) (map[crm.Status]*hubkit.Compiled, error) {
	all := maps.Clone(ownDrafts)
	for s, t := range more {
		merged := maps.Clone(all[s])
		if merged == nil {
			merged = hubkit.Text{}
		}
		maps.Copy(merged, t)
		all[s] = merged
	}
	out := map[crm.Status]*hubkit.Compiled{}
	for s, t := range all {
		need := slices.Sorted(maps.Keys(t))
		if i := slices.Index(need, "en"); i > 0 { // the first is what others fall back to
			need[0], need[i] = need[i], need[0]
		}
		c, err := t.Compile(need, nil)
		if err != nil {
			return nil, fmt.Errorf("desk: Config.Messages[%s]: %w", s, err)
		}
		out[s] = c
	}
	return out, nil
}
