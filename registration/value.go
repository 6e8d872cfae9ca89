package registration

import (
	"math"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"time"
)

// State is one of the five states of an answer. The zero value is Missing.
type State uint8

// The five states. Only Answered carries a value.
const (
	Missing  State = iota // not known: not reached yet, or skipped
	Answered              // the person answered
	DontKnow              // the person said that they do not know
	Refused               // the person preferred not to say
	NotAsked              // a condition made the question unnecessary
)

var stateNames = [...]string{"missing", "answered", "dont_know", "refused", "not_asked"}

// String returns the state's name as JSON and conditions write it: "dont_know".
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "state(" + strconv.Itoa(int(s)) + ")"
}

// Kind is the closed set of answer kinds. Several kinds of question share one:
// a phone number and a name are both KindWords.
type Kind uint8

// The kinds of answers.
const (
	KindNone    Kind = iota
	KindBool         // yes or no
	KindInteger      // a whole number
	KindDecimal      // a number with decimals, kept as it was written
	KindWords        // text
	KindDate         // a day of the Gregorian calendar
	KindOne          // one option
	KindMany         // several options, at most 64 in the list
	KindConsent      // yes or no to one version of a notice
	KindPlace        // a point on the earth
	KindFile         // a photo or document, by reference
	KindRows         // the members of a roster
)

var kindNames = [...]string{"none", "yes or no", "whole number", "decimal", "words", "date", "one option", "several options", "consent", "place", "file", "roster"}

// String returns the kind in words: "whole number".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "kind(" + strconv.Itoa(int(k)) + ")"
}

// Value is one answer: a state and, if answered, what was said. It is 40 bytes
// and never boxed, so that a household's answers lie in one slice. The zero
// value is a missing answer. Values are immutable and may be shared.
type Value struct {
	state State
	kind  Kind
	n     int64  // bool, integer, days, ordinal, option bits, bits of a decimal
	s     string // words, option key(s), a decimal as written, consent version
	more  *more
}

// more holds what few answers need.
type more struct {
	place Place
	file  File
	shape *Shape
	rows  [][]Value
}

// Marks, inside a running interview, of a question that was passed without an
// answer, and of one that waits to be asked elsewhere: Missing for all who read it.
const (
	skipped  Kind = 255
	deferred Kind = 254
)

// Place is a point on the earth.
type Place struct {
	Lat      float64 `json:"lat"`                // degrees north, WGS 84
	Lon      float64 `json:"lon"`                // degrees east
	Accuracy float64 `json:"accuracy,omitempty"` // metres; 0 unknown
}

// File is a photo or document by reference: the bytes are kept elsewhere.
type File struct {
	Ref  string `json:"ref"`            // where the media store has it
	Type string `json:"type,omitempty"` // MIME
	Name string `json:"name,omitempty"`
	Size int64  `json:"size,omitempty"` // bytes; 0 unknown
}

// BoolValue is the answer yes or no.
func BoolValue(yes bool) Value {
	v := Value{state: Answered, kind: KindBool}
	if yes {
		v.n = 1
	}
	return v
}

// IntValue is a whole number.
func IntValue(n int64) Value { return Value{state: Answered, kind: KindInteger, n: n} }

// DecimalValue is a number with decimals. NaN and infinities are no answers:
// they give a missing one.
func DecimalValue(f float64) Value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Value{}
	}
	return Value{state: Answered, kind: KindDecimal, n: int64(math.Float64bits(f)), s: strconv.FormatFloat(f, 'f', -1, 64)}
}

// parsedDecimal keeps a decimal as it was written: "12.50", "-3".
func parsedDecimal(s string) (Value, bool) {
	whole, part, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !isDigits(whole) || point && !isDigits(part) {
		return Value{}, false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) {
		return Value{}, false
	}
	return Value{state: Answered, kind: KindDecimal, n: int64(math.Float64bits(f)), s: s}, true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// whole replaces what is no UTF-8, which JSON could not bring back.
func whole(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// WordsValue is a text. Bytes that are not UTF-8 are replaced by U+FFFD.
func WordsValue(s string) Value { return Value{state: Answered, kind: KindWords, s: whole(s)} }

// DateValue is a day of the Gregorian calendar. Days and months out of range
// carry over as in time.Date. A day beyond the years 1 to 9999 is no answer: it
// gives a missing one.
func DateValue(year int, month time.Month, day int) Value {
	return dayValue(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// The days from 0001-01-01 to 9999-12-31, counted from 1970-01-01.
const firstDay, lastDay = -719162, 2932896

func dayValue(days int64) Value {
	if days < firstDay || days > lastDay {
		return Value{}
	}
	return Value{state: Answered, kind: KindDate, n: days}
}

// OptionValue is one option, by its key.
func OptionValue(key string) Value {
	return Value{state: Answered, kind: KindOne, n: -1, s: whole(key)}
}

// OptionsValue is several options, by their keys, which hold no spaces. No keys
// at all is an answer too: none of them.
func OptionsValue(keys ...string) Value {
	kept := make([]string, 0, len(keys))
	for _, k := range strings.Fields(whole(strings.Join(keys, " "))) {
		if !slices.Contains(kept, k) {
			kept = append(kept, k)
		}
	}
	return Value{state: Answered, kind: KindMany, s: strings.Join(kept, " ")}
}

// ConsentValue is yes or no to a version of a notice.
func ConsentValue(given bool, version string) Value {
	v := Value{state: Answered, kind: KindConsent, s: whole(version)}
	if given {
		v.n = 1
	}
	return v
}

// PlaceValue is a point on the earth. One that is not on it, beyond 90 degrees
// of latitude or 180 of longitude, is no answer: it gives a missing one.
func PlaceValue(p Place) Value {
	if !p.ok() {
		return Value{}
	}
	return Value{state: Answered, kind: KindPlace, more: &more{place: p}}
}

func (p Place) ok() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 && p.Accuracy >= 0 && !math.IsInf(p.Accuracy, 1)
}

// FileValue is a photo or document.
func FileValue(f File) Value {
	f = File{Ref: whole(f.Ref), Type: whole(f.Type), Name: whole(f.Name), Size: f.Size}
	return Value{state: Answered, kind: KindFile, more: &more{file: f}}
}

// RowsValue is a roster: one Answers for each member. Rosters inside a member
// are left out.
func RowsValue(members ...Answers) Value {
	shape := unionShape(members)
	rows := make([][]Value, len(members))
	for i, m := range members {
		rows[i] = make([]Value, len(shape.slots))
		for j := range shape.slots {
			if v := m.own(shape.slots[j].Key); v.Kind() != KindRows {
				rows[i][j] = v
			}
		}
	}
	return Value{state: Answered, kind: KindRows, more: &more{shape: shape, rows: rows}}
}

// StateValue is an answer without a value: DontKnow, Refused, NotAsked or Missing.
// Answered gives a missing answer, since there is nothing answered.
func StateValue(s State) Value {
	if s == Answered {
		s = Missing
	}
	return Value{state: s}
}

// State returns which of the five states the answer is in.
func (v Value) State() State { return v.state }

// Kind returns the kind of answer; KindNone unless answered.
func (v Value) Kind() Kind {
	if v.state != Answered {
		return KindNone
	}
	return v.kind
}

// Bool returns a yes or no, or whether a consent was given.
func (v Value) Bool() (yes, ok bool) {
	ok = v.state == Answered && (v.kind == KindBool || v.kind == KindConsent)
	return ok && v.n != 0, ok
}

// Int returns a whole number.
func (v Value) Int() (n int64, ok bool) {
	if v.state != Answered || v.kind != KindInteger {
		return 0, false
	}
	return v.n, true
}

// Float returns a number: whole, decimal, a date as days since 1970-01-01, and
// 1 for yes and 0 for no.
func (v Value) Float() (f float64, ok bool) {
	if v.state != Answered {
		return 0, false
	}
	switch v.kind {
	case KindInteger, KindDate:
		return float64(v.n), true
	case KindDecimal:
		return math.Float64frombits(uint64(v.n)), true
	case KindBool, KindConsent:
		return float64(v.n), true
	}
	return 0, false
}

// Words returns the text of an answer in words, or a decimal as it was written.
func (v Value) Words() (s string, ok bool) {
	if v.state != Answered || (v.kind != KindWords && v.kind != KindDecimal) {
		return "", false
	}
	return v.s, true
}

// Date returns a day, at midnight UTC.
func (v Value) Date() (t time.Time, ok bool) {
	if v.state != Answered || v.kind != KindDate {
		return time.Time{}, false
	}
	return time.Unix(v.n*86400, 0).UTC(), true
}

// Option returns the key of the chosen option.
func (v Value) Option() (key string, ok bool) {
	if v.state != Answered || v.kind != KindOne {
		return "", false
	}
	return v.s, true
}

// Options returns the keys of the chosen options, in the order of the list.
func (v Value) Options() (keys []string, ok bool) {
	if v.state != Answered || v.kind != KindMany {
		return nil, false
	}
	return strings.Fields(v.s), true
}

// Consent returns whether a notice was agreed to, and its version.
func (v Value) Consent() (given bool, version string, ok bool) {
	if v.state != Answered || v.kind != KindConsent {
		return false, "", false
	}
	return v.n != 0, v.s, true
}

// Place returns a point on the earth.
func (v Value) Place() (p Place, ok bool) {
	if v.state != Answered || v.kind != KindPlace || v.more == nil {
		return Place{}, false
	}
	return v.more.place, true
}

// File returns a photo or document.
func (v Value) File() (f File, ok bool) {
	if v.state != Answered || v.kind != KindFile || v.more == nil {
		return File{}, false
	}
	return v.more.file, true
}

// Rows returns how many members a roster has.
func (v Value) Rows() (n int, ok bool) {
	if v.state != Answered || v.kind != KindRows || v.more == nil {
		return 0, false
	}
	return len(v.more.rows), true
}

// Equal says whether two answers are the same in state and value. Options are
// the same in any order; decimals only if written alike (12.5 is not 12.50).
func (v Value) Equal(w Value) bool {
	if v.state != w.state {
		return false
	}
	if v.state != Answered {
		return true
	}
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case KindOne:
		return v.s == w.s
	case KindMany:
		return v.s == w.s || sameWords(v.s, w.s)
	case KindPlace:
		return v.more.place == w.more.place
	case KindFile:
		return v.more.file == w.more.file
	case KindRows:
		return equalRows(v.more, w.more)
	case KindDecimal, KindWords, KindConsent:
		return v.s == w.s && v.n == w.n
	}
	return v.n == w.n
}

func sameWords(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}

func equalRows(a, b *more) bool {
	if len(a.rows) != len(b.rows) {
		return false
	}
	for i := range a.rows {
		ra, rb := Answers{shape: a.shape, vals: a.rows[i]}, Answers{shape: b.shape, vals: b.rows[i]}
		if !ra.Equal(rb) {
			return false
		}
	}
	return true
}

// count returns how many options are chosen.
func (v Value) count() int {
	if v.n != 0 {
		return bits.OnesCount64(uint64(v.n))
	}
	return len(strings.Fields(v.s))
}
