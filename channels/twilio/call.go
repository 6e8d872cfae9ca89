package twilio

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"github.com/hubkit/hubkit/channels"
)

// Send calls a person and says the message: a notice, a voice broadcast, or a question
// that they answer on the same call. The receipt's id is the call's SID. A call that is
// not answered comes back as News: busy, no answer and an engaged network are
// Unavailable, a number that does not exist is Unreachable.
//
// A call leaves with its document. One that is longer than the 4,000 characters that
// may go along waits in Config.Table, under the message's Ref, until it is answered.
func (v *Voice) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Err: err}
	}
	from := or(r.From, v.cfg.From)
	ring, err := v.mayCall(&r, from)
	if err != nil {
		return channels.Receipt{}, err
	}
	p := &openapi.CreateCallParams{}
	p.SetTo(r.To.ID)
	p.SetFrom(from)
	p.SetTimeout(int(ring.Seconds()))
	p.SetTimeLimit(int(v.cfg.Longest.Seconds()))
	switch v.cfg.Machines {
	case Beep:
		p.SetMachineDetection("DetectMessageEnd")
	case Nobody:
		p.SetMachineDetection("Enable")
	}
	document := v.document(&r, from)
	if len(document) > longestDocument {
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Code: "too-long", Err: errors.New("the call would be longer than a TwiML document may be")}
	}
	news := v.account.callback(voicePath, r.Ref)
	if utf8.RuneCount(document) <= longestInline && v.cfg.Machines != Nobody {
		p.SetTwiml(string(document))
	} else {
		if r.Ref == "" {
			return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Code: "no-ref", Err: errors.New("a long call is kept under its Ref, and has none")}
		}
		if err := v.account.contents.table.Put(ctx, keptKey(r.Ref), string(document)); err != nil {
			return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Err: err} // nothing has left
		}
		at := standing{way: begins}
		p.SetUrl(news + "&" + at.query().Encode())
		p.SetMethod(http.MethodPost)
		news += "&" + isKept + "=1"
	}
	p.SetStatusCallback(news)
	p.SetStatusCallbackMethod(http.MethodPost)
	p.SetStatusCallbackEvent([]string{"initiated", "ringing", "answered", "completed"})
	var made *openapi.ApiV2010Call
	err = v.account.do(ctx, func(h *client.RequestHandler) (err error) {
		made, err = openapi.NewApiService(h).CreateCall(p)
		return err
	})
	if err != nil {
		if p.Url != nil && channels.CauseOf(err).NotSent() {
			_ = v.account.contents.table.Put(context.WithoutCancel(ctx), keptKey(r.Ref), "") // the next attempt keeps it again
		}
		return channels.Receipt{}, err
	}
	if made.Sid == nil || !isSID("CA", *made.Sid) {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unknown, Err: errors.New("twilio: the call was accepted without a SID")}
	}
	return channels.Receipt{ID: *made.Sid}, nil
}

// mayCall checks what no request is needed for, and returns how long the phone rings.
func (v *Voice) mayCall(r *channels.Rendered, from string) (time.Duration, error) {
	ring := v.cfg.Ring
	if !r.NotAfter.IsZero() {
		ring = min(ring, r.NotAfter.Sub(v.account.now()))
	}
	switch {
	case !e164.MatchString(r.To.ID):
		return 0, &channels.Error{Cause: channels.Unreachable, Code: "not-a-number", Err: errors.New("the address is no telephone number")}
	case !e164.MatchString(from):
		return 0, &channels.Error{Cause: channels.Misconfigured, Code: "no-from", Err: errors.New("VoiceConfig.From is needed to call people")}
	case v.account.public.host == "":
		return 0, &channels.Error{Cause: channels.Misconfigured, Code: "no-public-url", Err: errors.New("Config.PublicURL is needed to call people")}
	case !v.audible(r):
		return 0, &channels.Error{Cause: channels.Rejected, Code: "nothing-to-say", Err: errors.New("the message has no text, no recording and no sound")}
	case !v.sayable(r):
		return 0, &channels.Error{Cause: channels.Rejected, Code: "no-voice", Err: errSilent}
	case ring < 5*time.Second:
		return 0, &channels.Error{Cause: channels.Rejected, Code: "too-late", Err: errors.New("NotAfter leaves no time for ringing")}
	}
	return ring, nil
}

// audible reports whether a message holds anything that can be heard: a template or a
// picture alone does not.
func (v *Voice) audible(r *channels.Rendered) bool {
	return r.Recording != "" || strings.TrimSpace(r.Body()) != "" ||
		slices.ContainsFunc(r.Media, func(m channels.Media) bool { return strings.HasPrefix(m.Type, "audio/") && playable(m.URL) })
}

// document returns what a call of ours says: the message after a moment in which
// people say hello, and once more, as often as it fits.
func (v *Voice) document(r *channels.Rendered, from string) []byte {
	limit := longestInline
	for repeats := max(v.cfg.Repeats, 0); ; repeats-- {
		s := &script{v: v, x: newTwiML(), here: standing{turn: 1, lang: r.Lang}, ours: from, record: func() bool { return false }}
		s.x.empty("Pause", "length", "1")
		if r.Queue != "" {
			s.message(r)
			s.people(r.Queue)
			return s.x.bytes()
		}
		s.ask(r, repeats)
		if b := s.x.bytes(); utf8.RuneCount(b) <= limit || repeats == 0 {
			return b
		}
	}
}

// keptKey is under which a document waits for its call to be answered.
func keptKey(ref string) string { return "twilio/call/" + ref }

// isKept says in the URL of a status callback that a document is kept until the end.
const isKept = "kept"

// forget forgets the document of a call that is over.
func (v *Voice) forget(r *http.Request, c *ring) {
	if !c.finished || c.about == "" || !r.URL.Query().Has(isKept) {
		return
	}
	if err := v.account.contents.table.Put(r.Context(), keptKey(c.about), ""); err != nil {
		v.account.log.WarnContext(r.Context(), "twilio: the document of a call that is over is still kept", "ref", c.about, "cause", channels.CauseOf(err).String())
	}
}

// kept returns the document of a call of ours that was answered.
func (v *Voice) kept(r *http.Request, c *ring) []byte {
	x := newTwiML()
	if c.machine && v.cfg.Machines == Nobody || c.about == "" {
		x.empty("Hangup")
		return x.bytes()
	}
	document, err := v.account.contents.table.Get(r.Context(), keptKey(c.about))
	if err != nil || document == "" {
		v.account.log.ErrorContext(r.Context(), "twilio: a call was answered whose document is lost", "ref", c.about, "cause", channels.CauseOf(err).String())
		x.empty("Hangup")
		return x.bytes()
	}
	return []byte(document)
}

// progress returns what a status callback tells of a call of ours.
func (v *Voice) progress(c *ring) *channels.Status {
	st := &channels.Status{Ref: c.about, ID: c.sid, At: c.at()}
	st.Stage, st.Cause, st.Code = v.stage(c.status, c.form.Get("SipResponseCode"), c.machine)
	return st
}

// stage maps the status of a call.
func (v *Voice) stage(status, sipCode string, machine bool) (channels.Stage, channels.Cause, string) {
	switch status {
	case "queued", "initiated":
		return channels.Accepted, channels.None, ""
	case "ringing":
		return channels.Sent, channels.None, ""
	case "in-progress", "answered":
		if v.cfg.Machines != Everybody { // who has answered is not known yet
			return channels.Sent, channels.None, ""
		}
		return channels.Delivered, channels.None, ""
	case "completed":
		if machine && v.cfg.Machines == Nobody {
			return channels.Failed, channels.Unavailable, "machine"
		}
		return channels.Delivered, channels.None, ""
	case "busy", "no-answer", "canceled":
		return channels.Failed, channels.Unavailable, status
	case "failed":
		switch sipCode {
		case "404", "410", "484", "604": // there is no such number
			return channels.Failed, channels.Unreachable, sipCode
		}
		return channels.Failed, channels.Unavailable, or(sipCode, status)
	}
	return 0, channels.None, ""
}
