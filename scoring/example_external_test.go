package scoring_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// What an external model says of a household is an answer like any other: it is
// asked for outside of the scoring, with a time limit, and recorded beside the
// answers with the model's version. So the score stays a pure function of what is
// recorded: it can be repeated years later, when the model is gone, and a model
// that is slow, down or changed holds up no registration.
var (
	modelRisk    = registration.Decimal("model_risk", nil)  // 0 to 1
	modelVersion = registration.Words("model_version", nil) // "risk-2026-03"

	// exModelShape are the answers of the questionnaire with the model's.
	exModelShape = func() *registration.Shape {
		slots := []registration.Slot{
			{Key: "model_risk", Kind: registration.KindDecimal, Min: 0, Max: 1},
			{Key: "model_version", Kind: registration.KindWords},
		}
		for i := range exForm.Shape().Len() {
			slots = append(slots, exForm.Shape().At(i))
		}
		shape, err := registration.NewShape(slots...)
		if err != nil {
			panic(err)
		}
		return shape
	}()

	exModelCard = scoring.MustNew(scoring.CardSpec{
		ID: "with-model", Version: "1", Notes: "Illustrative. Only the version of the model that was examined counts.",
		Criteria: scoring.Criteria(
			scoring.Per(6, "model_risk", modelRisk.Value()).Missing(scoring.Refuse()),
			scoring.Add(2, "alone", exAlone.Yes()),
		),
		Rules: []scoring.Rule{scoring.Require("examined_model", isVersion("risk-2026-03"))},
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "high")),
	}, exModelShape)
)

func isVersion(v string) registration.Condition {
	return registration.Choice(modelVersion.Key, nil).Is(v)
}

// model is the client of an external model, such as an HTTP service.
type model interface {
	Predict(ctx context.Context, a registration.Answers) (risk float64, version string, err error)
}

// asked adds what the model says to the answers, if it says so in time; if not,
// they have no prediction, which is what the record then says.
func asked(ctx context.Context, m model, limit time.Duration, a registration.Answers) (registration.Answers, error) {
	a, err := registration.Reshape(a, exModelShape)
	if err != nil {
		return a, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	risk, version, err := m.Predict(ctx, a)
	if err != nil {
		return a, nil // log err; the registration goes on
	}
	b, err := a.With("model_version", registration.WordsValue(version))
	if err != nil {
		return a, err
	}
	return b.With("model_risk", registration.DecimalValue(risk)) // NaN is no answer
}

// withModel is the Scorer of the programme: the card with the model where there is
// a prediction of the examined version, and else the programme's own rules. The
// score names which of them it was, by id, version and hash.
var withModel = scoring.Func(func(a registration.Answers) (scoring.Score, error) {
	s, err := exModelCard.Score(a)
	if unknown := (*scoring.UnknownError)(nil); errors.As(err, &unknown) || err == nil && s.Eligible != registration.Yes {
		return exCard.Score(a)
	}
	return s, err
})

// answering is a model for the example: it waits for as long as it may if it is
// slow.
type answering struct {
	risk    float64
	version string
	slow    bool
}

func (m answering) Predict(ctx context.Context, _ registration.Answers) (float64, string, error) {
	if m.slow {
		<-ctx.Done()
		return 0, "", ctx.Err()
	}
	return m.risk, m.version, nil
}

// An external model behind the Scorer seam, with a time limit, a recorded version
// and a fall-back.
func ExampleFunc_externalModel() {
	household := registration.Of(map[string]registration.Value{
		"alone": registration.BoolValue(true), "household_size": registration.IntValue(2),
		"members": registration.RowsValue(person(64), person(4)),
	})
	for _, m := range []answering{
		{risk: 0.5, version: "risk-2026-03"},
		{slow: true},
		{risk: 0.9, version: "risk-2026-04"}, // changed without being examined
	} {
		answers, err := asked(context.Background(), m, 20*time.Millisecond, household)
		if err != nil {
			fmt.Println(err)
			continue
		}
		score, err := withModel.Score(answers)
		fmt.Println(score.Card, score.Points, score.Band, err)
	}
	// Output:
	// with-model@1 5 high <nil>
	// illustrative@1 7 high <nil>
	// illustrative@1 7 high <nil>
}
