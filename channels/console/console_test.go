package console

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// echo keeps the events and answers each line with itself.
type echo struct {
	events []channels.Event
}

func (h *echo) Handle(_ context.Context, e channels.Event) ([]channels.Message, error) {
	h.events = append(h.events, e)
	if e.Kind == channels.Started {
		return nil, nil
	}
	if e.Text == "bye" {
		return []channels.Message{{Text: "goodbye"}}, ErrOver
	}
	return []channels.Message{{Text: "you said " + e.Text}}, nil
}

func talk(t *testing.T, in io.Reader, h channels.Handler) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c, err := New(Config{In: in, Out: &out})
	require.NoError(t, err)
	err = c.Run(t.Context(), h)
	return out.String(), err
}

func TestRunHandsOnEveryLine(t *testing.T) {
	h := &echo{}
	out, err := talk(t, strings.NewReader("Привіт\r\n\nостанній без кінця"), h)
	require.NoError(t, err)
	assert.Equal(t, "> you said Привіт\n\n> you said \n\n> you said останній без кінця\n\n> \n", out)
	require.Len(t, h.events, 4)
	ids := map[string]bool{}
	for i, e := range h.events {
		ids[e.ID] = true
		assert.Equal(t, i == 0, e.Kind == channels.Started)
		assert.NotEmpty(t, e.Session)
		assert.Equal(t, "console:person", e.From.Reveal())
		assert.False(t, e.At.IsZero())
	}
	assert.Len(t, ids, 4, "ids are unique")
}

func TestTwoRunsShareNoIDs(t *testing.T) {
	a, b := &echo{}, &echo{}
	_, err := talk(t, strings.NewReader(""), a)
	require.NoError(t, err)
	_, err = talk(t, strings.NewReader(""), b)
	require.NoError(t, err)
	assert.NotEqual(t, a.events[0].ID, b.events[0].ID, "a store would take the second run for a repeat of the first")
}

func TestRunEnds(t *testing.T) {
	out, err := talk(t, strings.NewReader("bye\nnever read\n"), &echo{})
	require.NoError(t, err)
	assert.Equal(t, "> goodbye\n\n", out)

	broken := errors.New("broken")
	_, err = talk(t, io.MultiReader(strings.NewReader("a\n"), readerFunc(func([]byte) (int, error) { return 0, broken })), &echo{})
	require.ErrorIs(t, err, broken)

	_, err = talk(t, strings.NewReader("a\n"), channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) { return nil, broken }))
	require.ErrorIs(t, err, broken)

	_, err = talk(t, strings.NewReader("a\n"), channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{}}, nil
	}))
	require.ErrorIs(t, err, channels.ErrEmpty)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }

func TestRunEndsWithItsContextWhileNobodyTypes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		var out bytes.Buffer
		c, err := New(Config{In: r, Out: &out})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx, &echo{}) }()
		synctest.Wait()
		cancel()
		require.NoError(t, <-done)
		require.NoError(t, w.Close()) // lets the reading goroutine go, as the bubble demands
	})
}

func TestReminderDoesNotSwallowThePrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		var out bytes.Buffer
		c, err := New(Config{In: r, Out: &out})
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() { done <- c.Run(t.Context(), &echo{}) }()
		synctest.Wait()
		ch, err := channels.New(c, channels.Config{})
		require.NoError(t, err)
		_, err = ch.Send(t.Context(), channels.Message{Text: "Are you still there?"})
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, <-done)
		assert.Equal(t, "> \nAre you still there?\n\n> \n", out.String())
	})
}

func TestLongLinesAreRefusedNotCut(t *testing.T) {
	h := &echo{}
	var out bytes.Buffer
	in := strings.Repeat("я", 5<<20) + "\nok\n" + strings.Repeat("x", 11) + "\n" + strings.Repeat("x", 10) + "\r\n"
	c, err := New(Config{In: strings.NewReader(in), Out: &out, MaxLine: 10, TooLong: "too long"})
	require.NoError(t, err)
	require.NoError(t, c.Run(t.Context(), h))
	assert.Equal(t, "> too long\n> you said ok\n\n> too long\n> you said xxxxxxxxxx\n\n> \n", out.String())
}

func TestControlCharactersReachNobody(t *testing.T) {
	h := &echo{}
	out, err := talk(t, strings.NewReader("a\x1b[2Jb\x00\u009bc\xff\n"), h)
	require.NoError(t, err)
	assert.Equal(t, "a[2Jbc\uFFFD", h.events[1].Text)
	assert.NotContains(t, out, "\x1b")

	out, err = talk(t, strings.NewReader("x\n"), channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Text: "name \x1b]0;owned\x07", Lang: "en"}}, nil
	}))
	require.NoError(t, err)
	assert.NotContains(t, out, "\x1b")
}

func TestRightToLeft(t *testing.T) {
	out, err := talk(t, strings.NewReader(""), channels.HandlerFunc(func(context.Context, channels.Event) ([]channels.Message, error) {
		return []channels.Message{{Lang: "ar", Text: "ما اسمك؟", Options: []channels.Option{{ID: "a", Label: "Olena"}, {ID: "b", Label: "نور"}}}}, nil
	}))
	require.NoError(t, err)
	assert.Equal(t, "ما اسمك؟\n\u200f1. Olena\n2. نور\n\n> \n", out)
}

func TestNewRefuses(t *testing.T) {
	_, err := New(Config{MaxLine: -1})
	require.ErrorContains(t, err, "MaxLine")
	_, err = New(Config{Name: "My Console"})
	require.ErrorContains(t, err, "lower-case")
}

func FuzzNext(f *testing.F) {
	for _, s := range []string{"так\n", "نعم\r\n", "👋🏽", "\xff\x00\n\n", strings.Repeat("a", 300)} {
		f.Add(s, 8)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		limit = 1 + limit&0xff
		h := &echo{}
		var out bytes.Buffer
		c, err := New(Config{In: strings.NewReader(s), Out: &out, MaxLine: limit})
		require.NoError(t, err)
		require.NoError(t, c.Run(t.Context(), h))
		for _, e := range h.events {
			require.True(t, utf8.ValidString(e.Text))
			require.NotContains(t, e.Text, "\n")
			require.Less(t, strings.IndexFunc(e.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }), 0)
		}
	})
}
