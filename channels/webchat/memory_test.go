package webchat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

// memory is a hub and its backlog for tests: it records every event once by ID,
// and says what its script answers.
type memory struct {
	script func(e channels.Event) []channels.Message

	mu      sync.Mutex
	fail    error
	seen    map[string]int // by event ID: how often it came
	events  []channels.Event
	entries map[channels.Address][]channels.Entry
	more    chan struct{} // closed when anything was said
}

func newMemory(script func(e channels.Event) []channels.Message) *memory {
	return &memory{
		script:  script,
		seen:    map[string]int{},
		entries: map[channels.Address][]channels.Entry{},
		more:    make(chan struct{}),
	}
}

func (m *memory) Handle(_ context.Context, e channels.Event) ([]channels.Message, error) {
	m.mu.Lock()
	if m.fail != nil {
		defer m.mu.Unlock()
		return nil, m.fail
	}
	m.seen[e.ID]++
	if m.seen[e.ID] > 1 {
		m.mu.Unlock()
		return nil, nil
	}
	m.events = append(m.events, e)
	m.mu.Unlock()
	if m.script != nil {
		m.say(e.From, m.script(e)...)
	}
	return nil, nil
}

func (m *memory) say(a channels.Address, messages ...channels.Message) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, msg := range messages {
		seq := int64(len(m.entries[a]) + 1)
		if msg.Ref == "" {
			msg.Ref = fmt.Sprintf("ref-%d", seq)
		}
		m.entries[a] = append(m.entries[a], channels.Entry{Seq: seq, Message: msg})
	}
	close(m.more)
	m.more = make(chan struct{})
}

func (m *memory) setFail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

func (m *memory) heard() []channels.Event {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]channels.Event(nil), m.events...)
}

func (m *memory) After(ctx context.Context, a channels.Address, seq int64) ([]channels.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	all := m.entries[a]
	if seq >= int64(len(all)) {
		return nil, ctx.Err()
	}
	return all[seq:], ctx.Err()
}

func (m *memory) Wait(ctx context.Context, a channels.Address, seq int64) error {
	for {
		m.mu.Lock()
		more, n := m.more, int64(len(m.entries[a]))
		m.mu.Unlock()
		if n > seq {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

var errBroken = errors.New("the disk is full")

var testKey = bytes.Repeat([]byte{7}, 32)

// newTest returns a driver over m; edit may change the configuration.
func newTest(t testing.TB, m *memory, edit func(*Config)) *Driver {
	t.Helper()
	c := Config{Backlog: m, Keys: [][]byte{testKey}, Logger: slog.New(slog.DiscardHandler)}
	if edit != nil {
		edit(&c)
	}
	d, err := New(c)
	require.NoError(t, err)
	return d
}
