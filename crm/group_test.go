package crm

import (
	"context"
	"crypto/cipher"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slow is a backend's Apply that takes a second, and notes its groups.
type slow struct {
	mu     sync.Mutex
	groups [][]string
	err    error
}

func (s *slow) apply(_ context.Context, bs []Batch) ([]Outcome, error) {
	time.Sleep(time.Second)
	s.mu.Lock()
	defer s.mu.Unlock()
	outs := make([]Outcome, len(bs))
	var keys []string
	for i, b := range bs {
		keys = append(keys, b.Writes[0].Key)
		n, _ := strconv.ParseInt(b.Writes[0].Key, 10, 64)
		outs[i].Seq = n
	}
	s.groups = append(s.groups, keys)
	return outs, s.err
}

func batchOf(n int) Batch { return Batch{Writes: []Row{{Key: strconv.Itoa(n)}}} }

func TestGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		told := 0
		g := &group{most: 5, apply: s.apply, after: func(bs []Batch, _ []Outcome) { told += len(bs) }}
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() {
				outs, err := g.do(t.Context(), batchOf(i))
				if assert.NoError(t, err) {
					assert.EqualValues(t, i, outs[0].Seq, "everybody gets their own outcome")
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		assert.Equal(t, [][]string{{"0"}, {"1", "2", "3", "4", "5"}, {"6", "7", "8", "9", "10"}, {"11"}}, s.groups)
		assert.Equal(t, 12, told)
		assert.False(t, g.busy)
		outs, err := g.do(t.Context(), batchOf(20), batchOf(21))
		require.NoError(t, err)
		assert.Len(t, outs, 2)
	})
}

func TestGroupWithdraws(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		g := &group{most: 5, apply: s.apply, after: func([]Batch, []Outcome) {}}
		ctx, cancel := context.WithCancel(t.Context())
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i, c := range []context.Context{t.Context(), ctx, t.Context(), ctx} {
			wg.Go(func() { _, errs[i] = g.do(c, batchOf(i)) })
			synctest.Wait()
		}
		cancel() // while the first is being written
		wg.Wait()
		assert.Equal(t, [][]string{{"0"}, {"2"}}, s.groups)
		assert.Equal(t, []error{nil, context.Canceled, nil, context.Canceled}, errs)
		_, err := g.do(ctx, batchOf(9))
		assert.ErrorIs(t, err, context.Canceled)
	})
}

// Who goes away while others wait for the same write still learns what became
// of it, because it was written.
func TestGroupCancelledTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &slow{}
		g := &group{most: 5, apply: s.apply, after: func([]Batch, []Outcome) {}}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		for i, c := range []context.Context{t.Context(), ctx, ctx} {
			wg.Go(func() {
				_, err := g.do(c, batchOf(i))
				assert.NoError(t, err)
			})
			synctest.Wait()
		}
		wg.Wait()
		assert.Equal(t, [][]string{{"0"}, {"1", "2"}}, s.groups)
	})
}

func TestGroupFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := errors.New("disk full")
		s := &slow{err: full}
		g := &group{most: 5, apply: s.apply, after: func([]Batch, []Outcome) { t.Error("nothing was written") }}
		var wg sync.WaitGroup
		for i := range 3 {
			wg.Go(func() {
				_, err := g.do(t.Context(), batchOf(i))
				assert.ErrorIs(t, err, full)
			})
		}
		wg.Wait()
	})
}

func TestKeyring(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	k := newKeyring(2, time.Minute, func() time.Time { return now })
	put := func(s string) { k.put(&heldKey{subject: s, key: cipher.AEAD(nil), rev: 1}) }
	put("a")
	put("b")
	require.NotNil(t, k.get("a"))
	put("c")
	assert.Nil(t, k.get("b"), "the one longest unused goes")
	assert.NotNil(t, k.get("a"))
	k.drop("a")
	k.drop("a")
	assert.Nil(t, k.get("a"))
	now = now.Add(time.Minute)
	assert.Nil(t, k.get("c"), "held for a while only")
	put("c")
	put("c")
	assert.Len(t, k.by, 1)
	assert.Equal(t, 1, k.order.Len())
}
