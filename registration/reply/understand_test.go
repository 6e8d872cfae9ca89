package reply_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
		{"en", "-1", 0, 0, -1},
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

func TestInteger(t *testing.T) {
	for _, c := range []struct {
		lang hubkit.Lang
		text string
		want int64
		why  reply.Why
	}{
		{"en", "5", 5, 0},
		{"en", "007", 7, 0},
		{"en", "0", 0, 0},
		{"en", "40 y", 40, 0},
		{"en", "40y", 40, 0},
		{"en", "40 years old.", 40, 0},
		{"en", "we are 4", 4, 0},
		{"en", "five", 5, 0},
		{"en", "Twenty-five", 25, 0},
		{"en", "a hundred and five", 105, 0},
		{"en", "one hundred", 100, 0},
		{"en", "5 (five)", 5, 0},
		{"en", "1,234", 1234, 0},
		{"en", "1.234", 1234, 0},
		{"en", "1,234,567", 1234567, 0},
		{"en", "5k", 5000, 0},
		{"en", "1.5k", 1500, 0},
		{"uk", "40 років", 40, 0},
		{"uk", "4 особи", 4, 0},
		{"uk", "нас 4", 4, 0},
		{"uk", "нас четверо", 4, 0},
		{"uk", "п’ять", 5, 0},
		{"uk", "пʼять", 5, 0},
		{"uk", "пять", 5, 0},
		{"uk", "двадцять дев'ять", 29, 0},
		{"uk", "двох", 2, 0},
		{"uk", "12 000 грн", 12000, 0},
		{"uk", "5 тис. грн", 5000, 0},
		{"uk", "1 234 567", 1234567, 0},
		{"ru", "40 лет", 40, 0},
		{"ru", "сорок пять лет", 45, 0},
		{"ru", "трёх", 3, 0},
		{"ru", "трое детей", 3, 0},
		{"ru", "двенадцать", 12, 0},
		{"ru", "сто двадцать", 120, 0},
		{"ar", "٤٠ سنة", 40, 0},
		{"ar", "خمسة", 5, 0},
		{"ar", "خمسة وعشرون", 25, 0},
		{"ar", "خمسه و عشرين", 25, 0},
		{"ar", "أحد عشر", 11, 0},
		{"ar", "٤ أشخاص", 4, 0},
		{"ar", "مئة وخمسة وعشرون", 125, 0},
		{"ar", "۱۲", 12, 0},
		{"ar", "١٬٢٣٤", 1234, 0},
		{"ar", "عشرة", 10, 0},
		{"ar", "واحد", 1, 0},
		{"en", "пять", 5, 0},
		{"en", "３", 3, 0},
		{"en", "3️⃣", 3, 0},
		{"en", "🔟", 10, 0},
		{"en", "5 🙂", 5, 0},
		{"en", "№5", 5, 0},
		{"en", "5-7", -1, reply.TwoNumbers},
		{"en", "5 or 7", -1, reply.TwoNumbers},
		{"en", "not 3, 4", -1, reply.TwoNumbers},
		{"en", "three and four", -1, reply.TwoNumbers},
		{"en", "five six", -1, reply.TwoNumbers},
		{"en", "5 600", -1, reply.TwoNumbers},
		{"uk", "5 60", -1, reply.TwoNumbers},
		{"en", "5/7", -1, reply.TwoNumbers},
		{"en", "about 6", -1, reply.Approximate},
		{"uk", "десь 6", -1, reply.Approximate},
		{"ru", "около шести", -1, reply.Approximate},
		{"ar", "حوالي ٦", -1, reply.Approximate},
		{"en", "~6", -1, reply.Approximate},
		{"en", "5+", -1, reply.Approximate},
		{"en", ">5", -1, reply.Approximate},
		{"en", "-5", -1, reply.Signed},
		{"en", "−5", -1, reply.Signed},
		{"en", "+5", -1, reply.Signed},
		{"en", "2.5", -1, reply.Fraction},
		{"uk", "2,5", -1, reply.Fraction},
		{"en", ".5", -1, reply.Fraction},
		{"en", "0.123", -1, reply.Fraction},
		{"en", "2½", -1, reply.TwoNumbers},
		{"en", "50%", -1, reply.NotUnderstood},
		{"en", "8 months", -1, reply.NotUnderstood},
		{"uk", "8 місяців", -1, reply.NotUnderstood},
		{"en", "many", -1, reply.NotUnderstood},
		{"en", "1e5", -1, reply.TwoNumbers},
		{"en", "1234567890123456789", -1, reply.TooLong},
		{"en", "years", -1, reply.NotUnderstood},
		{"en", "  ", -1, reply.Empty},
	} {
		u := people.Understand(c.lang, c.text, today, nil)
		assert.Equalf(t, c.want >= 0, u.OK, "%s %q: %+v", c.lang, c.text, u)
		assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
		if u.OK {
			assert.Equalf(t, reply.Value, u.Kind, "%s %q", c.lang, c.text)
			assert.Equalf(t, c.want, u.N, "%s %q", c.lang, c.text)
		}
	}
	u := people.Understand("uk", "пропустити", 0, nil)
	assert.True(t, u.OK && u.Kind == reply.Option && u.N == 0)
	assert.Equal(t, 0, people.Understand("uk", "пропустит", 0, nil).Guess)
}

func TestDecimal(t *testing.T) {
	for _, c := range []struct {
		lang       hubkit.Lang
		text, want string
		why        reply.Why
	}{
		{"en", "5", "5", 0},
		{"en", "12.50", "12.5", 0},
		{"uk", "12,5", "12.5", 0},
		{"uk", "12.5", "12.5", 0},
		{"en", "12,5", "12.5", 0},
		{"en", "007", "7", 0},
		{"en", "1,234.56", "1234.56", 0},
		{"uk", "1.234,56", "1234.56", 0},
		{"uk", "1 234,5", "1234.5", 0},
		{"uk", "1 234,50 грн", "1234.5", 0},
		{"en", "0.125", "0.125", 0},
		{"en", ".5", "0.5", 0},
		{"ar", "١٢٫٥", "12.5", 0},
		{"ar", "١٬٢٣٤٫٥", "1234.5", 0},
		{"ar", "١٢،٥", "12.5", 0},
		{"en", "1234.567", "1234.567", 0},
		{"en", "3.00", "3", 0},
		{"en", "1,234,567", "1234567", 0},
		{"en", "1'234.5", "1234.5", 0},
		{"uk", "п'ять", "5", 0},
		{"en", "1,234.567", "1234.567", 0},
		{"en", "2.5k", "2500", 0},
		{"en", "1.234", "", reply.AmbiguousDecimal},
		{"uk", "1,234", "", reply.AmbiguousDecimal},
		{"en", "1,2,3", "", reply.TwoNumbers},
		{"en", "-2.5", "", reply.Signed},
		{"en", "1.2.2024", "", reply.TwoNumbers},
		{"en", "2½", "", reply.TwoNumbers},
		{"en", "12.5-13", "", reply.TwoNumbers},
		{"en", "about 2.5", "", reply.Approximate},
		{"en", "1.2345678901234567890", "", reply.TooLong},
	} {
		u := amount.Understand(c.lang, c.text, today, nil)
		assert.Equalf(t, c.want != "", u.OK, "%s %q: %+v", c.lang, c.text, u)
		assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
		assert.Equalf(t, c.want, u.Text, "%s %q", c.lang, c.text)
	}
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		lang       hubkit.Lang
		text, want string
		why        reply.Why
	}{
		{"en", "2022-02-24", "2022-02-24", 0},
		{"uk", "24.02.2022", "2022-02-24", 0},
		{"uk", "24/2/2022", "2022-02-24", 0},
		{"uk", "3.4.2022", "2022-04-03", 0},
		{"en", "03.04.2022", "2022-04-03", 0},
		{"uk", "24 лютого 2022 року", "2022-02-24", 0},
		{"uk", "24 лютий 2022р.", "2022-02-24", 0},
		{"ru", "24 февраля 2022 г.", "2022-02-24", 0},
		{"ru", "24 фев 22", "2022-02-24", 0},
		{"en", "24 February 2022", "2022-02-24", 0},
		{"en", "Feb 24th, 2022", "2022-02-24", 0},
		{"en", "the 24th of February 2022", "2022-02-24", 0},
		{"en", "24-Feb-2022", "2022-02-24", 0},
		{"ar", "٢٤ شباط ٢٠٢٢", "2022-02-24", 0},
		{"ar", "٢٤ فبراير ٢٠٢٢", "2022-02-24", 0},
		{"ar", "15 كانون الثاني 1990", "1990-01-15", 0},
		{"ar", "15 تشرين الأول 1990", "1990-10-15", 0},
		{"ar", "٢٤/٢/٢٠٢٢", "2022-02-24", 0},
		{"en", "20220224", "2022-02-24", 0},
		{"en", "24022022", "2022-02-24", 0},
		{"fr", "3 août 2021", "2021-08-03", 0},
		{"es", "3 de agosto de 2021", "2021-08-03", 0},
		{"en", "today", "2024-03-15", 0},
		{"en", "Yesterday!", "2024-03-14", 0},
		{"en", "2 days ago", "2024-03-13", 0},
		{"en", "the day before yesterday", "2024-03-13", 0},
		{"en", "two weeks ago", "2024-03-01", 0},
		{"uk", "сьогодні", "2024-03-15", 0},
		{"uk", "вчора", "2024-03-14", 0},
		{"uk", "5 днів тому", "2024-03-10", 0},
		{"uk", "тиждень тому", "2024-03-08", 0},
		{"uk", "п'ять днів тому", "2024-03-10", 0},
		{"ru", "позавчера", "2024-03-13", 0},
		{"ru", "3 дня назад", "2024-03-12", 0},
		{"ar", "أمس", "2024-03-14", 0},
		{"ar", "قبل ٣ أيام", "2024-03-12", 0},
		{"ar", "منذ أسبوع", "2024-03-08", 0},
		{"uk", "01.02.60", "1960-02-01", 0},
		{"uk", "15.03.24", "2024-03-15", 0},
		{"uk", "16.03.24", "1924-03-16", 0},
		{"en", "90-01-15", "1990-01-15", 0},
		{"uk", "29.02.2024", "2024-02-29", 0},
		{"en", "04/13/2024", "2024-04-13", 0},
		{"en", "05/05/2023", "2023-05-05", 0},
		{"en", "03/04/2024", "", reply.AmbiguousDate},
		{"fa-AF", "01.02.65", "", reply.AmbiguousDate},
		{"am", "03.04.2016", "", reply.AmbiguousDate},
		{"uk", "15-01-16", "", reply.AmbiguousDate},
		{"uk", "лютий 2022", "", reply.IncompleteDate},
		{"uk", "24 лютого", "", reply.IncompleteDate},
		{"en", "2022", "", reply.IncompleteDate},
		{"en", "02.2022", "", reply.IncompleteDate},
		{"uk", "31.02.2022", "", reply.ImpossibleDate},
		{"uk", "29.02.2023", "", reply.ImpossibleDate},
		{"uk", "12.13.2022", "", reply.ImpossibleDate},
		{"fa", "1402/05/06", "", reply.ImpossibleDate},
		{"en", "about May 2022", "", reply.Approximate},
		{"uk", "десь у травні", "", reply.Approximate},
		{"en", "long ago", "", reply.NotUnderstood},
		{"en", "3 months ago", "", reply.NotUnderstood},
		{"en", "1-5 May 2022", "", reply.AmbiguousDate},
		{"en", "1.2.3.4", "", reply.NotUnderstood},
		{"en", "24.02.2022 14:30", "", reply.NotUnderstood},
	} {
		u := when.Understand(c.lang, c.text, today, nil)
		assert.Equalf(t, c.want != "", u.OK, "%s %q: %+v", c.lang, c.text, u)
		assert.Equalf(t, c.why, u.Why, "%s %q: %v", c.lang, c.text, u.Why)
		if u.OK {
			assert.Equalf(t, c.want, time.Unix(u.N*86400, 0).UTC().Format(time.DateOnly), "%s %q", c.lang, c.text)
		}
	}
	assert.False(t, when.Understand("en", "today", 0, nil).OK, "no today")
	assert.Equal(t, reply.AmbiguousDate, when.Understand("uk", "1.2.60", 0, nil).Why)
	first := reply.New(reply.Spec{Kind: reply.Date, Langs: threeLangs, DayFirst: true})
	assert.Equal(t, day("2024-04-03"), first.Understand("en", "03/04/2024", today, nil).N)
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Олена", "Олена"}, {"  Олена\u200f \n", "Олена"}, {"a\x00b", "ab"}, {"a\xffb", "a\uFFFDb"}, {"1", "1"}, {"вул. Шевченка,\n5", "вул. Шевченка,\n5"}, {"👍", "👍"},
	} {
		u := words.Understand("uk", c.text, 0, nil)
		require.Truef(t, u.OK, "%q", c.text)
		assert.Equal(t, reply.Value, u.Kind)
		assert.Equal(t, c.want, u.Text)
	}
	assert.Equal(t, reply.Option, words.Understand("uk", "SKIP.", 0, nil).Kind)
	assert.Equal(t, reply.Empty, words.Understand("uk", "\u200b\n", 0, nil).Why)
	assert.Equal(t, reply.TooLong, words.Understand("uk", string(make([]byte, reply.MaxLength+1)), 0, nil).Why)
}
