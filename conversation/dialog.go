package conversation

import (
	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Dialog is what a hub does with a person at one place of a programme. The set
// is closed: Menu, Article, Ask and HandOff. Dialogs are plain data, nested in
// one another; New checks them all.
type Dialog interface{ dialog() }

// Menu lets the person choose what to do. It is shown as buttons, a list or
// numbers, whatever the channel can.
type Menu struct {
	Ask   hubkit.Text // above the items: "How can we help?"
	Items []Item      // at least one
}

// Item is one line of a Menu.
type Item struct {
	Key   string      // stable within its menu: lower-case letters, digits and _
	Label hubkit.Text // what is chosen
	Short hubkit.Text // for buttons; empty means Label
	Open  Dialog      // what follows
}

// Article tells something, such as how to prevent cholera, and then goes on to
// Then, or back to the menu it was opened from.
type Article struct {
	Text  hubkit.Text
	Media []channels.Media
	Then  Dialog // nil: back to the menu, if there is one
}

// Say is an Article of one text.
func Say(t hubkit.Text) Article { return Article{Text: t} }

// Ask asks a questionnaire. The answers are kept from the first reply on, and
// the person goes on where they stopped, also days later and on a newer
// version of the program.
type Ask struct {
	Form  *registration.Questionnaire
	Score scoring.Scorer // scores the answers when complete; nil: no score
	// Then follows when the questionnaire is complete, instead of its own thanks.
	Then Dialog
	// Outcomes follows the outcomes of the form's StopUnless parts. Defaults to
	// the message of the StopUnless alone.
	Outcomes map[string]Dialog
	// Again lets a person answer more than once in a thread. Otherwise who comes
	// back is told how the registration stands.
	Again bool
}

// HandOff hands the thread to people. The bot is silent until they give it back.
type HandOff struct {
	Queue string      // whose agents see it: "housing"
	Topic string      // a word of the programme's own list, kept in clear; defaults to Queue
	Say   hubkit.Text // what the person is told; empty means the hub's own words
}

func (Menu) dialog()    {}
func (Article) dialog() {}
func (Ask) dialog()     {}
func (HandOff) dialog() {}
