package twilio

import (
	"iter"
	"strings"

	"github.com/hubkit/hubkit"
)

// VoiceWords are what a call itself says, beside the hub's questions. They are built
// in for English, Ukrainian, Russian, Arabic, French and Spanish.
type VoiceWords struct {
	Keys       hubkit.Text // before the first question: the keys that work everywhere
	Ways       hubkit.Text // after star alone: the same, one by one
	Enter      hubkit.Text // after a question that is answered with digits
	Between    hubkit.Text // after a question with several answers among ten or more
	Goodbye    hubkit.Text // when nothing is heard any more
	Farewell   hubkit.Text // the same to who hides their number, and is not known when they call again
	Connecting hubkit.Text // before a person is called
	Closed     hubkit.Text // nobody can take the call now
	CallBack   hubkit.Text // the offer to call back, with key 1
	Promised   hubkit.Text // after that key
	Unspoken   hubkit.Text // what comes next cannot be said in this language
	Wish       hubkit.Text // what people read of who wants to be called back; never spoken
}

// voiceWord is one of the VoiceWords.
type voiceWord struct {
	id, context string
	text        func(*VoiceWords) *hubkit.Text
}

var voiceWordList = [...]voiceWord{
	{"keys", "on a call, before the first question", func(w *VoiceWords) *hubkit.Text { return &w.Keys }},
	{"ways", "on a call, after star: the keys 0, 9, 7 and 8", func(w *VoiceWords) *hubkit.Text { return &w.Ways }},
	{"enter", "on a call, after a question that is answered with digits", func(w *VoiceWords) *hubkit.Text { return &w.Enter }},
	{"between", "on a call, after ten or more answers of which several may be chosen", func(w *VoiceWords) *hubkit.Text { return &w.Between }},
	{"goodbye", "on a call, when the caller has said nothing for a while", func(w *VoiceWords) *hubkit.Text { return &w.Goodbye }},
	{"farewell", "on a call, when a caller who hides their number has said nothing for a while: nothing is promised", func(w *VoiceWords) *hubkit.Text { return &w.Farewell }},
	{"connecting", "on a call, before it is put through to a person", func(w *VoiceWords) *hubkit.Text { return &w.Connecting }},
	{"closed", "on a call, when no person can take it", func(w *VoiceWords) *hubkit.Text { return &w.Closed }},
	{"call_back", "on a call: key 1 asks to be called back", func(w *VoiceWords) *hubkit.Text { return &w.CallBack }},
	{"promised", "on a call, after key 1", func(w *VoiceWords) *hubkit.Text { return &w.Promised }},
	{"unspoken", "on a call, before a person takes over because this language has no voice", func(w *VoiceWords) *hubkit.Text { return &w.Unspoken }},
	{"wish", "written to people: what a caller who pressed 1 wants", func(w *VoiceWords) *hubkit.Text { return &w.Wish }},
}

// DefaultVoiceWords returns the built-in words. The caller may change what it gets.
func DefaultVoiceWords() VoiceWords {
	type t = hubkit.Text
	return VoiceWords{
		Keys: t{
			"en": "To speak with a person, press star, then 0. To hear a question again, press star, then 9.",
			"uk": "Щоб поговорити з людиною, натисніть зірочку, потім 0. Щоб почути запитання ще раз, натисніть зірочку, потім 9.",
			"ru": "Чтобы поговорить с человеком, нажмите звёздочку, затем 0. Чтобы услышать вопрос ещё раз, нажмите звёздочку, затем 9.",
			"ar": "للتحدث مع شخص، اضغط النجمة ثم 0. لسماع السؤال مرة أخرى، اضغط النجمة ثم 9.",
			"fr": "Pour parler à une personne, tapez étoile, puis 0. Pour réécouter une question, tapez étoile, puis 9.",
			"es": "Para hablar con una persona, marque asterisco y luego 0. Para volver a oír una pregunta, marque asterisco y luego 9.",
		},
		Ways: t{
			"en": "To speak with a person: press 0. To hear the question again: press 9. To go back: press 7. For another language: press 8.",
			"uk": "Поговорити з людиною: натисніть 0. Почути запитання ще раз: натисніть 9. Повернутися назад: натисніть 7. Інша мова: натисніть 8.",
			"ru": "Поговорить с человеком: нажмите 0. Услышать вопрос ещё раз: нажмите 9. Вернуться назад: нажмите 7. Другой язык: нажмите 8.",
			"ar": "للتحدث مع شخص: اضغط 0. لسماع السؤال مرة أخرى: اضغط 9. للعودة: اضغط 7. للغة أخرى: اضغط 8.",
			"fr": "Parler à une personne : tapez 0. Réécouter la question : tapez 9. Revenir en arrière : tapez 7. Une autre langue : tapez 8.",
			"es": "Hablar con una persona: marque 0. Volver a oír la pregunta: marque 9. Volver atrás: marque 7. Otro idioma: marque 8.",
		},
		Enter: t{
			"en": "When you have finished, press hash.", "uk": "Коли закінчите, натисніть решітку.", "ru": "Когда закончите, нажмите решётку.",
			"ar": "عند الانتهاء، اضغط مفتاح المربع.", "fr": "Quand vous avez terminé, tapez dièse.", "es": "Cuando termine, marque numeral.",
		},
		Between: t{
			"en": "Press star between the numbers.", "uk": "Між номерами натискайте зірочку.", "ru": "Между номерами нажимайте звёздочку.",
			"ar": "اضغط النجمة بين الأرقام.", "fr": "Tapez étoile entre les numéros.", "es": "Marque asterisco entre los números.",
		},
		Goodbye: t{
			"en": "We did not hear an answer. What you have told us is kept: call again, and we go on from there. Goodbye.",
			"uk": "Ми не почули відповіді. Те, що ви вже сказали, збережено: зателефонуйте ще раз, і ми продовжимо звідси. До побачення.",
			"ru": "Мы не услышали ответа. То, что вы уже сказали, сохранено: позвоните ещё раз, и мы продолжим отсюда. До свидания.",
			"ar": "لم نسمع إجابة. ما قلته لنا محفوظ: اتصل مرة أخرى وسنكمل من هنا. مع السلامة.",
			"fr": "Nous n'avons pas entendu de réponse. Ce que vous nous avez dit est conservé : rappelez, et nous reprendrons ici. Au revoir.",
			"es": "No hemos oído una respuesta. Lo que nos ha dicho queda guardado: vuelva a llamar y seguiremos desde aquí. Adiós.",
		},
		Farewell: t{
			"en": "We did not hear an answer. Goodbye.", "uk": "Ми не почули відповіді. До побачення.", "ru": "Мы не услышали ответа. До свидания.",
			"ar": "لم نسمع إجابة. مع السلامة.", "fr": "Nous n'avons pas entendu de réponse. Au revoir.", "es": "No hemos oído una respuesta. Adiós.",
		},
		Connecting: t{
			"en": "Please stay on the line. We are calling a person for you.",
			"uk": "Будь ласка, залишайтеся на лінії. Ми з'єднуємо вас із людиною.",
			"ru": "Пожалуйста, оставайтесь на линии. Мы соединяем вас с человеком.",
			"ar": "يرجى البقاء على الخط. نحن نوصلك بأحد موظفينا.",
			"fr": "Restez en ligne, s'il vous plaît. Nous appelons une personne pour vous.",
			"es": "Por favor, no cuelgue. Estamos llamando a una persona para usted.",
		},
		Closed: t{
			"en": "Nobody can take your call just now.", "uk": "Зараз ніхто не може відповісти на ваш дзвінок.", "ru": "Сейчас никто не может ответить на ваш звонок.",
			"ar": "لا يمكن لأحد الرد على مكالمتك الآن.", "fr": "Personne ne peut prendre votre appel pour le moment.", "es": "Ahora mismo nadie puede atender su llamada.",
		},
		CallBack: t{
			"en": "Press 1, and we will call you back at this number.",
			"uk": "Натисніть 1, і ми передзвонимо вам на цей номер.",
			"ru": "Нажмите 1, и мы перезвоним вам на этот номер.",
			"ar": "اضغط 1 وسنعاود الاتصال بك على هذا الرقم.",
			"fr": "Tapez 1, et nous vous rappellerons à ce numéro.",
			"es": "Marque 1 y le devolveremos la llamada a este número.",
		},
		Promised: t{
			"en": "Thank you. We will call you back. Goodbye.", "uk": "Дякуємо. Ми вам передзвонимо. До побачення.",
			"ru": "Спасибо. Мы вам перезвоним. До свидания.", "ar": "شكرًا لك. سنعاود الاتصال بك. مع السلامة.",
			"fr": "Merci. Nous vous rappellerons. Au revoir.", "es": "Gracias. Le devolveremos la llamada. Adiós.",
		},
		Unspoken: t{
			"en": "We cannot say the next part on the telephone. A person will help you.",
			"uk": "Наступну частину ми не можемо сказати телефоном. Вам допоможе людина.",
			"ru": "Следующую часть мы не можем сказать по телефону. Вам поможет человек.",
			"ar": "لا يمكننا قول الجزء التالي عبر الهاتف. سيساعدك أحد موظفينا.",
			"fr": "Nous ne pouvons pas dire la suite au téléphone. Une personne va vous aider.",
			"es": "No podemos decir la siguiente parte por teléfono. Una persona le ayudará.",
		},
		Wish: t{
			"en": "Please call me back.", "uk": "Будь ласка, передзвоніть мені.", "ru": "Пожалуйста, перезвоните мне.",
			"ar": "يرجى معاودة الاتصال بي.", "fr": "Rappelez-moi, s'il vous plaît.", "es": "Por favor, devuélvame la llamada.",
		},
	}
}

// with returns w with what more holds added, or put in its place, language by language.
func (w VoiceWords) with(more VoiceWords) VoiceWords {
	for _, d := range &voiceWordList {
		all := *d.text(&w)
		for l, s := range *d.text(&more) {
			if all == nil {
				all = hubkit.Text{}
				*d.text(&w) = all
			}
			all[l] = s
		}
	}
	return w
}

// in returns the text in a language or its base.
func in(t hubkit.Text, l hubkit.Lang) (string, bool) {
	s := t[l]
	if s == "" {
		s = t[l.Base()]
	}
	return s, strings.TrimSpace(s) != ""
}

// Texts yields the words of a call as translators and checks see them.
func (v *Voice) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for _, d := range &voiceWordList {
			if !yield(hubkit.Entry{ID: "channels/twilio/voice/" + d.id, Text: *d.text(&v.words), Context: d.context}) {
				return
			}
		}
	}
}
