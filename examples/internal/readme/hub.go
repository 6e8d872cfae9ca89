package readme

import (
	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/conversation"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

//readme:form

type text = hubkit.Text

var (
	seeking = r.YesNo("seeking_cash", text{"en": "Are you looking for cash support?", "uk": "Вам потрібна грошова допомога?", "ar": "هل تبحث عن دعم نقدي؟"})
	size    = r.Integer("household_size", text{"en": "How many people live with you, counting yourself?", "uk": "Скільки людей живе разом з вами, рахуючи вас?", "ar": "كم عدد الأشخاص الذين يعيشون معك، بمن فيهم أنت؟"}).Between(1, 25)
	age     = r.Integer("age", text{"en": "How old?", "uk": "Скільки років?", "ar": "كم العمر؟"}).Between(0, 120)
	walking = r.Choice("walking", text{"en": "Is it difficult to walk?", "uk": "Чи важко ходити?", "ar": "هل توجد صعوبة في المشي؟"},
		r.Opt("none", text{"en": "No difficulty", "uk": "Не важко", "ar": "لا صعوبة"}), r.Opt("some", text{"en": "Some", "uk": "Трохи важко", "ar": "بعض الصعوبة"}),
		r.Opt("a_lot", text{"en": "A lot", "uk": "Дуже важко", "ar": "صعوبة كبيرة"}), r.Opt("cannot", text{"en": "Cannot walk", "uk": "Неможливо", "ar": "لا يمكن المشي"}))
	members = r.Repeat("members", text{"en": "Person {n}", "uk": "Особа {n}", "ar": "الشخص {n}"}, age, r.When(age.AtLeast(5), r.OrRefuse(walking))).Times(size)
	sorry   = text{"en": "Come back any time.", "uk": "Звертайтеся будь-коли.", "ar": "يمكنك العودة في أي وقت."}

	form = r.MustNew(r.Spec{
		ID: "cash", Version: "1", Languages: []hubkit.Lang{"en", "uk", "ar"},
		Parts: r.Parts(seeking, r.StopUnless(seeking.Yes(), "not_seeking", sorry), size, members),
	})
	card = scoring.MustNew(scoring.CardSpec{
		ID: "illustrative", Version: "1",
		Criteria: scoring.Criteria(
			scoring.Add(3, "older_member", members.Any(age.AtLeast(60))),
			scoring.Per(2, "small_child", members.Count(age.AtMost(5))).Cap(6),
			scoring.Add(4, "cannot_walk", members.Any(walking.AtLeast("a_lot"))),
		),
		Bands: scoring.Bands(scoring.From(0, "low"), scoring.From(4, "medium"), scoring.From(8, "high")),
	}, form.Shape())

	programme = conversation.Programme{ID: "cash", Languages: form.Languages(), Start: conversation.Ask{Form: form, Score: card}}
)

//readme:end
