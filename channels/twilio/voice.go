package twilio

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// VoiceConfig says how calls are made and answered. From is needed to call people;
// for the rest the zero value is a good start.
type VoiceConfig struct {
	// From is our number, which people see when they are called: "+380…".
	From string
	// Speakers adds voices to the built-in ones, or replaces them; see [Speakers].
	Speakers map[hubkit.Lang]Speaker
	// Recorded are languages in which every message has a recording, so that they
	// need no voice: see [Voice.Check].
	Recorded []hubkit.Lang
	// Words adds languages to the built-in words of a call, or replaces them.
	Words VoiceWords
	// Recordings are addresses of recordings that are played in place of Words.
	Recordings VoiceWords
	// Fallback is the language of a call's own words where the caller's has none.
	// Defaults to English.
	Fallback hubkit.Lang
	// Speech lets people speak their answers, in languages whose Speaker listens.
	Speech bool
	// Options is how many choices are read at once, 1 to 9. Defaults to 5.
	Options int
	// Wait is how long a key is waited for. Defaults to 8 s.
	Wait time.Duration
	// Repeats is how often a question is asked again after silence, before the call
	// ends; -1 for never. Defaults to 2.
	Repeats int
	// Rest is the pause after a line; negative for none. Defaults to 400 ms.
	Rest time.Duration
	// Ring is how long a person's phone rings when we call, 5 s to 10 min. Defaults to 40 s.
	Ring time.Duration
	// Longest is how long a call that we make may last. Defaults to 1 h.
	Longest time.Duration
	// Machines says what an answering machine hears.
	Machines Machines
	// Desks are where people take calls, by queue; "" takes those of every other queue.
	Desks map[string]Desk
	// MayRecord is asked before each call to a desk whether the person has consented
	// to its being recorded. Nil: no call is ever recorded.
	MayRecord func(ctx context.Context, person channels.Address) bool
}

// Machines says what an answering machine hears of a call that we make.
type Machines uint8

// What machines hear.
const (
	Everybody Machines = iota // no detection: whoever answers hears the message from its start
	Beep                      // a machine hears it after its greeting; a person at once, after some seconds of detection
	Nobody                    // a machine is hung up on, and the message counts as not arrived
)

// Voice is the channel "voice": calls that people make to us, with the questionnaire
// read aloud and answered by keys, and calls that we make to them. It is safe for
// concurrent use.
//
// A call that withholds its number is a person of its own, known by the call: two of
// them never hear each other's answers.
type Voice struct {
	account  *Account
	cfg      VoiceConfig
	speakers map[hubkit.Lang]Speaker
	words    VoiceWords
}

// voicePath is where Twilio asks what to do on a call, and tells how it goes.
const voicePath = "/webhooks/twilio/voice"

// Voice makes the channel of calls. The error lists everything that is wrong with cfg.
func (a *Account) Voice(cfg VoiceConfig) (*Voice, error) {
	v := &Voice{account: a, cfg: cfg, speakers: Speakers(), words: DefaultVoiceWords().with(cfg.Words)}
	maps.Copy(v.speakers, cfg.Speakers)
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("twilio: VoiceConfig."+format, args...))
	}
	if cfg.From != "" && !e164.MatchString(cfg.From) {
		wrong("From is a number such as +380…")
	}
	for _, l := range slices.Sorted(maps.Keys(cfg.Speakers)) {
		if fault := cfg.Speakers[l].fault(); fault != "" {
			wrong("Speakers: %q %s", l, fault)
		}
	}
	for _, d := range &voiceWordList {
		for _, l := range slices.Sorted(maps.Keys(*d.text(&cfg.Recordings))) {
			if !playable((*d.text(&cfg.Recordings))[l]) {
				wrong("Recordings: %s in %q is not the address of a recording: write https://…", d.id, l)
			}
		}
	}
	for _, q := range slices.Sorted(maps.Keys(cfg.Desks)) {
		if err := cfg.Desks[q].check(); err != nil {
			wrong("Desks[%q]: %w", q, err)
		}
		if d := cfg.Desks[q]; d.Whisper != "" && d.Lang != "" && !v.speaks(d.Lang) {
			wrong("Desks[%q]: there is no voice for its Whisper in %q", q, d.Lang)
		}
	}
	for _, f := range []struct {
		name     string
		d        *time.Duration
		def      time.Duration
		min, max time.Duration
	}{
		{"Wait", &v.cfg.Wait, 8 * time.Second, time.Second, time.Minute},
		{"Ring", &v.cfg.Ring, 40 * time.Second, 5 * time.Second, 10 * time.Minute},
		{"Longest", &v.cfg.Longest, time.Hour, time.Minute, 4 * time.Hour},
		{"Rest", &v.cfg.Rest, 400 * time.Millisecond, -time.Hour, 10 * time.Second},
	} {
		if *f.d == 0 {
			*f.d = f.def
		}
		if *f.d < f.min || *f.d > f.max {
			wrong("%s is %s; %s to %s, or 0 for %s", f.name, *f.d, max(f.min, 0), f.max, f.def)
		}
	}
	v.cfg.Options = or(cfg.Options, 5)
	if v.cfg.Options < 1 || v.cfg.Options > 9 {
		wrong("Options is %d; 1 to 9 can be keyed with one digit", cfg.Options)
	}
	v.cfg.Repeats = max(or(cfg.Repeats, 2), 0)
	if v.cfg.Repeats > 5 {
		wrong("Repeats is %d; at most 5", cfg.Repeats)
	}
	if cfg.Machines > Nobody {
		wrong("Machines is %d, which is none", cfg.Machines)
	}
	v.cfg.Fallback = or(cfg.Fallback, "en")
	if errs == nil {
		if err := v.check(v.cfg.Fallback, true); err != nil {
			wrong("Fallback: %w", err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return v, nil
}

// or returns v, or def where v is zero.
func or[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Name returns "voice".
func (v *Voice) Name() string { return "voice" }

// Limits returns what a call can do.
func (v *Voice) Limits() channels.Limits {
	return channels.Limits{Spoken: true, Speech: v.cfg.Speech, OptionsInCall: v.cfg.Options}
}

// Check reports, for a programme's languages and all at once, what cannot be said on a
// call: a language without a voice that is not among VoiceConfig.Recorded, and words of
// the call without a voice or a recording. Call it when the program starts: in the
// middle of a call such a caller can only be handed to a person.
func (v *Voice) Check(langs ...hubkit.Lang) error {
	var errs []error
	for _, l := range langs {
		if err := v.check(l, slices.Contains(v.cfg.Recorded, l)); err != nil {
			errs = append(errs, fmt.Errorf("twilio: voice: %w", err))
		}
	}
	return errors.Join(errs...)
}

// check reports what cannot be said in one language.
func (v *Voice) check(l hubkit.Lang, recorded bool) error {
	var errs []error
	if !recorded && !v.speaks(l) {
		errs = append(errs, fmt.Errorf("%q has no voice: give it one in Speakers, or record every message and list it in Recorded", l))
	}
	for _, d := range &voiceWordList {
		if _, ok := in(*d.text(&v.cfg.Recordings), l); ok || d.id == "wish" {
			continue
		}
		switch _, ok := in(*d.text(&v.words), l); {
		case !ok:
			errs = append(errs, fmt.Errorf("%q has no words for %s: add them to Words, or their recording to Recordings", l, d.id))
		case !v.speaks(l):
			errs = append(errs, fmt.Errorf("%q has no voice for %s: add its recording to Recordings", l, d.id))
		}
	}
	return errors.Join(errs...)
}

// speaker returns who speaks a language.
func (v *Voice) speaker(l hubkit.Lang) (Speaker, bool) {
	s, ok := v.speakers[l]
	if !ok {
		s, ok = v.speakers[l.Base()]
	}
	return s, ok
}

// speaks reports whether a language has a voice.
func (v *Voice) speaks(l hubkit.Lang) bool {
	_, ok := v.speaker(l)
	return ok
}
