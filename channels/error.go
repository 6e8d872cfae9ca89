package channels

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Error is what a driver returns from Send. Its words hold no personal data: of a
// wrapped error only the kind is shown, because net/http and providers put addresses,
// tokens and texts into theirs. Use [errors.As] on Err where it is safe to look.
type Error struct {
	Cause Cause
	After time.Duration // not before this time has passed, as the provider said; 0: it did not say
	Code  string        // the provider's own code: "21610"
	Err   error         // what happened below; may be nil
}

// Error returns the cause, the code and the kind of the wrapped error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("channels: " + e.Cause.String())
	if e.Code != "" {
		b.WriteString(" (code " + e.Code + ")")
	}
	if e.After > 0 {
		b.WriteString(", again after " + e.After.String())
	}
	if e.Err != nil {
		b.WriteString(": " + kind(e.Err))
	}
	return b.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is an *Error with the same cause and, where target has
// one, the same code: errors.Is(err, &channels.Error{Cause: channels.OptedOut}).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Cause == e.Cause && (t.Code == "" || t.Code == e.Code)
}

// Sentinels of receiving and rendering.
var (
	// ErrSignature is returned by Receiver.Receive for a request that does not
	// prove to come from the provider. It is answered with 403 and nothing is stored.
	ErrSignature = errors.New("channels: the webhook is not signed by the provider: check the token and HUB_PUBLIC_URL")
	// ErrMalformed is returned by Receiver.Receive for a request that cannot be
	// read. It is answered with 400.
	ErrMalformed = errors.New("channels: the webhook cannot be read")
	// ErrEmpty is returned for a message with nothing to say.
	ErrEmpty = errors.New("channels: the message is empty: it needs a text, media or a template")
	// ErrOption is returned for an option without an ID or a Label.
	ErrOption = errors.New("channels: every option needs an ID and a Label")
	// ErrWords is returned when a call needs words that Config.Words does not have
	// in the message's language.
	ErrWords = errors.New("channels: a call cannot offer choices in this language: add it to Config.Words")
)

// HTTPError classifies a provider's HTTP answer that carries no code of its own:
// 429 is Throttled, 401 and 403 are Misconfigured, 408 and 5xx are Unknown, other
// 4xx are Rejected; below 400 it returns nil. Retry-After, in seconds or as a date,
// becomes After. now is the time to which a date is relative.
//
// Drivers whose provider has codes of its own read those first.
func HTTPError(status int, h http.Header, now time.Time) *Error {
	e := &Error{Code: strconv.Itoa(status), After: RetryAfter(h, now)}
	switch {
	case status < 400:
		return nil
	case status == http.StatusTooManyRequests:
		e.Cause = Throttled
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		e.Cause = Misconfigured
	case status == http.StatusRequestTimeout || status >= 500:
		e.Cause = Unknown
	default:
		e.Cause = Rejected
	}
	return e
}

// longestAfter bounds what a Retry-After may ask: a broken one must not silence a
// channel for years.
const longestAfter = 24 * time.Hour

// RetryAfter returns what the Retry-After header asks for, at most a day, and 0
// where it is absent, past or unreadable.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	var d time.Duration
	if s, err := strconv.ParseFloat(v, 64); err == nil {
		if s >= longestAfter.Seconds() {
			return longestAfter
		}
		if s > 0 { // NaN is not
			d = time.Duration(s * float64(time.Second))
		}
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), longestAfter)
}

// kind names an error by its type, and by its words only where those are a fixed
// text of the system.
func kind(err error) string {
	var (
		no  syscall.Errno
		out interface{ Timeout() bool }
		dns *net.DNSError
	)
	switch {
	case errors.As(err, &no):
		return no.Error()
	case errors.As(err, &dns):
		return "name lookup failed"
	case errors.As(err, &out) && out.Timeout():
		return "timeout"
	}
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return fmt.Sprintf("%T", err)
		}
		err = next
	}
}
