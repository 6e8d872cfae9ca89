package talk_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/examples/internal/talk"
	"github.com/hubkit/hubkit/registration"
)

type text = hubkit.Text

var form = registration.MustNew(registration.Spec{
	ID: "talk", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"},
	Parts: registration.Parts(
		registration.Language("language", text{"en": "Language?", "uk": "Мова?", "ru": "Язык?"}),
		registration.Section(text{"en": "You", "uk": "Ви", "ru": "Вы"},
			registration.Hint(text{"en": "Roughly.", "uk": "Приблизно.", "ru": "Примерно."},
				registration.OrUnknown(registration.Integer("age", text{"en": "Age?", "uk": "Вік?", "ru": "Возраст?"}).Between(0, 120)))),
		registration.Date("since", text{"en": "Since?", "uk": "Відколи?", "ru": "С каких пор?"}).InPast(),
		registration.Choices("needs", text{"en": "Needs?", "uk": "Потреби?", "ru": "Нужды?"},
			registration.Opt("food", text{"en": "Food", "uk": "Їжа", "ru": "Еда"}).Shorter(text{"en": "F", "uk": "Ї", "ru": "Е"}),
			registration.Opt("rent", text{"en": "Rent", "uk": "Оренда", "ru": "Аренда"})),
	),
})

var person = channels.Address{Channel: "test", ID: "person"}

// say hands on what a person wrote and returns the texts of the replies.
func say(t require.TestingT, h channels.Handler, written string) ([]string, error) {
	return send(t, h, channels.Event{Kind: channels.Said, Text: written})
}

func send(t require.TestingT, h channels.Handler, e channels.Event) ([]string, error) {
	e.From, e.To, e.At = person, channels.Address{Channel: "test", ID: "hub"}, time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	out, err := h.Handle(context.Background(), e)
	var said []string
	for _, m := range out {
		require.Equal(t, person, m.To)
		require.Equal(t, "hub", m.From)
		require.NotEmpty(t, m.Text)
		said = append(said, m.Text)
	}
	return said, err
}

func TestTalk(t *testing.T) {
	h := talk.New(form, func(iv *registration.Interview) string { return "outcome " + iv.Outcome() })
	for _, c := range []struct {
		written string
		want    []string
	}{
		{"", []string{"Please choose one of the answers.", "Language?\nМова?\nЯзык?"}},
		{"back", []string{"This is the first question.", "Language?\nМова?\nЯзык?"}},
		{"change", []string{"There is no answer to change yet.", "Language?\nМова?\nЯзык?"}},
		{"language", []string{"There is no answer to change yet.", "Language?\nМова?\nЯзык?"}},
		{"2", []string{"Ви", "Вік?\nПриблизно."}},
		{"стара", []string{"Будь ласка, напишіть ціле число цифрами, наприклад 4.", "Вік?\nПриблизно."}},
		{"Мова", []string{"Language?\nМова?\nЯзык?"}},
		{"русский", []string{"Вы", "Возраст?\nПримерно."}},
		{"МОВА!", []string{"Language?\nМова?\nЯзык?"}},
		{"українська", []string{"Ви", "Вік?\nПриблизно."}},
		{"40", []string{"Відколи?"}},
		{"назад", []string{"Вік?\nПриблизно."}},
		{"не знаю", []string{"Відколи?"}},
		{"2 дні тому", []string{"Потреби?"}},
		{"змінити", []string{"Яку відповідь ви хочете змінити?"}},
		{"1", []string{"Вік?\nПриблизно."}},
		{"41", []string{"Потреби?"}},
		{"1 2", []string{"Дякуємо. Ваші відповіді записано.", "outcome complete"}},
	} {
		said, err := say(t, h, c.written)
		if c.written == "1 2" {
			require.ErrorIs(t, err, console.ErrOver)
		} else {
			require.NoError(t, err)
		}
		require.Equal(t, c.want, said, "%q", c.written)
	}
}

func TestHelpKeepsTheQuestion(t *testing.T) {
	for l, word := range map[hubkit.Lang]string{"en": "Help", "uk": "Допомога", "ru": "помощь."} {
		h := talk.New(form, nil)
		_, err := send(t, h, channels.Event{Kind: channels.Said, Option: "language:" + string(l)})
		require.NoError(t, err)
		said, err := say(t, h, word)
		require.NoError(t, err)
		require.Len(t, said, 2, l)
		assert.Contains(t, said[0], map[hubkit.Lang]string{"en": "back - ", "uk": "назад — ", "ru": "назад — "}[l])
	}
}

func TestEventsThatSayNothing(t *testing.T) {
	h := talk.New(form, nil)
	for _, kind := range []channels.EventKind{channels.Stopped, channels.News, channels.Ended} {
		said, err := send(t, h, channels.Event{Kind: kind})
		require.NoError(t, err)
		assert.Empty(t, said)
	}
	said, err := send(t, h, channels.Event{Kind: channels.Started})
	require.NoError(t, err)
	assert.Len(t, said, 1)
}

func TestMessage(t *testing.T) {
	m := talk.Message(registration.Prompt{
		Lang: "uk", Heading: "Людина 1", Text: "Вік?", Hint: "Приблизно.", Several: true, Open: true, Spoken: "s", Recording: "r",
		Options: []registration.PromptOption{{ID: "age:_unknown", Say: "Не знаю", Short: "?"}},
	})
	assert.Equal(t, channels.Message{
		Lang: "uk", Heading: "Людина 1", Text: "Вік?\nПриблизно.", Several: true, Open: true, Spoken: "s", Recording: "r",
		Options: []channels.Option{{ID: "age:_unknown", Label: "Не знаю", Short: "?"}},
	}, m)
}

// Whatever is written, there is an answer to it, and no panic.
func TestWhateverIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := talk.New(form, nil)
		for range rapid.IntRange(1, 15).Draw(t, "turns") {
			written := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"back", "назад", "change", "змінити", "1", "2", "мова", "help", "\u200fنعم", "👍🏽"})).Draw(t, "written")
			said, err := say(t, h, written)
			require.NotEmpty(t, said)
			if err != nil {
				require.ErrorIs(t, err, console.ErrOver)
				return
			}
		}
	})
}
