package channels

import (
	"errors"
	"fmt"
	"iter"
	"strings"

	"github.com/hubkit/hubkit"
)

// Words are the few connecting words that rendering needs in every language. They
// are built in for English, Ukrainian, Russian, Arabic, French and Spanish; what
// Config.Words holds is added, or replaces, language by language. A regional
// language ("fr-CA") uses its base ("fr"). In a language that has no words, signs
// stand in that need no translation, and a call with choices is refused with
// [ErrWords] unless it is a recording.
type Words struct {
	Choose       hubkit.Text // the button that opens a list: at most 20 characters
	More         hubkit.Text // the row that turns the page of a list: at most 24 characters
	OrWrite      hubkit.Text // the ways out of an open question, with {options}
	Several      hubkit.Text // under numbered options, with {example}
	Press        hubkit.Text // on a call, with {option} and {key}
	PressOut     hubkit.Text // on a call, a way out of a question answered with digits, with {option} and {key}
	PressMore    hubkit.Text // on a call, to hear the next choices; the key is #
	PressSeveral hubkit.Text // on a call, when several may be chosen; # ends
	SharePhone   hubkit.Text // the button that shares one's own phone number: at most 40 characters
	SharePlace   hubkit.Text // the button that shares where one is: at most 40 characters
}

// phrases are the Words of one language.
type phrases struct {
	choose, more, orWrite, several, press, pressOut, pressMore, pressSeveral, sharePhone, sharePlace string
}

// word is one of the Words: where it is kept and what it must contain.
type word struct {
	id, context string
	limit       int // most characters, an emoji counting as two; 0: none
	vars        []string
	text        func(*Words) *hubkit.Text
	phrase      func(*phrases) *string
}

var wordList = [...]word{
	{
		"choose", "button that opens a list of answers", 20, nil,
		func(w *Words) *hubkit.Text { return &w.Choose }, func(p *phrases) *string { return &p.choose },
	},
	{
		"more", "row of a list that shows the next answers", 24, nil,
		func(w *Words) *hubkit.Text { return &w.More }, func(p *phrases) *string { return &p.more },
	},
	{
		"or_write", "under an open question: other things that may be written", 0,
		[]string{"options"},
		func(w *Words) *hubkit.Text { return &w.OrWrite }, func(p *phrases) *string { return &p.orWrite },
	},
	{
		"several", "under numbered answers of which several may be chosen", 0,
		[]string{"example"},
		func(w *Words) *hubkit.Text { return &w.Several }, func(p *phrases) *string { return &p.several },
	},
	{
		"press", "on a call, after each answer", 0,
		[]string{"option", "key"},
		func(w *Words) *hubkit.Text { return &w.Press }, func(p *phrases) *string { return &p.press },
	},
	{
		"press_out", "on a call, after a way out of a question that is answered with digits", 0,
		[]string{"option", "key"},
		func(w *Words) *hubkit.Text { return &w.PressOut }, func(p *phrases) *string { return &p.pressOut },
	},
	{
		"press_more", "on a call, to hear the next answers", 0, nil,
		func(w *Words) *hubkit.Text { return &w.PressMore }, func(p *phrases) *string { return &p.pressMore },
	},
	{
		"press_several", "on a call, when several answers may be chosen", 0, nil,
		func(w *Words) *hubkit.Text { return &w.PressSeveral }, func(p *phrases) *string { return &p.pressSeveral },
	},
	{
		"share_phone", "button that shares one's own phone number", 40, nil,
		func(w *Words) *hubkit.Text { return &w.SharePhone }, func(p *phrases) *string { return &p.sharePhone },
	},
	{
		"share_place", "button that shares where one is", 40, nil,
		func(w *Words) *hubkit.Text { return &w.SharePlace }, func(p *phrases) *string { return &p.sharePlace },
	},
}

// DefaultWords returns the built-in words. The caller may change what it gets.
func DefaultWords() Words {
	type t = hubkit.Text
	return Words{
		Choose: t{"en": "Choose", "uk": "Обрати", "ru": "Выбрать", "ar": "اختر", "fr": "Choisir", "es": "Elegir"},
		More:   t{"en": "More", "uk": "Ще", "ru": "Ещё", "ar": "المزيد", "fr": "Voir la suite", "es": "Ver más"},
		OrWrite: t{
			"en": "Or write: {options}", "uk": "Або напишіть: {options}", "ru": "Или напишите: {options}",
			"ar": "أو اكتب: {options}", "fr": "Ou écrivez : {options}", "es": "O escriba: {options}",
		},
		Several: t{
			"en": "You may choose several, for example: {example}",
			"uk": "Можна обрати кілька, наприклад: {example}",
			"ru": "Можно выбрать несколько, например: {example}",
			"ar": "يمكنك اختيار أكثر من إجابة، مثلًا: {example}",
			"fr": "Vous pouvez en choisir plusieurs, par exemple : {example}",
			"es": "Puede elegir varias, por ejemplo: {example}",
		},
		Press: t{
			"en": "{option}: press {key}.", "uk": "{option}: натисніть {key}.", "ru": "{option}: нажмите {key}.",
			"ar": "{option}: اضغط {key}.", "fr": "{option} : tapez {key}.", "es": "{option}: marque {key}.",
		},
		PressOut: t{
			"en": "{option}: press star, then {key}.",
			"uk": "{option}: натисніть зірочку, потім {key}.",
			"ru": "{option}: нажмите звёздочку, затем {key}.",
			"ar": "{option}: اضغط النجمة ثم {key}.",
			"fr": "{option} : tapez étoile, puis {key}.",
			"es": "{option}: marque asterisco y luego {key}.",
		},
		PressMore: t{
			"en": "More choices: press hash.", "uk": "Інші варіанти: натисніть решітку.", "ru": "Другие варианты: нажмите решётку.",
			"ar": "خيارات أخرى: اضغط مفتاح المربع.", "fr": "Autres choix : tapez dièse.", "es": "Más opciones: marque numeral.",
		},
		PressSeveral: t{
			"en": "You may choose several. Press their numbers one after another, then hash.",
			"uk": "Можна обрати кілька. Натисніть їхні номери один за одним, потім решітку.",
			"ru": "Можно выбрать несколько. Нажмите их номера один за другим, затем решётку.",
			"ar": "يمكنك اختيار أكثر من إجابة. اضغط أرقامها واحدًا تلو الآخر ثم مفتاح المربع.",
			"fr": "Vous pouvez en choisir plusieurs. Tapez leurs numéros l'un après l'autre, puis dièse.",
			"es": "Puede elegir varias. Marque sus números uno tras otro y luego numeral.",
		},
		SharePhone: t{
			"en": "Share my phone number", "uk": "Надіслати мій номер", "ru": "Отправить мой номер",
			"ar": "مشاركة رقم هاتفي", "fr": "Partager mon numéro", "es": "Compartir mi número",
		},
		SharePlace: t{
			"en": "Share where I am", "uk": "Надіслати, де я", "ru": "Отправить, где я",
			"ar": "مشاركة موقعي", "fr": "Partager ma position", "es": "Compartir mi ubicación",
		},
	}
}

// neutral stands in where a language has no words: signs, never another language.
var neutral = phrases{choose: "≡", more: "»", orWrite: "» {options}", several: "{example} …", sharePhone: "☎", sharePlace: "⌖"}

// Phrases are Words checked and made ready; safe for concurrent use.
type Phrases struct {
	words Words
	in    map[hubkit.Lang]*phrases
}

// Compile adds w to the built-in words and checks them: every error at once.
func (w Words) Compile() (*Phrases, error) {
	p := &Phrases{words: DefaultWords(), in: map[hubkit.Lang]*phrases{}}
	var errs []error
	for _, d := range &wordList {
		all := *d.text(&p.words)
		for l, s := range *d.text(&w) {
			all[l] = s
		}
		for l, s := range all {
			if strings.TrimSpace(s) == "" {
				errs = append(errs, fmt.Errorf("channels: words: %s is empty in %q", d.id, l))
			}
			if !UTF16.Fits(s, d.limit) {
				errs = append(errs, fmt.Errorf("channels: words: %s in %q has more than %d characters: no button holds it", d.id, l, d.limit))
			}
			for _, v := range d.vars {
				if !strings.Contains(s, "{"+v+"}") {
					errs = append(errs, fmt.Errorf("channels: words: %s in %q must contain {%s}", d.id, l, v))
				}
			}
			if p.in[l] == nil {
				one := neutral
				p.in[l] = &one
			}
			*d.phrase(p.in[l]) = s
		}
	}
	return p, errors.Join(errs...)
}

// Texts yields the words as translators and checks see them.
func (p *Phrases) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for _, d := range &wordList {
			e := hubkit.Entry{ID: "channels/" + d.id, Text: *d.text(&p.words), Vars: d.vars, Limit: d.limit, Context: d.context}
			if !yield(e) {
				return
			}
		}
	}
}

// of returns the phrases of a language, of its base, or the neutral signs.
func (p *Phrases) of(l hubkit.Lang) *phrases {
	if ph := p.in[l]; ph != nil {
		return ph
	}
	if base, _, ok := strings.Cut(string(l), "-"); ok {
		if ph := p.in[hubkit.Lang(base)]; ph != nil {
			return ph
		}
	}
	return &neutral
}
