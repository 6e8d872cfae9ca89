package segments

import "unicode/utf8"

// Unit is what a channel counts the length of a text in.
type Unit uint8

// Units of length.
const (
	Graphemes Unit = iota // characters as a reader sees them (UAX #29)
	Runes                 // Unicode code points
	UTF16                 // UTF-16 code units
	Bytes                 // bytes of UTF-8
	SMS                   // segments of an SMS, see [Measure]
)

// String returns the unit's name in the plural, for reports and errors.
func (u Unit) String() string {
	switch u {
	case Graphemes:
		return "characters"
	case Runes:
		return "code points"
	case UTF16:
		return "UTF-16 units"
	case Bytes:
		return "bytes"
	case SMS:
		return "SMS segments"
	}
	return "unknown units"
}

// Count returns the length of s in u. Invalid UTF-8 counts one code point a byte.
func (u Unit) Count(s string) int {
	switch u {
	case Graphemes:
		n := 0
		for s != "" {
			s = s[Cluster(s):]
			n++
		}
		return n
	case Runes:
		return utf8.RuneCountInString(s)
	case UTF16:
		return utf16Len(s)
	case SMS:
		return Measure(s).Segments
	default:
		return len(s)
	}
}

// Fits reports whether s is at most limit long in u. A limit of 0 or less means
// that there is none. It stops counting early, and does not count at all where
// the bytes alone are few enough.
func (u Unit) Fits(s string, limit int) bool {
	if limit <= 0 {
		return true
	}
	if u == SMS {
		return len(s) <= 70 || Measure(s).Segments <= limit
	}
	return len(s) <= limit || prefix(s, u, limit) == len(s)
}

// prefix returns the length in bytes of the longest beginning of s that is at
// most limit long in u and ends between characters.
func prefix(s string, u Unit, limit int) int {
	if u == SMS {
		return smsPrefix(s, limit)
	}
	used, at := 0, 0
	for at < len(s) {
		n := Cluster(s[at:])
		switch u {
		case Graphemes:
			used++
		case Runes:
			used += utf8.RuneCountInString(s[at : at+n])
		case UTF16:
			used += utf16Len(s[at : at+n])
		default:
			used += n
		}
		if used > limit {
			break
		}
		at += n
	}
	return at
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16Units(r)
	}
	return n
}

func utf16Units(r rune) int {
	if r > 0xFFFF {
		return 2
	}
	return 1
}
