package instruments

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Instrument is a published index as a card: which answers it reads, how it
// scores them, and what its edition does with missing ones. It is a value; to
// change one, copy it.
type Instrument struct {
	Name    string // with its profile: "fcs.WFP2026"
	Edition string // which publication, of when
	Source  string // where it is published, and its licence
	Missing string // what it does with an answer that is not known, or is impossible
	// LowIsNeedier says that fewer points are more need, as of food consumption and
	// of dietary diversity: pass it on to a targeting.Sample or Rule.
	LowIsNeedier bool
	// Items are the answers that it reads, under the keys that its source gives
	// them. Rename gives them the keys of a questionnaire.
	Items []registration.Slot
	Spec  scoring.CardSpec
	err   error // it was asked for with a number that it does not have
}

// ErrNoInstrument says that an instrument was asked for with a number that it does
// not have, such as DIS7 or an indicator that counts up to 0: write another one.
// Card, On and Rename give it.
var ErrNoInstrument = errors.New("there is no such instrument")

// none is an instrument that cannot be: its card is empty, so that no other way of
// using it makes a card either.
func none(name, format string, a ...any) Instrument {
	return Instrument{Name: name, err: fmt.Errorf("instruments: %s: %w: "+format, append([]any{name, ErrNoInstrument}, a...)...)}
}

// Card binds the instrument to a shape of its own items: for tables of surveys.
func (in Instrument) Card() (*scoring.Card, error) {
	if in.err != nil {
		return nil, in.err
	}
	shape, err := registration.NewShape(in.Items...)
	if err != nil {
		return nil, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	return in.On(shape)
}

// On binds the instrument to the shape of a questionnaire that asks its items.
//
// A profile that takes impossible days as none guards each item against them.
// Where the questionnaire refuses such days already, the guard could never act,
// and the card is made without it.
func (in Instrument) On(shape *registration.Shape) (*scoring.Card, error) {
	if in.err != nil {
		return nil, in.err
	}
	spec := in.Spec
	c, err := scoring.New(spec, shape)
	var all scoring.Mistakes
	if errors.As(err, &all) && slices.ContainsFunc(all, func(m *scoring.Mistake) bool { return m.Kind == "always_holds" }) {
		spec.Criteria = slices.Clone(spec.Criteria)
		for i := range spec.Criteria {
			cr := &spec.Criteria[i]
			if cr.Per != nil && slices.ContainsFunc(all, func(m *scoring.Mistake) bool {
				return m.Kind == "always_holds" && m.At == "criterion "+cr.ID
			}) {
				cr.If, cr.Least, cr.Most = registration.Condition{}, nil, nil
			}
		}
		c, err = scoring.New(spec, shape)
	}
	if err != nil {
		return nil, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	return c, nil
}

// Rename gives items the keys that a questionnaire has for them:
//
//	instruments.RCSI(false).Rename(map[string]string{"rCSIBorrow": "borrowed_food"})
//
// The error names a key that the instrument does not read.
func (in Instrument) Rename(keys map[string]string) (Instrument, error) {
	if in.err != nil {
		return in, in.err
	}
	known := map[string]bool{}
	items := make([]registration.Slot, len(in.Items))
	for i, it := range in.Items {
		known[it.Key] = true
		if to, ok := keys[it.Key]; ok {
			it.Key = to
		}
		items[i] = it
	}
	for from := range keys {
		if !known[from] {
			return in, fmt.Errorf("instruments: %s reads no item %q", in.Name, from)
		}
	}
	b, err := json.Marshal(in.Spec)
	if err != nil {
		return in, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	var tree any
	if err := json.Unmarshal(b, &tree); err != nil {
		return in, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	rename(tree, keys)
	if b, err = json.Marshal(tree); err != nil {
		return in, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	spec, err := scoring.Decode(b)
	if err != nil {
		return in, fmt.Errorf("instruments: %s: %w", in.Name, err)
	}
	in.Items, in.Spec = items, spec
	return in, nil
}

// rename changes the keys of every condition and number in a card's JSON.
func rename(v any, keys map[string]string) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			rename(x, keys)
		}
	case map[string]any:
		if _, op := v["op"]; op {
			if k, ok := v["key"].(string); ok && keys[k] != "" {
				v["key"] = keys[k]
			}
		}
		for _, x := range v {
			rename(x, keys)
		}
	}
}

// The kinds of items.

// days is a number of days of the last seven.
func days(key string) registration.Slot {
	return registration.Slot{Key: key, Kind: registration.KindInteger, Min: 0, Max: 7}
}

// anyDays is a number of days that is taken as it comes, impossible or not.
func anyDays(key string) registration.Slot {
	return registration.Slot{Key: key, Kind: registration.KindInteger}
}

func yesNo(key string) registration.Slot {
	return registration.Slot{Key: key, Kind: registration.KindBool}
}

func choice(key string, options ...string) registration.Slot {
	return registration.Slot{Key: key, Kind: registration.KindOne, Options: options}
}

// The handles of items, for conditions.

func number(key string) registration.Number { return registration.Integer(key, nil).Value() }

func yes(key string) registration.Condition { return registration.YesNo(key, nil).Yes() }

func is(key string, options ...string) registration.Condition {
	return registration.Choice(key, nil).Is(options...)
}

func from(key, option string) registration.Condition {
	return registration.Choice(key, nil).AtLeast(option)
}

// item makes a slot and its criterion.
type item struct {
	key    string
	weight float64
}

// card begins an instrument's card.
func card(id, version string, source string, cs []scoring.Criterion, bands ...scoring.Band) scoring.CardSpec {
	return scoring.CardSpec{ID: id, Version: version, Criteria: cs, Bands: bands, Sources: []string{source}}
}
