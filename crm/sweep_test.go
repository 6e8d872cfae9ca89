package crm_test

import (
	"bytes"
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

const day = 24 * time.Hour

// folder is files and where they lie.
type folder struct {
	*crm.Files
	dir string
}

func openFolder(t testing.TB, s *crm.Store) folder {
	t.Helper()
	dir := t.TempDir()
	f, err := crm.OpenFiles(s, dir)
	require.NoError(t, err)
	return folder{f, dir}
}

// keep saves a photo.
func (f folder) keep(t testing.TB) channels.Media {
	t.Helper()
	m, err := f.Save(t.Context(), "image/jpeg", bytes.NewReader(noise(100)))
	require.NoError(t, err)
	return m
}

func (f folder) path(m channels.Media) string { return filepath.Join(f.dir, m.URL[len("file:"):]) }

// age makes a file look as old to its folder.
func age(t testing.TB, path string, by time.Duration) {
	t.Helper()
	at := time.Now().Add(-by)
	require.NoError(t, os.Chtimes(path, at, at))
}

func (f folder) sweep(t testing.TB) int {
	t.Helper()
	n, err := f.Sweep(t.Context(), day)
	require.NoError(t, err)
	return n
}

func (f folder) opens(t testing.TB, m channels.Media, why string) {
	t.Helper()
	file, err := f.Open(t.Context(), m.URL)
	require.NoError(t, err, why)
	got, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.Equal(t, noise(100), got)
}

func (f folder) forgotten(t testing.TB, m channels.Media, why string) {
	t.Helper()
	_, err := f.Open(t.Context(), m.URL)
	require.ErrorIs(t, err, crm.ErrNoFile, why)
}

// sent is olena's message with a photo.
func sent(id string, ms ...channels.Media) *channels.Event {
	e := heard(id, "")
	e.Media = ms
	return e
}

func TestForgettingAPersonForgetsTheirPhotos(t *testing.T) {
	f := newFixture(t)
	files := openFolder(t, f.Store)
	roof, passport, elsewhere := files.keep(t), files.keep(t), files.keep(t)
	late, theirs, leaflet := files.keep(t), files.keep(t), files.keep(t)
	f.commit(t, crm.Change{
		Thread: f.thread(t), Inbound: sent("1", roof), Outbox: []crm.Outgoing{{Message: channels.Message{Media: []channels.Media{leaflet}}}},
		Media: []crm.MediaRef{{ID: "m", Media: passport}},
	})
	f.commit(t, crm.Change{Programme: "ua", Media: []crm.MediaRef{{ID: "e", About: "r", Media: elsewhere}}})
	f.clock.pass(crm.InboxKept + day) // an old photo is forgotten like a new one
	f.commit(t, crm.Change{Thread: f.thread(t), Inbound: sent("2", late, channels.Media{URL: "https://provider.example/photo"})})
	another := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "whatsapp", ID: "+380671234568"}}
	e := sent("3", theirs)
	e.From = another.Address
	f.commit(t, crm.Change{Thread: &crm.Thread{ID: another}, Inbound: e})

	require.NoError(t, f.Forget(t.Context(), ann, "request", olena))
	for _, m := range []channels.Media{roof, passport, late} {
		files.forgotten(t, m, "sent, or kept about the thread")
	}
	files.opens(t, elsewhere, "somebody else's")
	files.opens(t, theirs, "somebody else's")
	files.opens(t, leaflet, "the programme's own")
	require.NoError(t, f.ForgetAbout(t.Context(), ann, "request", "ua", "r"))
	files.forgotten(t, elsewhere, "kept about the registration")

	assert.Zero(t, files.sweep(t), "what is new may be about to get its key")
	for _, m := range []channels.Media{roof, passport, late, elsewhere, theirs, leaflet} {
		age(t, files.path(m), 2*time.Hour)
	}
	assert.Equal(t, 4, files.sweep(t), "bytes without a key go")
	for _, m := range []channels.Media{roof, passport, late, elsewhere} {
		assert.NoFileExists(t, files.path(m))
	}
	files.opens(t, theirs, "somebody else's")
	files.opens(t, leaflet, "the programme's own")
}

// Who did not consent in time is forgotten with everything, also what was kept
// about the thread.
func TestExpiryForgetsPhotos(t *testing.T) {
	f := newFixture(t)
	files := openFolder(t, f.Store)
	m := files.keep(t)
	th := f.thread(t)
	th.Expires = noon.Add(day)
	f.commit(t, crm.Change{Thread: th, Inbound: heard("1", "x"), Media: []crm.MediaRef{{ID: "m", Media: m}}})
	f.clock.pass(day + time.Hour)
	files.opens(t, m, "it is kept until then")
	assert.Equal(t, crm.Pruned{Threads: 1}, f.prune(t, false))
	files.forgotten(t, m, "with the thread")
}

// A photo that comes while its sender is being forgotten is forgotten too.
func TestPhotoAtTheLastMoment(t *testing.T) {
	f := newFixture(t)
	files := openFolder(t, f.Store)
	first, second := files.keep(t), files.keep(t)
	f.commit(t, crm.Change{Thread: f.thread(t), Inbound: sent("1", first)})
	slow := &meanwhile{Backend: f.backend, table: crm.Records, then: func() {
		f.commit(t, crm.Change{Thread: f.thread(t), Inbound: sent("2", second)})
	}}
	s, err := crm.New(t.Context(), crm.Config{Backend: slow, Sealer: f.key, Now: f.clock.Now})
	require.NoError(t, err)
	require.NoError(t, s.Forget(t.Context(), ann, "request", olena))
	require.Nil(t, slow.then, "it was on its way")
	files.forgotten(t, first, "looked at first")
	files.forgotten(t, second, "came after the first look")

	slow.table, slow.always = crm.Records, func() { f.commit(t, crm.Change{Thread: f.thread(t)}) }
	require.ErrorIs(t, s.Forget(t.Context(), ann, "request", olena), crm.ErrStale, "it does not try for ever")
}

// meanwhile is a backend in which something happens when a table is read.
type meanwhile struct {
	crm.Backend
	table        crm.Table
	then, always func()
}

func (m *meanwhile) Rows(ctx context.Context, q crm.Select) iter.Seq2[crm.Row, error] {
	if q.Table == m.table {
		if then := m.then; then != nil {
			m.then = nil
			then()
		}
		if m.always != nil {
			m.always()
		}
	}
	return m.Backend.Rows(ctx, q)
}

func TestSweepForgetsWhatNobodyNamed(t *testing.T) {
	f := newFixture(t)
	files := openFolder(t, f.Store)
	said, kept, leaflet := files.keep(t), files.keep(t), files.keep(t)
	unnamed, unconsented := files.keep(t), files.keep(t)
	f.clock.pass(time.Hour)
	recent := files.keep(t)
	th := f.thread(t)
	th.Expires = noon.Add(10 * day)
	f.commit(t, crm.Change{Thread: th, Inbound: sent("0", unconsented)}) // the name is not kept
	th = f.thread(t)
	th.Expires = time.Time{}
	f.commit(t, crm.Change{
		Thread: th, Inbound: sent("1", said), Media: []crm.MediaRef{{ID: "m", About: "r", Media: kept}, {ID: "n", About: "r", Media: said}},
		Outbox: []crm.Outgoing{{Message: channels.Message{Media: []channels.Media{leaflet}}}},
	})
	r, err := f.Commit(t.Context(), crm.Change{By: bot, Thread: f.thread(t), Inbound: sent("1", said)})
	require.NoError(t, err)
	require.True(t, r.Duplicate, "a repeated event is still recognised")

	assert.Zero(t, files.sweep(t), "a day is not over")
	f.clock.pass(day - time.Hour)
	assert.Zero(t, files.sweep(t), "not for the first either: it is exactly a day old")
	f.clock.pass(time.Millisecond)
	assert.Equal(t, 2, files.sweep(t))
	for _, m := range []channels.Media{unnamed, unconsented} {
		files.forgotten(t, m, "nobody named it")
		assert.NoFileExists(t, files.path(m))
	}
	files.opens(t, recent, "there is time to name it")
	f.clock.pass(30 * day)
	assert.Equal(t, 1, files.sweep(t))
	files.forgotten(t, recent, "now there is none")
	for _, m := range []channels.Media{said, kept, leaflet} {
		files.opens(t, m, "named")
	}
	_, err = files.Sweep(t.Context(), 0)
	require.ErrorContains(t, err, "24 hours")

	f.commit(t, crm.Change{Thread: f.thread(t), Inbound: sent("late", unnamed)})
	files.forgotten(t, unnamed, "a name does not bring it back")
}

// Who names a file while the sweep is on its way to it keeps it.
func TestNamedAtTheLastMoment(t *testing.T) {
	f := newFixture(t)
	m := openFolder(t, f.Store)
	photo := m.keep(t)
	f.clock.pass(2 * day)
	var named int
	s, err := crm.New(t.Context(), crm.Config{Backend: &hooked{Memory: f.backend, before: func() {
		if named++; named == 1 {
			f.commit(t, crm.Change{Thread: f.thread(t), Inbound: sent("1", photo)})
		}
	}}, Sealer: f.key, Now: f.clock.Now})
	require.NoError(t, err)
	files, err := crm.OpenFiles(s, m.dir)
	require.NoError(t, err)
	n, err := files.Sweep(t.Context(), day)
	require.NoError(t, err)
	assert.Zero(t, n)
	assert.Equal(t, 1, named, "it was on its way")
	m.opens(t, photo, "named in time")
}

func TestSweepClearsTheFolderOfWhatWasBrokenOff(t *testing.T) {
	f := newFixture(t)
	files := openFolder(t, f.Store)
	for _, name := range []string{".part-old", ".part-new", "notes.txt", ".part-open"} {
		require.NoError(t, os.WriteFile(filepath.Join(files.dir, name), []byte("x"), 0o600))
	}
	require.NoError(t, os.Mkdir(filepath.Join(files.dir, "sub"), 0o700))
	old := func(name string) { age(t, filepath.Join(files.dir, name), 61*time.Minute) }
	old(".part-old")
	old("notes.txt")
	old("sub")
	age(t, filepath.Join(files.dir, ".part-new"), 59*time.Minute)
	assert.Equal(t, 1, files.sweep(t))
	assert.NoFileExists(t, filepath.Join(files.dir, ".part-old"))
	assert.FileExists(t, filepath.Join(files.dir, ".part-new"), "somebody may be writing it")
	assert.FileExists(t, filepath.Join(files.dir, "notes.txt"), "not ours")
	assert.DirExists(t, filepath.Join(files.dir, "sub"))

	old(".part-open")
	m := files.keep(t)
	age(t, files.path(m), 2*time.Hour)
	_, err := crm.OpenFiles(f.Store, files.dir)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(files.dir, ".part-open"), "a start clears it away")
	assert.FileExists(t, filepath.Join(files.dir, ".part-new"))
	files.opens(t, m, "nothing else goes at a start")
}

// hooked is a backend in which something happens before each writing.
type hooked struct {
	*crmtest.Memory
	before func()
}

func (h *hooked) Apply(ctx context.Context, bs []crm.Batch) ([]crm.Outcome, error) {
	h.before()
	return h.Memory.Apply(ctx, bs)
}
