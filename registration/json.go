package registration

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// ErrAnswersJSON says that JSON does not hold answers.
var ErrAnswersJSON = errors.New("registration: this JSON does not hold answers")

// MarshalJSON writes the answers by key in the order of the shape, so that
// reading them back gives equal answers, and every score stays the same. Yes
// and no are true and false, whole numbers are numbers and words are strings;
// what JSON has no form for says its kind: {"one":"f"}, {"many":["a","b"]},
// {"decimal":"12.50"}, {"date":"2022-02-24"}, {"consent":true,"version":"2"},
// {"place":{…}}, {"file":{…}}, {"rows":[{…},…]}, {"state":"dont_know"}.
// Missing answers are left out.
func (a Answers) MarshalJSON() ([]byte, error) {
	return appendAnswers(make([]byte, 0, 64+24*len(a.vals)), a.shape, a.vals), nil
}

func appendAnswers(b []byte, s *Shape, vals []Value) []byte {
	b = append(b, '{')
	first := true
	for i := range vals {
		v := clean(vals[i])
		if v.state == Missing {
			continue
		}
		if !first {
			b = append(b, ',')
		}
		first = false
		b = appendQuoted(b, s.slots[i].Key)
		b = append(b, ':')
		b = appendJSON(b, v)
	}
	return append(b, '}')
}

// MarshalJSON writes one answer as Answers does; a missing one is null.
func (v Value) MarshalJSON() ([]byte, error) {
	if v = clean(v); v.state == Missing {
		return []byte("null"), nil
	}
	return appendJSON(nil, v), nil
}

func appendJSON(b []byte, v Value) []byte {
	if v.state != Answered {
		return append(append(append(b, `{"state":"`...), v.state.String()...), `"}`...)
	}
	switch v.kind {
	case KindBool:
		return strconv.AppendBool(b, v.n != 0)
	case KindInteger:
		return strconv.AppendInt(b, v.n, 10)
	case KindWords:
		return appendQuoted(b, v.s)
	case KindDecimal:
		return append(appendQuoted(append(b, `{"decimal":`...), v.s), '}')
	case KindDate:
		return append(appendQuoted(append(b, `{"date":`...), isoDay(v.n)), '}')
	case KindOne:
		return append(appendQuoted(append(b, `{"one":`...), v.s), '}')
	case KindMany:
		b = append(b, `{"many":[`...)
		for i, k := range strings.Fields(v.s) {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendQuoted(b, k)
		}
		return append(b, ']', '}')
	case KindConsent:
		b = strconv.AppendBool(append(b, `{"consent":`...), v.n != 0)
		return append(appendQuoted(append(b, `,"version":`...), v.s), '}')
	case KindPlace:
		p, _ := json.Marshal(v.more.place) // finite numbers: it cannot fail
		return append(append(append(b, `{"place":`...), p...), '}')
	case KindFile:
		f, _ := json.Marshal(v.more.file) // strings and a number: it cannot fail
		return append(append(append(b, `{"file":`...), f...), '}')
	case KindRows:
		b = append(b, `{"rows":[`...)
		for i, r := range v.more.rows {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendAnswers(b, v.more.shape, r)
		}
		return append(b, ']', '}')
	}
	return append(b, "null"...)
}

func appendQuoted(b []byte, s string) []byte {
	q, _ := json.Marshal(s) // a string: it cannot fail
	return append(b, q...)
}

func isoDay(days int64) string { return time.Unix(days*86400, 0).UTC().Format("2006-01-02") }

// UnmarshalJSON reads what MarshalJSON wrote. The answers have a shape of their
// own; Reshape fits them to a questionnaire's. An error is ErrAnswersJSON with the key.
func (a *Answers) UnmarshalJSON(b []byte) error {
	out, err := readAnswers(b, 0)
	if err != nil {
		return err
	}
	*a = out
	return nil
}

// UnmarshalJSON reads one answer.
func (v *Value) UnmarshalJSON(b []byte) error {
	out, err := readValue(b, 0)
	if err != nil {
		return err
	}
	*v = out
	return nil
}

func readAnswers(b []byte, depth int) (Answers, error) {
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return Answers{}, fmt.Errorf("%w: an object of answers by key is needed", ErrAnswersJSON)
	}
	s := &Shape{index: map[string]int{}}
	a := Answers{shape: s}
	for dec.More() {
		t, err := dec.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return Answers{}, fmt.Errorf("%w: broken after %d answers", ErrAnswersJSON, len(a.vals))
		}
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return Answers{}, fmt.Errorf("%w: broken at %q", ErrAnswersJSON, key)
		}
		v, err := readValue(raw, depth)
		if err != nil {
			return Answers{}, fmt.Errorf("%w (at %q)", err, key)
		}
		if _, dup := s.index[key]; dup {
			return Answers{}, fmt.Errorf("%w: %q is there twice", ErrAnswersJSON, key)
		}
		s.index[key] = len(s.slots)
		sl := Slot{Key: key, Kind: v.Kind(), Min: math.Inf(-1), Max: math.Inf(1)}
		if sl.Kind == KindRows {
			sl.Rows = v.more.shape
		}
		s.slots, a.vals = append(s.slots, sl), append(a.vals, v)
	}
	if t, err := dec.Token(); err != nil || t != json.Delim('}') {
		return Answers{}, fmt.Errorf("%w: broken after %d answers", ErrAnswersJSON, len(a.vals))
	}
	if _, err := dec.Token(); err != io.EOF {
		return Answers{}, fmt.Errorf("%w: there is something after their end", ErrAnswersJSON)
	}
	return a, nil
}

// tagged is an answer that says its kind.
type tagged struct {
	State   *string            `json:"state"`
	Decimal *string            `json:"decimal"`
	Date    *string            `json:"date"`
	One     *string            `json:"one"`
	Many    *[]string          `json:"many"`
	Consent *bool              `json:"consent"`
	Version *string            `json:"version"`
	Place   *Place             `json:"place"`
	File    *File              `json:"file"`
	Rows    *[]json.RawMessage `json:"rows"`
}

func readValue(b []byte, depth int) (Value, error) {
	b = bytes.TrimSpace(b)
	bad := func(say string) (Value, error) { return Value{}, fmt.Errorf("%w: %s", ErrAnswersJSON, say) }
	if len(b) == 0 {
		return bad("a value is empty")
	}
	switch string(b) {
	case "null":
		return Value{}, nil
	case "true", "false":
		return BoolValue(b[0] == 't'), nil
	}
	switch b[0] {
	case '"':
		var s string
		if err := json.Unmarshal(b, &s); err != nil {
			return bad("a text is broken")
		}
		return WordsValue(s), nil
	case '{':
	default:
		n, err := strconv.ParseInt(string(b), 10, 64)
		if err != nil {
			return bad(`a number is not whole: write decimals as {"decimal":"12.5"}`)
		}
		return IntValue(n), nil
	}
	var t tagged
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	err := dec.Decode(&t)
	if _, end := dec.Token(); err != nil || end != io.EOF || t.kinds() != 1 || (t.Version == nil) != (t.Consent == nil) {
		return bad("an answer has a form that is not known")
	}
	return t.value(depth)
}

// kinds counts the kinds that it says it is.
func (t tagged) kinds() int {
	n := 0
	for _, is := range [...]bool{
		t.State != nil, t.Decimal != nil, t.Date != nil, t.One != nil, t.Many != nil, t.Consent != nil, t.Place != nil, t.File != nil, t.Rows != nil,
	} {
		if is {
			n++
		}
	}
	return n
}

func (t tagged) value(depth int) (Value, error) {
	bad := func(say string) (Value, error) { return Value{}, fmt.Errorf("%w: %s", ErrAnswersJSON, say) }
	switch {
	case t.State != nil:
		for i, n := range stateNames {
			if n == *t.State && State(i) != Answered {
				return StateValue(State(i)), nil
			}
		}
		return bad("a state is not known")
	case t.Decimal != nil:
		v, ok := parsedDecimal(*t.Decimal)
		if !ok {
			return bad("a decimal is not a number")
		}
		return v, nil
	case t.Date != nil:
		d, err := time.Parse("2006-01-02", *t.Date)
		if err != nil {
			return bad("a date is not of the form 2006-01-02")
		}
		v := dayValue(day(d))
		if v.state == Missing {
			return bad("a date is before the year 1")
		}
		return v, nil
	case t.One != nil:
		return OptionValue(*t.One), nil
	case t.Many != nil:
		return OptionsValue(*t.Many...), nil
	case t.Consent != nil:
		return ConsentValue(*t.Consent, *t.Version), nil
	case t.Place != nil:
		if !t.Place.ok() {
			return bad("a place is not on the earth")
		}
		return PlaceValue(*t.Place), nil
	case t.File != nil:
		return FileValue(*t.File), nil
	case t.Rows != nil && depth == 0:
		members := make([]Answers, len(*t.Rows))
		for i, raw := range *t.Rows {
			m, err := readAnswers(raw, depth+1)
			if err != nil {
				return Value{}, fmt.Errorf("%w (member %d)", err, i+1)
			}
			members[i] = m
		}
		return RowsValue(members...), nil
	}
	return bad("an answer has no known kind")
}
