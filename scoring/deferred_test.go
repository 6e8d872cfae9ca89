package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// What a call cannot take is unknown, and so is what it would have opened: the score
// after it was asked on a page lies in the interval that was given before.
func TestDeferredAnswersLeaveTheScoreOpen(t *testing.T) {
	en := func(s string) hubkit.Text { return hubkit.Text{"en": s} }
	village, near := r.Words("village", en("Which village?")), r.YesNo("near", en("Near the front?"))
	form := r.MustNew(r.Spec{ID: "gate", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(
		village, r.When(village.Is("Huliaipole"), near), r.Summary(nil),
	)})
	card := scoring.MustNew(scoring.CardSpec{
		ID: "gate", Version: "1", Criteria: scoring.Criteria(scoring.Add(5, "near", near.Yes())), Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(5, "high")),
	}, form.Shape())
	for village, replies := range map[string][]string{"Huliaipole, near": {"Huliaipole", "yes"}, "Huliaipole, far": {"Huliaipole", "no"}, "Kyiv": {"Kyiv"}} {
		iv := form.Begin("en")
		iv.Defer(func(a r.Ability) bool { return a != r.NeedsKeys })
		iv.Hear(r.Reply{Option: "_summary:send"})
		before, err := card.Score(iv.Answers())
		require.NoError(t, err)
		require.True(t, iv.Reopen())
		for _, s := range replies {
			iv.Hear(r.Reply{Text: s})
		}
		require.Equal(t, r.OutcomeComplete, iv.Outcome())
		after, err := card.Score(iv.Answers())
		require.NoError(t, err)
		require.LessOrEqual(t, before.Lo, after.Points, village)
		require.GreaterOrEqual(t, before.Hi, after.Points, village)
		require.Equal(t, after.Lo, after.Hi, "nothing is open any more: %s", village)
	}
}
