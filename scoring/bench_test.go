package scoring_test

import (
	"crypto/sha256"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// flat is a card of twelve criteria on answers of every common kind.
func flat() scoring.CardSpec {
	return scoring.CardSpec{
		ID: "flat", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(2, "displaced", displaced.Yes()),
			scoring.Add(3, "alone", alone.Yes()),
			scoring.Add(2, "near", region.Is("near")),
			scoring.Add(1, "middle", region.AtMost("middle")),
			scoring.Add(2, "camp", housing.Is("camp")),
			scoring.Add(1, "rent", housing.Is("rent")),
			scoring.Add(1, "food", needs.Has("food")),
			scoring.Add(2, "medicine", needs.Has("medicine")),
			scoring.Add(3, "poor", income.AtMost(2000)),
			scoring.Add(1, "less_poor", income.LessThan(5400)),
			scoring.Add(2, "large", size.AtLeast(6)),
			scoring.Add(1, "no_other", other.No()),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(6, "medium"), scoring.From(12, "high")),
	}
}

func BenchmarkCard(b *testing.B) {
	c := card(b, flat())
	a, err := r.Reshape(household(nil), form.Shape())
	require.NoError(b, err)
	b.Run("into", func(b *testing.B) {
		b.ReportAllocs()
		var s scoring.Score
		for b.Loop() {
			if err := c.ScoreInto(&s, a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("roster", func(b *testing.B) {
		b.ReportAllocs()
		c := card(b, illustrative())
		var s scoring.Score
		for b.Loop() {
			if err := c.ScoreInto(&s, a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("households", func(b *testing.B) { // many different ones, as a survey has: ns/op is for one
		b.ReportAllocs()
		rnd := rand.New(rand.NewPCG(1, 2))
		many := make([]r.Answers, 65_000)
		for i := range many {
			x, err := r.Reshape(household(map[string]r.Value{
				"displaced": r.BoolValue(rnd.IntN(2) == 0), "alone": r.BoolValue(rnd.IntN(2) == 0), "income": r.DecimalValue(float64(rnd.IntN(10_000))),
				"size": r.IntValue(1 + rnd.Int64N(9)), "region": r.OptionValue([]string{"near", "middle", "far"}[rnd.IntN(3)]),
				"housing": r.OptionValue([]string{"own", "rent", "camp"}[rnd.IntN(3)]), "other_cash": r.BoolValue(rnd.IntN(2) == 0),
			}), form.Shape())
			require.NoError(b, err)
			many[i] = x
		}
		var s scoring.Score
		i := 0
		for b.Loop() {
			if err := c.ScoreInto(&s, many[i]); err != nil {
				b.Fatal(err)
			}
			if i++; i == len(many) {
				i = 0
			}
		}
	})
	b.Run("reshaped", func(b *testing.B) {
		b.ReportAllocs()
		a := household(nil)
		var s scoring.Score
		for b.Loop() {
			if err := c.ScoreInto(&s, a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("sha256_64KiB", func(b *testing.B) { // the machine's speed, to compare with
		buf := make([]byte, 64<<10)
		for b.Loop() {
			sha256.Sum256(buf)
		}
	})
}
