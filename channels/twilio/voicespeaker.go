package twilio

import (
	"regexp"
	"strings"

	"github.com/hubkit/hubkit"
)

// Speaker reads one language aloud, and understands it.
type Speaker struct {
	Voice    string // a voice of Twilio's Say: "Google.uk-UA-Standard-A"; a voice of another language makes Say fail
	Language string // as Say names it: "uk-UA"
	Listen   string // as Gather names it for speech; empty: keys only
}

// Speakers returns the built-in voices: one for each language in which Twilio's Say
// has one and people of humanitarian programmes speak. Swahili, Persian, Dari, Urdu,
// Pashto, Somali, Burmese, Nepali, Georgian, Armenian, Albanian and Tigrinya have none
// there: record them. The caller may change what it gets.
//
// An account may lack a voice, and third parties may withdraw theirs: call the number
// once after every change.
func Speakers() map[hubkit.Lang]Speaker {
	return map[hubkit.Lang]Speaker{
		"am": {"Google.am-ET-Standard-A", "am-ET", "am-ET"},
		"ar": {"Polly.Zeina", "arb", "ar-EG"},
		"bg": {"Google.bg-BG-Standard-A", "bg-BG", "bg-BG"},
		"bn": {"Google.bn-IN-Standard-A", "bn-IN", "bn-BD"},
		"de": {"Polly.Vicki", "de-DE", "de-DE"},
		"en": {"Polly.Joanna", "en-US", "en-US"},
		"es": {"Polly.Lupe", "es-US", "es-US"},
		"fr": {"Polly.Lea", "fr-FR", "fr-FR"},
		"hi": {"Google.hi-IN-Standard-A", "hi-IN", "hi-IN"},
		"hu": {"Google.hu-HU-Standard-A", "hu-HU", "hu-HU"},
		"it": {"Polly.Bianca", "it-IT", "it-IT"},
		"pl": {"Polly.Ewa", "pl-PL", "pl-PL"},
		"pt": {"Polly.Ines", "pt-PT", "pt-PT"},
		"ro": {"Polly.Carmen", "ro-RO", "ro-RO"},
		"ru": {"Polly.Tatyana", "ru-RU", "ru-RU"},
		"sk": {"Google.sk-SK-Standard-A", "sk-SK", "sk-SK"},
		"ta": {"Google.ta-IN-Standard-A", "ta-IN", "ta-IN"},
		"tr": {"Polly.Filiz", "tr-TR", "tr-TR"},
		"uk": {"Google.uk-UA-Standard-A", "uk-UA", "uk-UA"},
		"vi": {"Google.vi-VN-Standard-A", "vi-VN", "vi-VN"},
	}
}

var (
	voiceForm  = regexp.MustCompile(`^(Polly|Google)\.[\p{L}\p{N}-]+$`)
	tongueForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z]{4})?(-[A-Z]{2})?(-[A-Z]{3})?$`)
)

// fault says what is wrong with a speaker, without asking Twilio; "" if nothing.
func (s Speaker) fault() string {
	switch {
	case !voiceForm.MatchString(s.Voice):
		return "has the voice " + s.Voice + ": name one of Polly's or Google's, because the basic ones know no pauses"
	case !tongueForm.MatchString(s.Language):
		return "has the Language " + s.Language + ": write it as Twilio does, such as uk-UA"
	case s.Listen != "" && !tongueForm.MatchString(s.Listen):
		return "has the Listen " + s.Listen + ": write it as Twilio does, such as uk-UA"
	case strings.HasPrefix(s.Voice, "Google.") && !strings.HasPrefix(s.Voice, "Google."+s.Language+"-"):
		return "speaks " + s.Language + " with " + s.Voice + ", a voice of another language: Say would fail"
	}
	return ""
}
