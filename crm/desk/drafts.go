package desk

import (
	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// backToBot is the key of what is said when a conversation goes back to the bot.
const backToBot crm.Status = "_bot"

// ownDrafts are what people are told, before an agent changes it: plain words,
// no promise, and what to do next.
var ownDrafts = map[crm.Status]hubkit.Text{
	crm.MoreInfo: {
		"en": "Hello. We are reading your registration and need one more thing from you: please send a photo of your document here.",
		"uk": "Вітаємо. Ми розглядаємо вашу заявку, і нам потрібно від вас ще дещо: будь ласка, надішліть сюди фото вашого документа.",
		"ru": "Здравствуйте. Мы рассматриваем вашу заявку, и нам нужно от вас ещё кое-что: пожалуйста, пришлите сюда фото вашего документа.",
	},
	crm.Validated: {
		"en": "We have checked your answers. Thank you. We will write to you here about the decision.",
		"uk": "Ми перевірили ваші відповіді. Дякуємо. Про рішення ми напишемо вам сюди.",
		"ru": "Мы проверили ваши ответы. Спасибо. О решении мы напишем вам сюда.",
	},
	crm.Approved: {
		"en": "Good news: your registration has been approved. We will write to you here about what happens next. Nobody may ask you for money for this.",
		"uk": "Добра новина: вашу заявку схвалено. Про подальші кроки ми напишемо вам сюди. Ніхто не має права вимагати від вас за це гроші.",
		"ru": "Хорошая новость: ваша заявка одобрена. О дальнейших шагах мы напишем вам сюда. Никто не вправе требовать от вас за это деньги.",
	},
	crm.WaitingList: {
		"en": "Your registration meets the conditions, but there is not enough money for everyone now. You are on the waiting list, and we will write to you here when this changes.",
		"uk": "Ваша заявка відповідає умовам, але зараз коштів на всіх не вистачає. Ви у списку очікування, і ми напишемо вам сюди, коли щось зміниться.",
		"ru": "Ваша заявка соответствует условиям, но сейчас средств на всех не хватает. Вы в списке ожидания, и мы напишем вам сюда, когда что-то изменится.",
	},
	crm.Rejected: {
		"en": "We have read your registration with care. This time we cannot give you this support. If you think that this is a mistake or something has changed, write to us here: you may ask for another look.",
		"uk": "Ми уважно розглянули вашу заявку. Цього разу ми не можемо надати вам цю допомогу. Якщо ви вважаєте, що це помилка, або щось змінилося, напишіть нам сюди: ви можете попросити про повторний розгляд.",
		"ru": "Мы внимательно рассмотрели вашу заявку. В этот раз мы не можем предоставить вам эту помощь. Если вы считаете, что это ошибка, или что-то изменилось, напишите нам сюда: вы можете попросить о повторном рассмотрении.",
	},
	crm.Paused: {
		"en": "We have paused your registration for now. You do not need to do anything. We will write to you here.",
		"uk": "Ми тимчасово призупинили розгляд вашої заявки. Вам нічого робити не потрібно. Ми напишемо вам сюди.",
		"ru": "Мы временно приостановили рассмотрение вашей заявки. Вам ничего делать не нужно. Мы напишем вам сюда.",
	},
	crm.Completed: {
		"en": "Everything that was promised to you has been given, so your registration is complete. Thank you. If something is missing, write to us here.",
		"uk": "Усе, що вам обіцяли, надано, тож вашу заявку завершено. Дякуємо. Якщо чогось бракує, напишіть нам сюди.",
		"ru": "Всё, что вам обещали, предоставлено, поэтому ваша заявка завершена. Спасибо. Если чего-то не хватает, напишите нам сюда.",
	},
	crm.Closed: {
		"en": "We have closed your registration. If you have questions, write to us here.",
		"uk": "Ми закрили вашу заявку. Якщо у вас є запитання, напишіть нам сюди.",
		"ru": "Мы закрыли вашу заявку. Если у вас есть вопросы, напишите нам сюда.",
	},
	crm.Withdrawn: {
		"en": "As you asked, we have withdrawn your registration. You may register again at any time.",
		"uk": "Як ви й просили, ми відкликали вашу заявку. Ви можете зареєструватися знову будь-коли.",
		"ru": "Как вы и просили, мы отозвали вашу заявку. Вы можете зарегистрироваться снова в любое время.",
	},
	backToBot: {
		"en": "Thank you for talking with us. The automatic assistant answers here again. Write MENU to see what it can do, or AGENT to reach a person.",
		"uk": "Дякуємо за розмову. Тут знову відповідає автоматичний помічник. Напишіть МЕНЮ, щоб побачити, що він уміє, або ОПЕРАТОР, щоб звернутися до людини.",
		"ru": "Спасибо за разговор. Здесь снова отвечает автоматический помощник. Напишите МЕНЮ, чтобы увидеть, что он умеет, или ОПЕРАТОР, чтобы обратиться к человеку.",
	},
}
