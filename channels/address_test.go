package channels

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestAddressPrintsRedacted(t *testing.T) {
	for _, c := range []struct{ channel, id, want string }{
		{"whatsapp", "+380501234567", "whatsapp:…67"},
		{"sms", "88888888", "sms:…"},
		{"viber", "01234567890A=", "viber:…"},
		{"web", "Олена1234", "web:…34"},
		{"sms", "", "sms:"},
		{"", "", ""},
	} {
		assert.Equal(t, c.want, Address{c.channel, c.id}.String())
	}
}

func TestAddressStaysPersonalHoweverItIsPrinted(t *testing.T) {
	const id = "+380501234567"
	a := Address{"whatsapp", id}
	type holder struct {
		A  Address
		P  *Address
		L  []Address
		M  map[Address]int
		In any
	}
	h := holder{a, &a, []Address{a}, map[Address]int{a: 1}, a}
	for _, v := range []any{a, &a, h, Message{To: a}, Event{From: a}, Rendered{Message: Message{To: a}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%08.3f"} {
			assert.NotContains(t, fmt.Sprintf(verb, v), "0501234", "%s of %T", verb, v)
		}
		_, err := json.Marshal(v)
		require.ErrorIs(t, err, ErrRevealed, "%T", v)
		for _, handler := range []func(*bytes.Buffer) slog.Handler{
			func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
			func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
		} {
			var b bytes.Buffer
			slog.New(handler(&b)).Info("x", "v", v)
			assert.NotContains(t, b.String(), "0501234", "log of %T", v)
		}
	}
	_, err := json.Marshal(h.M)
	require.ErrorContains(t, err, ErrRevealed.Error())
	type element struct{ A Address }
	_, err = xml.Marshal(element{a})
	require.ErrorIs(t, err, ErrRevealed)
}

func TestMessageAndEventLogWithoutWords(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&b, nil))
	log.Info("x", "m", Message{Ref: "r1", Text: "canary", To: Address{"sms", "canary7"}}, "e", Event{ID: "e1", Text: "canary"})
	assert.NotContains(t, b.String(), "canary")
	assert.Contains(t, b.String(), "r1")
	assert.Contains(t, b.String(), "e1")
}

// What a person wrote, or is told, is in no log, whatever holds it.
func TestWordsStayPersonalHoweverTheyArePrinted(t *testing.T) {
	e := Event{ID: "e1", Text: "canary", Campaign: "canary", Media: []Media{{Name: "canary"}}, Location: &Location{Label: "canary"}}
	m := Message{Ref: "r1", Heading: "canary", Text: "canary", Spoken: "canary", Options: []Option{{ID: "a", Label: "canary"}}}
	r := Rendered{Message: m, Form: Buttons, Parts: []string{"canary", "canary"}, Shown: m.Options}
	l := Listed{Status: Status{Ref: "r1", ID: "l1"}, Text: "canary"}
	entry := Entry{Seq: 1, Message: m}
	for _, v := range []any{e, &e, m, &m, r, &r, l, &l, entry, &entry} {
		for _, held := range []any{v, []any{v}, map[string]any{"v": v}, struct{ V any }{v}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
				out := fmt.Sprintf(verb, held)
				assert.NotContains(t, out, "canary", "%s of %T in %T", verb, v, held)
				assert.NotContains(t, out, "63616e617279", "%s of %T in %T", verb, v, held)
			}
			for _, handler := range []func(*bytes.Buffer) slog.Handler{
				func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
				func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
			} {
				var b bytes.Buffer
				slog.New(handler(&b)).Info("x", "v", held)
				assert.NotContains(t, b.String(), "canary", "log of %T in %T", v, held)
			}
		}
	}
	assert.Equal(t, "channels.Event[id=e1 kind=said channel=]", fmt.Sprint(e))
	assert.Equal(t, "channels.Message[ref=r1 channel= lang= class=reply]", fmt.Sprintf("%+v", m))
	assert.Equal(t, "channels.Rendered[ref=r1 channel= lang= class=reply form=buttons parts=2]", fmt.Sprintf("%#v", r))
	assert.Equal(t, "channels.Listed[ref=r1 id=l1 stage=0]", fmt.Sprint(l))
}

func TestRevealIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Address{rapid.StringMatching(`[a-z0-9_-]{1,12}`).Draw(t, "channel"), rapid.StringMatching(`[^…].{0,40}`).Draw(t, "id")}
		got, err := ParseAddress(a.Reveal())
		require.NoError(t, err)
		require.True(t, got == a)
	})
	m := Message{
		Ref: "r", To: Address{"whatsapp", "+380501234567"}, Lang: "uk", Text: "Так?", Page: 2, Part: 1,
		Options: []Option{{ID: "a:b", Label: "Так"}}, Template: &Template{Name: "t", Vars: map[string]string{"1": "x"}},
	}
	b, err := m.Reveal()
	require.NoError(t, err)
	got, err := RevealedMessage(b)
	require.NoError(t, err)
	assert.Equal(t, m, got)

	e := Event{ID: "e", From: m.To, To: Address{"whatsapp", "+15550100"}, Text: "так", Location: &Location{Lat: 50}, Status: &Status{Stage: Read}}
	b, err = e.Reveal()
	require.NoError(t, err)
	back, err := RevealedEvent(b)
	require.NoError(t, err)
	assert.Equal(t, e, back)
}

func TestParseAddressRefuses(t *testing.T) {
	for _, s := range []string{"whatsapp", "whatsapp:", ":x", "Whats App:1", "whatsapp:…67", "sms:…"} {
		_, err := ParseAddress(s)
		require.Error(t, err, s)
		assert.NotContains(t, err.Error(), "67")
	}
	a, err := ParseAddress("viber:a:b==")
	require.NoError(t, err)
	assert.True(t, a == Address{"viber", "a:b=="})
	assert.NoError(t, json.Unmarshal([]byte(`"sms:+15550100"`), &a))
	assert.True(t, a == Address{"sms", "+15550100"})
}
