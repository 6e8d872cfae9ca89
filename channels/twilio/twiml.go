package twilio

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels/segments"
)

// Limits of a TwiML document.
const (
	longestDocument = 64 << 10 // bytes of an answer to a webhook
	longestInline   = 4000     // characters sent along with a new call
	longestSay      = 1400     // bytes of one Say, at most three characters each in the 4,500 of its URL encoding
)

// twiml is a document that Twilio carries out on a call, written from front to back.
// It is written here because twilio-go's writer leaves out empty attributes, and
// finishOnKey="" is what makes # and * keys like all others.
type twiml struct {
	b    []byte
	open []string // elements not closed yet
}

// newTwiML begins a document.
func newTwiML() *twiml {
	x := &twiml{b: make([]byte, 0, 2048)}
	x.b = append(x.b, `<?xml version="1.0" encoding="UTF-8"?>`...)
	x.begin("Response")
	return x
}

// begin opens an element; attrs are names and values in turn.
func (x *twiml) begin(name string, attrs ...string) {
	x.tag(name, attrs)
	x.b = append(x.b, '>')
	x.open = append(x.open, name)
}

// end closes the element opened last.
func (x *twiml) end() {
	last := len(x.open) - 1
	x.b = append(append(append(x.b, "</"...), x.open[last]...), '>')
	x.open = x.open[:last]
}

// empty writes an element without content.
func (x *twiml) empty(name string, attrs ...string) {
	x.tag(name, attrs)
	x.b = append(x.b, "/>"...)
}

// leaf writes an element that holds a text.
func (x *twiml) leaf(name, text string, attrs ...string) {
	x.begin(name, attrs...)
	x.b = appendXML(x.b, text)
	x.end()
}

func (x *twiml) tag(name string, attrs []string) {
	x.b = append(append(x.b, '<'), name...)
	for i := 0; i+1 < len(attrs); i += 2 {
		x.b = append(append(append(x.b, ' '), attrs[i]...), `="`...)
		x.b = append(appendXML(x.b, attrs[i+1]), '"')
	}
}

// say reads one line aloud, in as many Say as it needs, and rests after it.
func (x *twiml) say(v Speaker, line string, rest time.Duration) {
	if strings.TrimSpace(line) == "" {
		x.empty("Pause", "length", "1")
		return
	}
	parts := segments.Split(line, segments.Bytes, longestSay)
	for i, part := range parts {
		x.begin("Say", "voice", v.Voice, "language", v.Language)
		x.b = appendXML(x.b, part)
		if i == len(parts)-1 && rest > 0 {
			x.empty("break", "time", strconv.FormatInt(rest.Milliseconds(), 10)+"ms")
		}
		x.end()
	}
}

// bytes closes what is open and returns the document.
func (x *twiml) bytes() []byte {
	for len(x.open) > 0 {
		x.end()
	}
	return x.b
}

// appendXML appends s as text or attribute value. What XML 1.0 cannot hold becomes
// the replacement character, so that nothing a text holds can break a document, nor
// begin an element in it.
func appendXML(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			i++
			switch {
			case c == '&':
				b = append(b, "&amp;"...)
			case c == '<':
				b = append(b, "&lt;"...)
			case c == '>':
				b = append(b, "&gt;"...)
			case c == '"':
				b = append(b, "&quot;"...)
			case c == '\'':
				b = append(b, "&apos;"...)
			case c == '\n':
				b = append(b, "&#xA;"...)
			case c == '\r':
				b = append(b, "&#xD;"...)
			case c == '\t':
				b = append(b, "&#x9;"...)
			case c < ' ':
				b = append(b, "\uFFFD"...)
			default:
				b = append(b, c)
			}
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF {
			b = append(b, "\uFFFD"...)
		} else {
			b = append(b, s[i:i+n]...)
		}
		i += n
	}
	return b
}
