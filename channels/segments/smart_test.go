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
		require.Len(t, parts, size.Segments)
		for _, p := range parts {
			require.LessOrEqual(t, p.Units, map[bool]int{true: 160, false: 70}[size.Encoding == GSM7])
			if len(parts) > 1 {
				require.LessOrEqual(t, p.Units, map[bool]int{true: 153, false: 67}[size.Encoding == GSM7])
			}
		}
	})
}

// The sizes are those of 3GPP TS 23.038: 153 septets or 67 units beside a header.
func TestParts(t *testing.T) {
	for _, c := range []struct {
		name, s string
		want    []Part
	}{
		{"empty", "", []Part{{"", 0}}},
		{"one", "Hi €", []Part{{"Hi €", 5}}},
		{
			"a sign of two septets is not divided",
			strings.Repeat("a", 152) + "€" + strings.Repeat("b", 10),
			[]Part{{strings.Repeat("a", 152), 152}, {"€" + strings.Repeat("b", 10), 12}},
		},
		{
			"signs of two septets leave one over",
			strings.Repeat("]", 81),
			[]Part{{strings.Repeat("]", 76), 152}, {strings.Repeat("]", 5), 10}},
		},
		{
			"a carriage return and a line feed are two signs",
			strings.Repeat("a", 152) + "\r\n" + strings.Repeat("b", 10),
			[]Part{{strings.Repeat("a", 152) + "\r", 153}, {"\n" + strings.Repeat("b", 10), 11}},
		},
		{
			"an emoji is not divided",
			strings.Repeat("я", 66) + "👋" + strings.Repeat("ї", 5),
			[]Part{{strings.Repeat("я", 66), 66}, {"👋" + strings.Repeat("ї", 5), 7}},
		},
		{
			"a character larger than a segment is",
			"a" + strings.Repeat("\u0301", 80),
			[]Part{{"a" + strings.Repeat("\u0301", 66), 67}, {strings.Repeat("\u0301", 14), 14}},
		},
	} {
		assert.Equal(t, c.want, Parts(c.s), c.name)
	}
}

func TestSmartIsAlwaysPlain(t *testing.T) {
	for r, by := range smartly {
		require.Equal(t, GSM7, Measure(by).Encoding, "%q", by)
		s := "a" + string(r) + "b"
		if got, changed := Smart(s); changed {
			require.Equal(t, "a"+by+"b", got)
		} else {
			require.Equal(t, GSM7, Measure(s).Encoding, "%q", s)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.ToValidUTF8(text(t), "?")
		got, changed := Smart(s)
		require.Equal(t, changed, got != s)
		if changed {
			require.Equal(t, GSM7, Measure(got).Encoding)
		}
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
	for _, bad := range []string{"", ".5", "1,5", "1.", "-1", "0.0000001", "x", "1e3"} {
		_, err := Prices{Segment: map[string]string{"": bad}}.Estimate("+1", "Hi")
		require.ErrorIs(t, err, ErrPrice, "%q", bad)
	}
	dear := Prices{Segment: map[string]string{"": "999999999.999999"}}
	most, err := dear.Estimate("+1", strings.Repeat("a", 153*9223))
	require.NoError(t, err)
	assert.Equal(t, "9222999999999.990777", most.String())
	_, err = dear.Estimate("+1", strings.Repeat("a", 153*9224))
	require.ErrorIs(t, err, ErrPrice, "more than an amount can hold is no negative one")
	assert.Equal(t, "-0.5", Money(-500000).String())
	assert.Equal(t, "12", Money(12e6).String())
}
