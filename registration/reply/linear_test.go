package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// TestLinear sends the longest texts made of what the rules look for, and of
// half that length: a quadratic rule would show, a busy machine does not.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time")
	}
	for _, unit := range []string{
		"1,", "1 ", "1-9 ", "13", "і ", "و ", "وا ", "طعام و", "а", "один ", "сто ", "1 і ", ".", "1.", "1 000 ", "п'", "так ", "👍", "ﷺ", "\u0301", "e\u0301", "½", "\xff", "a1", "січня ", "- ", "food and ", "\n", "day ", "+", "1/",
	} {
		long := strings.Repeat(unit, reply.MaxLength/len(unit))
		short := long[:len(long)/2]
		for i, q := range questions {
			for _, lang := range []hubkit.Lang{"uk", "ar"} {
				var a, b time.Duration
				slow := true
				for try := 0; slow && try < 5; try++ { // others may be using the machine
					a, b = fastest(q.e, lang, short), fastest(q.e, lang, long)
					slow = b > 8*a && b > 5*time.Millisecond
				}
				if slow {
					t.Errorf("question %d, %q in %s: %v, then %v for twice the text", i, unit, lang, a, b)
				}
			}
		}
	}
}

func fastest(e *reply.Expect, lang hubkit.Lang, text string) time.Duration {
	best := time.Hour
	for range 3 {
		start := time.Now()
		e.Understand(lang, text, today, nil)
		best = min(best, time.Since(start))
	}
	return best
}
