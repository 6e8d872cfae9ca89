package reply

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the fold applied to labels and replies alike: compatibility forms,
// case, invisible characters, apostrophes, quotes and dashes, digits of every
// script, the Arabic letters that keyboards exchange, spaces, and punctuation
// at both ends. Folding twice changes nothing. What is folded is for
// comparing, never for showing.
func Fold(s string) string { return trimEdges(normalise(s)) }

// normalise is Fold without trimming punctuation, so that "-5" keeps its sign.
func normalise(s string) string {
	if isASCII(s) {
		return normaliseASCII(s)
	}
	for range 4 { // a dropped mark may let two others compose: rare, but then again
		t := normaliseOnce(s)
		if t == s || isASCII(t) {
			return t
		}
		if norm.NFKC.IsNormalString(t) && stable(t) {
			return t
		}
		s = t
	}
	return s
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// stable tells whether a folded string holds only letters of which folding is
// known to be final: most replies, which need no second look.
func stable(s string) bool {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf, r >= 0x430 && r <= 0x45F, r == 'ґ', r >= 0x620 && r <= 0x64A, r >= 0x1200 && r <= 0x135A:
		default:
			return false
		}
	}
	return true
}

func normaliseASCII(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := true
	for i := range len(s) {
		c := s[i]
		switch {
		case c <= ' ' || c == 0x7F || c == '#':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '`':
			c = '\''
		}
		b.WriteByte(c)
		space = false
	}
	return strings.TrimSuffix(b.String(), " ")
}

func normaliseOnce(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	b.Grow(len(s) + 8)
	for _, r := range s {
		switch {
		case dropped(r):
		case r == '№' || r == '#': // before NFKC, which writes "No"
			b.WriteByte(' ')
		case isVulgar(r): // before NFKC, which makes 2½ twenty-one halves
			b.WriteByte(' ')
			b.WriteString(norm.NFKC.String(string(r)))
			b.WriteByte(' ')
		case r == '🔟':
			b.WriteString("10")
		case r >= '❶' && r <= '❿':
			writeNumber(&b, r-'❶'+1)
		case r >= '➀' && r <= '➉':
			writeNumber(&b, r-'➀'+1)
		case r >= '➊' && r <= '➓':
			writeNumber(&b, r-'➊'+1)
		default:
			b.WriteRune(r)
		}
	}
	s = norm.NFKC.String(b.String())

	b.Reset()
	b.Grow(len(s))
	last := ' '
	for _, r := range s {
		r = foldRune(r)
		switch {
		case r < 0, r == 0x307 && last == 'i':
			continue
		case r == ' ' && last == ' ':
			continue
		case r == 'ß':
			b.WriteString("ss")
		default:
			b.WriteRune(r)
		}
		last = r
	}
	return strings.TrimSuffix(b.String(), " ")
}

func writeNumber(b *strings.Builder, n rune) {
	if n == 10 {
		b.WriteByte('1')
		n = 0
	}
	b.WriteByte(byte('0' + n))
}

// foldRune folds one character of NFKC text; negative means drop it.
func foldRune(r rune) rune {
	switch {
	case r < utf8.RuneSelf:
		switch {
		case r <= ' ' || r == 0x7F || r == '#':
			return ' '
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '`':
			return '\''
		}
		return r
	case r >= 0x410 && r <= 0x44F || r >= 0x451 && r <= 0x45F:
		return unicode.ToLower(r)
	case r >= 0x600 && r <= 0x6FF:
		return foldArabic(r)
	case dropped(r):
		return -1
	case unicode.IsSpace(r), unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Nd, r):
		return digit(r)
	}
	switch r {
	case 0x2018, 0x2019, 0x201B, 0x02BC, 0x02BB, 0x02B9, 0x00B4, 0x2032, 0x02BF, 0x02BE:
		return '\''
	case 0x201C, 0x201D, 0x201E, 0x201F, 0x00AB, 0x00BB, 0x2039, 0x203A, 0x2033, 0x201A:
		return '"'
	case 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212:
		return '-'
	case 0x2044, 0x2215:
		return '/'
	case 'ı', 'İ': // Turkish HAYIR and hayır, İYİ and iyi
		return 'i'
	case 'ς':
		return 'σ'
	case 'ẞ':
		return 'ß'
	case '〇':
		return '0'
	}
	if i := strings.IndexRune("一二三四五六七八九", r); i >= 0 {
		return '1' + rune(i/3)
	}
	return unicode.ToLower(r)
}

// foldArabic merges the letters of Arabic script that keyboards and habits
// exchange.
func foldArabic(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ي', 'ې', 'ۍ', 'ئ':
		return 'ی'
	case 'ك', 'ګ':
		return 'ک'
	case 'ة', 'ہ', 'ۀ', 'ھ', 'ۂ', 'ۃ':
		return 'ه'
	case 'ؤ':
		return 'و'
	case 'ـ', 'ٰ', 0x61C:
		return -1
	case 'ۓ':
		return 'ے'
	}
	switch {
	case r >= 0x64B && r <= 0x655:
		return -1
	case r >= 0x660 && r <= 0x669:
		return r - 0x660 + '0'
	case r >= 0x6F0 && r <= 0x6F9:
		return r - 0x6F0 + '0'
	}
	return r
}

// digit returns the ASCII digit of r, which is in Nd: the digits of a script
// are ten code points in order.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// dropped tells of characters that show nothing: joiners, direction marks and
// isolates, variation selectors, the keycap frame, skin tones.
func dropped(r rune) bool {
	switch {
	case r < 0xAD:
		return false
	case r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x206F,
		r >= 0xFE00 && r <= 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF, r >= 0xE0000 && r <= 0xE0FFF:
		return true
	}
	switch r {
	case 0xAD, 0x34F, 0x61C, 0x180E, 0x20E3, 0xFEFF:
		return true
	}
	return false
}

func isVulgar(r rune) bool {
	return r >= 0xBC && r <= 0xBE || r >= 0x2150 && r <= 0x215F || r == 0x2189
}

func isControl(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }

func isBlank(r rune) bool { return unicode.IsSpace(r) || dropped(r) }

// trimEdges takes spaces and punctuation off both ends, unless nothing else is
// there.
func trimEdges(s string) string {
	t := strings.TrimFunc(s, func(r rune) bool { return r == ' ' || unicode.IsPunct(r) && !strings.ContainsRune("%٪&@", r) })
	if t == "" {
		return strings.TrimSpace(s)
	}
	return t
}

// trimSymbols takes emoji and other symbols off both ends as well: "yes 🙂".
func trimSymbols(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == ' ' || unicode.IsPunct(r) || unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r)
	})
}

// loosen goes further on folded text: no diacritics (ё е, й и, é e), no
// apostrophes, spaces or hyphens except between digits, and Latin letters in a
// Cyrillic word ("нi") as the Cyrillic ones they look like.
func loosen(s string) string {
	mixed := hasLatinAndCyrillic(s)
	if !mixed && !strings.ContainsFunc(s, changesLoosely) {
		return s
	}
	if !stable(s) { // what is stable has no marks but these
		s = norm.NFD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	var last, gap rune
	for _, r := range s {
		switch r {
		case 'й':
			r = 'и'
		case 'ї':
			r = 'і'
		case 'ё', 'ѐ':
			r = 'е'
		case 'ѝ':
			r = 'и'
		case 'ќ':
			r = 'к'
		case 'ѓ':
			r = 'г'
		case 'ў':
			r = 'у'
		}
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '"':
			continue
		case r == ' ' || r == '-' || r == '_':
			if gap != '-' {
				gap = r
			}
			continue
		}
		if gap != 0 && isDigit(last) && isDigit(r) {
			b.WriteRune(gap)
		}
		gap = 0
		if mixed {
			r = lookAlike(r)
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// changesLoosely is false for letters that loosen keeps whatever stands beside
// them.
func changesLoosely(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return false
	case r >= 0x620 && r <= 0x64A:
		return r == 'آ' || r == 'أ' || r == 'ؤ' || r == 'إ' || r == 'ئ'
	}
	return r < 0x430 || r > 0x44F || r == 'й'
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func hasLatinAndCyrillic(s string) bool {
	var latin, cyrillic bool
	for _, r := range s {
		latin = latin || r >= 'a' && r <= 'z'
		cyrillic = cyrillic || r >= 0x430 && r <= 0x491
	}
	return latin && cyrillic
}

// lookAlike returns the Cyrillic letter that a folded Latin letter looks like.
func lookAlike(r rune) rune {
	const latin, cyrillic = "aeiopcxykmthb", "аеіорсхукмтнв"
	if i := strings.IndexRune(latin, r); i >= 0 {
		c, _ := utf8.DecodeRuneInString(cyrillic[2*i:])
		return c
	}
	return r
}
