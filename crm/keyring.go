package crm

import (
	"container/list"
	"context"
	"crypto/cipher"
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
	until   time.Time
}

func newKeyring(most int, ttl time.Duration, now func() time.Time) *keyring {
	return &keyring{max: most, ttl: ttl, now: now, by: map[string]*list.Element{}}
}

func (k *keyring) get(subject string) cipher.AEAD {
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
	return h.key
}

func (k *keyring) put(subject string, key cipher.AEAD) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.by[subject]; ok {
		k.remove(e)
	}
	k.by[subject] = k.order.PushFront(&heldKey{subject: subject, key: key, until: k.now().Add(k.ttl)})
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
func (s *Store) key(ctx context.Context, subject string) (cipher.AEAD, error) {
	if key := s.keys.get(subject); key != nil {
		return key, nil
	}
	row, ok, err := s.row(ctx, Keys, subject)
	if err != nil || !ok {
		return nil, err
	}
	key, err := s.sealer.OpenKey(ctx, subject, row.Sealed)
	if err != nil {
		return nil, err
	}
	s.keys.put(subject, key)
	return key, nil
}

// open opens one sealed value; ErrSealed when the subject's key is gone.
func (s *Store) open(ctx context.Context, subject string, t Table, row string, sealed []byte) ([]byte, error) {
	key, err := s.key(ctx, subject)
	if err != nil {
		return nil, err
	}
	if key == nil {
		return nil, ErrSealed
	}
	plain, err := key.Open(nil, nil, sealed, bound(t, row))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// sealing collects, for one batch, the keys it seals with: those made for it
// are rows of the batch, and are kept for later only when it was committed.
type sealing struct {
	s     *Store
	batch Batch
	used  map[string]cipher.AEAD
	fresh []heldKey
}

// keyFor returns the key to seal subject's rows with. Unless the batch guards
// a row that is forgotten together with the key, it guards the key itself.
func (w *sealing) keyFor(ctx context.Context, subject string, guarded bool) (cipher.AEAD, error) {
	if key := w.used[subject]; key != nil {
		return key, nil
	}
	key, err := w.s.key(ctx, subject)
	if err != nil {
		return nil, err
	}
	rev := int64(1)
	if key == nil {
		var wrapped []byte
		if key, wrapped, err = w.s.sealer.NewKey(ctx, subject); err != nil {
			return nil, err
		}
		w.batch.Writes = append(w.batch.Writes, Row{Table: Keys, Key: subject, Rev: 1, Sealed: wrapped})
		w.fresh = append(w.fresh, heldKey{subject: subject, key: key})
		rev, guarded = 0, false
	}
	if !guarded {
		w.batch.Guards = append(w.batch.Guards, Guard{Table: Keys, Key: subject, Rev: rev})
	}
	if w.used == nil {
		w.used = make(map[string]cipher.AEAD, 2)
	}
	w.used[subject] = key
	return key, nil
}

// seal seals plain under a key that keyFor returned, in the place of plain
// when there is room.
func (w *sealing) seal(key cipher.AEAD, t Table, row string, plain []byte) []byte {
	return key.Seal(nil, nil, plain, bound(t, row))
}
