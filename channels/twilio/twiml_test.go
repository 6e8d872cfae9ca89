package twilio

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

var awkward = []string{
	"", " ", "Так, потрібна", "هل تحتاج؟\u200f 1", "<Say>x</Say>", "]]>", "&amp; & \"' <", "a\x00b\x1bc", "\xff\xfe", "\uFFFE\uFFFF",
	"👨‍👩‍👧‍👦", "<break time='9h'/>", "line\r\nline\ttab", strings.Repeat("ї", 5000), strings.Repeat("a b ", 3000), "<!--", "<?xml?>",
}

// What is said comes back letter by letter from another XML reader, and begins no
// element.
func FuzzTwiML(f *testing.F) {
	for _, s := range awkward {
		if len(s) < 100 { // long ones take the fuzzer's time: TestSayHoldsEveryLine has them
			f.Add(s)
		}
	}
	speaker := Speakers()["uk"]
	f.Fuzz(func(t *testing.T, s string) {
		line := strings.ReplaceAll(s, "\n", " ")
		x := newTwiML()
		x.say(speaker, line, 400*time.Millisecond)
		x.leaf("Play", "https://r.example.org/"+s)
		x.empty("Gather", "hints", s)
		document := x.bytes()
		d := xml.NewDecoder(strings.NewReader(string(document)))
		var said strings.Builder
		hints, elements := "", 0
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%q is no XML: %v", document, err)
			}
			switch k := token.(type) {
			case xml.StartElement:
				switch k.Name.Local {
				case "Response", "Say", "break", "Pause", "Play", "Gather":
				default:
					t.Fatalf("%q began an element %s", s, k.Name.Local)
				}
				elements++
				if k.Name.Local == "Play" {
					said.Reset()
				}
				if k.Name.Local == "Gather" {
					hints = k.Attr[0].Value
				}
			case xml.CharData:
				said.Write(k)
			}
		}
		if want := clean(s); hints != want {
			t.Fatalf("hints %q came back as %q", want, hints)
		}
		if want := "https://r.example.org/" + clean(s); said.String() != want {
			t.Fatalf("%q came back as %q", want, said.String())
		}
	})
}

// clean is what XML 1.0 can hold of s, by its definition of Char.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r == 0x9 || r == 0xA || r == 0xD || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 {
			return r
		}
		return utf8.RuneError
	}, s)
}

// No line is lost or cut, and none is longer than Say reads.
func TestSayHoldsEveryLine(t *testing.T) {
	for _, s := range awkward {
		x := newTwiML()
		for line := range strings.SplitSeq(s, "\n") {
			x.say(Speakers()["uk"], line, time.Second)
		}
		v, err := twiliotest.ReadTwiML(x.bytes())
		require.NoError(t, err, "%q", s)
		got := strings.Join(strings.Fields(v.Spoken()), " ")
		want := strings.Join(strings.Fields(clean(s)), " ")
		if !strings.Contains(s, "  ") && len(s) != 10000 { // one word of 5,000 letters is divided
			assert.Equal(t, want, got)
		} else {
			assert.Equal(t, strings.ReplaceAll(want, " ", ""), strings.ReplaceAll(got, " ", ""))
		}
	}
}

// No bytes that Twilio's signature covers bring the decoder down, and what it reads
// has an id and a kind.
func FuzzVoiceWebhook(f *testing.F) {
	l := newLine(f, VoiceConfig{Speech: true})
	sid := twiliotest.SID("CA", "1")
	f.Add("", "CallSid="+sid+"&From=%2B380671234567&To=%2B15550100&CallStatus=ringing&Direction=inbound")
	f.Add("a=c&n=2&q=r&t=1&k=1&l=uk", "CallSid="+sid+"&From=%2B380671234567&To=%2B15550100&CallStatus=in-progress&Digits=1&FinishedOnKey=%23")
	f.Add("w=star&t=1", "CallSid="+sid+"&Digits=0")
	f.Add("w=wish&t=1", "CallSid="+sid+"&Digits=1")
	f.Add("w=dialled&d=help&t=9", "CallSid="+sid+"&DialCallStatus=no-answer")
	f.Add("ref=r&mac=x", "CallSid="+sid+"&CallStatus=completed&Direction=outbound-api&Timestamp=Mon%2C+30+Nov+2026+12%3A00%3A00+%2B0000")
	f.Add("t=%zz", "CallSid=%zz")
	f.Fuzz(func(t *testing.T, query, body string) {
		u := publicURL + voicePath + "?" + query
		parsed, err := url.Parse(u)
		if err != nil {
			return
		}
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		r := l.fake.Webhook(parsed.String(), form)
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		events, err := l.voice.Receive(r, sent)
		if err != nil {
			return
		}
		for _, e := range events {
			if e.ID == "" || !strings.HasPrefix(e.ID, "CA") || e.From.Channel != "voice" || (e.Kind == channels.News) != (e.Status != nil) {
				t.Fatalf("%q %q: %v", query, body, e)
			}
		}
	})
}

// BenchmarkVoiceWebhook verifies and decodes an answer, and writes the next question.
func BenchmarkVoiceWebhook(b *testing.B) {
	l := newLine(b, VoiceConfig{})
	m := channels.Message{Ref: "r", Lang: "uk", Text: "Вам потрібна грошова допомога?", Options: options("Так", "Ні", "Не знаю")}
	rendered, err := l.channel.Render(m)
	require.NoError(b, err)
	replies := []channels.Rendered{rendered}
	form := url.Values{
		"CallSid": {twiliotest.SID("CA", "1")}, "AccountSid": {l.fake.AccountSID}, "From": {olena}, "To": {hotline}, "CallStatus": {"in-progress"},
		"Direction": {"inbound"}, "ApiVersion": {"2010-04-01"}, "Digits": {"1"}, "FinishedOnKey": {""}, "msg": {"Gather End"},
		"Caller": {olena}, "Called": {hotline}, "CallerCountry": {"UA"}, "FromCountry": {"UA"}, "ToCountry": {"US"},
	}
	r := l.fake.Webhook(publicURL+voicePath+"?a=c&k=1&l=uk&n=3&p=1&q=r&t=2", form)
	body, err := io.ReadAll(r.Body)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		events, err := l.voice.Receive(r, body)
		if err != nil || len(events) != 1 {
			b.Fatal(events, err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		if err := l.voice.Answer(discard{}, r, replies); err != nil {
			b.Fatal(err)
		}
	}
}
