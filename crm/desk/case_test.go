package desk_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/webchat"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

// A one-time link is for the person alone: whoever reads the conversation sees
// that there was one, in the page and in its stream, and cannot open it.
func TestOneTimeLinksAreShortened(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	const token = "q3Jx_0aVw-8Yb2ZkLmN4Pg"
	link := webchat.Link("https://hub.example/chat/", "go-"+token)
	viewer := h.person("vira", desk.Viewer, "ua")
	seen := viewer.listen(casePath(p) + "/live?after=0")
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	_, err = h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Thread: &th, Outbox: []crm.Outgoing{{
		Pull: true, Message: channels.Message{Lang: "uk", Text: "Надішліть фото тут: " + link + ". Дякуємо."},
	}}})
	require.NoError(t, err)
	h.says(p, "не відкривається "+link+" і https://hub.example/help#phones")

	words := viewer.get(casePath(p)).words()
	assert.Contains(t, words, "Надішліть фото тут: https://…/chat/#…. Дякуємо.")
	assert.Contains(t, words, "не відкривається https://…/chat/#… і https://hub.example/help#phones", "other links stay")
	assert.NotContains(t, words, token)
	all := ""
	for wait := time.After(time.Minute); !strings.Contains(all, "help#phones"); {
		select {
		case e, ok := <-seen:
			require.True(t, ok, "the stream ended")
			all += e
		case <-wait:
			require.Fail(t, "nothing came")
		}
	}
	assert.NotContains(t, all, token)
	assert.Contains(t, all, "https://…/chat/#…")
}
