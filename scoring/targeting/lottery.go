package targeting

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// Lottery decides among households that nothing else tells apart, in a way that
// everybody can check. First the hash of the list is made public (ListHash); only
// then the seed is drawn, in public: dice, or the numbers of a state lottery of a
// day that was named before. Then nobody could have chosen the winners, and
// anybody who has the list finds the same ones.
//
// The ticket of a household is the SHA-256, in hexadecimal, of four lines that
// each end in a line feed:
//
//	hubkit lottery 1
//	LISTHASH
//	SEED
//	ID
//
// The smaller ticket wins. With standard tools:
//
//	printf 'hubkit lottery 1\n%s\n%s\n%s\n' "$LISTHASH" "$SEED" "$ID" | sha256sum
type Lottery struct {
	// Seed is what was drawn, without line feeds: "2026-12-01 4 1 6 6 2 3 5 1".
	Seed string
}

// WriteList writes the list of a selection as its hash is taken: one line for
// each household in the byte order of ids, with id, area, cost, points and ties,
// separated by tabs, numbers in the shortest decimal form that reads back as the
// same. Publish it, or give it to an auditor. Use ids that mean nothing outside
// the programme.
func WriteList(w io.Writer, list []Applicant) error {
	if err := checkList(list); err != nil {
		return err
	}
	at := rows(len(list))
	slices.SortFunc(at, func(i, j int32) int { return cmp.Compare(list[i].ID, list[j].ID) })
	var line []byte
	for _, i := range at {
		a := &list[i]
		line = append(line[:0], a.ID...)
		line = append(append(line, '\t'), a.Area...)
		line = appendNumber(append(line, '\t'), a.cost())
		line = appendNumber(append(line, '\t'), a.Points)
		for _, t := range a.Ties {
			line = appendNumber(append(line, '\t'), t)
		}
		if _, err := w.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("targeting: list: %w", err)
		}
	}
	return nil
}

func appendNumber(b []byte, x float64) []byte {
	return strconv.AppendFloat(b, x+0, 'f', -1, 64) // + 0 makes -0 the 0 that it equals
}

// ListHash is the SHA-256 of what WriteList writes, in hexadecimal.
func ListHash(list []Applicant) (string, error) {
	h := sha256.New()
	buffered := &batch{to: h}
	if err := WriteList(buffered, list); err != nil {
		return "", err
	}
	buffered.flush()
	return hex.EncodeToString(h.Sum(nil)), nil
}

// batch hands on small writes together.
type batch struct {
	to   io.Writer
	wait []byte
}

func (b *batch) Write(p []byte) (int, error) {
	if b.wait = append(b.wait, p...); len(b.wait) > 1<<16 {
		b.flush()
	}
	return len(p), nil
}

func (b *batch) flush() {
	_, _ = b.to.Write(b.wait) // a hash takes everything
	b.wait = b.wait[:0]
}

type ticket [sha256.Size]byte

// tickets draws for every household.
func (l Lottery) tickets(listHash string, list []Applicant) []ticket {
	out := make([]ticket, len(list))
	line := fmt.Appendf(nil, "hubkit lottery 1\n%s\n%s\n", listHash, l.Seed)
	head := len(line)
	for i := range list {
		line = append(append(line[:head], list[i].ID...), '\n')
		out[i] = sha256.Sum256(line)
	}
	return out
}

func (t *ticket) compare(u *ticket) int { return bytes.Compare(t[:], u[:]) }
