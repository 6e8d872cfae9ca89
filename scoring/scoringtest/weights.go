package scoringtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Perturbed says what happens to bands when a card's weights are not exactly
// right.
type Perturbed struct {
	Rounds     int     // how often the weights were changed
	Households int     // that could be scored
	Mean, Most float64 // the share of households that change band: on average, and in the worst round
}

// Perturb changes every number of points of a card at random by up to a share
// of it (0.1 is ten percent), many times, and counts who changes band. The bands
// stay where they are. The same seed gives the same rounds.
func Perturb(c *scoring.Card, share float64, rounds int, seed uint64, households []registration.Answers) (Perturbed, error) {
	p := Perturbed{Rounds: rounds}
	if !(share > 0 && share < 1) || rounds < 1 {
		return p, fmt.Errorf("scoringtest: a share of %v in %d rounds is not possible: use a share between 0 and 1, and at least one round", share, rounds)
	}
	var scored []registration.Answers
	var bands []string
	for _, a := range households {
		if s, err := c.Score(a); err == nil {
			scored, bands = append(scored, a), append(bands, s.Band)
		}
	}
	if p.Households = len(scored); p.Households == 0 {
		return p, fmt.Errorf("scoringtest: none of %d households could be scored", len(households))
	}
	weights := c.Spec().Criteria
	rnd := rand.New(rand.NewPCG(seed, 1))
	var s scoring.Score
	for range rounds {
		points := make([]float64, len(weights))
		for i := range points {
			points[i] = weights[i].Points * (1 + share*(2*rnd.Float64()-1))
		}
		moved, err := c.Reweighted(points)
		if err != nil {
			return p, err
		}
		changed := 0
		for i, a := range scored {
			if err := moved.ScoreInto(&s, a); err != nil || s.Band != bands[i] {
				changed++
			}
		}
		f := float64(changed) / float64(len(scored))
		p.Mean += f / float64(rounds)
		p.Most = math.Max(p.Most, f)
	}
	return p, nil
}

// Stable fails the test if more than a share of the households change band, on
// average, when every weight of the card is changed at random by up to a share.
func Stable(t testing.TB, c *scoring.Card, by, most float64, households []registration.Answers) {
	t.Helper()
	p, err := Perturb(c, by, 100, 1, households)
	if err != nil {
		t.Fatalf("%v", err)
		return
	}
	if p.Mean > most {
		t.Errorf("weights that are off by up to %.0f%% move %.1f%% of the households to another band, and at most %.1f%% are allowed", by*100, p.Mean*100, most*100)
	}
}

// Take collects n households of a generator, for Stable and Perturb. It fails
// the test if they cannot be made.
func Take(t testing.TB, g Generator, n int) []registration.Answers {
	t.Helper()
	var all []registration.Answers
	for a, err := range g.Households() {
		if err != nil {
			t.Fatalf("%v", err)
			return nil
		}
		if all = append(all, a); len(all) == n {
			break
		}
	}
	return all
}
