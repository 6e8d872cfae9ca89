package desk

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// answerRow is one answer: what it means in the agent's language, and what the
// person said.
type answerRow struct {
	Key      string
	Question string
	Answer   string
	State    string      // "", or a word for an answer without a value
	Said     string      // the person's own words; "" when they say no more than Answer
	SaidLang hubkit.Lang // of the conversation then
	Typed    bool        // Said was typed, not read off an option
}

// roster is the members of a household, as a table: a column for each member.
type roster struct {
	Title   string
	Columns []string
	Rows    []rosterRow
}

type rosterRow struct {
	Question string
	Cells    []answerRow
}

// answersView is all that was answered.
type answersView struct {
	Rows    []answerRow
	Rosters []roster
	Unread  bool // the answers could not be read
	Keys    bool // the questionnaire is not known: keys stand for questions
}

// answers shows a registration's answers; said are the person's own words.
func (v *visit) answers(q *registration.Questionnaire, r *crm.Registration, said map[spoken]utterance) (view answersView) {
	if len(r.Answers) == 0 {
		return view
	}
	var a registration.Answers
	if err := json.Unmarshal(r.Answers, &a); err != nil {
		view.Unread = true
		return view
	}
	if q == nil {
		view.Keys = true
		for key, value := range a.All() {
			b, _ := value.MarshalJSON() // an answer always has a JSON
			view.Rows = append(view.Rows, answerRow{Key: key, Question: key, Answer: string(b)})
		}
		return view
	}
	if fitted, err := registration.Reshape(a, q.Shape()); err == nil { // else what fits is shown by label, and the rest as it is
		a = fitted
	}
	ask := v.asker(q)
	members := map[string]int{} // roster → index in view.Rosters
	for one := range q.Questions() {
		if one.Roster != "" {
			i, ok := members[one.Roster]
			if !ok {
				i = len(view.Rosters)
				members[one.Roster] = i
				view.Rosters = append(view.Rosters, roster{Title: v.t("household")})
			}
			row := rosterRow{Question: ask(one)}
			n := 0
			for m := range a.Members(one.Roster) {
				n++
				cell := v.answer(q, r, one, m.Get(one.Key), said[spoken{one.Key, n - 1}])
				v.waits(r, one.Key+"."+itoa(n), &cell)
				row.Cells = append(row.Cells, cell)
			}
			if n > 0 && slices.ContainsFunc(row.Cells, func(c answerRow) bool { return c.Answer != "" || c.State != "" && c.State != v.t("not_asked") }) {
				view.Rosters[i].Rows = append(view.Rosters[i].Rows, row)
			}
			for len(view.Rosters[i].Columns) < n {
				view.Rosters[i].Columns = append(view.Rosters[i].Columns, v.t("member", "n", len(view.Rosters[i].Columns)+1))
			}
			continue
		}
		if one.Form == registration.FormNote || one.Form == registration.FormLanguage {
			continue
		}
		value := a.Get(one.Key)
		if s := value.State(); s == registration.NotAsked || s == registration.Missing && one.Form == registration.FormCalculated {
			continue
		}
		row := v.answer(q, r, one, value, said[spoken{one.Key, -1}])
		v.waits(r, one.Key, &row)
		row.Question = ask(one)
		view.Rows = append(view.Rows, row)
	}
	view.Rosters = slices.DeleteFunc(view.Rosters, func(t roster) bool { return len(t.Columns) == 0 })
	return view
}

// waits marks an answer that could not be given where the person wrote.
func (v *visit) waits(r *crm.Registration, key string, row *answerRow) {
	if slices.Contains(r.Deferred, key) {
		row.State = v.t("deferred")
	}
}

// asker names questions in the agent's language, briefly where they have a brief name.
func (v *visit) asker(q *registration.Questionnaire) func(registration.Asked) string {
	return func(one registration.Asked) string {
		for _, t := range []hubkit.Text{one.Brief, one.Ask} {
			if s := nearest(t, v.lang, q.Languages()); s != "" {
				return s
			}
		}
		return one.Key
	}
}

// nearest is a text in a language, or in the first that it has.
func nearest(t hubkit.Text, want hubkit.Lang, have []hubkit.Lang) string {
	for _, l := range append([]hubkit.Lang{want, want.Base()}, have...) {
		if t[l] == "" {
			continue
		}
		c, err := t.Compile([]hubkit.Lang{l}, nil, "n")
		if err != nil {
			return t[l]
		}
		s, _ := c.In(l, nil)
		return s
	}
	return ""
}

// answer is one value in words.
func (v *visit) answer(q *registration.Questionnaire, r *crm.Registration, one registration.Asked, value registration.Value, said utterance) answerRow {
	row := answerRow{Key: one.Key}
	switch value.State() {
	case registration.Missing:
		row.State = v.t("missing")
	case registration.DontKnow:
		row.State = v.t("dont_know")
	case registration.Refused:
		row.State = v.t("refused")
	case registration.NotAsked:
		row.State = v.t("not_asked")
	default:
		lang := v.lang
		if !slices.Contains(q.Languages(), lang) {
			lang = q.Languages()[0]
		}
		row.Answer = q.Label(one.Key, value, lang)
		if given, version, ok := value.Consent(); ok && given && version != "" {
			row.Answer += " · " + v.t("version", "n", version)
		}
		if f, ok := value.File(); ok && row.Answer == "" {
			row.Answer = v.t("file") + " " + f.Name
		}
	}
	row.Said, row.SaidLang, row.Typed = said.Text, said.Lang, said.Typed
	if row.Said == "" && value.State() == registration.Answered && slices.Contains(q.Languages(), r.Lang) && r.Lang != v.lang {
		row.Said, row.SaidLang = q.Label(one.Key, value, r.Lang), r.Lang
	}
	if value.State() == registration.Missing && row.Said != "" {
		row.State = v.t("said_only") // the answers are kept when they are handed in
	}
	if strings.EqualFold(row.Said, row.Answer) {
		row.Said = ""
	}
	return row
}
