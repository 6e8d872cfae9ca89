package twilio

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/hubkit/hubkit"
)

// Desk is where people of a queue take calls. It is data: who is on duty stands in the
// numbers, when in the hours.
type Desk struct {
	Numbers []string // of people, rung at once: "+380…", or "sip:help@example.org"
	// Hours is when they are there; nil: always.
	Hours *Hours
	// Ring is how long they are rung before the caller is offered a call back.
	// Defaults to 25 s.
	Ring time.Duration
	// Whisper is what they hear before the call is theirs, in Lang. They take it by
	// pressing any key, so that no voicemail takes it. Empty: whoever answers has it.
	Whisper string
	Lang    hubkit.Lang // of Whisper
	// CallerID is the number that they see; a number of the account. Defaults to ours
	// that was called: the person's own is not shown on private phones.
	CallerID string
}

// Hours are opening hours.
type Hours struct {
	Zone   string                  // of the clock: "Europe/Kyiv"
	Week   map[time.Weekday][]Span // a day that is absent is closed
	Closed []string                // holidays: "2026-12-25"
}

// Span is a part of a day, until not included. One that ends before it begins goes on
// into the next day; "24:00" is the end of the day.
type Span struct{ From, Until string } // "09:00", "17:30"

// Open reports whether the hours hold t. A holiday closes the spans that begin on it.
// A zone or a time that cannot be read is never open; New and Voice report them.
func (h *Hours) Open(t time.Time) bool {
	if h == nil {
		return true
	}
	zone, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "" {
		return false
	}
	t = t.In(zone)
	now := t.Hour()*60 + t.Minute()
	if h.holds(t, func(from, until int) bool { return now >= from && (now < until || until <= from) }) {
		return true
	}
	// The noon before: a day has an hour more or less when clocks change.
	yesterday := time.Date(t.Year(), t.Month(), t.Day()-1, 12, 0, 0, 0, zone)
	return h.holds(yesterday, func(from, until int) bool { return until <= from && now < until })
}

// holds reports whether a span that begins on the day passes.
func (h *Hours) holds(day time.Time, passes func(from, until int) bool) bool {
	if slices.Contains(h.Closed, day.Format(time.DateOnly)) {
		return false
	}
	for _, s := range h.Week[day.Weekday()] {
		from, ok := minute(s.From)
		until, ok2 := minute(s.Until)
		if ok && ok2 && passes(from, until) {
			return true
		}
	}
	return false
}

// minute reads "09:30" as minutes since midnight.
func minute(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	h, err := strconv.ParseUint(s[:2], 10, 8)
	m, err2 := strconv.ParseUint(s[3:], 10, 8)
	if err != nil || err2 != nil || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return int(h*60 + m), true
}

// check reports everything that is wrong with h.
func (h *Hours) check() error {
	if h == nil {
		return nil
	}
	var errs []error
	if _, err := time.LoadLocation(h.Zone); err != nil || h.Zone == "" {
		errs = append(errs, fmt.Errorf("Hours.Zone %q is no time zone: write one such as Europe/Kyiv", h.Zone))
	}
	for day, spans := range h.Week {
		if day < time.Sunday || day > time.Saturday {
			errs = append(errs, fmt.Errorf("Hours.Week has a day %d", int(day)))
		}
		for _, s := range spans {
			from, ok := minute(s.From)
			until, ok2 := minute(s.Until)
			switch {
			case !ok || !ok2:
				errs = append(errs, fmt.Errorf("Hours.Week: %s is from %q until %q; write 09:00 and 17:30", day, s.From, s.Until))
			case from == until || from == 24*60:
				errs = append(errs, fmt.Errorf("Hours.Week: %s from %s until %s is no time", day, s.From, s.Until))
			}
		}
	}
	for _, d := range h.Closed {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			errs = append(errs, fmt.Errorf("Hours.Closed: %q is no date; write 2026-12-25", d))
		}
	}
	return errors.Join(errs...)
}

var (
	e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)
	sip  = regexp.MustCompile(`^sips?:[A-Za-z0-9._~+-]{1,64}@[A-Za-z0-9.-]{1,190}(:[0-9]{1,5})?$`)
)

// check reports everything that is wrong with d.
func (d Desk) check() error {
	var errs []error
	if len(d.Numbers) == 0 || len(d.Numbers) > 10 {
		errs = append(errs, fmt.Errorf("has %d Numbers; Twilio rings 1 to 10 at once", len(d.Numbers)))
	}
	for i, n := range d.Numbers {
		if !e164.MatchString(n) && !sip.MatchString(n) {
			errs = append(errs, fmt.Errorf("number %d is neither +380… nor sip:…", i))
		}
	}
	if d.Ring < 0 || d.Ring > 10*time.Minute {
		errs = append(errs, fmt.Errorf("rings for %s; 5 s to 10 min, or 0 for 25 s", d.Ring))
	}
	if d.CallerID != "" && !e164.MatchString(d.CallerID) {
		errs = append(errs, errors.New("shows a CallerID that is no number such as +380…"))
	}
	if d.Whisper != "" && d.Lang == "" {
		errs = append(errs, errors.New("has a Whisper and no Lang for it"))
	}
	return errors.Join(append(errs, d.Hours.check())...)
}
