package conversation

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSessionRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := session{
			phase: phase(rapid.IntRange(0, 2).Draw(t, "phase")), stopped: rapid.Bool().Draw(t, "stopped"), warned: rapid.Bool().Draw(t, "warned"), blocked: rapid.Bool().Draw(t, "blocked"),
			at: rapid.String().Draw(t, "at"), asking: rapid.String().Draw(t, "asking"), reg: rapid.String().Draw(t, "reg"), ticket: rapid.String().Draw(t, "ticket"),
			tokens: rapid.Uint64().Draw(t, "tokens"), tokenAt: rapid.Int64().Draw(t, "tokenAt"), talk: rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(t, "talk"),
		}
		for range rapid.IntRange(0, 20).Draw(t, "spots") {
			s.asked(rapid.String().Draw(t, "ref"), rapid.String().Draw(t, "key"), rapid.IntRange(-1, 30).Draw(t, "row"))
		}
		s.kept = rapid.Bool().Draw(t, "kept")
		for range rapid.IntRange(0, mostParked).Draw(t, "parked") {
			s.parked = append(s.parked, park{rapid.String().Draw(t, "asking"), rapid.String().Draw(t, "reg"), rapid.Bool().Draw(t, "kept"), rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "talk")})
		}
		if rapid.Bool().Draw(t, "later") {
			s.later = later{rapid.String().Draw(t, "asking"), rapid.StringN(1, 20, 40).Draw(t, "reg"), rapid.SliceOfN(rapid.Byte(), 1, 50).Draw(t, "talk")}
		}
		if rapid.Bool().Draw(t, "link") {
			s.link = rapid.StringN(1, 20, 40).Draw(t, "link")
		}
		got, err := readSession(s.append(nil))
		require.NoError(t, err)
		require.Equal(t, s, got)
	})
}

func TestSessionRefusesDamage(t *testing.T) {
	s := session{at: "start", talk: []byte("state")}
	b := s.append(nil)
	for i := range b {
		for bit := range 8 {
			c := append([]byte(nil), b...)
			c[i] ^= 1 << bit
			_, err := readSession(c)
			require.ErrorIs(t, err, errSession, "byte %d, bit %d", i, bit)
		}
		_, err := readSession(b[:i])
		if i > 0 {
			require.ErrorIs(t, err, errSession, "cut at %d", i)
		}
	}
}

func FuzzSession(f *testing.F) {
	s := session{at: "start/cash", talk: []byte{1, 2, 3}, spots: []spot{{"r", "k", -1}}}
	f.Add(s.append(nil))
	f.Add([]byte{sessionVersion, 0xff, 0, 0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := readSession(b)
		if err != nil || len(b) == 0 {
			return
		}
		require.NotPanics(t, func() { s.append(nil) })
	})
}

func TestCommandsInEveryLanguage(t *testing.T) {
	for text, want := range map[string]command{
		"STOP": cmdStop, "стоп": cmdStop, "Стоп!": cmdStop, "توقف": cmdStop, "arrêt": cmdStop,
		"допомога": cmdHelp, "Мова": cmdLanguage, "ЯЗЫК": cmdLanguage, "لغة": cmdLanguage, "назад": cmdBack, "/start": cmdStart,
		"змінити": cmdChange, "оператор": cmdAgent, "Статус": cmdStatus, "menu": cmdMenu, "спочатку": cmdRestart,
		"stop asking me": noCommand, "1": noCommand, "": noCommand, "так": noCommand,
	} {
		require.Equal(t, want, commandOf(text), "%q", text)
	}
}

func TestNoWordHasTwoMeanings(t *testing.T) {
	seen := map[string]command{}
	for lang, by := range commandWords {
		for c, ws := range by {
			for _, w := range ws {
				if other, ok := seen[w]; ok {
					require.Equal(t, other, c, "%q (%s)", w, lang)
				}
				seen[w] = c
				require.Equal(t, c, commandOf(w), "%q (%s)", w, lang)
			}
		}
	}
}
