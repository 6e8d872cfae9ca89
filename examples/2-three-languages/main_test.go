package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// turn is what was said (<) until the person replied (>).
type turn struct{ expect, reply []string }

// transcript reads a conversation as field staff write it: "# remark", "< a part
// of what is said", "> what the person writes".
func transcript(t *testing.T, file string) []turn {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	turns := []turn{{}}
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		now := &turns[len(turns)-1]
		switch sign, rest, _ := strings.Cut(line, " "); sign {
		case "<":
			now.expect = append(now.expect, rest)
		case ">":
			now.reply = append(now.reply, rest)
			turns = append(turns, turn{})
		case "#", "":
		default:
			t.Fatalf("%s:%d: a line begins with #, < or >", file, i+1)
		}
	}
	return turns
}

func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			turns := transcript(t, file)
			var in strings.Builder
			for _, x := range turns {
				for _, s := range x.reply {
					in.WriteString(s + "\n")
				}
			}
			var out strings.Builder
			require.NoError(t, run(t.Context(), strings.NewReader(in.String()), &out))
			said := strings.Split(out.String(), "> ")
			require.Len(t, said, len(turns), "the conversation ended early or late:\n%s", out.String())
			for i, x := range turns {
				for _, want := range x.expect {
					assert.Contains(t, said[i], want, "before reply %d, %q", i+1, x.reply)
				}
			}
		})
	}
}

// Nothing of another language slips in once a language was chosen.
func TestOneLanguageToTheEnd(t *testing.T) {
	for file, foreign := range map[string]string{"testdata/uk.txt": "ыэёъ", "testdata/ru.txt": "іїєґ"} {
		var in strings.Builder
		for _, x := range transcript(t, file) {
			for _, s := range x.reply {
				in.WriteString(s + "\n")
			}
		}
		var out strings.Builder
		require.NoError(t, run(t.Context(), strings.NewReader(in.String()), &out))
		_, rest, ok := strings.Cut(out.String(), "> ")
		require.True(t, ok)
		assert.False(t, strings.ContainsAny(strings.ToLower(rest), foreign), file)
	}
}

func TestRunEnds(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), strings.NewReader(""), &out), "end of input")
	assert.Contains(t, out.String(), "Якою мовою")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, run(ctx, strings.NewReader("1\n"), &out))

	broken := errors.New("broken")
	require.ErrorIs(t, run(t.Context(), strings.NewReader("1\n"), writer(func([]byte) (int, error) { return 0, broken })), broken)
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }
