package webchat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

// Every link that a session opens is an event, so links are paced as messages are.
func TestPaceOfLinks(t *testing.T) {
	m := newMemory(nil)
	now := time.Now()
	_, c := serve(t, newTest(t, m, func(c *Config) {
		c.PerMinute = 3
		c.Now = func() time.Time { return now }
	}), m)
	link := func(i int) *http.Response {
		res, _ := c.do("POST", "session", fmt.Sprintf(`{"bearer":true,"campaign":"go-%d"}`, i))
		return res
	}
	for i := range 3 {
		require.Equal(t, http.StatusOK, link(i).StatusCode)
	}
	res := link(3)
	assert.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	assert.Equal(t, "20", res.Header.Get("Retry-After"))
	assert.Len(t, m.heard(), 4, "the beginning and three links")
	res, _ = c.do("POST", "session", `{"bearer":true,"campaign":"poster"}`)
	assert.Equal(t, http.StatusOK, res.StatusCode, "what tells the hub nothing is not held up")
	now = now.Add(20 * time.Second)
	assert.Equal(t, http.StatusOK, link(3).StatusCode)
	assert.Len(t, m.heard(), 5)
}

// A one-time link leaves the address bar when the hub has heard of it, and not before.
func TestBrowserPutsASpentLinkAway(t *testing.T) {
	tab := browse(t)
	m := newMemory(func(e channels.Event) []channels.Message {
		return []channels.Message{{Text: "heard " + e.Campaign}}
	})
	var shut atomic.Bool // sessions are put off
	shut.Store(true)
	asked := make(chan struct{}, 1)
	d := newTest(t, m, nil)
	serve := d.Serve(m)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if shut.Load() && strings.HasSuffix(r.URL.Path, "/session") {
			select {
			case asked <- struct{}{}:
			default:
			}
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		serve.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { d.Close(); srv.Close() })

	page := srv.URL + "/chat/?c=poster"
	tab.do(chromedp.Navigate(Link(page, "go-one")))
	<-asked
	tab.until(`location.hash === '#go-one'`)
	shut.Store(false)
	tab.see("heard go-one")
	tab.until(`location.href === '` + page + `'`)
	tab.until(`location.hash = '#go-two'`)
	tab.see("heard go-two")
	tab.until(`location.href === '` + page + `'`)
	tab.until(`location.hash = '#log'`)
	tab.do(chromedp.Reload())
	tab.see("heard go-two")
	tab.until(`location.hash === '#log'`)
	heard := m.heard()
	require.Len(t, heard, 2, "each link once")
	assert.Equal(t, heard[0].From, heard[1].From, "one conversation")
}
