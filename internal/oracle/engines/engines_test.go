package engines_test

import (
	"crypto/sha256"
	"math/rand/v2"
	"strings"
	"testing"

	"cel.dev/cel-go/cel"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// points are one number for a household, by one engine.
type points func(t testing.TB, h household) float64

// whole is the sum of all criteria as one expression.
func whole() string {
	var terms []string
	for _, c := range criteria {
		terms = append(terms, "("+c.when+" ? "+c.points+" : 0)")
	}
	return strings.Join(terms, " + ")
}

func celPrograms(t testing.TB, sources ...string) []cel.Program {
	env, err := cel.NewEnv(
		cel.Variable("displaced", cel.BoolType), cel.Variable("alone", cel.BoolType), cel.Variable("region", cel.StringType), cel.Variable("housing", cel.StringType),
		cel.Variable("needs", cel.ListType(cel.StringType)), cel.Variable("income", cel.DoubleType), cel.Variable("size", cel.IntType), cel.Variable("other_cash", cel.BoolType),
	)
	require.NoError(t, err)
	var ps []cel.Program
	for _, s := range sources {
		ast, issues := env.Compile(s)
		require.NoError(t, issues.Err())
		p, err := env.Program(ast)
		require.NoError(t, err)
		ps = append(ps, p)
	}
	return ps
}

func exprPrograms(t testing.TB, sources ...string) []*vm.Program {
	var ps []*vm.Program
	for _, s := range sources {
		p, err := expr.Compile(s, expr.Env(household{}))
		require.NoError(t, err)
		ps = append(ps, p)
	}
	return ps
}

func celPoints(t testing.TB) points {
	p := celPrograms(t, whole())[0]
	return func(t testing.TB, h household) float64 {
		out, _, err := p.Eval(h.variables())
		require.NoError(t, err)
		return float64(out.Value().(int64))
	}
}

func exprPoints(t testing.TB) points {
	p := exprPrograms(t, whole())[0]
	return func(t testing.TB, h household) float64 {
		out, err := expr.Run(p, h)
		require.NoError(t, err)
		return float64(out.(int))
	}
}

func cardPoints(t testing.TB, h household) float64 {
	s, err := card.Score(h.answers())
	require.NoError(t, err)
	return s.Points
}

func random(rnd *rand.Rand) household {
	h := household{
		Displaced: rnd.IntN(2) == 0, Alone: rnd.IntN(2) == 0, Other: rnd.IntN(2) == 0, Size: 1 + rnd.IntN(25),
		Region: []string{"near", "middle", "far"}[rnd.IntN(3)], Housing: []string{"own", "rent", "camp"}[rnd.IntN(3)],
		Income: []float64{0, 1999.99, 2000, 2000.01, 5399.99, 5400, 90000}[rnd.IntN(7)],
	}
	for _, n := range []string{"food", "rent", "medicine"} {
		if rnd.IntN(2) == 0 {
			h.Needs = append(h.Needs, n)
		}
	}
	return h
}

// Three implementations of one card, of which two are not ours, agree on every
// household, at every edge.
func TestAllAgree(t *testing.T) {
	inCEL, inExpr := celPoints(t), exprPoints(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	seen := map[float64]bool{}
	for range 5_000 {
		h := random(rnd)
		want := inCEL(t, h)
		require.Equal(t, want, inExpr(t, h), "%+v", h)
		require.Equal(t, want, cardPoints(t, h), "%+v", h)
		seen[want] = true
	}
	require.Greater(t, len(seen), 15, "the households must differ")
}

// Each criterion by itself: its reason on the card says what the engines say.
func TestEveryCriterionAgrees(t *testing.T) {
	var sources []string
	for _, c := range criteria {
		sources = append(sources, c.when)
	}
	inCEL, inExpr := celPrograms(t, sources...), exprPrograms(t, sources...)
	rnd := rand.New(rand.NewPCG(3, 4))
	for range 1_000 {
		h := random(rnd)
		s, err := card.Score(h.answers())
		require.NoError(t, err)
		for i := range criteria {
			byCEL, _, err := inCEL[i].Eval(h.variables())
			require.NoError(t, err)
			byExpr, err := expr.Run(inExpr[i], h)
			require.NoError(t, err)
			require.Equal(t, byCEL.Value(), byExpr, "%s: %+v", sources[i], h)
			require.Equal(t, byExpr, s.Reasons[i].Truth == r.Yes, "%s: %+v", sources[i], h)
		}
	}
}

// BenchmarkEngines gives one household its points; the card with a reason for each.
func BenchmarkEngines(b *testing.B) {
	h := random(rand.New(rand.NewPCG(5, 6)))
	b.Run("card", func(b *testing.B) {
		a, err := r.Reshape(h.answers(), form.Shape())
		require.NoError(b, err)
		b.ReportAllocs()
		var s scoring.Score
		for b.Loop() {
			if err := card.ScoreInto(&s, a); err != nil {
				b.Fatal(err)
			}
		}
	})
	var single []string
	for _, c := range criteria {
		single = append(single, "("+c.when+" ? "+c.points+" : 0)")
	}
	for name, sources := range map[string][]string{"one expression": {whole()}, "12 criteria": single} {
		b.Run("cel/"+name, func(b *testing.B) {
			ps, vars := celPrograms(b, sources...), h.variables()
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range ps {
					if _, _, err := p.Eval(vars); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
		b.Run("expr/"+name, func(b *testing.B) {
			ps := exprPrograms(b, sources...)
			var env any = h // once: boxing it is not the engine's work
			b.ReportAllocs()
			var m vm.VM
			for b.Loop() {
				for _, p := range ps {
					if _, err := m.Run(p, env); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
	b.Run("sha256_64KiB", func(b *testing.B) { // the machine's speed, to compare with
		buf := make([]byte, 64<<10)
		for b.Loop() {
			sha256.Sum256(buf)
		}
	})
}
