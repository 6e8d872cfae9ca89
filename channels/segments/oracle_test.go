package segments

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// counted is what Twilio's own calculator says of a text.
type counted struct {
	Encoding string
	Segments int
	Bits     []int  // of each segment's text
	NonGSM   string // first sign outside GSM-7
	Smart    string // the text with its signs replaced, whether or not all fit
}

const calculate = `
const { SegmentedMessage } = require('sms-segments-calculator')
const map = require('sms-segments-calculator/dist/libs/SmartEncodingMap.js').default
const out = JSON.parse(require('fs').readFileSync(0, 'utf8')).map(s => {
  const m = new SegmentedMessage(s)
  return { Encoding: m.encodingName, Segments: m.segmentsCount, Bits: m.segments.map(x => x.messageSizeInBits()),
    NonGSM: m.getNonGsmCharacters()[0] || '', Smart: [...s].map(c => map[c] === undefined ? c : map[c]).join('') }
})
process.stdout.write(JSON.stringify(out))`

// Counts, sizes and encodings are those of Twilio's calculator (npm
// sms-segments-calculator), on texts of every script and every border.
func TestTwilioCountsTheSame(t *testing.T) {
	modules := os.Getenv("HUBKIT_TEST_NPM")
	if modules == "" {
		t.Skip("HUBKIT_TEST_NPM names no folder with the npm packages twilio, sms-segments-calculator and @twilio/cli-core")
	}
	texts := oracleTexts()
	want := twilioCounts(t, modules, texts)
	var several, wide int
	for i, s := range texts {
		w, got := want[i], Measure(s)
		if !assert.Equal(t, w.Encoding, got.Encoding.String(), "%q", s) || !assert.Equal(t, w.Segments, got.Segments, "%q", s) {
			continue
		}
		unit := 7
		if got.Encoding == UCS2 {
			unit, wide = 16, wide+1
		}
		var bits []int
		for _, p := range Parts(s) {
			bits = append(bits, p.Units*unit)
		}
		assert.Equal(t, w.Bits, bits, "%q", s)
		if got.Segments > 1 {
			several++
		}
		char, _, _ := Broken(s)
		assert.Equal(t, w.NonGSM, char, "%q", s)
		if smart, changed := Smart(s); changed {
			assert.Equal(t, w.Smart, smart, "%q", s)
		}
	}
	t.Logf("%d texts: %d of several segments, %d in UCS-2", len(texts), several, wide)
	require.Greater(t, several, 500)
	require.Greater(t, wide, 500)
}

// twilioCounts asks Twilio's calculator.
func twilioCounts(t *testing.T, modules string, texts []string) (want []counted) {
	t.Helper()
	in, err := json.Marshal(texts)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", "-e", calculate)
	cmd.Env = append(os.Environ(), "NODE_PATH="+filepath.Join(modules, "node_modules"))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	b, err := cmd.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &want))
	require.Len(t, want, len(texts))
	return want
}

// An emoji that is newer than the calculator's tables is several characters there: a text
// of such may take more segments here, and never fewer.
func TestNewEmojiCountMoreAndNeverLess(t *testing.T) {
	modules := os.Getenv("HUBKIT_TEST_NPM")
	if modules == "" {
		t.Skip("HUBKIT_TEST_NPM names no folder with the npm packages twilio, sms-segments-calculator and @twilio/cli-core")
	}
	var texts []string
	for _, sign := range []string{"🧑\u200d🤝\u200d🧑", "🫱🏻\u200d🫲🏿", "🐈\u200d⬛", "👩\u200d❤️\u200d👨", "🧑\u200d⚕️", "👩🏽\u200d🚀", "🏳️\u200d🌈", "❤️\u200d🔥", "😮\u200d💨", "🪿", "🫨", "🏽"} {
		for n := 1; n < 80; n++ {
			texts = append(texts, strings.Repeat(sign, n), strings.Repeat("я", n)+strings.Repeat(sign, 3)+strings.Repeat("я", 70))
		}
	}
	more := 0
	for i, w := range twilioCounts(t, modules, texts) {
		got := Measure(texts[i])
		assert.Equal(t, w.Encoding, got.Encoding.String(), "%q", texts[i])
		assert.GreaterOrEqual(t, got.Segments, w.Segments, "%q", texts[i])
		if got.Segments > w.Segments {
			more++
		}
	}
	t.Logf("%d of %d texts count more", more, len(texts))
	require.Less(t, more, len(texts)/20)
}

// oracleTexts are texts of each alphabet at every length around every border, and
// mixtures, always the same.
func oracleTexts() (out []string) {
	signs := []string{"a", "é", "]", "€", "я", "ї", "م", "كِ", "👋", "👋🏽", "👨‍👩‍👧‍👦", "🇺🇦", "\r\n", "\n", "`", "ñ", "中", "e\u0301", "“", "\u00a0"}
	for _, s := range signs {
		n := len([]rune(s))
		for _, border := range []int{1, 35, 66, 67, 68, 70, 71, 133, 134, 135, 153, 159, 160, 161, 306, 307, 459, 460} {
			out = append(out, strings.Repeat(s, max(border/n, 1)))
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, filler := range []string{"a", "я", "م"} {
		for at := range 75 { // a wide sign across each place of the first border
			out = append(out, strings.Repeat(filler, at)+signs[8+r.IntN(4)]+strings.Repeat(filler, 75))
		}
	}
	for at := 148; at < 165; at++ {
		out = append(out, strings.Repeat("a", at)+"€"+strings.Repeat("a", 160))
	}
	for range 1200 {
		var b strings.Builder
		from := signs[:4+r.IntN(len(signs)-3)]
		for range r.IntN(200) {
			if r.IntN(3) > 0 {
				b.WriteString(from[r.IntN(4)])
			} else {
				b.WriteString(from[r.IntN(len(from))])
			}
		}
		out = append(out, b.String())
	}
	for range 300 {
		var b strings.Builder
		for range r.IntN(100) {
			if row := smart[r.IntN(len(smart))]; r.IntN(2) == 0 {
				signs := []rune(row.signs)
				b.WriteRune(signs[r.IntN(len(signs))])
			} else {
				b.WriteString("word ")
			}
		}
		out = append(out, b.String())
	}
	return out
}
