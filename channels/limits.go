package channels

import (
	"errors"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels/segments"
)

// Unit is what a channel counts length in; see package segments, which counts.
type Unit = segments.Unit

// Units of length.
const (
	Graphemes = segments.Graphemes // characters as a reader sees them
	Runes     = segments.Runes     // Unicode code points
	UTF16     = segments.UTF16     // UTF-16 code units
	Bytes     = segments.Bytes     // bytes of UTF-8
	Segments  = segments.SMS       // segments of an SMS; labels are then counted in characters
)

// Limits says what a channel can show. It is plain data: rendering, the parity
// table and the start-up checks read it.
type Limits struct {
	Text          int           // longest text of one message, in Unit; 0: no limit
	Unit          Unit          // what Text, Body, Label and Hint count
	Buttons       Menu          // choices tapped under the message
	List          Menu          // choices tapped in a list that opens
	Several       bool          // buttons or list take several choices at once, as check boxes do
	Window        time.Duration // how long after the person's last word we may write freely; 0: always
	Templates     bool          // outside the window an approved template may be sent
	Pulled        bool          // the person's page fetches what is committed, and nothing is pushed: see [Backlog]
	Files         bool          // people can send us photos and documents
	Places        bool          // people can share a location with us
	Reopens       bool          // who left or blocked us there has come back by writing again: nobody else can undo it
	Spoken        bool          // a call: everything is heard, and answered by keys
	Speech        bool          // what is said on the call is understood as text
	OptionsInCall int           // most choices read aloud at once; more are read in pages. 0: as many as there are
}

// Menu is what one kind of choice can hold; the zero value means it cannot.
type Menu struct {
	Max   int // most choices; 0: this kind of choice does not exist here
	Label int // longest label, in the limits' unit; 0: no limit
	Hint  int // longest second line; 0: there is none
	Body  int // longest text above the choices; 0: as Limits.Text
}

// check reports everything that is wrong with l at once.
func (l Limits) check() error {
	var errs []error
	for _, f := range []struct {
		name string
		n    int
	}{
		{"Text", l.Text},
		{"Buttons.Max", l.Buttons.Max},
		{"Buttons.Label", l.Buttons.Label},
		{"Buttons.Hint", l.Buttons.Hint},
		{"Buttons.Body", l.Buttons.Body},
		{"List.Max", l.List.Max},
		{"List.Label", l.List.Label},
		{"List.Hint", l.List.Hint},
		{"List.Body", l.List.Body},
		{"OptionsInCall", l.OptionsInCall},
	} {
		if f.n < 0 {
			errs = append(errs, fmt.Errorf("limits: %s is %d; use 0 for none", f.name, f.n))
		}
	}
	if l.Unit > Segments {
		errs = append(errs, fmt.Errorf("limits: unknown unit %d", l.Unit))
	}
	if l.Window < 0 {
		errs = append(errs, fmt.Errorf("limits: Window is %s; use 0 where one may always write first", l.Window))
	}
	return errors.Join(errs...)
}

// labelUnit is the unit of labels: SMS segments measure whole messages only.
func (l Limits) labelUnit() Unit {
	if l.Unit == Segments {
		return Graphemes
	}
	return l.Unit
}
