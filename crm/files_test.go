package crm_test

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

func noise(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

func TestFilesComeBackAsTheyWere(t *testing.T) {
	s := newFixture(t).Store
	dir := filepath.Join(t.TempDir(), "files")
	f, err := crm.OpenFiles(s, dir)
	require.NoError(t, err)
	for _, n := range []int{0, 1, 1000, 64<<10 - 1, 64 << 10, 64<<10 + 1, 300_000} {
		want := noise(n)
		m, err := f.Save(t.Context(), "image/jpeg", iotest.HalfReader(bytes.NewReader(want)))
		require.NoError(t, err)
		require.Equal(t, int64(n), m.Size)
		file, err := f.Open(t.Context(), m.URL)
		require.NoError(t, err)
		require.Equal(t, "image/jpeg", file.Type)
		got, err := io.ReadAll(iotest.OneByteReader(file))
		require.NoError(t, err)
		require.NoError(t, file.Close())
		require.True(t, bytes.Equal(want, got), "%d bytes", n)
		on, err := os.ReadFile(filepath.Join(dir, m.URL[len("file:"):]))
		require.NoError(t, err)
		if n > 100 {
			require.False(t, bytes.Contains(on, want[:50]), "sealed")
		}
	}
}

// Whatever is done to a file on the disk, it is noticed.
func TestDamagedFilesDoNotOpen(t *testing.T) {
	s := newFixture(t).Store
	dir := t.TempDir()
	f, err := crm.OpenFiles(s, dir)
	require.NoError(t, err)
	m, err := f.Save(t.Context(), "image/png", bytes.NewReader(noise(200_000)))
	require.NoError(t, err)
	other, err := f.Save(t.Context(), "image/png", bytes.NewReader(noise(200_000)))
	require.NoError(t, err)
	path := filepath.Join(dir, m.URL[len("file:"):])
	good, err := os.ReadFile(path)
	require.NoError(t, err)
	theirs, err := os.ReadFile(filepath.Join(dir, other.URL[len("file:"):]))
	require.NoError(t, err)
	const whole = 64<<10 + 16
	for what, bad := range map[string][]byte{
		"empty": {}, "cut in a chunk": good[:1000], "cut between chunks": good[:whole], "longer": append(bytes.Clone(good), 0),
		"a bit": append([]byte{good[0] ^ 1}, good[1:]...), "another file": theirs,
		"chunks exchanged": append(append(bytes.Clone(good[whole:2*whole]), good[:whole]...), good[2*whole:]...),
	} {
		require.NoError(t, os.WriteFile(path, bad, 0o600))
		file, err := f.Open(t.Context(), m.URL)
		require.NoError(t, err)
		_, err = io.ReadAll(file)
		require.ErrorIs(t, err, crm.ErrFileDamaged, what)
		require.NoError(t, file.Close())
	}
	require.NoError(t, os.Remove(path))
	_, err = f.Open(t.Context(), m.URL)
	require.ErrorIs(t, err, crm.ErrFileDamaged)
}

func TestFilesAreForgotten(t *testing.T) {
	s := newFixture(t).Store
	dir := t.TempDir()
	f, err := crm.OpenFiles(s, dir)
	require.NoError(t, err)
	m, err := f.Save(t.Context(), "image/png", bytes.NewReader(noise(10)))
	require.NoError(t, err)
	require.NoError(t, f.Forget(t.Context(), m.URL))
	require.NoError(t, f.Forget(t.Context(), m.URL), "again")
	_, err = f.Open(t.Context(), m.URL)
	require.ErrorIs(t, err, crm.ErrNoFile)
	for _, ref := range []string{"", "file:", "file:../hub.key", "file:x/y", "https://example.org/x", "file:.part-1", `file:..\x`} {
		_, err := f.Open(t.Context(), ref)
		require.ErrorIs(t, err, crm.ErrNoFile, "%q", ref)
	}
	broken := errors.New("the line broke")
	_, err = f.Save(t.Context(), "image/png", io.MultiReader(bytes.NewReader(noise(100_000)), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left, "nothing is kept of what did not arrive whole")
}

// A photo is on the disk before it has its name, and its name before it is answered
// for: a power cut leaves all of it or nothing.
func TestFilesWaitForTheDisk(t *testing.T) {
	dir := t.TempDir()
	f, err := crm.OpenFiles(newFixture(t).Store, dir)
	require.NoError(t, err)
	var waited []string
	broken := errors.New("the disk is full")
	for fails := range 3 { // at the first, at the second, at none
		waited = nil
		f.OnSync(func(name string) error {
			names, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Len(t, names, 1)
			info, err := names[0].Info()
			require.NoError(t, err)
			require.Equal(t, int64(1000+16), info.Size(), "whole")
			if name != dir {
				require.Equal(t, names[0].Name(), filepath.Base(name))
			}
			waited = append(waited, names[0].Name())
			if len(waited) == fails+1 {
				return broken
			}
			return nil
		})
		m, err := f.Save(t.Context(), "image/png", bytes.NewReader(noise(1000)))
		if fails < 2 {
			require.ErrorIs(t, err, broken)
			require.NotErrorIs(t, err, os.ErrNotExist)
			left, err := os.ReadDir(dir)
			require.NoError(t, err)
			require.Empty(t, left, "nothing is kept after an error")
			continue
		}
		require.NoError(t, err)
		require.Len(t, waited, 2)
		require.Contains(t, waited[0], ".part-")
		require.Equal(t, m.URL, "file:"+waited[1])
	}
}
