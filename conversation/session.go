package conversation

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"

	"github.com/hubkit/hubkit/registration"
)

// phase is what a session waits for.
type phase uint8

const (
	inDialog       phase = iota
	choosesTongue        // the language menu was shown
	confirmsAfresh       // "delete your answers and start again?" was asked
)

// session is what the hub remembers of a thread between turns: its place among
// the dialogs and the interview under way. It lives in crm.Thread.State.
type session struct {
	phase   phase
	stopped bool // opted out; only START undoes it
	blocked bool // stopped by leaving the channel, not in words
	warned  bool // told to write more slowly
	at      string
	asking  string // the Ask whose interview is under way
	reg     string // the registration it fills
	kept    bool   // that registration is in the store: there was consent
	ticket  string // open hand-off
	tokens  uint64 // thousandths of messages that may still come in
	tokenAt int64  // milliseconds since 1970
	talk    []byte // the interview's state
	spots   []spot // the latest askings, so that a tap on an old button is known
	parked  []park // interviews that were left for another dialog, the last left last
	later   later  // a complete interview of which something is asked elsewhere
	link    string // a one-time link that was opened, and waits until it can be followed
}

// park is an interview that waits for the person to come back to its Ask.
type park struct {
	asking, reg string
	kept        bool
	talk        []byte
}

// mostParked is how many interviews wait at once; the one left first gives way.
const mostParked = 4

// leave parks the interview under way, and goes on with the one that waits at
// an Ask, if there is one.
func (s *session) leave(asking string) {
	if s.asking != asking {
		s.park()
	}
	for i, w := range s.parked {
		if w.asking == asking {
			s.parked = slices.Concat(s.parked[:i], s.parked[i+1:])
			s.asking, s.reg, s.kept, s.talk, s.spots = w.asking, w.reg, w.kept, w.talk, nil
			return
		}
	}
}

// park leaves the interview under way.
func (s *session) park() {
	if s.asking == "" || len(s.talk) == 0 {
		return
	}
	if len(s.parked) == mostParked {
		s.parked = s.parked[1:]
	}
	s.parked = append(slices.Clip(s.parked), park{s.asking, s.reg, s.kept, s.talk})
	s.asking, s.reg, s.kept, s.talk, s.spots = "", "", false, nil, nil
}

// spot is one asking of a question and the message that asked it.
type spot struct {
	ref string
	key string
	row int
}

// mostSpots is how many askings are remembered.
const mostSpots = 8

// sessionVersion is the first byte of a session.
const sessionVersion = 1

// errSession says that a thread's state cannot be read.
var errSession = errors.New("conversation: the thread's state is damaged or of another version")

func (s *session) append(b []byte) []byte {
	start := len(b)
	flags := byte(s.phase)
	if s.stopped {
		flags |= 1 << 4
	}
	if s.warned {
		flags |= 1 << 5
	}
	if s.kept {
		flags |= 1 << 6
	}
	if s.blocked {
		flags |= 1 << 7
	}
	b = append(b, sessionVersion, flags)
	for _, f := range [...]string{s.at, s.asking, s.reg, s.ticket} {
		b = appendString(b, f)
	}
	b = binary.AppendUvarint(b, s.tokens)
	b = binary.AppendVarint(b, s.tokenAt)
	b = binary.AppendUvarint(b, uint64(len(s.talk)))
	b = append(b, s.talk...)
	b = binary.AppendUvarint(b, uint64(len(s.spots)))
	for _, p := range s.spots {
		b = appendString(b, p.ref)
		b = appendString(b, p.key)
		b = binary.AppendVarint(b, int64(p.row))
	}
	b = binary.AppendUvarint(b, uint64(len(s.parked)))
	for _, w := range s.parked {
		kept := byte(0)
		if w.kept {
			kept = 1
		}
		b = append(appendString(appendString(b, w.asking), w.reg), kept)
		b = append(binary.AppendUvarint(b, uint64(len(w.talk))), w.talk...)
	}
	if s.later.reg != "" || s.link != "" {
		b = appendString(appendString(b, s.later.asking), s.later.reg)
		b = append(binary.AppendUvarint(b, uint64(len(s.later.talk))), s.later.talk...)
		b = appendString(b, s.link)
	}
	return binary.LittleEndian.AppendUint32(b, crc32.ChecksumIEEE(b[start:]))
}

func appendString(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// readSession reads a thread's state; an empty one is a new session.
func readSession(b []byte) (session, error) {
	var s session
	if len(b) == 0 {
		return s, nil
	}
	if len(b) < 6 || b[0] != sessionVersion || crc32.ChecksumIEEE(b[:len(b)-4]) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return s, errSession
	}
	r := stateReader{b: b[2 : len(b)-4]}
	flags := b[1]
	s.phase, s.stopped, s.warned, s.kept, s.blocked = phase(flags&15), flags&(1<<4) != 0, flags&(1<<5) != 0, flags&(1<<6) != 0, flags&(1<<7) != 0
	for _, f := range [...]*string{&s.at, &s.asking, &s.reg, &s.ticket} {
		*f = string(r.bytes())
	}
	s.tokens, s.tokenAt = r.uvarint(), r.varint()
	s.talk = r.bytes()
	n := r.uvarint()
	if n > mostSpots {
		return session{}, errSession
	}
	for range n {
		s.spots = append(s.spots, spot{ref: string(r.bytes()), key: string(r.bytes()), row: int(r.varint())})
	}
	if n = r.uvarint(); n > mostParked {
		return session{}, errSession
	}
	for range n {
		w := park{asking: string(r.bytes()), reg: string(r.bytes())}
		w.kept = r.uvarint() != 0
		w.talk = r.bytes()
		s.parked = append(s.parked, w)
	}
	if len(r.b) > 0 {
		s.later = later{asking: string(r.bytes()), reg: string(r.bytes())}
		if s.later.talk = r.bytes(); len(s.later.talk) == 0 {
			s.later.talk = nil
		}
		s.link = string(r.bytes())
	}
	if r.bad || len(r.b) > 0 {
		return session{}, errSession
	}
	return s, nil
}

// asked remembers which message asked what.
func (s *session) asked(ref, key string, row int) {
	if len(s.spots) == mostSpots {
		s.spots = append(s.spots[:0], s.spots[1:]...)
	}
	s.spots = append(s.spots, spot{ref, key, row})
}

// spot returns what the message with this ref asked, if that is remembered.
func (s *session) spot(ref string) (registration.Spot, bool) {
	for _, p := range s.spots {
		if p.ref == ref {
			return registration.Spot{Key: p.key, Row: p.row}, true
		}
	}
	return registration.Spot{}, false
}

// stateReader reads a session; after the first fault it gives zeros.
type stateReader struct {
	b   []byte
	bad bool
}

func (r *stateReader) uvarint() uint64 {
	u, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return u
}

func (r *stateReader) varint() int64 {
	i, n := binary.Varint(r.b)
	if n <= 0 {
		r.bad, r.b = true, nil
		return 0
	}
	r.b = r.b[n:]
	return i
}

func (r *stateReader) bytes() []byte {
	n := r.uvarint()
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	s := r.b[:n:n]
	r.b = r.b[n:]
	return s
}
