package scoring_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// citable is a card that has one of everything.
func citable() scoring.CardSpec {
	since := r.Date("since", en("Since when?"))
	four := 4.0
	s := illustrative()
	s.ValidFrom, s.ValidTo, s.Notes, s.Sources, s.Start = "2024-06-17", "2025-06-16", "Not in use.", []string{"Minutes of 3 June"}, 0.25
	s.Parameters = []scoring.Parameter{{ID: "line", Value: 5400, Unit: "UAH", Source: "UNHCR"}}
	s.Criteria[0], s.Criteria[2] = s.Criteria[0].In("health"), s.Criteria[2].In("health").For("protection").From("WG-SS")
	s.Groups = []scoring.Group{{ID: "health", Hit: scoring.Highest}, {ID: "more", Most: &four, Says: text{"en": "no more than 4", "uk": "не більше 4"}}}
	s.Criteria = append(
		s.Criteria,
		scoring.Add(1.5, "poor", income.Value().Over(size.Value()).Compare("<", s.Parameters[0].Number())).In("more").Missing(scoring.Refuse()),
		scoring.Add(3, "many", r.Any(needs.Has("food"), r.Not(r.All(alone.No(), housing.Is("rent", "camp"))), alone.IsRefused())).In("more").Missing(scoring.Default(1, text{"en": "mean", "uk": "середнє"})),
		scoring.Per(0.125, "log_size", size.Value()).Curved(scoring.Log).When(displaced.Yes()).Floor(0.0625),
		scoring.Add(-1, "later", since.OnOrAfter(time.Date(2022, 2, 25, 0, 0, 0, 0, time.UTC))),
		scoring.Per(0.0078125, "odd", r.Largest(size.Value().Minus(members.Size()), members.Sum(age.Value()), needs.Chosen())),
		scoring.Add(0.5, "all_walk", members.Every(walking.AtMost("some"))),
	)
	s.Checks = []scoring.Check{{ID: "roster", If: members.Size().Compare("==", size.Value()), Source: "minutes"}}
	s.Rules = []scoring.Rule{scoring.Require("displaced", displaced.Yes()).From("UNHCR"), scoring.Exclude("other", other.Yes()).For("agent")}
	s.Ties = []scoring.Tie{{ID: "by_size", By: size.Value()}, {ID: "by_income", By: income.Value(), Low: true}}
	s.Bands = scoring.Bands(scoring.Below(4, "low"), scoring.From(4, "medium"), scoring.Above(8, "high").Named(text{"en": "High need", "uk": "Висока потреба"}))
	return s
}

func citableCard(t testing.TB) *scoring.Card {
	t.Helper()
	slots := []r.Slot{{Key: "since", Kind: r.KindDate}}
	for i := range form.Shape().Len() {
		slots = append(slots, form.Shape().At(i))
	}
	shape, err := r.NewShape(slots...)
	require.NoError(t, err)
	c, err := scoring.New(citable(), shape)
	require.NoError(t, err)
	return c
}

// Every weight, cap, edge, date, parameter and source stands on the page, and the hash.
func TestPage(t *testing.T) {
	c := citableCard(t)
	p := c.Page("uk")
	assert.Equal(t, "Приклад картки", p.Title)
	assert.Equal(t, "illustrative@1, applies from 2024-06-17 to 2025-06-16, SHA-256 "+c.HashString(), p.Cite)
	cells := map[string][]string{}
	for _, s := range p.Sections {
		for _, row := range s.Rows {
			require.Len(t, row, len(s.Columns), s.Name)
			cells[s.Name+" "+row[0]] = row
		}
	}
	for at, want := range map[string][]string{
		"Card SHA-256":          {"SHA-256", c.HashString()},
		"Card Applies to":       {"Applies to", "2025-06-16"},
		"Card Start":            {"Start", "0.25"},
		"Parameters line":       {"line", "5400", "UAH", "UNHCR"},
		"Criteria older_member": {"older_member", "3", "if one of members with (age >= 60)", "", "health", "bounds", "{points, plural, one {# бал} few {# бали} many {# балів} other {# бала}}: є людина від 60 років", "", ""},
		"Criteria small_child":  {"small_child", "2", "for each 1 of the number of members with (age <= 5)", "at most 6", "", "bounds", "балів за малих дітей: {points}", "", ""},
		"Criteria cannot_walk":  {"cannot_walk", "4", "if one of members with walking is at least a_lot", "", "health", "bounds", "", "protection", "WG-SS"},
		"Criteria poor":         {"poor", "1.5", "if (income / size) < 5400", "", "more", "refuse", "", "", ""},
		"Criteria many":         {"many", "3", "if needs has food or (not ((alone is no) and (housing is rent or housing is camp))) or alone is refused", "", "more", "default: 1", "", "", ""},
		"Criteria log_size":     {"log_size", "0.125", "for each 1 of log(size), if displaced is yes", "at least 0.0625", "", "bounds", "", "", ""},
		"Criteria later":        {"later", "-1", "if since >= 2022-02-25", "", "", "bounds", "", "", ""},
		"Criteria odd":          {"odd", "0.0078125", "for each 1 of the largest of ((size - (the number of members)), (the sum of age in members), (the number of options in needs))", "", "", "bounds", "", "", ""},
		"Criteria all_walk":     {"all_walk", "0.5", "if each of members with walking is at most some", "", "", "bounds", "", "", ""},
		"Groups health":         {"health", "highest", "", ""},
		"Groups more":           {"more", "sum", "at most 4", "не більше 4"},
		"Eligibility displaced": {"displaced", "required", "displaced is yes", "", "", "UNHCR"},
		"Eligibility other":     {"other", "excludes", "other_cash is yes", "", "agent", ""},
		"Checks roster":         {"roster", "(the number of members) == size", "minutes"},
		"Bands medium":          {"medium", "[4, 8]", "medium"},
		"Bands high":            {"high", "(8, +Inf)", "Висока потреба"},
		"Ties by_income":        {"by_income", "income", "the lower number first"},
		"Sources Minutes of 3 June": {
			"Minutes of 3 June",
		},
	} {
		assert.Equal(t, want, cells[at], at)
	}
	printed := p.String()
	for _, row := range cells {
		for _, cell := range row {
			assert.Contains(t, printed, cell)
		}
	}
	assert.Contains(t, printed, "Not in use.")
	assert.True(t, strings.HasPrefix(printed, "Приклад картки\nillustrative@1, applies"))
}

// Whatever changes the hash changes the page, and every day is said as it is.
func TestPageChangesWithTheCard(t *testing.T) {
	s := illustrative()
	plain := card(t, s)
	assert.Contains(t, plain.Page("en").String(), "Applies from: always")
	assert.Equal(t, "illustrative@1, SHA-256 "+plain.HashString(), plain.Cite())
	s.ValidFrom = "2024-01-01"
	assert.Contains(t, card(t, s).Cite(), "applies from 2024-01-01,")
	s.ValidFrom, s.ValidTo = "", "2024-01-01"
	assert.Contains(t, card(t, s).Cite(), "applies to 2024-01-01,")
	s = illustrative()
	s.Criteria[0].Points = 3.5
	assert.NotEqual(t, plain.Page("en").String(), card(t, s).Page("en").String())
	s.Title = nil
	assert.Equal(t, "illustrative", card(t, s).Page("en").Title)
}
