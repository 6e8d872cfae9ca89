package scoring

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// CardSpec is a card as it is written: plain data, the same in Go and in JSON.
// New proves it.
type CardSpec struct {
	ID      string      `json:"id"`
	Version string      `json:"version"`
	Title   hubkit.Text `json:"title,omitempty"`
	// Languages in which every text must be there. Defaults to every language
	// that any text of the card is in.
	Languages []hubkit.Lang   `json:"languages,omitempty"`
	Fallback  hubkit.Fallback `json:"fallback,omitempty"`
	// Phrases add languages to the card's own words, or replace them: see the
	// function Phrases.
	Phrases map[string]hubkit.Text `json:"phrases,omitempty"`
	// ValidFrom and ValidTo are the first and the last day on which the card
	// applies. Default to always.
	ValidFrom Day `json:"valid_from,omitempty"`
	ValidTo   Day `json:"valid_to,omitempty"`
	// Parameters are the numbers of the programme that the card was made with: the
	// income line, an exchange rate, a median. They are frozen into it.
	Parameters []Parameter `json:"parameters,omitempty"`
	// Start is what every household begins with: the intercept of a linear model.
	Start    float64     `json:"start,omitempty"`
	Criteria []Criterion `json:"criteria"`
	Groups   []Group     `json:"groups,omitempty"`
	Rules    []Rule      `json:"rules,omitempty"`
	// Checks find answers that contradict each other.
	Checks []Check `json:"checks,omitempty"`
	Bands  []Band  `json:"bands,omitempty"`
	// Ties rank households of equal points, the first tie first.
	Ties []Tie `json:"ties,omitempty"`
	// Sources say where the card, or what it is made of, is published.
	Sources []string `json:"sources,omitempty"`
	Notes   string   `json:"notes,omitempty"` // for readers of the card: "illustrative, not in use"
}

// Parameter is a number of the programme with its name and origin. Criteria
// read it by Number or simply use its Value.
type Parameter struct {
	ID     string  `json:"id"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"`   // "UAH per person and month"
	Source string  `json:"source,omitempty"` // who set it, and when
}

// Number is the parameter as a number for criteria.
func (p Parameter) Number() registration.Number { return registration.Constant(p.Value) }

// Day is a date as "2024-06-17", in the calendar of the programme's country.
type Day string

// DayOf is the day of t in t's zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Check says what is wrong with the day; "" is right and means no day.
func (d Day) Check() error {
	if d == "" {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
		return fmt.Errorf("%q is not a day: write it as \"2024-06-17\"", string(d))
	}
	return nil
}

// AppliesOn says whether the card is valid on a day.
func (s *CardSpec) AppliesOn(d Day) bool {
	return (s.ValidFrom == "" || d >= s.ValidFrom) && (s.ValidTo == "" || d <= s.ValidTo)
}

// Decode reads a card's JSON without proving it, for programs that look at a
// card before there is a questionnaire. A field that is not known is refused.
// The error is ErrCardJSON with the place.
func Decode(b []byte) (CardSpec, error) {
	var s CardSpec
	if err := strict(b, &s); err != nil {
		return CardSpec{}, fmt.Errorf("%w: %w", ErrCardJSON, err)
	}
	return s, nil
}

// Load reads a card's JSON and proves it: Decode and New.
func Load(b []byte, shape *registration.Shape, evs ...registration.Evaluator) (*Card, error) {
	s, err := Decode(b)
	if err != nil {
		return nil, err
	}
	return New(s, shape, evs...)
}

// strict decodes one JSON value, and nothing after it, into v.
func strict(b []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the card")
	}
	return nil
}
