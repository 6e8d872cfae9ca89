package reply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit/registration/reply"
)

// What can be read in part only is not taken in part.
func TestNothingIsTakenInPart(t *testing.T) {
	for _, s := range []string{"1 4-2", "1, 4-2", "3-3 1", "5-1 2"} {
		assert.Falsef(t, needs.Understand("en", s, 0, nil).OK, "%q: a range that does not rise", s)
	}
	for s, want := range map[string]reply.Why{
		"1234,567,890": reply.TwoNumbers, "0,123,456": reply.TwoNumbers, "1234.567,8": reply.TwoNumbers,
		"1.500k": reply.NotUnderstood, "1.2345k": reply.NotUnderstood, "9999999999999k": reply.NotUnderstood,
	} {
		assert.Equalf(t, want, people.Understand("en", s, 0, nil).Why, "%q", s)
		assert.Equalf(t, want, amount.Understand("en", s, 0, nil).Why, "%q", s)
	}
	assert.Equal(t, reply.Fraction, people.Understand("en", "1234,567", 0, nil).Why, "no thousands after four digits")
	assert.Equal(t, "1234.567", amount.Understand("en", "1234,567", 0, nil).Text)
	assert.Equal(t, int64(1_000_000_000_000_000), people.Understand("en", "1000000000000k", 0, nil).N, "the most that k multiplies")

	for s, want := range map[string]reply.Why{
		"5 May June 2022": reply.AmbiguousDate, "May 5 2022 May": reply.AmbiguousDate,
		"2 days ago ago": reply.NotUnderstood, "2 days 3 ago": reply.NotUnderstood, "2 days weeks ago": reply.NotUnderstood,
	} {
		assert.Equalf(t, want, when.Understand("en", s, today, nil).Why, "%q", s)
	}
}

// A word of four to seven letters may have one typing error, a longer one two,
// a shorter one none.
func TestHowManyTypingErrors(t *testing.T) {
	for s, want := range map[string]int{
		"Fod": -1, "Fodo": 0, "Watre": 1, "Shltre": -1, "Shelte": 2, "Shxlxer": -1, "Medicin": 3, "Medicxnx": 3, "Mxdicxnx": -1, "Їжак": -1,
	} {
		assert.Equalf(t, want, needs.Understand("en", s, 0, nil).Guess, "%q", s)
	}
}

// A capital I with a dot, made of one character or of two, is an i.
func TestTurkishCapitals(t *testing.T) {
	for _, s := range []string{"iyi", "İYİ", "I\u0307YI\u0307", "i\u0307yi\u0307", "IYI"} {
		assert.Equalf(t, "iyi", reply.Fold(s), "%q", s)
	}
	assert.Equal(t, "q\u0307", reply.Fold("q\u0307"), "a dot on another letter stays")
}
