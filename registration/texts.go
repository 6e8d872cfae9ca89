package registration

import (
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/hubkit/hubkit"
)

// Phrases lists the interview's own words in the languages that the package
// speaks, so that they can be translated for Spec.Phrases.
func Phrases() []hubkit.Entry {
	out := make([]hubkit.Entry, 0, len(phrases))
	for _, id := range slices.Sorted(maps.Keys(phrases)) {
		out = append(out, hubkit.Entry{ID: "phrases/" + id, Text: maps.Clone(phrases[id].text), Vars: phrases[id].vars})
	}
	return out
}

// texts lists every text of the document.
func (d document) texts() []hubkit.Entry {
	root := "form/" + d.ID
	var out []hubkit.Entry
	add := func(id string, t hubkit.Text, context string) {
		if len(t) > 0 {
			out = append(out, hubkit.Entry{ID: root + "/" + id, Text: t, Vars: usedVars(t), Context: context})
		}
	}
	add("title", d.Title, "the questionnaire's name, for agents")
	for _, id := range slices.Sorted(maps.Keys(d.Phrases)) {
		add("phrases/"+id, d.Phrases[id], "the interview's own words")
	}
	n := 0
	var walk func(bs []branch)
	walk = func(bs []branch) {
		for _, b := range bs {
			switch {
			case b.Question != nil && b.Do == doAsk:
				questionTexts(*b.Question, add)
			case b.Do == doRepeat:
				add(b.Key+"/title", b.Text, "said above each question of a member")
				if b.Question != nil {
					questionTexts(*b.Question, add)
				}
			case b.Do == doStop:
				add("stop/"+b.Key, b.Text, "said when the questions end here")
			case len(b.Text) > 0:
				id := b.Do
				if k := firstKey(b.Parts); k != "" {
					id = k + "/" + b.Do
				} else {
					n++
					id += "/" + strconv.Itoa(n)
				}
				add(id, b.Text, "")
			}
			walk(b.Parts)
		}
	}
	walk(d.Parts)
	return out
}

func questionTexts(q Question, add func(id string, t hubkit.Text, context string)) {
	add(q.Key, q.Ask, "question ("+string(q.Form)+")")
	for _, o := range q.Options {
		add(q.Key+"/option/"+o.Key, o.Label, "an answer")
		add(q.Key+"/option/"+o.Key+"/short", o.Short, "the answer on a button")
	}
}

// firstKey is the key of the first question in parts.
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

var varForm = regexp.MustCompile(`\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*[,}]`)

// usedVars lists the names of a text's variables.
func usedVars(t hubkit.Text) []string {
	var vars []string
	for _, p := range t {
		for _, m := range varForm.FindAllStringSubmatch(p, -1) {
			if !slices.Contains(vars, m[1]) {
				vars = append(vars, m[1])
			}
		}
	}
	slices.Sort(vars)
	return vars
}
