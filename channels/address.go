package channels

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Address is where a person is reached: a channel's name and the id there.
//
// It is personal data and prints redacted ("whatsapp:…67") through fmt with every
// verb and through log/slog; encoding it as text or JSON is an error. Where the
// address itself is needed, [Address.Reveal] says so in the code. Keep addresses in
// exported fields: fmt prints unexported ones without asking the type.
type Address struct {
	Channel string // the driver's name: "whatsapp"
	ID      string // the id there: a phone number, a user id
}

// ErrRevealed is returned when an address would be encoded without its owner
// having said so; see [Address.Reveal] and [Message.Reveal].
var ErrRevealed = errors.New("channels: an address is personal data and is not encoded by itself: use its Reveal method where it must be stored or sent")

// longID is how many characters an id has at least for its last two to tell little.
const longID = 9

// String returns the channel and at most the last two characters of a long id:
// "whatsapp:…67". Ids under nine characters show nothing: "sms:…". An empty
// address is "".
func (a Address) String() string {
	if a.ID == "" {
		if a.Channel == "" {
			return ""
		}
		return a.Channel + ":"
	}
	tail := ""
	if utf8.RuneCountInString(a.ID) >= longID {
		rs := []rune(a.ID)
		if last := rs[len(rs)-2:]; unicode.In(last[0], unicode.L, unicode.N) && unicode.In(last[1], unicode.L, unicode.N) {
			tail = string(last)
		}
	}
	return a.Channel + ":…" + tail
}

// GoString returns the redacted form for %#v.
func (a Address) GoString() string { return "channels.Address(" + a.String() + ")" }

// Format writes the redacted form for every verb, so that %+v, %q and %x of an
// address, or of a struct that holds one, show nothing more.
func (a Address) Format(f fmt.State, verb rune) {
	s := a.String()
	if verb == 'v' && f.Flag('#') {
		s = a.GoString()
	}
	_, _ = io.WriteString(f, s) // fmt has nowhere to report a failed write
}

// LogValue returns the redacted form for log/slog.
func (a Address) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText returns [ErrRevealed]: encoding/json and its like would otherwise
// put the whole address into whatever holds it.
func (a Address) MarshalText() ([]byte, error) { return nil, ErrRevealed }

// UnmarshalText reads what [Address.Reveal] wrote.
func (a *Address) UnmarshalText(b []byte) error {
	got, err := ParseAddress(string(b))
	if err != nil {
		return err
	}
	*a = got
	return nil
}

// Reveal returns the whole address as "channel:id", for storage under seal and for
// the provider. Never put it into a log, an error, a metric or a URL.
func (a Address) Reveal() string {
	if a == (Address{}) {
		return ""
	}
	return a.Channel + ":" + a.ID
}

// IsZero reports whether the address is empty.
func (a Address) IsZero() bool { return a == Address{} }

// ParseAddress reads what [Address.Reveal] wrote. It refuses a redacted form, so
// that a log line can never become an address again.
func ParseAddress(s string) (Address, error) {
	if s == "" {
		return Address{}, nil
	}
	channel, id, ok := strings.Cut(s, ":")
	switch {
	case !ok || !nameOK(channel) || id == "":
		return Address{}, errors.New("channels: an address is written channel:id, such as sms:+15550100")
	case strings.HasPrefix(id, "…"):
		return Address{}, errors.New("channels: this address was redacted when it was printed and cannot be read back")
	}
	return Address{Channel: channel, ID: id}, nil
}

// nameOK reports whether s can name a channel: lower-case letters, digits, - and _.
func nameOK(s string) bool {
	for _, r := range s {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' {
			return false
		}
	}
	return s != ""
}
