package reply_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

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
