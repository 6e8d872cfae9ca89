package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// seat is where an agent sits with a person: a case or a ticket, and the
// thread behind it. Its address is only ever in memory.
type seat struct {
	Programme string
	Kind      string // "r" or "t"
	ID        string
	Path      string
	Reg       *crm.Registration // nil for a ticket without one
	ThreadID  crm.ThreadID
}

// seat resolves the request's path. What is not the agent's to see is not found.
func (v *visit) seat() (s seat, err error) {
	programme, id := v.r.PathValue("programme"), v.r.PathValue("id")
	if _, ok := v.d.programme(v.agent, programme); !ok {
		return s, crm.ErrNotFound
	}
	ctx := v.r.Context()
	if _, rest, _ := cutPath(v.r.URL.Path); rest == "t" {
		k, err := v.d.store.Ticket(ctx, programme, id)
		return seat{Programme: programme, Kind: "t", ID: id, Path: ticketPath(programme, id), ThreadID: k.Thread}, err
	}
	r, err := v.d.store.Registration(ctx, programme, id)
	return seat{Programme: programme, Kind: "r", ID: id, Path: casePath(programme, id), Reg: &r, ThreadID: r.Thread}, err
}

// cutPath returns the programme and the kind of /p/{programme}/{kind}/….
func cutPath(path string) (programme, kind string, ok bool) {
	parts := splitPath(path)
	if len(parts) < 3 {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// hold is who has the thread now, and whether it can be written to.
type hold struct {
	Thread  crm.Thread
	Ticket  *crm.Ticket // the open one; nil without
	State   string      // "bot", "waiting", "mine", "other"
	By      string      // who holds it, for "other"
	Refuses string      // a word's id: why nothing can be sent; "" when it can
	Warns   string      // a word's id: why it may not arrive
	Channel string
	Lang    hubkit.Lang // in which the person is written to
}

// states of a hold.
const (
	withBot   = "bot"
	inWaiting = "waiting"
	mine      = "mine"
	another   = "other"
)

// Mine and the others are for templates.
func (h hold) Mine() bool { return h.State == mine }

// Bot says that the bot speaks.
func (h hold) Bot() bool { return h.State == withBot }

// Stale says that a ticket is open although the bot has the thread again: the
// person took it back.
func (h hold) Stale() bool { return h.State == withBot && h.Ticket != nil }

// TicketID is the open ticket's, or "".
func (h hold) TicketID() string {
	if h.Ticket == nil || h.State == withBot {
		return ""
	}
	return h.Ticket.ID
}

// hold reads who has the thread. talk are its latest interactions, the latest last.
func (v *visit) hold(ctx context.Context, id crm.ThreadID, reg *crm.Registration, talk []crm.Interaction) (h hold, err error) {
	h.State, h.Channel = withBot, id.Address.Channel
	if id == (crm.ThreadID{}) {
		h.Refuses = "no_thread"
		return h, nil
	}
	if h.Thread, err = v.d.store.Thread(ctx, id); err != nil {
		return h, err
	}
	for k, err := range v.d.store.Tickets(ctx, crm.TicketQuery{Programme: id.Programme, Thread: id}) {
		if err != nil {
			return h, err
		}
		h.Ticket = &k // the latest opened
	}
	switch {
	case h.Thread.Owner == "":
	case h.Thread.Owner == v.agent.ID:
		h.State = mine
	case h.Ticket != nil && h.Ticket.Owner != "" && h.Ticket.Owner != v.agent.ID:
		h.State, h.By = another, v.who(crm.Actor{Kind: crm.Agent, ID: h.Ticket.Owner})
	default:
		h.State = inWaiting
	}
	if h.Lang = h.Thread.Lang; h.Lang == "" && reg != nil {
		h.Lang = reg.Lang
	}
	stopped, err := v.stopped(ctx, id, talk)
	if err != nil {
		return h, err
	}
	ch := v.d.channels[id.Address.Channel]
	switch {
	case h.Thread.Rev == 0:
		h.Refuses = "forgotten"
	case stopped:
		h.Refuses = "opted_out"
	case ch == nil:
		h.Refuses = "no_channel"
	case ch.Limits().Spoken:
		h.Refuses = "only_calls"
	case ch.Limits().Window > 0 && v.d.now().Sub(lastWord(talk)) > ch.Limits().Window:
		h.Warns = "window_closed"
	}
	return h, nil
}

// lastWord is when the person last said something.
func lastWord(talk []crm.Interaction) time.Time {
	for _, x := range slices.Backward(talk) {
		if x.In != nil {
			return x.At
		}
	}
	return time.Time{}
}

// stopped says whether the person asked not to be written to: by a word, which
// is a consent taken back, or by their channel's own means.
func (v *visit) stopped(ctx context.Context, id crm.ThreadID, talk []crm.Interaction) (bool, error) {
	var at time.Time
	stopped := false
	for c, err := range v.d.store.ThreadConsents(ctx, id) {
		if err != nil {
			return false, err
		}
		if c.Purpose == "messages" {
			stopped, at = !c.Given, c.At
		}
	}
	for _, x := range slices.Backward(talk) {
		if x.In != nil && x.In.Kind == channels.Stopped {
			return stopped || x.At.After(at), nil
		}
	}
	return stopped, nil
}

// talk reads the latest of a thread, the latest last.
func (v *visit) talk(ctx context.Context, id crm.ThreadID, most int) ([]crm.Interaction, error) {
	if id == (crm.ThreadID{}) {
		return nil, nil
	}
	var all []crm.Interaction
	for x, err := range v.d.store.Interactions(ctx, id, crm.Page{Limit: most, Desc: true}) {
		if err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	slices.Reverse(all)
	return all, nil
}

// mostTalk is how many interactions a page shows.
const mostTalk = 100

// sitting is a seat with what is going on there.
type sitting struct {
	seat
	talk []crm.Interaction
	hold hold
}

func (v *visit) sit() (s sitting, err error) {
	if s.seat, err = v.seat(); err != nil {
		return s, err
	}
	ctx := v.r.Context()
	if s.talk, err = v.talk(ctx, s.ThreadID, mostTalk); err != nil {
		return s, err
	}
	s.hold, err = v.hold(ctx, s.ThreadID, s.Reg, s.talk)
	return s, err
}

// deskQueue is the queue of tickets that agents open themselves.
const deskQueue = "desk"

// holdIt makes the agent the thread's holder within a change.
func (v *visit) holdIt(h *hold, c *crm.Change) {
	k := crm.Ticket{ID: crm.NewID(), Queue: deskQueue, Topic: deskQueue, Thread: h.Thread.ID, Lang: h.Lang, Opened: v.d.now().UTC()}
	if h.Ticket != nil {
		k = *h.Ticket
	}
	k.Owner = v.agent.ID
	h.Thread.Owner = v.agent.ID
	c.Thread = &h.Thread
	c.Tickets = append(c.Tickets, k)
}

// moved is shown when the conversation is not where the agent saw it.
type moved struct {
	Seat  seat
	Hold  hold
	Text  string // the words that were not sent
	Wrote bool
}

func (v *visit) showMoved(s sitting, text string) error {
	return v.show(http.StatusConflict, "moved", v.t("moved"), moved{Seat: s.seat, Hold: s.hold, Text: text, Wrote: text != ""})
}

// handle runs one change of who holds a thread; it is decided anew when the
// person writes meanwhile.
func (v *visit) handle(seen func(h hold) bool, change func(s *sitting, c *crm.Change) error, purpose, then string) error {
	for range 4 {
		s, err := v.sit()
		if err != nil {
			return err
		}
		if s.ThreadID == (crm.ThreadID{}) || s.hold.Thread.Rev == 0 {
			return &refusal{http.StatusConflict, "err_thread"}
		}
		if !seen(s.hold) {
			return v.showMoved(s, "")
		}
		c := crm.Change{By: v.agent.Actor(), Purpose: purpose}
		if err := change(&s, &c); err != nil {
			return err
		}
		_, err = v.d.store.Commit(v.r.Context(), c)
		if errors.Is(err, crm.ErrStale) {
			continue
		}
		if err != nil {
			return err
		}
		v.d.news.ring()
		return v.redirect(s.Path + then)
	}
	return crm.ErrStale
}

// take makes the agent the holder: from the queue, from the bot, or from a
// colleague whom the page named.
func (d *Desk) take(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	return v.handle(
		func(h hold) bool { return h.State == mine || h.State == form.Get("state") },
		func(s *sitting, c *crm.Change) error { v.holdIt(&s.hold, c); return nil },
		"take", "#reply",
	)
}

// release puts the thread back into its queue, for a colleague.
func (d *Desk) release(v *visit) error {
	return v.handle(hold.Mine, func(s *sitting, c *crm.Change) error {
		k := s.hold.Ticket
		if k == nil {
			return &refusal{http.StatusConflict, "err_thread"}
		}
		k.Owner, s.hold.Thread.Owner = "", k.Queue
		c.Thread, c.Tickets = &s.hold.Thread, []crm.Ticket{*k}
		return nil
	}, "release", "")
}

// handBack lets the bot speak again: the hub goes on, or else the person is
// told so.
func (d *Desk) handBack(v *visit) error {
	var back crm.ThreadID
	seen := func(h hold) bool {
		back = crm.ThreadID{} // each attempt decides anew
		return h.State == mine || h.State == inWaiting || h.Stale()
	}
	err := v.handle(seen, func(s *sitting, c *crm.Change) error {
		stale := s.hold.Stale()
		s.hold.Thread.Owner = ""
		c.Thread = &s.hold.Thread
		if k := s.hold.Ticket; k != nil {
			k.Closed = d.now().UTC()
			c.Tickets = []crm.Ticket{*k}
		}
		if !stale {
			back = s.ThreadID
		}
		if d.back == nil && s.hold.Refuses == "" && !stale {
			text, lang := d.drafts[backToBot].In(s.hold.Lang, nil)
			c.Outbox = d.outgoing(s.ThreadID, channels.Message{Text: text, Lang: lang, Class: channels.Reply}, s.talk)
		}
		return nil
	}, "return", "")
	if err == nil && d.back != nil && back != (crm.ThreadID{}) {
		if err := d.back(v.r.Context(), back); err != nil { // given back all the same: the bot answers the next word
			d.log.ErrorContext(v.r.Context(), "the hub did not go on with a thread", "programme", back.Programme, "error", err)
		}
	}
	return err
}

// mostReply is the longest reply, in bytes.
const mostReply = 8 << 10

// reply says something to the person. It takes the thread when the bot has it.
// Words that cannot be sent are given back to the agent.
func (d *Desk) reply(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	text, ref := words(form.Get("text")), form.Get("ref")
	for range 4 {
		s, err := v.sit()
		if err != nil {
			return err
		}
		if text == "" {
			return v.redirect(s.Path + "#reply")
		}
		if ref != "" && slices.ContainsFunc(s.talk, func(x crm.Interaction) bool { return x.Out != nil && x.Out.Ref == ref }) {
			return v.redirect(s.Path + "#reply") // sent already: the button was pressed twice
		}
		sameTicket := s.hold.TicketID() == form.Get("ticket")
		switch {
		case s.hold.Refuses != "", len(text) > mostReply:
			if len(text) > mostReply {
				s.hold.Refuses = "too_long"
			}
			return v.showMoved(s, text)
		case !sameTicket || s.hold.State != form.Get("state") || s.hold.State == another:
			return v.showMoved(s, text)
		}
		c := crm.Change{By: v.agent.Actor(), Purpose: "reply"}
		v.holdIt(&s.hold, &c)
		m := channels.Message{Ref: own1(ref, s.Programme), Text: text, Lang: s.hold.Lang, Class: channels.Reply}
		c.Outbox = d.outgoing(s.ThreadID, m, s.talk)
		_, err = d.store.Commit(v.r.Context(), c)
		if errors.Is(err, crm.ErrStale) {
			continue
		}
		if err != nil {
			return err
		}
		d.news.ring()
		return v.redirect(s.Path + "#reply")
	}
	return crm.ErrStale
}

// own1 is a form's reference if it can be one of the programme's, else a fresh one.
func own1(ref, programme string) string {
	if len(ref) == len(crm.NewRef(programme)) && len(ref) > len(programme) && ref[:len(programme)+1] == programme+"." && url.PathEscape(ref) == ref {
		return ref
	}
	return crm.NewRef(programme)
}

// outgoing shapes a message for the thread's channel: pulled by the person's
// page, or queued in pieces that each leave whole. It goes out from where the
// person last wrote to.
func (d *Desk) outgoing(id crm.ThreadID, m channels.Message, talk []crm.Interaction) []crm.Outgoing {
	m.To = id.Address
	if m.Ref == "" {
		m.Ref = crm.NewRef(id.Programme)
	}
	for _, x := range slices.Backward(talk) {
		if x.In != nil {
			m.From = x.In.To.ID
			break
		}
	}
	ch := d.channels[id.Address.Channel]
	if ch.Limits().Pulled {
		return []crm.Outgoing{{Ref: m.Ref, Message: m, Pull: true}}
	}
	pieces, err := ch.Split(m)
	if err != nil {
		pieces = []channels.Message{m}
	}
	out := make([]crm.Outgoing, len(pieces))
	for i, piece := range pieces {
		out[i] = crm.Outgoing{Ref: piece.Ref, Message: piece, Lane: ch.Name()}
	}
	return out
}
