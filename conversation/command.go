package conversation

import (
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// command is a word that is understood at any moment, in every language.
type command uint8

const (
	noCommand command = iota
	cmdStop
	cmdStart
	cmdHelp
	cmdLanguage
	cmdBack
	cmdChange
	cmdRestart
	cmdMenu
	cmdStatus
	cmdAgent
)

// commandWords are the words by language. A person may use any language's, as
// a whole message: stopping must work for who cannot read the menu.
var commandWords = map[hubkit.Lang]map[command][]string{
	"en": {
		cmdStop: {"stop", "unsubscribe", "cancel"}, cmdStart: {"start", "unstop"}, cmdHelp: {"help", "info"},
		cmdLanguage: {"language", "languages"}, cmdBack: {"back", "go back"}, cmdChange: {"change", "correct"},
		cmdRestart: {"restart", "start again"}, cmdMenu: {"menu"}, cmdStatus: {"status"}, cmdAgent: {"agent", "operator", "person", "human"},
	},
	"uk": {
		cmdStop: {"стоп", "зупинити", "відписатися"}, cmdStart: {"старт"}, cmdHelp: {"допомога", "довідка"},
		cmdLanguage: {"мова", "змінити мову"}, cmdBack: {"назад", "повернутися"}, cmdChange: {"змінити", "виправити"},
		cmdRestart: {"спочатку", "почати спочатку"}, cmdMenu: {"меню"}, cmdStatus: {"статус"}, cmdAgent: {"оператор", "людина", "агент"},
	},
	"ru": {
		cmdStop: {"стоп", "остановить", "отписаться"}, cmdStart: {"старт"}, cmdHelp: {"помощь", "справка"},
		cmdLanguage: {"язык", "сменить язык"}, cmdBack: {"назад", "вернуться"}, cmdChange: {"изменить", "исправить"},
		cmdRestart: {"сначала", "начать сначала"}, cmdMenu: {"меню"}, cmdStatus: {"статус"}, cmdAgent: {"оператор", "человек", "агент"},
	},
	"ar": {
		cmdStop: {"توقف", "إيقاف", "الغاء الاشتراك"}, cmdStart: {"ابدأ", "بدء"}, cmdHelp: {"مساعدة"},
		cmdLanguage: {"لغة", "اللغة"}, cmdBack: {"رجوع", "عودة"}, cmdChange: {"تغيير", "تعديل"},
		cmdRestart: {"من جديد", "إعادة"}, cmdMenu: {"قائمة", "القائمة"}, cmdStatus: {"حالة", "الحالة"}, cmdAgent: {"موظف", "شخص"},
	},
	"fr": {
		cmdStop: {"arrêt", "arrêter", "désabonner"}, cmdStart: {"démarrer"}, cmdHelp: {"aide"}, cmdLanguage: {"langue"}, cmdBack: {"retour"},
		cmdChange: {"changer", "modifier"}, cmdRestart: {"recommencer"}, cmdMenu: {"menu"}, cmdStatus: {"statut"}, cmdAgent: {"agent", "personne"},
	},
	"es": {
		cmdStop: {"parar", "alto", "baja"}, cmdStart: {"empezar"}, cmdHelp: {"ayuda"}, cmdLanguage: {"idioma"}, cmdBack: {"atrás", "volver"},
		cmdChange: {"cambiar"}, cmdRestart: {"reiniciar"}, cmdMenu: {"menú"}, cmdStatus: {"estado"}, cmdAgent: {"agente", "persona"},
	},
}

// commands maps the folded words to what they ask for.
var commands = func() map[string]command {
	m := map[string]command{}
	for _, by := range commandWords {
		for c, ws := range by {
			for _, w := range ws {
				m[reply.Fold(w)] = c
			}
		}
	}
	return m
}()

// longestCommand bounds, in bytes, what is folded in search of a command.
const longestCommand = 64

// commandOf says which command a message is, as a whole; a leading "/" is taken off.
func commandOf(text string) command {
	if text == "" || len(text) > longestCommand {
		return noCommand
	}
	if text[0] <= '9' && text[0] >= '0' && len(text) < 4 { // the commonest reply of all
		return noCommand
	}
	f := reply.Fold(text)
	if len(f) > 0 && f[0] == '/' {
		f = f[1:]
	}
	return commands[f]
}

// languages understands which language a person chooses.
type languages struct {
	langs   []hubkit.Lang
	options []languageOption
	expect  *reply.Expect
}

type languageOption struct{ id, name string }

const languagePrefix = "language:"

func newLanguages(ls []hubkit.Lang) *languages {
	g := &languages{langs: ls}
	spec := reply.Spec{Kind: reply.One, Langs: ls, Options: len(ls)}
	for i, l := range ls {
		g.options = append(g.options, languageOption{languagePrefix + string(l), l.Endonym()})
		spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: l, Text: l.Endonym()}, reply.Label{Option: i, Lang: l, Text: string(l)})
		for _, n := range languageNames[l.Base()] {
			spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: l, Text: n})
		}
	}
	g.expect = reply.New(spec)
	return g
}

// choose returns the language of a reply.
func (g *languages) choose(option, text string) (hubkit.Lang, bool) {
	if option != "" {
		i := slices.IndexFunc(g.options, func(o languageOption) bool { return o.id == option })
		if i < 0 {
			return "", false
		}
		return g.langs[i], true
	}
	if u := g.expect.Understand(g.langs[0], text, 0, nil); u.OK {
		return g.langs[u.N], true
	}
	return "", false
}

// languageNames are other names that people write for a language.
var languageNames = map[hubkit.Lang][]string{
	"en": {"english", "англійська", "английский", "الإنجليزية", "eng", "anglais"},
	"uk": {"ukrainian", "українською", "украинский", "ua", "укр", "الأوكرانية"},
	"ru": {"russian", "російська", "русский", "по-русски", "рус", "الروسية"},
	"ar": {"arabic", "арабська", "арабский", "عربي", "arabe"},
	"fr": {"french", "francais"},
	"es": {"spanish", "espanol", "castellano"},
}
