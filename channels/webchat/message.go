package webchat

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// said is the body of POST message. A message is one of text, option, location
// or photo; a photo may have a text beside it.
type said struct {
	Client    string `json:"client"` // the client's own id of the message, the same at every try
	Text      string `json:"text"`
	Option    string `json:"option"`    // ID of a tapped option
	InReplyTo string `json:"inReplyTo"` // ref of the entry tapped
	Location  *point `json:"location"`
	Photo     string `json:"photo"` // what POST photo returned
}

type point struct {
	Lat      *float64 `json:"lat"`      // degrees, WGS 84
	Lon      *float64 `json:"lon"`      // degrees, WGS 84
	Accuracy float64  `json:"accuracy"` // metres; 0 unknown
}

// strict decodes one JSON object: nothing unknown, nothing after it, no broken UTF-8.
func strict(body []byte, into any) error {
	if !utf8.Valid(body) {
		return badRequest("the body is not valid UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		// The decoder's words may quote the body: only the field's name is ours.
		if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && t.Field != "" {
			return badRequest("the field %q has the wrong type", t.Field)
		}
		return badRequest("the body is not one JSON object with known fields")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return badRequest("something follows the JSON object")
	}
	return nil
}

// decodeSaid reads and checks the body of POST message; maxText is in runes.
func decodeSaid(body []byte, maxText int) (said, error) {
	var m said
	if err := strict(body, &m); err != nil {
		return said{}, err
	}
	m.Text = clean(m.Text)
	kinds := 0
	for _, given := range []bool{m.Text != "" && m.Photo == "", m.Option != "", m.Location != nil, m.Photo != ""} {
		if given {
			kinds++
		}
	}
	switch {
	case !isToken(m.Client, 64):
		return said{}, badRequest("client is the message's own id: 1 to 64 letters, digits, - or _")
	case kinds != 1:
		return said{}, badRequest("a message is exactly one of text, option, location or photo; text that is not empty may stand beside a photo")
	case utf8.RuneCountInString(m.Text) > maxText:
		return said{}, errTooLong
	case len(m.Option) > 256 || clean(m.Option) != m.Option:
		return said{}, badRequest("option is the id of an option that was shown")
	case len(m.InReplyTo) > 256 || clean(m.InReplyTo) != m.InReplyTo:
		return said{}, badRequest("inReplyTo is the ref of an entry that was shown")
	}
	if p := m.Location; p != nil {
		if p.Lat == nil || p.Lon == nil || *p.Lat < -90 || *p.Lat > 90 || *p.Lon < -180 || *p.Lon > 180 || p.Accuracy < 0 {
			return said{}, badRequest("location needs lat from -90 to 90, lon from -180 to 180, and accuracy in metres or none")
		}
	}
	return m, nil
}

func (p *point) location() *channels.Location {
	if p == nil {
		return nil
	}
	return &channels.Location{Lat: *p.Lat, Lon: *p.Lon, Accuracy: p.Accuracy}
}

// clean keeps what a person can have meant to type, without space around it.
func clean(s string) string {
	return strings.TrimSpace(channels.Clean(strings.ReplaceAll(s, "\r\n", "\n")))
}

func isToken(s string, limit int) bool {
	for _, c := range []byte(s) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return s != "" && len(s) <= limit
}

// shown is an entry as the page sees it.
type shown struct {
	Seq     int64         `json:"seq"`
	Ref     string        `json:"ref"`
	Lang    hubkit.Lang   `json:"lang,omitempty"`
	Heading string        `json:"heading,omitempty"`
	Text    string        `json:"text,omitempty"`
	Options []shownOption `json:"options,omitempty"`
	Several bool          `json:"several,omitempty"`
	Open    bool          `json:"open,omitempty"`
	Media   []shownMedia  `json:"media,omitempty"`
}

type shownOption struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Short string `json:"short,omitempty"`
	Hint  string `json:"hint,omitempty"`
}

type shownMedia struct {
	URL  string `json:"url"`
	Type string `json:"type,omitempty"`
	Name string `json:"name,omitempty"`
}

func show(e channels.Entry) shown {
	s := shown{
		Seq: e.Seq, Ref: e.Ref, Lang: e.Lang, Heading: e.Heading, Text: e.Text,
		Several: e.Several, Open: e.Open,
	}
	for _, o := range e.Options {
		s.Options = append(s.Options, shownOption{ID: o.ID, Label: o.Label, Short: o.Short, Hint: o.Hint})
	}
	for _, m := range e.Media {
		s.Media = append(s.Media, shownMedia{URL: m.URL, Type: m.Type, Name: m.Name})
	}
	return s
}
