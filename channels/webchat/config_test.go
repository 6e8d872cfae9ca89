package webchat

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

func TestNewNamesEveryMistakeAtOnce(t *testing.T) {
	_, err := New(Config{
		Keys:      [][]byte{[]byte("short")},
		Origins:   []string{"https://ok.example", "example.org", "https://example.org/path", "ftp://example.org"},
		Languages: []hubkit.Lang{},
		MaxText:   -1,
		Heartbeat: -time.Second, MaxPhoto: 1000, PhotosPerHour: 999,
	})
	require.Error(t, err)
	for _, part := range []string{
		"Backlog is missing", "Keys[0] has 5 bytes", `"example.org"`, `"https://example.org/path"`, `"ftp://example.org"`,
		"Languages is empty", "MaxText is negative", "Heartbeat is negative", "PhotosPerHour is less than MaxPhoto",
	} {
		assert.ErrorContains(t, err, part)
	}
	assert.NotContains(t, err.Error(), "ok.example")

	_, err = New(Config{})
	assert.ErrorContains(t, err, "Keys is empty")
}

func TestNewNamesMissingWords(t *testing.T) {
	_, err := New(Config{
		Backlog: newMemory(nil), Keys: [][]byte{testKey}, Languages: []hubkit.Lang{"en", "so"},
		Words: map[string]hubkit.Text{"send": {"so": "Dir"}, "sned": {"so": "Dir"}},
	})
	require.Error(t, err)
	assert.ErrorContains(t, err, "Words: photo")
	assert.ErrorContains(t, err, `"sned" is no word of the page`)
	assert.NotContains(t, err.Error(), "Words: send:")
}

func TestTitleChoosesTheLanguages(t *testing.T) {
	d := newTest(t, newMemory(nil), func(c *Config) {
		c.Title = hubkit.Text{"ru": "Помощь", "uk": "Допомога", "en": "Help"}
	})
	assert.Equal(t, []hubkit.Lang{"en", "uk", "ru"}, d.cfg.Languages)
	for e := range d.Texts() {
		if e.ID == "webchat/title" {
			assert.Equal(t, "Допомога", e.Text["uk"])
		}
	}
}

func TestTextsAreCompleteInEveryLanguage(t *testing.T) {
	n := 0
	for e := range newTest(t, newMemory(nil), nil).Texts() {
		n++
		assert.NotEmpty(t, e.Context, e.ID)
		assert.Len(t, e.Text, len(spoken), e.ID)
		for _, l := range spoken {
			assert.NotEmpty(t, e.Text[l], "%s in %s", e.ID, l)
		}
	}
	assert.Equal(t, len(words()), n)
}

func TestChoose(t *testing.T) {
	have := []hubkit.Lang{"en", "uk", "ru", "fa-AF"}
	for wanted, want := range map[string]hubkit.Lang{
		"":                                 "en",
		"uk-UA,uk;q=0.9,en;q=0.8":          "uk",
		"de, fr;q=0.9, ru;q=0.5":           "ru",
		"en;q=0.1, UK;q=0.9":               "uk",
		"fa":                               "fa-AF",
		"uk;q=0,ru":                        "ru",
		"*":                                "en",
		";;;,,=q;q=x,\x00":                 "en",
		"de,de,de,de,de,de,de,de,de,de,ru": "ru",
	} {
		assert.Equal(t, want, choose(have, wanted), wanted)
	}
	assert.Equal(t, "rtl", direction("fa-AF"))
	assert.Equal(t, "ltr", direction("uk"))
}

func TestDriver(t *testing.T) {
	now := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	d := newTest(t, newMemory(nil), func(c *Config) { c.Now = func() time.Time { return now } })
	assert.Implements(t, (*channels.Server)(nil), d)
	assert.Equal(t, "web", d.Name())
	l := d.Limits()
	assert.Zero(t, l.Window)
	assert.Positive(t, l.Buttons.Max)
	assert.Greater(t, l.List.Max, l.Buttons.Max)
	assert.True(t, l.Several)
	got, err := d.Send(t.Context(), channels.Rendered{Message: channels.Message{Ref: "r1"}})
	require.NoError(t, err)
	assert.Equal(t, channels.Receipt{ID: "r1", At: now}, got)
}

func TestPace(t *testing.T) {
	p := newPace(60, time.Minute)
	now := time.Unix(1000, 0)
	for range 60 {
		require.Zero(t, p.take("a", now))
	}
	assert.Equal(t, time.Second, p.take("a", now))
	assert.Equal(t, time.Second, p.take("a", now), "a refusal costs nothing")
	assert.Zero(t, p.take("b", now), "another key has its own pace")
	assert.Zero(t, p.take("a", now.Add(time.Second)))
	assert.NotZero(t, p.take("a", now.Add(time.Second)))

	assert.Zero(t, p.takeSome("c", 60, now), "all at once")
	assert.Equal(t, 20*time.Second, p.takeSome("c", 20, now))
	p.giveBack("c", 15)
	assert.Equal(t, 5*time.Second, p.takeSome("c", 20, now))
	assert.Zero(t, p.takeSome("c", 15, now))
	p.giveBack("nobody", 15)
	assert.NotContains(t, p.due, "nobody")

	later := now.Add(time.Hour)
	for i := range 100_000 {
		p.take(string(rune(i)), later.Add(time.Duration(i)*time.Second))
	}
	assert.Less(t, len(p.due), 2048, "keys that have rested are forgotten")
}
