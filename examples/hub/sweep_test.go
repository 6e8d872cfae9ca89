package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// The clean-up removes photos whose keys are gone.
func TestCleanUpSweepsPhotos(t *testing.T) {
	p := newProcess(t, filepath.Join(t.TempDir(), "data"))
	photo := filepath.Join(p.data, "files", crm.NewID())
	require.NoError(t, os.MkdirAll(filepath.Dir(photo), 0o700))
	require.NoError(t, os.WriteFile(photo, []byte("sealed"), 0o600))
	old := time.Now().Add(-2 * time.Hour)
	require.NoError(t, os.Chtimes(photo, old, old))
	p.start()
	require.Eventually(t, func() bool {
		_, err := os.Lstat(photo)
		return errors.Is(err, os.ErrNotExist)
	}, 30*time.Second, 10*time.Millisecond)
	require.NoError(t, p.stop())
}
