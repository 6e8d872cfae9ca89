package crm

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"
)

// Config says what a Store is made of. Nothing in it belongs to a programme:
// one store serves all programmes of a hub, and every key it writes begins
// with one.
type Config struct {
	// Backend keeps the rows; crm/sqlite is the embedded one. Required. The
	// caller closes it after the last use of the store.
	Backend Backend
	// Sealer makes and opens keys; see OpenKeyFile. Required.
	Sealer Sealer
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
	// Logger receives what an operator must know, never personal data. Defaults
	// to discarding.
	Logger *slog.Logger
	// Group is the most Changes that share one commit. Defaults to 256: with more,
	// those who wait are answered all at once, and the next have nobody to wait with.
	Group int
	// Keys is how many unwrapped data keys are kept in memory, about 1 KB each.
	// Defaults to 16,384.
	Keys int
	// KeyTTL is how long an unwrapped key is kept. Defaults to 5 minutes.
	KeyTTL time.Duration
}

// Store remembers a hub's threads, people and registrations. It seals, guards,
// audits and groups; the Backend only keeps rows. It starts no goroutine of its
// own. Safe for concurrent use; several processes may have a Store each on one
// Backend's data.
type Store struct {
	backend Backend
	sealer  Sealer
	now     func() time.Time
	log     *slog.Logger
	keys    *keyring
	group   *group
	heard   *bell
}

// ErrWrongKey is returned by New when the data was sealed under another key
// than the Sealer's.
var ErrWrongKey = errors.New("crm: the data was sealed with another key: restore the key that belongs to it")

// The house is the programme of what belongs to none: facts of channels and
// the mark of the key.
const house = "_"

// New opens a store, and finds out whether the Sealer's key is the one that
// the data was sealed with; ErrWrongKey when it is not.
func New(ctx context.Context, c Config) (*Store, error) {
	var errs []error
	if c.Backend == nil {
		errs = append(errs, errors.New("crm: Config.Backend is missing: open one, such as crm/sqlite.Open"))
	}
	if c.Sealer == nil {
		errs = append(errs, errors.New("crm: Config.Sealer is missing: open one, such as crm.OpenKeyFile"))
	}
	if c.Group < 0 || c.Keys < 0 || c.KeyTTL < 0 {
		errs = append(errs, errors.New("crm: Config.Group, Keys and KeyTTL may not be negative"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s := &Store{backend: c.Backend, sealer: c.Sealer, now: c.Now, log: c.Logger}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.keys = newKeyring(or(c.Keys, 16384), or(c.KeyTTL, 5*time.Minute), s.now)
	s.heard = newBell(s)
	s.group = &group{most: or(c.Group, 256), apply: c.Backend.Apply, after: s.heard.ring}
	if err := s.checkKey(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// checkKey proves the key on a mark that the first New left in the data.
func (s *Store) checkKey(ctx context.Context) error {
	const mark = house + "/mark"
	for range 2 {
		row, ok, err := s.row(ctx, Facts, mark)
		if err != nil {
			return err
		}
		if ok {
			plain, err := s.open(ctx, mark, Facts, mark, row.Sealed)
			switch {
			case errors.Is(err, ErrSealed):
				return fmt.Errorf("%w: %w", ErrWrongKey, err)
			case err == nil && !bytes.Equal(plain, []byte(mark)):
				return ErrWrongKey
			}
			return err
		}
		w := &sealing{s: s}
		key, err := w.keyFor(ctx, mark)
		if err != nil {
			return err
		}
		w.batch.Guards = append(w.batch.Guards, Guard{Table: Facts, Key: mark})
		w.batch.Writes = append(w.batch.Writes, Row{Table: Facts, Key: mark, Rev: 1, Sealed: w.seal(key, Facts, mark, []byte(mark))})
		if _, err := s.write(ctx, w); err == nil || !isGuard(err) {
			return err
		}
		s.keys.drop(mark) // another process was first
	}
	return fmt.Errorf("%w: the mark of the key cannot be read", ErrWrongKey)
}

// write commits what w collected, in a group with others'.
func (s *Store) write(ctx context.Context, w *sealing) (Outcome, error) {
	outs, err := s.group.do(ctx, w.batch)
	if err != nil {
		return Outcome{}, err
	}
	out := outs[0]
	if out.Err != nil {
		return out, out.Err
	}
	for _, k := range w.fresh {
		s.keys.put(k)
	}
	return out, nil
}

func isGuard(err error) bool {
	var g *GuardError
	return errors.As(err, &g)
}

// row reads one row by its key.
func (s *Store) row(ctx context.Context, t Table, key string) (r Row, ok bool, err error) {
	for r, err = range s.backend.Rows(ctx, Select{Table: t, Where: []Where{{Column: "key", Value: key}}, Limit: 1}) {
		return r, err == nil, err
	}
	return Row{}, false, nil
}

// Keys of rows and subjects.

func key16(x [16]byte) string { return base64.RawURLEncoding.EncodeToString(x[:]) }

// threadKey is both the row and the subject of a thread: the programme and the
// blind index of the address.
func (s *Store) threadKey(ctx context.Context, id ThreadID) (string, error) {
	x, err := s.sealer.Index(ctx, id.Programme, "address", id.Address.Channel+"\x00"+id.Address.ID)
	if err != nil {
		return "", err
	}
	return id.Programme + "/" + key16(x), nil
}

func (s *Store) inboxKey(ctx context.Context, programme, channel, id string) (string, error) {
	x, err := s.sealer.Index(ctx, programme, "inbox", channel+"\x00"+id)
	if err != nil {
		return "", err
	}
	return programme + "/" + key16(x), nil
}

// idKey is the row, and the subject, of a person or registration.
func idKey(programme, id string) string { return programme + "/" + id }

// saidRow is what an interaction or record is bound to besides its subject:
// the values of its clear columns.
func saidRow(subject, kind string, at int64) string {
	return subject + "/" + kind + "/" + strconv.FormatInt(at, 36)
}
