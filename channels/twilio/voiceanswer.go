package twilio

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// Answer writes what the call does next, as TwiML.
func (v *Voice) Answer(w http.ResponseWriter, r *http.Request, replies []channels.Rendered) error {
	body, err := bodyOf(r)
	if err != nil {
		return err
	}
	c, err := ringOf(v.account, r, body)
	if err != nil {
		return err
	}
	if c.news || c.finished && c.way != dialled {
		v.forget(r, c)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	s := v.script(c)
	if c.way == begins {
		return s.write(w, v.kept(r, c))
	}
	s.record = func() bool { return v.cfg.MayRecord != nil && v.cfg.MayRecord(r.Context(), c.person) }
	s.reply(c, replies)
	if len(s.x.bytes()) > longestDocument {
		// Cut it would be another message: a person says it.
		v.account.log.ErrorContext(r.Context(), "twilio: a call's replies are longer than TwiML may be", "bytes", len(s.x.b), "limit", longestDocument)
		s = v.script(c)
		s.here.lang = replies[len(replies)-1].Lang
		s.cannot()
	}
	return s.write(w, s.x.bytes())
}

// write sends a document.
func (s *script) write(w http.ResponseWriter, document []byte) error {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err := w.Write(document)
	return err
}

// script writes the document for one request.
type script struct {
	v      *Voice
	x      *twiml
	here   standing // where the call stands after this document
	ours   string
	hidden bool // the caller hides their number: they are not known when they call again
	record func() bool
}

// script begins a document. The next event has the next number, unless this request
// was none.
func (v *Voice) script(c *ring) *script {
	s := &script{v: v, x: newTwiML(), here: standing{turn: c.turn, lang: c.lang, told: c.told, queue: c.queue}, ours: c.ours.ID, hidden: c.person.ID == c.sid}
	s.here.asked = c.asked
	if c.way == turnPage {
		s.here.idle = c.idle
	}
	if _, ok := v.event(c); ok {
		s.here.turn++
	}
	return s
}

// errSilent is why a message cannot be said on a call.
var errSilent = errors.New("twilio: the message's language has no voice, and the message no recording")

// reply writes the document for a request.
func (s *script) reply(c *ring, replies []channels.Rendered) {
	switch h, _ := c.says(); {
	case c.way == whispers:
		s.whisper(c.queue)
	case c.way == accepts:
	case c.way == dialled:
		if bridged(c.form) {
			s.x.empty("Hangup")
			return
		}
		s.closed()
	case c.way == wishes:
		if c.keys == "1" {
			s.word(s.v.words.Promised, s.v.cfg.Recordings.Promised)
		} else {
			s.goodbye()
		}
		s.x.empty("Hangup")
	case h.star:
		s.ways()
	case len(replies) == 0: // the hub is silent: people have the thread
		s.people("")
	default:
		s.say(replies, c.way == toPerson)
	}
}

// bridged reports whether a desk took the call.
func bridged(form url.Values) bool {
	status := form.Get("DialCallStatus")
	return (status == "completed" || status == "answered") && form.Get("DialBridged") != "false"
}

// say reads the replies and waits for an answer to the last of them.
func (s *script) say(replies []channels.Rendered, again bool) {
	last := &replies[len(replies)-1]
	for i := range replies {
		s.here.lang = replies[i].Lang
		if s.v.sayable(&replies[i]) {
			continue
		}
		switch {
		case last.Queue != "":
			s.people(last.Queue)
		case again: // the hub has no people to give the call to: the desk has
			s.people("")
		default:
			s.cannot()
		}
		return
	}
	for i := range replies[:len(replies)-1] {
		s.message(&replies[i])
	}
	if last.Queue != "" {
		s.message(last)
		s.people(last.Queue)
		return
	}
	s.ask(last, s.v.cfg.Repeats)
}

// sayable reports whether a message can be heard.
func (v *Voice) sayable(r *channels.Rendered) bool {
	if r.Recording != "" {
		return playable(r.Recording)
	}
	if len(r.Parts) == 0 { // the channel has no words for its choices
		return false
	}
	if len(r.Tongues) == 0 {
		return v.speaks(r.Lang)
	}
	for _, l := range r.Tongues {
		if !v.speaks(l) {
			return false
		}
	}
	return true
}

// playable reports whether s is an address that Play can fetch.
func playable(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// message reads one message, or plays its recording, and then the sounds that go with
// it. A call has no place for pictures.
func (s *script) message(r *channels.Rendered) {
	defer func() {
		for _, m := range r.Media {
			if strings.HasPrefix(m.Type, "audio/") && playable(m.URL) {
				s.x.leaf("Play", m.URL)
			}
		}
	}()
	if r.Recording != "" {
		s.x.leaf("Play", r.Recording)
		return
	}
	if r.Body() == "" {
		return
	}
	i := 0
	for line := range strings.SplitSeq(r.Body(), "\n") {
		l := r.Lang
		if i < len(r.Tongues) {
			l = r.Tongues[i]
		}
		s.line(l, line)
		i++
	}
}

func (s *script) line(l hubkit.Lang, line string) {
	speaker, _ := s.v.speaker(l)
	s.x.say(speaker, line, s.v.cfg.Rest)
}

// word says one of the call's own texts: a recording before a voice, the caller's
// language before the fallback.
func (s *script) word(text, recording hubkit.Text) {
	for _, l := range [...]hubkit.Lang{s.here.lang, s.v.cfg.Fallback} {
		if u, ok := in(recording, l); ok {
			s.x.leaf("Play", u)
			return
		}
		if t, ok := in(text, l); ok && s.v.speaks(l) {
			s.line(l, t)
			return
		}
	}
}

// ask reads a question and waits for its answer, several times if there is silence.
func (s *script) ask(r *channels.Rendered, repeats int) {
	s.here.asked = askedBy(r)
	s.here.way = ""
	question := r.Form == channels.Keys || r.Message.Open || r.Wants != channels.WantText || s.v.listens(r.Lang)
	if !question {
		repeats = 0 // nothing was asked: who stays on the line may still press a key
	}
	paged := s.here.next > 0 && !s.here.one()
	if paged {
		repeats = 0
	}
	tell := !s.here.told && question && r.Tongues == nil
	for range repeats + 1 {
		attrs := s.gather(r)
		if tell {
			// In the URL of the first asking already: whoever answers has been told.
			s.here.told = true
		}
		s.x.begin("Gather", append(attrs, "action", s.url(s.here))...)
		if tell {
			s.word(s.v.words.Keys, s.v.cfg.Recordings.Keys)
			tell = false
		}
		s.message(r)
		s.hint(r)
		s.x.end()
	}
	if paged {
		// No key, or # alone: the list goes on. Twilio asks nothing after # alone.
		s.here.idle++
		pages := (s.here.count + s.v.cfg.Options - 1) / s.v.cfg.Options
		if s.here.idle <= pages*(s.v.cfg.Repeats+1) {
			s.here.way = turnPage
			s.x.leaf("Redirect", s.url(s.here), "method", "POST")
			return
		}
	}
	s.goodbye()
	s.x.empty("Hangup")
}

// goodbye ends a call on which nothing is heard any more, and promises to go on from
// there only to who will be known again.
func (s *script) goodbye() {
	w, p := &s.v.words, &s.v.cfg.Recordings
	if s.hidden {
		s.word(w.Farewell, p.Farewell)
		return
	}
	s.word(w.Goodbye, p.Goodbye)
}

// hint says how keys are entered, where the question's own words do not.
func (s *script) hint(r *channels.Rendered) {
	w, p := &s.v.words, &s.v.cfg.Recordings
	switch {
	case r.Recording != "" && r.Form == channels.Keys: // it holds its choices
	case s.here.kind == several && s.here.count >= manyOptions:
		s.word(w.Between, p.Between)
	case s.here.kind == typed && (r.Message.Open || r.Wants == channels.WantDigits || r.Wants == channels.WantPhone):
		s.word(w.Enter, p.Enter)
	}
}

// gather returns how keys are collected.
func (s *script) gather(r *channels.Rendered) []string {
	wait, input := s.v.cfg.Wait, "dtmf"
	attrs := make([]string, 0, 20)
	switch {
	case s.here.one():
		attrs = append(attrs, "numDigits", "1", "finishOnKey", "")
	case s.here.kind == choice:
		attrs = append(attrs, "numDigits", strconv.Itoa(len(strconv.Itoa(s.here.count))), "finishOnKey", "#")
		wait = min(wait, 4*time.Second)
	default:
		attrs = append(attrs, "finishOnKey", "#")
	}
	if s.v.listens(r.Lang) {
		speaker, _ := s.v.speaker(r.Lang)
		input = "dtmf speech"
		attrs = append(attrs, "language", speaker.Listen, "speechTimeout", "auto")
		if h := hints(r); h != "" {
			attrs = append(attrs, "hints", h)
		}
	}
	return append(attrs, "input", input, "timeout", seconds(wait), "method", "POST")
}

// listens reports whether speech is understood in a language.
func (v *Voice) listens(l hubkit.Lang) bool {
	speaker, _ := v.speaker(l)
	return v.cfg.Speech && speaker.Listen != ""
}

// hints returns the labels that may be spoken, as Gather takes them.
func hints(r *channels.Rendered) string {
	var b strings.Builder
	for i := range r.Shown {
		if _, more := channels.ParseMore(r.Shown[i].ID); more {
			continue
		}
		label := strings.Join(strings.Fields(strings.ReplaceAll(r.Shown[i].Label, ",", " ")), " ")
		if label == "" || len([]rune(label)) > longestHint {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(label)
	}
	return b.String()
}

// longestHint is how many characters Gather takes of one hint.
const longestHint = 100

// ways reads out the keys that work everywhere, and waits for one.
func (s *script) ways() {
	at := s.here
	at.way = afterStar
	s.x.begin("Gather", "numDigits", "1", "finishOnKey", "", "input", "dtmf", "timeout", seconds(s.v.cfg.Wait), "method", "POST", "action", s.url(at))
	s.word(s.v.words.Ways, s.v.cfg.Recordings.Ways)
	s.x.end()
	at.way = askAgain
	s.x.leaf("Redirect", s.url(at), "method", "POST")
}

// cannot goes on with a person, because what comes next cannot be said.
func (s *script) cannot() {
	s.word(s.v.words.Unspoken, s.v.cfg.Recordings.Unspoken)
	at := s.here
	at.way, at.asked = toPerson, asked{}
	s.x.leaf("Redirect", s.url(at), "method", "POST")
}

// people puts the call through to a queue's desk, if there is one and it is open.
func (s *script) people(queue string) {
	desk, ok := s.v.cfg.Desks[queue]
	if !ok {
		desk, ok = s.v.cfg.Desks[""]
		queue = ""
	}
	if !ok || !desk.Hours.Open(s.v.account.now()) {
		s.closed()
		return
	}
	s.word(s.v.words.Connecting, s.v.cfg.Recordings.Connecting)
	at := standing{turn: s.here.turn, lang: s.here.lang, told: s.here.told, queue: queue, way: dialled}
	attrs := []string{
		"action", s.url(at), "method", "POST", "timeout", seconds(or(desk.Ring, 25*time.Second)), "callerId", or(desk.CallerID, s.ours),
	}
	if s.record() {
		attrs = append(attrs, "record", "record-from-answer-dual")
	}
	s.x.begin("Dial", attrs...)
	var leg []string
	if desk.Whisper != "" {
		leg = []string{"url", s.url(standing{way: whispers, queue: queue, lang: desk.Lang}), "method", "POST"}
	}
	for _, n := range desk.Numbers {
		if strings.HasPrefix(n, "sip") {
			s.x.leaf("Sip", n, leg...)
		} else {
			s.x.leaf("Number", n, leg...)
		}
	}
	s.x.end()
}

// closed offers to call back, if there is a number to call.
func (s *script) closed() {
	s.word(s.v.words.Closed, s.v.cfg.Recordings.Closed)
	if s.hidden {
		s.x.empty("Hangup")
		return
	}
	at := standing{turn: s.here.turn, lang: s.here.lang, told: s.here.told, queue: s.here.queue, way: wishes}
	for range max(s.v.cfg.Repeats, 1) {
		s.x.begin("Gather", "numDigits", "1", "finishOnKey", "", "input", "dtmf", "timeout", seconds(s.v.cfg.Wait), "method", "POST", "action", s.url(at))
		s.word(s.v.words.CallBack, s.v.cfg.Recordings.CallBack)
		s.x.end()
	}
	s.x.empty("Hangup")
}

// whisper tells a person of a desk what comes, and waits for the key that takes it.
func (s *script) whisper(queue string) {
	desk := s.v.cfg.Desks[queue]
	if desk.Whisper == "" {
		return // taken out since the desk was rung: the call is theirs
	}
	s.x.begin("Gather", "numDigits", "1", "finishOnKey", "", "input", "dtmf", "timeout", seconds(s.v.cfg.Wait), "method", "POST",
		"action", s.url(standing{way: accepts}))
	for line := range strings.SplitSeq(desk.Whisper, "\n") {
		s.line(desk.Lang, line)
	}
	s.x.end()
	s.x.empty("Hangup")
}

// url returns the address at which a call goes on.
func (s *script) url(at standing) string {
	return s.v.account.public.url(voicePath) + "?" + at.query().Encode()
}

// seconds writes a span as TwiML takes it.
func seconds(d time.Duration) string {
	return strconv.Itoa(int((d + time.Second - 1) / time.Second))
}
