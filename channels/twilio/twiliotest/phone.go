package twiliotest

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
)

// Phone is a person on a call. It carries out the TwiML that the hub answers with, as
// Twilio does: what is said, which keys end an entry, what follows silence, where the
// next request goes. It is used by one goroutine.
type Phone struct {
	SID string
	// Heard is what was said since the last key or word of the person.
	Heard string
	// Rung is whom a Dial rings now; empty when none does.
	Rung []string
	// Recorded says that the Dial records.
	Recorded bool
	// Over says that the call has ended.
	Over bool
	// Last is the document carried out last.
	Last Verb

	f        *Fake
	hub      http.Handler
	voice    string // URL of the webhook
	from, to string
	outbound bool
	rest     []Verb // of the document, after what is waited for
	wait     *Verb  // the Gather or Dial that waits
}

// longestWalk bounds how many requests one key may lead to.
const longestWalk = 50

// Dial calls our number from a person's, and carries the call out until the hub waits
// for a key. hub serves the webhooks, at publicURL from outside.
func (f *Fake) Dial(hub http.Handler, publicURL, from, to string) (*Phone, error) {
	f.mu.Lock()
	sid := f.newSID("CA")
	f.mu.Unlock()
	p := &Phone{SID: sid, f: f, hub: hub, voice: publicURL + "/webhooks/twilio/voice", from: from, to: to}
	return p, p.request(p.voice, nil)
}

// PickUp answers a call that the fake was asked to make; by is what Twilio's machine
// detection says, "" where it was not asked for.
func (f *Fake) PickUp(hub http.Handler, o Call, by string) (*Phone, error) {
	p := &Phone{SID: o.SID, f: f, hub: hub, from: o.From, to: o.To, outbound: true}
	if o.URL != "" {
		return p, p.request(o.URL, url.Values{"AnsweredBy": {by}})
	}
	document, err := ReadTwiML([]byte(o.TwiML))
	if err != nil {
		return p, err
	}
	p.Last, p.rest = document, document.Verbs
	return p, p.walk(0)
}

// request asks the hub, and carries out what it answers.
func (p *Phone) request(rawURL string, extra url.Values) error { return p.ask(rawURL, extra, 0) }

func (p *Phone) ask(rawURL string, extra url.Values, depth int) error {
	if depth > longestWalk {
		return errors.New("the call goes round in a circle")
	}
	status := "in-progress"
	if p.Last.Name == "" && !p.outbound {
		status = "ringing"
	}
	v := p.f.ring(p.SID, p.from, p.to, status)
	if p.outbound {
		v.Set("Direction", "outbound-api")
	}
	for k, vs := range extra {
		v[k] = vs
	}
	w := httptest.NewRecorder()
	p.hub.ServeHTTP(w, p.f.Webhook(rawURL, v))
	if w.Code != http.StatusOK {
		p.Over = true
		return fmt.Errorf("the hub answers with %d: an application error has occurred", w.Code)
	}
	document, err := ReadTwiML(w.Body.Bytes())
	if err != nil {
		return err
	}
	p.Last, p.rest, p.wait, p.Rung = document, document.Verbs, nil, nil
	return p.walk(depth)
}

// walk carries out verbs until one waits for the person.
func (p *Phone) walk(depth int) error {
	for len(p.rest) > 0 {
		v := p.rest[0]
		p.rest = p.rest[1:]
		switch v.Name {
		case "Gather":
			p.Heard += v.Spoken()
			p.wait = &v
			return nil
		case "Dial":
			p.wait, p.Recorded = &v, v.Attrs["record"] != ""
			for _, n := range v.Verbs {
				p.Rung = append(p.Rung, n.Text)
			}
			return nil
		case "Redirect":
			return p.ask(v.Text, nil, depth+1)
		case "Hangup":
			p.Over, p.wait = true, nil
			return nil
		}
		p.Heard += v.Spoken()
	}
	p.Over, p.wait = true, nil
	return nil
}

// Press keys in, and waits for what follows. Keys after the end of the entry are lost.
func (p *Phone) Press(keys string) error {
	if p.wait == nil || p.wait.Name != "Gather" {
		return errors.New("nothing waits for a key")
	}
	p.Heard = ""
	a := p.wait.Attrs
	finish, set := a["finishOnKey"]
	if !set {
		finish = "#"
	}
	most, _ := strconv.Atoi(a["numDigits"]) // none is 0: no limit
	digits, ended := "", ""
	for i := range len(keys) {
		if finish != "" && keys[i:i+1] == finish {
			ended = finish
			break
		}
		digits += keys[i : i+1]
		if len(digits) == most {
			break
		}
	}
	if digits == "" {
		return p.Wait()
	}
	return p.request(a["action"], url.Values{"Digits": {digits}, "FinishedOnKey": {ended}})
}

// Say speaks, where the hub listens.
func (p *Phone) Say(words string) error {
	if p.wait == nil || !strings.Contains(p.wait.Attrs["input"], "speech") {
		return errors.New("nobody listens")
	}
	p.Heard = ""
	return p.request(p.wait.Attrs["action"], url.Values{"SpeechResult": {words}, "Confidence": {"0.9"}})
}

// Wait stays silent until the hub waits anew.
func (p *Phone) Wait() error {
	if p.wait == nil || p.wait.Name != "Gather" {
		return errors.New("nothing waits")
	}
	p.Heard, p.wait = "", nil
	return p.walk(0)
}

// Desk ends the ringing of people: status is "completed", when they took the call and
// it is over, "no-answer", "busy" or "failed".
func (p *Phone) Desk(status string) error {
	if p.wait == nil || p.wait.Name != "Dial" {
		return errors.New("nobody is rung")
	}
	p.Heard = ""
	return p.request(p.wait.Attrs["action"], url.Values{"DialCallStatus": {status}})
}

// Whisper returns what a rung person hears before the call is theirs, and what Twilio
// carries out after they press a key; empty where nothing is whispered.
func (p *Phone) Whisper() (heard string, after Verb, err error) {
	if p.wait == nil || p.wait.Name != "Dial" || p.wait.Verbs[0].Attrs["url"] == "" {
		return "", Verb{}, nil
	}
	leg := &Phone{SID: SID("CA", "leg of "+p.SID), f: p.f, hub: p.hub, from: p.wait.Attrs["callerId"], to: p.Rung[0], outbound: true}
	if err := leg.request(p.wait.Verbs[0].Attrs["url"], url.Values{"Direction": {"outbound-dial"}, "ParentCallSid": {p.SID}}); err != nil {
		return "", Verb{}, err
	}
	heard = leg.Heard
	if leg.wait == nil {
		return heard, leg.Last, nil
	}
	if err := leg.Press("5"); err != nil {
		return heard, Verb{}, err
	}
	return heard, leg.Last, nil
}
