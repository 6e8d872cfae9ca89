package channels

import (
	"strings"
	"unicode"
)

// rlm is the right-to-left mark: invisible, and read as a strong right-to-left letter.
const rlm = "\u200f"

// markLines puts a right-to-left mark before every line of s whose first strong
// letter is not written from right to left. A reader's program takes a line's
// direction from that letter (UAX #9, rule P2): "1. Olena" in an Arabic list would
// jump to the left. It returns s itself where nothing is needed.
func markLines(s string) string {
	var b *strings.Builder
	done := 0
	for at := 0; at < len(s); {
		end := strings.IndexByte(s[at:], '\n')
		if end < 0 {
			end = len(s)
		} else {
			end += at
		}
		if line := s[at:end]; strings.TrimSpace(line) != "" && !startsRight(line) {
			if b == nil {
				b = new(strings.Builder)
				b.Grow(len(s) + 16*len(rlm))
			}
			b.WriteString(s[done:at])
			b.WriteString(rlm)
			done = at
		}
		at = end + 1
	}
	if b == nil {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// startsRight reports whether the first strong letter of a line, outside isolates,
// is written from right to left.
func startsRight(line string) bool {
	depth := 0
	for _, r := range line {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069:
			depth = max(depth-1, 0)
		case depth > 0:
		case r == 0x200F || r == 0x61C:
			return true
		case r == 0x200E:
			return false
		case unicode.IsLetter(r):
			return rightScript(r)
		}
	}
	return false
}

// rightScript reports whether a letter belongs to a script written from right to
// left: the blocks that Unicode reserves for them (UAX #9, table 4).
func rightScript(r rune) bool {
	return r >= 0x590 && r <= 0x8FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF ||
		r >= 0x10800 && r <= 0x10FFF || r >= 0x1E800 && r <= 0x1EFFF
}
