package crm

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"iter"
	"time"
)

// AuditEntry is one line of the audit: who did what to which row, and why. It
// holds no value of anybody's.
type AuditEntry struct {
	Seq       int64 // grows through the whole store
	Programme string
	At        time.Time
	Actor     string // "agent:7f3a"
	Action    string // "turn", "registration.approved", "erase", …
	Object    string // key of a row: the programme and an id or blind index
}

// Head is the end of the audit chain. Kept outside the database, it proves
// later that nothing before it was altered or cut off.
type Head struct {
	Seq  int64             // of the last row
	Hash [sha256.Size]byte // the last link
}

// ErrAudit is matched by the *AuditError that Verify returns.
var ErrAudit = errors.New("crm: the audit was altered")

// AuditError names the first link that does not hold.
type AuditError struct {
	Seq    int64 // of the last row that the broken link covers
	Reason string
}

// Error names the number and the reason.
func (e *AuditError) Error() string {
	return fmt.Sprintf("%v: at number %d: %s", ErrAudit, e.Seq, e.Reason)
}

// Is reports whether target is ErrAudit.
func (e *AuditError) Is(target error) bool { return target == ErrAudit }

const auditLink = 5 // index of the column "link"

func auditRow(programme string, by Actor, action, object string, at int64, sum []byte) Row {
	return Row{
		Table:  Audit,
		Clear:  []any{programme, by.String(), action, object, at, nil},
		Sealed: sum,
	}
}

// Chain links the audit rows of one group commit to those before: it writes
// the link into the last row and returns it. Backends call it once in each
// Apply that writes audit rows, with their numbers set, and keep the result as
// the head. prev is empty at the beginning. The link is SHA-256 of prev and of
// the rows' canonical bytes, which hold ciphertext, hashes and ids only: the
// chain holds after erasure.
func Chain(prev []byte, rows []Row) []byte {
	h := sha256.New()
	h.Write(prev)
	b := make([]byte, 0, 512)
	for i := range rows {
		b = hashRow(h, &rows[i], b)
	}
	link := h.Sum(nil)
	if len(rows) > 0 {
		rows[len(rows)-1].Clear[auditLink] = link
	}
	return link
}

// digestSize is the length of a digest.
const digestSize = 2 * sha256.Size

// digest is what an audit row commits to: everything its change wrote. The
// first half is of what was only appended, which Verify finds again; the second
// of rows that later changes replace.
func digest(rows []Row) []byte {
	said, rest := sha256.New(), sha256.New()
	b := make([]byte, 0, 512)
	for i := range rows {
		h := rest
		if t := rows[i].Table; t == Interactions || t == Records {
			h = said
		}
		b = hashRow(h, &rows[i], b)
	}
	return rest.Sum(said.Sum(make([]byte, 0, digestSize)))
}

// hashRow adds a row's canonical bytes. It writes them into b first, which
// escapes: one for many rows.
func hashRow(h hash.Hash, r *Row, b []byte) []byte {
	b = r.canonical(b[:0])
	h.Write(b)
	h.Write(r.Sealed)
	return b
}

// canonical appends what comes before Sealed in a row's canonical bytes: every
// part with its length before it. The link of an audit row is left out.
func (r *Row) canonical(b []byte) []byte {
	b = appendText(b, string(r.Table))
	b = appendText(b, r.Key)
	b = binary.AppendVarint(b, r.Rev)
	b = binary.AppendVarint(b, r.Seq)
	for i, v := range r.Clear {
		if r.Table == Audit && i == auditLink {
			break
		}
		switch v := v.(type) {
		case int64:
			b = binary.AppendVarint(append(b, 'i'), v)
		case string:
			b = appendText(append(b, 's'), v)
		case []byte:
			b = binary.AppendUvarint(append(b, 'b'), uint64(len(v)))
			b = append(b, v...)
		default:
			b = append(b, 'n')
		}
	}
	return binary.AppendUvarint(b, uint64(len(r.Sealed)))
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// AuditTrail streams the audit of one row, or of everything when object is
// empty, from after the given number, oldest first. Turns of a conversation are
// as many as its messages, and only in the trail of everything.
func (s *Store) AuditTrail(ctx context.Context, object string, after int64) iter.Seq2[AuditEntry, error] {
	q := Select{Table: Audit, Bare: true, Where: []Where{{Column: "seq", Op: Above, Value: after}}}
	if object != "" {
		// Said so, a backend's index need not hold the turns.
		q.Where = append(q.Where, Where{Column: "object", Value: object}, Where{Column: "action", Op: Not, Value: "turn"})
	}
	return func(yield func(AuditEntry, error) bool) {
		for r, err := range s.backend.Rows(ctx, q) {
			if err != nil {
				yield(AuditEntry{}, err)
				return
			}
			e := AuditEntry{Seq: r.Seq, Programme: text(r.Clear[0]), Actor: text(r.Clear[1]), Action: text(r.Clear[2]), Object: text(r.Clear[3]), At: fromMillis(number(r.Clear[4]))}
			if !yield(e, nil) {
				return
			}
		}
	}
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int64 {
	n, _ := v.(int64)
	return n
}
