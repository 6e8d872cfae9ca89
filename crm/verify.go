package crm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"iter"
	"strings"
)

// Verify walks the whole audit and returns its head, or an *AuditError that
// names the first number at which something does not hold. With a head that was
// kept from before, it also proves that the chain still passes through it.
//
// Beside the chain it reads all interactions and records, and compares them with
// what the audit says each change wrote: none was altered, added, removed or
// moved, except with a thread, person or registration that was forgotten since,
// as the audit says. It holds a few rows at a time, and the store may be used
// meanwhile.
//
// It does not show that a row which changes is the latest that was written: who
// can write the database may put an older, sealed version of a thread,
// registration or ticket in its place, or remove the row. Backups tell.
func (s *Store) Verify(ctx context.Context, kept ...Head) (Head, error) {
	last, link, err := s.head(ctx)
	if err != nil {
		return Head{}, err
	}
	v := &verifying{s: s, passed: map[Head]bool{}}
	for _, t := range [...]Table{Interactions, Records} {
		next, stop := iter.Pull2(s.backend.Rows(ctx, upTo(t, last)))
		defer stop()
		v.lists = append(v.lists, &rowList{next: next})
	}
	for row, err := range s.backend.Rows(ctx, upTo(Audit, last)) {
		if err != nil {
			return Head{}, err
		}
		if err := v.take(ctx, row, kept); err != nil {
			return Head{}, err
		}
	}
	switch at := v.end.Seq; {
	case len(v.group) > 0:
		return Head{}, &AuditError{Seq: v.group[len(v.group)-1].Seq, Reason: "the last rows have no link"}
	case !bytes.Equal(v.end.link(), link):
		return Head{}, &AuditError{Seq: at, Reason: "the chain does not end at its head"}
	}
	if row, err := v.first(last + 1); err != nil || row != nil {
		if err == nil {
			err = &AuditError{Seq: row.Seq, Reason: noChange}
		}
		return Head{}, err
	}
	if err := s.nothingBeyond(ctx); err != nil {
		return Head{}, err
	}
	for _, k := range kept {
		if k.Seq > 0 && !v.passed[k] {
			return Head{}, &AuditError{Seq: k.Seq, Reason: "the chain does not pass through the head that was kept"}
		}
	}
	return v.end, nil
}

const noChange = "a row is here that no change wrote"

// link is what the head keeps of the chain; nil before its beginning.
func (h *Head) link() []byte {
	if h.Seq == 0 {
		return nil
	}
	return h.Hash[:]
}

// head returns the last number taken, and the last link.
func (s *Store) head(ctx context.Context) (seq int64, link []byte, err error) {
	for row, err := range s.backend.Rows(ctx, Select{Table: Heads}) {
		return row.Seq, row.Sealed, err
	}
	return 0, nil, nil
}

func upTo(t Table, seq int64) Select {
	return Select{Table: t, Where: []Where{{Column: "seq", Op: Below, Value: seq + 1}}}
}

// nothingBeyond proves that no row has a number that was never taken. A row is
// looked at before the head, which no commit leaves behind.
func (s *Store) nothingBeyond(ctx context.Context) error {
	for _, t := range [...]Table{Audit, Interactions, Records} {
		for row, err := range s.backend.Rows(ctx, Select{Table: t, Desc: true, Limit: 1, Bare: true}) {
			if err != nil {
				return err
			}
			last, _, err := s.head(ctx)
			if err != nil {
				return err
			}
			if row.Seq > last {
				return &AuditError{Seq: row.Seq, Reason: noChange}
			}
		}
	}
	return nil
}

// verifying is one walk.
type verifying struct {
	s       *Store
	end     Head
	passed  map[Head]bool
	group   []Row    // of the audit, since the last link
	objects []string // of the change whose rows are being read
	lists   []*rowList
}

// take reads on by one row of the audit.
func (v *verifying) take(ctx context.Context, row Row, kept []Head) error {
	if before := v.end.Seq; row.Seq <= before || (len(v.group) > 0 && row.Seq <= v.group[len(v.group)-1].Seq) {
		return &AuditError{Seq: row.Seq, Reason: "the numbers do not grow"}
	}
	v.group = append(v.group, row)
	v.objects = append(v.objects, text(row.Clear[3]))
	if len(row.Sealed) > 0 { // the last of its change
		if err := v.compare(ctx, row); err != nil {
			return err
		}
		v.objects = v.objects[:0]
	}
	link, ok := row.Clear[auditLink].([]byte)
	if !ok {
		return nil
	}
	want := bytes.Clone(link)
	if !bytes.Equal(Chain(v.end.link(), v.group), want) {
		return &AuditError{Seq: row.Seq, Reason: "the link does not match its rows"}
	}
	v.end.Seq, v.group = row.Seq, v.group[:0]
	copy(v.end.Hash[:], want)
	for _, k := range kept {
		if k == v.end {
			v.passed[k] = true
		}
	}
	return nil
}

// compare holds the rows that a change appended against its digest.
func (v *verifying) compare(ctx context.Context, change Row) error {
	h := sha256.New()
	var b []byte
	for {
		row, err := v.first(change.Seq)
		if err != nil {
			return err
		}
		if row == nil {
			break
		}
		row.Seq = 0 // a change is hashed before it has numbers
		b = hashRow(h, row, b)
	}
	if len(change.Sealed) != digestSize || bytes.Equal(h.Sum(nil), change.Sealed[:sha256.Size]) {
		return nil
	}
	for _, object := range v.objects {
		gone, err := v.s.forgotten(ctx, object, change.Seq)
		if err != nil || gone {
			return err
		}
	}
	return &AuditError{Seq: change.Seq, Reason: "what was said or recorded is not what this change wrote"}
}

// forgotten says whether an object was erased after a change.
func (s *Store) forgotten(ctx context.Context, object string, after int64) (bool, error) {
	for e, err := range s.AuditTrail(ctx, object, after) {
		if err != nil {
			return false, err
		}
		if strings.HasPrefix(e.Action, forgets) {
			return true, nil
		}
	}
	return false, nil
}

// first takes the row of the least number below before from the lists; nil when
// there is none.
func (v *verifying) first(before int64) (*Row, error) {
	var least *rowList
	for _, l := range v.lists {
		row, err := l.peek()
		if err != nil {
			return nil, err
		}
		if row != nil && row.Seq < before && (least == nil || row.Seq < least.row.Seq) {
			least = l
		}
	}
	if least == nil {
		return nil, nil
	}
	row := least.row
	least.row = nil
	return row, nil
}

// rowList reads rows one by one, and looks one ahead.
type rowList struct {
	next func() (Row, error, bool)
	row  *Row
	done bool
}

func (l *rowList) peek() (*Row, error) {
	if l.row == nil && !l.done {
		row, err, ok := l.next()
		if err != nil {
			return nil, err
		}
		if l.done = !ok; ok {
			l.row = &row
		}
	}
	return l.row, nil
}
