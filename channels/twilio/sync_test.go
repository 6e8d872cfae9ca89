package twilio

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// reminder is a template, and list a question.
func reminder() Content {
	return Content{
		Kind: CallToAction, Name: "reminder", Lang: "uk", Category: Utility,
		Body: "Добрий день, {{name}}! Ваша заявка чекає.", Samples: map[string]string{"name": "Олена", "id": "42"},
		Actions: []Action{{Type: Link, Title: "Відкрити", URL: "https://hub.example.org/a?c={{id}}"}, {Type: Phone, Title: "Подзвонити", Phone: ours}},
	}
}

func list() Content {
	return Content{Kind: ListPicker, Lang: "uk", Body: "Де?", Button: "Обрати", Items: []Item{{"a:1", "Київ", ""}, {"a:2", "Львів", "область"}}}
}

// inside returns an account beside a fake without a network, so that time can be the
// test's.
func inside(t *testing.T) *desk {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	a, err := NewAccount(Config{AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: publicURL, HTTP: &http.Client{Transport: inProcess(fake)}})
	require.NoError(t, err)
	return &desk{Fake: fake, Account: a}
}

// doings returns what was done, in order.
func doings(steps []Step) (all []Doing) {
	for _, s := range steps {
		all = append(all, s.Do)
	}
	return all
}

func TestSyncMakesWhatIsMissingAndNothingTwice(t *testing.T) {
	d := newDesk(t)
	cs := []Content{reminder(), list(), list()}
	plan, err := Plan(cs)
	require.NoError(t, err)
	require.Equal(t, []Doing{Missing, Missing}, doings(plan))

	dry, err := d.Sync(t.Context(), cs, SyncConfig{DryRun: true, Submit: true})
	require.NoError(t, err)
	assert.Equal(t, []Doing{Missing, Missing}, doings(dry))
	assert.Empty(t, d.Contents())

	var told []Step
	got, err := d.Sync(t.Context(), cs, SyncConfig{Progress: func(s Step) { told = append(told, s) }})
	require.NoError(t, err)
	assert.Equal(t, []Doing{Made, Made}, doings(got))
	assert.Equal(t, got, told)
	for i, c := range d.Contents() {
		assert.Equal(t, plan[i].Name, c.Name)
		assert.Equal(t, c.SID, got[i].SID)
		assert.Equal(t, Step{Done: i + 1, Total: 2, Name: c.Name, Lang: "uk", Kind: cs[i].Kind, SID: c.SID, Do: Made}, got[i])
	}
	assert.Regexp(t, `^reminder_uk_[0-9a-f]{16}$`, plan[0].Name)
	assert.Regexp(t, `^hubkit_list_picker_uk_[0-9a-f]{16}$`, plan[1].Name)

	got, err = d.Sync(t.Context(), cs, SyncConfig{})
	require.NoError(t, err)
	assert.Equal(t, []Doing{Found, Found}, doings(got))
	assert.Len(t, d.Contents(), 2)
	assert.Empty(t, d.Complaints())
}

func TestSyncTellsEveryMistakeBeforeItAsks(t *testing.T) {
	d := newDesk(t)
	bad := reminder()
	bad.Body = "{{name}}"
	worse := list()
	worse.Category, worse.Button = Utility, ""
	_, err := d.Sync(t.Context(), []Content{bad, worse, list()}, SyncConfig{})
	for _, want := range []string{"begin or end", "cannot be approved", "Button has 1 to 20"} {
		require.ErrorContains(t, err, want)
	}
	assert.Zero(t, d.Requests(twiliotest.Searches))
	_, err = Plan([]Content{bad, worse, list()})
	require.ErrorContains(t, err, "begin or end")
}

func TestSyncHasTemplatesApproved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := inside(t)
		good, bad := reminder(), reminder()
		bad.Lang, bad.Body = "ru", "Здравствуйте, {{name}}! Ваша заявка ждёт."
		start := time.Now()
		var told []Doing
		cfg := SyncConfig{Submit: true, Wait: time.Hour, Every: time.Minute, Progress: func(s Step) {
			told = append(told, s.Do)
			if s.Do != Submitted {
				return
			}
			status := "pending"
			if s.Lang == "ru" {
				status = "rejected"
			}
			time.AfterFunc(90*time.Second, func() { d.Approve(s.SID, status, "INVALID_FORMAT") })
			if s.Lang == "uk" {
				time.AfterFunc(9*time.Minute+30*time.Second, func() { d.Approve(s.SID, "approved", "") })
			}
		}}
		got, err := d.Sync(t.Context(), []Content{good, list(), bad}, cfg)
		require.ErrorContains(t, err, "WhatsApp says rejected: INVALID_FORMAT")
		assert.Equal(t, []Doing{Approved, Made, Rejected}, doings(got))
		assert.Equal(t, []Doing{Made, Made, Made, Submitted, Submitted, Pending, Pending, Rejected, Approved}, told)
		assert.Equal(t, 10*time.Minute, time.Since(start).Truncate(time.Minute))

		sid, err := d.template(t.Context(), "reminder", "uk")
		require.NoError(t, err)
		assert.Equal(t, got[0].SID, sid)
		_, err = d.template(t.Context(), "reminder", "ru")
		require.ErrorIs(t, err, ErrTemplate, "what was rejected cannot be sent")

		// New words are another resource, which takes the name when it is approved.
		good.Body = "Добрий день, {{name}}! Ваша заявка ще чекає."
		cfg.Wait, cfg.Progress = 0, nil
		got, err = d.Sync(t.Context(), []Content{good}, cfg)
		require.NoError(t, err)
		assert.Equal(t, []Doing{Submitted}, doings(got))
		was, err := d.template(t.Context(), "reminder", "uk")
		require.NoError(t, err)
		assert.Equal(t, sid, was)
		d.Approve(got[0].SID, "approved", "")
		_, err = d.Sync(t.Context(), []Content{good}, cfg)
		require.NoError(t, err)
		is, err := d.template(t.Context(), "reminder", "uk")
		require.NoError(t, err)
		assert.Equal(t, got[0].SID, is)
		assert.Empty(t, d.Complaints())
	})
}

func TestSyncSubmitsOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := inside(t)
		cfg := SyncConfig{Submit: true, Wait: time.Hour, Every: time.Minute, Progress: func(s Step) {
			if s.Do == Submitted { // and for a while, Twilio does not know
				d.Approve(s.SID, "unsubmitted", "")
				time.AfterFunc(4*time.Minute+30*time.Second, func() { d.Approve(s.SID, "approved", "") })
			}
		}}
		got, err := d.Sync(t.Context(), []Content{reminder()}, cfg)
		require.NoError(t, err)
		assert.Equal(t, []Doing{Approved}, doings(got))
		assert.Equal(t, 1+1+5, d.Requests(twiliotest.Approvals), "asked, submitted, and asked again each minute")
	})
}

func TestSyncWaitsWhenAskedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := inside(t)
		d.FaultOn(twiliotest.Contents, channelstest.Throttle, channelstest.Throttle)
		start := time.Now()
		got, err := d.Sync(t.Context(), []Content{list()}, SyncConfig{})
		require.NoError(t, err)
		assert.Equal(t, []Doing{Made}, doings(got))
		assert.Equal(t, 2*channelstest.ThrottleAfter, time.Since(start))

		for range 20 {
			d.FaultOn(twiliotest.Contents, channelstest.Throttle)
		}
		_, err = d.Sync(t.Context(), []Content{reminder()}, SyncConfig{})
		assert.Equal(t, channels.Throttled, channels.CauseOf(err), "it gives up at last")

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = d.Sync(ctx, []Content{reminder()}, SyncConfig{})
		require.Error(t, err)
	})
}

// What WhatsApp has paused or disabled cannot be sent, and Sync says so.
func TestSyncTellsWhatWasTakenBack(t *testing.T) {
	for _, status := range []string{"paused", "disabled"} {
		d := newDesk(t)
		got, err := d.Sync(t.Context(), []Content{reminder()}, SyncConfig{Submit: true})
		require.NoError(t, err)
		d.Approve(got[0].SID, status, "LOW_QUALITY")
		got, err = d.Sync(t.Context(), []Content{reminder()}, SyncConfig{Submit: true})
		require.ErrorContains(t, err, status+": LOW_QUALITY")
		assert.Equal(t, []Doing{Rejected}, doings(got))
	}
}

// A dry run does not make a resource the one that a name stands for, though it is there.
func TestADryRunNamesNothing(t *testing.T) {
	d := newDesk(t)
	_, err := d.Sync(t.Context(), []Content{reminder()}, SyncConfig{Submit: true})
	require.NoError(t, err)
	got, err := d.Sync(t.Context(), []Content{reminder()}, SyncConfig{DryRun: true})
	require.NoError(t, err)
	assert.Equal(t, []Doing{Found}, doings(got))
	_, err = d.template(t.Context(), "reminder", "uk")
	require.ErrorIs(t, err, ErrTemplate)
}

func TestSyncGoesOnAfterAFault(t *testing.T) {
	d := newDesk(t)
	d.FaultOn(twiliotest.Contents, channelstest.ServerError)
	got, err := d.Sync(t.Context(), []Content{list(), reminder()}, SyncConfig{Submit: true})
	require.ErrorContains(t, err, got[0].Name)
	assert.Equal(t, []Doing{Failed, Submitted}, doings(got))

	d.FaultOn(twiliotest.Approvals, channelstest.Denied)
	other := reminder()
	other.Lang = "en"
	got, err = d.Sync(t.Context(), []Content{other}, SyncConfig{Submit: true})
	assert.Equal(t, []Doing{Failed}, doings(got))
	assert.Equal(t, channels.Misconfigured, channels.CauseOf(err))
}

func TestCheckTellsEveryMistake(t *testing.T) {
	good := reminder()
	require.NoError(t, good.Check())
	good = list()
	require.NoError(t, good.Check())
	for name, c := range map[string]struct {
		content Content
		want    []string
	}{
		"nothing": {Content{}, []string{"unknown Kind", "Body has 1 to 1024"}},
		"a name":  {Content{Kind: TextContent, Name: "Re minder", Body: "x", Category: "NEWS"}, []string{"a Name is", "the Category is"}},
		"a long text": {
			Content{Kind: TextContent, Body: strings.Repeat("x", 1601)}, []string{"1 to 1600"},
		},
		"a long template": {
			Content{Kind: TextContent, Category: Utility, Body: strings.Repeat("x", 1025)}, []string{"1 to 1024"},
		},
		"too many buttons in a session": {
			Content{Kind: QuickReply, Body: "x", Actions: []Action{{Type: Reply, Title: "1", ID: "1"}, {Type: Reply, Title: "2", ID: "2"}, {Type: Reply, Title: "3", ID: "3"}, {Type: Reply, Title: "4", ID: "4"}}},
			[]string{"4 Actions; at most 3"},
		},
		"buttons": {
			Content{Kind: QuickReply, Body: "x", Actions: []Action{{Type: Reply, Title: "a title that is far too long", ID: "1"}, {Type: Link, Title: "{{1}}", URL: "ftp://x"}, {Type: "DANCE", Title: "x"}}},
			[]string{"Actions[0].Title", "Actions[1].Title", "Actions[1]: the type", "Actions[2]: the type"},
		},
		"buttons of a template": {
			Content{Kind: CallToAction, Category: Utility, Body: "x", Actions: []Action{
				{Type: Link, Title: "1", URL: "https://a"},
				{Type: Link, Title: "2", URL: "https://a"},
				{Type: Link, Title: "3", URL: "https://a"},
				{Type: Phone, Title: "4", Phone: "0501234567"},
				{Type: Reply, Title: "5", ID: "5"},
				{Type: CopyCode, Title: "6"},
			}},
			[]string{"at most two Links", "Actions[3]: the type", "Actions[4]: the type", "Actions[5]: the type"},
		},
		"no buttons": {Content{Kind: QuickReply, Body: "x"}, []string{"it needs Actions"}},
		"a list": {
			Content{Kind: ListPicker, Body: "x", Button: "a button that is too long", Media: []string{"https://a"}, Items: []Item{
				{"", "x", ""}, {"a", strings.Repeat("x", 25), ""}, {"a", "x", strings.Repeat("x", 73)}, {"b", "{{1}}", ""},
			}},
			[]string{"Button has", "1 Media; at most 0", "Items[0].ID", "Items[1]: Title", "Items[2].ID", "Items[2]: Title", "Items[3]: a row holds no variable"},
		},
		"no rows": {Content{Kind: ListPicker, Body: "x", Button: "x"}, []string{"1 to 10 Items"}},
		"what belongs elsewhere": {
			Content{Kind: TextContent, Body: "x", Subtitle: "x", Button: "x", Actions: []Action{{Type: Reply, Title: "1", ID: "1"}}},
			[]string{"belong to a ListPicker", "belongs to a Card", "1 Actions; at most 0"},
		},
		"a card": {
			Content{Kind: Card, Body: "x", Subtitle: strings.Repeat("x", 61), Media: []string{"https://a", "https://b"}},
			[]string{"Subtitle has", "2 Media; at most 1"},
		},
		"a file without one": {Content{Kind: MediaContent}, []string{"one Media"}},
		"variables": {
			Content{Kind: TextContent, Body: "{{a b}} {{none}} {{long}} {{spaces}}", Samples: map[string]string{"a b": "x", "long": strings.Repeat("x", 256), "spaces": "a     b", "other": "x"}},
			[]string{"{{a b}}: a variable's name", "{{none}} needs a sample", "{{long}} needs a sample", "{{spaces}} needs a sample", "sample for {{other}}"},
		},
		"variables of a template": {
			Content{Kind: TextContent, Category: Marketing, Body: "a {{1}} {{2}}", Samples: map[string]string{"1": "x", "2": "y"}},
			[]string{"begin or end", "side by side"},
		},
	} {
		err := c.content.Check()
		for _, want := range c.want {
			require.ErrorContains(t, err, want, name)
		}
		assert.Len(t, strings.Split(err.Error(), "\n"), len(c.want), "%s: %v", name, err)
	}
	many := Content{Kind: TextContent, Body: "x", Samples: map[string]string{}}
	for i := range 101 {
		name := "v" + strings.Repeat("x", i%14) + string(rune('a'+i/14))
		many.Samples[name] = "x"
		many.Body += "{{" + name + "}}"
	}
	require.ErrorContains(t, many.Check(), "101 variables")
}

func TestEveryKindIsTakenAsItIsWritten(t *testing.T) {
	d := newDesk(t)
	card := Content{
		Kind: Card, Name: "card", Lang: "en", Body: "Open today", Subtitle: "9 to 17", Media: []string{"https://hub.example.org/a.jpg"},
		Actions: []Action{{Type: Reply, Title: "Thanks", ID: "thanks"}, {Type: CopyCode, Title: "Copy", Code: "A1"}},
	}
	media := Content{Kind: MediaContent, Lang: "pt-BR", Body: "Mapa", Media: []string{"https://hub.example.org/{{file}}.jpg"}, Samples: map[string]string{"file": "a"}}
	replies := Content{Kind: QuickReply, Lang: "sr-Latn-RS", Body: "Da?", Actions: []Action{{Type: Reply, Title: "Da", ID: "q:da"}}}
	text := Content{Kind: TextContent, Body: "x"}
	got, err := d.Sync(t.Context(), []Content{card, media, replies, text, reminder(), list()}, SyncConfig{Submit: true})
	require.NoError(t, err)
	assert.Equal(t, []Doing{Made, Made, Made, Made, Submitted, Made}, doings(got))
	assert.Empty(t, d.Complaints())
	var langs []string
	for _, c := range d.Contents() {
		langs = append(langs, c.Language)
	}
	assert.Equal(t, []string{"en", "pt_BR", "sr_RS", "en", "uk", "uk"}, langs)
}

func TestAHashIsOfWhatIsShown(t *testing.T) {
	a, b := reminder(), reminder()
	require.Equal(t, a.Hash(), b.Hash())
	b.Name = "another"
	require.Equal(t, a.Hash(), b.Hash())
	for name, change := range map[string]func(*Content){
		"Body": func(c *Content) { c.Body += "." }, "Lang": func(c *Content) { c.Lang = "ru" }, "Category": func(c *Content) { c.Category = Marketing },
		"Samples": func(c *Content) { c.Samples = map[string]string{"name": "x"} }, "Actions": func(c *Content) { c.Actions = c.Actions[:1] },
		"Kind": func(c *Content) { c.Kind = QuickReply },
	} {
		c := reminder()
		change(&c)
		require.NotEqual(t, a.Hash(), c.Hash(), name)
	}
}
