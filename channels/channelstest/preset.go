package channelstest

import (
	"time"

	"github.com/hubkit/hubkit/channels"
)

// The presets are the limits of real channels, for tests of what is shown where. The
// drivers declare their own, which rule.

// WhatsApp returns the limits of WhatsApp inside a session through Twilio: three quick
// replies of 20 characters, lists of ten rows of 24, bodies of 1024 and texts of 1600.
func WhatsApp() channels.Limits {
	return channels.Limits{
		Text: 1600, Unit: channels.UTF16,
		Buttons: channels.Menu{Max: 3, Label: 20, Body: 1024},
		List:    channels.Menu{Max: 10, Label: 24, Hint: 72, Body: 1024},
		Window:  24 * time.Hour, Templates: true, Files: true, Places: true,
	}
}

// Viber returns the limits of a Viber bot: texts of 7000, or 4000 above a keyboard of up
// to 23 rows of 60.
func Viber() channels.Limits {
	return channels.Limits{
		Text: 7000, Unit: channels.UTF16,
		Buttons: channels.Menu{Max: 6, Label: 60, Body: 4000},
		List:    channels.Menu{Max: 23, Label: 60, Body: 4000},
		Files:   true, Places: true, Reopens: true,
	}
}

// Telegram returns the limits of a Telegram bot: texts of 4096, an inline keyboard of up
// to 24 rows of 60.
func Telegram() channels.Limits {
	return channels.Limits{
		Text: 4096, Unit: channels.UTF16,
		Buttons: channels.Menu{Max: 10, Label: 60},
		List:    channels.Menu{Max: 24, Label: 60},
		Files:   true, Places: true, Reopens: true,
	}
}

// SMS returns the limits of text messages: ten segments and nothing to tap.
func SMS() channels.Limits { return channels.Limits{Text: 10, Unit: channels.Segments} }

// Voice returns the limits of a call: spoken, five choices at a time.
func Voice() channels.Limits { return channels.Limits{Spoken: true, OptionsInCall: 5} }

// Web returns the limits of a page of one's own: buttons and check boxes of any size.
func Web() channels.Limits {
	return channels.Limits{Buttons: channels.Menu{Max: 200, Hint: 200}, Several: true, Files: true, Places: true}
}
