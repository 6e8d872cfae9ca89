package crm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/hubkit/hubkit/channels"
)

// A file's key is a fact. Its revision says whether a Change has named the file;
// nothing else of the row changes.
const (
	fileSaved = 1 // and named by nobody yet
	fileNamed = 2
)

// settled is when bytes that have no key, or no name, are nobody's work any more.
const settled = time.Hour

func (s *Store) fileKeys() *facts { return &facts{s: s, name: "files"} }

// fileRows returns the rows that keep the keys of the files among ms, each once.
// Other references, such as a provider's, have none.
func (s *Store) fileRows(ctx context.Context, ms []channels.Media) (keys []string, err error) {
	for _, m := range ms {
		id, ok := fileID(m.URL)
		if !ok {
			continue
		}
		_, key, err := s.fileKeys().place(ctx, id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

// files marks those that the Change names, so that Sweep leaves them alone. Words
// that are not kept name nothing.
func (t *turn) files(ctx context.Context) error {
	var ms []channels.Media
	if in := t.c.Inbound; in != nil && t.c.Thread.Expires.IsZero() {
		ms = append(ms, in.Media...)
	}
	for i := range t.c.Outbox {
		ms = append(ms, t.c.Outbox[i].Message.Media...)
	}
	for i := range t.c.Media {
		ms = append(ms, t.c.Media[i].Media)
	}
	keys, err := t.s.fileRows(ctx, ms)
	if err != nil {
		return err
	}
	for _, key := range keys {
		row, ok, err := t.s.row(ctx, Facts, key)
		if err != nil {
			return err
		}
		if ok && row.Rev == fileSaved {
			t.guard(Facts, key, fileSaved)
			t.put(Row{Table: Facts, Key: key, Rev: fileNamed, Sealed: row.Sealed})
		}
	}
	return nil
}

// forgetFiles adds that the keys of files are destroyed.
func (s *Store) forgetFiles(ctx context.Context, ms []channels.Media, b *Batch) error {
	keys, err := s.fileRows(ctx, ms)
	for _, key := range keys {
		b.Writes = append(b.Writes, Row{Table: Facts, Key: key, Gone: true})
	}
	return err
}

// Sweep forgets the files that were saved longer than older ago and that no Change
// has named since, and removes from the folder what has no key any more. It returns
// how many files went. Run it daily with a day, after Prune: whose message names a
// photo later than that sends the photo again. Never run it on a folder that belongs
// to another database.
func (f *Files) Sweep(ctx context.Context, older time.Duration) (gone int, err error) {
	if older <= 0 {
		return 0, errors.New("crm: files: Sweep must leave people time to send what they saved, such as 24 hours")
	}
	before := f.s.now().Add(-older).UnixMilli()
	err = f.each(func(e os.DirEntry) error {
		var dead bool
		var err error
		switch {
		case strings.HasPrefix(e.Name(), partPrefix):
			dead, err = abandoned(e)
		case uuid.Validate(e.Name()) == nil: // nothing else is ours
			dead, err = f.dead(ctx, e, before)
		}
		if err != nil || !dead {
			return err
		}
		gone++
		return f.unlink(e)
	})
	return gone, err
}

// dead says whether a file has no key, or had one that nobody wanted.
func (f *Files) dead(ctx context.Context, e os.DirEntry, before int64) (bool, error) {
	subject, key, err := f.keys.place(ctx, e.Name())
	if err != nil {
		return false, err
	}
	row, ok, err := f.s.row(ctx, Facts, key)
	if err != nil {
		return false, err
	}
	if !ok {
		return abandoned(e) // a new one may be about to get its key
	}
	if row.Rev != fileSaved {
		return false, nil
	}
	plain, err := f.s.open(ctx, subject, Facts, key, row.Sealed)
	if err != nil {
		return false, err
	}
	var k fileKey
	if err := json.Unmarshal(plain, &k); err != nil || k.At == 0 || k.At >= before {
		return false, err
	}
	_, err = f.s.write(ctx, &sealing{s: f.s, batch: Batch{
		Guards: []Guard{{Table: Facts, Key: key, Rev: fileSaved}},
		Writes: []Row{{Table: Facts, Key: key, Gone: true}},
	}})
	if isGuard(err) {
		return false, nil // somebody names it this very moment
	}
	return err == nil, err
}

// abandoned says whether nobody has written to a file for long. Another process
// may remove it meanwhile.
func abandoned(e os.DirEntry) (bool, error) {
	info, err := e.Info()
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	return err == nil && time.Since(info.ModTime()) > settled, err
}

func (f *Files) unlink(e os.DirEntry) error {
	if err := os.Remove(f.path(e.Name())); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("crm: files: %w", err)
	}
	return nil
}

// each goes through the files of the folder, some at a time.
func (f *Files) each(do func(os.DirEntry) error) error {
	d, err := os.Open(f.dir)
	if err != nil {
		return fmt.Errorf("crm: files: %w", err)
	}
	defer func() { _ = d.Close() }() // it was only read
	for {
		es, err := d.ReadDir(256)
		for _, e := range es {
			if !e.Type().IsRegular() {
				continue
			}
			if err := do(e); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("crm: files: %w", err)
		}
	}
}
