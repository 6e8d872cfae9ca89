package cardfile_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/cardfile"
)

func en(s string) hubkit.Text { return hubkit.Text{"en": s} }

var (
	displaced = r.YesNo("displaced", en("Displaced?"))
	alone     = r.YesNo("alone", en("Alone?"))
	housing   = r.Choice("housing", en("Housing?"), r.Opt("own", en("Own")), r.Opt("rent", en("Rent")), r.Opt("camp", en("Camp")))
	needs     = r.Choices("needs", en("Needs?"), r.Opt("food", en("Food")), r.Opt("rent", en("Rent")))
	income    = r.Decimal("income", en("Income?")).Between(0, 100000)
	size      = r.Integer("size", en("Size?")).Between(1, 25)
	age       = r.Integer("age", en("Age?")).Between(0, 120)
	walking   = r.Choice("walking", en("Walking?"), r.Opt("none", en("None")), r.Opt("some", en("Some")), r.Opt("a_lot", en("A lot")), r.Opt("cannot", en("Cannot")))
	members   = r.Repeat("members", en("Person {n}"), age, walking).AtMost(25).Times(size)
	form      = r.MustNew(r.Spec{ID: "f", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(displaced, alone, housing, needs, income, size, members)})
)

const committee = `# What the committee wrote.
id: committee
version: "2024-06"
title: {en: A card, uk: Картка}
valid_from: 2024-06-17
sources: [Minutes of 3 June]
parameters:
  - {id: income_line, value: 5400, unit: UAH per person, source: minutes}
criteria:
  - id: older_member
    points: 3
    if: {members: {any: {age: ">= 60"}}}
    because: {en: Somebody is 60 or older, uk: Є людина від 60 років}
  - id: small_child
    points: 2
    per: {members: {count: {age: "<= 5"}}}
    most: 6
  - id: poor
    points: 2.5
    if:
      compare: [{over: [income, size]}, "<", $income_line]
    missing: refuse
  - id: alone_in_rent
    points: 1
    if: {alone: yes, housing: [rent, camp], displaced: no}
    group: housing
  - id: old_and_ill
    points: 4
    if:
      members: {any: {age: "> 69", walking: {at_least: a_lot}}}
    group: housing
    missing: {do: default, points: 1, because: {en: The average, uk: Середнє}}
  - id: many_needs
    points: 0.5
    per: {chosen: needs}
    if: {any: [{needs: {has: food}}, {not: {size: 1}}, {alone: {state: refused}}]}
groups:
  - {id: housing, hit: highest}
rules:
  - {id: displaced, if: {displaced: yes}, source: UNHCR}
bands:
  - {id: low, at_least: 0, less_than: 4}
  - {id: high, at_least: 4}
ties:
  - {id: by_size, by: size}
checks:
  - {id: roster, if: {compare: [{members: size}, "==", size]}, source: minutes}
phrases:
  change: {uk: "Інакше було б через: {reasons}"}
`

// goCard is the same card in Go.
func goCard() scoring.CardSpec {
	line := scoring.Parameter{ID: "income_line", Value: 5400, Unit: "UAH per person", Source: "minutes"}
	return scoring.CardSpec{
		ID: "committee", Version: "2024-06", Title: hubkit.Text{"en": "A card", "uk": "Картка"}, ValidFrom: "2024-06-17", Sources: []string{"Minutes of 3 June"},
		Parameters: []scoring.Parameter{line},
		Criteria: scoring.Criteria(
			scoring.Add(3, "older_member", members.Any(age.AtLeast(60))).Because(hubkit.Text{"en": "Somebody is 60 or older", "uk": "Є людина від 60 років"}),
			scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6),
			scoring.Add(2.5, "poor", income.Value().Over(size.Value()).Compare("<", line.Number())).Missing(scoring.Refuse()),
			scoring.Add(1, "alone_in_rent", r.All(alone.Yes(), housing.Is("rent", "camp"), displaced.No())).In("housing"),
			scoring.Add(4, "old_and_ill", members.Any(r.All(age.Value().MoreThan(69), walking.AtLeast("a_lot")))).In("housing").
				Missing(scoring.Default(1, hubkit.Text{"en": "The average", "uk": "Середнє"})),
			scoring.Per(0.5, "many_needs", needs.Chosen()).When(r.Any(needs.Has("food"), r.Not(size.Is(1)), alone.IsRefused())),
		),
		Groups:  []scoring.Group{{ID: "housing", Hit: scoring.Highest}},
		Rules:   []scoring.Rule{scoring.Require("displaced", displaced.Yes()).From("UNHCR")},
		Bands:   scoring.Bands(scoring.From(0, "low").Below(4), scoring.From(4, "high")),
		Ties:    []scoring.Tie{{ID: "by_size", By: size.Value()}},
		Checks:  []scoring.Check{{ID: "roster", If: members.Size().Compare("==", size.Value()), Source: "minutes"}},
		Phrases: map[string]hubkit.Text{"change": {"uk": "Інакше було б через: {reasons}"}},
	}
}

// A card is the same card in Go, in YAML, in JSON, and written and read again.
func TestSameCard(t *testing.T) {
	want := scoring.MustNew(goCard(), form.Shape())
	asJSON, err := json.Marshal(goCard())
	require.NoError(t, err)
	asYAML, err := cardfile.Encode(goCard())
	require.NoError(t, err)
	for name, b := range map[string][]byte{"the committee's": []byte(committee), "JSON": asJSON, "encoded": asYAML} {
		c, err := cardfile.Load(b, form.Shape())
		require.NoError(t, err, "%s\n%s", name, b)
		assert.Equal(t, want.HashString(), c.HashString(), "%s\n%s", name, b)
	}
	assert.Contains(t, string(asYAML), `valid_from: "2024-06-17"`)
	number := goCard()
	number.Version, number.Title = "1", en("yes")
	b, err := cardfile.Encode(number)
	require.NoError(t, err)
	again, err := cardfile.Decode(b)
	require.NoError(t, err, "%s", b)
	assert.Equal(t, number.Version, again.Version, "a text that looks like a number")
	assert.Equal(t, number.Title, again.Title, "a text that looks like a truth")
	assert.Contains(t, string(asYAML), "if: {op: ")
}

func TestMistakesHaveLines(t *testing.T) {
	for name, tc := range map[string]struct {
		old, new string
		line     int
		say      string
	}{
		"a typing error in a field":   {"points: 3", "pionts: 3", 11, `no field "pionts"`},
		"a typing error at the top":   {"sources:", "source:", 6, `no field "source"`},
		"a number in words":           {"points: 3", "points: three", 11, "must be a number"},
		"a number as a version":       {`version: "2024-06"`, "version: 2024", 3, "in quotes"},
		"a list that is none":         {"criteria:\n  - id: older_member\n    points: 3\n    if: {members: {any: {age: \">= 60\"}}}\n    because: {en: Somebody is 60 or older, uk: Є людина від 60 років}\n", "criteria:\n", 9, ""},
		"no number":                   {`">= 60"`, `">= sixty"`, 12, `"sixty" is no number`},
		"not a number":                {"value: 5400", "value: .nan", 8, "no number that can be used"},
		"hexadecimal":                 {"points: 3", "points: 0x10", 11, "no number that can be used"},
		"an unknown parameter":        {"$income_line]", "$line]", 21, `no parameter "line"`},
		"an unknown calculation":      {"{over: [income", "{above: [income", 21, `no calculation "above"`},
		"an unknown test":             {"{at_least: a_lot}", "{atleast: a_lot}", 30, `no "atleast"`},
		"a sign that is none":         {`"<", $income`, `"less", $income`, 21, "a sign"},
		"any of one":                  {"{any: [{needs: {has: food}}, {not: {size: 1}}, {alone: {state: refused}}]}", "{any: {needs: {has: food}}}", 36, "takes a list"},
		"an alias":                    {"title: {en: A card, uk: Картка}", "title: &a {en: A card, uk: Картка}", 4, "write it out"},
		"a field twice":               {"points: 3", "points: 3\n    points: 4", 12, "twice"},
		"two cards":                   {"ties:\n", "---\nid: x\nties:\n", 0, "holds one card"},
		"broken YAML":                 {"title: {en: A card, uk: Картка}", "title: {en: A card", 0, "not YAML"},
		"an unknown question":         {"{alone: yes, housing", "{lonely: yes, housing", 23, "lonely"},
		"an option that is not there": {"[rent, camp]", "[rent, palace]", 23, "palace"},
		"a cap that cannot bind":      {"most: 6", "most: 60", 14, "can never bind"},
		"bands with a gap":            {"{id: high, at_least: 4}", "{id: high, at_least: 5}", 43, "gap"},
		"a missing translation":       {", uk: Є людина від 60 років", "", 10, "no text in this language"},
		"an unknown policy":           {"missing: refuse", "missing: guess", 18, "refuse"},
		"a check that says nothing":   {"==\", size]}", "==\", weight]}", 47, "weight"},
		"a phrase that is none":       {"  change: {uk", "  changes: {uk", 49, "changes"},
		"an empty condition":          {"if: {displaced: yes}", "if: {}", 40, "empty"},
		"a condition in words":        {"if: {displaced: yes}", "if: displaced", 40, "is a mapping"},
		"a parameter left blank":      {"value: 5400", "value: ", 8, `"value" is empty`},
		"a parameter without value":   {"value: 5400, ", "", 8, "needs its value"},
		"a default left blank":        {"{do: default, points: 1", "{do: default, points: ", 32, `"points" is empty`},
		"a default without points":    {"{do: default, points: 1, ", "{do: default, ", 32, "needs its points"},
		"points left blank":           {"points: 3", "points:", 11, `"points" is empty`},
		"a cap left blank":            {"most: 6", "most: ~", 17, `"most" is empty`},
		"a band's edge left blank":    {"{id: high, at_least: 4}", "{id: high, at_least: }", 43, `"at_least" is empty`},
		"a title left blank":          {"title: {en: A card, uk: Картка}", "title: {en: , uk: Картка}", 4, `"en" is empty`},
		"a source left blank":         {"[Minutes of 3 June]", "[null]", 6, "is empty"},
		"a field in capitals":         {"points: 3", "points: 3\n    Points: 9", 12, "small letters"},
		"a field at the top, so too":  {"version: \"2024-06\"", "version: \"2024-06\"\nVersion: \"9\"", 4, "small letters"},
		"a policy in capitals":        {"{do: default, points: 1", "{do: default, points: 1, Points: 0.5", 32, "small letters"},
		"points in quotes":            {"points: 3", `points: "3"`, 11, "must be a number, and is a text (write digits, without quotes)"},
	} {
		t.Run(name, func(t *testing.T) {
			in := strings.Replace(committee, tc.old, tc.new, 1)
			require.NotEqual(t, committee, in)
			_, err := cardfile.Load([]byte(in), form.Shape())
			if name == "a list that is none" { // the rest of the list is still a list
				require.NoError(t, err)
				return
			}
			var all cardfile.Mistakes
			require.ErrorAs(t, err, &all)
			for _, m := range all {
				if strings.Contains(m.Say, tc.say) && (tc.line == 0 || m.Line == tc.line) {
					return
				}
			}
			t.Errorf("no %q at line %d in: %v", tc.say, tc.line, err)
		})
	}
	for in, say := range map[string]string{
		"": "empty", "- a\n": "begins with fields", "criteria: 3\nid: x": "must be a list", "criteria: [3]": "has fields", "42": "begins with fields",
		strings.Repeat("a: [", 200) + strings.Repeat("]", 200): "", "a: &x [1]\nb: [*x, *x]": "write it out", "\xff\xfe": "",
	} {
		_, err := cardfile.Decode([]byte(in))
		require.ErrorContains(t, err, say, "%q", in)
	}
}

// What a card leaves out, and a default of 0 points, are written and read again.
func TestSameCardWithoutPoints(t *testing.T) {
	spec := scoring.CardSpec{ID: "gate", Version: "1", Rules: []scoring.Rule{scoring.Require("displaced", displaced.Yes())}}
	defaults := goCard()
	defaults.Criteria[4] = defaults.Criteria[4].Missing(scoring.Default(0, hubkit.Text{"en": "Rare", "uk": "Рідко"}))
	for _, want := range []scoring.CardSpec{spec, defaults} {
		b, err := cardfile.Encode(want)
		require.NoError(t, err)
		c, err := cardfile.Load(b, form.Shape())
		require.NoError(t, err, "%s", b)
		assert.Equal(t, scoring.MustNew(want, form.Shape()).HashString(), c.HashString())
	}
	_, err := cardfile.Decode([]byte("id: x\ncriteria:\nbands:\n"))
	assert.ErrorContains(t, err, `line 2: "criteria" is empty`)
}

// Files that are too much for a card, or run in a circle, are refused with their
// place, at once and without the memory that they ask for.
func TestFilesThatAreTooMuch(t *testing.T) {
	million := func(head, each string) string { return head + strings.Repeat(each, 1_000_000) }
	many := func(head, each string) string { return head + strings.Repeat(each, 100_000) }
	for name, tc := range map[string]struct {
		read func() error
		line int
		say  string
	}{
		"a table of a million rows": {func() error {
			_, err := cardfile.CSV(strings.NewReader(million("id,points,size\n", "a,1,>= 6\n")))
			return err
		}, 10_002, "at most 10000 lines"},
		"rows by hand":              {func() error { _, err := cardfile.Table(make([][]string, 10_002)); return err }, 10_002, "at most 10000 lines"},
		"a card of a million bytes": {func() error { _, err := cardfile.Decode([]byte(million("", "id: x\n"))); return err }, 0, "more than 4 MB"},
		"a list of many":            {func() error { _, err := cardfile.Decode([]byte(many("id: x\ncriteria:\n", "-\n"))); return err }, 10_003, "at most 10000 criteria"},
		"many on one line":          {func() error { _, err := cardfile.Decode([]byte(many("bands: [", "1,") + "1]")); return err }, 1, "at most 10000 bands"},
		"a circle":                  {func() error { _, err := cardfile.Decode([]byte("id: x\ncriteria: &c\n  - *c\n")); return err }, 2, "write it out"},
		"a circle of conditions": {func() error {
			_, err := cardfile.Decode([]byte("criteria:\n- {id: a, points: 1, if: &i {all: [*i, {alone: yes}]}}\n"))
			return err
		}, 2, "write it out"},
		"laughs": {func() error {
			_, err := cardfile.Decode([]byte("a: &a [1,1]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n"))
			return err
		}, 1, "write it out"},
		"nested deeply": {func() error {
			_, err := cardfile.Decode([]byte("criteria: " + strings.Repeat("[", 5_000) + strings.Repeat("]", 5_000)))
			return err
		}, 1, "nested deeper than 100"},
		"nested as JSON": {func() error {
			_, err := cardfile.Decode([]byte(strings.Repeat("{\"a\":", 100_000) + "1" + strings.Repeat("}", 100_000)))
			return err
		}, 0, "YAML"},
		"a condition too deep": {func() error {
			_, err := cardfile.Load([]byte("id: x\nversion: \"1\"\ncriteria:\n- {id: a, points: 1, if: "+strings.Repeat("{not: ", 80)+"{alone: yes}"+strings.Repeat("}", 80)+"}\n"), form.Shape())
			return err
		}, 4, "nested more than 64 deep"},
		"a number beyond numbers": {func() error {
			_, err := cardfile.Decode([]byte("id: x\ncriteria:\n- {id: a, points: 1e999}\n"))
			return err
		}, 3, "must be a number"},
		"infinity": {func() error {
			_, err := cardfile.Decode([]byte("id: x\nbands:\n- {id: a, at_least: -.inf}\n"))
			return err
		}, 3, "no number that can be used"},
		"not a number in a table": {func() error {
			_, err := cardfile.CSV(strings.NewReader("id,points,size\na,NaN,>= 6\nb,Inf,\n"))
			return err
		}, 2, "no number"},
		"infinity in a cell": {func() error { _, err := cardfile.CSV(strings.NewReader("id,points,size\na,1,>= 1e999\n")); return err }, 2, "no number"},
	} {
		t.Run(name, func(t *testing.T) {
			err := tc.read()
			var all cardfile.Mistakes
			require.ErrorAs(t, err, &all)
			assert.Equal(t, tc.line, all[0].Line)
			assert.Contains(t, all[0].Say, tc.say)
			assert.Less(t, len(err.Error()), 10_000, "a message that can be read")
		})
	}
}

func TestMistakesComeAtOnce(t *testing.T) {
	in := strings.NewReplacer("points: 3", "points: three", "$income_line]", "$line]", "{at_least: a_lot}", "{atleast: a_lot}").Replace(committee)
	_, err := cardfile.Load([]byte(in), form.Shape())
	var all cardfile.Mistakes
	require.ErrorAs(t, err, &all)
	require.Len(t, all, 3)
	assert.Less(t, all[0].Line, all[1].Line)
	assert.Less(t, all[1].Line, all[2].Line)
}

const decisions = `id,points,group,size,housing,members.any.age,members.any.walking,per,most,missing,source,because.en
large,2,,>= 6,,,,,,,minutes,a large household
shelter,4,,,rent camp,,,,,refuse,,
older,3,age,,,60-120,,,,,,somebody is 60 or older
old_and_ill,5,age,,,> 69,a_lot cannot,,,,,
small,1,,,,<= 5,,members,4,,,
heads,0.5,,,-,,,size,,,,
owner,-1,,1,own,,,,,,,
`

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

func TestTable(t *testing.T) {
	cs, err := cardfile.CSV(strings.NewReader(decisions))
	require.NoError(t, err)
	want := scoring.Criteria(
		scoring.Add(2, "large", size.AtLeast(6)).From("minutes").Because(en("a large household")),
		scoring.Add(4, "shelter", housing.Is("rent", "camp")).Missing(scoring.Refuse()),
		scoring.Add(3, "older", members.Any(r.All(age.AtLeast(60), age.AtMost(120)))).In("age").Because(en("somebody is 60 or older")),
		scoring.Add(5, "old_and_ill", members.Any(r.All(age.Value().MoreThan(69), walking.Is("a_lot", "cannot")))).In("age"),
		scoring.Per(1, "small", members.Count(age.AtMost(5))).Cap(4),
		scoring.Per(0.5, "heads", size.Value()),
		scoring.Add(-1, "owner", r.All(size.Is(1), housing.Is("own"))),
	)
	assert.JSONEq(t, asJSON(t, want), asJSON(t, cs))
	_, err = scoring.New(scoring.CardSpec{ID: "t", Version: "1", Criteria: cs, Groups: []scoring.Group{{ID: "age", Hit: scoring.Highest}}}, form.Shape())
	require.NoError(t, err)
}

// Spreadsheet programs begin a CSV with a byte order mark, before a quote too.
func TestTableWithMark(t *testing.T) {
	want, err := cardfile.CSV(strings.NewReader("id,points,size\na,1,>= 6\n"))
	require.NoError(t, err)
	for _, in := range []string{"\ufeffid,points,size\na,1,>= 6\n", "\ufeff\"id\",\"points\",size\na,1,>= 6\n"} {
		cs, err := cardfile.CSV(strings.NewReader(in))
		require.NoError(t, err)
		assert.Equal(t, asJSON(t, want), asJSON(t, cs))
	}
}

func TestTableMistakes(t *testing.T) {
	for in, say := range map[string]string{
		"":                               "empty",
		"points\n1\n":                    `no column "id"`,
		"id,points,id\na,1,b\n":          `column "id": two columns`,
		"id,points,\na,1,\n":             "no name",
		"id,points,members.age\na,1,3\n": `line 2, column "members.age": there is no such column`,
		"id,points,size\na,many,3\n":     `line 2, column "points": "many" is no number`,
		"id,points,size\na,1,>= many\n":  `line 2, column "size": "many" is no number`,
		"id,points,size\n\na,1,60-20\n":  `line 3, column "size": the range "60-20" goes down`,
		"id,points,size,because.en\n\n\na,1,2,\"two\nlines\"\nb,x,3,\n": `line 6, column "points"`,
		"id,points,size\na,1,2,3\n":                                     "4 cells",
		"id,points,size\na,1,\"2\nb,1,3\n":                              "not CSV",
		"id,points,size,most\na,1,>= 2,lots\n":                          `column "most"`,
		"id,points,size\na,1,6+\n":                                      `line 2, column "size": "6+" is no condition`,
		"id,points,size\na,1,5-\n":                                      `line 2, column "size": the range "5-" has no upper end: write >= 5`,
		"id,points,size\na,1,-5-10\n":                                   `"-5-10" is no condition`,
		"id,points,housing\na,1,їжак\n":                                 `line 2, column "housing": "їжак" is no condition`,
		"id,points,size\na,0x10,3\n":                                    `"0x10" is no number`,
		"id,points,size\na,1_0,3\n":                                     `"1_0" is no number`,
		"id,points,size\na,1,>= 0x6\n":                                  `"0x6" is no number`,
		"id,points,size,missing\na,1,3,default\n":                       `line 2, column "missing": a default needs its points`,
	} {
		_, err := cardfile.CSV(strings.NewReader(in))
		var all cardfile.Mistakes
		require.ErrorAs(t, err, &all, "%q", in)
		assert.ErrorContains(t, err, say, "%q", in)
	}
}

// What is wrong with the card that a table makes has the line of the table.
func TestTableOfACardMistakes(t *testing.T) {
	spec := scoring.CardSpec{ID: "c", Version: "1", Bands: scoring.Bands(scoring.From(0, "low").Below(4), scoring.From(5, "high"))}
	lines := []string{"id,points,size,housing", "a,1,≥ 6,", "b,2,,rent", "b,3,,palace", "c,4,≤ 40,", "d,2,≠ 3,2-rooms"}
	broken := strings.Join(lines, "\n")
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = strings.Split(l, ",")
	}
	_, csvErr := cardfile.LoadCSV(strings.NewReader(broken), spec, form.Shape())
	_, xlsxErr := cardfile.LoadXLSX(workbook(t, rows), "Card", spec, form.Shape())
	for _, err := range []error{csvErr, xlsxErr} {
		var all cardfile.Mistakes
		require.ErrorAs(t, err, &all)
		for _, say := range []string{"line 3: criterion b: a criterion has the ID", "line 3: criterion b: ", "line 5: criterion c: all answers meet", "line 6: criterion d: ", "band high: "} {
			assert.ErrorContains(t, err, say)
		}
		assert.Zero(t, all[0].Line, "what concerns no line of the table comes first")
	}
	spec.Bands = nil
	sound := "id,points,size\na,1,≥ 6\n"
	c, err := cardfile.LoadCSV(strings.NewReader(sound), spec, form.Shape())
	require.NoError(t, err)
	x, err := cardfile.LoadXLSX(workbook(t, [][]string{{"id", "points", "size"}, {"a", "1", "≥ 6"}}), "Card", spec, form.Shape())
	require.NoError(t, err)
	spec.Criteria = scoring.Criteria(scoring.Add(1, "a", size.AtLeast(6)))
	want := scoring.MustNew(spec, form.Shape()).HashString()
	assert.Equal(t, []string{want, want}, []string{c.HashString(), x.HashString()})
	_, err = cardfile.LoadCSV(strings.NewReader("id\n"), spec, form.Shape())
	require.ErrorContains(t, err, `no column "points"`)
	_, err = cardfile.LoadXLSX(strings.NewReader(""), "", spec, form.Shape())
	require.ErrorContains(t, err, "not a workbook")
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(committee))
	f.Add([]byte("{\"id\":\"x\",\"criteria\":[{\"if\":{\"op\":\"all\",\"args\":[null]}}]}"))
	f.Add([]byte("id: їжак🦔\nbands: [{id: \u200fمرحبا}]\ncriteria:\n- {id: a, per: {plus: []}, if: {a: {any: {}}}}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := cardfile.Load(b, form.Shape())
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		out, err := cardfile.Encode(c.Spec())
		require.NoError(t, err)
		_, err = cardfile.Decode(out)
		require.NoError(t, err, "%s", out)
	})
}

func FuzzCSV(f *testing.F) {
	f.Add(decisions)
	f.Add("id,points,розмір\nх,1,🦔-\u200f\n")
	f.Fuzz(func(t *testing.T, in string) {
		cs, err := cardfile.CSV(strings.NewReader(in))
		if err == nil {
			_, _ = scoring.New(scoring.CardSpec{ID: "x", Version: "1", Criteria: cs}, form.Shape())
		}
	})
}
