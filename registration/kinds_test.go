package registration_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

// one is an interview with a single question, and a last one so that it goes on.
func one(t testing.TB, p r.Part) *r.Interview {
	t.Helper()
	q, err := r.New(asks(p, last))
	require.NoError(t, err)
	return q.Begin("")
}

func told(s string) r.Reply { return r.Reply{Text: s} }
func tapped(s string) r.Reply {
	return r.Reply{Option: s}
}
func sent(f r.File) r.Reply { return r.Reply{Files: []r.File{f}} }

func day(s string) time.Time {
	d, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return d
}

var (
	jpeg     = r.File{Ref: "m1", Type: "image/jpeg", Size: 1000}
	pdf      = r.File{Ref: "m2", Type: "application/pdf; name=x", Size: 1000}
	levels   = r.Choice("level", en("How hard?"), r.Opt("no", en("Not hard")), r.Opt("some", en("Somewhat hard")), r.Opt("very", en("Extremely")))
	wants    = r.Choices("wants", en("What?"), r.Opt("food", en("Food")), r.Opt("rent", en("Rent")), r.Opt("heat", en("Heating")), r.Opt("none", en("None of these"))).Alone("none")
	birthday = r.Date("birthday", en("Birthday?"))
)

func TestEveryKindOfQuestion(t *testing.T) {
	for _, c := range []struct {
		name  string
		part  r.Part
		reply r.Reply
		rule  string  // of a reply that is taken, or the phrase that says why not
		want  r.Value // not missing if it is taken
		say   string
	}{
		{"yes by word", okay, told("yes"), "", r.BoolValue(true), ""},
		{"yes by number", okay, told("1"), "number", r.BoolValue(true), ""},
		{"no by tap", okay, tapped("ok:no"), "tap", r.BoolValue(false), ""},
		{"neither", okay, told("perhaps tomorrow"), "yes_or_no", r.Value{}, ""},
		{"beyond the list", okay, told("3"), "out_of_list", r.Value{}, "1 to 2"},

		{"one by label", fruit, told(" APPLE. "), "", r.OptionValue("apple"), ""},
		{"one by key", fruit, told("pear"), "", r.OptionValue("pear"), ""},
		{"one by tap", fruit, tapped("fruit:pear"), "tap", r.OptionValue("pear"), ""},
		{"two of one", levels, told("1, 2"), "several", r.Value{}, ""},
		{"none of the list", fruit, told("zzz"), "choose", r.Value{}, ""},
		{"a typing error", levels, told("extrremely"), "guess", r.Value{}, "Extremely"},

		{"several typed", wants, told("1 and 3"), "", r.OptionsValue("food", "heat"), ""},
		{"several in another order", wants, told("rent, food"), "", r.OptionsValue("food", "rent"), ""},
		{"one of several", wants, told("Rent"), "", r.OptionsValue("rent"), ""},
		{"alone", wants, told("none of these"), "", r.OptionsValue("none"), ""},
		{"alone by tap", wants, tapped("wants:none"), "tap", r.OptionsValue("none"), ""},
		{"alone and another", wants, told("1, 4"), "alone", r.Value{}, "None of these"},
		{"not one of several", wants, told("zzz"), "choose_several", r.Value{}, ""},
		{"done with nothing", wants, tapped("wants:_done"), "choose_several", r.Value{}, ""},
		{"too many of several", wants.Between(1, 2), told("1 2 3"), "choose_between", r.Value{}, "1 to 2"},
		{"too few of several", wants.Between(2, 3), told("1"), "choose_between", r.Value{}, "2 to 3"},
		{"not just so many of several", wants.Between(2, 2), told("1"), "choose_exactly", r.Value{}, "exactly 2 answers"},
		{"too many of exactly one", wants.Between(1, 1), told("1 2"), "choose_exactly", r.Value{}, "exactly 1 answer."},
		{"none at all where none need be", wants.Between(0, 2), tapped("wants:_done"), "tap", r.OptionsValue(), ""},

		{"whole number", count, told("4"), "digits", r.IntValue(4), ""},
		{"Arabic digits", count, told("٤"), "", r.IntValue(4), ""},
		{"words for a number", count, told("four"), "", r.IntValue(4), ""},
		{"above the range", count, told("9"), "between", r.Value{}, "0 to 5"},
		{"two numbers", count, told("3 4"), "one_number", r.Value{}, ""},
		{"another currency", r.Decimal("d", en("How many hryvnias?")), told("100 €"), "currency", r.Value{}, "the currency that the question asks for"},
		{"no number", count, told("many"), "number", r.Value{}, ""},
		{"below the least", bounded(2, inf), told("1"), "least", r.Value{}, "2"},
		{"above the most", bounded(-inf, 5), told("6"), "most", r.Value{}, "5"},

		{"decimal as written", r.Decimal("d", en("How much?")), told("12.50"), "", decimal("12.5"), ""},
		{"decimal with a comma", r.Decimal("d", en("How much?")), told("12,5"), "", r.DecimalValue(12.5), ""},
		{"too many digits", r.Decimal("d", en("How much?")).Digits(2), told("1.2345"), "decimal_places", r.Value{}, "2 digits"},
		{"decimal out of range", r.Decimal("d", en("How much?")).Between(0, 0.5), told("0.75"), "between", r.Value{}, "0 to 0.5"},
		{"no decimal", r.Decimal("d", en("How much?")), told("much"), "decimal", r.Value{}, ""},

		{"words", words, told("  Олена Коваль "), "text", r.WordsValue("Олена Коваль"), ""},
		{"no words", words, told(" \u200f "), "words", r.Value{}, ""},
		{"too short", words.Length(3, 9), told("їж"), "length", r.Value{}, "3 to 9"},
		{"not just so long", words.Length(3, 3), told("їж"), "exact_length", r.Value{}, "exactly 3 characters"},
		{"too long for a message", words, told(string(make([]byte, 5000))), "too_long", r.Value{}, ""},
		{"pattern", words.Matching("[A-Z]{2}[0-9]+"), told("AB12"), "text", r.WordsValue("AB12"), ""},
		{"pattern of the whole", words.Matching("[A-Z]{2}[0-9]+"), told("AB12x"), "pattern", r.Value{}, ""},
		{"words that a checker refuses", words.Checked("ua-rnokpp"), told("hello"), "pattern", r.Value{}, ""},

		{"date", birthday, told("24.02.1990"), "", r.DateValue(1990, 2, 24), ""},
		{"date in words", birthday, told("24 February 1990"), "", r.DateValue(1990, 2, 24), ""},
		{"no date", birthday, told("in spring"), "date", r.Value{}, ""},
		{"date in the future", birthday.InPast(), r.Reply{Text: "16.03.2026", At: march}, "date_past", r.Value{}, ""},
		{"today is not the future", birthday.InPast(), r.Reply{Text: "15.03.2026", At: march}, "", r.DateValue(2026, 3, 15), ""},
		{"yesterday", birthday, r.Reply{Text: "yesterday", At: march}, "relative", r.DateValue(2026, 3, 14), ""},
		{"date out of range", birthday.Between(day("2020-01-01"), day("2020-12-31")), told("1.1.2021"), "date_between", r.Value{}, "01.01.2020 to 31.12.2020"},

		{"phone", r.Phone("p", "380", en("Phone?")), told("050 123-45-67"), "", r.WordsValue("+380501234567"), ""},
		{"no phone", r.Phone("p", "380", en("Phone?")), told("12"), "phone", r.Value{}, ""},
		{"account", r.Account("a", en("Account?")), told("UA21 3223 1300 0002 6007 2335 6600 1"), "", r.WordsValue("UA213223130000026007233566001"), ""},
		{"account mistyped", r.Account("a", en("Account?")), told("UA21 3223 1300 0002 6007 2335 6600 2"), "account", r.Value{}, ""},
		{"national id", r.NationalID("i", en("Number?"), "pl-pesel"), told("44051401359"), "", r.WordsValue("44051401359"), ""},
		{"national id mistyped", r.NationalID("i", en("Number?"), "pl-pesel"), told("44051401358"), "identity", r.Value{}, ""},

		{"place shared", r.Location("l", en("Where?")), r.Reply{Place: &r.Place{Lat: 50.45, Lon: 30.52, Accuracy: 8}}, "place", r.PlaceValue(r.Place{Lat: 50.45, Lon: 30.52, Accuracy: 8}), ""},
		{"place written", r.Location("l", en("Where?")), told("50.45, 30.52"), "place", r.PlaceValue(r.Place{Lat: 50.45, Lon: 30.52}), ""},
		{"place in Arabic digits", r.Location("l", en("Where?")), told("٥٠.٥ ٣٠.٥"), "place", r.PlaceValue(r.Place{Lat: 50.5, Lon: 30.5}), ""},
		{"place with decimal commas", r.Location("l", en("Where?")), told("50,45 30,52"), "place", r.PlaceValue(r.Place{Lat: 50.45, Lon: 30.52}), ""},
		{"place off the earth", r.Location("l", en("Where?")), r.Reply{Place: &r.Place{Lat: 91}}, "location", r.Value{}, ""},
		{"place in words", r.Location("l", en("Where?")), told("near the well"), "location", r.Value{}, ""},

		{"photo", r.Photo("f", en("Photo?")), sent(jpeg), "file", r.FileValue(jpeg), ""},
		{"photo in words", r.Photo("f", en("Photo?")), told("here"), "photo", r.Value{}, ""},
		{"photo that is a PDF", r.Photo("f", en("Photo?")), sent(pdf), "file_type", r.Value{}, ""},
		{"photo too large", r.Photo("f", en("Photo?")).Largest(900), sent(jpeg), "file_size", r.Value{}, "0.1"},
		{"document", r.Document("f", en("Document?")), sent(pdf), "file", r.FileValue(pdf), ""},
		{"document in words", r.Document("f", en("Document?")), told("here"), "document", r.Value{}, ""},
		{"document of a type", r.Document("f", en("Document?")).Types("IMAGE/*"), sent(jpeg), "file", r.FileValue(jpeg), ""},
		{"document of another type", r.Document("f", en("Document?")).Types("image/png"), sent(jpeg), "file_type", r.Value{}, ""},
		{"document without bytes", r.Document("f", en("Document?")), sent(r.File{Type: "image/png"}), "file_type", r.Value{}, ""},

		{"consent", r.Consent("c", "7", en("Agree?")), told("I agree"), "", r.ConsentValue(true, "7"), ""},
		{"consent refused", r.Consent("c", "7", en("Agree?")), tapped("c:no"), "tap", r.ConsentValue(false, "7"), ""},
		{"not known", r.OrUnknown(count), told("I don't know"), "", r.StateValue(r.DontKnow), ""},
		{"refused", r.OrRefuse(count), tapped("count:_refuse"), "tap", r.StateValue(r.Refused), ""},
		{"skipped", r.Optional(words), told("skip"), "", r.Value{}, ""},
		{"of another form", r.Photo("f", en("Photo?")), r.Reply{Place: &r.Place{}}, "photo", r.Value{}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			iv := one(t, c.part)
			key := iv.Prompt().Key
			h := iv.Hear(c.reply)
			if c.rule != "" {
				assert.Equal(t, c.rule, h.Rule)
			}
			assert.Equal(t, key, h.Key)
			got := iv.Answers().Get(key)
			assert.True(t, got.Equal(c.want), "%v %v", got, h)
			switch {
			case c.want.State() != r.Missing || c.name == "skipped":
				assert.Equal(t, r.Accepted, h.Outcome, h.Say)
				assert.Equal(t, "last", iv.Prompt().Key)
				assert.Empty(t, h.Say)
			default:
				assert.Contains(t, []r.HeardOutcome{r.Again, r.Guessed}, h.Outcome)
				assert.Equal(t, key, iv.Prompt().Key, "it is asked again")
				assert.Contains(t, h.Say, c.say)
				assert.NotEmpty(t, h.Say)
				if e := phraseOf(h.Rule); len(e.Vars) == 0 {
					assert.Equal(t, e.Text["en"], h.Say)
				}
			}
		})
	}
}

// phraseOf is one of the interview's own texts.
func phraseOf(id string) hubkit.Entry {
	for _, e := range r.Phrases() {
		if e.ID == "phrases/"+id {
			return e
		}
	}
	return hubkit.Entry{}
}

func bounded(lo, hi float64) r.Question {
	q := r.Integer("b", en("How many?")).Question
	if lo > -inf {
		q.Min = &lo
	}
	if hi < inf {
		q.Max = &hi
	}
	return q
}

// decimal is the value that the JSON of an answer gives.
func decimal(s string) r.Value {
	var v r.Value
	if err := v.UnmarshalJSON([]byte(`{"decimal":"` + s + `"}`)); err != nil {
		panic(err)
	}
	return v
}

func TestEveryPhraseIsSaid(t *testing.T) {
	// Those that a table above does not reach are reached in the tests named here.
	elsewhere := map[string]string{
		"yes": "labels", "no": "labels", "agree": "labels", "disagree": "labels", "unknown": "labels", "refuse": "labels", "skip": "labels", "done": "labels",
		"send": "summary", "change": "summary", "keep": "summary", "summary": "summary", "which": "summary", "member": "rosters", "thanks": "ended", "ended": "ended", "answered": "ended",
		"conflict": "must", "stale": "stale", "nobody": "attempts",
	}
	said := map[string]bool{}
	for _, reply := range []struct {
		part  r.Part
		reply string
	}{
		{fruit, "zzz"},
		{wants, "zzz"},
		{wants.Between(1, 2), "1 2 3"},
		{wants, "1, 4"},
		{levels, "extrremely"},
		{levels, "1, 2"},
		{okay, "3"},
		{okay, "perhaps tomorrow"},
		{count, "many"},
		{r.Decimal("d", en("?")), "much"},
		{r.Decimal("d", en("?")).Digits(1), "1.23"},
		{wants.Between(2, 2), "1"},
		{words.Length(3, 3), "a"},
		{count, "3 4"},
		{r.Decimal("d", en("?")), "100 $"},
		{count, "9"},
		{bounded(2, inf), "1"},
		{bounded(-inf, 5), "6"},
		{birthday, "spring"},
		{birthday.Between(march, march), "1.1.2021"},
		{words, ""},
		{words.Length(3, 9), "a"},
		{words.Matching("a"), "b"},
		{r.Phone("p", "", en("?")), "1"},
		{r.Account("a", en("?")), "1"},
		{r.NationalID("i", en("?"), "pl-pesel"), "1"},
		{words, string(make([]byte, 5000))},
		{r.Location("l", en("?")), "x"},
		{r.Photo("f", en("?")), "x"},
		{r.Document("f", en("?")), "x"},
	} {
		said[one(t, reply.part).Hear(told(reply.reply)).Rule] = true
	}
	said[one(t, r.Photo("f", en("?"))).Hear(sent(pdf)).Rule] = true
	said[one(t, r.Photo("f", en("?")).Largest(1)).Hear(sent(jpeg)).Rule] = true
	said[one(t, birthday.InPast()).Hear(r.Reply{Text: "16.03.2026", At: march}).Rule] = true
	for _, e := range r.Phrases() {
		id := e.ID[len("phrases/"):]
		assert.True(t, said[id] || elsewhere[id] != "", "nothing says the phrase %q", id)
	}
}

// Of several files the first that fits is the answer; if none does, what is
// wrong with the first is said.
func TestSeveralFiles(t *testing.T) {
	large := r.File{Ref: "m3", Type: "image/png", Size: 5000}
	photo := r.Photo("p", en("Photo?")).Largest(2000)
	for _, c := range []struct {
		files []r.File
		want  r.Value
		rule  string
	}{
		{[]r.File{pdf, jpeg}, r.FileValue(jpeg), "file"},
		{[]r.File{large, {Type: "image/jpeg"}, jpeg}, r.FileValue(jpeg), "file"},
		{[]r.File{jpeg, {Ref: "m4", Type: "image/jpeg"}}, r.FileValue(jpeg), "file"},
		{[]r.File{large, pdf}, r.Value{}, "file_size"},
		{[]r.File{pdf, large}, r.Value{}, "file_type"},
		{[]r.File{{Type: "image/jpeg"}}, r.Value{}, "file_type"},
	} {
		iv := one(t, photo)
		h := iv.Hear(r.Reply{Files: c.files})
		assert.Equal(t, c.rule, h.Rule)
		assert.True(t, c.want.Equal(iv.Answers().Get("p")), "%v", c.files)
	}
}

// Counts and fractions are said as the language says them.
func TestBoundsInEveryLanguage(t *testing.T) {
	many := func(least, most int) r.Part {
		var os []r.Option
		for i := range 30 {
			name := string([]rune{'a' + rune(i/26), 'a' + rune(i%26), 'x'})
			os = append(os, r.Opt(name, three(name, name, name)))
		}
		return r.Choices("many", three("?", "?", "?"), os...).Between(least, most)
	}
	text := func(least, most int) r.Part { return r.Words("text", three("?", "?", "?")).Length(least, most) }
	amount := r.Decimal("amount", three("?", "?", "?"))
	file := r.Photo("file", three("?", "?", "?")).Largest(150_000)
	for _, c := range []struct {
		part  r.Part
		reply r.Reply
		says  [3]string // in en, uk and ru
	}{
		{many(2, 21), told("1"), [3]string{"from 2 to 21 answers", "від 2 до 21 відповіді", "от 2 до 21 ответа"}},
		{many(2, 22), told("1"), [3]string{"from 2 to 22 answers", "від 2 до 22 відповідей", "от 2 до 22 ответов"}},
		{many(2, 5), told("1"), [3]string{"from 2 to 5 answers", "від 2 до 5 відповідей", "от 2 до 5 ответов"}},
		{many(0, 1), told("1 2"), [3]string{"from 0 to 1 answer.", "від 0 до 1 відповіді", "от 0 до 1 ответа"}},
		{many(3, 3), told("1"), [3]string{"exactly 3 answers", "рівно 3 відповіді", "ровно 3 ответа"}},
		{many(5, 5), told("1"), [3]string{"exactly 5 answers", "рівно 5 відповідей", "ровно 5 ответов"}},
		{many(1, 1), told("1 2"), [3]string{"exactly 1 answer.", "рівно 1 відповідь", "ровно 1 ответ."}},
		{text(2, 21), told("a"), [3]string{"from 2 to 21 characters", "від 2 до 21 символу", "от 2 до 21 символа"}},
		{text(2, 4), told("a"), [3]string{"from 2 to 4 characters", "від 2 до 4 символів", "от 2 до 4 символов"}},
		{text(1, 1), told("ab"), [3]string{"exactly 1 character.", "рівно 1 символ.", "ровно 1 символ."}},
		{text(2, 2), told("a"), [3]string{"exactly 2 characters", "рівно 2 символи", "ровно 2 символа"}},
		{text(10, 10), told("a"), [3]string{"exactly 10 characters", "рівно 10 символів", "ровно 10 символов"}},
		{amount.Between(0, 2.5), told("3"), [3]string{"from 0 to 2.5", "від 0 до 2,5", "от 0 до 2,5"}},
		{amount.Between(0, 1000), told("3000"), [3]string{"from 0 to 1000", "від 0 до 1000", "от 0 до 1000"}},
		{file, sent(r.File{Ref: "m", Type: "image/png", Size: 1e6}), [3]string{"0.1 MB", "0,1 МБ", "0,1 МБ"}},
	} {
		q, err := r.New(r.Spec{ID: "x", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"}, Parts: r.Parts(c.part)})
		require.NoError(t, err)
		for i, l := range q.Languages() {
			assert.Contains(t, q.Begin(l).Hear(c.reply).Say, c.says[i])
		}
	}
}
