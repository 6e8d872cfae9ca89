package webchat

import (
	"compress/gzip"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
)

// identity asks for an answer that is not pressed.
var identity = header("Accept-Encoding", "identity")

func TestPage(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, func(c *Config) {
		c.Title = hubkit.Text{"en": "Help </script><b>", "uk": "Допомога", "ar": "مساعدة"}
		c.Origins = []string{"https://a.example", "https://b.example:8443"}
	}), m)
	c.token = ""
	res, page := c.do("GET", "", "", identity, header("Accept-Language", "uk-UA,uk;q=0.9"))
	require.Equal(t, http.StatusOK, res.StatusCode)
	assert.Equal(t, "nosniff", res.Header.Get("X-Content-Type-Options"))
	assert.Equal(t, "same-origin", res.Header.Get("Referrer-Policy"))
	assert.Equal(t, "no-cache", res.Header.Get("Cache-Control"))
	assert.Equal(t, []string{"Accept-Language", "Accept-Encoding"}, res.Header.Values("Vary"))
	policy := res.Header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.NotContains(t, policy, "unsafe")
	assert.Contains(t, policy, "frame-ancestors 'self' https://a.example https://b.example:8443")
	assert.Contains(t, page, `<html lang="uk" dir="ltr">`)
	assert.Contains(t, page, "<title>Допомога</title>")
	assert.Contains(t, page, "<noscript>")
	assert.Empty(t, res.Cookies(), "looking is no session")
	assert.Len(t, m.heard(), 1)
	assert.NotRegexp(t, `<script>|<style|\sstyle=|\son\w+=|javascript:`, page, "no inline code")
	assert.NotRegexp(t, `(src|href)="(https?:)?//`, page, "nothing from outside")

	_, page = c.do("GET", "?lang=ar", "", identity, header("Accept-Language", "uk"))
	assert.Contains(t, page, `<html lang="ar" dir="rtl">`)
	_, page = c.do("GET", "", "", identity, header("Accept-Language", "en"))
	assert.Equal(t, 2, strings.Count(page, "</script>"), "a title cannot leave the settings")

	again, body := c.do("GET", "", "", identity, header("Accept-Language", "uk"), header("If-None-Match", res.Header.Get("ETag")))
	assert.Equal(t, http.StatusNotModified, again.StatusCode)
	assert.Empty(t, body)
	head, body := c.do("HEAD", "", "", identity)
	assert.Equal(t, http.StatusOK, head.StatusCode)
	assert.Empty(t, body)
}

func TestFilesAreSmallAndNeverChange(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Uploads = &album{} }), m)
	_, page := c.do("GET", "", "", identity)
	total := len(page)
	files := regexp.MustCompile(`(?:src|href)="(chat\.[\w-]{12}\.(?:js|css))"`).FindAllStringSubmatch(page, -1)
	require.Len(t, files, 2)
	for _, f := range files {
		res, plainBody := c.do("GET", f[1], "", identity)
		require.Equal(t, http.StatusOK, res.StatusCode)
		assert.Equal(t, "public, max-age=31536000, immutable", res.Header.Get("Cache-Control"))
		total += len(plainBody)
		assert.NotRegexp(t, `https?://(?:[a-z0-9-]+\.)+[a-z]`, plainBody, "nothing from outside")

		pressed, body := c.do("GET", f[1], "", header("Accept-Encoding", "gzip"))
		assert.Equal(t, "gzip", pressed.Header.Get("Content-Encoding"))
		z, err := gzip.NewReader(strings.NewReader(body))
		require.NoError(t, err)
		unpressed, err := io.ReadAll(z)
		require.NoError(t, err)
		assert.Equal(t, plainBody, string(unpressed))
		t.Logf("%s: %d bytes, %d pressed", f[1], len(plainBody), len(body))
	}
	t.Logf("page, script and stylesheet: %d bytes", total)
	assert.Less(t, total, 60_000)
}

func TestWordsAndEmbed(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, nil), m)
	res, body := c.do("GET", "words?lang=ru", "", identity)
	assert.Equal(t, "application/json", res.Header.Get("Content-Type"))
	assert.Contains(t, body, `"send":"Отправить"`)

	res, body = c.do("GET", "embed.js", "", identity, header("Accept-Language", "ar"), header("Sec-Fetch-Site", "cross-site"))
	assert.Equal(t, http.StatusOK, res.StatusCode)
	assert.Equal(t, "cross-origin", res.Header.Get("Cross-Origin-Resource-Policy"))
	assert.Contains(t, body, `"dir":"rtl"`)
	assert.NotContains(t, body, "/*words*/")
}

func TestOriginsMayCall(t *testing.T) {
	m := newMemory(nil)
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Origins = []string{"https://partner.example"} }), m)
	res, _ := c.do("POST", "message", `{"client":"a","text":"x"}`, header("Origin", "https://partner.example"))
	assert.Equal(t, http.StatusAccepted, res.StatusCode)
	res, _ = c.do("POST", "message", `{"client":"a","text":"x"}`, header("Sec-Fetch-Site", "same-origin"), header("Origin", "https://public.example"))
	assert.Equal(t, http.StatusAccepted, res.StatusCode, "behind a proxy that changes the host")
}
