package crm

import (
	"container/list"
	"context"
	"crypto/cipher"
	"math"
	"math/rand/v2"
	"sync"
	"time"
)

// keyring keeps unwrapped data keys for a while, the most recently used ones.
type keyring struct {
	max int
	ttl time.Duration
	now func() time.Time

	mu    sync.Mutex
	by    map[string]*list.Element
	order list.List // of *heldKey, the latest used first
}

type heldKey struct {
	subject string
	key     cipher.AEAD
	rev     int64 // of the key's row: random, so that no later key has it again
	until   time.Time
}

func newKeyring(most int, ttl time.Duration, now func() time.Time) *keyring {
	return &keyring{max: most, ttl: ttl, now: now, by: map[string]*list.Element{}}
}

func (k *keyring) get(subject string) *heldKey {
	k.mu.Lock()
	defer k.mu.Unlock()
	e, ok := k.by[subject]
	if !ok {
		return nil
	}
	h := e.Value.(*heldKey)
	if !k.now().Before(h.until) {
		k.remove(e)
		return nil
	}
	k.order.MoveToFront(e)
	return h
}

func (k *keyring) put(h *heldKey) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.by[h.subject]; ok {
		k.remove(e)
	}
	h.until = k.now().Add(k.ttl)
	k.by[h.subject] = k.order.PushFront(h)
	for len(k.by) > k.max {
		k.remove(k.order.Back())
	}
}

func (k *keyring) drop(subject string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.by[subject]; ok {
		k.remove(e)
	}
}

func (k *keyring) remove(e *list.Element) {
	delete(k.by, e.Value.(*heldKey).subject)
	k.order.Remove(e)
}

// key returns the stored data key of a subject; nil when it has none.
func (s *Store) key(ctx context.Context, subject string) (*heldKey, error) {
	if h := s.keys.get(subject); h != nil {
		return h, nil
	}
	row, ok, err := s.row(ctx, Keys, subject)
	if err != nil || !ok {
		return nil, err
	}
	key, err := s.sealer.OpenKey(ctx, subject, row.Sealed)
	if err != nil {
		return nil, err
	}
	h := &heldKey{subject: subject, key: key, rev: row.Rev}
	s.keys.put(h)
	return h, nil
}

// open opens one sealed value; ErrSealed when the subject's key is gone.
func (s *Store) open(ctx context.Context, subject string, t Table, row string, sealed []byte) ([]byte, error) {
	// Another process may have destroyed the key that is held here, and the person
	// come back under a new one: worth a second look.
	for range 2 {
		h, err := s.key(ctx, subject)
		if err != nil {
			return nil, err
		}
		if h == nil {
			break
		}
		plain, err := h.key.Open(nil, nil, sealed, bound(t, row))
		if err == nil {
			return plain, nil
		}
		s.keys.drop(subject)
	}
	return nil, ErrSealed
}

// sealing collects, for one batch, the keys it seals with: those made for it
// are rows of the batch, and are kept for later only when it was committed.
type sealing struct {
	s     *Store
	batch Batch
	used  []*heldKey // a turn has few subjects
	fresh []*heldKey
}

// keyFor returns the key to seal subject's rows with. The batch guards it:
// nothing is ever sealed with a key that was destroyed meanwhile.
func (w *sealing) keyFor(ctx context.Context, subject string) (cipher.AEAD, error) {
	for _, h := range w.used {
		if h.subject == subject {
			return h.key, nil
		}
	}
	h, err := w.s.key(ctx, subject)
	if err != nil {
		return nil, err
	}
	rev := int64(0)
	if h == nil {
		key, wrapped, err := w.s.sealer.NewKey(ctx, subject)
		if err != nil {
			return nil, err
		}
		h = &heldKey{subject: subject, key: key, rev: rand.Int64N(math.MaxInt64) + 1}
		w.batch.Writes = append(w.batch.Writes, Row{Table: Keys, Key: subject, Rev: h.rev, Sealed: wrapped})
		w.fresh = append(w.fresh, h)
	} else {
		rev = h.rev
	}
	w.batch.Guards = append(w.batch.Guards, Guard{Table: Keys, Key: subject, Rev: rev})
	w.used = append(w.used, h)
	return h.key, nil
}

// seal seals plain under a key that keyFor returned.
func (w *sealing) seal(key cipher.AEAD, t Table, row string, plain []byte) []byte {
	return key.Seal(nil, nil, plain, bound(t, row))
}
