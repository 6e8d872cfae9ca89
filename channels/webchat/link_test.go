package webchat

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
