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
		if n == len(s) {
			return n
		}
		if next, _ := utf8.DecodeRuneInString(s[n:]); alone(next) {
			return n
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
	case r < 0x2000:
		return r >= 0x6F0 && r <= 0x6F9
	case r < 0x205F:
		return r >= 0x2010
	default:
		return r >= 0x20A0 && r <= 0x20C0
	}
}
