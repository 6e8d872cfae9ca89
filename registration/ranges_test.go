package registration_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

func TestRanges(t *testing.T) {
	inner, err := r.NewShape(r.Slot{Key: "age", Kind: r.KindInteger, Min: 0, Max: 120}, r.Slot{Key: "free", Kind: r.KindInteger})
	require.NoError(t, err)
	shape, err := r.NewShape(
		r.Slot{Key: "days", Kind: r.KindInteger, Min: 0, Max: 7}, r.Slot{Key: "share", Kind: r.KindDecimal, Min: 0, Max: 1}, r.Slot{Key: "free", Kind: r.KindInteger},
		r.Slot{Key: "unread", Kind: r.KindInteger, Min: 0, Max: 7}, r.Slot{Key: "words", Kind: r.KindWords}, r.Slot{Key: "rows", Kind: r.KindRows, Rows: inner, MaxRows: 2},
	)
	require.NoError(t, err)
	ranges := r.NewRanges(shape, "days", "share", "free", "words", "rows", "rows.age", "rows.free", "rows.nowhere", "nowhere", "days.more")
	age := func(ns ...int64) r.Value {
		var rows []r.Answers
		for _, n := range ns {
			rows = append(rows, r.Of(map[string]r.Value{"age": r.IntValue(n), "free": r.IntValue(math.MaxInt64)}))
		}
		return r.RowsValue(rows...)
	}
	for _, tc := range []struct {
		key   string
		v     r.Value
		holds bool
	}{
		{"days", r.IntValue(0), true},
		{"days", r.IntValue(7), true},
		{"days", r.IntValue(8), false},
		{"days", r.IntValue(-1), false},
		{"days", r.StateValue(r.Refused), true},
		{"share", r.DecimalValue(1), true},
		{"share", r.DecimalValue(1.0000001), false},
		{"share", r.IntValue(2), false},
		{"free", r.IntValue(math.MinInt64), true},
		{"unread", r.IntValue(8), true},
		{"words", r.WordsValue("8"), true},
		{"rows", age(), true},
		{"rows", age(0, 120), true},
		{"rows", age(0, 121), false},
		{"rows", age(1, 2, 3), false},
		{"rows", r.StateValue(r.Missing), true},
	} {
		a, err := r.Reshape(r.Of(map[string]r.Value{tc.key: tc.v}), shape)
		require.NoError(t, err)
		assert.Equal(t, tc.holds, ranges.Hold(&a), "%s %v", tc.key, tc.v)
		assert.Zero(t, testing.AllocsPerRun(10, func() { ranges.Hold(&a) }))
	}
	other := r.Of(map[string]r.Value{"days": r.IntValue(8)})
	assert.True(t, ranges.Hold(&other), "of another shape")
}
