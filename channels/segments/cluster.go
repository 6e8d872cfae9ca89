package segments

import (
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Cluster returns the length in bytes of the first character of s, as a reader
// sees characters: an extended grapheme cluster. It is 0 only for the empty string.
func Cluster(s string) int {
	if s == "" {
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	if alone(r) {
		for {
			if n == len(s) {
				return n
			}
			next, size := utf8.DecodeRuneInString(s[n:])
			if alone(next) {
				return n
			}
			if !bearing(r) || !mark(next) {
				break
			}
			n += size
		}
	}
	c, _, _, _ := uniseg.FirstGraphemeClusterInString(s, -1)
	return len(c)
}

// alone reports whether r never joins a neighbour that is alone as well:
// neither mark, joiner, prefix, jamo nor half of a flag.
func alone(r rune) bool {
	switch {
	case r < 0x300:
		return r != '\r'
	case r < 0x483:
		return r >= 0x370
	case r < 0x591:
		return r >= 0x48A
	case r < 0x620:
		return r >= 0x5D0 && r <= 0x5EA || r == 0x60C || r == 0x61B || r == 0x61F
	case r < 0x64B:
		return true
	case r < 0x6D6:
		return r >= 0x660 && r != 0x670
	case r < 0x904:
		return r >= 0x6F0 && r <= 0x6F9
	case r < 0x980: // letters of Devanagari, which join by a virama alone
		return r <= 0x939 || r == 0x93D || r == 0x950 || r >= 0x958 && r <= 0x961 || r >= 0x964
	case r < 0x2000:
		return false
	case r < 0x205F:
		return r >= 0x2010
	default:
		return r >= 0x20A0 && r <= 0x20C0
	}
}

// bearing reports whether marks join r, of those that are alone: controls bear none.
func bearing(r rune) bool {
	return r >= 0x20 && r < 0x7F || r > 0x9F && r != 0xAD && r < 0x2000
}

// mark reports whether r joins the letter before it and nothing else: accents, points
// of Hebrew, vowels of Arabic, and those of Devanagari without its virama.
func mark(r rune) bool {
	switch {
	case r < 0x483:
		return r >= 0x300 && r <= 0x36F
	case r < 0x591:
		return r <= 0x489
	case r < 0x610:
		return r <= 0x5BD
	case r < 0x64B:
		return r <= 0x61A
	case r < 0x900:
		return r <= 0x65F || r == 0x670 || r >= 0x6D6 && r <= 0x6DC
	default:
		return r <= 0x903 || r >= 0x93A && r <= 0x94F && r != 0x93D && r != 0x94D || r >= 0x951 && r <= 0x957 || r == 0x962 || r == 0x963
	}
}
