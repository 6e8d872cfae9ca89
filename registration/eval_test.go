package registration_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

// A member who was not asked takes no part: neither as 0, nor as unknown.
func TestMembersNotAskedTakeNoPart(t *testing.T) {
	change := r.Decimal("change", en("How did your income change?"))
	homes := r.Repeat("homes", nil, change).Exactly(r.Constant(3))
	q, err := r.New(asks(homes))
	require.NoError(t, err)
	said := func(f float64) r.Answers { return r.Of(map[string]r.Value{"change": r.DecimalValue(f)}) }
	unasked := r.Of(map[string]r.Value{"change": r.StateValue(r.NotAsked)})
	for _, c := range []struct {
		name string
		n    r.Number
		on   []r.Answers
		want r.Amount
	}{
		{"smallest", homes.Smallest(change.Value()), []r.Answers{said(40), unasked, said(7)}, r.Amount{Lo: 7, Hi: 7}},
		{"smallest, the first not asked", homes.Smallest(change.Value()), []r.Answers{unasked, said(40)}, r.Amount{Lo: 40, Hi: 40}},
		{"largest of losses", homes.Largest(change.Value()), []r.Answers{said(-40), unasked, said(-7)}, r.Amount{Lo: -7, Hi: -7}},
		{"sum", homes.Sum(change.Value()), []r.Answers{said(40), unasked, said(7)}, r.Amount{Lo: 47, Hi: 47}},
		{"nobody asked", homes.Smallest(change.Value()), []r.Answers{unasked, unasked}, r.Amount{Absent: true}},
	} {
		quantity, err := c.n.Bind(q.Shape())
		require.NoError(t, err)
		assert.Equal(t, c.want, quantity.Eval(r.Of(map[string]r.Value{"homes": r.RowsValue(c.on...)})), c.name)
	}
}

// While an answer is unknown, a comparison with an end of its range is, too: it
// may be that end.
func TestComparingWithTheEndsOfARange(t *testing.T) {
	q, err := r.New(asks(count, last))
	require.NoError(t, err)
	for _, c := range []struct {
		op   string
		with float64
		want r.Truth
	}{
		{"!=", -1, r.Yes},
		{"!=", 0, r.Unknown},
		{"!=", 5, r.Unknown},
		{"!=", 6, r.Yes},
		{"==", -1, r.No},
		{"==", 0, r.Unknown},
		{"==", 5, r.Unknown},
		{"==", 6, r.No},
	} {
		test, err := count.Value().Plus(r.Constant(0)).Compare(c.op, r.Constant(c.with)).Bind(q.Shape())
		require.NoError(t, err)
		assert.Equal(t, c.want, test.Eval(r.Answers{}), "0 to 5 %s %v", c.op, c.with)
	}
}

// Where only one end of a sum is infinity less infinity, the whole is unknown,
// and no end is NaN.
func TestInfinityLessInfinity(t *testing.T) {
	q, err := r.New(asks(bounded(0, inf), last))
	require.NoError(t, err)
	open := r.Integer("b", nil).Value()
	huge := r.Constant(math.MaxFloat64).Times(r.Constant(2))
	for name, n := range map[string]r.Number{
		"the upper end": r.Constant(-math.MaxFloat64).Times(r.Constant(2)).Plus(open),
		"the lower end": huge.Minus(open),
	} {
		quantity, err := n.Bind(q.Shape())
		require.NoError(t, err)
		assert.Equal(t, r.Amount{Lo: -inf, Hi: inf}, quantity.Eval(r.Answers{}), name)
	}
}

func TestCalculatedZeroHasNoSign(t *testing.T) {
	iv := begin(t, count, r.Calculated("less", count.Value().Times(r.Constant(-1))), last)
	say(t, iv, "0")
	v := iv.Answers().Get("less")
	s, ok := v.Words()
	require.True(t, ok)
	require.Equal(t, "0", s)
	require.True(t, v.Equal(r.DecimalValue(0)))
}
