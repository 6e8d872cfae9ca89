package conversation

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// What a channel cannot take, such as a photo on a call, is passed over, written
// into the registration as deferred, and asked on a page that a one-time link
// opens; without a page, or on a call, a ticket asks an agent to help.

// Takes says whether people can give what a question needs on a channel with
// these limits. On a call they can write only where speech is understood.
func Takes(l channels.Limits, a registration.Ability) bool {
	switch a {
	case registration.NeedsLetters:
		return !l.Spoken || l.Speech
	case registration.NeedsPlace:
		return l.Places
	case registration.NeedsFile:
		return l.Files
	default:
		return true
	}
}

// deferring has the interview pass over what this channel cannot take.
func (t *turn) deferring(iv *registration.Interview) {
	if ch := t.h.channels[t.e.From.Channel]; ch != nil {
		if l := ch.Limits(); !Takes(l, registration.NeedsLetters) || !l.Places || !l.Files {
			iv.Defer(func(a registration.Ability) bool { return !Takes(l, a) })
		}
	}
}

// later is what a thread keeps of a registration that waits for more.
type later struct {
	asking, reg string
	talk        []byte
}

// Link is how a page hands a one-time link to the hub: as the Campaign of an event,
// begun with this.
const Link = "go-"

// links is the table of one-time links.
const links = "links"

// linkFor is how long a link is good for.
const linkFor = 14 * 24 * time.Hour

// link is a one-time link as it is kept, sealed, under its token. It names nobody: who
// may use it, and whether it was used, is in the registration.
type link struct {
	Programme, Reg string
	Until          time.Time
}

// waiting lists what a registration leaves open: "photo", and in a roster "photo.2".
func waiting(iv *registration.Interview) []string {
	var keys []string
	for _, s := range iv.Deferred() {
		key := s.Key
		if s.Row >= 0 {
			key += "." + strconv.Itoa(s.Row+1)
		}
		keys = append(keys, key)
	}
	return keys
}

// putOff says how the person gives what was passed over.
func (t *turn) putOff(ctx context.Context, n *node, iv *registration.Interview) error {
	if len(waiting(iv)) == 0 {
		return nil
	}
	t.s.later = later{n.path, t.s.reg, iv.AppendState(nil)}
	if t.h.page == nil || t.spoken() {
		t.change.Tickets = append(t.change.Tickets, crm.Ticket{
			ID: crm.NewID(), Queue: t.p.Queue, Topic: "deferred", Thread: t.thread.ID, Lang: t.voice(), Opened: t.now,
		})
		t.say(channels.Message{Text: t.word("later_person")})
		return nil
	}
	token := make([]byte, 16)
	rand.Read(token)
	key := base64.RawURLEncoding.EncodeToString(token)
	b, err := json.Marshal(link{Programme: t.p.ID, Reg: t.s.reg, Until: t.now.Add(linkFor)})
	if err != nil {
		return err
	}
	if err := t.h.store.Table(links).Put(ctx, key, string(b)); err != nil {
		return err
	}
	t.say(channels.Message{Text: t.p.say("later_link", t.voice(), hubkit.Args{"link": t.h.page(Link + key)})})
	return nil
}

// byLink goes on with the registration that a link stands for. Whose address commits
// this first has the link: the registration says so, and is guarded.
func (t *turn) byLink(ctx context.Context, token string) error {
	t.s.link = ""
	b, err := t.h.store.Table(links).Get(ctx, token)
	var l link
	if err != nil {
		return err
	}
	if b == "" || json.Unmarshal([]byte(b), &l) != nil || l.Programme != t.p.ID || t.now.After(l.Until) {
		return t.gone(ctx)
	}
	reg, err := t.h.store.Registration(ctx, t.p.ID, l.Reg)
	switch {
	case errors.Is(err, crm.ErrNotFound):
		return t.gone(ctx)
	case err != nil:
		return err
	case reg.Continued != (crm.ThreadID{}) && reg.Continued != t.thread.ID:
		return t.gone(ctx) // somebody else has it
	case len(reg.Deferred) == 0:
		t.lead = append(t.lead, t.word("received"))
		return t.goOn(ctx)
	case !takesMore(reg.Status):
		return t.gone(ctx)
	case t.s.reg == reg.ID && t.s.asking != "": // opened again
		return t.reprompt(ctx, 0)
	}
	from, err := t.h.store.Thread(ctx, reg.Thread)
	if err != nil {
		return err
	}
	was, err := readSession(from.State)
	if err != nil || was.later.reg != reg.ID { // the person began anew
		return t.gone(ctx)
	}
	n := t.p.nodes[was.later.asking]
	if n == nil {
		return t.gone(ctx)
	}
	d, ok := n.dialog.(Ask)
	if !ok {
		return t.gone(ctx)
	}
	t.s.park()
	t.s.asking, t.s.reg, t.s.kept, t.s.talk = n.path, reg.ID, true, was.later.talk
	iv, err := t.resume(ctx, d)
	if err != nil {
		return err
	}
	if iv == nil || !iv.Reopen() {
		t.s.asking, t.s.reg, t.s.kept, t.s.talk = "", "", false, nil
		return t.gone(ctx)
	}
	if t.lang == "" && slices.Contains(t.p.Languages, from.Lang) {
		t.lang = from.Lang
		iv.SetLang(t.lang)
	}
	t.deferring(iv)
	t.s.phase, t.s.at = inDialog, n.path
	t.thread.Expires, t.thread.About = time.Time{}, from.About
	reg.Continued = t.thread.ID
	t.change.Registrations = append(t.change.Registrations, reg)
	if iv.Outcome() != "" { // nor can this channel take it
		return t.finish(ctx, n, d, iv, iv.Outcome())
	}
	t.promptFrom(iv, 0)
	return nil
}

// takesMore says whether a registration may still be added to by the person alone.
func takesMore(s crm.Status) bool {
	return s == crm.Submitted || s == crm.InReview || s == crm.MoreInfo
}

// gone says that a link leads nowhere, and goes on as usual.
func (t *turn) gone(ctx context.Context) error {
	t.lead = append(t.lead, t.word("later_gone"))
	return t.goOn(ctx)
}

// completed keeps what was answered on the page; agents see it in the registration.
// What was decided meanwhile is not changed: then a ticket asks an agent to look.
func (t *turn) completed(ctx context.Context, d Ask, iv *registration.Interview) error {
	var r crm.Registration
	if len(t.change.Registrations) > 0 { // opened in this very turn
		r = t.change.Registrations[0]
		t.change.Registrations = nil
	} else {
		var err error
		if r, err = t.h.store.Registration(ctx, t.p.ID, t.s.reg); err != nil {
			return err
		}
	}
	if !takesMore(r.Status) {
		t.change.Tickets = append(t.change.Tickets, crm.Ticket{
			ID: crm.NewID(), Queue: t.p.Queue, Topic: "deferred", Thread: t.thread.ID, Lang: t.voice(), Opened: t.now,
		})
		return nil
	}
	fresh := t.registration(d, iv, r.Person)
	r.Answers, r.Deferred = fresh.Answers, waiting(iv)
	t.score(ctx, d, iv, &r)
	t.change.Registrations = append(t.change.Registrations, r)
	return nil
}

// addsTo says whether the interview under way adds to a registration by a link.
func (t *turn) addsTo() bool {
	n := t.p.nodes[t.s.at]
	if n == nil || t.s.asking != n.path || len(t.s.talk) == 0 {
		return false
	}
	d, ok := n.dialog.(Ask)
	if !ok {
		return false
	}
	iv, err := d.Form.Resume(t.s.talk)
	return err == nil && iv.Reopened()
}

// asked returns what the message that was tapped or replied to had asked. A tap on
// one of ours that asked longer ago than is remembered names a question that nobody is
// asked now; words that quote such a message are words.
func (t *turn) asked(ctx context.Context) (registration.Spot, error) {
	if t.e.InReplyTo == "" {
		return registration.Spot{}, nil
	}
	if s, ok := t.s.spot(t.e.InReplyTo); ok {
		return s, nil
	}
	o, ok, err := t.h.store.Asked(ctx, t.thread.ID, t.e.InReplyTo)
	if err != nil || !ok {
		return registration.Spot{}, err
	}
	if s, ok := t.s.spot(o.Ref); ok || t.e.Option == "" {
		return s, nil
	}
	return registration.Spot{Key: longAgo, Row: -1}, nil
}

// longAgo stands for a question that was asked longer ago than a session remembers.
const longAgo = "_"

// linkIn returns the token of a link that brought the person here.
func linkIn(e channels.Event) (token string, ok bool) {
	if e.Kind != channels.Started && e.Kind != channels.Said {
		return "", false
	}
	return strings.CutPrefix(e.Campaign, Link)
}
