package segments

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCount(t *testing.T) {
	for _, c := range []struct {
		s                       string
		graphemes, runes, utf16 int
	}{
		{"", 0, 0, 0},
		{"Привіт", 6, 6, 6},
		{"👨‍👩‍👧‍👦", 1, 7, 11},
		{"👋🏽", 1, 2, 4},
		{"🇺🇦🇵🇱", 2, 4, 8},
		{"e\u0301té", 3, 4, 4},
		{"كِتَاب", 4, 6, 6},
		{"a\r\nb", 3, 4, 4},
		{"①‼️", 2, 3, 3},
	} {
		assert.Equal(t, c.graphemes, Graphemes.Count(c.s), "graphemes of %q", c.s)
		assert.Equal(t, c.runes, Runes.Count(c.s), "runes of %q", c.s)
		assert.Equal(t, c.utf16, UTF16.Count(c.s), "UTF-16 of %q", c.s)
		assert.Equal(t, len(c.s), Bytes.Count(c.s), "bytes of %q", c.s)
	}
}

// The figures are those of 3GPP TS 23.038 and of Twilio's published calculator.
func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		name, s string
		want    SMSSize
	}{
		{"empty", "", SMSSize{GSM7, 0, 1}},
		{"160 letters fit", strings.Repeat("a", 160), SMSSize{GSM7, 160, 1}},
		{"161 need two", strings.Repeat("a", 161), SMSSize{GSM7, 161, 2}},
		{"306 fit in two", strings.Repeat("a", 306), SMSSize{GSM7, 306, 2}},
		{"307 need three", strings.Repeat("a", 307), SMSSize{GSM7, 307, 3}},
		{"80 brackets fit", strings.Repeat("]", 80), SMSSize{GSM7, 160, 1}},
		{"153 brackets waste a septet in each segment", strings.Repeat("]", 153), SMSSize{GSM7, 306, 3}},
		{"70 Cyrillic letters", strings.Repeat("я", 70), SMSSize{UCS2, 70, 1}},
		{"71 Cyrillic letters", strings.Repeat("я", 71), SMSSize{UCS2, 71, 2}},
		{"134 Cyrillic letters", strings.Repeat("я", 134), SMSSize{UCS2, 134, 2}},
		{"135 Cyrillic letters", strings.Repeat("я", 135), SMSSize{UCS2, 135, 3}},
		{"one accent outside the alphabet", "S\u00ed", SMSSize{UCS2, 2, 1}},
		{"one accent inside the alphabet", "Señor é", SMSSize{GSM7, 7, 1}},
		{"a combining accent", "e\u0301", SMSSize{UCS2, 2, 1}},
		{"a line break of two signs", "a\r\nb", SMSSize{GSM7, 4, 1}},
		{"backtick", "`", SMSSize{UCS2, 1, 1}},
		{"an emoji is kept whole over the edge", strings.Repeat("я", 66) + "👋" + strings.Repeat("я", 66), SMSSize{UCS2, 134, 3}},
		{"a letter under more marks than a segment holds", "a" + strings.Repeat("\u0301", 80), SMSSize{UCS2, 81, 2}},
		{"it begins where there is room", strings.Repeat("я", 66) + "a" + strings.Repeat("\u0301", 67), SMSSize{UCS2, 134, 2}},
		{"its code points stay whole", strings.Repeat("👨\u200d", 44) + "👨", SMSSize{UCS2, 134, 3}},
		{"text turning wide late", strings.Repeat("a", 159) + "ї", SMSSize{UCS2, 160, 3}},
	} {
		assert.Equal(t, c.want, Measure(c.s), c.name)
	}
}

// A character of a whole segment is kept whole, and one of a unit more is divided.
func TestCharactersAsLargeAsASegment(t *testing.T) {
	letter := func(units int) string { return "a" + strings.Repeat("\u0301", units-1) }
	for _, c := range []struct {
		name string
		s    string
		want []int // units of each segment
	}{
		{"67 in the middle", strings.Repeat("я", 10) + letter(67) + strings.Repeat("я", 57), []int{10, 67, 57}},
		{"68 in the middle", strings.Repeat("я", 10) + letter(68) + strings.Repeat("я", 56), []int{67, 67}},
		{"67 twice", letter(67) + letter(67), []int{67, 67}},
		{"68 twice", letter(68) + letter(68), []int{67, 67, 2}},
		{"70 alone", letter(70), []int{70}},
		{"71 alone", letter(71), []int{67, 4}},
		{"of wide code points", "яяя" + strings.Repeat("👨\u200d", 23) + "👨", []int{66, 8}},
	} {
		size := Measure(c.s)
		units := 0
		var got []int
		for _, p := range Parts(c.s) {
			got, units = append(got, p.Units), units+p.Units
		}
		assert.Equal(t, c.want, got, c.name)
		assert.Equal(t, SMSSize{UCS2, units, len(c.want)}, size, c.name)
		assert.True(t, SMS.Fits(c.s, len(c.want)), c.name)
		assert.False(t, len(c.want) > 1 && SMS.Fits(c.s, len(c.want)-1), c.name)
	}
}

// Few bytes fit for certain only where they are few in the wider alphabet too.
func TestFitsCountsWhatBytesDoNotTell(t *testing.T) {
	for s, want := range map[string]bool{
		strings.Repeat("a", 70):        true,
		strings.Repeat("a", 160):       true,
		strings.Repeat("a", 161):       false,
		"ї" + strings.Repeat("a", 69):  true,
		"ї" + strings.Repeat("a", 70):  false, // 72 bytes
		strings.Repeat("я", 70):        true,
		strings.Repeat("я", 71):        false,
		strings.Repeat("я", 79) + "aa": false, // 160 bytes
		"é" + strings.Repeat("a", 159): true,
		strings.Repeat("]", 80):        true,
		strings.Repeat("]", 80) + "a":  false,
	} {
		assert.Equal(t, want, SMS.Fits(s, 1), "%q", s)
	}
}

func TestSplitPrefersPlacesWhereAReaderRests(t *testing.T) {
	for _, c := range []struct {
		name  string
		s     string
		limit int
		want  []string
	}{
		{"fits", "Добрий день", 11, []string{"Добрий день"}},
		{"no limit", "Добрий день", 0, []string{"Добрий день"}},
		{"paragraph", "Перший абзац.\n\nДругий. Третій", 22, []string{"Перший абзац.", "Другий. Третій"}},
		{"line", "1. Yes\n2. No\n3. Don't know", 14, []string{"1. Yes\n2. No", "3. Don't know"}},
		{"sentence", "Один два три. Чотири пять", 20, []string{"Один два три.", "Чотири пять"}},
		{"the last sentence that fits", "Раз два. Три чотири. Кінець", 20, []string{"Раз два. Три чотири.", "Кінець"}},
		{"a sentence's quotation mark stays with it", "Кажуть: «Так.» Потім ні", 20, []string{"Кажуть: «Так.»", "Потім ні"}},
		{"a sentence too short for a part", "Так. Один два три чотири", 20, []string{"Так. Один два три", "чотири"}},
		{"a stop inside a number ends nothing", "Сума 1.5 два три чотири", 18, []string{"Сума 1.5 два три", "чотири"}},
		{"Arabic question", "هل أنت بخير؟ نعم أنا بخير", 18, []string{"هل أنت بخير؟", "نعم أنا بخير"}},
		{"word", "один два три чотири", 12, []string{"один два три", "чотири"}},
		{"inside a word at last", "абвгґдеєжз", 4, []string{"абвг", "ґдеє", "жз"}},
		{"never inside a family", "ab👨‍👩‍👧‍👦cd", 3, []string{"ab👨‍👩‍👧‍👦", "cd"}},
		{"no-break space holds", "сума 1\u00a0000 грн", 9, []string{"сума", "1\u00a0000 грн"}},
	} {
		assert.Equal(t, c.want, Split(c.s, Graphemes, c.limit), c.name)
	}
}

func TestFitsCountsSegmentsWhereBytesDoNotTell(t *testing.T) {
	for _, c := range []struct {
		s    string
		fits bool
	}{
		{strings.Repeat("a", 160), true},
		{strings.Repeat("a", 161), false},
		{strings.Repeat("я", 35), true}, // 70 bytes
		{strings.Repeat("я", 70), true},
		{strings.Repeat("я", 71), false}, // 142 bytes
		{strings.Repeat("a", 69) + "яя", false},
	} {
		assert.Equal(t, c.fits, SMS.Fits(c.s, 1), "%d bytes", len(c.s))
	}
}

func TestSplitDividesAnOversizeCharacterBetweenCodePoints(t *testing.T) {
	parts := Split("👨‍👩‍👧‍👦", UTF16, 4)
	require.Equal(t, "👨‍👩‍👧‍👦", strings.Join(parts, ""))
	for _, p := range parts {
		assert.LessOrEqual(t, UTF16.Count(p), 4)
		assert.True(t, utf8.ValidString(p))
	}
	assert.Equal(t, []string{"ї", "ї"}, Split("її", Bytes, 1), "a code point larger than a part stands alone")
}

// seeds are texts in the scripts and with the signs that break naive code.
var seeds = []string{
	"", "Yes", "Вам потрібна грошова допомога?", "هل تحتاج إلى مساعدة نقدية؟ \u2068+380 50 123\u2069", "ab\u200f1. Olena", "👨‍👩‍👧‍👦🇺🇦🏳️‍🌈👋🏽", "e\u0301\u0302\u0303", "\xff\xfe broken", "a\r\n\r\nb", "ကျေးဇူးတင်ပါတယ်", "क्षि त्रि", "日本語。テスト", "‼️©️", "ㅎㅏㄴ각",
}

func text(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 12).Draw(t, "pieces") {
		if rapid.Bool().Draw(t, "seed") {
			b.WriteString(rapid.SampledFrom(seeds).Draw(t, "piece"))
		} else {
			b.WriteString(rapid.String().Draw(t, "piece"))
		}
		b.WriteString(rapid.SampledFrom([]string{"", " ", ". ", "\n", "\n\n"}).Draw(t, "border"))
	}
	return b.String()
}

// The letters and marks of the fast way, with what joins or parts them, in any order.
func TestMarksAgreeWithUniseg(t *testing.T) {
	borders := []rune("a\r\n\u00ad\u00a9\u0300\u036f\u0370\u0483\u0489\u048a\u0591\u05bd\u05be\u05d0\u05ea\u0600\u0610\u061a\u061b\u061c\u0620\u064a\u064b\u065f\u0660\u0670\u06d6\u06dc\u06dd" +
		"\u06f0\u0900\u0903\u0904\u0915\u0939\u093a\u093c\u093d\u093e\u094c\u094d\u094e\u094f\u0950\u0951\u0957\u0958\u0961\u0962\u0963\u0964\u097f\u0980\u200c\u200d\u2028\ufe0f")
	for _, a := range borders {
		for _, b := range borders {
			for _, c := range borders {
				agree(t, string([]rune{a, b, c}))
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		agree(t, string(rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(borders), rapid.Int32Range(0, 0x980))).Draw(t, "signs")))
	})
}

func TestClusterAgreesWithUniseg(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { agree(t, text(t)) })
}

func FuzzCluster(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { agree(t, s) })
}

func agree(t require.TestingT, s string) {
	g := uniseg.NewGraphemes(s)
	for rest := s; rest != ""; {
		require.True(t, g.Next())
		n := Cluster(rest)
		require.Equal(t, g.Str(), rest[:n])
		rest = rest[n:]
	}
	require.False(t, g.Next())
}

func TestSplitLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole(t, text(t), Unit(rapid.IntRange(0, 4).Draw(t, "unit")), rapid.IntRange(1, 200).Draw(t, "limit"))
	})
}

func TestSplitOfWhiteSpaceIsOnePart(t *testing.T) {
	require.Equal(t, []string{""}, Split("\n\n", Graphemes, 1))
}

func FuzzSplit(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, uint8(i), uint16(i+1))
	}
	f.Fuzz(func(t *testing.T, s string, u uint8, limit uint16) {
		whole(t, s, Unit(u%5), int(limit)+1)
	})
}

// whole checks what Split promises: every part fits, nothing but white space is
// lost, and characters stay whole unless one alone is too large.
func whole(t require.TestingT, s string, u Unit, limit int) {
	s = strings.ToValidUTF8(s, "\uFFFD") // halves of characters may join when parts are joined
	parts := Split(s, u, limit)
	require.NotEmpty(t, parts)
	for _, p := range parts {
		if utf8.RuneCountInString(p) > 1 && len(p) != Cluster(p) {
			require.LessOrEqual(t, u.Count(p), limit, "%q", p)
		}
	}
	require.Equal(t, bare(s), bare(strings.Join(parts, "")))
	require.Equal(t, u.Count(s) <= limit, u.Fits(s, limit))
	if u.Fits(s, limit) {
		require.Equal(t, []string{s}, parts)
	}
}

func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

var long = strings.Repeat("Вам потрібна грошова допомога? Скільки людей живе разом з вами, рахуючи вас? ", 100)

func BenchmarkMeasure(b *testing.B) {
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		Measure(long)
	}
}

// Letters under vowel marks are as many as the plain ones of other scripts.
func BenchmarkMeasureOfMarks(b *testing.B) {
	for name, word := range map[string]string{"Arabic": "مَرْحَبًا ", "Hindi": "नमस्ते दुनिया "} {
		s := strings.Repeat(word, 1000)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				Measure(s)
			}
		})
	}
}

func BenchmarkGraphemes(b *testing.B) {
	b.SetBytes(int64(len(long)))
	for b.Loop() {
		Graphemes.Count(long)
	}
}

func BenchmarkSplit(b *testing.B) {
	b.SetBytes(int64(len(long)))
	var dst []string
	for b.Loop() {
		dst = AppendSplit(dst[:0], long, Graphemes, 1024)
	}
}
