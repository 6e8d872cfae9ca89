package desk_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm/desk"
)

// listen opens a stream and yields what it brings, until it ends.
func (b *tab) listen(path string) <-chan string {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), "GET", b.h.url+path, nil)
	require.NoError(b.h.t, err)
	res, err := b.client.Do(req)
	require.NoError(b.h.t, err)
	b.h.t.Cleanup(func() { res.Body.Close() })
	require.Equal(b.h.t, "text/event-stream; charset=utf-8", res.Header.Get("Content-Type"))
	events := make(chan string, 100)
	go func() {
		defer close(events)
		buf := make([]byte, 64<<10)
		for {
			n, err := res.Body.Read(buf)
			if n > 0 {
				events <- string(buf[:n])
			}
			if err != nil {
				return
			}
		}
	}()
	return events
}

// account is the path of somebody's account, as the administrator finds it.
func (h *house) account(name string) string {
	h.t.Helper()
	m := regexp.MustCompile(`(users/[0-9a-f-]{36})">` + name + `<`).FindStringSubmatch(h.admin.get("users").body)
	require.NotNil(h.t, m, name)
	return m[1]
}

// Whoever may no longer read a conversation hears no more word of it: neither
// what is said next nor who holds it.
func TestLiveEndsWithTheRightToRead(t *testing.T) {
	tests := map[string]func(h *house, olga *tab, at string){
		"another programme": func(h *house, _ *tab, at string) {
			h.admin.post(at, "do", "save", "role", "agent", "lang", "en", "scope", "md")
		},
		"another role": func(h *house, _ *tab, at string) {
			h.admin.post(at, "do", "save", "role", "viewer", "lang", "en", "scope", "ua")
		},
		"may not sign in": func(h *house, _ *tab, at string) {
			h.admin.post(at, "do", "save", "role", "agent", "lang", "en", "scope", "ua", "off", "1")
		},
		"all sessions ended": func(h *house, _ *tab, at string) { h.admin.post(at, "do", "end-all") },
		"signed out":         func(_ *house, olga *tab, _ string) { olga.post("signout") },
		"the session is old": func(h *house, _ *tab, _ string) { h.clock.pass(13 * time.Hour) },
	}
	for name, happens := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p := olena()
			h.register(p)
			olga := h.person("olga", desk.Caseworker, "ua")
			at := h.account("Olga")
			// The administrator's page tidies ended sessions away: it is not opened.
			h.admin.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
			seen := olga.listen(casePath(p) + "/live?after=0")
			require.Contains(t, strings.Join(h.audit(), "\n"), " read.live ua/"+p.id)
			h.says(p, "before")
			all := ""
			wait := time.After(time.Minute)
			for !strings.Contains(all, "before") {
				select {
				case e, ok := <-seen:
					require.True(t, ok, "the stream ended too early")
					all += e
				case <-wait:
					require.Fail(t, "nothing came")
				}
			}
			happens(h, olga, at)
			h.says(p, "after")
			for {
				select {
				case e, ok := <-seen:
					if !ok {
						return
					}
					assert.NotContains(t, e, "after")
				case <-wait:
					require.Fail(t, "the stream goes on")
				}
			}
		})
	}
}

// The list of conversations is silent, too, once its session has ended.
func TestListEndsWithItsSession(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga := h.person("olga", desk.Caseworker, "ua")
	seen := olga.listen("conversations/live")
	h.admin.post(h.account("Olga"), "do", "end-all")
	h.handOver(p)
	select {
	case e, ok := <-seen:
		assert.False(t, ok, e)
	case <-time.After(time.Minute):
		require.Fail(t, "the stream goes on")
	}
}

// With other rights one signs in anew; whoever changes their own stays.
func TestOtherRightsEndSessions(t *testing.T) {
	h := newHouse(t)
	olga := h.person("olga", desk.Caseworker, "ua", "md")
	at := h.account("Olga")
	h.admin.post(at, "do", "save", "name", "Ольга", "role", "agent", "lang", "uk", "scope", "md", "scope", "ua")
	assert.Equal(t, "", olga.get("").path, "a name is no right, nor is the order of programmes")
	h.admin.post(at, "do", "save", "role", "agent", "lang", "uk", "scope", "ua")
	assert.Equal(t, "signin", olga.get("").path)
	root := h.account("Головна")
	got := h.admin.post(root, "do", "save", "role", "administrator", "lang", "uk", "scope", "ua", "scope", "md")
	assert.Equal(t, root, got.path)
	assert.Equal(t, "", h.admin.get("").path)
}
