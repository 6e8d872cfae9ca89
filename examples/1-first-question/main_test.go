package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	const ask, thanks = "How many people live with you, counting yourself?\n", "Thank you. Your answers have been recorded.\n"
	for said, want := range map[string]string{
		"5":                                  ask + thanks + "people = 5\n",
		"five people\n":                      ask + thanks + "people = 5\n",
		"many\n3\n":                          ask + "Please write a whole number in digits, for example 4.\n" + ask + thanks + "people = 3\n",
		strings.Repeat("9", 100_000) + "\n4": ask + "This is too long. Please write a shorter answer.\n" + ask + thanks + "people = 4\n",
		"0\n1":                               ask + "The number must be from 1 to 25.\n" + ask + thanks + "people = 1\n",
		"":                                   ask,
		"😀\n\n\x00\xff\n":                    ask,
	} {
		var out strings.Builder
		require.NoError(t, run(strings.NewReader(said), &out))
		if said == "😀\n\n\x00\xff\n" {
			assert.NotContains(t, out.String(), "people =")
			assert.Equal(t, 4, strings.Count(out.String(), ask))
			continue
		}
		assert.Equal(t, want, out.String(), "%.40q", said)
	}
}
