package registration_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

func TestLanguages(t *testing.T) {
	q := form(t)
	t.Run("asked for", func(t *testing.T) {
		iv := q.Begin("")
		p := iv.Prompt()
		require.Equal(t, "Which language?\nЯкою мовою?\nНа каком языке?", p.Text)
		require.Equal(t, "Українська", p.Options[1].Say)
		say(t, iv, "русский")
		require.Equal(t, hubkit.Lang("ru"), iv.Lang())
		require.Equal(t, "Мы храним ответы. Согласны?", iv.Prompt().Text)
	})
	t.Run("known from the start", func(t *testing.T) {
		iv := q.Begin("uk")
		requireAt(t, iv, "consent", -1)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "uk", o)
	})
	t.Run("one that it lacks", func(t *testing.T) {
		iv := q.Begin("ar")
		requireAt(t, iv, "language", -1)
		require.False(t, iv.SetLang("ar"))
	})
	t.Run("changed on the way", func(t *testing.T) {
		iv := q.Begin("uk")
		require.True(t, iv.SetLang("en"))
		require.Equal(t, "We keep your answers. Agree?", iv.Prompt().Text)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "en", o)
		say(t, iv, "погоджуюся") // the other languages are still understood
	})
	t.Run("instead of an answer", func(t *testing.T) {
		iv := q.Begin("")
		require.True(t, iv.SetLang("ru"))
		requireAt(t, iv, "consent", -1)
	})
	t.Run("after the end only the words change", func(t *testing.T) {
		iv := q.Begin("uk")
		say(t, iv, "не погоджуюся")
		require.Equal(t, "Тоді ми тут не допоможемо.", iv.Prompt().Text)
		require.True(t, iv.SetLang("en"))
		require.Equal(t, "Then we cannot help here.", iv.Prompt().Text)
		o, _ := lang.From(iv.Answers())
		require.Equal(t, "uk", o)
	})
	t.Run("conditions follow it", func(t *testing.T) {
		dialect := r.YesNo("dialect", three("Only English?", "Лише українською?", "Только русский?"))
		s := asks(lang, r.When(lang.Is("uk"), dialect), size, children, r.Summary(nil))
		s.Languages = []hubkit.Lang{"en", "uk", "ru"}
		q, err := r.New(s)
		require.NoError(t, err)
		iv := q.Begin("en")
		requireAt(t, iv, "size", -1)
		iv.SetLang("uk")
		requireAt(t, iv, "size", -1)
		iv, err = q.Resume(iv.AppendState(nil))
		require.NoError(t, err)
		say(t, iv, "3")
		requireAt(t, iv, "dialect", -1)
		say(t, iv, "так", "1")
		requireAt(t, iv, "_summary", -1)
		iv.SetLang("ru")
		require.NotContains(t, iv.Prompt().Text, "Только русский?")
		require.Equal(t, r.NotAsked, iv.Answers().Get("dialect").State())
		require.True(t, iv.AskChange())
		iv.SetLang("uk")
		require.Equal(t, "_change", iv.Prompt().Key)
		iv.Hear(tapped("_change:_keep"))
		requireAt(t, iv, "dialect", -1)
	})
	t.Run("a text that falls back tells", func(t *testing.T) {
		s := asks(okay, last)
		s.Languages, s.Fallback = []hubkit.Lang{"en", "uk"}, hubkit.Fallback{"uk": {"en"}}
		q, err := r.New(s)
		require.NoError(t, err)
		p := q.Begin("uk").Prompt()
		require.Equal(t, hubkit.Lang("en"), p.Lang)
		require.Equal(t, "Okay?", p.Text)
		require.Equal(t, "Так", p.Options[0].Say)
	})
}

func TestTextsWithAnswers(t *testing.T) {
	sex := r.Choice("sex", three("Sex?", "Стать?", "Пол?"), r.Opt("f", three("Woman", "Жінка", "Женщина")), r.Opt("m", three("Man", "Чоловік", "Мужчина")))
	s := r.Spec{ID: "x", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"}, Parts: r.Parts(
		r.OrRefuse(sex),
		r.Integer("size", three("{sex}: how many?", "{sex}: скільки?", "{sex}: сколько?")).Between(0, 9),
		r.YesNo("displaced", three(
			"{sex, select, f {Madam} m {Sir} other {Friend}}, {size, plural, one {# person} other {# people}}?",
			"{sex, select, f {Пані} m {Пане} other {Друже}}, {size, plural, one {# особа} few {# особи} many {# осіб} other {# особи}}?",
			"{sex, select, f {Госпожа} m {Господин} other {Друг}}, {size, plural, one {# человек} few {# человека} many {# человек} other {# человека}}?")),
	)}
	q, err := r.New(s)
	require.NoError(t, err)
	iv := q.Begin("uk")
	say(t, iv, "жінка")
	require.Equal(t, "Жінка: скільки?", iv.Prompt().Text)
	say(t, iv, "5")
	require.Equal(t, "Пані, 5 осіб?", iv.Prompt().Text, "a select goes by the option's key")
	iv.SetLang("en")
	require.Equal(t, "Madam, 5 people?", iv.Prompt().Text)
	require.NoError(t, iv.Change("sex", -1))
	iv.Hear(tapped("sex:_refuse"))
	require.Equal(t, "Friend, 5 people?", iv.Prompt().Text)
}

func TestBesideAQuestion(t *testing.T) {
	iv := begin(t, count, r.Hint(en("Count {count} again."), r.Spoken(en("Say it."), r.Recording(en("https://example.org/ok.mp3"), okay))))
	say(t, iv, "2")
	p := iv.Prompt()
	require.Equal(t, "Count 2 again.", p.Hint)
	require.Equal(t, "Say it.", p.Spoken)
	require.Equal(t, "https://example.org/ok.mp3", p.Recording)
	require.False(t, p.Open)
	require.Equal(t, r.FormYesNo, p.Form)
}

func TestContinue(t *testing.T) {
	q := form(t)
	iv := q.Begin("uk")
	for _, reply := range script[1:] {
		iv.Hear(reply)
	}
	known := iv.Answers()
	require.Equal(t, "_summary", iv.Prompt().Key)

	t.Run("everything known", func(t *testing.T) {
		again, err := q.Continue("", known)
		require.NoError(t, err)
		require.Equal(t, "_summary", again.Prompt().Key)
		require.Equal(t, hubkit.Lang("uk"), again.Lang())
		require.True(t, again.Answers().Equal(known))
	})
	t.Run("only what is new or no longer fits", func(t *testing.T) {
		s := spec()
		s.Version = "2"
		s.Parts = r.Parts(lang, r.Consent("consent", "3", three("New?", "Нове?", "Новое?")), size.Between(3, 9), region, r.YesNo("fresh", three("Fresh?", "Свіже?", "Свежее?")))
		newer, err := r.New(s)
		require.NoError(t, err)
		again, err := newer.Continue("en", known)
		require.NoError(t, err)
		requireAt(t, again, "consent", -1)
		say(t, again, "I agree")
		requireAt(t, again, "size", -1)
		say(t, again, "4")
		requireAt(t, again, "fresh", -1)
	})
	t.Run("members that are known", func(t *testing.T) {
		more := r.YesNo("more", en("Another?"))
		q, err := r.New(asks(r.Repeat("men", nil, years).UntilNo(more), last))
		require.NoError(t, err)
		a := r.Of(map[string]r.Value{"men": r.RowsValue(r.Of(map[string]r.Value{"years": r.IntValue(5)}), r.Of(map[string]r.Value{"years": r.IntValue(300)}))})
		iv, err := q.Continue("", a)
		require.NoError(t, err)
		requireAt(t, iv, "years", 1)
		say(t, iv, "30", "no", "yes")
		n, _ := iv.Answers().Get("men").Rows()
		require.Equal(t, 2, n)
	})
	t.Run("of the wrong kind", func(t *testing.T) {
		_, err := q.Continue("", r.Of(map[string]r.Value{"size": r.WordsValue("three"), "region": r.OptionValue("mars")}))
		require.ErrorContains(t, err, `"size"`)
		require.ErrorContains(t, err, `"region"`)
	})
}

// Members beyond a roster's most are refused with an error: an interview that
// held them could not be stored, and to drop them would be silent.
func TestContinueRefusesTooManyMembers(t *testing.T) {
	q, err := r.New(asks(okay, r.StopUnless(okay.Yes(), "no", sorryEN), count, crew.AtMost(5)))
	require.NoError(t, err)
	members := func(n int) r.Answers {
		rows := make([]r.Answers, n)
		for i := range rows {
			rows[i] = r.Of(map[string]r.Value{"years": r.IntValue(int64(i))})
		}
		return r.Of(map[string]r.Value{"crew": r.RowsValue(rows...)})
	}
	for _, n := range []int{6, 30, 300} {
		_, err := q.Continue("en", members(n))
		var e *r.ValueError
		require.ErrorAs(t, err, &e)
		require.Equal(t, "crew", e.Key)
		require.ErrorContains(t, err, fmt.Sprintf("it has %d members, and the roster takes at most 5", n))
	}
	iv, err := q.Continue("en", members(5))
	require.NoError(t, err)
	again, err := q.Resume(iv.AppendState(nil))
	require.NoError(t, err)
	require.Equal(t, iv.Answers(), again.Answers())
}
