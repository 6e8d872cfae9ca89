package crm_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.key")
	var wg sync.WaitGroup
	indexes := make([][16]byte, 8)
	for i := range indexes {
		wg.Go(func() {
			k, err := crm.OpenKeyFile(path)
			if assert.NoError(t, err) {
				indexes[i], _ = k.Index(context.Background(), "ua", "phone", "+380")
			}
		})
	}
	wg.Wait()
	for _, x := range indexes {
		assert.Equal(t, indexes[0], x, "who starts together ends with one key")
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no half-made key is left beside it")

	var bad *crm.KeyFileError
	for _, mode := range []os.FileMode{0o644, 0o640, 0o620, 0o610, 0o604, 0o602, 0o601} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = crm.OpenKeyFile(path)
		require.ErrorAs(t, err, &bad, mode)
		assert.Contains(t, err.Error(), "chmod 600")
	}
	for _, mode := range []os.FileMode{0o400, 0o600} {
		require.NoError(t, os.Chmod(path, mode))
		_, err = crm.OpenKeyFile(path)
		require.NoError(t, err, mode)
	}
	for _, text := range []string{"", "hubkit-key-1", "hubkit-key-1 AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="} {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		_, err = crm.OpenKeyFile(path)
		require.ErrorAs(t, err, &bad, text)
	}
	for _, path := range []string{filepath.Join(path, "below-a-file"), filepath.Join(t.TempDir(), "no", "hub.key")} {
		_, err = crm.OpenKeyFile(path)
		require.ErrorAs(t, err, &bad)
	}
	_, err = crm.NewKeyFile([]byte("short"))
	require.ErrorAs(t, err, &bad)
}

func TestKeyFilePrintsNothing(t *testing.T) {
	k, err := crm.NewKeyFile(bytes.Repeat([]byte("k"), 32))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q"} {
		s := fmt.Sprintf(verb, k)
		assert.NotContains(t, s, "kkkk")
		assert.NotContains(t, s, "107 107")
		assert.NotContains(t, s, "6b6b")
		assert.NotContains(t, s, "0x6b, 0x6b")
	}
}

func TestDataKeys(t *testing.T) {
	k, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	other, err := crm.NewKeyFile(bytes.Repeat([]byte{1}, 32))
	require.NoError(t, err)
	ctx := t.Context()
	key, wrapped, err := k.NewKey(ctx, "ua/a")
	require.NoError(t, err)
	again, err := k.OpenKey(ctx, "ua/a", wrapped)
	require.NoError(t, err)
	plain, err := again.Open(nil, nil, key.Seal(nil, nil, []byte("Олена"), []byte("row")), []byte("row"))
	require.NoError(t, err)
	assert.Equal(t, "Олена", string(plain))
	_, err = k.OpenKey(ctx, "ua/b", wrapped)
	require.ErrorIs(t, err, crm.ErrSealed, "a key belongs to its subject")
	_, err = k.OpenKey(ctx, "sd/a", wrapped)
	require.ErrorIs(t, err, crm.ErrSealed, "and programme")
	_, err = other.OpenKey(ctx, "ua/a", wrapped)
	require.ErrorIs(t, err, crm.ErrSealed, "and master key")

	seen := map[[16]byte]bool{}
	for _, s := range []crm.Sealer{k, other} {
		for _, c := range [][3]string{{"ua", "phone", "1"}, {"ua", "phone", "2"}, {"ua", "account", "1"}, {"sd", "phone", "1"}} {
			x, err := s.Index(ctx, c[0], c[1], c[2])
			require.NoError(t, err)
			assert.False(t, seen[x])
			seen[x] = true
		}
	}
}

func TestWrongKeyIsFoundAtTheStart(t *testing.T) {
	f := newFixture(t)
	other, err := crm.NewKeyFile(bytes.Repeat([]byte{1}, 32))
	require.NoError(t, err)
	_, err = crm.New(t.Context(), crm.Config{Backend: f.backend, Sealer: other})
	require.ErrorIs(t, err, crm.ErrWrongKey)
	f.again(t)
}

// A key file that was lost is missed before anything stands in its place.
func TestAMissingKeyFileIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.key")
	backend := crmtest.NewMemory()
	start := func() error {
		k, err := crm.OpenKeyFile(path)
		require.NoError(t, err)
		_, err = crm.New(t.Context(), crm.Config{Backend: backend, Sealer: k})
		return err
	}
	require.NoError(t, start())
	require.NoError(t, os.Rename(path, path+".backup"))
	err := start()
	require.ErrorIs(t, err, crm.ErrWrongKey)
	require.ErrorContains(t, err, "is missing: restore it from its backup")
	require.NoFileExists(t, path)
	require.NoError(t, os.Rename(path+".backup", path))
	require.NoError(t, start())
}

// What was altered in the database, or moved to another row, is not opened.
func TestSealedValuesStayInTheirRow(t *testing.T) {
	f := newFixture(t)
	ivan := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "ivan"}}
	f.commit(t, crm.Change{Thread: f.thread(t), Inbound: heard("m1", "так")})
	f.commit(t, crm.Change{Thread: &crm.Thread{ID: ivan}})
	f.commit(t, crm.Change{Persons: []crm.Person{{ID: "a", Programme: "ua", Name: "A"}, {ID: "b", Programme: "ua", Name: "B"}}})
	var a, b crm.Row
	for r, err := range f.backend.Rows(t.Context(), crm.Select{Table: crm.Persons}) {
		require.NoError(t, err)
		a, b = b, r
	}
	a.Sealed = b.Sealed
	_, err := f.backend.Apply(t.Context(), []crm.Batch{{Writes: []crm.Row{a}}})
	require.NoError(t, err)
	_, err = f.Person(t.Context(), "ua", "a")
	require.ErrorIs(t, err, crm.ErrSealed, "moved from another person")
	b.Sealed[len(b.Sealed)-1] ^= 1
	_, err = f.backend.Apply(t.Context(), []crm.Batch{{Writes: []crm.Row{b}}})
	require.NoError(t, err)
	_, err = f.Person(t.Context(), "ua", "b")
	require.ErrorIs(t, err, crm.ErrSealed, "altered")
}

// canaries are values that must be nowhere in clear.
var canaries = []string{
	"380671234567", "Canary-Name", "Canary-Text", "Canary-Reply", "Canary-Answer", "Canary-Note", "Canary-Reason",
	"Canary-State", "Canary-Timer", "Canary-Ticket", "Canary-Place", "Canary-Fact", "Canary-Provider", "Canary-Tax",
	"Canary-Consent", "Canary-Media", "Canary-Inbound-ID", "Canary-Campaign",
}

// sow commits every kind of thing with a canary in every personal field.
func sow(t testing.TB, s *crm.Store) {
	t.Helper()
	ctx := context.Background()
	th, err := s.Thread(ctx, olena)
	require.NoError(t, err)
	th.State = []byte("Canary-State")
	reg := crm.Registration{
		ID: "r", Programme: "ua", Thread: olena, Answers: []byte(`"Canary-Answer"`),
		History: []crm.Transition{{From: crm.Draft, To: crm.Withdrawn, By: person, Reason: "Canary-Reason", At: noon}}, Status: crm.Withdrawn,
	}
	_, err = s.Commit(ctx, crm.Change{
		By: bot, Thread: &th,
		Inbound: &channels.Event{
			ID: "Canary-Inbound-ID", From: olena.Address, Text: "Canary-Text", Campaign: "Canary-Campaign",
			Location: &channels.Location{Label: "Canary-Place"}, Media: []channels.Media{{URL: "Canary-Media"}},
		},
		Outbox:        []crm.Outgoing{{Message: channels.Message{Text: "Canary-Reply"}}},
		Persons:       []crm.Person{{ID: "p", Programme: "ua", Name: "Canary-Name", Find: map[string]string{"tax_id": "Canary-Tax", "phone": "+380671234567"}}},
		Registrations: []crm.Registration{reg},
		Timers:        []crm.Timer{{Thread: olena, Name: "remind", Due: noon, Data: []byte("Canary-Timer")}},
		Tickets:       []crm.Ticket{{ID: "t", Queue: "legal", Thread: olena, Note: "Canary-Ticket"}},
		Notes:         []crm.Note{{About: "r", Text: "Canary-Note"}},
		Consents:      []crm.Consent{{Purpose: "processing", Message: "Canary-Consent"}},
		Media:         []crm.MediaRef{{ID: "m", Media: channels.Media{URL: "Canary-Media"}}},
	})
	require.NoError(t, err)
	require.NoError(t, s.Table("facts").Put(ctx, "Canary-Fact", "Canary-Fact"))
	q := s.Outbox()
	slice := lease(t, q)
	require.Len(t, slice.Items, 1)
	advance(t, q, slice, delivery.Sending, "")
	advance(t, q, slice, delivery.Accepted, "Canary-Provider")
}

func TestNoCanaryInAnyRow(t *testing.T) {
	f := newFixture(t)
	sow(t, f.Store)
	rows := 0
	for _, l := range crm.Layouts() {
		for r, err := range f.backend.Rows(t.Context(), crm.Select{Table: l.Table}) {
			require.NoError(t, err)
			rows++
			all := fmt.Sprintf("%s %v %s", r.Key, r.Clear, r.Sealed)
			for _, c := range canaries {
				assert.False(t, strings.Contains(all, c), "%s holds %s", l.Table, c)
			}
		}
	}
	assert.Greater(t, rows, 15)
}

// failing is a Sealer whose key service is away.
type failing struct{ crm.Sealer }

var errAway = errors.New("the key service is away")

func (failing) Index(context.Context, string, string, string) ([16]byte, error) {
	return [16]byte{}, errAway
}

func TestSealerErrorsAreReturned(t *testing.T) {
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	s, err := crm.New(t.Context(), crm.Config{Backend: crmtest.NewMemory(), Sealer: failing{key}})
	require.NoError(t, err)
	_, err = s.Thread(t.Context(), olena)
	require.ErrorIs(t, err, errAway)
	_, err = s.Commit(t.Context(), crm.Change{By: bot, Thread: &crm.Thread{ID: olena}})
	require.ErrorIs(t, err, errAway)
}
