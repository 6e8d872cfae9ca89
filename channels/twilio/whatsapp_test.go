package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// table is a Table that other accounts may share, and that can fail.
type table struct {
	memory
	get, put error
}

func (t *table) Get(ctx context.Context, key string) (string, error) {
	if t.get != nil {
		return "", t.get
	}
	return t.memory.Get(ctx, key)
}

func (t *table) Put(ctx context.Context, key, value string) error {
	if t.put != nil {
		return t.put
	}
	return t.memory.Put(ctx, key, value)
}

// chat returns the account's WhatsApp as everybody uses it.
func (d *desk) chat(t testing.TB, cfg WhatsAppConfig) *channels.Channel {
	t.Helper()
	if cfg == (WhatsAppConfig{}) {
		cfg.From = ours
	}
	w, err := d.WhatsApp(cfg)
	require.NoError(t, err)
	c, err := channels.New(w, channels.Config{Breaker: channels.Breaker{Failures: -1}})
	require.NoError(t, err)
	return c
}

// question asks something with n options.
func question(ref, text string, n int) channels.Message {
	m := channels.Message{Ref: ref, To: at("whatsapp", person), Lang: "uk", Text: text}
	for i := range n {
		m.Options = append(m.Options, channels.Option{ID: fmt.Sprint("q:", i+1), Label: fmt.Sprint("Варіант ", i+1)})
	}
	return m
}

// body returns the content of a type as it was posted.
func body(t *testing.T, c *twiliotest.Content, kind string) (out map[string]any) {
	t.Helper()
	require.NotNil(t, c)
	require.Len(t, c.Types, 1)
	require.NoError(t, json.Unmarshal(c.Types[kind], &out))
	return out
}

func TestAQuestionIsAContentThatServesForEver(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	for i, text := range []string{"Вам потрібна грошова допомога?", "Вибачте, ще раз: п'ять?", "Olena, це ви?"} {
		_, err := c.Send(t.Context(), question(fmt.Sprint("r", i), text, 2))
		require.NoError(t, err)
	}
	require.Len(t, d.Contents(), 1, "the text is a variable")
	m := d.Messages()[1]
	assert.Equal(t, map[string]string{"1": "Вибачте, ще раз: п'ять?"}, m.Variables)
	assert.Equal(t, "Вибачте, ще раз: п'ять?", m.Body)
	assert.NotContains(t, m.Form.Get("ContentVariables"), "'", "Twilio has refused the sign")
	assert.Equal(t, "whatsapp:"+person, m.To)
	assert.Equal(t, "whatsapp:"+ours, m.From)
	assert.True(t, strings.HasPrefix(m.Callback, publicURL+"/webhooks/twilio/status?mac="), m.Callback)
	assert.Equal(t, "uk", m.Content.Language)
	assert.NotContains(t, string(m.Content.Types["twilio/quick-reply"]), "Olena")
	assert.Equal(t, map[string]any{"body": "{{1}}", "actions": []any{
		map[string]any{"type": "QUICK_REPLY", "title": "Варіант 1", "id": "q:1"},
		map[string]any{"type": "QUICK_REPLY", "title": "Варіант 2", "id": "q:2"},
	}}, body(t, m.Content, "twilio/quick-reply"))

	// Another language is another resource, and so are other options.
	en := question("en", "Do you need cash?", 2)
	en.Lang = "en"
	_, err := c.Send(t.Context(), en)
	require.NoError(t, err)
	_, err = c.Send(t.Context(), question("three", "А тепер?", 3))
	require.NoError(t, err)
	assert.Len(t, d.Contents(), 3)
	assert.Empty(t, d.Complaints())
}

func TestAListAndItsPages(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	m := question("r", "Де ви живете?", 12)
	m.Options[0].Hint = "тобто тут"
	_, err := c.Send(t.Context(), m)
	require.NoError(t, err)
	m.Page = 2
	_, err = c.Send(t.Context(), m)
	require.NoError(t, err)
	first := body(t, d.Messages()[0].Content, "twilio/list-picker")
	items := first["items"].([]any)
	require.Len(t, items, 10)
	assert.Equal(t, "Обрати", first["button"])
	assert.Equal(t, map[string]any{"id": "q:1", "item": "Варіант 1", "description": "тобто тут"}, items[0])
	assert.Equal(t, map[string]any{"id": "hub:more:2", "item": "Ще"}, items[9])
	second := body(t, d.Messages()[1].Content, "twilio/list-picker")
	assert.Len(t, second["items"], 3)
}

func TestALongTextFitsTheVariables(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	text := strings.TrimSpace(strings.Repeat("Довгий текст. ", 73)) // 1021 characters
	_, err := c.Send(t.Context(), question("r", text, 2))
	require.NoError(t, err)
	require.Len(t, d.Messages(), 1)
	assert.Equal(t, text, d.Messages()[0].Body)
	assert.Len(t, d.Messages()[0].Variables, 5)
}

func TestPiecesLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.OneOf(
			rapid.SampledFrom([]string{" ", "      ", "\n", "слово", "👨‍👩‍👧‍👦", "e\u0301", "x", strings.Repeat("довге", 60)}),
			rapid.StringN(0, 300, -1),
		), 0, 12).Draw(t, "words")
		text := strings.ToValidUTF8(strings.Join(words, ""), "?")
		got := pieces(text)
		require.Equal(t, strings.ReplaceAll(text, "\u00a0", " "), strings.ReplaceAll(strings.Join(got, ""), "\u00a0", " "))
		for _, piece := range got {
			require.LessOrEqual(t, len(utf16of(piece)), 255)
			require.NotContains(t, piece, "     ")
			if len(got) > 1 {
				require.NotEmpty(t, piece)
			}
		}
	})
	cut := pieces(strings.Repeat("ab ", 200))
	require.Len(t, cut, 3)
	for _, piece := range cut[:2] {
		assert.False(t, strings.HasSuffix(piece, " "))
	}
	assert.False(t, strings.HasPrefix(cut[1], " "))
}

func utf16of(s string) (units []uint16) {
	for _, r := range s {
		if r > 0xFFFF {
			units = append(units, 0)
		}
		units = append(units, 0)
	}
	return units
}

func TestManyWhoNeedAContentMakeItOnce(t *testing.T) {
	shared := &table{}
	fake := newDesk(t, func(c *Config) { c.Table = shared })
	c := fake.chat(t, WhatsAppConfig{})
	var wg sync.WaitGroup
	errs := make([]error, 24)
	for i := range errs {
		wg.Go(func() { _, errs[i] = c.Send(t.Context(), question(fmt.Sprint("r", i), "Так?", 2+i%2)) })
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs...))
	assert.Len(t, fake.Contents(), 2)
	assert.Equal(t, 2, fake.Requests(twiliotest.Contents))

	// Another process with the same table does not even ask.
	searches := fake.Requests(twiliotest.Searches)
	again, err := NewAccount(fake.cfg)
	require.NoError(t, err)
	_, err = (&desk{Fake: fake.Fake, Account: again}).chat(t, WhatsAppConfig{}).Send(t.Context(), question("x", "Так?", 2))
	require.NoError(t, err)
	assert.Equal(t, searches, fake.Requests(twiliotest.Searches))

	// One without the table finds it by its name.
	cfg := fake.cfg
	cfg.Table = nil
	again, err = NewAccount(cfg)
	require.NoError(t, err)
	_, err = (&desk{Fake: fake.Fake, Account: again}).chat(t, WhatsAppConfig{}).Send(t.Context(), question("y", "Так?", 2))
	require.NoError(t, err)
	assert.Len(t, fake.Contents(), 2)
}

func TestAContentIsFoundByItsWholeName(t *testing.T) {
	d := newDesk(t)
	c := list()
	in := c.wire()
	in.Name = c.friendly(c.Hash()) + "_of_somebody_else"
	require.NoError(t, d.ask(t.Context(), http.MethodPost, "https://content.twilio.com/v1/Content", in, nil))
	sid, err := d.ensure(t.Context(), &c)
	require.NoError(t, err)
	require.Len(t, d.Contents(), 2)
	assert.Equal(t, d.Contents()[1].SID, sid)
}

func TestASearchThatDoesNotEnd(t *testing.T) {
	for _, next := range []string{"https://content.twilio.com/v2/Content?Page=1", "https://evil.example/"} {
		asked := 0
		a := account(t, func(w http.ResponseWriter, _ *http.Request) {
			asked++
			fmt.Fprintf(w, `{"contents":[{}],"meta":{"next_page_url":%q}}`, next)
		})
		c := list()
		_, err := a.ensure(t.Context(), &c)
		assert.Equal(t, channels.Unavailable, channels.CauseOf(err))
		assert.LessOrEqual(t, asked, 2)
	}
}

func TestAContentThatCannotBeMadeSendsNothing(t *testing.T) {
	for _, c := range []struct {
		fault channelstest.Fault
		want  channels.Cause
		made  int
	}{
		{channelstest.Throttle, channels.Throttled, 0},
		{channelstest.ServerError, channels.Unavailable, 0},
		{channelstest.Denied, channels.Misconfigured, 0},
		{channelstest.BadContent, channels.Rejected, 0},
		{channelstest.TakenDrop, channels.Unavailable, 1}, // nobody was told anything
		{channelstest.TakenServerError, channels.Unavailable, 1},
	} {
		for _, resource := range []string{twiliotest.Contents, twiliotest.Searches} {
			t.Run(c.fault.String()+" at "+resource, func(t *testing.T) {
				d := newDesk(t)
				ch := d.chat(t, WhatsAppConfig{})
				d.FaultOn(resource, c.fault)
				_, err := ch.Send(t.Context(), question("r", "Так?", 2))
				assert.Equal(t, c.want, channels.CauseOf(err))
				assert.Empty(t, d.Messages())
				// Once it works, what was made in spite of the fault is found again.
				_, err = ch.Send(t.Context(), question("r", "Так?", 2))
				require.NoError(t, err)
				assert.Len(t, d.Contents(), 1)
			})
		}
	}
}

func TestATableThatFails(t *testing.T) {
	broken := &table{get: errors.New("locked")}
	d := newDesk(t, func(c *Config) { c.Table = broken })
	c := d.chat(t, WhatsAppConfig{})
	_, err := c.Send(t.Context(), question("r", "Так?", 2))
	assert.Equal(t, channels.Unavailable, channels.CauseOf(err))
	template := question("r", "Так?", 0)
	template.Template = &channels.Template{Name: "reminder"}
	_, err = c.Send(t.Context(), template)
	assert.Equal(t, channels.Unavailable, channels.CauseOf(err))
	assert.Zero(t, d.Requests(twiliotest.Contents))

	broken.get, broken.put = nil, errors.New("full")
	_, err = c.Send(t.Context(), question("r", "Так?", 2))
	require.NoError(t, err, "what cannot be kept is found by its name")
}

func TestAContentThatSomebodyDeletedIsMadeAnew(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	_, err := c.Send(t.Context(), question("r", "Так?", 2))
	require.NoError(t, err)
	d.DeleteContent(d.Contents()[0].SID)
	_, err = c.Send(t.Context(), question("r", "Так?", 2))
	assert.Equal(t, channels.Unavailable, channels.CauseOf(err), "not sent, and not the message's fault")
	_, err = c.Send(t.Context(), question("r", "Так?", 2))
	require.NoError(t, err)
}

func TestAWaitForAContentEndsWithItsContext(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	d.FaultOn(twiliotest.Contents, channelstest.TakenSilence)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	var wg sync.WaitGroup
	causes := make([]channels.Cause, 3)
	for i := range causes {
		wg.Go(func() {
			_, err := c.Send(ctx, question(fmt.Sprint("r", i), "Так?", 2))
			causes[i] = channels.CauseOf(err)
		})
	}
	wg.Wait()
	assert.Equal(t, []channels.Cause{channels.Unavailable, channels.Unavailable, channels.Unavailable}, causes)
	assert.Empty(t, d.Messages())
}

func TestWhatWouldNotBeShownIsNotSent(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	braces := question("r", "Так?", 2)
	braces.Options[0].Label = "{{1}}"
	twice := question("r", "Так?", 4)
	twice.Options[1].ID = twice.Options[0].ID
	files := question("r", "Так?", 0)
	files.Media = []channels.Media{{URL: "https://a.example/1"}, {URL: "https://a.example/2"}}
	late := question("r", "Так?", 0)
	late.NotAfter = time.Now().Add(-time.Second)
	sender := question("r", "Так?", 0)
	sender.From = "nobody@example.org"
	for name, m := range map[string]channels.Message{
		"a variable in a button": braces, "one id for two rows": twice, "two files": files, "too late": late, "no sender": sender,
	} {
		_, err := c.Send(t.Context(), m)
		assert.Equal(t, channels.Rejected, channels.CauseOf(err), name)
	}
	bad := question("r", "Так?", 0)
	bad.To.ID = "0501234567"
	_, err := c.Send(t.Context(), bad)
	assert.Equal(t, channels.Unreachable, channels.CauseOf(err))
	w, err := d.WhatsApp(WhatsAppConfig{From: ours})
	require.NoError(t, err)
	_, err = w.Send(t.Context(), channels.Rendered{Message: channels.Message{To: at("whatsapp", person)}})
	require.ErrorIs(t, err, channels.ErrEmpty)
	assert.Zero(t, d.Requests(twiliotest.Messages))
	assert.Zero(t, d.Requests(twiliotest.Contents))
}

func TestATemplateIsFoundByItsNameAndLanguage(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	reminder := Content{
		Kind: TextContent, Name: "reminder", Lang: "uk", Body: "Добрий день, {{name}}! Ваша заявка чекає.", Samples: map[string]string{"name": "Олена"},
	}
	_, err := d.Sync(t.Context(), []Content{reminder}, SyncConfig{})
	require.NoError(t, err)
	m := question("r", "Добрий день", 0)
	m.Template = &channels.Template{Name: "reminder", Vars: map[string]string{"name": "Дар'я"}}
	for _, lang := range []hubkit.Lang{"uk", "uk-UA"} {
		m.Lang = lang
		_, err = c.Send(t.Context(), m)
		require.NoError(t, err)
	}
	sent := d.Messages()[1]
	assert.Equal(t, "Добрий день, Дар'я! Ваша заявка чекає.", sent.Body)
	assert.Empty(t, sent.Form.Get("Body"), "a template is sent without a body")
	m.Lang = "ru"
	_, err = c.Send(t.Context(), m)
	require.ErrorIs(t, err, ErrTemplate)
	assert.Equal(t, channels.Rejected, channels.CauseOf(err))
	m.Template = &channels.Template{Name: sent.ContentSID}
	_, err = c.Send(t.Context(), m)
	require.NoError(t, err, "a SID is its own name, and samples stand in for values")
}

func TestAPictureIsSentWithItsQuestion(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{})
	m := question("r", "Що на фото?", 2)
	m.Options[1].Hint = "або інше"
	m.Media = []channels.Media{{URL: "https://hub.example.org/a.jpg", Type: "image/jpeg"}}
	_, err := c.Send(t.Context(), m)
	require.NoError(t, err)
	sent := d.Messages()[0]
	assert.Equal(t, []string{"https://hub.example.org/a.jpg"}, sent.Media)
	assert.Equal(t, "Що на фото?\n1. Варіант 1\n2. Варіант 2 (або інше)", sent.Body)
	m.Options = nil
	_, err = c.Send(t.Context(), m)
	require.NoError(t, err)
	assert.Equal(t, "Що на фото?", d.Messages()[1].Body)
	assert.Empty(t, d.Contents())
}

func TestWrittenBodiesAreInTheContent(t *testing.T) {
	d := newDesk(t)
	c := d.chat(t, WhatsAppConfig{From: ours, WrittenBodies: true})
	for _, text := range []string{"Так?", "Ні?", "Так?", "Дужки {{1}}?"} {
		_, err := c.Send(t.Context(), question("r", text, 2))
		require.NoError(t, err)
	}
	require.Len(t, d.Contents(), 3)
	assert.Equal(t, "Так?", body(t, d.Messages()[0].Content, "twilio/quick-reply")["body"])
	assert.Empty(t, d.Messages()[0].Variables)
	assert.Equal(t, "Дужки {{1}}?", d.Messages()[3].Body)
}

func TestALastMomentIsTheProvidersValidity(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	d := newDesk(t, func(c *Config) { c.Now = func() time.Time { return now } })
	c := d.chat(t, WhatsAppConfig{From: ours, MessagingService: twiliotest.SID("MG", "pool")})
	for after, want := range map[time.Duration]string{time.Second: "1", 90 * time.Minute: "5400", 48 * time.Hour: ""} {
		m := question("r", "Так", 0)
		m.NotAfter = now.Add(after)
		_, err := c.Send(t.Context(), m)
		require.NoError(t, err)
		all := d.Messages()
		assert.Equal(t, want, all[len(all)-1].Form.Get("ValidityPeriod"))
		assert.Equal(t, twiliotest.SID("MG", "pool"), all[len(all)-1].Form.Get("MessagingServiceSid"))
	}
}

// Whatever a questionnaire holds, what is rendered within the limits is taken by the
// strict fake, and the person reads it whole.
func TestWhateverIsRenderedIsTaken(t *testing.T) {
	d := inside(t)
	c := d.chat(t, WhatsAppConfig{})
	letters := rapid.RuneFrom([]rune("аїєґbZ9 '\"\\<>&%+=#~`|/…\n\u200f\u00a0é👋日本ب"))
	words := func(most int) *rapid.Generator[string] {
		return rapid.StringOfN(letters, 1, most, -1).Filter(func(s string) bool { return strings.TrimSpace(s) != "" })
	}
	sent := 0
	rapid.Check(t, func(rt *rapid.T) {
		m := question("r", words(1500).Draw(rt, "text"), rapid.IntRange(0, 24).Draw(rt, "options"))
		for i := range m.Options {
			m.Options[i].Label = words(rapid.SampledFrom([]int{3, 20, 24, 40}).Draw(rt, "most")).Draw(rt, "label")
			if rapid.Bool().Draw(rt, "hinted") {
				m.Options[i].Hint = words(72).Draw(rt, "hint")
			}
		}
		m.Page = rapid.IntRange(0, 3).Draw(rt, "page")
		m.Open = rapid.Bool().Draw(rt, "open")
		r, err := c.Render(m)
		require.NoError(rt, err)
		_, err = c.Send(t.Context(), m)
		require.NoError(rt, err)
		require.Empty(rt, d.Complaints())
		got := d.Messages()[sent:]
		sent += len(got)
		require.Len(rt, got, len(r.Parts))
		for i, part := range r.Parts {
			require.Equal(rt, plainSpaces(part), plainSpaces(got[i].Body))
		}
		last := got[len(got)-1]
		if r.Form == channels.Buttons || r.Form == channels.List || r.Form == channels.Paged {
			require.NotNil(rt, last.Content, "it can be tapped")
			var types map[string]struct {
				Items   []struct{ ID string }
				Actions []struct{ ID string }
			}
			b, err := json.Marshal(last.Content.Types)
			require.NoError(rt, err)
			require.NoError(rt, json.Unmarshal(b, &types))
			shown := append(types["twilio/list-picker"].Items, types["twilio/quick-reply"].Actions...)
			require.Len(rt, shown, len(r.Shown))
			for i := range shown {
				require.Equal(rt, r.Shown[i].ID, shown[i].ID)
			}
		} else {
			require.Nil(rt, last.Content)
		}
	})
}

// plainSpaces makes all spaces one kind: in a long run one is sent that does not break.
func plainSpaces(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }
