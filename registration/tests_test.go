package registration_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

// Laid out together, conditions say what each says alone.
func TestTestsAgreeWithTest(t *testing.T) {
	inner, err := r.NewShape(r.Slot{Key: "age", Kind: r.KindInteger, Min: 0, Max: 120})
	require.NoError(t, err)
	shape, err := r.NewShape(
		r.Slot{Key: "yes", Kind: r.KindBool}, r.Slot{Key: "one", Kind: r.KindOne, Options: []string{"a", "b", "c"}},
		r.Slot{Key: "many", Kind: r.KindMany, Options: []string{"a", "b", "c"}}, r.Slot{Key: "whole", Kind: r.KindInteger},
		r.Slot{Key: "part", Kind: r.KindDecimal}, r.Slot{Key: "rows", Kind: r.KindRows, Rows: inner, MaxRows: 3},
	)
	require.NoError(t, err)
	yes, one, many := r.YesNo("yes", nil), r.Choice("one", nil), r.Choices("many", nil)
	whole, part, age := r.Integer("whole", nil), r.Decimal("part", nil), r.Integer("age", nil)
	rows := r.Repeat("rows", nil, age)
	conditions := []r.Condition{
		{},
		yes.Yes(), yes.No(), one.Is("b"), one.AtLeast("b"), one.AtMost("b"), many.Has("b"), many.Has("c"),
		whole.AtLeast(2), whole.AtMost(2), whole.Is(2), whole.Value().MoreThan(2), whole.Value().LessThan(2), whole.Value().Compare("!=", r.Constant(2)),
		part.AtLeast(2.5), part.AtMost(2.5), part.LessThan(2.5), part.Value().MoreThan(2.5), part.Value().Equals(2.5),
		whole.Value().LessThan(2.5), whole.Value().MoreThan(1.5), whole.Value().Compare("==", r.Constant(1.5)), whole.AtMost(1 << 60), whole.Value().Compare(">=", r.Constant(1<<60)),
		whole.Value().LessThan(-1), whole.Value().Compare("<", part.Value()), r.Not(yes.Yes()), r.All(yes.Yes(), whole.AtLeast(2)), rows.Any(age.AtLeast(2)), yes.IsRefused(),
	}
	alone := make([]r.Test, len(conditions))
	for i, c := range conditions {
		alone[i], err = c.Bind(shape)
		require.NoError(t, err)
	}
	together := r.NewTests(alone...)
	var values []map[string]r.Value
	for _, n := range []int64{0, 1, 2, 3, -2, 1 << 60, 1<<60 + 1} {
		values = append(values, map[string]r.Value{
			"yes": r.BoolValue(n%2 == 0), "one": r.OptionValue(string(rune('a' + (n&3)%3))), "many": r.OptionsValue("a", string(rune('a'+(n&3)%3))),
			"whole": r.IntValue(n), "part": r.DecimalValue(float64(n) + 0.5), "rows": r.RowsValue(r.Of(map[string]r.Value{"age": r.IntValue(n)})),
		})
	}
	for _, s := range []r.State{r.Missing, r.DontKnow, r.Refused, r.NotAsked} {
		m := map[string]r.Value{}
		for k := range values[0] {
			m[k] = r.StateValue(s)
		}
		values = append(values, m)
	}
	for _, m := range values {
		byHand := r.Of(m)
		fitted, err := r.Reshape(byHand, shape)
		require.NoError(t, err)
		for _, first := range []int{0, 5} {
			got, gotByHand := make([]r.Truth, len(conditions)-first), make([]r.Truth, len(conditions)-first)
			together.EvalInto(got, first, &fitted)
			together.EvalInto(gotByHand, first, &byHand)
			for i := range got {
				want := alone[first+i].Eval(fitted)
				require.Equal(t, want, got[i], fmt.Sprint(first+i, m))
				require.Equal(t, want, gotByHand[i], fmt.Sprint(first+i, m))
			}
		}
	}
	a, err := r.Reshape(r.Answers{}, shape)
	require.NoError(t, err)
	var out [4]r.Truth
	require.Zero(t, testing.AllocsPerRun(10, func() { together.EvalInto(out[:], 1, &a) }))
}
