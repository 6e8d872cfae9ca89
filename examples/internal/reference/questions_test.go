package reference_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/examples/internal/reference"
	r "github.com/hubkit/hubkit/registration"
)

func TestEveryLanguageReachesTheEnd(t *testing.T) {
	for _, l := range langs {
		t.Run(string(l), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := person{rapid.Uint64().Draw(t, "seed"), l}
				iv := reference.Form.Begin("")
				h.walk(t, iv, func(r.Prompt) {}, nil)
				require.Equal(t, r.OutcomeComplete, iv.Outcome())
				require.Equal(t, l, iv.Lang())
				given, version, ok := reference.Consent.From(iv.Answers())
				require.True(t, given && ok)
				require.Equal(t, "1", version)
			})
		})
	}
}

// Going back, changing answers and being resumed from storage ends where the
// straight way ends.
func TestDetoursChangeNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := person{rapid.Uint64().Draw(t, "seed"), rapid.SampledFrom(langs).Draw(t, "lang")}
		straight := reference.Form.Begin("")
		h.walk(t, straight, func(r.Prompt) {}, nil)

		iv := reference.Form.Begin("")
		detours := rapid.IntRange(0, 12).Draw(t, "detours")
		h.walk(t, iv, func(r.Prompt) {
			resumed, err := reference.Form.Resume(iv.AppendState(nil))
			require.NoError(t, err)
			*iv = *resumed
		}, func(turn int) bool {
			if detours == 0 || !rapid.Bool().Draw(t, "detour") {
				return false
			}
			detours--
			switch rapid.IntRange(0, 2).Draw(t, "kind") {
			case 0:
				return iv.Back()
			case 1:
				keys := []string{"region", "displaced", "household_size", "income", "seeking_cash"}
				return iv.Change(rapid.SampledFrom(keys).Draw(t, "key"), -1) == nil
			default:
				keys := []string{"age", "sex", "seeing", "chronic_illness"}
				return iv.Change(rapid.SampledFrom(keys).Draw(t, "key"), rapid.IntRange(0, 3).Draw(t, "row")) == nil
			}
		})
		require.True(t, straight.Answers().Equal(iv.Answers()))
		a, err := reference.Card.Score(straight.Answers())
		require.NoError(t, err)
		b, err := reference.Card.Score(iv.Answers())
		require.NoError(t, err)
		require.Equal(t, a, b)
	})
}

func TestRoundTrips(t *testing.T) {
	b, err := json.Marshal(reference.Form)
	require.NoError(t, err)
	form, err := r.Load(b, r.Extras{})
	require.NoError(t, err)
	require.Equal(t, reference.Form.HashString(), form.HashString())

	for seed := range uint64(50) {
		a := person{seed, langs[seed%3]}.end(t)
		b, err := json.Marshal(a)
		require.NoError(t, err)
		var back r.Answers
		require.NoError(t, json.Unmarshal(b, &back))
		require.True(t, a.Equal(back))
		want, err := reference.Card.Score(a)
		require.NoError(t, err)
		got, err := reference.Card.Score(back)
		require.NoError(t, err)
		require.Equal(t, want, got, "a round trip never changes a score")
	}
}

// Whoever does not agree, does not ask for cash, or is a child is asked nothing
// more, and is not left without a word.
func TestWaysToStop(t *testing.T) {
	for _, c := range []struct {
		key, outcome string
		say          map[hubkit.Lang]string
	}{
		{"consent", "no_consent", map[hubkit.Lang]string{"en": "your choice", "uk": "ваш вибір", "ru": "ваш выбор"}},
		{"seeking_cash", "not_seeking", map[hubkit.Lang]string{"en": "write to us again", "uk": "напишіть нам знову", "ru": "напишите нам снова"}},
		{"adult", "under_18", map[hubkit.Lang]string{"en": "our team will help you", "uk": "наша команда допоможе", "ru": "наша команда поможет"}},
	} {
		for _, l := range langs {
			iv := reference.Form.Begin("")
			upTo(t, iv, person{1, l}, c.key, -1)
			require.Equal(t, r.Accepted, iv.Hear(r.Reply{Option: c.key + ":no"}).Outcome)
			p := iv.Prompt()
			assert.True(t, p.Done, c.key)
			assert.Equal(t, c.outcome, p.Outcome)
			assert.Contains(t, p.Text, c.say[l])
			assert.Equal(t, r.Missing, iv.Answers().Get("region").State())
		}
	}
}

// What is asked of a member depends on age and sex.
func TestWhatIsAskedOfWhom(t *testing.T) {
	for _, c := range []struct {
		name, age, sex string
		asked, not     []string
	}{
		{"baby", "0", "f", []string{"chronic_illness"}, []string{"pregnant", "seeing", "communicating"}},
		{"child of 4", "4", "m", nil, []string{"pregnant", "seeing"}},
		{"child of 5", "5", "f", []string{"seeing", "hearing", "walking", "remembering", "self_care", "communicating"}, []string{"pregnant"}},
		{"girl of 14", "14", "f", []string{"seeing"}, []string{"pregnant"}},
		{"girl of 15", "15", "f", []string{"pregnant", "seeing"}, nil},
		{"woman of 49", "49", "f", []string{"pregnant"}, nil},
		{"woman of 50", "50", "f", []string{"seeing"}, []string{"pregnant"}},
		{"man", "30", "m", []string{"seeing"}, []string{"pregnant"}},
		{"sex not said", "30", "_refuse", []string{"seeing"}, []string{"pregnant"}},
		{"age not known", "_unknown", "f", []string{"seeing", "communicating"}, []string{"pregnant"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			iv, h := reference.Form.Begin(""), person{3, "uk"}
			upTo(t, iv, h, "household_size", -1)
			iv.Hear(r.Reply{Text: "2"})
			upTo(t, iv, h, "age", 1)
			if c.age[0] == '_' {
				iv.Hear(r.Reply{Option: "age:" + c.age})
			} else {
				iv.Hear(r.Reply{Text: c.age})
			}
			iv.Hear(r.Reply{Option: "sex:" + c.sex})
			var asked []string
			for p := iv.Prompt(); p.Row == 1; p = iv.Prompt() {
				asked = append(asked, p.Key)
				iv.Hear(h.reply(p))
			}
			for _, key := range c.asked {
				assert.Contains(t, asked, key)
			}
			for _, key := range c.not {
				assert.NotContains(t, asked, key)
			}
		})
	}
}

func TestOnePersonIsNotAskedAboutOthers(t *testing.T) {
	iv, h := reference.Form.Begin(""), person{5, "en"}
	upTo(t, iv, h, "household_size", -1)
	iv.Hear(r.Reply{Text: "1"})
	p := iv.Prompt()
	assert.Contains(t, p.Notes[len(p.Notes)-1], "about you")
	assert.Equal(t, "How old are you?", p.Text)
	p = upTo(t, iv, h, "income", -1)
	assert.Equal(t, "How many hryvnias did you receive last month?", p.Text)
	assert.Equal(t, r.NotAsked, iv.Answers().Get("only_adult").State())
}

// Sensitive questions leave a way out, and it is shown.
func TestSensitiveQuestionsMayBeLeftOut(t *testing.T) {
	for key, want := range map[string][]string{
		"region": {"refuse"}, "displaced": {"refuse"}, "displaced_since": {"unknown", "refuse"},
		"age": {"unknown"}, "sex": {"refuse"}, "pregnant": {"unknown", "refuse"},
		"seeing": {"unknown", "refuse"}, "hearing": {"unknown", "refuse"}, "walking": {"unknown", "refuse"},
		"remembering": {"unknown", "refuse"}, "self_care": {"unknown", "refuse"}, "communicating": {"unknown", "refuse"},
		"chronic_illness": {"unknown", "refuse"}, "only_adult": {"refuse"}, "income": {"unknown", "refuse"},
		"housing": {"refuse"}, "documents": {"refuse"}, "phone": {"skip"}, "account": {"skip"},
	} {
		q, ok := reference.Form.Find(key)
		require.True(t, ok, key)
		assert.Equal(t, slices.Contains(want, "unknown"), q.Unknown, key)
		assert.Equal(t, slices.Contains(want, "refuse"), q.Refuse, key)
		assert.Equal(t, slices.Contains(want, "skip"), q.Optional, key)
	}
}

// What people write, beside taps and numbers.
func TestWhatPeopleWriteIsUnderstood(t *testing.T) {
	for _, c := range []struct {
		lang      hubkit.Lang
		key, said string
		want      r.Value
	}{
		{"uk", "region", "Харків", r.OptionValue("UA63")},
		{"uk", "region", "харківська область", r.OptionValue("UA63")},
		{"uk", "region", "Київ", r.OptionValue("UA80")},
		{"uk", "region", "київська область", r.OptionValue("UA32")},
		{"uk", "region", "Запорожье", r.OptionValue("UA23")},
		{"ru", "region", "Одесса", r.OptionValue("UA51")},
		{"ru", "region", "крым", r.OptionValue("UA01")},
		{"en", "region", "Kyiv", r.OptionValue("UA80")},
		{"en", "region", "22", r.OptionValue("UA63")},
		{"uk", "displaced", "так", r.BoolValue(true)},
		{"uk", "housing", "у рідних або друзів", r.OptionValue("hosted")},
		{"uk", "income", "не знаю", r.StateValue(r.DontKnow)},
		{"ru", "income", "не хочу отвечать", r.StateValue(r.Refused)},
		{"uk", "income", "4500 грн", r.DecimalValue(4500)},
		{"uk", "documents", "1, 3", r.OptionsValue("passport", "displacement")},
		{"en", "phone", "050 123 45 67", r.WordsValue("+380501234567")},
		{"uk", "account", "ua21 3223 1300 0002 6007 2335 6600 1", r.WordsValue("UA213223130000026007233566001")},
		{"uk", "account", "пропустити", r.Value{}},
	} {
		iv := reference.Form.Begin("")
		upTo(t, iv, person{7, c.lang}, c.key, -1)
		heard := iv.Hear(r.Reply{Text: c.said})
		assert.Equal(t, r.Accepted, heard.Outcome, "%s %q: %s", c.key, c.said, heard.Say)
		assert.True(t, c.want.Equal(iv.Answers().Get(c.key)), "%s %q", c.key, c.said)
	}
	for said, want := range map[string]string{"ні": "none", "Ні, жодних труднощів": "none", "деякі труднощі": "some", "2": "some", "значні труднощі": "a_lot", "зовсім не можу": "cannot"} {
		iv := reference.Form.Begin("")
		upTo(t, iv, person{7, "uk"}, "household_size", -1)
		iv.Hear(r.Reply{Text: "1"})
		iv.Hear(r.Reply{Text: "30"})
		iv.Hear(r.Reply{Text: "чоловіча"})
		require.Equal(t, "seeing", iv.Prompt().Key)
		heard := iv.Hear(r.Reply{Text: said})
		assert.Equal(t, r.Accepted, heard.Outcome, "%q: %s", said, heard.Say)
		for m := range reference.Members.From(iv.Answers()) {
			got, _ := reference.Seeing.From(m)
			assert.Equal(t, want, got, said)
		}
	}
}

// What contradicts an earlier answer, or lies before the war, is asked again,
// with the reason.
func TestWhatCannotBeIsAskedAgain(t *testing.T) {
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for l, say := range map[hubkit.Lang][2]string{"en": {"you are 18 or older", "2014 or later"}, "uk": {"18 років", "не раніше 2014"}, "ru": {"18 лет", "не раньше 2014"}} {
		h := person{7, l}
		iv := reference.Form.Begin("")
		upTo(t, iv, h, "displaced", -1)
		iv.Hear(r.Reply{Option: "displaced:yes"})
		for _, s := range []string{"24.08.1901", "31.12.2013"} {
			heard := iv.Hear(r.Reply{Text: s, At: at})
			require.Equal(t, r.Again, heard.Outcome, s)
			assert.Contains(t, heard.Say, say[1])
		}
		require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: "01.01.2014", At: at}).Outcome)

		upTo(t, iv, h, "household_size", -1)
		iv.Hear(r.Reply{Text: "1"})
		for _, s := range []string{"3", "17"} {
			heard := iv.Hear(r.Reply{Text: s, At: at})
			require.Equal(t, r.Again, heard.Outcome, s)
			assert.Contains(t, heard.Say, say[0])
		}
		require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: "18", At: at}).Outcome)
		require.NoError(t, iv.Change("household_size", -1))
		iv.Hear(r.Reply{Text: "2"})
		upTo(t, iv, h, "age", 1)
		require.Equal(t, r.Accepted, iv.Hear(r.Reply{Text: "3", At: at}).Outcome, "of person 2")
	}
}
