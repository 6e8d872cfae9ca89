package twilio

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Fault is what Twilio answered to a request that it did not accept. It is the Err of
// the [channels.Error] that a call returns. Twilio's own words are left out, because
// they quote addresses.
type Fault struct {
	Status    int    // of HTTP
	Code      int    // Twilio's; 0: it gave none
	RequestID string // to be told to Twilio's support
}

// Error returns the status, the code and where the code is explained.
func (f *Fault) Error() string {
	s := fmt.Sprintf("twilio: HTTP %d", f.Status)
	if f.Code != 0 {
		s += fmt.Sprintf(", code %d: https://www.twilio.com/docs/errors/%d", f.Code, f.Code)
	}
	if f.RequestID != "" {
		s += " (request " + f.RequestID + ")"
	}
	return s
}

// code returns Twilio's code, else the status, as channels.Error shows it.
func (f *Fault) code() string {
	if f.Code != 0 {
		return strconv.Itoa(f.Code)
	}
	return strconv.Itoa(f.Status)
}

// refusal classifies an answer of 400 and more.
func (f *Fault) refusal(h http.Header, now time.Time) *channels.Error {
	e := channels.HTTPError(f.Status, h, now)
	e.Code, e.Err = f.code(), f
	v, known := verdicts[f.Code]
	switch {
	case f.Status == http.StatusTooManyRequests: // not processed, whatever the code
		e.After = max(e.After, v.after)
	case known:
		e.Cause, e.After = v.cause, max(e.After, v.after)
	case f.Status == http.StatusNotFound && f.Code == 0:
		e.Cause = channels.Misconfigured // our own SID is not found
	}
	return e
}

// failure classifies the code of a message that Twilio had accepted and that failed
// later. One that is not listed may be tried again.
func failure(code string) channels.Cause {
	n, err := strconv.Atoi(code)
	if v, known := verdicts[n]; err == nil && known {
		return v.cause
	}
	return channels.Unavailable
}

// verdict is what a code means.
type verdict struct {
	cause channels.Cause
	after time.Duration
}

// Waits that codes ask for by their meaning.
const (
	hours   = 2 * time.Hour
	nextDay = 24 * time.Hour
)

var verdicts = func() map[int]verdict {
	all := map[int]verdict{}
	for _, g := range []struct {
		verdict
		codes []int
	}{
		{
			verdict{channels.Rejected, 0}, // this request or template is wrong for everyone; 30011: this picture for this person
			[]int{
				20001, 20004, 21201, 21213, 21604, 21220, 21602, 21603, 21618, 21619, 21620, 21623, 21624, 21617, 21654, 21655, 21656,
				30007, 30010, 30011, 30012, 30019, 35114, 35115, 35118, 50407, 50416, 50433, 50361,
				63005, 63006, 63011, 63013, 63021, 63025, 63028, 63030, 63031, 63034, 63027, 63040, 63041, 63042,
				45731, 92001, 92002, 14109,
			},
		},
		{
			verdict{channels.Misconfigured, 0}, // our account, sender or configuration
			[]int{
				20003, 20005, 20404, 21203, 21210, 21205, 21609, 21212, 21222, 21224,
				21601, 21606, 21607, 21616, 21621, 21622, 21219, 21608, 21659, 21660, 21661, 21703, 21704, 21705,
				30002, 30018, 30024, 30032, 30440, 30441, 30442, 30443, 30444, 30445, 30446, 30447, 30448, 30449, 30033, 30034,
				63001, 63002, 63007, 63008, 63020, 63022, 63026, 63035, 63051,
			},
		},
		{
			// Never again to this address on this channel. 21408, 21215 and 13227 say that
			// our account may not write or call there: to nobody in that country, and to
			// everybody else as before.
			verdict{channels.Unreachable, 0},
			[]int{
				21408, 21215, 13227,
				21211, 21214, 21217, 21401, 21421, 21265, 21216, 21612, 21614, 30004, 30005, 30006,
				63003, 63024, 63014, 63033, 63015, 63032,
			},
		},
		{verdict{channels.OptedOut, 0}, []int{21610}},
		{verdict{channels.Window, 0}, []int{63016}},
		{verdict{channels.Throttled, 0}, []int{20429, 25021, 45719, 45780, 30022, 63017, 35125, 14107}},
		{verdict{channels.Throttled, 30 * time.Minute}, []int{30450}}, // Twilio's guard against pumped traffic
		{verdict{channels.Throttled, hours}, []int{21611, 30001, 30035}},
		{verdict{channels.Throttled, nextDay}, []int{30023, 30027, 63018, 63038}},
		{verdict{channels.Unavailable, 0}, []int{30008, 30017, 30036, 63009, 63010, 63012, 63019, 63023, 63029, 63036}},
		{verdict{channels.Unavailable, time.Hour}, []int{30003}}, // the handset is off
		{verdict{channels.Unknown, 0}, []int{20500, 20503, 30410, 63037}},
	} {
		for _, code := range g.codes {
			all[code] = g.verdict
		}
	}
	return all
}()
