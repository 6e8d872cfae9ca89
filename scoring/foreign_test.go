package scoring_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// plus is a tiny foreign language: "size+income" is yes if the sum is above 100.
type plus struct{}

func (plus) Language() string { return "plus" }

func (plus) Compile(source string, scope *r.Shape) (r.Program, error) {
	keys := strings.Split(source, "+")
	for _, k := range keys {
		if _, ok := scope.Find(k); !ok {
			return nil, errors.New("it adds " + k + ", which is not asked")
		}
	}
	return sum(keys), nil
}

type sum []string

func (p sum) Reads() []string { return p }

func (p sum) Eval(a r.Answers) r.Value {
	total := 0.0
	for _, k := range p {
		x, ok := a.Get(k).Float()
		if !ok {
			return r.Value{}
		}
		total += x
	}
	return r.BoolValue(total > 100)
}

// Criteria and rules in another language count, explain, leave open and are asked
// for like any other.
func TestForeignCriteria(t *testing.T) {
	spec := illustrative()
	spec.Criteria = append(spec.Criteria, scoring.Add(5, "foreign", r.Foreign("plus", "size+income")).From("an XLSForm"))
	spec.Rules = []scoring.Rule{scoring.Require("gate", r.Foreign("plus", "income+size+size"))}
	c, err := scoring.New(spec, form.Shape(), plus{})
	require.NoError(t, err)
	s := score(t, c, household(nil))
	assert.Equal(t, 5.0, s.Points)
	assert.Equal(t, r.Yes, s.Eligible)
	assert.Equal(t, []string{"size", "income"}, c.Explain(s, "en")[0].Reads)
	s = score(t, c, household(map[string]r.Value{"income": r.DecimalValue(50)}))
	assert.Equal(t, []any{0.0, r.No}, []any{s.Points, s.Eligible})

	unknown := household(map[string]r.Value{"income": r.StateValue(r.Refused)})
	s = score(t, c, unknown)
	assert.Equal(t, []float64{0, 0, 5}, []float64{s.Points, s.Lo, s.Hi})
	gaps, err := c.NextBest(unknown)
	require.NoError(t, err)
	require.Len(t, gaps, 1)
	assert.Equal(t, "income", gaps[0].Key)
	assert.Contains(t, c.Page("en").String(), "if plus `size+income`")

	b, err := c.MarshalJSON()
	require.NoError(t, err)
	again, err := scoring.Load(b, form.Shape(), plus{})
	require.NoError(t, err)
	assert.Equal(t, c.Hash(), again.Hash())

	spec.Criteria[4].If = r.Foreign("plus", "size+weather")
	_, err = scoring.New(spec, form.Shape(), plus{})
	require.ErrorContains(t, err, "which is not asked")
}
