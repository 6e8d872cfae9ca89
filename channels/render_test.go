package channels

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hubkit/hubkit"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Limits of real channels, as far as these tests need them.
var (
	whatsapp = Limits{Text: 1600, Buttons: Menu{Max: 3, Label: 20, Body: 1024}, List: Menu{Max: 10, Label: 24, Hint: 72, Body: 1024}, Templates: true}
	sms      = Limits{Text: 10, Unit: Segments}
	voice    = Limits{Spoken: true, OptionsInCall: 4}
	web      = Limits{Buttons: Menu{Max: 200, Hint: 200}, Several: true}
	words    = func() *Phrases { p, _ := Words{}.Compile(); return p }()
)

func options(labels ...string) []Option {
	os := make([]Option, len(labels))
	for i, l := range labels {
		os[i] = Option{ID: fmt.Sprintf("q:%d", i+1), Label: l}
	}
	return os
}

func many(n int) []Option {
	os := make([]Option, n)
	for i := range os {
		os[i] = Option{ID: fmt.Sprintf("q:%d", i+1), Label: fmt.Sprintf("Область %d", i+1)}
	}
	return os
}

func labels(os []Option) (ls []string) {
	for _, o := range os {
		ls = append(ls, o.Label)
	}
	return ls
}

func TestRenderChoosesTheRichestFormThatShowsEverything(t *testing.T) {
	long := "Не бажаю відповідати на це запитання"
	for _, c := range []struct {
		name   string
		limits Limits
		m      Message
		form   Form
		body   string
		shown  []string
	}{
		{"no options", whatsapp, Message{Text: "Дякуємо"}, Plain, "Дякуємо", nil},
		{"a heading", whatsapp, Message{Heading: "Особа 2 з 4", Text: "Вік?"}, Plain, "Особа 2 з 4\nВік?", nil},
		{"what is no UTF-8 is shown as such", sms, Message{Text: "a\xffb", Options: options("c\xff")}, Numbers, "a\uFFFDb\n1. c\uFFFD", []string{"c\xff"}},
		{"few short labels", whatsapp, Message{Text: "?", Options: options("Так", "Ні")}, Buttons, "?", []string{"Так", "Ні"}},
		{"a fourth option needs a list", whatsapp, Message{Text: "?", Options: options("1", "2", "3", "4")}, List, "?", []string{"1", "2", "3", "4"}},
		{"a label too long for a button makes a list", whatsapp, Message{Text: "?", Options: options("Так", strings.Repeat("я", 24))}, List, "?", []string{"Так", strings.Repeat("я", 24)}},
		{"a label too long for a row makes numbered text", whatsapp, Message{Lang: "uk", Text: "?", Options: options("Так", long)}, Numbers, "?\n1. Так\n2. " + long, []string{"Так", long}},
		{"a short label saves the button", whatsapp, Message{Text: "?", Options: []Option{{ID: "a", Label: long, Short: "Не скажу"}}}, Buttons, "?", []string{"Не скажу"}},
		{"a whole label that fits is not shortened", whatsapp, Message{Text: "?", Options: []Option{{ID: "a", Label: "Тимчасове (МТП)", Short: "МТП"}, {ID: "b", Label: long, Short: "Не скажу"}}}, Buttons, "?", []string{"Тимчасове (МТП)", "Не скажу"}},
		{"two that would look alike are told apart by their hints", whatsapp, Message{Text: "?", Options: []Option{{ID: "a", Label: "Київ, столиця України", Short: "Київ"}, {ID: "b", Label: "Київ"}}}, List, "?", []string{"Київ, столиця України", "Київ"}},
		{"or by the whole label", Limits{Buttons: Menu{Max: 3, Label: 20}}, Message{Text: "?", Options: []Option{{ID: "b", Label: "Київ"}, {ID: "a", Label: "Київ, столиця України", Short: "Київ"}}}, Numbers, "?\n1. Київ\n2. Київ, столиця України", []string{"Київ", "Київ, столиця України"}},
		{"a hint makes a list, for buttons have none", whatsapp, Message{Text: "?", Options: []Option{{ID: "a", Label: "Так", Hint: "потрібна"}}}, List, "?", []string{"Так"}},
		{"a hint too long is not dropped", whatsapp, Message{Text: "?", Options: []Option{{ID: "a", Label: "Так", Hint: strings.Repeat("я", 73)}}}, Numbers, "?\n1. Так (" + strings.Repeat("я", 73) + ")", []string{"Так"}},
		{"SMS", sms, Message{Lang: "uk", Text: "?", Options: options("Так", "Ні")}, Numbers, "?\n1. Так\n2. Ні", []string{"Так", "Ні"}},
		{"several on SMS", sms, Message{Lang: "en", Several: true, Text: "?", Options: options("A", "B", "C")}, Numbers, "?\n1. A\n2. B\n3. C\nYou may choose several, for example: 1 3", []string{"A", "B", "C"}},
		{"several of two", sms, Message{Lang: "en", Several: true, Text: "?", Options: options("A", "B")}, Numbers, "?\n1. A\n2. B\nYou may choose several, for example: 1 2", []string{"A", "B"}},
		{"several is not for menus that take one", whatsapp, Message{Lang: "uk", Several: true, Text: "?", Options: options("А", "Б", "В")}, Numbers, "?\n1. А\n2. Б\n3. В\nМожна обрати кілька, наприклад: 1 3", []string{"А", "Б", "В"}},
		{"several on check boxes", web, Message{Several: true, Text: "?", Options: options("A", "B")}, Buttons, "?", []string{"A", "B"}},
		{"ways out on SMS", sms, Message{Lang: "en", Open: true, Text: "How old are you?", Options: options("I don't know", "Skip")}, Named, "How old are you?\nOr write: I don't know / Skip", []string{"I don't know", "Skip"}},
		{"ways out as buttons", whatsapp, Message{Open: true, Text: "?", Options: options("Не знаю")}, Buttons, "?", []string{"Не знаю"}},
		{"a regional language uses its base", sms, Message{Lang: "fr-CA", Open: true, Text: "?", Options: options("Passer")}, Named, "?\nOu écrivez : Passer", []string{"Passer"}},
		{"a language without words gets signs", sms, Message{Lang: "so", Open: true, Text: "?", Options: options("ma garanayo")}, Named, "?\n» ma garanayo", []string{"ma garanayo"}},
		{"a call", voice, Message{Lang: "uk", Text: "Потрібна допомога?", Options: options("Так", "Ні")}, Keys, "Потрібна допомога?\nТак: натисніть 1.\nНі: натисніть 2.", []string{"Так", "Ні"}},
		{"spoken words on a call", voice, Message{Lang: "en", Text: "km?", Spoken: "How many kilometres?", Options: options("One")}, Keys, "How many kilometres?\nOne: press 1.", []string{"One"}},
		{"a recording says it all, in any language", voice, Message{Lang: "so", Text: "?", Recording: "https://x/so.mp3", Options: options("haa")}, Keys, "?", []string{"haa"}},
		{"ways out on a call leave the digits free", voice, Message{Lang: "en", Open: true, Text: "Age?", Options: options("I don't know")}, Keys, "Age?\nI don't know: press star, then 1.", []string{"I don't know"}},
		{"several on a call", voice, Message{Lang: "en", Several: true, Text: "?", Options: many(5)}, Keys, "?\nОбласть 1: press 1.\nОбласть 2: press 2.\nОбласть 3: press 3.\nОбласть 4: press 4.\nОбласть 5: press 5.\nYou may choose several. Press their numbers one after another, then hash.", labels(many(5))},
		{"braces in a label are no pattern", voice, Message{Lang: "en", Text: "?", Options: options("{key} {option}")}, Keys, "?\n{key} {option}: press 1.", []string{"{key} {option}"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Render(c.limits, words, c.m)
			require.NoError(t, err)
			assert.Equal(t, c.form, r.Form, "%s", r.Form)
			assert.Equal(t, []string{c.body}, r.Parts)
			assert.Equal(t, c.shown, labels(r.Shown))
		})
	}
}

func TestRenderShortensARowOnlyWhenTheWholeLabelIsBesideIt(t *testing.T) {
	m := Message{Text: "?", Options: append(options("Так", "Ні", "Інше"), Option{ID: "x", Label: "Не бажаю відповідати на це", Short: "Не скажу"})}
	r, err := Render(whatsapp, words, m)
	require.NoError(t, err)
	assert.Equal(t, List, r.Form)
	assert.Equal(t, Option{ID: "x", Label: "Не скажу", Short: "Не скажу", Hint: "Не бажаю відповідати на це"}, r.Shown[3])
	assert.Equal(t, "Не бажаю відповідати на це", m.Options[3].Label, "the caller's options are not touched")
}

func TestPagesOfAListCountOverTheWholeList(t *testing.T) {
	for _, c := range []struct {
		n, page, first, shown int
		more                  string
	}{
		{10, 0, 1, 10, ""},
		{11, 0, 1, 10, "hub:more:2"},
		{11, 2, 10, 2, ""},
		{19, 2, 10, 10, ""},
		{25, 1, 1, 10, "hub:more:2"},
		{25, 2, 10, 10, "hub:more:3"},
		{25, 3, 19, 7, ""},
		{25, 99, 19, 7, ""},
		{25, -1, 1, 10, "hub:more:2"},
	} {
		r, err := Render(whatsapp, words, Message{Lang: "uk", Text: "?", Page: c.page, Options: many(c.n)})
		require.NoError(t, err)
		assert.Equal(t, c.first, r.First, "%+v", c)
		assert.Len(t, r.Shown, c.shown, "%+v", c)
		assert.Equal(t, fmt.Sprintf("Область %d", c.first), r.Shown[0].Label)
		assert.Equal(t, "Обрати", r.Open)
		last := r.Shown[len(r.Shown)-1]
		if c.more == "" {
			assert.NotContains(t, last.ID, "more")
			continue
		}
		assert.Equal(t, Paged, r.Form)
		assert.Equal(t, Option{ID: c.more, Label: "Ще"}, last)
	}
	page, ok := ParseMore("hub:more:3")
	assert.True(t, ok)
	assert.Equal(t, 3, page)
	for _, id := range []string{"q:1", "hub:more:", "hub:more:x", "hub:more:0", "hub:more:-1"} {
		_, ok := ParseMore(id)
		assert.False(t, ok, id)
	}
}

func TestTheRowForMoreIsASignWhereItsWordsDoNotFit(t *testing.T) {
	for _, c := range []struct {
		label int
		want  string
	}{{13, "Voir la suite"}, {12, "»"}} {
		l := Limits{List: Menu{Max: 10, Label: c.label}}
		r, err := Render(l, words, Message{Lang: "fr", Text: "?", Options: many(11)})
		require.NoError(t, err)
		require.Equal(t, Paged, r.Form)
		assert.Equal(t, c.want, r.Shown[9].Label)
	}
}

func TestPagesOfACall(t *testing.T) {
	r, err := Render(voice, words, Message{Lang: "en", Text: "?", Page: 2, Options: options("A", "B", "C", "D", "E", "F", "G", "H", "I")})
	require.NoError(t, err)
	assert.Equal(t, "?\nE: press 5.\nF: press 6.\nG: press 7.\nH: press 8.\nMore choices: press hash.", r.Body())
	assert.Equal(t, 5, r.First)
	assert.Equal(t, "hub:more:3", r.Shown[4].ID)
	r, err = Render(voice, words, Message{Lang: "en", Text: "?", Page: 3, Options: r.Options})
	require.NoError(t, err)
	assert.Equal(t, "?\nI: press 9.", r.Body())
}

func TestRenderMarksTheLinesOfRightToLeftText(t *testing.T) {
	const mark = "\u200f"
	for _, c := range []struct{ lang, text, want string }{
		{"ar", "هل أنت بخير؟", "هل أنت بخير؟"},
		{"ar", "1. Olena", mark + "1. Olena"},
		{"ar", "1. نعم", "1. نعم"},
		{"fa-AF", "نام\n\n123\nhttps://x", "نام\n\n" + mark + "123\n" + mark + "https://x"},
		{"he", "\u2068Olena\u2069 שלום", "\u2068Olena\u2069 שלום"},
		{"ar", mark + "1. Olena", mark + "1. Olena"},
		{"uk", "1. Olena نعم", "1. Olena نعم"},
		{"ku-Arab", "5", mark + "5"},
		{"ku", "5", "5"},
		{"ar-Latn", "naam", "naam"},
	} {
		r, err := Render(sms, words, Message{Lang: hubkit.Lang(c.lang), Text: c.text})
		require.NoError(t, err)
		assert.Equal(t, c.want, r.Body(), "%s %q", c.lang, c.text)
	}
	r, err := Render(voice, words, Message{Lang: "ar", Text: "1. Olena"})
	require.NoError(t, err)
	assert.Equal(t, "1. Olena", r.Body(), "nobody reads a call")
	r, err = Render(sms, words, Message{Lang: "ar", Text: "ما اسمك؟", Options: options("Olena", "نور")})
	require.NoError(t, err)
	assert.Equal(t, "ما اسمك؟\n"+mark+"1. Olena\n2. نور", r.Body())
}

// A part is a message of its own: it may begin in the middle of a line.
func TestRenderMarksThePartsOfRightToLeftText(t *testing.T) {
	const mark = "\u200f"
	for _, c := range []struct {
		limit, body int
		text        string
		want        []string
	}{
		{20, 0, "استخدم من فضلك هذا Messenger تطبيق", []string{"استخدم من فضلك هذا", mark + "Messenger تطبيق"}},
		{15, 0, "نعم نعم نعم نعم Messenger تطبيق", []string{"نعم نعم نعم نعم", mark + "Messenger", "تطبيق"}},
		{40, 20, "استخدم من فضلك هذا Messenger تطبيق", []string{"استخدم من فضلك هذا", mark + "Messenger تطبيق"}},
		{1, 0, "نa", []string{"ن", "a"}}, // no room for the mark
	} {
		l := Limits{Text: c.limit, Buttons: Menu{Max: 1, Body: c.body}}
		m := Message{Lang: "ar", Text: c.text}
		if c.body > 0 {
			m.Options = options("نعم")
		}
		r, err := Render(l, words, m)
		require.NoError(t, err)
		assert.Equal(t, c.want, r.Parts, "%q", c.text)
	}
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.SliceOfN(rapid.SampledFrom([]string{"نعم", "Messenger", "123", "تطبيق\n", "a\n\n", "\u2068Olena\u2069"}), 1, 60).Draw(t, "words")
		limit := rapid.IntRange(4, 40).Draw(t, "limit")
		unit := Unit(rapid.IntRange(0, 2).Draw(t, "unit"))
		r, err := Render(Limits{Text: limit, Unit: unit}, words, Message{Lang: "ar", Text: strings.Join(said, " ")})
		require.NoError(t, err)
		for _, p := range r.Parts {
			require.True(t, unit.Fits(p, limit), "%q", p)
			for line := range strings.SplitSeq(p, "\n") {
				require.True(t, strings.TrimSpace(line) == "" || startsRight(line), "%q", line)
			}
		}
		require.Equal(t, squash(strings.Join(said, "")), squash(strings.Join(r.Parts, "")))
	})
}

func TestLongTextMakesPartsAndTheLastHoldsTheChoices(t *testing.T) {
	text := strings.TrimSpace(strings.Repeat(strings.TrimSpace(strings.Repeat("слово ", 50))+".\n\n", 12))
	r, err := Render(whatsapp, words, Message{Lang: "uk", Text: text, Options: options("Так", "Ні")})
	require.NoError(t, err)
	require.Greater(t, len(r.Parts), 2)
	for i, p := range r.Parts {
		limit := 1600
		if i == len(r.Parts)-1 {
			limit = 1024
		}
		assert.True(t, Graphemes.Fits(p, limit))
	}
	assert.Equal(t, strings.Fields(text), strings.Fields(strings.Join(r.Parts, " ")))
}

func TestRenderRefuses(t *testing.T) {
	for _, c := range []struct {
		m    Message
		l    Limits
		want error
	}{
		{Message{}, sms, ErrEmpty},
		{Message{Text: " \n "}, sms, ErrEmpty},
		{Message{Options: options("A")}, sms, ErrEmpty},
		{Message{Options: options("A"), Media: []Media{{URL: "x"}}}, sms, ErrEmpty},
		{Message{Recording: "https://x"}, sms, ErrEmpty},
		{Message{Recording: "https://x", Options: options("A")}, whatsapp, ErrEmpty},
		{Message{Text: "?", Options: []Option{{Label: "A"}}}, sms, ErrOption},
		{Message{Text: "?", Options: []Option{{ID: "a", Label: " "}}}, sms, ErrOption},
		{Message{Lang: "so", Text: "?", Options: options("haa")}, voice, ErrWords},
	} {
		_, err := Render(c.l, words, c.m)
		assert.ErrorIs(t, err, c.want)
	}
	for _, c := range []struct {
		m Message
		l Limits
	}{
		{Message{Media: []Media{{URL: "x"}}}, whatsapp},
		{Message{Template: &Template{Name: "x"}}, whatsapp},
		{Message{Recording: "https://x"}, voice},
		{Message{Recording: "https://x", Options: options("A")}, voice},
	} {
		r, err := Render(c.l, words, c.m)
		require.NoError(t, err)
		assert.Len(t, r.Parts, 1, "a driver always gets one part")
	}
}

func TestWords(t *testing.T) {
	p, err := Words{More: hubkit.Text{"so": "Kuwo kale", "en": "Next"}}.Compile()
	require.NoError(t, err)
	assert.Equal(t, "Kuwo kale", p.of("so").more)
	assert.Equal(t, "≡", p.of("so").choose)
	assert.Equal(t, "Next", p.of("en").more)
	assert.Equal(t, "More", words.of("en").more, "one channel's words are not another's")

	_, err = Words{Press: hubkit.Text{"so": "taabo {key}", "ti": ""}}.Compile()
	require.Error(t, err)
	for _, want := range []string{`press in "so" must contain {option}`, `press is empty in "ti"`} {
		assert.ErrorContains(t, err, want)
	}
	long := strings.Repeat("я", 21)
	_, err = Words{Choose: hubkit.Text{"uk": long}, More: hubkit.Text{"uk": long, "ru": strings.Repeat("я", 25)}, SharePlace: hubkit.Text{"ru": strings.Repeat("👋", 21)}}.Compile()
	require.EqualError(t, err, `channels: words: choose in "uk" has more than 20 characters: no button holds it
channels: words: more in "ru" has more than 24 characters: no button holds it
channels: words: share_place in "ru" has more than 40 characters: no button holds it`)
	p, err = Words{Choose: hubkit.Text{"uk": long[:40]}}.Compile()
	require.NoError(t, err)
	limits := map[string]int{}
	for e := range p.Texts() {
		limits[e.ID] = e.Limit
	}
	assert.Equal(t, map[string]int{
		"channels/choose": 20, "channels/more": 24, "channels/share_phone": 40, "channels/share_place": 40, "channels/or_write": 0, "channels/several": 0,
		"channels/press": 0, "channels/press_out": 0, "channels/press_more": 0, "channels/press_several": 0,
	}, limits)
	for e := range words.Texts() {
		for _, l := range []hubkit.Lang{"en", "uk", "ru", "ar", "fr", "es"} {
			assert.NotEmpty(t, e.Text[l], "%s in %s", e.ID, l)
		}
		assert.NotEmpty(t, e.Context)
	}
	for l, ph := range words.in {
		assert.True(t, Graphemes.Fits(ph.choose, 20) && Graphemes.Fits(ph.more, 24), "%s fits WhatsApp", l)
	}
}

func TestShare(t *testing.T) {
	long := strings.Repeat("Слово. ", 400)
	for _, c := range []struct {
		l    Limits
		m    Message
		want string
	}{
		{whatsapp, Message{Lang: "uk", Text: "Ваш номер?", Wants: WantPhone}, "Надіслати мій номер"},
		{whatsapp, Message{Lang: "ar-SY", Text: "أين أنت؟", Wants: WantPlace, Open: true, Options: options("لا أعرف")}, "مشاركة موقعي"},
		{whatsapp, Message{Lang: "so", Text: "?", Wants: WantPlace}, "⌖"},
		{whatsapp, Message{Lang: "en", Text: "How many?", Wants: WantDigits}, ""},
		{voice, Message{Lang: "en", Text: "Your number?", Wants: WantPhone}, ""},
		{whatsapp, Message{Lang: "en", Text: long, Wants: WantPhone}, "Share my phone number"},
	} {
		r, err := Render(c.l, words, c.m)
		require.NoError(t, err)
		assert.Equal(t, c.want, r.Share)
		for i := range len(r.Parts) - 1 {
			part := r.part(i)
			assert.Empty(t, part.Share, "only the last part is answered")
		}
	}
	for l, ph := range words.in {
		assert.True(t, Graphemes.Fits(ph.sharePhone, 40) && Graphemes.Fits(ph.sharePlace, 40), "%s fits a button", l)
	}
}

// Whatever is rendered, nothing a person should read is lost and everything fits.
func TestRenderLosesNothing(t *testing.T) {
	piece := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Так", "لا أعرف", "👨‍👩‍👧‍👦", "a\u0301", "Не знаю, важко сказати", "\u200fنعم"}))
	rapid.Check(t, func(t *rapid.T) {
		l := Limits{
			Text:    rapid.SampledFrom([]int{0, 20, 160, 1600}).Draw(t, "text"),
			Unit:    Unit(rapid.IntRange(0, 3).Draw(t, "unit")),
			Several: rapid.Bool().Draw(t, "check boxes"),
		}
		l.Buttons = Menu{Max: rapid.IntRange(0, 4).Draw(t, "buttons"), Label: rapid.SampledFrom([]int{0, 20}).Draw(t, "label"), Body: rapid.SampledFrom([]int{0, 15}).Draw(t, "body")}
		l.List = Menu{Max: rapid.IntRange(0, 10).Draw(t, "rows"), Label: 24, Hint: rapid.SampledFrom([]int{0, 72}).Draw(t, "hint")}
		m := Message{
			Lang:    hubkit.Lang(rapid.SampledFrom([]string{"en", "uk", "ar", "so"}).Draw(t, "lang")),
			Text:    "T" + strings.Join(rapid.SliceOfN(piece, 0, 30).Draw(t, "words"), " "),
			Several: rapid.Bool().Draw(t, "several"), Open: rapid.Bool().Draw(t, "open"),
		}
		for i := range rapid.IntRange(0, 24).Draw(t, "options") {
			m.Options = append(m.Options, Option{
				ID: fmt.Sprint("q:", i), Label: "L" + piece.Draw(t, "label"), Hint: rapid.SampledFrom([]string{"", "", "підказка"}).Draw(t, "hint"),
			})
		}
		seen := map[string]bool{}
		for page := 1; ; page++ {
			m.Page = page
			r, err := Render(l, words, m)
			require.NoError(t, err)
			last := r.Parts[len(r.Parts)-1]
			var menu Menu
			switch r.Form {
			case Buttons:
				menu = l.Buttons
			case List, Paged:
				menu = l.List
			default:
				all := squash(strings.Join(r.Parts, ""))
				require.Contains(t, all, squash(m.Text))
				for _, o := range m.Options {
					require.Contains(t, all, squash(o.Label))
					require.True(t, r.Form == Named || strings.Contains(all, squash(o.Hint)))
				}
				return
			}
			require.False(t, m.Several && !l.Several)
			require.LessOrEqual(t, len(r.Shown), menu.Max)
			require.True(t, l.Unit.Fits(last, l.Text) && l.Unit.Fits(last, menu.Body) || l.Unit == Bytes)
			more := false
			for _, o := range r.Shown {
				require.True(t, l.Unit.Fits(o.Label, menu.Label))
				require.True(t, o.Hint == "" || menu.Hint > 0 && l.Unit.Fits(o.Hint, menu.Hint))
				if _, ok := ParseMore(o.ID); ok {
					more = true
					continue
				}
				seen[o.ID] = true
			}
			if !more {
				break
			}
		}
		require.Len(t, seen, len(m.Options), "every option is on some page")
	})
}

func squash(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), rlm, "")
	return strings.Join(strings.Fields(s), "")
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"Так", "نعم أو لا؟", "👋🏽", "\xff", "\u202e", "1. Olena"} {
		f.Add(s, "uk", s, 3, true)
	}
	f.Fuzz(func(t *testing.T, text, lang, label string, n int, open bool) {
		m := Message{Text: text, Lang: hubkit.Lang(lang), Open: open}
		for i := range n % 30 {
			m.Options = append(m.Options, Option{ID: fmt.Sprint(i), Label: label})
		}
		for _, l := range []Limits{whatsapp, sms, voice, web} {
			r, err := Render(l, words, m)
			if err == nil && len(r.Parts) == 0 {
				t.Fatal("no part")
			}
		}
	})
}

func BenchmarkRender(b *testing.B) {
	for _, c := range []struct {
		name string
		l    Limits
		m    Message
	}{
		{"plain", whatsapp, Message{Lang: "uk", Text: "Вам потрібна грошова допомога?"}},
		{"buttons", whatsapp, Message{Lang: "uk", Text: "Вам потрібна грошова допомога?", Options: options("Так", "Ні")}},
		{"list", whatsapp, Message{Lang: "uk", Text: "Де ви живете?", Options: many(9)}},
		{"paged", whatsapp, Message{Lang: "uk", Text: "Де ви живете?", Options: many(25)}},
		{"numbers", sms, Message{Lang: "uk", Text: "Де ви живете?", Options: many(9)}},
		{"numbers-ar", sms, Message{Lang: "ar", Text: "أين تسكن؟", Options: options("Olena", "كييف", "خاركيف")}},
		{"keys", voice, Message{Lang: "uk", Text: "Вам потрібна грошова допомога?", Options: options("Так", "Ні")}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Render(c.l, words, c.m); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// On a call, a language is offered in that language; every line says which it is in.
func TestLanguagesAreSpokenInTheirOwn(t *testing.T) {
	p, err := Words{}.Compile()
	require.NoError(t, err)
	r, err := Render(Limits{Spoken: true}, p, Message{
		To: Address{Channel: "voice", ID: "+15550100"}, Lang: "en", Text: "Hello!\nChoose a language:",
		Options: []Option{{ID: "l:en", Label: "English", Lang: "en"}, {ID: "l:uk", Label: "Українська", Lang: "uk"}, {ID: "l:xx", Label: "Xx", Lang: "xx"}, {ID: "l:ru", Label: "Русский", Lang: "ru"}},
	})
	require.NoError(t, err)
	require.Equal(t, "Hello!\nChoose a language:\nEnglish: press 1.\nУкраїнська: натисніть 2.\nXx: press 3.\nРусский: нажмите 4.", r.Body())
	require.Equal(t, []hubkit.Lang{"en", "en", "en", "uk", "en", "ru"}, r.Tongues)

	// Where the call's text has a limit, each part knows its own lines.
	r, err = Render(Limits{Spoken: true, Text: 41}, p, Message{
		Lang: "en", Text: "Hello and good day to you!\nChoose a language:", Options: r.Options[:3],
	})
	require.NoError(t, err)
	parts := [][]string{
		{"Hello and good day to you!"},
		{"Choose a language:", "English: press 1."},
		{"Українська: натисніть 2.", "Xx: press 3."},
	}
	require.Len(t, r.Parts, len(parts))
	tongues := [][]hubkit.Lang{{"en"}, {"en", "en"}, {"uk", "en"}}
	for i := range parts {
		part := r.part(i)
		assert.Equal(t, strings.Join(parts[i], "\n"), part.Body())
		assert.Equal(t, tongues[i], part.Tongues, "part %d", i+1)
	}
	assert.Equal(t, tongues[2], r.Tongues, "those of the body")
}
