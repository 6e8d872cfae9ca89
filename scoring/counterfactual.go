package scoring

import (
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hubkit/hubkit"
)

// Counterfactual is the way to a neighbouring band in words: "3 points below
// high. It would be different if one of these changed: …".
type Counterfactual struct {
	Band string      // it leads to
	Say  string      // in Lang
	Lang hubkit.Lang // of the sentence; reasons may be in another where they lack it
}

// Counterfactuals puts the Distance of a score into words: for a person who asks
// "why not me?", and for the agent who answers. The reasons of other roles are
// left out. It must not become advice on what to answer.
//
// The sentences are there in English, Ukrainian, Russian and Arabic;
// CardSpec.Phrases adds languages.
func (c *Card) Counterfactuals(s Score, l hubkit.Lang, roles ...string) []Counterfactual {
	d := c.Distance(s, roles...)
	var out []Counterfactual
	for _, way := range []struct {
		*Step
		phrase string
	}{{d.Up, "below"}, {d.Down, "above"}} {
		if way.Step == nil {
			continue
		}
		phrase := way.phrase
		if way.Past {
			phrase += "_past"
		}
		say, used := c.phrases[phrase].In(l, hubkit.Args{"points": plain(way.Points), "band": c.BandTitle(way.Band, l)})
		if len(way.By) > 0 {
			more, _ := c.phrases["change"].In(l, hubkit.Args{"reasons": c.levers(way.By, l)})
			say += " " + more
		}
		out = append(out, Counterfactual{Band: way.Band, Say: say, Lang: used})
	}
	return out
}

// levers are the reasons of a step with the points that they would have to give.
func (c *Card) levers(by []Lever, l hubkit.Lang) string {
	says := make([]string, len(by))
	for i, lever := range by {
		says[i] = lever.ID
		line := slices.IndexFunc(c.spec.Criteria, func(x Criterion) bool { return x.ID == lever.ID })
		if say := c.says[line]; say != nil {
			n := plain(lever.Needs)
			if lever.Needs == 0 { // on the way down: what it gives now
				n = plain(lever.Points)
			}
			says[i], _ = say.In(l, hubkit.Args{"points": n, "least": n, "most": n})
		}
	}
	return strings.Join(says, "; ")
}

// phrases are the card's own words, by id, with the variables that each may use.
var phrases = map[string]struct {
	vars []string
	text hubkit.Text
}{
	"below": {[]string{"points", "band"}, hubkit.Text{
		"en": "{points, plural, one {# point} other {# points}} below {band}.", "uk": "До рівня «{band}» бракує балів: {points}.",
		"ru": "До уровня «{band}» не хватает баллов: {points}.", "ar": "النقاط الناقصة لبلوغ «{band}»: {points}.",
	}},
	"below_past": {[]string{"points", "band"}, hubkit.Text{
		"en": "More than {points, plural, one {# point} other {# points}} below {band}.", "uk": "До рівня «{band}» бракує балів: більше ніж {points}.",
		"ru": "До уровня «{band}» не хватает баллов: больше чем {points}.", "ar": "النقاط الناقصة لبلوغ «{band}»: أكثر من {points}.",
	}},
	"above": {[]string{"points", "band"}, hubkit.Text{
		"en": "{points, plural, one {# point} other {# points}} above {band}.", "uk": "Балів понад рівень «{band}»: {points}.",
		"ru": "Баллов сверх уровня «{band}»: {points}.", "ar": "النقاط فوق «{band}»: {points}.",
	}},
	"above_past": {[]string{"points", "band"}, hubkit.Text{
		"en": "More than {points, plural, one {# point} other {# points}} above {band}.", "uk": "Балів понад рівень «{band}»: більше ніж {points}.",
		"ru": "Баллов сверх уровня «{band}»: больше чем {points}.", "ar": "النقاط فوق «{band}»: أكثر من {points}.",
	}},
	"change": {[]string{"reasons"}, hubkit.Text{
		"en": "It would be different if one of these changed: {reasons}", "uk": "Результат змінило б щось одне з цього: {reasons}",
		"ru": "Результат изменило бы что-то одно из этого: {reasons}", "ar": "ستتغير النتيجة إذا تغير أحد هذه الأسباب: {reasons}",
	}},
}

// Phrases lists the card's own words in the languages that the package speaks, so
// that they can be translated for CardSpec.Phrases.
func Phrases() []hubkit.Entry {
	var out []hubkit.Entry
	for _, id := range slices.Sorted(maps.Keys(phrases)) {
		out = append(out, hubkit.Entry{ID: "card/phrases/" + id, Text: maps.Clone(phrases[id].text), Vars: slices.Clone(phrases[id].vars), Context: "how far a score is from another band; shown to the person"})
	}
	return out
}

// phrases compiles the card's own words with those of the spec.
func (p *prover) phrases() {
	for _, id := range slices.Sorted(maps.Keys(p.spec.Phrases)) {
		if _, ok := phrases[id]; !ok {
			p.fail("unknown_phrase", "phrase "+id, "there is no phrase of this name: use one of %s", strings.Join(slices.Sorted(maps.Keys(phrases)), ", "))
		}
	}
	if len(p.spec.Phrases) == 0 {
		p.c.phrases = spoken()
		return
	}
	var errs map[string]error
	p.c.phrases, errs = speak(p.spec.Phrases)
	for _, id := range slices.Sorted(maps.Keys(errs)) {
		for _, e := range flatten(errs[id]) {
			p.fail("text", "phrase "+id, "%v", e)
		}
	}
}

// spoken are the phrases as they are, compiled once for all cards.
var spoken = sync.OnceValue(func() map[string]*hubkit.Compiled {
	all, _ := speak(nil) // the package's tests compile them
	return all
})

// speak compiles the phrases with some that replace or add languages.
func speak(with map[string]hubkit.Text) (all map[string]*hubkit.Compiled, errs map[string]error) {
	all, errs = map[string]*hubkit.Compiled{}, map[string]error{}
	for id, p := range phrases {
		t := maps.Clone(p.text)
		maps.Copy(t, with[id])
		langs := []hubkit.Lang{"en"} // stands in where nothing else is there
		for _, l := range slices.Sorted(maps.Keys(t)) {
			if l != "en" {
				langs = append(langs, l)
			}
		}
		c, err := t.Compile(langs, nil, p.vars...)
		if err != nil {
			errs[id] = err
		}
		all[id] = c
	}
	return all, errs
}
