package reply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// Three digits after one point or comma are thousands in one country and a
// fraction in another: money is asked for again, never guessed.
func TestThousandsOrFraction(t *testing.T) {
	for _, lang := range []hubkit.Lang{"uk", "en", "ru", "ar"} {
		for _, s := range []string{"1.500", "15.000", "99,999", "100.000", "150.000", "150,000", "999.999"} {
			u := amount.Understand(lang, s, today, nil)
			assert.Falsef(t, u.OK, "%s %q: %+v", lang, s, u)
			assert.Equalf(t, reply.AmbiguousDecimal, u.Why, "%s %q", lang, s)
		}
		for s, want := range map[string]string{"1500.000": "1500", "0.150": "0.15", "150.00": "150", "١٥٠٫٠٠٠": "150"} {
			u := amount.Understand(lang, s, today, nil)
			assert.Truef(t, u.OK, "%s %q: %+v", lang, s, u)
			assert.Equalf(t, want, u.Text, "%s %q", lang, s)
		}
		u := people.Understand(lang, "150.000", today, nil)
		assert.Truef(t, u.OK && u.N == 150000, "%s: a whole number has no fraction: %+v", lang, u)
	}
}
