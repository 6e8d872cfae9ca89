package reply_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

var threeLangs = []hubkit.Lang{"en", "uk", "ru", "ar"}

// labels builds a Label for each option in each language, in the order of threeLangs.
func labels(options ...[4]string) (ls []reply.Label) {
	for i, o := range options {
		for j, t := range o {
			if t != "" {
				ls = append(ls, reply.Label{Option: i, Lang: threeLangs[j], Text: t})
			}
		}
	}
	return ls
}

var (
	skip = [4]string{"Skip", "Пропустити", "Пропустить", "تخطي"}

	yesNo = reply.New(reply.Spec{
		Kind: reply.YesNo, Langs: threeLangs, Options: 3,
		Labels: labels([4]string{"Yes", "Так", "Да", "نعم"}, [4]string{"No", "Ні", "Нет", "لا"},
			[4]string{"Don't know", "Не знаю", "Не знаю", "لا أعرف"}),
	})
	regions = reply.New(reply.Spec{
		Kind: reply.One, Langs: threeLangs, Options: 4,
		Labels: labels([4]string{"Kyiv region", "Київська область", "Киевская область", "منطقة كييف"},
			[4]string{"Kharkiv region", "Харківська область", "Харьковская область", "منطقة خاركيف"},
			[4]string{"Kherson region", "Херсонська область", "Херсонская область", "منطقة خيرسون"},
			[4]string{"Prefer not to say", "Не хочу відповідати", "Не хочу отвечать", "أفضل عدم الإجابة"}),
	})
	needs = reply.New(reply.Spec{
		Kind: reply.Many, Langs: threeLangs, Options: 9,
		Labels: labels([4]string{"Food", "Їжа", "Еда", "طعام"}, [4]string{"Water", "Вода", "Вода", "ماء"},
			[4]string{"Shelter", "Житло", "Жильё", "مأوى"}, [4]string{"Medicine", "Ліки", "Лекарства", "دواء"},
			[4]string{"Clothes, shoes", "Одяг, взуття", "Одежда, обувь", "ملابس"}, [4]string{"Cash", "Гроші", "Деньги", "نقود"},
			[4]string{"Work", "Робота", "Работа", "عمل"}, [4]string{"School", "Школа", "Школа", "مدرسة"}, [4]string{"None", "Нічого", "Ничего", "لا شيء"}),
	})
	people = reply.New(reply.Spec{Kind: reply.Integer, Langs: threeLangs, Options: 1, Open: true, Labels: labels(skip)})
	amount = reply.New(reply.Spec{Kind: reply.Decimal, Langs: threeLangs, Options: 1, Open: true, Labels: labels(skip)})
	when   = reply.New(reply.Spec{Kind: reply.Date, Langs: threeLangs, Options: 1, Open: true, Labels: labels(skip)})
	words  = reply.New(reply.Spec{Kind: reply.Words, Langs: threeLangs, Options: 1, Open: true, Labels: labels(skip)})
)

// today is 2024-03-15, a Friday.
var today = day("2024-03-15")

func day(iso string) int64 {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic(err)
	}
	return t.Unix() / 86400
}

func TestYesNo(t *testing.T) {
	for _, c := range []struct {
		lang hubkit.Lang
		text string
		want int64 // -1: refused
		why  reply.Why
	}{
		{"en", "Yes", 0, 0},
		{"en", "yes!", 0, 0},
		{"en", "YEAH", 0, 0},
		{"en", "y", 0, 0},
		{"en", "ok", 0, 0},
		{"en", "1", 0, 0},
		{"en", "2", 1, 0},
		{"en", "2️⃣", 1, 0},
		{"en", "№1", 0, 0},
		{"en", "one", 0, 0},
		{"en", "yes please", 0, 0},
		{"en", "No, thank you.", 1, 0},
		{"en", "nope", 1, 0},
		{"en", "n", 1, 0},
		{"en", "👍🏽", 0, 0},
		{"en", "👎", 1, 0},
		{"en", "yes 👍", 0, 0},
		{"en", "yes 👎", -1, reply.SeveralOptions},
		{"en", "yes and no", -1, reply.SeveralOptions},
		{"en", "yes no", -1, reply.SeveralOptions},
		{"en", "так", 0, 0},
		{"en", "нет", 1, 0},
		{"en", "ага", 0, 0},
		{"en", "т", -1, reply.NotUnderstood},
		{"uk", "так", 0, 0},
		{"uk", "т", 0, 0},
		{"uk", "н", 1, 0},
		{"uk", "Угу", 0, 0},
		{"uk", "ні, дякую", 1, 0},
		{"uk", "ні-ні", 1, 0},
		{"uk", "нi", 1, 0}, // a Latin i
		{"uk", "+", 0, 0},
		{"uk", "хочу", -1, reply.NotUnderstood},
		{"ru", "да", 0, 0},
		{"ru", "не", -1, reply.NotUnderstood},
		{"ru", "не знаю", 2, 0},
		{"ru", "НЕТ", 1, 0},
		{"ar", "نعم", 0, 0},
		{"ar", "ايوه", 0, 0},
		{"ar", "أيوه", 0, 0},
		{"ar", "ن", 0, 0},
		{"ar", "لا", 1, 0},
		{"ar", "لأ", 1, 0},
		{"ar", "نَعَمْ", 0, 0},
		{"ar", "\u200f١", 0, 0},
		{"ar", "۲", 1, 0},
		{"ar", "لا اعرف", 2, 0},
		{"en", "4", -1, reply.OutOfList},
		{"en", "1,2", -1, reply.SeveralOptions},
		{"en", "", -1, reply.Empty},
		{"en", "\u200f \u200b", -1, reply.Empty},
		{"en", "maybe", -1, reply.NotUnderstood},
	} {
		u := yesNo.Understand(c.lang, c.text, today, nil)
		if c.want < 0 {
			assert.Falsef(t, u.OK, "%s %q: %+v", c.lang, c.text, u)
			assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
			continue
		}
		assert.Truef(t, u.OK, "%s %q: %v", c.lang, c.text, u.Why)
		assert.Equalf(t, c.want, u.N, "%s %q", c.lang, c.text)
	}
}

// Words that mean yes in one language and no in another follow the conversation.
func TestYesNoCollisions(t *testing.T) {
	e := reply.New(reply.Spec{Kind: reply.YesNo, Options: 2, Langs: []hubkit.Lang{"ar", "fa-AF", "ps", "en", "sw", "tr", "so"}})
	for _, c := range []struct {
		lang hubkit.Lang
		text string
		want int64
	}{
		{"ar", "ن", 0},
		{"fa-AF", "ن", 1},
		{"prs", "ن", 1},
		{"ps", "ن", 1},
		{"en", "n", 1},
		{"sw", "n", 0},
		{"so", "h", 0},
		{"tr", "h", 1},
		{"sw", "h", 1},
		{"tr", "HAYIR", 1},
		{"tr", "hayir", 1},
		{"en", "hayır", 1},
		{"en", "ndiyo", 0},
		{"en", "haa", 0},
		{"sw", "hapana", 1},
	} {
		u := e.Understand(c.lang, c.text, 0, nil)
		assert.Truef(t, u.OK && u.N == c.want, "%s %q: %+v", c.lang, c.text, u)
	}
	assert.False(t, e.Understand("en", "ن", 0, nil).OK)
}

func TestOne(t *testing.T) {
	for _, c := range []struct {
		lang  hubkit.Lang
		text  string
		want  int64
		why   reply.Why
		guess int
	}{
		{"en", "1", 0, 0, -1},
		{"en", "(3)", 2, 0, -1},
		{"en", "2.", 1, 0, -1},
		{"en", "option 2", 1, 0, -1},
		{"uk", "варіант 3", 2, 0, -1},
		{"en", "２", 1, 0, -1},
		{"en", "②", 1, 0, -1},
		{"en", "❸", 2, 0, -1},
		{"ar", "٣", 2, 0, -1},
		{"ar", "رقم ٣", 2, 0, -1},
		{"en", "२", 1, 0, -1},
		{"en", "2. Kharkiv region", 1, 0, -1},
		{"en", "2. Kyiv region", -1, reply.SeveralOptions, -1},
		{"en", "kyiv  REGION", 0, 0, -1},
		{"uk", "харківська область!", 1, 0, -1},
		{"en", "Харьковская область", 1, 0, -1},
		{"ar", "منطقه كييف", 0, 0, -1},
		{"uk", "Київська-область", 0, 0, -1},
		{"uk", "два", 1, 0, -1},
		{"ru", "третий", -1, reply.NotUnderstood, -1},
		{"uk", "Херсонска область", -1, reply.NotUnderstood, 2},
		{"en", "Kherson regoin", -1, reply.NotUnderstood, 2},
		{"en", "kherson", -1, reply.NotUnderstood, 2},
		{"en", "region", -1, reply.NotUnderstood, -1},
		{"en", "5", -1, reply.OutOfList, -1},
		{"en", "0", -1, reply.OutOfList, -1},
		{"en", "99999999999999999999", -1, reply.NotUnderstood, -1},
		{"en", "1 2", -1, reply.SeveralOptions, -1},
		{"en", "1-3", -1, reply.SeveralOptions, -1},
		{"en", "1 1", 0, 0, -1},
		{"en", "-1", -1, reply.Signed, -1},
		{"en", "+2", -1, reply.Signed, -1},
		{"en", "1%", -1, reply.NotUnderstood, -1},
		{"en", "not 3, 4", -1, reply.NotUnderstood, -1},
		{"en", "\xff\xfe", -1, reply.NotUnderstood, -1},
	} {
		u := regions.Understand(c.lang, c.text, today, nil)
		assert.Equalf(t, c.want >= 0, u.OK, "%s %q: %+v", c.lang, c.text, u)
		assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
		assert.Equalf(t, c.guess, u.Guess, "%s %q", c.lang, c.text)
		if u.OK {
			assert.Equalf(t, c.want, u.N, "%s %q", c.lang, c.text)
		}
	}
}

func TestShown(t *testing.T) {
	shown := []int{1, 3}
	u := regions.Understand("en", "2", 0, shown)
	assert.True(t, u.OK)
	assert.EqualValues(t, 3, u.N)
	assert.Equal(t, reply.OutOfList, regions.Understand("en", "3", 0, shown).Why)
	assert.False(t, regions.Understand("en", "Kyiv region", 0, shown).OK, "a label that was not shown")
	assert.Equal(t, -1, regions.Understand("en", "Kherson regoin", 0, shown).Guess)
	assert.True(t, regions.Understand("en", "Kharkiv region", 0, shown).OK)
	assert.False(t, regions.Understand("en", "1", 0, []int{}).OK)
}

// Two options with one label in different languages: the conversation decides.
func TestSharedLabel(t *testing.T) {
	e := reply.New(reply.Spec{Kind: reply.One, Options: 2, Langs: []hubkit.Lang{"uk", "ru", "en"}, Labels: []reply.Label{
		{0, "uk", "Так"}, {1, "ru", "Так"}, {0, "en", "Same"}, {1, "en", "Same"},
	}})
	assert.EqualValues(t, 0, e.Understand("uk", "Так", 0, nil).N)
	assert.EqualValues(t, 1, e.Understand("ru", "так", 0, nil).N)
	assert.Equal(t, reply.SeveralOptions, e.Understand("en", "Так", 0, nil).Why)
	assert.Equal(t, reply.SeveralOptions, e.Understand("en", "same", 0, nil).Why)
	assert.EqualValues(t, 1, e.Understand("en", "Same", 0, []int{1}).N)
}

// Keys made of digits give way to numbers; labels made of digits do not.
func TestDigitLabels(t *testing.T) {
	keys := reply.New(reply.Spec{Kind: reply.One, Options: 2, Labels: []reply.Label{{0, "", "0"}, {1, "", "1"}, {0, "en", "No"}, {1, "en", "Yes"}}})
	assert.EqualValues(t, 0, keys.Understand("en", "1", 0, nil).N)
	years := reply.New(reply.Spec{Kind: reply.One, Options: 3, Labels: []reply.Label{{0, "en", "2022"}, {1, "en", "1"}, {2, "en", "3+"}}})
	assert.EqualValues(t, 0, years.Understand("en", "٢٠٢٢", 0, nil).N)
	assert.Equal(t, reply.SeveralOptions, years.Understand("en", "1", 0, nil).Why)
	assert.EqualValues(t, 1, years.Understand("en", "2", 0, nil).N)
	assert.EqualValues(t, 2, years.Understand("en", "3+", 0, nil).N)
}

func TestMany(t *testing.T) {
	for _, c := range []struct {
		lang hubkit.Lang
		text string
		want []int
		why  reply.Why
	}{
		{"en", "3", []int{2}, 0},
		{"en", "1,3 5", []int{0, 2, 4}, 0},
		{"en", "3 1", []int{0, 2}, 0},
		{"en", "2-4", []int{1, 2, 3}, 0},
		{"en", "1, 3-5; 9", []int{0, 2, 3, 4, 8}, 0},
		{"ar", "١، ٣ ٥", []int{0, 2, 4}, 0},
		{"en", "1️⃣ 2️⃣", []int{0, 1}, 0},
		{"en", "1\n2\n", []int{0, 1}, 0},
		{"en", "1.3.5", []int{0, 2, 4}, 0},
		{"en", "1 and 2", []int{0, 1}, 0},
		{"uk", "1 і 2", []int{0, 1}, 0},
		{"uk", "1 та 2", []int{0, 1}, 0},
		{"en", "food and water", []int{0, 1}, 0},
		{"uk", "їжа, вода та ліки", []int{0, 1, 3}, 0},
		{"ru", "еда и жилье", []int{0, 2}, 0},
		{"ar", "طعام وماء", []int{0, 1}, 0},
		{"ar", "طعام و دواء", []int{0, 3}, 0},
		{"en", "Clothes, shoes", []int{4}, 0},
		{"en", "Food; clothes, shoes", []int{0, 4}, 0},
		{"en", "food, 3", []int{0, 2}, 0},
		{"en", "food/water", []int{0, 1}, 0},
		{"uk", "один і три", []int{0, 2}, 0},
		{"en", "1 1 1", []int{0}, 0},
		{"en", "food, gold", nil, reply.NotUnderstood},
		{"en", "13", nil, reply.SeveralOptions},
		{"en", "10", nil, reply.OutOfList},
		{"en", "1, 12", nil, reply.OutOfList},
		{"en", "4-2", nil, reply.NotUnderstood},
		{"en", "1-99", nil, reply.OutOfList},
		{"en", "not 3, 4", nil, reply.NotUnderstood},
		{"en", "1-2-3", nil, reply.NotUnderstood},
		{"en", ",", nil, reply.NotUnderstood},
		{"en", "", nil, reply.Empty},
	} {
		u := needs.Understand(c.lang, c.text, today, nil)
		assert.Equalf(t, c.want != nil, u.OK, "%s %q: %+v", c.lang, c.text, u)
		assert.Equalf(t, c.want, u.Set, "%s %q", c.lang, c.text)
		assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
	}
	u := needs.Understand("en", "1,2", 0, []int{5, 7})
	assert.Equal(t, []int{5, 7}, u.Set)
	assert.False(t, needs.Understand("en", "food, water", 0, []int{5, 7}).OK)
}
