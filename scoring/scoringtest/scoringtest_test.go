package scoringtest_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/scoringtest"
)

func en(s string) hubkit.Text { return hubkit.Text{"en": s} }

var (
	language = r.Choice("spoken", en("Language?"), r.Opt("uk", en("Ukrainian")), r.Opt("ru", en("Russian")))
	alone    = r.YesNo("alone", en("Alone with children?"))
	since    = r.Date("since", en("Since when?")).InPast()
	income   = r.Decimal("income", en("Income?")).Between(0, 50000).Digits(2)
	needs    = r.Choices("needs", en("Needs?"), r.Opt("food", en("Food")), r.Opt("rent", en("Rent")), r.Opt("none", en("None"))).Alone("none")
	phone    = r.Phone("phone", "380", en("Phone?"))
	account  = r.Account("account", en("Account?"))
	id       = r.NationalID("tax_number", en("Tax number?"), "ua-rnokpp")
	name     = r.Words("name", en("Name?"))
	photo    = r.Photo("photo", en("Photo?"))
	place    = r.Location("place", en("Where?"))
	size     = r.Integer("size", en("How many?")).Between(1, 8)
	age      = r.Integer("age", en("Age?")).Between(0, 120)
	pregnant = r.YesNo("pregnant", en("Pregnant?"))
	members  = r.Repeat("members", en("Person {n}"), age, r.When(age.AtLeast(12), r.OrUnknown(r.OrRefuse(pregnant)))).Times(size)

	form = r.MustNew(r.Spec{
		ID: "kit", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: r.Parts(language, r.OrRefuse(alone), r.When(alone.Yes(), since), income, r.OrUnknown(needs), r.Optional(phone, account, photo, place),
			size, members, r.StopUnless(size.AtMost(7), "too_many", en("Sorry")), name, id, r.Summary(en("Is this right?"))),
	})
	card = scoring.MustNew(scoring.CardSpec{
		ID: "kit", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(3, "older", members.Any(age.AtLeast(60))),
			scoring.Per(2, "small", members.Count(age.AtMost(5))).Cap(6),
			scoring.Add(2, "alone", alone.Yes()),
			scoring.Add(1, "pregnant", members.Any(pregnant.Yes())),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"), scoring.From(8, "high")),
	}, form.Shape())
	generator = scoringtest.Generator{Form: form, Seed: 7, Replies: map[string][]string{"tax_number": {"3184710691"}}}
)

func person(years int64) r.Answers { return r.Of(map[string]r.Value{"age": r.IntValue(years)}) }

func two() r.Answers {
	return r.Of(map[string]r.Value{
		"spoken": r.OptionValue("uk"), "alone": r.BoolValue(false), "size": r.IntValue(2), "income": r.DecimalValue(100),
		"members": r.RowsValue(person(30), person(10)),
	})
}

// failing records failures instead of failing.
type failing struct {
	testing.TB
	said []string
}

func (f *failing) Helper()                   {}
func (f *failing) Errorf(s string, a ...any) { f.said = append(f.said, fmt.Sprintf(s, a...)) }
func (f *failing) Fatalf(s string, a ...any) { f.said = append(f.said, fmt.Sprintf(s, a...)) }
func (f *failing) all() string               { return strings.Join(f.said, "\n") }

func TestSoundCard(t *testing.T) {
	scoringtest.Golden(t, card, "testdata/households.csv")
	scoringtest.NeverFalls(t, card, two(), size, 1, 2, 8)
	scoringtest.NeverRises(t, card, two(), income, 10, 100.5, 4000)
	scoringtest.Ignores(t, card, two(), "spoken", "income", "name", "needs", "size", "since", "phone")
	scoringtest.ForAll(t, generator, 300,
		scoringtest.Pure(card), scoringtest.RoundTrip(card), scoringtest.MemberOrder(card), scoringtest.CriteriaOrder(card), scoringtest.Interval(card),
		scoringtest.Monotone(card, alone, false, true), scoringtest.Monotone(card, age, 30, 60, 90),
		scoringtest.Blind(card, "spoken"), scoringtest.Unchanged(card, card))
	scoringtest.Stable(t, card, 0.1, 0.5, scoringtest.Take(t, generator, 200))
}

// Each law is seen failing for a rule that breaks it, with a household that is
// as small as can be.
func TestBrokenRules(t *testing.T) {
	var calls atomic.Int64
	points := func(f func(a r.Answers) float64) scoring.Scorer {
		return scoring.Func(func(a r.Answers) (scoring.Score, error) {
			x := f(a)
			return scoring.Score{Card: "broken@1", Points: x, Lo: x, Hi: x, Eligible: r.Yes}, nil
		})
	}
	sum := func(a r.Answers) (ages []int) {
		for m := range members.From(a) {
			n, _ := age.From(m)
			ages = append(ages, n)
		}
		return ages
	}
	first := points(func(a r.Answers) float64 {
		if ages := sum(a); len(ages) > 0 && ages[0] >= 18 {
			return 1
		}
		return 0
	})
	biased := points(func(a r.Answers) float64 {
		if l, _ := language.From(a); l == "ru" {
			return 1
		}
		return 2
	})
	peak := points(func(a r.Answers) float64 {
		for _, n := range sum(a) {
			if n >= 60 && n < 80 {
				return 3
			}
		}
		return 0
	})
	stateful := points(func(r.Answers) float64 { return float64(calls.Add(1)) })
	zero := points(func(a r.Answers) float64 {
		if yes, _ := alone.From(a); yes {
			return 2
		}
		return 0
	})
	cases := map[string]struct {
		law           scoringtest.Law
		say, smallest string
	}{
		"member order": {scoringtest.MemberOrder(first), "the order of members matters", `{"members":{"rows":[{},{"age":18}]}}`},
		"blind":        {scoringtest.Blind(biased, "spoken"), "spoken matters", `{}`},
		"monotone":     {scoringtest.Monotone(peak, age, 30, 60, 90), "fall from 3 to 0 when members.1.age goes from 60 to 90", `{"members":{"rows":[{}]}}`},
		"interval":     {scoringtest.Interval(zero), "without alone the score is said to lie between 0 and 0", `{"alone":true}`},
		"unchanged":    {scoringtest.Unchanged(zero, peak), "broken@1 gives", `{`},
	}
	for n, tc := range cases {
		t.Run(n, func(t *testing.T) {
			f := &failing{TB: t}
			if n == "monotone" { // the function has no shape to find the question in
				a := r.Of(map[string]r.Value{"size": r.IntValue(1), "members": r.RowsValue(person(40))})
				scoringtest.Check(f, a, tc.law)
			} else {
				scoringtest.ForAll(f, generator, 200, tc.law)
			}
			require.Len(t, f.said, 1, "a broken law is told once")
			assert.Contains(t, f.all(), tc.say)
			assert.Contains(t, f.all(), "for the household "+tc.smallest)
		})
	}
	first1 := scoring.MustNew(scoring.CardSpec{
		ID: "first", Version: "1", Groups: []scoring.Group{{ID: "g", Hit: scoring.First}},
		Criteria: scoring.Criteria(scoring.Add(1, "a", alone.Yes()).In("g"), scoring.Add(2, "b", size.AtLeast(2)).In("g")),
	}, form.Shape())
	f := &failing{TB: t}
	scoringtest.ForAll(f, generator, 100, scoringtest.CriteriaOrder(first1))
	assert.Contains(t, f.all(), "the order of the criteria matters")
	assert.Contains(t, f.all(), `for the household {"size":2}`)

	f = &failing{TB: t}
	scoringtest.ForAll(f, generator, 1, scoringtest.Pure(stateful))
	assert.Contains(t, f.all(), "the same answers give")
}

func TestMutatedCards(t *testing.T) {
	for name, change := range map[string]func(s *scoring.CardSpec){
		"weight": func(s *scoring.CardSpec) { s.Criteria[0].Points = 4 },
		"cap":    func(s *scoring.CardSpec) { s.Criteria[1] = s.Criteria[1].Cap(3) },
		"edge":   func(s *scoring.CardSpec) { s.Bands[1] = scoring.From(5, "medium") },
		"open":   func(s *scoring.CardSpec) { s.Bands[1] = scoring.Above(4, "medium") },
		"age":    func(s *scoring.CardSpec) { s.Criteria[0].If = members.Any(age.AtLeast(59)) },
	} {
		t.Run(name, func(t *testing.T) {
			s := card.Spec()
			s.Criteria = append([]scoring.Criterion(nil), s.Criteria...)
			s.Bands = scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"), scoring.From(8, "high"))
			change(&s)
			f := &failing{TB: t}
			scoringtest.Golden(f, scoring.MustNew(s, form.Shape()), "testdata/households.csv")
			assert.NotEmpty(t, f.said, "the table must notice it")
			g := &failing{TB: t}
			scoringtest.ForAll(g, generator, 300, scoringtest.Unchanged(card, scoring.MustNew(s, form.Shape())))
			assert.NotEmpty(t, g.said, "random households must notice it")
		})
	}
}

func TestWrongUse(t *testing.T) {
	for name, use := range map[string]func(t testing.TB){
		"no question has the key":   func(t testing.TB) { scoringtest.Ignores(t, card, two(), "colour") },
		"no such file":              func(t testing.TB) { scoringtest.Golden(t, card, "testdata/none.csv") },
		"is no answer":              func(t testing.TB) { scoringtest.NeverFalls(t, card, two(), size, []int{1}) },
		"has no Form":               func(t testing.TB) { scoringtest.ForAll(t, scoringtest.Generator{}, 1) },
		`"tax_number" accepts none`: func(t testing.TB) { scoringtest.ForAll(t, scoringtest.Generator{Form: form}, 50) },
		"share of 2":                func(t testing.TB) { scoringtest.Stable(t, card, 2, 0.1, []r.Answers{two()}) },
		"none of 0 households":      func(t testing.TB) { scoringtest.Stable(t, card, 0.1, 0.1, nil) },
		"move 9":                    func(t testing.TB) { scoringtest.Stable(t, edgy(), 0.5, 0, []r.Answers{two()}) },
	} {
		f := &failing{TB: t}
		use(f)
		assert.Contains(t, f.all(), name)
	}
}

// edgy is a card on whose edge two() stands, with any weight below 1.
func edgy() *scoring.Card {
	return scoring.MustNew(scoring.CardSpec{
		ID: "edgy", Version: "1", Criteria: scoring.Criteria(scoring.Per(1, "size", size.Value())),
		Bands: scoring.Bands(scoring.From(0, "low").Below(1.99), scoring.From(1.99, "mid").UpTo(2.01), scoring.Above(2.01, "high")),
	}, form.Shape())
}

func TestReadTableMistakes(t *testing.T) {
	for in, say := range map[string]string{
		"":                              "there is no header",
		"sizes,=points\n1,2\n":          `column "sizes": no question has this key`,
		"members.1.weight\n1\n":         "no question has this key",
		"size,=point\n1,2\n":            "use =points",
		"size,size\n1,2\n":              "two columns",
		"size,\n1,2\n":                  "no name",
		"size\n1,2\n":                   "line 2: it has 2 cells",
		"size\nmany\n":                  `line 2, column "size": it must be a whole number`,
		"alone\nmaybe\n":                "yes or no",
		"income\n1,5\n":                 "2 cells",
		"income\nNaN\n":                 "with a point",
		"since\n24.02.2022\n":           "2022-02-24",
		"spoken\npl\n":                  "one of uk, ru",
		"photo\nx.jpg\n":                "no form in a table",
		"name\n\"Олена\n":               "line 2",
		"case,members.1.age\nx,\"1\n\n": "line 3",
	} {
		var errs []string
		for _, err := range scoringtest.ReadTable(strings.NewReader(in), form.Shape()) {
			if err != nil {
				var te *scoringtest.TableError
				require.ErrorAs(t, err, &te)
				errs = append(errs, err.Error())
			}
		}
		assert.Contains(t, strings.Join(errs, "\n"), say, "%q", in)
	}
}

func TestReadTableCells(t *testing.T) {
	in := "\ufeffspoken,alone,needs,since,income,name,members.1.age,members.2.age\nuk,yes,food rent,2022-02-24,12.5,Ї 🦔,30,dont_know\n,0,none,,,refused,,\n"
	var rows []r.Answers
	for row, err := range scoringtest.ReadTable(strings.NewReader(in), form.Shape()) {
		require.NoError(t, err)
		rows = append(rows, row.Answers)
	}
	require.Len(t, rows, 2)
	assert.True(t, rows[0].Equal(r.Of(map[string]r.Value{
		"spoken": r.OptionValue("uk"), "alone": r.BoolValue(true), "needs": r.OptionsValue("food", "rent"), "since": r.DateValue(2022, 2, 24),
		"income": r.DecimalValue(12.5), "name": r.WordsValue("Ї 🦔"),
		"members": r.RowsValue(person(30), r.Of(map[string]r.Value{"age": r.StateValue(r.DontKnow)})),
	})))
	// needs has an option "none" of its own.
	assert.True(t, rows[1].Equal(r.Of(map[string]r.Value{
		"alone": r.BoolValue(false), "needs": r.OptionsValue("none"), "name": r.StateValue(r.Refused),
	})))
	for row, err := range scoringtest.ReadTable(strings.NewReader("a,b,c,d,e\nyes,3,2.5,own,2022-02-24\n"), nil) {
		require.NoError(t, err)
		n, _ := row.Answers.Get("b").Int()
		assert.EqualValues(t, 3, n)
		assert.Equal(t, r.KindDate, row.Answers.Get("e").Kind())
		assert.Equal(t, r.KindOne, row.Answers.Get("d").Kind())
	}
}

// The generator reaches every corner of the questionnaire, and only that.
func TestGenerator(t *testing.T) {
	seen := map[string]int{}
	n := 0
	for a, err := range generator.Households() {
		require.NoError(t, err)
		for k, v := range a.All() {
			seen[k+" "+v.State().String()]++
		}
		yes, _ := alone.From(a)
		_, dated := since.From(a)
		require.Equal(t, yes, dated, "skip logic")
		people, _ := size.From(a)
		rows := 0
		for m := range members.From(a) {
			rows++
			years, _ := age.From(m)
			if years < 12 {
				require.Equal(t, r.NotAsked, m.Get("pregnant").State())
			}
			seen["pregnant "+m.Get("pregnant").State().String()]++
		}
		require.Equal(t, people, rows)
		_, err = card.Score(a)
		require.NoError(t, err)
		if n++; n == 400 {
			break
		}
	}
	for _, k := range []string{"since not_asked", "alone refused", "needs dont_know", "phone missing", "account answered", "photo answered", "place answered", "name missing", "pregnant refused", "pregnant dont_know", "pregnant answered"} {
		assert.NotZero(t, seen[k], k)
	}
	assert.NotZero(t, seen["name answered"])
	again := generator.Households()
	for a := range again {
		for b := range generator.Households() {
			assert.True(t, a.Equal(b), "the same seed, the same households")
			break
		}
		break
	}
}

func FuzzReadTable(f *testing.F) {
	f.Add("case,size,members.1.age,=points\nх🦔,2,30,3\n")
	f.Add("members,alone\nnone,\u200fнет\n")
	f.Add("members.999.age\n1\n")
	f.Fuzz(func(t *testing.T, in string) {
		for row, err := range scoringtest.ReadTable(strings.NewReader(in), form.Shape()) {
			if err == nil {
				_, _ = card.Score(row.Answers)
			}
		}
		for range scoringtest.ReadTable(strings.NewReader(in), nil) {
		}
	})
}
