package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

func turn(t testing.TB, s *crm.Store, i int, id, text string) crm.Result {
	t.Helper()
	th, err := s.Thread(t.Context(), webThread(i))
	require.NoError(t, err)
	th.State = []byte("Canary-State " + text)
	r, err := s.Commit(t.Context(), crm.Change{
		By: bot, Inbound: said(i, id, "Canary-Text "+text), Thread: &th,
		Outbox:  []crm.Outgoing{{Message: channels.Message{Text: "Canary-Reply " + text}}},
		Persons: []crm.Person{{ID: id, Programme: "ua", Name: "Canary-Name", Find: map[string]string{"phone": "+380671234567"}}},
		Notes:   []crm.Note{{About: id, Text: "Canary-Note"}},
	})
	require.NoError(t, err)
	return r
}

// raw opens the file itself, as an intruder or another program would.
func raw(t testing.TB, dir string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "hub.db")+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	return db
}

func TestNoCanaryInAnyFile(t *testing.T) {
	dir := t.TempDir()
	s, b := openStore(t, dir)
	for i := range 20 {
		turn(t, s, i, fmt.Sprint(i), "x")
	}
	require.NoError(t, b.Backup(t.Context(), filepath.Join(dir, "copy.db")))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	names := map[string]bool{}
	for _, f := range files {
		names[f.Name()] = true
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		for _, c := range []string{"Canary", "380671234567", "session-1"} {
			assert.False(t, bytes.Contains(data, []byte(c)), "%s holds %s", f.Name(), c)
		}
	}
	for _, want := range []string{"hub.db", "hub.db-wal", "hub.db-shm", "hub.key", "copy.db"} {
		assert.True(t, names[want], "looked into %s", want)
	}
}

func TestErasureReachesTheFile(t *testing.T) {
	dir := t.TempDir()
	s, _ := openStore(t, dir)
	turn(t, s, 1, "m1", "x")
	var sealed []byte
	require.NoError(t, raw(t, dir).QueryRow("SELECT sealed FROM crm_interactions LIMIT 1").Scan(&sealed))
	holds := func() bool {
		for _, name := range []string{"hub.db", "hub.db-wal"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			if bytes.Contains(data, sealed) {
				return true
			}
		}
		return false
	}
	require.True(t, holds())
	require.NoError(t, s.Forget(t.Context(), crm.Actor{Kind: crm.Agent, ID: "ann"}, "request", webThread(1)))
	assert.False(t, holds(), "the very bytes are gone, from the log too")
}

func TestAppendOnly(t *testing.T) {
	dir := t.TempDir()
	s, _ := openStore(t, dir)
	turn(t, s, 1, "m1", "x")
	turn(t, s, 2, "m2", "x")
	db := raw(t, dir)
	closed := func(when string) {
		t.Helper()
		for _, table := range []string{"crm_interactions", "crm_records", "crm_audit"} {
			_, err := db.Exec("UPDATE " + table + " SET sealed=x'00'")
			require.ErrorContains(t, err, "append-only", "%s, %s", table, when)
			_, err = db.Exec("DELETE FROM " + table)
			require.ErrorContains(t, err, "append-only", "%s, %s", table, when)
		}
	}
	closed("at first")
	require.NoError(t, s.Forget(t.Context(), bot, "request", webThread(1)))
	var left int
	require.NoError(t, db.QueryRow("SELECT count(*) FROM crm_interactions").Scan(&left))
	require.Positive(t, left, "somebody else's are still there")
	closed("after an erasure, which opened them for itself")
}

func TestBackupIsWhole(t *testing.T) {
	dir := t.TempDir()
	s, b := openStore(t, dir)
	var wg sync.WaitGroup
	defer wg.Wait()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	turn(t, s, 0, "first", "x")
	wg.Go(func() { // the hub goes on
		for i := 0; ctx.Err() == nil; i++ {
			th, err := s.Thread(ctx, webThread(1))
			if err == nil {
				_, err = s.Commit(ctx, crm.Change{By: bot, Thread: &th, Inbound: said(1, fmt.Sprint(i), "x")})
			}
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		}
	})
	copied := t.TempDir()
	require.NoError(t, b.Backup(t.Context(), filepath.Join(copied, "hub.db")))
	require.Error(t, b.Backup(t.Context(), filepath.Join(copied, "hub.db")), "never over another file")
	cancel()
	key, err := os.ReadFile(filepath.Join(dir, "hub.key"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(copied, "hub.key"), key, 0o600))
	restored, rb := openStore(t, copied)
	require.NoError(t, rb.Check(t.Context()))
	_, err = restored.Verify(t.Context())
	require.NoError(t, err)
	th, err := restored.Thread(t.Context(), webThread(0))
	require.NoError(t, err)
	assert.Equal(t, "Canary-State x", string(th.State))
}

// The same inbound five times in parallel, from two processes: recorded once,
// answered once.
func TestFiveAtOnce(t *testing.T) {
	dir := t.TempDir()
	a, _ := openStore(t, dir)
	b, _ := openStore(t, dir)
	results := make(chan crm.Result, 5)
	var wg sync.WaitGroup
	for i := range 5 {
		wg.Go(func() {
			s := []*crm.Store{a, b}[i%2]
			r, err := s.Commit(t.Context(), crm.Change{
				By: bot, Inbound: said(1, "m1", "Привіт"), Thread: &crm.Thread{ID: webThread(1)},
				Outbox: []crm.Outgoing{{Inline: true, Message: channels.Message{Text: "Вітаємо"}}},
			})
			assert.NoError(t, err)
			results <- r
		})
	}
	wg.Wait()
	close(results)
	refs := map[string]int{}
	for r := range results {
		require.Len(t, r.Replies, 1)
		refs[r.Replies[0].Ref]++
	}
	assert.Len(t, refs, 1, "everybody is told the same")
	n := 0
	for _, err := range a.Interactions(t.Context(), webThread(1), crm.Page{}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 2, n)
}

// Two processes on one file: here two backends, which share nothing but it.
func TestTwoWriters(t *testing.T) {
	dir := t.TempDir()
	a, _ := openStore(t, dir)
	b, bb := openStore(t, dir)
	const each = 100
	var wg sync.WaitGroup
	for i, s := range []*crm.Store{a, b, a, b} {
		wg.Go(func() {
			for n := 0; n < each; {
				th, err := s.Thread(t.Context(), webThread(i/2)) // two and two on one thread
				if !assert.NoError(t, err) {
					return
				}
				_, err = s.Commit(t.Context(), crm.Change{By: bot, Thread: &th, Inbound: said(i/2, fmt.Sprintf("%d-%d", i, n), "x")})
				if errors.Is(err, crm.ErrStale) {
					continue
				}
				if !assert.NoError(t, err) {
					return
				}
				n++
			}
		})
	}
	wg.Wait()
	for i := range 2 {
		n := 0
		for _, err := range a.Interactions(t.Context(), webThread(i), crm.Page{}) {
			require.NoError(t, err)
			n++
		}
		assert.Equal(t, 2*each, n)
	}
	_, err := b.Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, bb.Check(t.Context()))
}

// A stream notices what another process committed.
func TestBacklogAcrossProcesses(t *testing.T) {
	dir := t.TempDir()
	a, _ := openStore(t, dir)
	b, _ := openStore(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	log := a.Backlog("ua")
	waited := make(chan error, 1)
	go func() { waited <- log.Wait(ctx, webThread(1).Address, 0) }()
	_, err := b.Commit(ctx, crm.Change{
		By: bot, Thread: &crm.Thread{ID: webThread(1)},
		Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Text: "hello"}}},
	})
	require.NoError(t, err)
	require.NoError(t, <-waited)
	es, err := log.After(ctx, webThread(1).Address, 0)
	require.NoError(t, err)
	require.Len(t, es, 1)
}

func TestUseOfACallersDatabase(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "own.db")+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	_, err = db.Exec("CREATE TABLE threads (mine TEXT); INSERT INTO threads VALUES ('x')")
	require.NoError(t, err)
	b, err := sqlite.Use(t.Context(), db, sqlite.Config{})
	require.NoError(t, err)
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	s, err := crm.New(t.Context(), crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	turn(t, s, 1, "m", "x")
	require.NoError(t, b.Close())
	require.NoError(t, b.Close(), "twice is once")
	_, err = s.Commit(t.Context(), crm.Change{By: bot, Thread: &crm.Thread{ID: webThread(2)}})
	require.Error(t, err)
	var n int
	require.NoError(t, db.QueryRow("SELECT (SELECT count(*) FROM threads) + (SELECT count(*) FROM crm_threads)").Scan(&n), "the caller's database stays open")
	assert.Equal(t, 2, n)
	db.SetMaxOpenConns(1)
	_, err = sqlite.Use(t.Context(), db, sqlite.Config{})
	require.ErrorContains(t, err, "at least 2")
}

// A full disk: nothing is acknowledged that is not durable, and the store goes
// on when there is room again.
func TestFullDisk(t *testing.T) {
	db, err := sql.Open("sqlite", filepath.Join(t.TempDir(), "own.db")+"?_pragma=busy_timeout(5000)")
	require.NoError(t, err)
	defer func() { assert.NoError(t, db.Close()) }()
	db.SetMaxOpenConns(2)
	b, err := sqlite.Use(t.Context(), db, sqlite.Config{})
	require.NoError(t, err)
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	s, err := crm.New(t.Context(), crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	require.NoError(t, b.Limit(t.Context(), 100))
	acked := 0
	for i := 0; err == nil && i < 100000; i++ {
		th, terr := s.Thread(t.Context(), webThread(i))
		require.NoError(t, terr)
		th.State = make([]byte, 2000)
		if _, err = s.Commit(t.Context(), crm.Change{By: bot, Thread: &th, Inbound: said(i, fmt.Sprint(i), "x")}); err == nil {
			acked++
		}
	}
	require.ErrorContains(t, err, "full")
	require.Positive(t, acked)
	require.NoError(t, b.Limit(t.Context(), 1<<30))
	turn(t, s, 100001, "after", "x")
	for i := range acked {
		th, err := s.Thread(t.Context(), webThread(i))
		require.NoError(t, err)
		require.Len(t, th.State, 2000)
	}
	_, err = s.Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, b.Check(t.Context()))
	require.NoError(t, b.Close())
}

func TestSchemaOfAnotherVersion(t *testing.T) {
	for q, want := range map[string]error{
		"INSERT INTO crm_migrations VALUES ('migrations/9999_later.sql', '')": sqlite.ErrNewer,
		"UPDATE crm_migrations SET sum='other'":                               sqlite.ErrMigration,
	} {
		dir := t.TempDir()
		_, b := openStore(t, dir)
		require.NoError(t, b.Close())
		_, err := raw(t, dir).Exec(q)
		require.NoError(t, err)
		_, err = sqlite.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlite.Config{})
		require.ErrorIs(t, err, want)
	}
}

func TestFilesThatCannotBeOpened(t *testing.T) {
	dir := t.TempDir()
	_, err := sqlite.Open(t.Context(), filepath.Join(dir, "none", "hub.db"), sqlite.Config{})
	require.Error(t, err)
	path := filepath.Join(dir, "text.db")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("no database "), 1000), 0o600))
	_, err = sqlite.Open(t.Context(), path, sqlite.Config{})
	require.ErrorContains(t, err, "not a database")
	_, err = sqlite.Open(t.Context(), filepath.Join(dir, "x.db"), sqlite.Config{Readers: -1})
	require.ErrorContains(t, err, "negative")
	odd := filepath.Join(dir, "50% of a? hub#1.db")
	b, err := sqlite.Open(t.Context(), odd, sqlite.Config{})
	require.NoError(t, err)
	require.NoError(t, b.Close())
	_, err = os.Stat(odd)
	require.NoError(t, err)
}

func TestCheckFindsDamage(t *testing.T) {
	dir := t.TempDir()
	s, b := openStore(t, dir)
	for i := range 200 {
		turn(t, s, i, fmt.Sprint(i), "x")
	}
	require.NoError(t, b.Scrub(t.Context()))
	require.NoError(t, b.Close())
	f, err := os.OpenFile(filepath.Join(dir, "hub.db"), os.O_RDWR, 0)
	require.NoError(t, err)
	info, err := f.Stat()
	require.NoError(t, err)
	for at := int64(16 << 10); at < info.Size(); at += 64 << 10 {
		_, err = f.WriteAt(bytes.Repeat([]byte{0xff}, 64), at)
		require.NoError(t, err)
	}
	require.NoError(t, f.Close())
	b, err = sqlite.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		return // damaged where Open looks
	}
	defer func() { assert.NoError(t, b.Close()) }()
	require.Error(t, b.Check(t.Context()))
}
