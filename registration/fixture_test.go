package registration_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	r "github.com/hubkit/hubkit/registration"
)

type text = hubkit.Text

func three(en, uk, ru string) text { return text{"en": en, "uk": uk, "ru": ru} }

// The questionnaire that most tests of this package ask.
var (
	lang    = r.Language("language", three("Which language?", "Якою мовою?", "На каком языке?"))
	consent = r.Consent("consent", "2", three("We keep your answers. Agree?", "Ми зберігаємо відповіді. Згодні?", "Мы храним ответы. Согласны?"))
	seeking = r.YesNo("seeking", three("Do you need cash?", "Вам потрібні гроші?", "Вам нужны деньги?"))
	region  = r.Choice("region", three("Region?", "Область?", "Область?"),
		r.Opt("kyiv", three("Kyiv", "Київ", "Киев")), r.Opt("lviv", three("Lviv", "Львів", "Львов")), r.Opt("odesa", three("Odesa", "Одеса", "Одесса")))
	district = r.Choice("district", three("District?", "Район?", "Район?"),
		r.Opt("bucha", three("Bucha", "Буча", "Буча")).When(region.Is("kyiv")), r.Opt("brovary", three("Brovary", "Бровари", "Бровары")).When(region.Is("kyiv")),
		r.Opt("stryi", three("Stryi", "Стрий", "Стрый")).When(region.Is("lviv")), r.Opt("izmail", three("Izmail", "Ізмаїл", "Измаил")).When(region.Is("odesa")))
	displaced = r.YesNo("displaced", three("Were you displaced?", "Ви переселилися?", "Вы переселились?"))
	since     = r.Date("since", three("Since when?", "З якого дня?", "С какого дня?")).InPast()
	size      = r.Integer("size", three("How many people?", "Скільки людей?", "Сколько человек?")).Between(1, 25)
	age       = r.Integer("age", three("Age?", "Вік?", "Возраст?")).Between(0, 120)
	sex       = r.Choice("sex", three("Sex?", "Стать?", "Пол?"), r.Opt("f", three("Female", "Жінка", "Женский")), r.Opt("m", three("Male", "Чоловік", "Мужской")))
	pregnant  = r.YesNo("pregnant", three("Pregnant?", "Вагітна?", "Беременна?"))
	walking   = r.Choice("walking", three("Difficulty walking?", "Важко ходити?", "Трудно ходить?"),
		r.Opt("none", three("No", "Ні, не важко", "Нет, не трудно")), r.Opt("some", three("Some", "Трохи", "Немного")), r.Opt("a_lot", three("A lot", "Дуже", "Очень")), r.Opt("cannot", three("Cannot", "Не можу", "Не могу")))
	members  = r.Repeat("members", three("Person {n}", "Особа {n}", "Человек {n}"), age, sex, r.When(r.All(sex.Is("f"), age.AtLeast(12), age.AtMost(55)), pregnant), r.OrUnknown(walking)).Times(size)
	children = r.Integer("children", three("How many are children?", "Скільки дітей?", "Сколько детей?")).Between(0, 25)
	income   = r.Decimal("income", three("Income?", "Дохід?", "Доход?")).Between(0, 1e6).Digits(2)
	needs    = r.Choices("needs", three("What do you need?", "Що вам потрібно?", "Что вам нужно?"),
		r.Opt("food", three("Food", "Їжа", "Еда")), r.Opt("rent", three("Rent", "Оренда", "Аренда")), r.Opt("medicine", three("Medicine", "Ліки", "Лекарства")), r.Opt("none", three("None of these", "Нічого з цього", "Ничего из этого"))).Alone("none")
	dependants = r.Calculated("dependants", members.Count(r.Any(age.AtMost(17), age.AtLeast(60))))
	name       = r.Words("name", three("Your name?", "Ваше ім'я?", "Ваше имя?")).Length(2, 60)
	sorry      = three("Then we cannot help here.", "Тоді ми тут не допоможемо.", "Тогда мы здесь не поможем.")
)

func spec() r.Spec {
	return r.Spec{
		ID: "test", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ru"},
		Parts: r.Parts(
			r.Step("screening", lang, consent, r.StopUnless(consent.Given(), "no_consent", sorry),
				seeking, r.StopUnless(seeking.Yes(), "not_seeking", sorry)),
			r.Step("assessment",
				r.Section(three("Where you live", "Де ви живете", "Где вы живёте"), region, district, displaced, r.When(displaced.Yes(), since)),
				size, members,
				r.Must(children.Value().Compare("<=", size.Value()), three("That is more than all of you.", "Це більше, ніж усіх вас.", "Это больше, чем всех вас."), children),
				dependants,
				r.When(dependants.AtLeast(1), r.Note("advice", three("Thank you for caring.", "Дякуємо, що дбаєте.", "Спасибо, что заботитесь."))),
				r.OrRefuse(r.Hint(three("All of you together.", "Усі разом.", "Все вместе."), income)), needs, r.Optional(name)),
			r.Summary(nil),
		),
	}
}

func form(t testing.TB) *r.Questionnaire {
	t.Helper()
	q, err := r.New(spec())
	require.NoError(t, err)
	return q
}

// say gives replies in order and demands that each is accepted.
func say(t testing.TB, iv *r.Interview, replies ...string) {
	t.Helper()
	for _, s := range replies {
		p := iv.Prompt()
		h := iv.Hear(r.Reply{Text: s})
		require.Equal(t, r.Accepted, h.Outcome, "%q to %q (%s): %s", s, p.Key, p.Text, h.Say)
	}
}
