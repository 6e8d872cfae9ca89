package registration

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// Spec is what New checks.
type Spec struct {
	ID        string          // names the questionnaire in stores and exports: "ua-cash"
	Version   string          // changes with every change of meaning
	Title     hubkit.Text     // for agents; may be empty
	Languages []hubkit.Lang   // every text must be there in each of them; the first is the first offered
	Fallback  hubkit.Fallback // languages to try instead; none by itself
	Parts     []Part

	// Phrases overrides the interview's own words by id ("yes", "choose", …), or
	// gives them in a language that the package does not speak: see Phrases.
	Phrases map[string]hubkit.Text
	// Attempts is how many replies in a row that are not understood a question bears. Defaults to 3.
	Attempts int
	// Exhausted is what happens then. Defaults to CallPerson.
	Exhausted Exhausted

	Evaluators []Evaluator // of Foreign conditions
	Checkers   []Checker   // beside the built-in ones; a name used twice is a mistake
}

// Extras is what a questionnaire's JSON cannot hold: the code it names.
type Extras struct {
	Evaluators []Evaluator
	Checkers   []Checker
}

// Questionnaire is checked, immutable, and safe for concurrent use. It is the
// same value whether written with handles, or loaded from JSON.
type Questionnaire struct {
	doc   document
	json  []byte
	hash  [32]byte
	langs []hubkit.Lang

	shape    *Shape
	steps    []step
	askings  []*asking
	byKey    map[string]*asking
	rosters  []*roster
	says     map[string]*speech // the interview's own words
	yes      *reply.Expect      // to confirm a guess
	attempts int                // where no question says otherwise
	language *asking            // the question for the language, or nil
	ids      map[string]string  // option id → question key
	closing  [][]PromptOption   // by language: send, change
	close    *reply.Expect      // to choose between them
	texts    []hubkit.Entry
	extras   Extras
}

// document is the questionnaire as JSON.
type document struct {
	ID        string                 `json:"id"`
	Version   string                 `json:"version"`
	Title     hubkit.Text            `json:"title,omitempty"`
	Languages []hubkit.Lang          `json:"languages"`
	Fallback  hubkit.Fallback        `json:"fallback,omitempty"`
	Phrases   map[string]hubkit.Text `json:"phrases,omitempty"`
	Attempts  int                    `json:"attempts,omitempty"`
	Exhausted Exhausted              `json:"exhausted,omitempty"`
	Parts     []branch               `json:"parts"`
}

// New checks a questionnaire and makes it ready to be asked. Its error is a
// Mistakes: everything that an author must mend, at once.
func New(s Spec) (*Questionnaire, error) {
	d := document{
		ID: s.ID, Version: s.Version, Title: s.Title, Languages: s.Languages, Fallback: s.Fallback,
		Phrases: s.Phrases, Attempts: s.Attempts, Exhausted: s.Exhausted, Parts: branches(s.Parts),
	}
	return compile(d, Extras{Evaluators: s.Evaluators, Checkers: s.Checkers})
}

// MustNew is New for package variables: it panics with the list of mistakes.
func MustNew(s Spec) *Questionnaire {
	q, err := New(s)
	if err != nil {
		panic(err)
	}
	return q
}

// Load reads a questionnaire's JSON. Its error is a Mistakes, or says where
// the JSON is broken; a field that is not known is refused.
func Load(b []byte, x Extras) (*Questionnaire, error) {
	var d document
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("registration: questionnaire: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("registration: questionnaire: there is something after the end of its JSON")
	}
	return compile(d, x)
}

// MarshalJSON writes the questionnaire, without the code of its evaluators and
// checkers. The same questionnaire always gives the same bytes.
func (q *Questionnaire) MarshalJSON() ([]byte, error) { return slices.Clone(q.json), nil }

// ID returns the questionnaire's id.
func (q *Questionnaire) ID() string { return q.doc.ID }

// Version returns the questionnaire's version.
func (q *Questionnaire) Version() string { return q.doc.Version }

// Title returns the questionnaire's name for agents.
func (q *Questionnaire) Title() hubkit.Text { return maps.Clone(q.doc.Title) }

// Hash is the SHA-256 of the JSON: two questionnaires with one hash ask the same.
func (q *Questionnaire) Hash() [32]byte { return q.hash }

// HashString is Hash in hexadecimal.
func (q *Questionnaire) HashString() string { return hex.EncodeToString(q.hash[:]) }

// Languages returns the questionnaire's languages.
func (q *Questionnaire) Languages() []hubkit.Lang { return slices.Clone(q.langs) }

// Shape returns the order of the answers' keys, for cards and conditions.
func (q *Questionnaire) Shape() *Shape { return q.shape }

// Asked describes one question in its place, for exports, previews and agents.
// Its texts and lists are the questionnaire's own: do not change them.
type Asked struct {
	Question
	Step     string // the step it belongs to
	Roster   string // the roster whose members are asked, or ""
	Brief    hubkit.Text
	Hint     hubkit.Text
	Optional bool // may be skipped
	Unknown  bool // offers "I don't know"
	Refuse   bool // offers "I prefer not to say"
	Needs    Ability
}

// Questions yields the questions in the order they are asked.
func (q *Questionnaire) Questions() iter.Seq[Asked] {
	return func(yield func(Asked) bool) {
		for _, a := range q.askings {
			if !yield(a.asked()) {
				return
			}
		}
	}
}

// Find returns one question by its key.
func (q *Questionnaire) Find(key string) (Asked, bool) {
	if a, ok := q.byKey[key]; ok {
		return a.asked(), true
	}
	return Asked{}, false
}

func (a *asking) asked() Asked {
	d := Asked{Question: a.q, Step: a.step, Brief: a.briefText, Hint: a.hintText, Optional: a.optional, Unknown: a.unknown, Refuse: a.refuse, Needs: a.ability}
	if a.roster != nil {
		d.Roster = a.roster.key
	}
	return d
}

// Label returns the text of an answer in a language, as a summary shows it:
// option labels, numbers in digits, dates as day.month.year. Answers without
// a value give the words for it, or "" if missing.
func (q *Questionnaire) Label(key string, v Value, l hubkit.Lang) string {
	a, ok := q.byKey[key]
	if !ok {
		return ""
	}
	return q.label(a, clean(v), q.lang(l))
}

// lang returns the index of a language, or of the first.
func (q *Questionnaire) lang(l hubkit.Lang) int { return max(slices.Index(q.langs, l), 0) }

// Extras returns the code that the questionnaire was made with, to load an
// older version of it.
func (q *Questionnaire) Extras() Extras { return q.extras }

// Texts yields every text of the questionnaire in its place, for translators
// and for hubkit.Check: "form/ua-cash/region/option/kyiv". The ids hold as long
// as the keys do.
func (q *Questionnaire) Texts() iter.Seq[hubkit.Entry] { return slices.Values(q.texts) }
