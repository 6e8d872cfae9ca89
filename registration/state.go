package registration

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"unicode/utf8"
)

// ErrState says that bytes are not the state of an interview of this
// questionnaire: broken, cut off, of another version, or foreign.
var ErrState = errors.New("registration: these bytes are not the state of an interview of this questionnaire")

// StateError says why a state cannot be resumed. errors.Is(err, ErrState) holds.
type StateError struct {
	Why  string
	Hash [8]byte // the first bytes of the hash of the questionnaire that the state belongs to, if it could be read
}

// Error says why, without any of the state's content.
func (e *StateError) Error() string { return ErrState.Error() + ": " + e.Why }

// Unwrap returns ErrState.
func (e *StateError) Unwrap() error { return ErrState }

// stateVersion is the first byte of a state.
const stateVersion = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AppendState appends a compact, versioned encoding of the interview: some
// 40 bytes and the answers. It holds personal data: seal it before storing it.
// The notes that Prompt gives once are not in it.
func (iv *Interview) AppendState(b []byte) []byte {
	start := len(b)
	b = append(b, stateVersion)
	b = append(b, iv.q.hash[:8]...)
	flags := byte(iv.mode)
	if iv.rewalk {
		flags |= 1 << 4
	}
	if iv.exhausted {
		flags |= 1 << 5
	}
	if iv.reopened {
		flags |= 1 << 6
	}
	b = append(b, flags, byte(iv.lang), byte(iv.tries))
	b = binary.AppendUvarint(b, uint64(iv.at))
	b = binary.AppendVarint(b, int64(iv.row))
	b = binary.AppendUvarint(b, uint64(iv.guess))
	b = binary.AppendUvarint(b, iv.picked)
	b = appendValues(b, iv.vals)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[start:], castagnoli))
}

// appendValues writes values up to the last that says something.
func appendValues(b []byte, vals []Value) []byte {
	n := len(vals)
	for n > 0 && vals[n-1].state == Missing && vals[n-1].kind == KindNone {
		n--
	}
	b = binary.AppendUvarint(b, uint64(n))
	for i := range vals[:n] {
		b = appendValue(b, &vals[i])
	}
	return b
}

// A value's first byte is its state below 16 and its kind above; a skipped one
// has the state 15, a deferred one 14.
func appendValue(b []byte, v *Value) []byte {
	if v.state != Answered {
		switch v.kind {
		case skipped:
			return append(b, 15)
		case deferred:
			return append(b, 14)
		}
		return append(b, byte(v.state))
	}
	b = append(b, byte(v.state)|byte(v.kind)<<4)
	switch v.kind {
	case KindBool, KindInteger, KindDate, KindOne, KindMany:
		b = binary.AppendVarint(b, v.n)
	case KindDecimal, KindWords:
		b = appendString(b, v.s)
	case KindConsent:
		b = append(b, byte(v.n))
		b = appendString(b, v.s)
	case KindPlace:
		for _, f := range [...]float64{v.more.place.Lat, v.more.place.Lon, v.more.place.Accuracy} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
		}
	case KindFile:
		b = appendString(b, v.more.file.Ref)
		b = appendString(b, v.more.file.Type)
		b = appendString(b, v.more.file.Name)
		b = binary.AppendVarint(b, v.more.file.Size)
	case KindRows:
		b = binary.AppendUvarint(b, uint64(len(v.more.rows)))
		for _, r := range v.more.rows {
			b = appendValues(b, r)
		}
	}
	return b
}

func appendString(b []byte, s string) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	return append(b, s...)
}

// StateHash returns the first bytes of the hash of the questionnaire that a
// state belongs to, so that its owner can load that version.
func StateHash(b []byte) (hash [8]byte, err error) {
	if err := checkState(b); err != nil {
		return hash, err
	}
	copy(hash[:], b[1:9])
	return hash, nil
}

func checkState(b []byte) error {
	switch {
	case len(b) < 20:
		return &StateError{Why: "too short"}
	case b[0] != stateVersion:
		return &StateError{Why: fmt.Sprintf("written in the format %d, and this program reads %d", b[0], stateVersion)}
	case crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]):
		return &StateError{Why: "damaged: its checksum does not agree"}
	}
	return nil
}

// Resume goes on with an interview whose state AppendState wrote. The error is
// a *StateError if the bytes are damaged, or belong to another questionnaire
// or version: resume with that one, found by StateHash.
func (q *Questionnaire) Resume(b []byte) (*Interview, error) {
	if err := checkState(b); err != nil {
		return nil, err
	}
	if [8]byte(b[1:9]) != [8]byte(q.hash[:8]) {
		return nil, &StateError{Why: "it belongs to another questionnaire or version", Hash: [8]byte(b[1:9])}
	}
	r := reader{b: b[9 : len(b)-4]}
	iv := &Interview{q: q}
	flags := r.byte()
	iv.mode, iv.rewalk, iv.exhausted, iv.reopened = mode(flags&15), flags&(1<<4) != 0, flags&(1<<5) != 0, flags&(1<<6) != 0
	iv.lang, iv.tries = int(r.byte()), int(r.byte())
	iv.at, iv.row = int(r.uvarint()), int(r.varint())
	iv.guess, iv.picked = int(r.uvarint()), r.uvarint()
	iv.vals = r.values(q.shape)
	if r.bad || len(r.b) != 0 || !iv.sound() {
		return nil, &StateError{Why: "its content does not fit the questionnaire", Hash: [8]byte(b[1:9])}
	}
	return iv, nil
}

// sound says whether the interview stands where it can.
func (iv *Interview) sound() bool {
	if iv.mode > hasEnded || iv.lang >= len(iv.q.langs) || iv.at < 0 || iv.at > len(iv.q.steps) || iv.row < -1 {
		return false
	}
	if iv.at == len(iv.q.steps) {
		return iv.mode != asksQuestion && iv.row == -1 && !iv.exhausted && iv.guess == 0 && iv.picked == 0
	}
	st := &iv.q.steps[iv.at]
	own, options := 0, 0
	switch st.do {
	case stepAsk:
		if iv.mode == hasEnded && !iv.exhausted {
			return false
		}
		if options = st.ask.own + len(st.ask.outs); st.ask.q.Form == FormChoices {
			own = st.ask.own
		}
	case stepSummary:
		if iv.mode == hasEnded {
			return false
		}
	case stepStop:
		if iv.mode == asksQuestion {
			return false
		}
	default:
		return false
	}
	if iv.guess < 0 || iv.guess > options || own < 64 && iv.picked>>own != 0 || iv.exhausted && (st.do != stepAsk || iv.mode == asksQuestion) {
		return false
	}
	if st.inside == nil {
		return iv.row == -1
	}
	v := &iv.vals[st.inside.slot]
	return v.state == Answered && iv.row >= 0 && iv.row < len(v.more.rows)
}

// reader reads a state; after the first fault it gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.bad = true
		return 0
	}
	c := r.b[0]
	r.b = r.b[1:]
	return c
}

func (r *reader) uvarint() uint64 {
	u, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return u
}

func (r *reader) varint() int64 {
	i, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return i
}

func (r *reader) string() string {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return ""
	}
	s := string(r.b[:n])
	r.b = r.b[n:]
	r.bad = r.bad || !utf8.ValidString(s)
	return s
}

func (r *reader) float() float64 {
	if len(r.b) < 8 {
		r.bad, r.b = true, nil
		return 0
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(r.b))
	r.b = r.b[8:]
	return f
}

func (r *reader) values(s *Shape) []Value {
	vals := make([]Value, s.Len())
	r.valuesInto(s, vals)
	return vals
}

func (r *reader) valuesInto(s *Shape, vals []Value) {
	n := r.uvarint()
	if n > uint64(len(vals)) {
		r.bad = true
		return
	}
	for i := range vals[:n] {
		r.value(&s.slots[i], &vals[i])
		if r.bad {
			return
		}
	}
}

func (r *reader) value(sl *Slot, v *Value) {
	c := r.byte()
	v.state, v.kind = State(c&15), Kind(c>>4)
	if v.state != Answered {
		switch {
		case c == 15:
			*v = Value{kind: skipped}
		case c == 14:
			*v = Value{kind: deferred}
		case v.kind != KindNone || v.state > NotAsked:
			r.bad = true
		}
		return
	}
	if v.kind != sl.Kind || v.kind == KindNone {
		r.bad = true
		return
	}
	switch v.kind {
	case KindInteger:
		v.n = r.varint()
	case KindBool:
		v.n = r.varint()
		r.bad = r.bad || v.n&^1 != 0
	case KindDate:
		v.n = r.varint()
		r.bad = r.bad || v.n < firstDay || v.n > lastDay
	case KindOne:
		v.n = r.varint()
		if v.n < 0 || v.n >= int64(len(sl.Options)) {
			r.bad = true
			return
		}
		v.s = sl.Options[v.n]
	case KindMany:
		set := uint64(r.varint())
		if len(sl.Options) < 64 && set>>len(sl.Options) != 0 {
			r.bad = true
			return
		}
		*v = manyValue(set, sl.Options)
	case KindDecimal:
		d, ok := parsedDecimal(r.string())
		*v = d
		r.bad = r.bad || !ok
	case KindWords:
		v.s = r.string()
	case KindConsent:
		v.n = int64(r.byte())
		v.s = r.string()
		r.bad = r.bad || v.n&^1 != 0
	case KindPlace:
		p := Place{Lat: r.float(), Lon: r.float(), Accuracy: r.float()}
		r.bad = r.bad || !p.ok()
		v.more = &more{place: p}
	case KindFile:
		v.more = &more{file: File{Ref: r.string(), Type: r.string(), Name: r.string(), Size: r.varint()}}
	case KindRows:
		r.rows(sl, v)
	}
}

func (r *reader) rows(sl *Slot, v *Value) {
	n := r.uvarint()
	if n > uint64(sl.MaxRows) {
		r.bad = true
		return
	}
	width := sl.Rows.Len()
	arena := slices.Grow([]Value(nil), int(n)*width)[:int(n)*width]
	m := &more{shape: sl.Rows, rows: make([][]Value, n)}
	for i := range m.rows {
		m.rows[i], arena = arena[:width:width], arena[width:]
		r.valuesInto(sl.Rows, m.rows[i])
	}
	v.more = m
}
