package desk_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm/desk"
)

// Sessions are listed, and end when their owner or the administrator says so.
func TestSessionsEnd(t *testing.T) {
	h := newHouse(t)
	olga := h.person("olga", desk.Caseworker, "ua")
	phone := h.browser()
	phone.post("signin", "login", "olga", "password", password)
	list := olga.get("sessions")
	ids := regexp.MustCompile(`name="session" value="([0-9a-f]+)"`).FindAllStringSubmatch(list.body, -1)
	require.Len(t, ids, 2)
	assert.Contains(t, list.words(), "Firefox, Linux")
	olga.post("sessions", "session", ids[0][1]) // the latest is listed first
	assert.Equal(t, "signin", phone.get("").path)
	assert.Equal(t, "", olga.get("").path)

	stranger := h.person("ivan", desk.Caseworker, "ua")
	stranger.post("sessions", "session", ids[1][1])
	assert.Equal(t, "", olga.get("").path, "nobody ends another's")

	user := regexp.MustCompile(`users/([0-9a-f-]{36})">Olga<`).FindStringSubmatch(h.admin.get("users").body)
	require.NotNil(t, user)
	h.admin.post("users/"+user[1], "do", "end-all")
	assert.Equal(t, "signin", olga.get("").path)
	olga.post("signin", "login", "olga", "password", password)
	h.clock.pass(13 * time.Hour)
	assert.Equal(t, "signin", olga.get("").path, "a session has an end")

	olga.post("signin", "login", "olga", "password", password)
	copied := *cookieOf(t, olga)
	olga.post("signout")
	u, _ := url.Parse(h.url)
	olga.client.Jar.SetCookies(u, []*http.Cookie{&copied})
	assert.Equal(t, "signin", olga.get("").path, "signing out ends the session itself")
}

// A one-time link works once, for a day, and the latest one only.
func TestLinks(t *testing.T) {
	h := newHouse(t)
	again, err := h.desk.FirstLink(t.Context())
	require.NoError(t, err)
	assert.Empty(t, again, "there is an administrator")
	h.person("olga", desk.Caseworker, "ua")
	b := h.browser()
	for _, link := range []string{h.links["olga"], "welcome/" + strings.Repeat("A", 43), "welcome/x"} {
		assert.Equal(t, http.StatusNotFound, b.get(link).code)
		assert.Equal(t, http.StatusNotFound, b.post(link, "password", password, "again", password).code)
	}
	user := regexp.MustCompile(`users/([0-9a-f-]{36})">Olga<`).FindStringSubmatch(h.admin.get("users").body)
	first := linkForm.FindString(h.admin.post("users/"+user[1], "do", "link").body)
	second := linkForm.FindString(h.admin.post("users/"+user[1], "do", "link").body)
	assert.Equal(t, http.StatusNotFound, b.get(first).code, "a newer link voids the older")
	for _, weak := range [][2]string{{"short", "short"}, {password, "another"}, {"aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa"}, {"", ""}} {
		assert.Equal(t, http.StatusUnprocessableEntity, b.post(second, "password", weak[0], "again", weak[1]).code, weak[0])
	}
	h.clock.pass(25 * time.Hour)
	assert.Equal(t, http.StatusNotFound, b.get(second).code, "it ends after a day")
	all := strings.Join(h.audit(), "\n")
	assert.Contains(t, all, "user.link _/"+user[1])
	assert.NotContains(t, all, strings.TrimPrefix(second, "welcome/"))
}

// Who knows the old password may set a new one, and then is alone in the account.
func TestChangePassword(t *testing.T) {
	h := newHouse(t)
	olga := h.person("olga", desk.Caseworker, "ua")
	phone := h.browser()
	phone.post("signin", "login", "olga", "password", password)
	const fresh = "зовсім інші слова"
	for _, tt := range []struct{ now, password, again, says string }{
		{"wrong", fresh, fresh, "The present password is not right."},
		{password, "short", "short", "too easy"},
		{password, fresh, fresh + "!", "differ"},
	} {
		got := olga.post("password", "now", tt.now, "password", tt.password, "again", tt.again)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Contains(t, got.words(), tt.says)
	}
	require.Equal(t, "", phone.get("").path)
	got := olga.post("password", "now", password, "password", fresh, "again", fresh)
	require.Equal(t, http.StatusOK, got.code)
	assert.Contains(t, got.words(), "all other sessions were ended")
	assert.Equal(t, "", olga.get("").path)
	assert.Equal(t, "signin", phone.get("").path)
	assert.Equal(t, http.StatusUnprocessableEntity, phone.post("signin", "login", "olga", "password", password).code)
	assert.Equal(t, "", phone.post("signin", "login", "olga", "password", fresh).path)
}

// A stranger who guesses from the source that everybody seems to come from holds up
// no browser that has signed in before; guesses at one account stay slow for it, too.
func TestStrangersLockNobodyOut(t *testing.T) {
	h := newHouse(t, func(c *desk.Config) { c.Source = func(*http.Request) string { return "the proxy" } })
	olga := h.person("olga", desk.Caseworker, "ua")
	h.person("ivan", desk.Caseworker, "ua")
	known := func(b *tab) (value string) {
		u, err := url.Parse(h.url)
		require.NoError(t, err)
		for _, c := range b.client.Jar.Cookies(u) {
			if c.Name == "hubkit-desk-known" {
				value = c.Value
			}
		}
		return value
	}
	token := known(olga)
	require.NotEmpty(t, token)
	olga.post("signout")
	require.Equal(t, token, known(olga), "it outlives the session")
	require.Equal(t, "signin", olga.get("").path, "and opens nothing")

	stranger := h.browser()
	for i := range 30 {
		stranger.post("signin", "login", "nobody"+strings.Repeat("x", i), "password", "wrong")
	}
	require.Equal(t, http.StatusTooManyRequests, stranger.post("signin", "login", "ivan", "password", password).code, "the source is used up")
	assert.Equal(t, "", olga.post("signin", "login", "olga", "password", password).path)
	assert.Equal(t, token, known(olga), "one token for each browser")

	// The token is this account's alone, and guesses with it are slowed.
	olga.post("signout")
	assert.Equal(t, http.StatusTooManyRequests, olga.post("signin", "login", "ivan", "password", password).code)
	for range 5 {
		assert.Equal(t, http.StatusUnprocessableEntity, olga.post("signin", "login", "olga", "password", "wrong").code)
	}
	assert.Equal(t, http.StatusTooManyRequests, olga.post("signin", "login", "olga", "password", password).code)
	h.clock.pass(time.Minute)
	assert.Equal(t, "", olga.post("signin", "login", "olga", "password", password).path)
}

// A new password by a link ends every session that there was before.
func TestLinkEndsWhatWasBefore(t *testing.T) {
	h := newHouse(t)
	olga := h.person("olga", desk.Caseworker, "ua")
	link := linkForm.FindString(h.admin.post(h.account("Olga"), "do", "link").body)
	require.Equal(t, "", olga.get("").path, "a link alone ends nothing")
	phone := h.browser()
	require.Equal(t, "", phone.post(link, "password", "зовсім інші слова", "again", "зовсім інші слова").path)
	assert.Equal(t, "signin", olga.get("").path)
	assert.Equal(t, "", phone.get("").path)
}
