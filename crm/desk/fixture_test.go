package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
	"github.com/hubkit/hubkit/crm/sqlite"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

type text = hubkit.Text

func three(en, uk, ru string) text { return text{"en": en, "uk": uk, "ru": ru} }

var (
	consent = r.Consent("consent", "1", three("May we keep your answers?", "Чи можемо ми зберігати ваші відповіді?", "Можем ли мы хранить ваши ответы?"))
	size    = r.Integer("household_size", three("How many people live with you?", "Скільки людей живе з вами?", "Сколько человек живёт с вами?")).Between(1, 25)
	age     = r.Integer("age", three("Age?", "Вік?", "Возраст?")).Between(0, 120)
	sex     = r.Choice("sex", three("Sex?", "Стать?", "Пол?"), r.Opt("f", three("Female", "Жінка", "Женщина")), r.Opt("m", three("Male", "Чоловік", "Мужчина")))
	members = r.Repeat("members", three("Person {n}", "Особа {n}", "Человек {n}"), r.Brief(three("Age", "Вік", "Возраст"), r.OrUnknown(age)), r.Brief(three("Sex", "Стать", "Пол"), sex)).Times(size)
	income  = r.Integer("income", three("Income last month?", "Дохід за минулий місяць?", "Доход за прошлый месяц?")).Between(0, 100000)
	story   = r.Words("story", three("What happened to you?", "Що з вами сталося?", "Что с вами случилось?"))
	form    = r.MustNew(r.Spec{
		ID: "ua-cash", Version: "1", Title: three("Cash support", "Грошова допомога", "Денежная помощь"), Languages: []hubkit.Lang{"en", "uk", "ru"},
		Parts: r.Parts(
			r.Brief(three("Consent", "Згода", "Согласие"), consent),
			r.Brief(three("Household size", "Розмір родини", "Размер семьи"), size), members,
			r.Brief(three("Income", "Дохід", "Доход"), r.OrUnknown(income)),
			r.Brief(three("Story", "Що сталося", "Что случилось"), story)),
	})
	card = scoring.MustNew(scoring.CardSpec{
		ID: "illustrative", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(3, "older_member", members.Any(age.AtLeast(60))).Because(three("Somebody is 60 or older", "Є людина від 60 років", "Есть человек от 60 лет")),
			scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6).Because(three("Small children", "Маленькі діти", "Маленькие дети")),
			scoring.Add(4, "low_income", income.AtMost(3000)).Because(three("The income is low", "Низький дохід", "Низкий доход")),
		),
		Bands: scoring.Bands(
			scoring.From(0, "low").Named(three("low need", "низька потреба", "низкая")),
			scoring.From(4, "medium").Named(three("medium need", "середня потреба", "средняя")),
			scoring.From(8, "high").Named(three("high need", "висока потреба", "высокая"))),
	}, form.Shape())
)

// fake is a channel that a test describes.
type fake struct {
	name   string
	limits channels.Limits
}

func (f fake) Name() string            { return f.name }
func (f fake) Limits() channels.Limits { return f.limits }
func (f fake) Send(context.Context, channels.Rendered) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// house is a desk with a real store, served.
type house struct {
	t     testing.TB
	store *crm.Store
	desk  *desk.Desk
	clock *clock
	url   string // with the prefix
	links map[string]string
	admin *tab
	logs  *strings.Builder
}

const password = "соняшники ростуть у полі"

func openStore(t testing.TB, now func() time.Time) *crm.Store {
	t.Helper()
	return openStoreIn(t, t.TempDir(), now)
}

func openStoreIn(t testing.TB, dir string, now func() time.Time) *crm.Store {
	t.Helper()
	b, err := sqlite.Open(t.Context(), filepath.Join(dir, "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	require.NoError(t, err)
	s, err := crm.New(t.Context(), crm.Config{Backend: b, Sealer: key, Now: now})
	require.NoError(t, err)
	return s
}

func newConfig(t testing.TB, s *crm.Store, now func() time.Time) desk.Config {
	t.Helper()
	c := desk.Config{
		Store: s, Forms: []*r.Questionnaire{form}, Cards: []*scoring.Card{card}, Zone: time.UTC, Now: now,
		Programmes: []desk.Programme{
			{ID: "ua", Name: text{"en": "Ukraine cash", "uk": "Україна, гроші"}, Languages: []hubkit.Lang{"en", "uk", "ru"}},
			{ID: "md", Name: text{"en": "Moldova cash", "uk": "Молдова, гроші"}},
		},
		Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range []fake{
		{"web", channels.Limits{Text: 4000, Pulled: true, Buttons: channels.Menu{Max: 10, Label: 100}}},
		{"sms", channels.Limits{Text: 2, Unit: channels.Segments}},
		{"whatsapp", channels.Limits{Text: 4096, Window: 24 * time.Hour, Templates: true}},
		{"voice", channels.Limits{Spoken: true, OptionsInCall: 9}},
	} {
		ch, err := channels.New(f, channels.Config{Logger: c.Logger})
		require.NoError(t, err)
		c.Channels = append(c.Channels, ch)
	}
	return c
}

// newHouse opens a desk at /desk/ and makes its administrator.
func newHouse(t testing.TB, change ...func(*desk.Config)) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}, links: map[string]string{}, logs: &strings.Builder{}}
	h.store = openStore(t, h.clock.Now)
	c := newConfig(t, h.store, h.clock.Now)
	c.Logger = slog.New(slog.NewTextHandler(h.logs, nil))
	for _, f := range change {
		f(&c)
	}
	var err error
	h.desk, err = desk.New(c)
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.Handle("/desk/", h.desk.Handler())
	srv := httptest.NewServer(mux)
	t.Cleanup(func() { h.desk.Close(); srv.Close() })
	h.url = srv.URL + "/desk/"
	path, err := h.desk.FirstLink(t.Context())
	require.NoError(t, err)
	h.admin = h.browser()
	res := h.admin.post(path, "login", "Root", "name", "Головна", "password", password, "again", password)
	require.Equal(t, http.StatusOK, res.code, res.body)
	return h
}

// tab is a browser: cookies, and the headers that a browser sends.
type tab struct {
	h      *house
	client *http.Client
	lang   string
	site   string // Sec-Fetch-Site
}

type page struct {
	code int
	body string
	path string // where redirects led, below the desk
	head http.Header
}

func (h *house) browser() *tab {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &tab{h: h, client: &http.Client{Jar: jar}, lang: "en", site: "same-origin"}
}

func (b *tab) do(method, path string, body io.Reader) page {
	b.h.t.Helper()
	req, err := http.NewRequestWithContext(b.h.t.Context(), method, b.h.url+path, body)
	require.NoError(b.h.t, err)
	req.Header.Set("Accept-Language", b.lang)
	req.Header.Set("Sec-Fetch-Site", b.site)
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := b.client.Do(req)
	require.NoError(b.h.t, err)
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	require.NoError(b.h.t, err)
	at := strings.TrimPrefix(res.Request.URL.RequestURI(), "/desk/")
	return page{res.StatusCode, string(all), at, res.Header}
}

func (b *tab) get(path string) page { b.h.t.Helper(); return b.do("GET", path, nil) }

func (b *tab) post(path string, pairs ...string) page {
	b.h.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.do("POST", path, strings.NewReader(form.Encode()))
}

var linkForm = regexp.MustCompile(`welcome/[A-Za-z0-9_-]{43}`)

// person invites somebody and signs them in.
func (h *house) person(login string, role desk.Role, scopes ...string) *tab {
	h.t.Helper()
	pairs := []string{"login", login, "name", strings.ToUpper(login[:1]) + login[1:], "role", string(role), "lang", "en"}
	for _, s := range scopes {
		pairs = append(pairs, "scope", s)
	}
	made := h.admin.post("users", pairs...)
	require.Equal(h.t, http.StatusOK, made.code, made.body)
	link := linkForm.FindString(made.body)
	require.NotEmpty(h.t, link)
	h.links[login] = link
	b := h.browser()
	in := b.post(link, "password", password, "again", password)
	require.Equal(h.t, http.StatusOK, in.code, in.body)
	require.Equal(h.t, "", in.path, "it leads to the queue")
	return b
}

// sees is a page's words: what a person reads, without markup.
func (p page) words() string {
	s := regexp.MustCompile(`(?s)<(script|style).*?</(script|style)>`).ReplaceAllString(p.body, "")
	s = regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, " ")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}

// hidden is the value of a form's hidden field.
func (p page) hidden(t testing.TB, name string) string {
	t.Helper()
	m := regexp.MustCompile(`<input type="hidden" name="` + name + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	require.NotNil(t, m, "no hidden field %s", name)
	return html.UnescapeString(m[1])
}

// household is what somebody registers with.
type household struct {
	programme, id, channel, who string
	lang                        hubkit.Lang
	ages                        []int
	income                      int // -1: does not know
	story                       string
}

func (p household) answers() r.Answers {
	ms := make([]r.Answers, len(p.ages))
	for i, a := range p.ages {
		v := r.IntValue(int64(a))
		if a < 0 {
			v = r.StateValue(r.DontKnow)
		}
		ms[i] = r.Of(map[string]r.Value{"age": v, "sex": r.OptionValue([]string{"f", "m"}[i%2])})
	}
	in := r.IntValue(int64(p.income))
	if p.income < 0 {
		in = r.StateValue(r.DontKnow)
	}
	return r.Of(map[string]r.Value{
		"consent": r.ConsentValue(true, "1"), "household_size": r.IntValue(int64(len(p.ages))),
		"members": r.RowsValue(ms...), "income": in, "story": r.WordsValue(p.story),
	})
}

// thread is where the household writes from.
func (p household) thread() crm.ThreadID {
	return crm.ThreadID{Programme: p.programme, Address: channels.Address{Channel: p.channel, ID: p.who}}
}

// register does what a hub does when a person has answered everything.
func (h *house) register(p household) crm.Registration {
	h.t.Helper()
	reg, change := registered(h.t, p, h.clock.Now())
	th := crm.Thread{ID: p.thread(), Lang: p.lang}
	if known, err := h.store.Thread(h.t.Context(), th.ID); err == nil {
		th.Rev = known.Rev
	}
	change.Thread = &th
	change.Inbound = &channels.Event{ID: p.id + "-in", From: th.ID.Address, To: channels.Address{Channel: p.channel, ID: "us"}, Text: "Готово", At: h.clock.Now()}
	change.Outbox = []crm.Outgoing{{Message: channels.Message{Text: "Дякуємо", Lang: p.lang}, Pull: true}}
	_, err := h.store.Commit(h.t.Context(), change)
	require.NoError(h.t, err)
	got, err := h.store.Registration(h.t.Context(), p.programme, reg.ID)
	require.NoError(h.t, err)
	return got
}

func registered(t testing.TB, p household, at time.Time) (crm.Registration, crm.Change) {
	t.Helper()
	a, err := r.Reshape(p.answers(), form.Shape())
	require.NoError(t, err)
	s, err := card.Score(a)
	require.NoError(t, err)
	reasons, err := json.Marshal(s.Reasons)
	require.NoError(t, err)
	answers, err := json.Marshal(a)
	require.NoError(t, err)
	reg := crm.Registration{
		ID: p.id, Programme: p.programme, Thread: p.thread(), Lang: p.lang, Answers: answers,
		Form:  crm.Form{ID: form.ID(), Version: form.Version(), Hash: form.HashString()},
		Score: &crm.Score{Card: s.Card, Hash: s.HashString(), Points: s.Points, Lo: s.Lo, Hi: s.Hi, Band: s.Band, Reasons: reasons},
	}
	require.NoError(t, reg.Move(crm.Submitted, crm.Actor{Kind: crm.Bot}, "complete", at))
	return reg, crm.Change{By: crm.Actor{Kind: crm.Bot}, Registrations: []crm.Registration{reg}, Consents: []crm.Consent{{
		Purpose: "consent", Given: true, Notice: "Чи можемо ми зберігати ваші відповіді?", Version: "1", Lang: p.lang, About: p.id, By: crm.Actor{Kind: crm.Beneficiary},
	}}}
}

// olena is the usual person: an older woman with a grandchild, whose income is not known.
func olena() household {
	return household{
		programme: "ua", id: crm.NewID(), channel: "web", who: "olena-secret-address", lang: "uk", ages: []int{67, 4}, income: -1,
		story: "Наш дім зруйновано.",
	}
}

// says is a message from the person, as the hub records it.
func (h *house) says(p household, words string) {
	h.t.Helper()
	h.hears(p, channels.Event{Text: words})
}

func (h *house) hears(p household, e channels.Event) {
	h.t.Helper()
	th, err := h.store.Thread(h.t.Context(), p.thread())
	require.NoError(h.t, err)
	e.ID, e.From, e.To, e.At = crm.NewID(), th.ID.Address, channels.Address{Channel: p.channel, ID: "us"}, h.clock.Now()
	_, err = h.store.Commit(h.t.Context(), crm.Change{By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th, Inbound: &e})
	require.NoError(h.t, err)
}

// handOver does what the hub does when the person asks for a human.
func (h *house) handOver(p household) crm.Ticket {
	h.t.Helper()
	th, err := h.store.Thread(h.t.Context(), p.thread())
	require.NoError(h.t, err)
	k := crm.Ticket{ID: crm.NewID(), Queue: "help", Topic: "help", Thread: th.ID, Lang: p.lang, Opened: h.clock.Now()}
	th.Owner = k.Queue
	_, err = h.store.Commit(h.t.Context(), crm.Change{By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th, Tickets: []crm.Ticket{k}})
	require.NoError(h.t, err)
	require.NoError(h.t, h.desk.Take(h.t.Context(), k))
	return k
}

// inbox is what the person was told, the words only.
func (h *house) inbox(p household) (got []string) {
	h.t.Helper()
	for x, err := range h.store.Interactions(h.t.Context(), p.thread(), crm.Page{}) {
		require.NoError(h.t, err)
		if x.Out != nil && x.By.Kind == crm.Agent {
			got = append(got, x.Out.Message.Text)
		}
	}
	return got
}

func (h *house) reg(p household) crm.Registration {
	h.t.Helper()
	reg, err := h.store.Registration(h.t.Context(), p.programme, p.id)
	require.NoError(h.t, err)
	return reg
}

// audit lists what is on record, as "actor action object".
func (h *house) audit() (lines []string) {
	h.t.Helper()
	for e, err := range h.store.AuditTrail(h.t.Context(), "", 0) {
		require.NoError(h.t, err)
		lines = append(lines, e.Actor+" "+e.Action+" "+e.Object)
	}
	return lines
}

func casePath(p household) string { return fmt.Sprintf("p/%s/r/%s", p.programme, p.id) }
