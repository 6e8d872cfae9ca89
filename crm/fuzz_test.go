package crm_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// Whatever comes in is kept as it came, or refused as malformed: never altered
// otherwise, never a panic.
func FuzzCommit(f *testing.F) {
	f.Add("wamid.1", "Так, нас п'ятеро", "size:5", []byte("state"))
	f.Add("SM/1", "نعم، نحن خمسة \u200f5", "", []byte{0})
	f.Add("id|x", "👩‍👩‍👧 \u202e evil \u2069", "a\x00b", []byte{255, 254})
	f.Add("\xff", "\xff\xfe", "\xc3", []byte(nil))
	f.Add("", strings.Repeat("я", 5000), "", []byte("x"))
	f.Fuzz(func(t *testing.T, id, text, option string, state []byte) {
		fx := newFixture(t)
		th := fx.thread(t)
		th.State = state
		e := heard(id, text)
		e.Option = option
		r, err := fx.Commit(t.Context(), crm.Change{By: bot, Inbound: e, Thread: th, Outbox: pull(text)})
		if id == "" || !utf8.ValidString(id) || len(id) > 512 {
			require.ErrorIs(t, err, crm.ErrChange)
			return
		}
		require.NoError(t, err)
		xs := collect(t, fx.Interactions(t.Context(), olena, crm.Page{}))
		require.Len(t, xs, 2)
		assert.Equal(t, id, xs[0].In.ID)
		assert.Equal(t, valid(text), xs[0].In.Text)
		assert.Equal(t, valid(option), xs[0].In.Option)
		assert.Equal(t, channels.Message{Ref: r.Replies[0].Ref, To: olena.Address, Text: valid(text)}, xs[1].Out.Message)
		got := fx.thread(t)
		assert.Equal(t, string(state), string(got.State))
		_, known, err := fx.Heard(t.Context(), "ua", *e)
		require.NoError(t, err)
		assert.True(t, known)
	})
}

// valid is the text with each byte that is no UTF-8 replaced, as JSON has it.
func valid(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteRune(r)
	}
	return b.String()
}
