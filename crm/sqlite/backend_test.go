package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
	"github.com/hubkit/hubkit/crm/sqlite"
)

func TestBackend(t *testing.T) {
	paths := map[crm.Backend]string{}
	open := func(t *testing.T, path string) crm.Backend {
		b, err := sqlite.Open(t.Context(), path, sqlite.Config{})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, b.Close()) })
		paths[b] = path
		return b
	}
	crmtest.TestBackend(t, crmtest.Opener{
		Open: func(t *testing.T) crm.Backend { return open(t, filepath.Join(t.TempDir(), "hub.db")) },
		Reopen: func(t *testing.T, b crm.Backend) crm.Backend {
			require.NoError(t, b.(*sqlite.Backend).Close())
			return open(t, paths[b])
		},
	})
}

var bot = crm.Actor{Kind: crm.Bot, ID: "hub"}

func openStore(t testing.TB, dir string) (*crm.Store, *sqlite.Backend) {
	t.Helper()
	b, err := sqlite.Open(context.Background(), filepath.Join(dir, "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close()) })
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	require.NoError(t, err)
	s, err := crm.New(context.Background(), crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	return s, b
}

func webThread(i int) crm.ThreadID {
	return crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: fmt.Sprintf("session-%d", i)}}
}

func said(i int, id, text string) *channels.Event {
	return &channels.Event{ID: id, From: webThread(i).Address, At: time.Now(), Text: text}
}
