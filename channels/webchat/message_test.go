package webchat

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func FuzzDecodeSaid(f *testing.F) {
	for _, s := range []string{
		`{"client":"a","text":"Мене звати Ївга"}`,
		`{"client":"a","text":"\u200fعائلة ٥"}`,
		`{"client":"a","text":"👩‍👩‍👧\u0000"}`,
		`{"client":"a","option":"sex:f","inReplyTo":"r"}`,
		`{"client":"a","location":{"lat":1,"lon":2,"accuracy":3}}`,
		`{"client":"a","photo":"x","text":"roof"}`,
		`{"client":"a","text":"\ud800"}`,
		"{\"client\":\"a\",\"text\":\"\xff\"}",
		`{"client":"a"}{}`, `[]`, `null`, ``,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		m, err := decodeSaid(body, 50)
		if err != nil {
			assert.IsType(t, &problem{}, err)
			assert.Equal(t, said{}, m)
			return
		}
		assert.NotEmpty(t, m.Client)
		for _, s := range []string{m.Text, m.Option, m.InReplyTo} {
			assert.True(t, utf8.ValidString(s))
			assert.NotContains(t, s, "\x00")
		}
		assert.LessOrEqual(t, utf8.RuneCountInString(m.Text), 50)
		if m.Location != nil {
			l := m.Location.location()
			assert.True(t, l.Lat >= -90 && l.Lat <= 90 && l.Lon >= -180 && l.Lon <= 180)
		}
	})
}

func FuzzToken(f *testing.F) {
	k := keyring{testKey}
	f.Add(k.token(k.begin(nil, testStart)))
	f.Add("")
	f.Add(strings.Repeat("A", 75))
	f.Fuzz(func(t *testing.T, token string) {
		if s, ok := k.session(token); ok {
			assert.Equal(t, token, k.token(s), "one token, one spelling")
		}
	})
}

func TestCleanKeepsWhatPeopleType(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		c := clean(s)
		if clean(c) != c {
			t.Fatalf("cleaning twice changes %q", c)
		}
		kept := func(r rune) bool { return !unicode.IsControl(r) && !unicode.IsSpace(r) }
		letters := func(s string) string {
			return strings.Map(func(r rune) rune {
				if kept(r) {
					return r
				}
				return -1
			}, s)
		}
		if letters(s) != letters(c) {
			t.Fatalf("%q lost letters: %q", s, c)
		}
	})
}
