package channels

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
)

// Message is what to say, before any channel has shaped it.
type Message struct {
	Ref       string      // ours, unique, safe in a URL: goes into the status callback, so that a lost answer can be resolved
	To        Address     // the person
	From      string      // sender: number or bot; empty means the channel's default
	Lang      hubkit.Lang // the language of the texts
	Heading   string      // a line above the text, such as "Person 2 of 4"; may be empty
	Text      string      // what is said
	Options   []Option    // shared, read-only; ids are static per question ("sex:f"): a content template is created once
	Several   bool        // more than one option may be chosen
	Open      bool        // the answer is typed; options are only ways out, and are shown without numbers
	Page      int         // 1-based page of a list in pages; 0 is the first. See [MoreID]
	Part      int         // 1-based part of a text in several messages; 0 is the whole. See [Channel.Split]
	Wants     Want        // what the answer is, where a channel has a button or a keypad for it
	Media     []Media     // photos, documents, sounds to send along
	Spoken    string      // for a call; defaults to Text
	Recording string      // URL; played instead of Spoken
	Queue     string      // not empty: on a call, people of this queue take over once it was said; see [CallBackID]
	Template  *Template   // for writing outside the session window
	Class     Class       // Reply goes before Notice, Notice before Bulk, within one pace
	NotAfter  time.Time   // not to be sent later; zero: no end. Drivers give the rest to the provider as validity
}

// LogValue shows the reference, the channel and the class: no text and no address.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("ref", m.Ref), slog.String("channel", m.To.Channel),
		slog.String("lang", string(m.Lang)), slog.String("class", m.Class.String()))
}

// Format writes what [Message.LogValue] shows, for every verb: neither %+v of a message
// nor of a list or struct that holds one tells what was said.
func (m Message) Format(f fmt.State, _ rune) { format(f, "Message", m) }

// format writes a value as it is logged.
func format(f fmt.State, kind string, v slog.LogValuer) {
	_, _ = io.WriteString(f, "channels."+kind+v.LogValue().String()) // fmt has nowhere to report a failed write
}

// Reveal returns the whole message as JSON, addresses included, to be stored under
// seal. [RevealedMessage] reads it.
func (m Message) Reveal() ([]byte, error) {
	return json.Marshal(struct {
		bareMessage
		To revealed
	}{bareMessage(m), revealed(m.To)})
}

// RevealedMessage reads what [Message.Reveal] wrote.
func RevealedMessage(b []byte) (Message, error) {
	var m Message
	err := json.Unmarshal(b, &m)
	return m, err
}

// bareMessage is a Message without its methods.
type bareMessage Message

// revealed is an Address that encodes itself.
type revealed Address

// MarshalText writes the whole address.
func (r revealed) MarshalText() ([]byte, error) { return []byte(Address(r).Reveal()), nil }

// Option is one answer that can be tapped, or chosen by its 1-based number.
type Option struct {
	ID    string      // static: "question:option"
	Label string      // what the person reads; in numbered text always whole
	Short string      `json:",omitempty"` // where Label does not fit; may be empty
	Hint  string      `json:",omitempty"` // second line of a list row
	Lang  hubkit.Lang `json:",omitempty"` // of the label, where it is not the message's, such as a language under its own name
}

// Want is what a message asks for, beside its options: a driver may show a button that
// shares it, or listen for digits.
type Want uint8

// What may be asked for.
const (
	WantText   Want = iota // words; also the zero value, for messages that ask nothing
	WantDigits             // a number, a date or a code, which a keypad can type
	WantPhone              // a phone number: "share my number"
	WantPlace              // a location: "share where I am"
	WantFile               // a photo or document
)

// morePrefix begins the id of the option that asks for the next page of a list.
const morePrefix = "hub:more:"

// MoreID returns the id of the option that asks for a page of a list in pages.
// It belongs to the hub, not to the question: who receives it in [Event.Option]
// sends the same message again with [Message.Page] set.
func MoreID(page int) string { return morePrefix + strconv.Itoa(page) }

// ParseMore returns the page that an option id made by [MoreID] asks for.
func ParseMore(id string) (page int, ok bool) {
	rest, ok := strings.CutPrefix(id, morePrefix)
	if !ok {
		return 0, false
	}
	page, err := strconv.Atoi(rest)
	return page, err == nil && page > 0
}

// CallBackID is the option of a caller who was to be put through to people by
// [Message.Queue], reached none, and asks to be called back. Text then says so in
// words, so that who reads the thread understands without knowing it.
const CallBackID = "hub:call-back"

// Class orders messages within one pace.
type Class uint8

// Classes of messages.
const (
	Reply  Class = iota // answers what a person just said
	Notice              // concerns one person: a decision, a reminder
	Bulk                // one of many, such as a campaign
)

// String returns "reply", "notice" or "bulk".
func (c Class) String() string { return name(classNames[:], int(c)) }

var classNames = [...]string{"reply", "notice", "bulk"}

// Media is a photo, document or sound, by reference.
type Media struct {
	URL  string // where the driver fetches or sends it
	Type string // MIME
	Name string // the file's name; may be empty
	Size int64  // bytes; 0 unknown
}

// Location is a point on the earth.
type Location struct {
	Lat, Lon float64 // degrees, WGS 84
	Accuracy float64 // metres; 0 unknown
	Label    string  // what the person or provider calls the place
}

// Template is an approved template, for writing outside a session window.
type Template struct {
	Name string            // what the driver knows the template by
	Vars map[string]string // the values of its variables
}

// name returns the name of an enumerated value, or its number when it has none.
func name(names []string, i int) string {
	if i >= 0 && i < len(names) && names[i] != "" {
		return names[i]
	}
	return strconv.Itoa(i)
}
