package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSource(t *testing.T) {
	assert.Nil(t, source(""), "without a proxy the header is anybody's")
	for _, tt := range []struct {
		heard []string
		want  string
	}{
		{nil, "192.0.2.1"},
		{[]string{"203.0.113.7"}, "203.0.113.7"},
		{[]string{"10.9.9.9, 203.0.113.7"}, "203.0.113.7"},
		{[]string{"10.9.9.9", "8.8.8.8 ,203.0.113.7 "}, "203.0.113.7"},
		{[]string{"203.0.113.7:4711"}, "203.0.113.7"},
		{[]string{"::ffff:203.0.113.7"}, "203.0.113.7"},
		{[]string{"2001:db8:1:2:3:4:5:6"}, "2001:db8:1:2::/64"},
		{[]string{"[2001:db8:1:2::9]:443"}, "2001:db8:1:2::/64"},
		{[]string{"fe80::1%eth0"}, "fe80::/64"},
		{[]string{"203.0.113.7, "}, "192.0.2.1"},
		{[]string{"203.0.113.7, unknown"}, "192.0.2.1"},
	} {
		r := httptest.NewRequest("POST", "/desk/signin", nil)
		for _, h := range tt.heard {
			r.Header.Add("X-Forwarded-For", h)
		}
		assert.Equal(t, tt.want, source("https://hub.example")(r), tt.heard)
	}
}

// Behind a proxy, who guesses slows down themselves: everybody else is asked for
// their password as ever. Without one a caller cannot choose where they come from.
func TestGuessesBehindAProxy(t *testing.T) {
	for _, public := range []string{"", "https://hub.example"} {
		t.Run("public="+public, func(t *testing.T) {
			hub := newProcess(t, filepath.Join(t.TempDir(), "data"))
			hub.env = []string{"HUB_PUBLIC_URL=" + public}
			hub.start()
			guess := func(i int, heard string) int {
				form := url.Values{"login": {fmt.Sprint("somebody", i)}, "password": {"wrong"}}
				req, err := http.NewRequestWithContext(t.Context(), "POST", hub.url()+"/desk/signin", strings.NewReader(form.Encode()))
				require.NoError(t, err)
				req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				req.Header.Set("X-Forwarded-For", heard)
				res, err := http.DefaultClient.Do(req)
				require.NoError(t, err)
				defer res.Body.Close()
				_, err = io.Copy(io.Discard, res.Body)
				require.NoError(t, err)
				return res.StatusCode
			}
			// The caller invents the first element; the proxy writes the last.
			tried := 0
			for tried < 500 && guess(tried, fmt.Sprintf("10.0.0.%d, 203.0.113.7", tried%250)) != http.StatusTooManyRequests {
				tried++
			}
			require.GreaterOrEqual(t, tried, 30, "a whole office may sign in at once")
			require.Less(t, tried, 500, "who guesses is slowed")
			slowed := 0
			for i := range 3 {
				if guess(1000+i, "198.51.100.9") == http.StatusTooManyRequests {
					slowed++
				}
			}
			if public == "" {
				assert.Positive(t, slowed, "where they say they come from counts for nothing")
			} else {
				assert.Zero(t, slowed, "others go on")
			}
		})
	}
}
