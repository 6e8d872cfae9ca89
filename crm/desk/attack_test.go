package desk_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

const script = `"><script>alert(1)</script><img src=x onerror=alert(1)>' javascript:alert(1)`

// harmless asserts that nothing of the script became markup.
func harmless(t *testing.T, p page, at string) {
	t.Helper()
	require.Less(t, p.code, 500, at)
	for _, bad := range []string{"<script>alert", "<img", "onerror=alert(1)>'", `href="javascript:`, "\"><script"} {
		assert.NotContains(t, p.body, bad, at)
	}
}

// Script in every field that a person or an agent can write shows as words.
func TestScriptInEveryField(t *testing.T) {
	h := newHouse(t)
	p := olena()
	p.story = script
	h.register(p)
	h.says(p, script)
	h.hears(p, channels.Event{Media: []channels.Media{{Type: script, Name: script}}})
	agent := h.person("olga", desk.Caseworker, "ua")
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	k := crm.Ticket{ID: crm.NewID(), Queue: script, Topic: script, Note: script, Thread: th.ID, Lang: script, Opened: h.clock.Now()}
	th.Owner = script
	_, err = h.store.Commit(t.Context(), crm.Change{
		By: crm.Actor{Kind: crm.Bot}, Thread: &th, Tickets: []crm.Ticket{k},
		Outbox:   []crm.Outgoing{{Pull: true, Message: channels.Message{Lang: script, Heading: script, Text: script, Options: []channels.Option{{ID: "a:b", Label: script}}}}},
		Consents: []crm.Consent{{Purpose: script, Notice: script, Version: script, Lang: script, About: p.id, By: crm.Actor{Kind: crm.Beneficiary}}},
		Media:    []crm.MediaRef{{ID: "m", About: p.id, Media: channels.Media{Type: script, Name: script}}},
	})
	require.NoError(t, err)

	harmless(t, agent.post(casePath(p)+"/note", "note", script), "note")
	one := agent.get(casePath(p))
	harmless(t, one, "case")
	assert.Contains(t, one.words(), "javascript:alert(1)", "it is there to be read")
	begin(t, agent, p)
	write := agent.get(casePath(p) + "/decide?to=more_information")
	fields := []string{"to", "more_information", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "reason", script, "message", script}
	for _, step := range []string{"edit", "preview", "confirm"} {
		harmless(t, agent.post(casePath(p)+"/decide", append(fields, "step", step)...), step)
	}
	harmless(t, agent.post(casePath(p)+"/decide", append(fields, "step", "confirm")...), "conflict")
	harmless(t, agent.get(casePath(p)), "case after")
	harmless(t, agent.get("p/ua/t/"+k.ID), "ticket")
	harmless(t, agent.get("conversations"), "conversations")
	harmless(t, agent.post("p/ua/t/"+k.ID+"/reply", "text", script, "state", script, "ticket", script, "ref", script), "moved")

	harmless(t, h.admin.post("users", "login", script, "name", script, "role", script, "lang", script, "scope", script), "users")
	harmless(t, h.admin.post("users", "login", "<script>alert(1)</script>", "name", script, "role", "agent", "lang", "en", "scope", "ua"), "users, made")
	harmless(t, h.admin.get("users"), "users, listed")
	stranger := h.browser()
	harmless(t, stranger.post("signin", "login", script, "password", script, "next", script), "signin")
	harmless(t, stranger.get("signin?next="+url.QueryEscape(script)), "signin next")
	for _, q := range []string{"?programme=", "?status=", "?band=", "?lang=", "?after=", "?order="} {
		harmless(t, agent.get(q+url.QueryEscape(script)), q)
	}
	harmless(t, agent.get("p/"+url.PathEscape(script)+"/r/x"), "path")
}

// Every page forbids code from elsewhere, frames, and being kept.
func TestHeaders(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	for _, at := range []string{"", "signin", "conversations", "users", "sessions", casePath(p), "nowhere", "p/ua/r/none"} {
		got := h.admin.get(at)
		csp := got.head.Get("Content-Security-Policy")
		assert.Contains(t, csp, "default-src 'none'", at)
		assert.Contains(t, csp, "frame-ancestors 'none'", at)
		assert.NotContains(t, csp, "unsafe", at)
		assert.Equal(t, "no-store", got.head.Get("Cache-Control"), at)
		assert.Equal(t, "nosniff", got.head.Get("X-Content-Type-Options"), at)
		assert.NotRegexp(t, `<script(?:>|[^>]*>[^<])`, got.body, "no inline code")
		assert.NotRegexp(t, `(?i)<[^>]* (on\w+|style)=`, got.body, "no inline handler or style")
	}
	css := regexp.MustCompile(`static/desk\.[0-9a-f]+\.css`).FindString(h.admin.get("").body)
	got := h.browser().get(css)
	assert.Equal(t, http.StatusOK, got.code)
	assert.Contains(t, got.head.Get("Cache-Control"), "immutable")
	assert.Equal(t, http.StatusNotFound, h.browser().get("static/desk.go").code)
}

// A change that another site asks for is refused, whatever cookie comes along.
func TestCrossSiteRequests(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	for _, site := range []string{"cross-site", "same-site"} {
		agent.site = site
		for _, at := range []string{"signin", "signout", "language", "users", casePath(p) + "/note", casePath(p) + "/decide", casePath(p) + "/reply", casePath(p) + "/take"} {
			got := agent.post(at, "note", "x", "text", "x", "lang", "uk")
			assert.Equal(t, http.StatusForbidden, got.code, site+" "+at)
			assert.Contains(t, got.words(), "This came from another site")
		}
	}
	agent.site = ""
	req, err := http.NewRequestWithContext(t.Context(), "POST", h.url+"language", strings.NewReader("lang=uk"))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", "https://evil.example")
	res, err := agent.client.Do(req)
	require.NoError(t, err)
	res.Body.Close()
	assert.Equal(t, http.StatusForbidden, res.StatusCode, "an older browser tells by Origin")
	agent.site = "same-origin"
	assert.Equal(t, http.StatusOK, agent.get("").code, "still signed in")
}

func cookieOf(t *testing.T, b *tab) *http.Cookie {
	t.Helper()
	u, err := url.Parse(b.h.url)
	require.NoError(t, err)
	for _, c := range b.client.Jar.Cookies(u) {
		if strings.HasSuffix(c.Name, "hubkit-desk") {
			return c
		}
	}
	return nil
}

// A session that was planted before signing in is not the one after it, and
// the cookie is out of reach of scripts and other sites.
func TestSessionFixation(t *testing.T) {
	h := newHouse(t)
	h.person("olga", desk.Caseworker, "ua")
	victim := h.browser()
	u, err := url.Parse(h.url)
	require.NoError(t, err)
	victim.client.Jar.SetCookies(u, []*http.Cookie{{Name: "hubkit-desk", Value: "planted", Path: "/"}})
	require.Equal(t, "", victim.post("signin", "login", "olga", "password", password).path)
	mine := cookieOf(t, victim)
	require.NotNil(t, mine)
	assert.NotEqual(t, "planted", mine.Value)
	evil := h.browser()
	evil.client.Jar.SetCookies(u, []*http.Cookie{{Name: "hubkit-desk", Value: "planted", Path: "/"}})
	assert.Equal(t, "signin", evil.get("").path)

	// Signing in again ends what was before, also one that somebody copied.
	copied := h.browser()
	copied.client.Jar.SetCookies(u, []*http.Cookie{mine})
	require.Equal(t, "", copied.get("").path)
	victim.post("signin", "login", "olga", "password", password)
	assert.Equal(t, "signin", copied.get("").path)

	rec := httptest.NewRecorder()
	req := httptest.NewRequest("POST", "https://hub.example/signin", strings.NewReader("login=olga&password="+url.QueryEscape(password)))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	h.desk.Handler().ServeHTTP(rec, req)
	require.Equal(t, http.StatusSeeOther, rec.Code)
	set := rec.Result().Cookies()[0]
	assert.Equal(t, "__Host-hubkit-desk", set.Name)
	assert.True(t, set.HttpOnly)
	assert.True(t, set.Secure)
	assert.Equal(t, http.SameSiteLaxMode, set.SameSite)
	assert.Empty(t, set.Domain)
	assert.Equal(t, "/", set.Path)
}

// What is outside an agent's scopes does not exist, by whatever id it is asked for.
func TestGuessingAcrossScopes(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	k := h.handOver(p)
	other := h.person("mihai", desk.Caseworker, "md")
	for _, at := range []string{casePath(p), casePath(p) + "/decide?to=in_review", casePath(p) + "/live", "p/ua/t/" + k.ID, "p/ua/t/" + k.ID + "/live", "p/md/r/" + p.id, "p/md/t/" + k.ID, "p/ua/r/none", "?programme=ua", "conversations?programme=ua"} {
		got := other.get(at)
		assert.Equal(t, http.StatusNotFound, got.code, at)
		assert.Contains(t, got.words(), "There is nothing here", at)
		assert.NotContains(t, got.body, "Наш дім")
	}
	for _, base := range []string{casePath(p), "p/ua/t/" + k.ID, "p/md/r/" + p.id} {
		for _, do := range []string{"/reply", "/take", "/release", "/return"} {
			assert.Equal(t, http.StatusNotFound, other.post(base+do, "text", "x", "state", "waiting").code, base+do)
		}
	}
	for _, do := range []string{"/note", "/decide"} {
		assert.Equal(t, http.StatusNotFound, other.post(casePath(p)+do, "note", "x", "to", "in_review", "rev", "1", "known", "1", "step", "confirm").code)
	}
	assert.Empty(t, h.inbox(p))
	assert.Equal(t, crm.Submitted, h.reg(p).Status)
	assert.NotContains(t, other.get("").body, "Ukraine")
	stranger := h.browser()
	for _, at := range []string{"", casePath(p), "users", "sessions", "conversations/live"} {
		assert.True(t, strings.HasPrefix(stranger.get(at).path, "signin"), at)
	}
	assert.Equal(t, http.StatusUnauthorized, stranger.post(casePath(p)+"/note", "note", "x").code)
}

// Guessing is slowed per account and per source, tells nothing, and is on record.
func TestSignInGuessing(t *testing.T) {
	source := "10.0.0.1"
	var mu sync.Mutex
	h := newHouse(t, func(c *desk.Config) {
		c.Source = func(*http.Request) string {
			mu.Lock()
			defer mu.Unlock()
			return source
		}
	})
	from := func(s string) { mu.Lock(); source = s; mu.Unlock() }
	h.person("olga", desk.Caseworker, "ua")
	b := h.browser()
	wrong := b.post("signin", "login", "olga", "password", "wrong")
	nobody := b.post("signin", "login", "nobody", "password", "wrong")
	assert.Equal(t, http.StatusUnprocessableEntity, wrong.code)
	assert.Equal(t, wrong.code, nobody.code)
	assert.Equal(t, strings.ReplaceAll(wrong.words(), "olga", ""), strings.ReplaceAll(nobody.words(), "nobody", ""), "whether there is such a login stays unknown")

	for range 4 {
		b.post("signin", "login", "OLGA ", "password", "wrong")
	}
	from("10.0.0.2")
	slow := b.post("signin", "login", "olga", "password", password)
	assert.Equal(t, http.StatusTooManyRequests, slow.code, "the account is slowed whatever the source, and however it is written")
	assert.NotEmpty(t, slow.head.Get("Retry-After"))
	assert.Contains(t, slow.words(), "Too many attempts")
	h.clock.pass(2 * time.Minute)
	assert.Equal(t, "", b.post("signin", "login", "olga", "password", password).path, "time heals")

	from("10.0.0.3")
	spray := h.browser()
	slowed := 0
	for i := range 40 {
		if spray.post("signin", "login", "somebody"+string(rune('a'+i%26))+string(rune('a'+i/26)), "password", "wrong").code == http.StatusTooManyRequests {
			slowed++
		}
	}
	assert.Equal(t, 10, slowed, "one source may try many accounts only so often")

	all := strings.Join(h.audit(), "\n")
	assert.Contains(t, all, "signin.refused _")
	assert.Equal(t, 2, strings.Count(all, "signin.slowed _"), "once for each source in a minute")
	assert.NotContains(t, all, "olga", "what was typed may be anybody's password")
	assert.NotContains(t, all, "somebody")
}

// Two agents decide at once: one decision is made, its message is sent once,
// and the second agent is told what changed.
func TestTwoDecideAtOnce(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga, ivan := h.person("olga", desk.Caseworker, "ua"), h.person("ivan", desk.Caseworker, "ua")
	begin(t, olga, p)
	seen := ivan.get(casePath(p) + "/decide?to=rejected")
	theirs := []string{"to", "rejected", "rev", seen.hidden(t, "rev"), "known", seen.hidden(t, "known"), "reason", "Income too high", "message", "На жаль, ні."}
	write := olga.get(casePath(p) + "/decide?to=approved")
	olga.post(casePath(p)+"/decide", "to", "approved", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "reason", "Needs it", "message", "Так!", "step", "confirm")

	// The same button pressed twice decides once, and says nothing of a conflict.
	twice := olga.post(casePath(p)+"/decide", "to", "approved", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "reason", "Needs it", "message", "Так!", "step", "confirm")
	assert.Equal(t, http.StatusOK, twice.code)
	assert.Equal(t, casePath(p), twice.path)

	for _, step := range []string{"preview", "confirm"} {
		before := len(h.audit())
		second := ivan.post(casePath(p)+"/decide", append(theirs, "step", step)...)
		assert.Equal(t, http.StatusConflict, second.code)
		assert.Contains(t, strings.Join(h.audit()[before:], "\n"), " read ua/"+p.id, "a colleague's reasons were read")
		for _, w := range []string{"Somebody was quicker", "approved", "Olga", "Needs it", "Income too high", "На жаль, ні."} {
			assert.Contains(t, second.words(), w)
		}
	}
	assert.Equal(t, crm.Approved, h.reg(p).Status)
	assert.Equal(t, []string{"Так!"}, h.inbox(p))

	// And truly at once, many times.
	for range 5 {
		p := olena()
		p.who = p.id
		h.register(p)
		begin(t, olga, p)
		var wg sync.WaitGroup
		codes := make([]int, 2)
		agents, fields := []*tab{olga, ivan}, make([][]string, 2)
		for i, b := range agents { // both look before either decides
			page := b.get(casePath(p) + "/decide?to=approved")
			fields[i] = []string{"to", "approved", "rev", page.hidden(t, "rev"), "known", page.hidden(t, "known"), "reason", "x", "message", "Так!", "step", "confirm"}
		}
		for i, b := range agents {
			wg.Go(func() { codes[i] = b.post(casePath(p)+"/decide", fields[i]...).code })
		}
		wg.Wait()
		assert.ElementsMatch(t, []int{http.StatusOK, http.StatusConflict}, codes)
		assert.Equal(t, []string{"Так!"}, h.inbox(p))
		reg := h.reg(p)
		assert.Len(t, reg.Decisions(), 1)
	}
}

// The person writes while the agent decides: nothing is lost, and the decision stands.
func TestDecidingWhileThePersonWrites(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga := h.person("olga", desk.Caseworker, "ua")
	begin(t, olga, p)
	page := olga.get(casePath(p) + "/decide?to=approved")
	h.says(p, "Ще одне…")
	got := olga.post(casePath(p)+"/decide", "to", "approved", "rev", page.hidden(t, "rev"), "known", page.hidden(t, "known"), "reason", "x", "message", "Так!", "step", "confirm")
	require.Equal(t, http.StatusOK, got.code, got.words())
	assert.Equal(t, []string{"Так!"}, h.inbox(p))
}

// A reply that comes too late is refused with the reason, and its words are given back.
func TestReplyAfterTheEnd(t *testing.T) {
	tests := map[string]struct {
		happens func(h *house, p household, at string, other *tab)
		says    string
	}{
		"handed back": {func(h *house, _ household, at string, other *tab) {
			other.post(at+"/take", "state", "other")
			other.post(at + "/return")
		}, "handed back to the bot"},
		"taken by a colleague": {func(_ *house, _ household, at string, other *tab) {
			other.post(at+"/take", "state", "other")
		}, "Ivan has taken this conversation"},
		"opted out by a word": {func(h *house, p household, _ string, _ *tab) {
			th, err := h.store.Thread(h.t.Context(), p.thread())
			require.NoError(h.t, err)
			_, err = h.store.Commit(h.t.Context(), crm.Change{By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th, Consents: []crm.Consent{{Purpose: "messages", By: crm.Actor{Kind: crm.Beneficiary}}}})
			require.NoError(h.t, err)
		}, "asked not to be written to"},
		"opted out by the channel": {func(h *house, p household, _ string, _ *tab) {
			h.hears(p, channels.Event{Kind: channels.Stopped})
		}, "asked not to be written to"},
		"forgotten": {func(h *house, p household, _ string, _ *tab) {
			require.NoError(h.t, h.store.Forget(h.t.Context(), crm.Actor{Kind: crm.System}, "erasure", p.thread()))
		}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p := olena()
			h.register(p)
			k := h.handOver(p)
			at := "p/ua/t/" + k.ID
			olga, ivan := h.person("olga", desk.Caseworker, "ua"), h.person("ivan", desk.Caseworker, "ua")
			olga.post(at+"/take", "state", "waiting")
			page := olga.get(at)
			require.Contains(t, page.words(), "You hold this conversation")
			before := h.inbox(p)
			h.clock.pass(time.Second)
			tt.happens(h, p, at, ivan)
			if tt.says != "" {
				before = h.inbox(p)
			}
			got := olga.post(at+"/reply", "text", "Моя відповідь", "state", page.hidden(t, "state"), "ticket", page.hidden(t, "ticket"), "ref", page.hidden(t, "ref"))
			if tt.says == "" {
				assert.Equal(t, http.StatusNotFound, got.code, got.words())
				return
			}
			require.Equal(t, http.StatusConflict, got.code)
			assert.Contains(t, got.words(), tt.says)
			assert.Contains(t, got.words(), "Моя відповідь")
			assert.Equal(t, before, h.inbox(p), "nothing was sent")
		})
	}
}

// After signing in one comes back to the desk's own pages, never to another site.
func TestNoOpenRedirect(t *testing.T) {
	h := newHouse(t)
	h.person("olga", desk.Caseworker, "ua")
	for _, next := range []string{"//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "../../x", "a//b", "\\\\evil"} {
		b := h.browser()
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		got := b.post("signin", "login", "olga", "password", password, "next", next)
		assert.Equal(t, "./", got.head.Get("Location"), next)
	}
	b := h.browser()
	assert.Equal(t, "?status=all", b.post("signin", "login", "olga", "password", password, "next", "?status=all").path)
}

// What is too long, broken or made up is refused calmly.
func TestBadInput(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	one := agent.get(casePath(p))
	assert.Equal(t, http.StatusRequestEntityTooLarge, agent.post(casePath(p)+"/note", "note", strings.Repeat("я", 64<<10)).code)
	assert.Equal(t, http.StatusUnprocessableEntity, agent.post(casePath(p)+"/note", "note", " \x00\x07 ").code)
	assert.Equal(t, http.StatusUnprocessableEntity, agent.post(casePath(p)+"/note", "note", strings.Repeat("a", 9<<10)).code)
	long := agent.post(casePath(p)+"/reply", "text", strings.Repeat("a", 9<<10), "state", "bot", "ticket", "")
	assert.Equal(t, http.StatusConflict, long.code)
	assert.Contains(t, long.words(), "too long")
	for _, rev := range []string{"", "x", "-1", "99999999999999999999"} {
		got := agent.post(casePath(p)+"/decide", "to", "in_review", "rev", rev, "known", one.hidden(t, "known"), "step", "confirm")
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusConflict}, got.code, rev)
	}
	for _, to := range []string{"", "king", "approved", "draft"} {
		got := agent.post(casePath(p)+"/decide", "to", to, "rev", one.hidden(t, "rev"), "known", "-5", "step", "confirm", "reason", "x")
		assert.Contains(t, []int{http.StatusBadRequest, http.StatusConflict}, got.code, to)
	}
	assert.Equal(t, crm.Submitted, h.reg(p).Status)
	for _, ref := range []string{"x", "ua.", "md." + strings.Repeat("a", 36), "ua.../../../../../../../../../../../../x"} {
		page := agent.get(casePath(p))
		got := agent.post(casePath(p)+"/reply", "text", "ok", "state", page.hidden(t, "state"), "ticket", page.hidden(t, "ticket"), "ref", ref)
		assert.Equal(t, http.StatusOK, got.code, ref)
	}
	assert.Len(t, h.inbox(p), 4)
	assert.Equal(t, http.StatusNotFound, agent.do("PUT", casePath(p)+"/note", strings.NewReader("")).code)
}

// Channels that cannot take a message say so before anybody writes one.
func TestChannelsThatCannot(t *testing.T) {
	h := newHouse(t)
	agent := h.person("olga", desk.Caseworker, "ua")
	for _, tt := range []struct{ channel, says string }{
		{"voice", "The person called by telephone"}, {"pigeon", "does not serve the person’s channel"},
	} {
		p := olena()
		p.channel = tt.channel
		h.register(p)
		got := agent.get(casePath(p))
		assert.Contains(t, got.words(), tt.says)
		assert.NotContains(t, got.body, "data-reply")
		begin(t, agent, p)
		write := agent.get(casePath(p) + "/decide?to=approved")
		assert.Contains(t, write.words(), "The person will not be told.")
		agent.post(casePath(p)+"/decide", "to", "approved", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "reason", "x", "step", "confirm")
		reg := h.reg(p)
		assert.Equal(t, crm.Approved, reg.Status)
		assert.Empty(t, reg.History[len(reg.History)-1].Told)
	}
	p := olena()
	p.channel, p.lang = "whatsapp", hubkit.Lang("ar")
	h.register(p)
	h.clock.pass(25 * time.Hour)
	agent.post("signin", "login", "olga", "password", password)
	begin(t, agent, p)
	write := agent.get(casePath(p) + "/decide?to=approved")
	assert.Contains(t, write.words(), "older than the channel lets us answer freely")
	assert.Contains(t, write.words(), "There is no prepared text in their language (العربية)")
}
