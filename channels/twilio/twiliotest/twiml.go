package twiliotest

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Verb is one element of a TwiML document.
type Verb struct {
	Name  string
	Attrs map[string]string // by name
	Text  string            // its characters, without those of the verbs within
	Verbs []Verb
}

// grammar is what each verb may hold: attributes (those that end in ! are needed) and
// verbs within. It follows the types of npm twilio 6.2.0.
var grammar = map[string]struct{ attrs, within []string }{
	"Response": {nil, []string{"Say", "Play", "Pause", "Gather", "Redirect", "Hangup", "Dial"}},
	"Say":      {[]string{"voice!", "language!", "loop"}, []string{"break"}},
	"break":    {[]string{"time", "strength"}, nil},
	"Play":     {[]string{"loop", "digits"}, nil},
	"Pause":    {[]string{"length"}, nil},
	"Redirect": {[]string{"method"}, nil},
	"Hangup":   {nil, nil},
	"Gather": {
		[]string{
			"action", "method", "input", "timeout", "numDigits", "finishOnKey", "language", "hints", "speechTimeout", "speechModel",
			"bargeIn", "actionOnEmptyResult", "profanityFilter", "enhanced",
		},
		[]string{"Say", "Play", "Pause"},
	},
	"Dial":   {[]string{"action", "method", "timeout", "timeLimit", "callerId", "record", "answerOnBridge", "hangupOnStar"}, []string{"Number", "Sip"}},
	"Number": {[]string{"url", "method", "sendDigits"}, nil},
	"Sip":    {[]string{"url", "method"}, nil},
}

// takes are the values that some attributes take.
var takes = map[string]func(string) bool{
	"method":      func(s string) bool { return s == "GET" || s == "POST" },
	"input":       func(s string) bool { return s == "dtmf" || s == "speech" || s == "dtmf speech" },
	"timeout":     between(1, 600),
	"length":      between(1, 600),
	"numDigits":   between(1, 100),
	"timeLimit":   between(1, 14400),
	"finishOnKey": func(s string) bool { return len(s) < 2 && strings.Trim(s, "0123456789*#") == "" },
	"record": func(s string) bool {
		return slices.Contains([]string{"do-not-record", "record-from-answer", "record-from-answer-dual", "record-from-ringing", "record-from-ringing-dual"}, s)
	},
	"action":   absolute,
	"url":      absolute,
	"voice":    func(s string) bool { return strings.HasPrefix(s, "Polly.") || strings.HasPrefix(s, "Google.") },
	"callerId": func(s string) bool { return s != "" },
	"hints":    func(s string) bool { return strings.Count(s, ",") < 500 },
}

func between(low, high int) func(string) bool {
	return func(s string) bool { n, err := strconv.Atoi(s); return err == nil && n >= low && n <= high }
}

func absolute(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Host != "" && len(s) <= 4000
}

// ReadTwiML reads a document as strictly as Twilio carries it out: 64 KB, known verbs
// and attributes, values that Twilio takes, a Say that its voices can read.
func ReadTwiML(document []byte) (Verb, error) {
	if len(document) > 64<<10 {
		return Verb{}, fmt.Errorf("the document has %d bytes", len(document))
	}
	d := xml.NewDecoder(strings.NewReader(string(document)))
	var stack []*Verb
	root := &Verb{}
	stack = append(stack, root)
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return Verb{}, err
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			v := &Verb{Name: t.Name.Local, Attrs: map[string]string{}}
			for _, a := range t.Attr {
				if _, twice := v.Attrs[a.Name.Local]; twice {
					return Verb{}, fmt.Errorf("%s has %s twice", v.Name, a.Name.Local)
				}
				v.Attrs[a.Name.Local] = a.Value
			}
			stack = append(stack, v)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
			up := stack[len(stack)-1]
			up.Verbs = append(up.Verbs, *top)
		case xml.CharData:
			top.Text += string(t)
		case xml.ProcInst:
		default:
			return Verb{}, errors.New("the document holds more than elements and text")
		}
	}
	if len(root.Verbs) != 1 || root.Verbs[0].Name != "Response" || strings.TrimSpace(root.Text) != "" {
		return Verb{}, errors.New("a document is one Response")
	}
	return root.Verbs[0], root.Verbs[0].check()
}

// check reports what Twilio would not carry out.
func (v *Verb) check() error {
	g, known := grammar[v.Name]
	if !known {
		return fmt.Errorf("unknown verb %s", v.Name)
	}
	for name, value := range v.Attrs {
		if !slices.Contains(g.attrs, name) && !slices.Contains(g.attrs, name+"!") {
			return fmt.Errorf("%s has no attribute %s", v.Name, name)
		}
		if ok := takes[name]; ok != nil && !ok(value) {
			return fmt.Errorf("%s %s=%q is no value of it", v.Name, name, value)
		}
	}
	for _, name := range g.attrs {
		if name, needed := strings.CutSuffix(name, "!"); needed && v.Attrs[name] == "" {
			return fmt.Errorf("%s needs %s", v.Name, name)
		}
	}
	holds := v.Name == "Say" || v.Name == "Play" || v.Name == "Redirect" || v.Name == "Number" || v.Name == "Sip"
	switch blank := strings.TrimSpace(v.Text) == ""; {
	case holds == blank:
		return fmt.Errorf("%s with the text %q", v.Name, v.Text)
	case v.Name == "Play" && !absolute(v.Text), v.Name == "Redirect" && !absolute(v.Text):
		return fmt.Errorf("%s %q is no address", v.Name, v.Text)
	case v.Name == "Say" && len(url.QueryEscape(v.Text)) > 4500:
		return errors.New("a Say is longer than 4,500 characters when it is encoded")
	case v.Name == "Dial" && len(v.Verbs) == 0:
		return errors.New("Dial rings nobody")
	}
	for i := range v.Verbs {
		if !slices.Contains(g.within, v.Verbs[i].Name) {
			return fmt.Errorf("%s holds no %s", v.Name, v.Verbs[i].Name)
		}
		if err := v.Verbs[i].check(); err != nil {
			return err
		}
	}
	return nil
}

// Spoken returns what is heard, in order: lines as they are read, a recording by its
// address.
func (v *Verb) Spoken() string {
	var b strings.Builder
	v.spoken(&b)
	return b.String()
}

func (v *Verb) spoken(b *strings.Builder) {
	switch v.Name {
	case "Say":
		b.WriteString(v.Text)
		if len(v.Verbs) > 0 { // a pause ends a line
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
		return
	case "Play":
		b.WriteString(v.Text + "\n")
	case "Pause":
		b.WriteByte('\n')
	}
	for i := range v.Verbs {
		v.Verbs[i].spoken(b)
	}
}
