package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
	r "github.com/hubkit/hubkit/registration"
)

type text = hubkit.Text

func three(en, uk, ru string) text { return text{"en": en, "uk": uk, "ru": ru} }

var (
	consent = r.Consent("consent", "1", three("May we keep your answers?", "Чи можемо ми зберігати ваші відповіді?", "Можем ли мы хранить ваши ответы?"))
	seeking = r.YesNo("seeking", three("Do you need cash support?", "Вам потрібна грошова допомога?", "Вам нужна денежная помощь?"))
	size    = r.Integer("size", three("How many people are you?", "Скільки вас?", "Сколько вас?")).Between(1, 25)
	age     = r.Integer("age", three("Age?", "Вік?", "Возраст?")).Between(0, 120)
	sex     = r.Choice("sex", three("Sex?", "Стать?", "Пол?"), r.Opt("f", three("Female", "Жінка", "Женский")), r.Opt("m", three("Male", "Чоловік", "Мужской")))
	members = r.Repeat("members", three("Person {n}", "Особа {n}", "Человек {n}"), age, sex).Times(size)
	form    = r.MustNew(r.Spec{
		ID: "test", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"},
		Parts: r.Parts(
			consent, r.StopUnless(consent.Given(), "no_consent", three("Then we keep nothing.", "Тоді ми нічого не зберігаємо.", "Тогда мы ничего не храним.")),
			seeking, r.StopUnless(seeking.Yes(), "not_seeking", three("Come back any time.", "Звертайтеся будь-коли.", "Обращайтесь в любое время.")),
			size, members, r.Summary(nil)),
	})
	menu = conversation.Menu{Ask: three("How can we help?", "Чим допомогти?", "Чем помочь?"), Items: []conversation.Item{
		{Key: "cash", Label: three("Cash", "Гроші", "Деньги"), Open: conversation.Ask{Form: form}},
		{Key: "cholera", Label: three("Cholera", "Холера", "Холера"), Open: conversation.Say(three("Boil water.", "Кип'ятіть воду.", "Кипятите воду."))},
		{Key: "housing", Label: three("Housing", "Житло", "Жильё"), Open: conversation.HandOff{Queue: "housing"}},
	}}
)

// page is a channel whose page pulls what is committed.
type page struct{}

func (page) Name() string { return "web" }
func (page) Limits() channels.Limits {
	return channels.Limits{Text: 4000, Pulled: true, Buttons: channels.Menu{Max: 10, Label: 100}, List: channels.Menu{Max: 100, Label: 100}}
}

func (page) Send(context.Context, channels.Rendered) (channels.Receipt, error) {
	return channels.Receipt{}, nil
}

func open(t testing.TB, dir string) *crm.Store {
	t.Helper()
	ctx := t.Context()
	b, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	require.NoError(t, err)
	s, err := crm.New(ctx, crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	return s
}

func newHub(t testing.TB, s *crm.Store, start conversation.Dialog) *conversation.Hub {
	t.Helper()
	return newHubAt(t, s, start, nil)
}

// newHubAt is newHub with a clock.
func newHubAt(t testing.TB, s *crm.Store, start conversation.Dialog, now func() time.Time) *conversation.Hub {
	t.Helper()
	ch, err := channels.New(page{}, channels.Config{})
	require.NoError(t, err)
	h, err := conversation.New(conversation.Config{
		Store: s, Channels: []*channels.Channel{ch}, Now: now, Logger: slog.New(slog.DiscardHandler),
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en", "uk", "ru"}, Start: start}},
	})
	require.NoError(t, err)
	return h
}

// someone is a simulated person on the page.
type someone struct {
	t    testing.TB
	h    *conversation.Hub
	s    *crm.Store
	id   string
	n    int
	seen int64
}

func (p *someone) send(e channels.Event) []channels.Message {
	p.t.Helper()
	p.n++
	e.ID, e.From, e.To = fmt.Sprintf("%s-%d", p.id, p.n), channels.Address{Channel: "web", ID: p.id}, channels.Address{Channel: "web"}
	_, err := p.h.Handle(p.t.Context(), e)
	require.NoError(p.t, err)
	return p.read()
}

func (p *someone) read() []channels.Message {
	es, err := p.s.Backlog("ua").After(p.t.Context(), channels.Address{Channel: "web", ID: p.id}, p.seen)
	require.NoError(p.t, err)
	var ms []channels.Message
	for _, e := range es {
		require.Greater(p.t, e.Seq, p.seen)
		p.seen = e.Seq
		ms = append(ms, e.Message)
	}
	return ms
}

// say types a text and returns the last message.
func (p *someone) say(text string) string {
	p.t.Helper()
	ms := p.send(channels.Event{Text: text})
	if len(ms) == 0 {
		return ""
	}
	var b strings.Builder
	for i, m := range ms {
		if i > 0 {
			b.WriteString(" | ")
		}
		if m.Heading != "" {
			b.WriteString(m.Heading + ": ")
		}
		b.WriteString(m.Text)
	}
	return b.String()
}

func TestRegistrationInUkrainian(t *testing.T) {
	s := open(t, t.TempDir())
	p := &someone{t: t, h: newHub(t, s, menu), s: s, id: "olena"}
	require.Contains(t, p.say("Привіт"), "Виберіть мову")
	require.Contains(t, p.say("українська"), "Чим допомогти?")
	require.Contains(t, p.say("1"), "Чи можемо")
	for _, turn := range [][2]string{
		{"Погоджуюся", "Вам потрібна"},
		{"так", "Скільки вас?"},
		{"два", "Особа 1: Вік?"},
		{"34", "Стать?"},
		{"назад", "Вік?"},
		{"35", "Стать?"},
		{"жінка", "Особа 2: Вік?"},
		{"мова", "Choose a language"},
		{"русский", "Возраст?"},
		{"70", "Пол?"},
		{"2", "Пожалуйста, проверьте"},
		{"статус", "не завершена"},
		{"отправить", "Спасибо"},
	} {
		require.Contains(t, p.say(turn[0]), turn[1], "after %q", turn[0])
	}
	var regs []crm.Registration
	for reg, err := range s.Registrations(t.Context(), crm.RegistrationQuery{Programme: "ua"}) {
		require.NoError(t, err)
		regs = append(regs, reg)
	}
	require.Len(t, regs, 1)
	require.Equal(t, crm.Submitted, regs[0].Status)
	require.JSONEq(t, `{"consent":{"consent":true,"version":"1"},"seeking":true,"size":2,"members":{"rows":[{"age":35,"sex":{"one":"f"}},{"age":70,"sex":{"one":"m"}}]}}`, string(regs[0].Answers))
	require.Contains(t, p.say("статус"), "Мы получили вашу заявку")
}

var english = r.MustNew(r.Spec{ID: "size", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(size)})
