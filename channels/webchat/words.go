package webchat

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit"
)

// spoken are the languages the page speaks by itself, in the order of fall-back.
var spoken = []hubkit.Lang{"en", "uk", "ru", "ar", "fr", "es"}

// word is one of the page's own texts. It has no variables: a page that works
// over a bad line keeps no plural rules.
type word struct {
	id, context string
	text        hubkit.Text
}

// words are the page's own texts, in the order a reader meets them.
func words() []word {
	return []word{
		{"title", "above the conversation", hubkit.Text{
			"en": "Chat", "uk": "Чат", "ru": "Чат", "ar": "محادثة", "fr": "Discussion", "es": "Chat",
		}},
		{"noscript", "where JavaScript is switched off", hubkit.Text{
			"en": "This chat needs JavaScript. Please turn it on in your browser’s settings and reload the page, or contact us in another way.",
			"uk": "Для цього чату потрібен JavaScript. Увімкніть його в налаштуваннях браузера й перезавантажте сторінку або зв’яжіться з нами в інший спосіб.",
			"ru": "Для этого чата нужен JavaScript. Включите его в настройках браузера и обновите страницу или свяжитесь с нами другим способом.",
			"ar": "تحتاج هذه المحادثة إلى JavaScript. يُرجى تفعيله في إعدادات المتصفح ثم إعادة تحميل الصفحة، أو التواصل معنا بطريقة أخرى.",
			"fr": "Cette discussion a besoin de JavaScript. Activez-le dans les réglages de votre navigateur et rechargez la page, ou contactez-nous autrement.",
			"es": "Este chat necesita JavaScript. Actívelo en los ajustes de su navegador y vuelva a cargar la página, o contáctenos de otra forma.",
		}},
		{"you", "before a person's own message, for those who hear the page", hubkit.Text{
			"en": "You", "uk": "Ви", "ru": "Вы", "ar": "أنت", "fr": "Vous", "es": "Usted",
		}},
		{"write", "in the empty field", hubkit.Text{
			"en": "Message", "uk": "Повідомлення", "ru": "Сообщение", "ar": "رسالة", "fr": "Message", "es": "Mensaje",
		}},
		{"send", "button", hubkit.Text{
			"en": "Send", "uk": "Надіслати", "ru": "Отправить", "ar": "إرسال", "fr": "Envoyer", "es": "Enviar",
		}},
		{"photo", "button", hubkit.Text{
			"en": "Send a photo", "uk": "Надіслати фото", "ru": "Отправить фото",
			"ar": "إرسال صورة", "fr": "Envoyer une photo", "es": "Enviar una foto",
		}},
		{"location", "button", hubkit.Text{
			"en": "Share my location", "uk": "Надіслати моє місцезнаходження", "ru": "Отправить моё местоположение",
			"ar": "مشاركة موقعي", "fr": "Envoyer ma position", "es": "Enviar mi ubicación",
		}},
		{"choose", "button that opens a list of options", hubkit.Text{
			"en": "Choose from the list", "uk": "Вибрати зі списку", "ru": "Выбрать из списка",
			"ar": "الاختيار من القائمة", "fr": "Choisir dans la liste", "es": "Elegir de la lista",
		}},
		{"several", "above options of which more than one may be chosen", hubkit.Text{
			"en": "You can choose several", "uk": "Можна вибрати кілька", "ru": "Можно выбрать несколько",
			"ar": "يمكنك اختيار أكثر من إجابة", "fr": "Plusieurs choix possibles", "es": "Puede elegir varias opciones",
		}},
		{"search", "field above a long list", hubkit.Text{
			"en": "Search the list", "uk": "Пошук у списку", "ru": "Поиск по списку",
			"ar": "البحث في القائمة", "fr": "Chercher dans la liste", "es": "Buscar en la lista",
		}},
		{"close", "button", hubkit.Text{
			"en": "Close", "uk": "Закрити", "ru": "Закрыть", "ar": "إغلاق", "fr": "Fermer", "es": "Cerrar",
		}},
		{"waiting", "under a message that has not left yet", hubkit.Text{
			"en": "Waiting to be sent", "uk": "Очікує надсилання", "ru": "Ожидает отправки",
			"ar": "بانتظار الإرسال", "fr": "En attente d’envoi", "es": "Pendiente de envío",
		}},
		{"sent", "under a message that was received", hubkit.Text{
			"en": "Sent", "uk": "Надіслано", "ru": "Отправлено", "ar": "تم الإرسال", "fr": "Envoyé", "es": "Enviado",
		}},
		{"failed", "under a message that was refused", hubkit.Text{
			"en": "Could not be sent", "uk": "Не вдалося надіслати", "ru": "Не удалось отправить",
			"ar": "تعذّر الإرسال", "fr": "L’envoi a échoué", "es": "No se pudo enviar",
		}},
		{"again", "button", hubkit.Text{
			"en": "Try again", "uk": "Спробувати ще раз", "ru": "Попробовать ещё раз",
			"ar": "المحاولة مرة أخرى", "fr": "Réessayer", "es": "Intentar de nuevo",
		}},
		{"remove", "button: take back a message that was not sent", hubkit.Text{
			"en": "Remove", "uk": "Видалити", "ru": "Удалить", "ar": "حذف", "fr": "Supprimer", "es": "Eliminar",
		}},
		{"offline", "across the page", hubkit.Text{
			"en": "No connection. What you write is kept and will be sent later.",
			"uk": "Немає зв’язку. Те, що ви напишете, збережеться й буде надіслано пізніше.",
			"ru": "Нет связи. То, что вы напишете, сохранится и будет отправлено позже.",
			"ar": "لا يوجد اتصال. ما تكتبه محفوظ وسيُرسل لاحقًا.",
			"fr": "Pas de connexion. Ce que vous écrivez est gardé et sera envoyé plus tard.",
			"es": "Sin conexión. Lo que escriba se guarda y se enviará más tarde.",
		}},
		{"connecting", "across the page", hubkit.Text{
			"en": "Connecting…", "uk": "З’єднання…", "ru": "Соединение…", "ar": "جارٍ الاتصال…", "fr": "Connexion…", "es": "Conectando…",
		}},
		{"elsewhere", "across the page", hubkit.Text{
			"en": "The chat is open in another window.", "uk": "Чат відкрито в іншому вікні.", "ru": "Чат открыт в другом окне.",
			"ar": "المحادثة مفتوحة في نافذة أخرى.", "fr": "La discussion est ouverte dans une autre fenêtre.", "es": "El chat está abierto en otra ventana.",
		}},
		{"here", "button beside elsewhere", hubkit.Text{
			"en": "Use it here", "uk": "Продовжити тут", "ru": "Продолжить здесь",
			"ar": "المتابعة هنا", "fr": "Continuer ici", "es": "Continuar aquí",
		}},
		{"newer", "button: scroll down", hubkit.Text{
			"en": "More below", "uk": "Далі нижче", "ru": "Дальше ниже",
			"ar": "المزيد في الأسفل", "fr": "La suite plus bas", "es": "Hay más abajo",
		}},
		{"long", "across the page", hubkit.Text{
			"en": "This text is too long. Please send it in several parts.",
			"uk": "Цей текст задовгий. Надішліть його кількома частинами.",
			"ru": "Этот текст слишком длинный. Отправьте его по частям.",
			"ar": "هذا النص طويل جدًا. يُرجى إرساله على عدة أجزاء.",
			"fr": "Ce texte est trop long. Envoyez-le en plusieurs parties.",
			"es": "El texto es demasiado largo. Envíelo en varias partes.",
		}},
		{"nolocation", "across the page", hubkit.Text{
			"en": "Your location could not be read. You can type it instead.",
			"uk": "Не вдалося визначити ваше місцезнаходження. Ви можете написати його.",
			"ru": "Не удалось определить ваше местоположение. Вы можете написать его.",
			"ar": "تعذّر تحديد موقعك. يمكنك كتابته بدلًا من ذلك.",
			"fr": "Votre position n’a pas pu être lue. Vous pouvez l’écrire.",
			"es": "No se pudo leer su ubicación. Puede escribirla.",
		}},
		{"nophoto", "across the page", hubkit.Text{
			"en": "This photo could not be read. Please take another one.",
			"uk": "Не вдалося прочитати це фото. Зробіть, будь ласка, інше.",
			"ru": "Не удалось прочитать это фото. Сделайте, пожалуйста, другое.",
			"ar": "تعذّرت قراءة هذه الصورة. يُرجى التقاط صورة أخرى.",
			"fr": "Cette photo n’a pas pu être lue. Prenez-en une autre.",
			"es": "No se pudo leer esta foto. Tome otra, por favor.",
		}},
		{"erase", "button", hubkit.Text{
			"en": "Erase from this phone", "uk": "Стерти з цього телефону", "ru": "Стереть с этого телефона",
			"ar": "المسح من هذا الهاتف", "fr": "Effacer de ce téléphone", "es": "Borrar de este teléfono",
		}},
		{"erasing", "asked before the conversation is erased", hubkit.Text{
			"en": "The conversation disappears from this phone, and a new one begins. What you have already sent stays with us.",
			"uk": "Розмова зникне з цього телефону, і почнеться нова. Те, що ви вже надіслали, залишиться в нас.",
			"ru": "Разговор исчезнет с этого телефона, и начнётся новый. То, что вы уже отправили, останется у нас.",
			"ar": "ستختفي المحادثة من هذا الهاتف وتبدأ محادثة جديدة. ما أرسلته من قبل يبقى محفوظًا لدينا.",
			"fr": "La conversation disparaît de ce téléphone et une nouvelle commence. Ce que vous avez déjà envoyé reste chez nous.",
			"es": "La conversación desaparece de este teléfono y empieza una nueva. Lo que ya envió queda en nuestro poder.",
		}},
		{"open", "button on another site that opens the chat", hubkit.Text{
			"en": "Chat with us", "uk": "Напишіть нам", "ru": "Напишите нам", "ar": "تحدّث معنا", "fr": "Discuter avec nous", "es": "Chatee con nosotros",
		}},
	}
}

// Texts lists the page's own words, as this driver says them, for translators
// and checks.
func (d *Driver) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for _, w := range d.pages.vocabulary {
			if !yield(hubkit.Entry{ID: "webchat/" + w.id, Text: w.text, Context: w.context}) {
				return
			}
		}
	}
}

// vocabulary is words with the configured ones laid over them, or all that is
// missing or unknown.
func (c *Config) vocabulary() ([]word, []error) {
	var errs []error
	own := maps.Clone(c.Words)
	ws := words()
	for i, w := range ws {
		if w.id == "title" && c.Title != nil {
			ws[i].text = maps.Clone(c.Title)
		}
		maps.Copy(ws[i].text, own[w.id])
		delete(own, w.id)
		if _, err := ws[i].text.Compile(c.Languages, nil); err != nil {
			errs = append(errs, fmt.Errorf("webchat: Words: %s: %w", w.id, err))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(own)) {
		errs = append(errs, fmt.Errorf("webchat: Words: %q is no word of the page", id))
	}
	return ws, errs
}

// titled returns the languages of a title, those the page speaks by itself first.
func titled(t hubkit.Text) []hubkit.Lang {
	if t == nil {
		return slices.Clone(spoken)
	}
	rank := func(l hubkit.Lang) int {
		if i := slices.Index(spoken, l); i >= 0 {
			return i
		}
		return len(spoken)
	}
	return slices.SortedFunc(maps.Keys(t), func(a, b hubkit.Lang) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
}

// choose returns the first of have that a list of wanted tags asks for, as in
// Accept-Language ("uk-UA,uk;q=0.9,en;q=0.8"), or have[0].
func choose(have []hubkit.Lang, wanted string) hubkit.Lang {
	type wish struct {
		tag string
		q   float64
	}
	var wishes []wish
	for part := range strings.SplitSeq(wanted, ",") {
		if len(wishes) == 20 {
			break
		}
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if s, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(s, 64)
		}
		if tag = strings.TrimSpace(tag); tag != "" && q > 0 {
			wishes = append(wishes, wish{tag, q})
		}
	}
	slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(b.q, a.q) })
	for _, w := range wishes {
		for _, l := range have {
			if strings.EqualFold(string(l), w.tag) {
				return l
			}
		}
		for _, l := range have {
			if strings.EqualFold(primary(string(l)), primary(w.tag)) {
				return l
			}
		}
	}
	return have[0]
}

func primary(tag string) string {
	p, _, _ := strings.Cut(tag, "-")
	return p
}

// direction is the way the letters of a language run.
func direction(l hubkit.Lang) string {
	if l.RTL() {
		return "rtl"
	}
	return "ltr"
}
