package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

func en(s string) text { return text{"en": s} }

var (
	okay  = r.YesNo("ok", en("Okay?"))
	count = r.Integer("count", en("How many?")).Between(0, 5)
	fruit = r.Choice("fruit", en("Fruit?"), r.Opt("apple", en("Apple")), r.Opt("pear", en("Pear")))
	tools = r.Choices("tools", en("Tools?"), r.Opt("saw", en("Saw")), r.Opt("axe", en("Axe")))
	words = r.Words("words", en("Say?"))
	years = r.Integer("years", en("Years?")).Between(0, 120)
	crew  = r.Repeat("crew", en("Person {n}"), years).Times(count)
)

// asks is a questionnaire of these parts.
func asks(parts ...r.Part) r.Spec {
	return r.Spec{ID: "x", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: parts}
}

// mistake is one thing that authors get wrong: in Go, or in JSON.
type mistake struct {
	name string
	spec r.Spec
	json string // the parts, as JSON
	kind string
	at   string
	say  string // what the sentence must hold
}

func changed(f func(s *r.Spec)) r.Spec {
	s := asks(okay)
	f(&s)
	return s
}

func asked(f func(q *r.Question), q r.Question) r.Spec {
	f(&q)
	return asks(q)
}

// raw makes a condition from JSON.
func raw(s string) r.Condition {
	var c r.Condition
	if err := json.Unmarshal([]byte(s), &c); err != nil {
		panic(err)
	}
	return c
}

func nested(n int) r.Condition {
	c := okay.Yes()
	for range n {
		c = r.Not(c)
	}
	return c
}

func deep(n int) r.Part {
	p := r.Part(okay)
	for range n {
		p = r.Group(p)
	}
	return p
}

func options(n int) []r.Option {
	var os []r.Option
	for i := range n {
		os = append(os, r.Opt(fmt.Sprintf("o%d", i), en(fmt.Sprintf("Option %d", i))))
	}
	return os
}

// asIs is a check that refuses nothing.
func asIs(s string) (string, error) { return s, nil }

var sorryEN = en("Sorry.")

func when(c r.Condition) r.Spec { return asks(count, okay, fruit, tools, words, crew, r.When(c, last)) }

var last = r.YesNo("last", en("Last?"))

var authoring = []mistake{
	{name: "no id", spec: changed(func(s *r.Spec) { s.ID = "" }), kind: "no_id", say: "has no ID"},
	{name: "no version", spec: changed(func(s *r.Spec) { s.Version = "" }), kind: "no_version", say: "has no Version"},
	{name: "blank id and version", spec: changed(func(s *r.Spec) { s.ID, s.Version = "\t", " " }), kind: "no_id", say: "has no ID"},
	{name: "blank version", spec: changed(func(s *r.Spec) { s.Version = " " }), kind: "no_version", say: "has no Version"},
	{name: "line break in the id", spec: changed(func(s *r.Spec) { s.ID = "ua\ncash" }), kind: "bad_id", say: "a line break"},
	{name: "control character in the version", spec: changed(func(s *r.Spec) { s.Version = "1\x00" }), kind: "bad_id", say: "a line break"},
	{name: "no language", spec: changed(func(s *r.Spec) { s.Languages = nil }), kind: "no_language", say: "list at least one"},
	{name: "no tag", spec: changed(func(s *r.Spec) { s.Languages = []hubkit.Lang{"en", "english please"} }), kind: "bad_language", say: "is not a language tag"},
	{name: "language twice", spec: changed(func(s *r.Spec) { s.Languages = []hubkit.Lang{"en", "en"} }), kind: "duplicate_language", say: "listed twice"},
	{name: "fall-back in a circle", spec: changed(func(s *r.Spec) { s.Fallback = hubkit.Fallback{"uk": {"uk"}} }), kind: "bad_fallback", say: "circle"},
	{name: "empty checker", spec: changed(func(s *r.Spec) { s.Checkers = []r.Checker{nil} }), kind: "empty_extra", say: "one of the Checkers is empty"},
	{name: "checker without a function", spec: changed(func(s *r.Spec) { s.Checkers = []r.Checker{r.CheckFunc("mine", nil)} }), kind: "empty_extra", say: "has no function"},
	{name: "empty evaluator", spec: changed(func(s *r.Spec) { s.Evaluators = []r.Evaluator{nil} }), kind: "empty_extra", say: "one of the Evaluators is empty"},
	{name: "checker named like a built-in one", spec: changed(func(s *r.Spec) { s.Checkers = []r.Checker{r.CheckFunc("iban", asIs)} }), kind: "duplicate_checker", say: "has no name of its own"},
	{name: "two evaluators", spec: changed(func(s *r.Spec) { s.Evaluators = []r.Evaluator{arith{}, arith{}} }), kind: "duplicate_evaluator", say: "two evaluators"},
	{name: "unknown phrase", spec: changed(func(s *r.Spec) { s.Phrases = map[string]text{"hello": en("Hi")} }), kind: "unknown_phrase", at: "Phrases.hello", say: "no phrase of this name"},
	{name: "phrase with a foreign variable", spec: changed(func(s *r.Spec) { s.Phrases = map[string]text{"yes": en("Yes {name}")} }), kind: "phrase", at: "Phrases.yes", say: "name"},
	{name: "phrases in no language", spec: changed(func(s *r.Spec) {
		s.Languages = []hubkit.Lang{"pl"}
		s.Parts = r.Parts(r.Integer("n1", text{"pl": "Ile?"}))
	}), kind: "phrase", at: "Phrases", say: `the interview's own words are not known in "pl"`},
	{name: "nothing asked", spec: asks(), kind: "nothing_asked", say: "nothing is asked"},
	{name: "attempts of the whole", spec: changed(func(s *r.Spec) { s.Attempts = 21 }), kind: "attempts", say: "21 attempts are not possible"},
	{name: "attempts of a group", spec: asks(r.Attempts(0, r.SkipIt, okay)), kind: "attempts", at: "part 1", say: "allow from 1 to 20"},
	{name: "what follows the attempts", spec: asks(r.Attempts(2, "explode", okay)), kind: "exhausted", at: "part 1", say: "is not what may happen after the last attempt"},

	{name: "empty part", spec: asks(okay, nil), kind: "empty_part", at: "part 2", say: "a part is empty"},
	{name: "empty question", json: `{"do":"ask"}`, kind: "empty_part", at: "part 1", say: "a question is empty"},
	{name: "unknown part", json: `{"do":"loop"}`, kind: "unknown_part", at: "part 1", say: "no part of the kind"},
	{name: "field of another part", json: `{"do":"ask","question":{"key":"a","form":"yes_no","ask":{"en":"A?"}},"parts":[{"do":"ask"}]}`, kind: "misplaced", at: "part 1", say: "means nothing in a part of the kind"},
	{name: "empty group", spec: asks(okay, r.Group()), kind: "empty_group", at: "part 2", say: "has no questions in it"},
	{name: "too deep", spec: asks(deep(40)), kind: "too_deep", say: "make it flatter"},
	{name: "step without a key", spec: asks(r.Step("", okay)), kind: "bad_step", at: "part 1", say: "needs a key"},
	{name: "step twice", spec: asks(r.Step("a", okay), r.Step("a", count)), kind: "duplicate_step", at: "part 2", say: "is there twice"},
	{name: "step in a step", spec: asks(r.Step("a", r.Step("b", okay))), kind: "nested_step", at: "a > part 1", say: "steps follow one another"},
	{name: "step in a roster", spec: asks(count, r.Repeat("men", nil, r.Step("a", years)).Times(count)), kind: "nested_step", say: "put the roster into the step"},
	{name: "section without a title", spec: asks(r.Section(nil, okay)), kind: "no_text", at: "part 1", say: "it says nothing"},
	{name: "when without a condition", json: `{"do":"when","parts":[{"do":"ask","question":{"key":"a","form":"yes_no","ask":{"en":"A?"}}}]}`, kind: "no_condition", at: "part 1", say: "say when its questions are asked"},
	{name: "must without a condition", json: `{"do":"must","parts":[{"do":"ask","question":{"key":"a","form":"yes_no","ask":{"en":"A?"}}}]}`, kind: "no_condition", at: "part 1", say: "say what must hold"},
	{name: "stop without a condition", json: `{"do":"stop_unless","key":"x","text":{"en":"Bye"}}`, kind: "no_condition", at: "part 1", say: "for the questions to go on"},
	{name: "must round two", spec: asks(r.Must(okay.Yes(), nil, r.Group(okay, count))), kind: "not_one_question", at: "part 1", say: "is for one question"},
	{name: "must on what was answered before", spec: asks(okay, r.Must(okay.Yes(), nil, count)), kind: "must_unrelated", at: "count", say: "does not look at the answer itself"},
	{name: "must on a note", spec: asks(okay, r.Must(okay.Yes(), nil, r.Note("note", en("Hello")))), kind: "must_for_kind", at: "note", say: "nothing is answered here"},
	{name: "two hints", spec: asks(r.Hint(en("a"), r.Hint(en("b"), okay))), kind: "two_texts", say: "two texts of the kind"},
	{name: "empty hint", spec: asks(r.Hint(nil, okay)), kind: "no_text", at: "part 1", say: "is empty: write it or take it out"},
	{name: "hint of a note", spec: asks(okay, r.Hint(en("a"), r.Note("note", en("Hello")))), kind: "text_for_kind", at: "note", say: "nothing is asked"},
	{name: "bad outcome", spec: asks(okay, r.StopUnless(okay.Yes(), "Not OK", sorryEN)), kind: "bad_outcome", at: "part 2", say: "lower-case letters"},
	{name: "outcome of ours", spec: asks(okay, r.StopUnless(okay.Yes(), r.OutcomeComplete, sorryEN)), kind: "reserved_outcome", at: "part 2", say: "a meaning of its own"},
	{name: "stop without a word", spec: asks(okay, r.StopUnless(okay.Yes(), "no", nil)), kind: "no_goodbye", at: "part 2", say: "tell the person why"},
	{name: "summary in a roster", spec: asks(count, r.Repeat("men", nil, years, r.Summary(nil)).Times(count)), kind: "summary_in_roster", say: "cannot be inside the roster"},
	{name: "two summaries", spec: asks(okay, r.Summary(nil), r.Summary(nil)), kind: "two_summaries", at: "part 3", say: "keep the last"},
	{name: "roster in a roster", spec: asks(count, r.Repeat("men", nil, years, r.Repeat("pets", nil, okay).Times(count)).Times(count)), kind: "roster_in_roster", say: "ask for it of the household instead"},
	{name: "empty roster", spec: asks(count, r.Repeat("men", nil).Times(count)), kind: "empty_roster", at: "men (part 2)", say: "the roster has no questions"},
	{name: "roster too large", spec: asks(count, r.Repeat("men", nil, years).Times(count).AtMost(201)), kind: "roster_size", say: "allow from 1 to 200"},
	{name: "roster without an end", spec: asks(count, r.Repeat("men", nil, years)), kind: "roster_end", say: "one of the two"},
	{name: "roster that ends by a number", json: `{"do":"repeat","key":"men","most":3,"question":{"key":"b","form":"integer","ask":{"en":"B?"}},"parts":[{"do":"ask","question":{"key":"a","form":"yes_no","ask":{"en":"A?"}}}]}`, kind: "roster_end", say: "UntilNo needs a YesNo question"},
	{name: "roster of any number", spec: func() r.Spec {
		free := r.Integer("free", en("How many?"))
		return asks(free, r.Repeat("men", nil, years).Times(free))
	}(), kind: "roster_overflow", say: "any number of members"},
	{name: "roster of too many", spec: asks(count, r.Repeat("men", nil, years).Times(count).AtMost(4)), kind: "roster_overflow", say: "there may be 5 members, but the roster takes 4"},

	{name: "no key", spec: asks(r.YesNo("", en("A?"))), kind: "no_key", at: "part 1", say: "it has no key"},
	{name: "bad key", spec: asks(r.YesNo("Größe", en("A?"))), kind: "bad_key", at: "Größe", say: "is not possible"},
	{name: "key n", spec: asks(r.YesNo("n", en("A?"))), kind: "bad_key", at: "n", say: "is taken"},
	{name: "key twice", spec: asks(okay, okay), kind: "duplicate_key", at: "ok", say: "is used twice"},
	{name: "key of a roster", spec: asks(count, r.Repeat("count", nil, years).Times(count)), kind: "duplicate_key", say: "is used twice"},
	{name: "key in and out of a roster", spec: asks(years, count, crew), kind: "duplicate_key", at: "crew.years", say: "is used twice"},
	{name: "unknown form", spec: asks(r.Question{Key: "a", Form: "essay", Ask: en("A?")}), kind: "unknown_form", at: "a", say: "no question of the form"},
	{name: "no text", spec: asks(r.YesNo("a", nil)), kind: "no_text", at: "a", say: "write its text in each of the languages"},
	{name: "text missing in one language", spec: changed(func(s *r.Spec) { s.Languages = []hubkit.Lang{"en", "uk"} }), kind: "text", at: "ok", say: "uk: there is no text in this language"},
	{name: "text with a broken pattern", spec: asks(count, r.YesNo("a", en("{count, plural, one {x}}"))), kind: "text", at: "a", say: "character"},
	{name: "text that names a later answer", spec: asks(r.YesNo("a", en("Are you {words}?")), words), kind: "text", at: "a", say: "words"},

	{name: "range without a number", spec: asked(func(q *r.Question) { q.Min = new(float64); *q.Min = inf }, okay.Question), kind: "bad_range", at: "ok", say: "finite"},
	{name: "empty range", spec: asks(r.Integer("a", en("A?")).Between(5, 1)), kind: "empty_range", at: "a", say: "the least (5) is above the most (1)"},
	{name: "range of yes and no", spec: asked(func(q *r.Question) { q.Min = new(float64) }, okay.Question), kind: "range_for_kind", at: "ok", say: "does not fit a question whose answer is yes or no"},
	{name: "range of a calculated answer", spec: asked(func(q *r.Question) { q.Min = new(float64) }, r.Calculated("c", r.Constant(1)).Question), kind: "range_for_kind", at: "c", say: "cannot have a range"},
	{name: "numbers below 0", spec: asks(r.Integer("a", en("A?")).Between(-10, -1)), kind: "bad_range", at: "a", say: "no number below 0 can be written, and the most is -1"},
	{name: "decimals below 0", spec: asks(r.Decimal("a", en("A?")).Between(-10, -0.5)), kind: "bad_range", at: "a", say: "the most is -0.5"},
	{name: "range between the digits", spec: asks(r.Decimal("a", en("A?")).Between(0.001, 0.009).Digits(2)), kind: "empty_range", at: "a", say: "no number with 2 digits after the point lies from 0.001 to 0.009"},
	{name: "range between whole numbers", spec: asked(func(q *r.Question) { lo, hi := 1.2, 1.8; q.Min, q.Max = &lo, &hi }, r.Integer("a", en("A?")).Question), kind: "empty_range", at: "a", say: "no number with 0 digits"},
	{name: "days before those that are taken", spec: asks(r.Date("d", en("When?")).Between(day("1800-01-01"), day("1899-12-31"))), kind: "bad_range", at: "d", say: "from 1900 to 2100"},
	{name: "days after those that are taken", spec: asks(r.Date("d", en("When?")).Between(day("2101-01-01"), day("2150-01-01"))), kind: "bad_range", at: "d", say: "from 1900 to 2100"},
	{name: "more options than stand together", spec: asks(tools.Between(2, 2).Alone("saw")), kind: "bad_range", at: "tools", say: "at least 2 options are asked for, but only 1 of them can be chosen together"},
	{name: "half a range of days", spec: asked(func(q *r.Question) { q.Min = new(float64) }, r.Date("d", en("When?")).Question), kind: "bad_range", at: "d", say: "both ends"},
	{name: "length below 0", spec: asks(words.Length(-1, 5)), kind: "bad_range", at: "words", say: "cannot be less than 0"},
	{name: "length beyond a message", spec: asks(words.Length(1, 5000)), kind: "bad_range", at: "words", say: "characters cannot be asked for by message"},
	{name: "more options than there are", spec: asks(tools.Between(1, 3)), kind: "bad_range", at: "tools", say: "up to 3 options may be chosen, but there are only 2"},
	{name: "no option possible", spec: asks(tools.Between(0, 0)), kind: "bad_range", at: "tools", say: "at least one option must be possible"},
	{name: "digits of a whole number", spec: asked(func(q *r.Question) { q.Places = 2 }, count.Question), kind: "bad_places", at: "count", say: "digits after the point"},
	{name: "past of a number", spec: asked(func(q *r.Question) { q.Past = true }, count.Question), kind: "past_for_kind", at: "count", say: "only a date"},
	{name: "size of words", spec: asked(func(q *r.Question) { q.MaxBytes = 5 }, words.Question), kind: "file_for_kind", at: "words", say: "for photos and documents"},
	{name: "negative size", spec: asks(r.Photo("p", en("Photo?")).Largest(-1)), kind: "bad_file_size", at: "p", say: "above 0 bytes"},
	{name: "media type", spec: asks(r.Photo("p", en("Photo?")).Types("jpeg")), kind: "bad_media_type", at: "p", say: "is not a media type"},
	{name: "consent without a version", spec: asks(r.Consent("c", "", en("Agree?"))), kind: "no_consent_version", at: "c", say: "has no version of its notice"},
	{name: "version of a number", spec: asked(func(q *r.Question) { q.Version = "1" }, count.Question), kind: "version_for_kind", at: "count", say: "only a consent"},
	{name: "consent that can be skipped", spec: asks(r.Optional(r.Consent("c", "1", en("Agree?")))), kind: "optional_consent", at: "c", say: "is given or not"},
	{name: "language of members", spec: asks(count, r.Repeat("men", nil, r.Language("l", en("Language?"))).Times(count)), kind: "language_in_roster", at: "men.l", say: "chosen once"},
	{name: "two languages", spec: asks(r.Language("l", en("Language?")), r.Language("m", en("Language?"))), kind: "two_languages", at: "m", say: "asked for twice"},
	{name: "computed yes and no", spec: asked(func(q *r.Question) { n := r.Constant(1); q.Compute = &n }, okay.Question), kind: "compute_for_kind", at: "ok", say: "only a calculated answer"},
	{name: "nothing to compute", spec: asks(r.Question{Key: "c", Form: r.FormCalculated}), kind: "no_computation", at: "c", say: "nothing to be computed from"},
	{name: "pattern of a number", spec: asked(func(q *r.Question) { q.Pattern = "x" }, count.Question), kind: "check_for_kind", at: "count", say: "only answers in words"},
	{name: "bad pattern", spec: asks(words.Matching("(")), kind: "bad_pattern", at: "words", say: "missing closing )"},
	{name: "national id without a checker", spec: asks(r.NationalID("id", en("Number?"))), kind: "no_checker", at: "id", say: "needs the name of a checker"},
	{name: "unknown checker", spec: asks(words.Checked("zodiac")), kind: "unknown_checker", at: "words", say: "there is no checker"},

	{name: "options of a number", spec: asked(func(q *r.Question) { q.Options = fruit.Options }, count.Question), kind: "options_for_kind", at: "count", say: "do not fit this kind"},
	{name: "one option", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("X")))), kind: "no_options", at: "a", say: "at least two options"},
	{name: "too many options", spec: asks(r.Choices("a", en("A?"), options(65)...)), kind: "too_many_options", at: "a", say: "at most 64"},
	{name: "bad option key", spec: asks(r.Choice("a", en("A?"), r.Opt("x y", en("X")), r.Opt("z", en("Z")))), kind: "bad_option", at: "a:x y", say: "the option key"},
	{name: "option twice", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("X")), r.Opt("x", en("Z")))), kind: "duplicate_option", at: "a:x", say: "is there twice"},
	{name: "two options alike", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("Same")), r.Opt("z", en("same")))), kind: "same_label", at: "a", say: "nobody could tell them apart"},
	{name: "two buttons alike", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("First one")).Shorter(en("One")), r.Opt("z", en("Other one")).Shorter(en("One")))), kind: "same_label", at: "a", say: "nobody could tell them apart"},
	{name: "a button like another's label", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("Kyiv city")).Shorter(en("Kyiv")), r.Opt("z", en("Kyiv")))), kind: "same_label", at: "a", say: "nobody could tell them apart"},
	{name: "a label like another's button", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("Kyiv")).Shorter(en("City")), r.Opt("z", en("Kyiv region")).Shorter(en("KYIV")))), kind: "same_label", at: "a", say: "nobody could tell them apart"},
	{name: "label that is another option's number", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("None")), r.Opt("y", en("1")), r.Opt("z", en("More")))), kind: "number_label", at: "a", say: "another option's number in the list"},
	{name: "button that is another option's number", spec: asks(r.Choices("a", en("A?"), r.Opt("x", en("Three people")).Shorter(en("№ 3")), r.Opt("y", en("Four")), r.Opt("z", en("Five")))), kind: "number_label", at: "a", say: "another option's number in the list"},
	{name: "label that is a number which may move", spec: asks(okay, r.Choice("a", en("A?"), r.Opt("x", en("Zero")).When(okay.Yes()), r.Opt("y", en("2")), r.Opt("z", en("More")))), kind: "number_label", at: "a", say: "another option's number in the list"},
	{name: "one word for two options", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("Apple")).Or("fruit"), r.Opt("z", en("Pear")).Or("a pear", "FRUIT"))), kind: "same_alias", at: "a", say: "is written for two of its options (x, z)"},
	{name: "option like a way out", spec: asks(r.OrUnknown(r.Choice("a", en("A?"), r.Opt("x", en("I don't know")), r.Opt("z", en("Z"))))), kind: "same_label", at: "a", say: "nobody could tell them apart"},
	{name: "unknown exclusive option", spec: asks(tools.Alone("none")), kind: "bad_exclusive", at: "tools", say: "which is to stand alone"},
	{name: "exclusive option of one", spec: asked(func(q *r.Question) { q.Exclude = []string{"apple"} }, fruit.Question), kind: "exclusive_for_kind", at: "fruit", say: "several options can be chosen"},
	{name: "unknown operation of a filter", spec: asks(r.Choice("a", en("A?"), r.Opt("x", en("X")).When(raw(`{"op":"?"}`)), r.Opt("z", en("Z")))), kind: "condition", at: "a:x", say: "there is no such operation"},

	{name: "reads later", spec: asks(r.When(count.AtLeast(1), okay), count), kind: "reads_later", at: "part 1", say: "move that question up"},
	{name: "reads itself", spec: asks(r.Calculated("c", r.Calculated("c", r.Constant(1)).Value())), kind: "reads_later", at: "c", say: "asked only later (or here)"},
	{name: "reads the whole roster within it", spec: asks(count, r.Repeat("crew", nil, years, r.When(crew.Any(years.AtLeast(1)), okay)).Times(count)), kind: "reads_later", say: "asked only later (or here)"},
	{name: "condition on nothing", spec: asks(r.When(r.YesNo("ghost", nil).Yes(), okay)), kind: "condition", at: "part 1", say: "no question has this key"},
	{name: "condition on a member", spec: when(years.AtLeast(5)), kind: "condition", at: "part 7", say: "it is asked of each member"},
	{name: "condition on another kind", spec: when(r.YesNo("count", nil).Yes()), kind: "condition", at: "part 7", say: "it does not fit a question whose answer is whole number"},
	{name: "condition on no option", spec: when(fruit.Is("plum")), kind: "condition", at: "part 7", say: "is not one of its options (apple, pear)"},
	{name: "condition on no such state", spec: when(raw(`{"op":"state","key":"ok","text":"sleepy"}`)), kind: "condition", at: "part 7", say: "is not a state"},
	{name: "condition on no roster", spec: when(r.Repeat("ok", nil).Any(years.AtLeast(1))), kind: "condition", at: "part 7", say: "this is not a roster"},
	{name: "condition too deep", spec: when(nested(70)), kind: "condition", at: "part 7", say: "split it with a calculated answer"},
	{name: "condition with an empty part", spec: when(raw(`{"op":"not","args":[null]}`)), kind: "condition", at: "part 7", say: "a part inside it is empty"},
	{name: "number for a condition", spec: when(raw(`{"op":"value","key":"count"}`)), kind: "condition", at: "part 7", say: "a condition is needed here"},
	{name: "condition for a number", spec: when(raw(`{"op":"<","args":[{"op":"yes","key":"ok"},{"op":"number"}]}`)), kind: "condition", at: "part 7", say: "a number is needed here"},
	{name: "too few parts", spec: when(raw(`{"op":"not"}`)), kind: "condition", at: "part 7", say: "it needs 1 parts inside it"},
	{name: "no number at all", spec: when(r.Smallest().AtLeast(1)), kind: "condition", at: "part 7", say: "at least one number"},
	{name: "stray key", spec: when(raw(`{"op":"all","key":"ok"}`)), kind: "condition", at: "part 7", say: "means nothing here"},
	{name: "endless number", spec: when(count.Value().AtLeast(inf)), kind: "condition", at: "part 7", say: "not a finite number"},
	{name: "unknown language of a condition", spec: when(r.Foreign("klingon", "x")), kind: "condition", at: "part 7", say: "pass one in Evaluators"},
	{name: "foreign condition that is wrong", spec: changed(func(s *r.Spec) {
		s.Parts, s.Evaluators = r.Parts(okay, r.When(r.Foreign("arith", "count is much"), last)), []r.Evaluator{arith{}}
	}), kind: "condition", at: "part 2", say: "it is not valid arith"},
	{name: "foreign condition that reads later", spec: changed(func(s *r.Spec) {
		s.Parts, s.Evaluators = r.Parts(okay, r.When(r.Foreign("arith", "count > 1"), last), count), []r.Evaluator{arith{}}
	}), kind: "reads_later", at: "part 2", say: "move that question up"},
}

// load wraps parts as a questionnaire's JSON.
func load(parts string) (*r.Questionnaire, error) {
	return r.Load([]byte(`{"id":"x","version":"1","languages":["en"],"parts":[`+parts+`]}`), r.Extras{})
}

func mistakesOf(t *testing.T, m mistake) r.Mistakes {
	t.Helper()
	var err error
	if m.json != "" {
		_, err = load(m.json)
	} else {
		_, err = r.New(m.spec)
	}
	var ms r.Mistakes
	require.ErrorAs(t, err, &ms, "%v", err)
	return ms
}

// jargon is what a person who does not program should not have to read.
var jargon = regexp.MustCompile(`%!|\bnil\b|\bfunc\b|\bstruct\b|pointer|interface\{|\[\]|map\[|panic|goroutine|float64|int64|regexp:|json:|unmarshal|0x[0-9a-f]|&\{`)

func TestMistakes(t *testing.T) {
	require.GreaterOrEqual(t, len(authoring), 40)
	for _, m := range authoring {
		t.Run(m.name, func(t *testing.T) {
			ms := mistakesOf(t, m)
			i := slices.IndexFunc(ms, func(x *r.Mistake) bool { return x.Kind == m.kind && strings.Contains(x.Say, m.say) })
			require.GreaterOrEqual(t, i, 0, "no %s with %q in\n%v", m.kind, m.say, ms)
			if m.at != "" {
				assert.Equal(t, m.at, ms[i].At)
			}
			for _, x := range ms {
				assert.NotRegexp(t, jargon, x.Error())
				assert.Greater(t, len(strings.Fields(x.Say)), 3, "a sentence says what is wrong: %q", x.Say)
				assert.Contains(t, ms.Error(), x.Error())
			}
			assert.LessOrEqual(t, len(ms), 3, "one mistake should not look like many:\n%v", ms)
		})
	}
}

func TestEveryMistakeIsTested(t *testing.T) {
	var said strings.Builder
	kinds := map[string]bool{}
	for _, m := range authoring {
		for _, x := range mistakesOf(t, m) {
			said.WriteString(x.Error() + "\n")
			kinds[x.Kind] = true
		}
	}
	for _, c := range unbound {
		_, err := c.cond.Bind(c.shape)
		require.Error(t, err)
		said.WriteString(err.Error() + "\n")
	}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	call := regexp.MustCompile(`\bc\.fail\("([a-z_]+)", [^"]*(?:"[^"]*"[^"]*)?, "((?:[^"\\]|\\.)*)"`)
	bound := regexp.MustCompile(`\bb\.fail\([^"]*"((?:[^"\\]|\\.)*)"`)
	found := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		require.NoError(t, err)
		lines := strings.Split(string(src), "\n")
		for n, line := range lines {
			kind, format := "condition", ""
			if m := call.FindStringSubmatch(line); m != nil {
				kind, format = m[1], m[2]
			} else if m := bound.FindStringSubmatch(line); m != nil {
				format = m[1]
			} else {
				require.NotContains(t, line, "c.fail(\"", "%s:%d is not understood by this test", f, n+1)
				continue
			}
			found++
			assert.True(t, kinds[kind], "%s:%d: no test for the mistake %s", f, n+1, kind)
			format = strings.ReplaceAll(format, `\"`, `"`)
			for _, piece := range regexp.MustCompile(`%[a-z]`).Split(format, -1) {
				assert.Contains(t, said.String(), piece, "%s:%d: no test makes this mistake", f, n+1)
			}
		}
	}
	require.Greater(t, found, 80)
}

func TestAllMistakesComeAtOnce(t *testing.T) {
	_, err := r.New(r.Spec{
		Languages: []hubkit.Lang{"en", "uk"},
		Parts: r.Parts(
			r.YesNo("Bad Key", three("A?", "A?", "A?")), r.YesNo("ok", en("only English")), r.YesNo("ok", three("B?", "Б?", "Б?")),
			r.When(r.YesNo("ghost", nil).Yes(), r.Integer("i", three("C?", "Ц?", "Ц?")).Between(9, 1)),
			r.Choice("ch", three("D?", "Д?", "Д?"), r.Opt("x", three("X", "Х", "Х"))), nil, r.Step("", okay),
		),
	})
	var ms r.Mistakes
	require.ErrorAs(t, err, &ms)
	var kinds []string
	for _, m := range ms {
		kinds = append(kinds, m.Kind)
	}
	require.Subset(t, kinds, []string{"no_id", "no_version", "bad_key", "text", "duplicate_key", "condition", "empty_range", "no_options", "empty_part", "bad_step"})
	require.Equal(t, len(ms)+1, len(strings.Split(err.Error(), "\n")), "each on a line of its own")
	one, ok := errors.AsType[*r.Mistake](err)
	require.True(t, ok)
	require.NotEmpty(t, one.Kind)
}

func TestOneMistakeIsSingular(t *testing.T) {
	_, err := r.New(asks())
	require.ErrorContains(t, err, "has 1 mistake:")
	require.Panics(t, func() { r.MustNew(asks()) })
}

func TestLoadRefusesWhatIsNoQuestionnaire(t *testing.T) {
	good, err := json.Marshal(form(t))
	require.NoError(t, err)
	for name, s := range map[string]string{
		"nothing": "", "null": "null", "list": "[]", "unknown field": `{"id":"x","verson":"1"}`, "cut off": string(good[:len(good)/2]), "more": string(good) + "{}",
		"unknown field of a condition": `{"id":"x","version":"1","languages":["en"],"parts":[{"do":"when","if":{"op":"all","arg":[]},"parts":[]}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			q, err := r.Load([]byte(s), r.Extras{})
			require.Error(t, err)
			require.Nil(t, q)
		})
	}
}

// unbound are conditions that fail only outside a questionnaire.
var unbound = []struct {
	cond  r.Condition
	shape *r.Shape
}{
	{fruit.AtLeast("pear"), r.Of(map[string]r.Value{"fruit": r.OptionValue("pear")}).Shape()},
}

func TestBindNamesWhatIsWrong(t *testing.T) {
	_, err := r.All(years.AtLeast(1), fruit.AtLeast("pear")).Bind(unbound[0].shape)
	require.ErrorIs(t, err, r.ErrUnknownKey)
	e, ok := errors.AsType[*r.ConditionError](err)
	require.True(t, ok)
	require.Equal(t, "years", e.Key)
	require.ErrorContains(t, err, "the order of its options is not known")
	_, err = years.Value().Bind(unbound[0].shape)
	require.ErrorIs(t, err, r.ErrUnknownKey)
}

// arith is a foreign language for the tests: "key > number", or "key".
type arith struct{}

func (arith) Language() string { return "arith" }

func (arith) Compile(source string, scope *r.Shape) (r.Program, error) {
	f := strings.Fields(source)
	if len(f) != 1 && (len(f) != 3 || f[1] != ">") {
		return nil, errors.New("it must read \"key > number\"")
	}
	var more float64
	if len(f) == 3 {
		if _, err := fmt.Sscan(f[2], &more); err != nil {
			return nil, err
		}
	}
	return arithProgram{key: f[0], compare: len(f) == 3, than: more}, nil
}

type arithProgram struct {
	key     string
	compare bool
	than    float64
}

func (p arithProgram) Reads() []string { return []string{p.key} }

func (p arithProgram) Eval(a r.Answers) r.Value {
	f, ok := a.Get(p.key).Float()
	switch {
	case !ok:
		return r.Value{}
	case p.compare:
		return r.BoolValue(f > p.than)
	}
	return r.DecimalValue(f)
}

var (
	inf   = func() float64 { var zero float64; return 1 / zero }()
	march = time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC)
)

// What can be answered at the edge of those mistakes is none.
func TestRangesThatCanBeAnswered(t *testing.T) {
	for _, c := range []struct {
		part  r.Part
		reply string
	}{
		{r.Integer("a", en("A?")).Between(-10, 0), "0"},
		{r.Decimal("a", en("A?")).Between(0.001, 0.01).Digits(2), "0.01"},
		{r.Decimal("a", en("A?")).Between(0.29, 0.29).Digits(2), "0.29"}, // 0.29 × 100 is 28.999999999999996
		{r.Decimal("a", en("A?")).Between(0.001, 0.009), "0.005"},
		{r.Date("a", en("A?")).Between(day("1800-01-01"), day("1900-01-01")), "1.1.1900"},
		{r.Date("a", en("A?")).Between(day("2100-12-31"), day("2150-01-01")), "31.12.2100"},
		{tools.Between(1, 1).Alone("saw"), "axe"},
		{tools.Between(0, 2).Alone("saw", "axe"), "axe"},
		{r.Choice("a", en("A?"), r.Opt("x", en("Apple")).Or("fruit", "Fruit"), r.Opt("z", en("Pear"))), "fruit"},
	} {
		require.Equal(t, r.Accepted, one(t, c.part).Hear(told(c.reply)).Outcome, c.reply)
	}
}
