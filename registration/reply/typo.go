package reply

// maxTypo is the longest text, in letters, that is searched for typing errors.
const maxTypo = 64

// script is a set of the scripts in a text.
type script uint8

const (
	latinScript script = 1 << iota
	cyrillicScript
	arabicScript
	ethiopicScript
	otherScript
)

func scriptOf(s string) (m script) {
	for _, r := range s {
		switch {
		case r < 'a':
		case r < 0x250:
			m |= latinScript
		case r >= 0x400 && r < 0x530:
			m |= cyrillicScript
		case r >= 0x600 && r < 0x780:
			m |= arabicScript
		case r >= 0x1200 && r < 0x13A0:
			m |= ethiopicScript
		case r >= 0x2000 && r < 0x2C00: // punctuation and symbols
		default:
			m |= otherScript
		}
	}
	return m
}

// errorsAllowed is how many typing errors a word of n letters may have.
func errorsAllowed(n int) int {
	switch {
	case n <= 3:
		return 0
	case n <= 7:
		return 1
	}
	return 2
}

// distance is the optimal string alignment distance of a and b, both at most
// maxTypo long: insertions, deletions, substitutions and swaps of neighbours
// count one each. It gives up above limit and returns limit+1.
func distance(a, b []rune, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit {
		return limit + 1
	}
	var rows [3][maxTypo + 1]int
	before, previous, current := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		previous[j] = j
	}
	for i, x := range a {
		current[0] = i + 1
		least := current[0]
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			d := min(previous[j+1]+1, current[j]+1, previous[j]+cost)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				d = min(d, before[j-1]+1)
			}
			current[j+1] = d
			least = min(least, d)
		}
		if least > limit {
			return limit + 1
		}
		before, previous, current = previous, current, before
	}
	return min(previous[len(b)], limit+1)
}
