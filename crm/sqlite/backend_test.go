package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
