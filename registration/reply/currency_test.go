package reply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// A hundred dollars are not a hundred hryvnias.
func TestForeignMoneyIsAskedForAgain(t *testing.T) {
	both := map[reply.Kind]*reply.Expect{reply.Integer: people, reply.Decimal: amount}
	for kind, e := range both {
		for _, lang := range threeLangs {
			for _, s := range []string{
				"100 $", "$100", "$ 100", "100$.", "100€", "100 £", "100 ₽", "100 ₺", "100 zł 💶", "100 ﹩", "￡100", "100 💵", "¢50", "100 ₴ $",
				"100 USD", "usd 100", "100 dollars", "100 доларів", "100 долларов", "100 євро", "100 евро", "сто євро", "100 рублей", "100 руб.", "100 злотих", "١٠٠ دولار", "100 يورو",
			} {
				u := e.Understand(lang, s, 0, nil)
				assert.Falsef(t, u.OK, "%d %s %q: %+v", kind, lang, s, u)
				assert.Equalf(t, reply.Currency, u.Why, "%d %s %q: %v", kind, lang, s, u.Why)
			}
			for _, s := range []string{"5°", "5 °C", "50٪", "50‰", "√5", "5 × 1", "∞5"} {
				assert.Falsef(t, e.Understand(lang, s, 0, nil).OK, "%d %s %q", kind, lang, s)
			}
			for _, s := range []string{"100 ₴", "₴100", "100₴", "100 грн", "100 грн.", "100 гривень", "100 гривен", "100 uah", "UAH 100", "100 hryvnias", "сто гривень", "100 🙂"} {
				u := e.Understand(lang, s, 0, nil)
				assert.Truef(t, u.OK && (u.N == 100 || u.Text == "100"), "%d %s %q: %+v", kind, lang, s, u)
			}
		}
	}
	for _, lang := range []hubkit.Lang{"uk", "ru"} { // a questionnaire in one language
		e := reply.New(reply.Spec{Kind: reply.Decimal, Langs: []hubkit.Lang{lang}})
		assert.Equalf(t, reply.Currency, e.Understand(lang, "100 USD", 0, nil).Why, "%s", lang)
		assert.Equalf(t, "100", e.Understand(lang, "100 UAH", 0, nil).Text, "%s", lang)
	}
}
