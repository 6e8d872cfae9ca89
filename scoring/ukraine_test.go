package scoring_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// The lists of the example at every edge that is published, one household changed
// by one answer at a time.
func TestUkraineLists(t *testing.T) {
	register, err := uaRegister()
	require.NoError(t, err)
	y, n := r.BoolValue(true), r.BoolValue(false)
	people := func(ages ...int64) r.Value {
		var ms []r.Answers
		for _, a := range ages {
			ms = append(ms, person(a))
		}
		return r.RowsValue(ms...)
	}
	// A displaced mother alone with two children: on every list.
	household := func(with map[string]r.Value) r.Answers {
		pairs := map[string]r.Value{
			"displaced": y, "displaced_since": r.DateValue(2022, 2, 25), "months_displaced": r.IntValue(6), "listed_area": n, "single_head": y, "head_age": r.IntValue(34),
			"specific_need": n, "foster_family": n, "other_cash": n, "assisted_before": n, "household_size": r.IntValue(3), "income": r.IntValue(3 * 5399), "members": people(34, 17, 0),
		}
		for k, v := range with {
			pairs[k] = v
		}
		return r.Of(pairs)
	}
	yes, no := r.Yes, r.No
	cases := []struct {
		name  string
		with  map[string]r.Value
		wants [3]r.Truth // 2022-06, 2024-01, 2024-06
	}{
		{"on every list", nil, [3]r.Truth{yes, yes, yes}},
		{"one child", map[string]r.Value{"members": people(34, 17, 18)}, [3]r.Truth{no, yes, yes}},
		{"no child", map[string]r.Value{"members": people(34, 18, 18)}, [3]r.Truth{no, no, no}},
		{"a member of 60", map[string]r.Value{"members": people(34, 60, 18)}, [3]r.Truth{yes, yes, yes}},
		{"a member of 59", map[string]r.Value{"members": people(34, 59, 18)}, [3]r.Truth{no, yes, yes}},
		{"a member of 55", map[string]r.Value{"members": people(34, 55, 18)}, [3]r.Truth{no, yes, yes}},
		{"a member of 54", map[string]r.Value{"members": people(34, 54, 18)}, [3]r.Truth{no, no, no}},
		{"not alone", map[string]r.Value{"single_head": n}, [3]r.Truth{no, no, no}},
		{"a head of 60", map[string]r.Value{"single_head": n, "head_age": r.IntValue(60)}, [3]r.Truth{yes, yes, yes}},
		{"a head of 59", map[string]r.Value{"single_head": n, "head_age": r.IntValue(59)}, [3]r.Truth{no, yes, yes}},
		{"a head of 55", map[string]r.Value{"single_head": n, "head_age": r.IntValue(55)}, [3]r.Truth{no, yes, yes}},
		{"a head of 54", map[string]r.Value{"single_head": n, "head_age": r.IntValue(54)}, [3]r.Truth{no, no, no}},
		{"specific need", map[string]r.Value{"single_head": n, "specific_need": y}, [3]r.Truth{yes, yes, yes}},
		{"foster family", map[string]r.Value{"single_head": n, "foster_family": y}, [3]r.Truth{yes, yes, yes}},
		{"displaced before", map[string]r.Value{"displaced_since": r.DateValue(2022, 2, 24)}, [3]r.Truth{no, yes, yes}},
		{"displaced for seven months", map[string]r.Value{"months_displaced": r.IntValue(7)}, [3]r.Truth{yes, yes, no}},
		{"a resident of a listed area", map[string]r.Value{"displaced": n, "listed_area": y}, [3]r.Truth{no, yes, no}},
		{"a resident of elsewhere", map[string]r.Value{"displaced": n}, [3]r.Truth{no, no, no}},
		{"the income line", map[string]r.Value{"income": r.IntValue(3 * 5400)}, [3]r.Truth{yes, no, no}},
		{"cash from others", map[string]r.Value{"other_cash": y}, [3]r.Truth{no, yes, yes}},
		{"assisted before", map[string]r.Value{"assisted_before": y}, [3]r.Truth{yes, no, no}},
		{"income not said", map[string]r.Value{"income": r.StateValue(r.Refused)}, [3]r.Truth{yes, r.Unknown, r.Unknown}},
	}
	for _, tc := range cases {
		for i, day := range []scoring.Day{"2022-07-01", "2024-01-31", "2024-06-17"} {
			s, err := register.ScoreOn(day, household(tc.with))
			require.NoError(t, err)
			assert.Equal(t, tc.wants[i], s.Eligible, "%s: %s", tc.name, s.Card)
		}
	}
	for _, c := range register.Versions() {
		spec := c.Spec()
		assert.NotEmpty(t, spec.Notes, "what is not known is said")
		assert.NotEmpty(t, spec.Sources)
		for _, p := range spec.Parameters {
			assert.NotEmpty(t, p.Source, p.ID)
		}
	}
}

// The top-up: status, area, exclusions and the amount.
func TestUkraineTopUp(t *testing.T) {
	c := uaTopUp("3250", 3250)
	y, n := r.BoolValue(true), r.BoolValue(false)
	for _, tc := range []struct {
		name   string
		with   map[string]r.Value
		points float64
		want   r.Truth
	}{
		{"a pensioner", nil, 250, r.Yes},
		{"disabled since childhood", map[string]r.Value{"pensioner": n, "disabled_since_childhood": y}, 250, r.Yes},
		{"neither", map[string]r.Value{"pensioner": n}, 250, r.No},
		{"elsewhere", map[string]r.Value{"listed_area": n}, 250, r.No},
		{"an allowance", map[string]r.Value{"idp_allowance": y}, 250, r.No},
		{"other cash", map[string]r.Value{"other_cash": y}, 250, r.No},
		{"a little below the line", map[string]r.Value{"benefit": r.DecimalValue(3249.99)}, 100, r.Yes},
		{"a hundred below the line", map[string]r.Value{"benefit": r.DecimalValue(3149.5)}, 100.5, r.Yes},
	} {
		pairs := map[string]r.Value{"pensioner": y, "disabled_since_childhood": n, "listed_area": y, "benefit": r.IntValue(3000), "idp_allowance": n, "other_cash": n}
		for k, v := range tc.with {
			pairs[k] = v
		}
		s, err := c.Score(r.Of(pairs))
		require.NoError(t, err)
		assert.Equal(t, tc.points, s.Points, tc.name)
		assert.Equal(t, tc.want, s.Eligible, tc.name)
	}
	_, err := c.Score(r.Of(map[string]r.Value{"pensioner": y}))
	var unknown *scoring.UnknownError
	require.ErrorAs(t, err, &unknown, "nothing is paid on an answer that is not there")
}
