package registration_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

func person(years int64) r.Answers {
	return r.Of(map[string]r.Value{"years": r.IntValue(years)})
}

// TestThreeTruths reads as the rules are written in doc.go, one line each.
func TestThreeTruths(t *testing.T) {
	q, err := r.New(asks(r.OrUnknown(count), okay, levels, wants, words, r.Date("born", en("Born?")), r.Decimal("pay", en("Pay?")).Between(0, 100), crew))
	require.NoError(t, err)
	pay := r.Decimal("pay", nil)
	born := r.Date("born", nil)
	crewOf := func(as ...r.Answers) map[string]r.Value { return map[string]r.Value{"crew": r.RowsValue(as...)} }
	unsure := r.Of(map[string]r.Value{"years": r.StateValue(r.DontKnow)})
	var (
		missing = map[string]r.Value{}
		asked   = map[string]r.Value{"count": r.IntValue(3), "ok": r.BoolValue(true), "level": r.OptionValue("some"), "wants": r.OptionsValue("food"), "words": r.WordsValue("так"), "born": r.DateValue(2026, 3, 15), "pay": r.DecimalValue(12.5)}
		unasked = map[string]r.Value{"count": r.StateValue(r.NotAsked), "ok": r.StateValue(r.NotAsked), "crew": r.StateValue(r.NotAsked), "wants": r.StateValue(r.NotAsked)}
		unknown = map[string]r.Value{"count": r.StateValue(r.DontKnow), "ok": r.StateValue(r.Refused)}
	)
	for _, c := range []struct {
		name string
		cond r.Condition
		on   map[string]r.Value
		want r.Truth
	}{
		{"answered", count.AtLeast(3), asked, r.Yes},
		{"answered otherwise", count.AtLeast(4), asked, r.No},
		{"not asked", count.AtLeast(0), unasked, r.No},
		{"not of not asked", r.Not(count.AtLeast(0)), unasked, r.Yes},
		{"missing", count.AtLeast(3), missing, r.Unknown},
		{"not known", count.AtLeast(3), unknown, r.Unknown},
		{"refused", okay.Yes(), unknown, r.Unknown},
		{"yes", okay.Yes(), asked, r.Yes},
		{"no", okay.No(), asked, r.No},
		{"no is not not-yes", okay.No(), unasked, r.No},
		{"all, one no", r.All(count.AtLeast(3), okay.No()), asked, r.No},
		{"all, one unknown", r.All(okay.Yes(), count.AtLeast(1)), map[string]r.Value{"ok": r.BoolValue(true)}, r.Unknown},
		{"all, decided in spite of unknown", r.All(count.AtLeast(1), okay.Yes()), map[string]r.Value{"ok": r.BoolValue(false)}, r.No},
		{"any, decided in spite of unknown", r.Any(count.AtLeast(1), okay.Yes()), map[string]r.Value{"ok": r.BoolValue(true)}, r.Yes},
		{"all of nothing", r.All(), missing, r.Yes},
		{"any of nothing", r.Any(), missing, r.No},
		{"the zero condition", r.Condition{}, missing, r.Yes},
		{"option", levels.Is("some"), asked, r.Yes},
		{"one of several options", levels.Is("no", "some"), asked, r.Yes},
		{"order of options", levels.AtLeast("some"), asked, r.Yes},
		{"order of options, above", levels.AtLeast("very"), asked, r.No},
		{"order of options, below", levels.AtMost("no"), asked, r.No},
		{"chosen", wants.Has("food"), asked, r.Yes},
		{"not chosen", wants.Has("rent"), asked, r.No},
		{"how many chosen", wants.Chosen().Equals(1), asked, r.Yes},
		{"words", words.Is("так"), asked, r.Yes},
		{"day before", born.Before(march), asked, r.No},
		{"day on", born.OnOrAfter(march), asked, r.Yes},
		{"decimal", pay.LessThan(12.51), asked, r.Yes},
		{"state", count.IsUnknown(), unknown, r.Yes},
		{"state refused", okay.IsRefused(), unknown, r.Yes},
		{"state of missing", count.IsAnswered(), missing, r.No},
		{"state not asked", count.WasNotAsked(), unasked, r.Yes},

		{"sum", count.Value().Plus(pay.Value()).Equals(15.5), asked, r.Yes},
		{"sum with what was not asked", count.Value().Plus(pay.Value()).Equals(3), map[string]r.Value{"count": r.IntValue(3), "pay": r.StateValue(r.NotAsked)}, r.Yes},
		{"sum of what was not asked", count.Value().Plus(count.Value()).AtLeast(0), unasked, r.No},
		{"the range decides", count.Value().Plus(r.Constant(1)).AtLeast(1), missing, r.Yes},
		{"the range does not decide", count.Value().Plus(r.Constant(1)).AtLeast(2), missing, r.Unknown},
		{"division", pay.Value().Over(count.Value()).MoreThan(4), asked, r.Yes},
		{"division by what may be 0", pay.Value().Over(count.Value()).AtLeast(0), map[string]r.Value{"pay": r.DecimalValue(1)}, r.Unknown},
		{"division by 0", pay.Value().Over(r.Constant(0)).AtLeast(0), asked, r.Unknown},
		{"smallest", r.Smallest(count.Value(), pay.Value()).Equals(3), asked, r.Yes},
		{"largest, one not asked", r.Largest(count.Value(), pay.Value()).Equals(7), map[string]r.Value{"count": r.StateValue(r.NotAsked), "pay": r.DecimalValue(7)}, r.Yes},
		{"not equal", count.Value().Compare("!=", r.Constant(4)), asked, r.Yes},
		{"equal, perhaps", count.Value().Plus().Compare("!=", r.Constant(4)), missing, r.Unknown},

		{"any member", crew.Any(years.AtLeast(60)), crewOf(person(5), person(70)), r.Yes},
		{"no member", crew.Any(years.AtLeast(60)), crewOf(person(5)), r.No},
		{"any, one unsure", crew.Any(years.AtLeast(60)), crewOf(person(5), unsure), r.Unknown},
		{"any of none", crew.Any(years.AtLeast(0)), crewOf(), r.No},
		{"every of none", crew.Every(years.AtLeast(200)), crewOf(), r.Yes},
		{"every, one not", crew.Every(years.AtLeast(18)), crewOf(unsure, person(5)), r.No},
		{"roster not asked", crew.Any(years.AtLeast(0)), unasked, r.No},
		{"roster missing", crew.Any(years.AtLeast(0)), missing, r.Unknown},
		{"count of members", crew.Count(years.AtLeast(18)).Equals(2), crewOf(person(18), person(40), person(17)), r.Yes},
		{"count, one unsure", crew.Count(years.AtLeast(18)).AtLeast(2), crewOf(person(40), unsure), r.Unknown},
		{"count, decided", crew.Count(years.AtLeast(18)).AtLeast(1), crewOf(person(40), unsure), r.Yes},
		{"size", crew.Size().Equals(2), crewOf(person(1), person(2)), r.Yes},
		{"sum over members", crew.Sum(years.Value()).Equals(45), crewOf(person(40), person(5)), r.Yes},
		{"smallest over members", crew.Smallest(years.Value()).LessThan(6), crewOf(person(40), person(5)), r.Yes},
		{"largest over none", crew.Largest(years.Value()).AtLeast(0), crewOf(), r.No},
		{"a member compared with the household", crew.Any(years.Value().Compare("==", count.Value())), map[string]r.Value{"count": r.IntValue(5), "crew": r.RowsValue(person(4), person(5))}, r.Yes},
	} {
		t.Run(c.name, func(t *testing.T) {
			test, err := c.cond.Bind(q.Shape())
			require.NoError(t, err)
			assert.Equal(t, c.want, test.Eval(r.Of(c.on)))
			fitted, err := r.Reshape(r.Of(c.on), q.Shape())
			require.NoError(t, err)
			assert.Equal(t, c.want, test.Eval(fitted))
		})
	}
}

func TestReads(t *testing.T) {
	q, err := r.New(asks(count, okay, crew))
	require.NoError(t, err)
	c := r.All(okay.Yes(), okay.No(), crew.Any(r.All(years.AtLeast(1), count.AtLeast(1))), r.Foreign("arith", "count > 2"))
	require.Equal(t, []string{"ok", "crew", "crew.years", "crew.count"}, c.Reads(), "before it is bound, whose count it is cannot be known")
	test, err := c.Bind(q.Shape(), arith{})
	require.NoError(t, err)
	require.Equal(t, []string{"ok", "crew", "crew.years", "count"}, test.Reads())
	quantity, err := crew.Sum(years.Value()).Bind(q.Shape())
	require.NoError(t, err)
	require.Equal(t, []string{"crew", "crew.years"}, quantity.Reads())
	require.Equal(t, []string{"crew", "crew.years"}, crew.Sum(years.Value()).Reads())
	var zero r.Test
	require.Empty(t, zero.Reads())
	require.Equal(t, r.Yes, zero.Eval(r.Answers{}))
}

func TestForeign(t *testing.T) {
	s := asks(count, r.When(r.Foreign("arith", "count > 2"), words), r.Calculated("again", r.ForeignNumber("arith", "count")), last)
	s.Evaluators = []r.Evaluator{arith{}}
	q, err := r.New(s)
	require.NoError(t, err)
	iv := q.Begin("")
	say(t, iv, "3")
	requireAt(t, iv, "words", -1)
	require.True(t, iv.Back())
	say(t, iv, "2")
	requireAt(t, iv, "last", -1)
	f, _ := iv.Answers().Get("again").Float()
	require.Equal(t, 2.0, f)

	b, err := q.MarshalJSON()
	require.NoError(t, err)
	_, err = r.Load(b, r.Extras{})
	require.ErrorContains(t, err, "pass one in Evaluators")
	loaded, err := r.Load(b, r.Extras{Evaluators: []r.Evaluator{arith{}}})
	require.NoError(t, err)
	require.Equal(t, q.Hash(), loaded.Hash())
	test, err := r.Foreign("arith", "count > 2").Bind(q.Shape(), arith{})
	require.NoError(t, err)
	require.Equal(t, r.Unknown, test.Eval(r.Answers{}), "a program that gives no yes or no leaves it unknown")
}
