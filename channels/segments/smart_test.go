package segments

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSmart(t *testing.T) {
	for _, c := range []struct {
		s, want string
		changed bool
	}{
		{"plain", "plain", false},
		{"“Yes” – it’s…", `"Yes" - it's...`, true},
		{"a\u00a0b\tc", "a  b       c", true},
		{"½ kg", "1/2 kg", true},
		{"“Так”", "“Так”", false},
		{"№ 5 “x”", "№ 5 “x”", false},
		{"zero\u200bwidth", "zerowidth", true},
		{"", "", false},
	} {
		got, changed := Smart(c.s)
		assert.Equal(t, c.want, got, "%q", c.s)
		assert.Equal(t, c.changed, changed, "%q", c.s)
	}
	require.Len(t, smartly, 271, "as published")
}

func TestBroken(t *testing.T) {
	char, at, ok := Broken("Sí, señor")
	assert.Equal(t, "í", char)
	assert.Equal(t, 1, at)
	assert.True(t, ok)
	_, _, ok = Broken("Señor €5")
	assert.False(t, ok)
	char, _, _ = Broken("ok 👨‍👩‍👧")
	assert.Equal(t, "👨‍👩‍👧", char, "a whole character, as a reader sees it")
}

func TestPartsAreWhatWasMeasured(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(text(t), "?")
		size, units := Measure(s), 0
		parts := Parts(s)
		var joined strings.Builder
		for _, p := range parts {
			units += p.Units
			joined.WriteString(p.Text)
		}
		require.Equal(t, s, joined.String())
		require.Equal(t, size.Units, units)
		require.LessOrEqual(t, len(parts), size.Segments, "a character larger than a segment takes several")
	})
}

func TestEstimate(t *testing.T) {
	p := Prices{Currency: "USD", Segment: map[string]string{"+380": "0.0455", "+38050": "0.05", "+256": "0.03"}}
	for _, c := range []struct{ to, s, want string }{
		{"+380671234567", strings.Repeat("я", 70), "0.0455"},
		{"+380671234567", strings.Repeat("я", 71), "0.091"},
		{"+380501234567", "Hi", "0.05"},
		{"+256700000001", strings.Repeat("a", 500), "0.12"},
	} {
		got, err := p.Estimate(c.to, c.s)
		require.NoError(t, err)
		assert.Equal(t, c.want, got.String())
	}
	_, err := p.Estimate("+15550100", "Hi")
	require.ErrorIs(t, err, ErrNoPrice)
	for _, bad := range []string{"", ".5", "1,5", "-1", "0.0000001", "x", "1e3"} {
		_, err := Prices{Segment: map[string]string{"": bad}}.Estimate("+1", "Hi")
		require.ErrorIs(t, err, ErrPrice, "%q", bad)
	}
	assert.Equal(t, "-0.5", Money(-500000).String())
	assert.Equal(t, "12", Money(12e6).String())
}
