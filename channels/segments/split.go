package segments

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split divides s into parts of at most limit in u. It divides at the last
// paragraph, else line, else sentence, else word border that fits, and inside a
// word only where a word alone is too long. White space at a border is dropped;
// nothing else is. A limit of 0 or less, or a text that fits, gives s whole in one part.
func Split(s string, u Unit, limit int) []string {
	return AppendSplit(nil, s, u, limit)
}

// AppendSplit appends the parts of s to dst, as [Split] divides them.
func AppendSplit(dst []string, s string, u Unit, limit int) []string {
	began := len(dst)
	for limit > 0 {
		n := prefix(s, u, limit)
		if n == len(s) {
			break
		}
		end := n
		if n == 0 {
			end = oversize(s, u, limit)
		} else if at := border(s, n); at > 0 {
			end = at
		}
		if part := strings.TrimRightFunc(s[:end], unicode.IsSpace); part != "" {
			dst = append(dst, part)
		}
		s = strings.TrimLeftFunc(s[end:], unicode.IsSpace)
		if s == "" && len(dst) > began {
			return dst
		}
		if s == "" { // white space alone: one part, as for every text
			break
		}
	}
	return append(dst, s)
}

// oversize divides a character that is larger than a part between code points.
func oversize(s string, u Unit, limit int) int {
	_, end := utf8.DecodeRuneInString(s)
	for c := Cluster(s); end < c; {
		_, n := utf8.DecodeRuneInString(s[end:])
		if u.Count(s[:end+n]) > limit {
			break
		}
		end += n
	}
	return end
}

// border returns where best to divide s at or before n: 0 when only the inside
// of a word is left. A paragraph, line or sentence border is preferred to a word's
// only when it leaves the part at least a third full, so that parts stay few.
func border(s string, n int) int {
	head, least := s[:n], n/3
	if at := strings.LastIndex(head, "\n\n"); at >= least && at > 0 {
		return at
	}
	if s[n] == '\n' {
		return n
	}
	if at := strings.LastIndexByte(head, '\n'); at >= least && at > 0 {
		return at
	}
	if next, _ := utf8.DecodeRuneInString(s[n:]); unicode.IsSpace(next) && ends(head) {
		return n
	}
	word := 0
	if next, _ := utf8.DecodeRuneInString(s[n:]); splittable(next) {
		word = n
	}
	for at := n; at > 0; {
		r, size := utf8.DecodeLastRuneInString(head[:at])
		at -= size
		if at == 0 || !splittable(r) {
			continue
		}
		if word == 0 {
			word = at
		}
		if at < least {
			break
		}
		if ends(head[:at]) {
			return at
		}
	}
	return word
}

// splittable reports whether a line may end before r, which is then dropped.
// The no-break spaces keep their words together.
func splittable(r rune) bool {
	return unicode.IsSpace(r) && r != 0xA0 && r != 0x202F
}

// ends reports whether s ends a sentence, in any of the scripts we meet.
func ends(s string) bool {
	r, n := utf8.DecodeLastRuneInString(s)
	if strings.ContainsRune("\"'»”’)]", r) {
		r, _ = utf8.DecodeLastRuneInString(s[:len(s)-n])
	}
	return strings.ContainsRune(".!?…؟۔।։።፧။。！？", r)
}
