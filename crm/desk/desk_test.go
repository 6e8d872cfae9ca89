package desk_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

func TestQueueAndCase(t *testing.T) {
	h := newHouse(t)
	p := olena()
	reg := h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")

	queue := agent.get("")
	require.Equal(t, http.StatusOK, queue.code)
	assert.Contains(t, queue.body, casePath(p))
	for _, w := range []string{reg.ID[len(reg.ID)-6:], "waiting", "medium need", "Українська", "Cash support", "5–9"} {
		assert.Contains(t, queue.words(), w)
	}

	one := agent.get(casePath(p))
	require.Equal(t, http.StatusOK, one.code)
	for _, w := range []string{
		"Somebody is 60 or older", "Small children", "The income is low", "not known", "[0, 4]",
		"the true score lies between 5 and 9", "Household size", "Person 1", "Person 2", "does not know",
		"Female", "Жінка", "Наш дім зруйновано.", "Begin the review", "Чи можемо ми зберігати ваші відповіді?", "version 1",
		"The bot answers.", "complete",
	} {
		if w == "complete" {
			assert.NotContains(t, one.words(), "complete", "the bot's own word is not a reason for people")
			continue
		}
		assert.Contains(t, one.words(), w)
	}
	assert.NotContains(t, one.body, "olena-secret-address", "an address is nobody's to read")

	agent.post("language", "lang", "uk")
	for _, w := range []string{"Є людина від 60 років", "середня потреба", "Відповідає бот.", "Почати розгляд", "Розмір родини"} {
		assert.Contains(t, agent.get(casePath(p)).words(), w)
	}
}

// What the person typed stands beside what was understood.
func TestOwnWords(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	say := func(m channels.Message, reply channels.Event) {
		th, err := h.store.Thread(t.Context(), p.thread())
		require.NoError(t, err)
		m.Lang = "uk"
		_, err = h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Thread: &th, Outbox: []crm.Outgoing{{Message: m, Pull: true}}})
		require.NoError(t, err)
		h.hears(p, reply)
	}
	say(channels.Message{Text: "Дякуємо.\n\nСкільки людей живе з вами?"}, channels.Event{Text: "не скажу"})
	say(channels.Message{Text: "Скільки людей живе з вами?"}, channels.Event{Text: "двоє: я й онучка"})
	say(channels.Message{Heading: "Особа 2", Text: "Вік?"}, channels.Event{Text: "чотири рочки"})
	say(channels.Message{Heading: "Особа 1", Text: "Стать?", Options: []channels.Option{{ID: "sex:f", Label: "Жінка"}}}, channels.Event{Option: "sex:f"})
	agent := h.person("olga", desk.Caseworker, "ua")
	body := agent.get(casePath(p)).body
	said := regexp.MustCompile(`<q class="said"[^>]*>([^<]*)</q>`).FindAllStringSubmatch(body, -1)
	var got []string
	for _, m := range said {
		got = append(got, m[1])
	}
	assert.Contains(t, got, "двоє: я й онучка", "the reply understood at last")
	assert.NotContains(t, got, "не скажу")
	assert.Contains(t, got, "чотири рочки", "a member's own")
	assert.Contains(t, got, "Жінка")
}

func TestFilters(t *testing.T) {
	h := newHouse(t)
	agent := h.person("olga", desk.Caseworker, "ua")
	var people []household
	for i, lang := range []hubkit.Lang{"uk", "ru", "uk", "en"} {
		p := olena()
		p.lang, p.who = lang, string(lang)+string(rune('a'+i))
		if i == 2 {
			p.income, p.ages = 100, []int{70, 1, 2, 3} // 3 + 6 + 4 points
		}
		h.register(p)
		h.clock.pass(time.Minute)
		people = append(people, p)
	}
	shown := func(query string) (at []int) {
		got := agent.get(query)
		require.Equal(t, http.StatusOK, got.code, query)
		for i, p := range people {
			if strings.Contains(got.body, casePath(p)+`"`) {
				at = append(at, i)
			}
		}
		return at
	}
	assert.Equal(t, []int{0, 1, 2, 3}, shown(""))
	assert.Equal(t, []int{0, 2}, shown("?lang=uk"))
	assert.Equal(t, []int{2}, shown("?band=high"))
	assert.Equal(t, []int{2}, shown("?band=high&status=all"))
	assert.Empty(t, shown("?status=in_review"))
	body := agent.get("?order=newest").body
	assert.Less(t, strings.Index(body, people[3].id), strings.Index(body, people[0].id))

	begin(t, agent, people[1])
	assert.Equal(t, []int{1}, shown("?mine=1"))
	assert.Equal(t, []int{0, 2, 3}, shown("?status=submitted"))
	other := h.person("ivan", desk.Caseworker, "ua")
	assert.NotContains(t, other.get("?mine=1").body, people[1].id)
	assert.Contains(t, other.get("?status=in_review").words(), "Olga", "who has it")
	for _, q := range []string{"?status=nonsense", "?after=x", "?after=1"} {
		assert.Equal(t, http.StatusBadRequest, agent.get(q).code, q)
	}
}

// begin takes a registration under review.
func begin(t *testing.T, agent *tab, p household) {
	t.Helper()
	one := agent.get(casePath(p))
	got := agent.post(casePath(p)+"/decide", "to", "in_review", "step", "confirm", "rev", one.hidden(t, "rev"), "known", one.hidden(t, "known"))
	require.Equal(t, http.StatusOK, got.code, got.words())
	require.Equal(t, casePath(p), got.path)
}

// Thousands of rows are read page by page: each once.
func TestQueuePages(t *testing.T) {
	h := newHouse(t)
	var want []string
	for range 120 {
		p := olena()
		reg, change := registered(t, p, h.clock.Now())
		_, err := h.store.Commit(t.Context(), change)
		require.NoError(t, err)
		want = append(want, reg.ID)
	}
	var got []string
	next := ""
	for range 5 {
		body := h.admin.get(next).body
		for _, m := range regexp.MustCompile(`/r/([0-9a-f-]{36})"`).FindAllStringSubmatch(body, -1) {
			got = append(got, m[1])
		}
		m := regexp.MustCompile(`rel="next" href="\./([^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			break
		}
		next = strings.ReplaceAll(m[1], "&amp;", "&")
	}
	assert.Equal(t, want, got)
	assert.Contains(t, h.admin.get("?status=rejected").words(), "Nothing waits here")
}

// The whole way of one registration: taken, asked, answered, approved.
func TestDecisions(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	begin(t, agent, p)
	assert.Empty(t, h.inbox(p), "taking up the work tells nobody")

	write := agent.get(casePath(p) + "/decide?to=more_information")
	require.Equal(t, http.StatusOK, write.code)
	assert.Contains(t, write.words(), "надішліть сюди фото вашого документа", "the draft is in the person's language")
	fields := []string{"to", "more_information", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "take", "1"}
	with := func(more ...string) []string { return append(append([]string{}, fields...), more...) }

	bad := agent.post(casePath(p)+"/decide", with("step", "confirm", "message", "щось")...)
	assert.Equal(t, http.StatusUnprocessableEntity, bad.code)
	assert.Contains(t, bad.words(), "Write the reason.")
	bad = agent.post(casePath(p)+"/decide", with("step", "confirm", "reason", "No passport")...)
	assert.Contains(t, bad.words(), "Write what the person is told.")
	assert.Empty(t, h.inbox(p))

	look := agent.post(casePath(p)+"/decide", with("step", "preview", "reason", "No passport", "message", "Надішліть, будь ласка, паспорт.")...)
	assert.Equal(t, http.StatusOK, look.code)
	assert.Contains(t, look.words(), "As web shows it")
	assert.Contains(t, look.words(), "Надішліть, будь ласка, паспорт.")
	assert.Equal(t, crm.InReview, h.reg(p).Status, "looking decides nothing")

	done := agent.post(casePath(p)+"/decide", with("step", "confirm", "reason", "No passport", "message", "Надішліть, будь ласка, паспорт.")...)
	require.Equal(t, http.StatusOK, done.code, done.words())
	reg := h.reg(p)
	require.Equal(t, crm.MoreInfo, reg.Status)
	last := reg.History[len(reg.History)-1]
	assert.Equal(t, "No passport", last.Reason)
	assert.NotEmpty(t, last.Told)
	assert.Equal(t, []string{"Надішліть, будь ласка, паспорт."}, h.inbox(p))
	assert.Contains(t, done.words(), "You hold this conversation", "the answer comes to the agent")

	h.says(p, "Ось він")
	assert.Contains(t, agent.get(casePath(p)).words(), "Ось він")
	begin(t, agent, p)
	write = agent.get(casePath(p) + "/decide?to=approved")
	done = agent.post(casePath(p)+"/decide", "to", "approved", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "step", "confirm", "reason", "Passport seen", "message", "Схвалено!")
	require.Equal(t, http.StatusOK, done.code)
	reg = h.reg(p)
	assert.Equal(t, crm.Approved, reg.Status)
	require.Len(t, reg.Decisions(), 1)
	assert.Equal(t, crm.Agent, reg.Decisions()[0].By.Kind)
	assert.Equal(t, []string{"Надішліть, будь ласка, паспорт.", "Схвалено!"}, h.inbox(p))
	assert.Contains(t, done.words(), "the person was told")

	// What the table does not allow cannot be asked for, by page or by hand.
	assert.Equal(t, http.StatusConflict, agent.get(casePath(p)+"/decide?to=rejected").code)
	again := agent.post(casePath(p)+"/decide", "to", "rejected", "rev", write.hidden(t, "rev"), "known", "1", "step", "confirm", "reason", "x", "message", "y")
	assert.Equal(t, http.StatusConflict, again.code)
	assert.Equal(t, crm.Approved, h.reg(p).Status)
}

// An SMS is shown in its parts before it is sent, and leaves in them.
func TestPreviewIsAsTheChannelShowsIt(t *testing.T) {
	h := newHouse(t)
	p := olena()
	p.channel, p.who = "sms", "+380501112233"
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	begin(t, agent, p)
	long := strings.TrimSpace(strings.Repeat("Ваша заявка схвалена, гроші надійдуть на картку. ", 8))
	write := agent.get(casePath(p) + "/decide?to=approved")
	fields := []string{"to", "approved", "rev", write.hidden(t, "rev"), "known", write.hidden(t, "known"), "reason", "ok", "message", long}
	look := agent.post(casePath(p)+"/decide", append(fields, "step", "preview")...)
	parts := strings.Count(look.body, `<article class="line in"`)
	require.Greater(t, parts, 1)
	agent.post(casePath(p)+"/decide", append(fields, "step", "confirm")...)
	require.Len(t, h.inbox(p), parts)
	slice, err := h.store.Outbox().Lease(t.Context(), "sms", 10, time.Minute)
	require.NoError(t, err)
	require.Len(t, slice.Items, 1, "the first of them is due on the channel's lane")
	assert.Equal(t, "us", slice.Items[0].From, "from the number that the person wrote to")
}

func TestConversation(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	k := h.handOver(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	list := agent.get("conversations")
	assert.Contains(t, list.body, "p/ua/t/"+k.ID)
	assert.Contains(t, list.words(), "nobody yet")
	at := "p/ua/t/" + k.ID
	talk := agent.get(at)
	assert.Contains(t, talk.words(), "This person waits for an agent")
	assert.Contains(t, talk.body, casePath(p), "it leads to the registration")

	got := agent.post(at+"/reply", "text", "Добрий день!", "state", talk.hidden(t, "state"), "ticket", talk.hidden(t, "ticket"), "ref", talk.hidden(t, "ref"))
	require.Equal(t, http.StatusOK, got.code, got.words())
	assert.Equal(t, []string{"Добрий день!"}, h.inbox(p))
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	assert.NotEmpty(t, th.Owner, "the bot is silent")
	// The same button pressed twice sends once.
	agent.post(at+"/reply", "text", "Добрий день!", "state", talk.hidden(t, "state"), "ticket", talk.hidden(t, "ticket"), "ref", talk.hidden(t, "ref"))
	assert.Len(t, h.inbox(p), 1)
	assert.Contains(t, agent.get("conversations?mine=1").body, k.ID)

	agent.post(at + "/release")
	th, err = h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	assert.Equal(t, "help", th.Owner)
	agent.post(at+"/take", "state", "waiting")
	agent.post(at + "/return")
	th, err = h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	assert.Empty(t, th.Owner, "the bot may speak")
	done, err := h.store.Ticket(t.Context(), "ua", k.ID)
	require.NoError(t, err)
	assert.False(t, done.Closed.IsZero())
	assert.Contains(t, h.inbox(p)[1], "МЕНЮ", "the person is told that the bot is back")
	assert.NotContains(t, agent.get("conversations").body, k.ID)
}

// Where the hub goes on by itself, it is told of each thread given back, once,
// and the desk says nothing in its place.
func TestBack(t *testing.T) {
	var back []crm.ThreadID
	h := newHouse(t, func(c *desk.Config) {
		c.Back = func(_ context.Context, id crm.ThreadID) error {
			back = append(back, id)
			return errors.New("the hub is busy")
		}
	})
	p := olena()
	h.register(p)
	k := h.handOver(p)
	olga, ivan := h.person("olga", desk.Caseworker, "ua"), h.person("ivan", desk.Caseworker, "ua")
	at := "p/ua/t/" + k.ID
	olga.post(at+"/take", "state", "waiting")
	assert.Equal(t, http.StatusConflict, ivan.post(at+"/return").code, "only who holds it gives it back")
	assert.Empty(t, back)
	assert.Equal(t, http.StatusOK, olga.post(at+"/return").code, "it is given back all the same")
	assert.Equal(t, []crm.ThreadID{p.thread()}, back)
	assert.Empty(t, h.inbox(p))
	assert.Contains(t, h.logs.String(), "the hub is busy")
	assert.NotContains(t, h.logs.String(), "olena-secret")
}

// A ticket that the person left behind by going back to the bot can be closed.
func TestTicketLeftBehind(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	agent.post(casePath(p)+"/take", "state", "bot")
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	require.NotEmpty(t, th.Owner)
	th.Owner = "" // the person wrote MENU
	_, err = h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Beneficiary}, Thread: &th})
	require.NoError(t, err)
	assert.Contains(t, agent.get(casePath(p)).words(), "Close, the bot has it again")
	agent.post(casePath(p) + "/return")
	assert.Contains(t, agent.get("conversations").words(), "Nobody waits")
	assert.Empty(t, h.inbox(p), "the bot is there already: nobody says so")
}

// What is recorded of reading and writing holds no value.
func TestEverythingIsAudited(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	before := len(h.audit())
	agent.get("")
	agent.get(casePath(p))
	agent.post(casePath(p)+"/note", "note", "Говорить дуже тихо")
	begin(t, agent, p)
	lines := h.audit()[before:]
	all := strings.Join(lines, "\n")
	for _, w := range []string{" list ua", " read ua/" + p.id, " note ua/" + p.id, " registration.in_review ua/" + p.id} {
		assert.Contains(t, all, w)
	}
	for _, l := range lines {
		assert.True(t, strings.HasPrefix(l, "agent:"), l)
	}
	for _, secret := range []string{"тихо", "дім", "olena-secret", "Olga"} {
		assert.NotContains(t, all, secret)
		assert.NotContains(t, h.logs.String(), secret)
	}
	assert.Contains(t, agent.get(casePath(p)).words(), "Говорить дуже тихо")
	assert.NotContains(t, agent.get(casePath(p)).words(), "Who looked and wrote")
	assert.Contains(t, h.admin.get(casePath(p)).words(), "Who looked and wrote")
}

// The live stream brings what is said, and who holds it, and ends with the desk.
func TestLive(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	agent := h.person("olga", desk.Caseworker, "ua")
	one := agent.get(casePath(p))
	at := regexp.MustCompile(`data-live="\.\./\.\./\.\./([^"]*)"`).FindStringSubmatch(one.body)
	require.NotNil(t, at)
	live := agent.listen(at[1])
	until := func(words string) {
		t.Helper()
		for {
			select {
			case e, ok := <-live:
				require.True(t, ok, "the stream ended")
				if strings.Contains(e, words) {
					return
				}
			case <-time.After(time.Minute):
				require.Fail(t, "never came", words)
			}
		}
	}
	h.says(p, `Є хто? <b>тут</b>`)
	until(`Є хто?`)
	h.handOver(p)
	until("This person waits for an agent")
	h.desk.Close()
	for range live { // it ends
	}
}

func TestRolesAndUsers(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	viewer := h.person("vira", desk.Viewer, "ua")
	one := viewer.get(casePath(p))
	assert.Equal(t, http.StatusOK, one.code)
	assert.NotContains(t, one.body, "/decide")
	assert.NotContains(t, one.body, "data-reply")
	for _, at := range []string{"/decide", "/note", "/reply", "/take", "/release", "/return"} {
		assert.Equal(t, http.StatusForbidden, viewer.post(casePath(p)+at, "note", "x", "text", "x").code, at)
	}
	agent := h.person("olga", desk.Caseworker, "ua")
	for _, at := range []string{"users", "users/x"} {
		assert.Equal(t, http.StatusForbidden, agent.get(at).code)
		assert.Equal(t, http.StatusForbidden, agent.post(at, "login", "x").code)
	}
	assert.NotContains(t, agent.get("").body, `href="./users"`)

	id := regexp.MustCompile(`users/([0-9a-f-]{36})">Vira<`).FindStringSubmatch(h.admin.get("users").body)
	require.NotNil(t, id)
	user := "users/" + id[1]
	for _, tt := range []struct {
		pairs []string
		says  string
	}{
		{[]string{"do", "save", "role", "king", "scope", "ua"}, "Choose a role."},
		{[]string{"do", "save", "role", "viewer"}, "Choose at least one programme."},
		{[]string{"do", "save", "role", "viewer", "scope", "atlantis"}, "Choose at least one programme."},
	} {
		got := h.admin.post(user, tt.pairs...)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Contains(t, got.words(), tt.says)
	}
	h.admin.post(user, "do", "save", "role", "agent", "scope", "ua", "name", "Vira", "lang", "uk")
	assert.Equal(t, "signin", viewer.get("").path, "with other rights one signs in anew")
	viewer.post("signin", "login", "vira", "password", password)
	assert.Contains(t, viewer.get(casePath(p)).words(), "Почати розгляд")
	h.admin.post(user, "do", "save", "role", "agent", "scope", "ua", "name", "Vira", "lang", "uk", "off", "1")
	assert.Equal(t, "signin", viewer.get("").path)
	for _, tt := range [][]string{{"login", ""}, {"login", "olga"}, {"login", "a b"}} {
		got := h.admin.post("users", append(tt, "role", "agent", "scope", "ua")...)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
	}
	root := regexp.MustCompile(`users/([0-9a-f-]{36})">Головна<`).FindStringSubmatch(h.admin.get("users").body)
	got := h.admin.post("users/"+root[1], "do", "save", "role", "viewer", "scope", "ua")
	assert.Contains(t, got.words(), "You cannot take your own administrator")
}

// An administrator gives out what they have, to accounts that have no more: not
// to themselves, not to others, and not by a new password for a colleague.
func TestAdministratorsStayWithinTheirScopes(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	mihai := h.person("mihai", desk.Administrator, "md")
	h.person("olga", desk.Caseworker, "ua")
	h.person("petro", desk.Administrator, "ua", "md")
	h.person("ion", desk.Caseworker, "md")
	self, ion := h.account("Mihai"), h.account("Ion")

	list := mihai.get("users")
	assert.Contains(t, list.body, ion)
	for _, name := range []string{"Olga", "Petro", "Головна", "Ukraine", "all programmes"} {
		assert.NotContains(t, list.words(), name)
	}
	assert.Contains(t, h.admin.get("users").words(), "all programmes")

	for _, scope := range []string{desk.Everything, "ua"} {
		for _, at := range []string{self, ion} {
			got := mihai.post(at, "do", "save", "role", "administrator", "lang", "en", "scope", scope)
			assert.Equal(t, http.StatusUnprocessableEntity, got.code, "%s %s", at, scope)
			assert.Contains(t, got.words(), "Choose at least one programme.")
			mihai.post(at, "do", "save", "role", "administrator", "lang", "en", "scope", "md", "scope", scope)
		}
		got := mihai.post("users", "login", "vlad", "role", "agent", "lang", "en", "scope", scope)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Empty(t, linkForm.FindString(got.body))
	}
	assert.Equal(t, http.StatusNotFound, mihai.get(casePath(p)).code, "still outside")
	assert.NotContains(t, h.admin.get(ion).body, `value="ua" checked`)
	assert.NotContains(t, h.admin.get(ion).body, `value="*" checked`)

	for _, name := range []string{"Olga", "Petro", "Головна"} {
		at := h.account(name)
		assert.Equal(t, http.StatusNotFound, mihai.get(at).code, name)
		for _, do := range []string{"link", "end-all", "end", "save"} {
			got := mihai.post(at, "do", do, "role", "viewer", "lang", "en", "scope", "md", "off", "1")
			assert.Equal(t, http.StatusNotFound, got.code, "%s %s", name, do)
			assert.Empty(t, linkForm.FindString(got.body))
		}
	}
	assert.NotEmpty(t, linkForm.FindString(mihai.post(ion, "do", "link").body), "within them, all of it")
	assert.NotEmpty(t, linkForm.FindString(mihai.post("users", "login", "vlad", "role", "agent", "lang", "en", "scope", "md").body))
}
