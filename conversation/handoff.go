package conversation

import (
	"context"
	"errors"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// handOff gives the thread to people. n is the dialog that says so, nil for
// the person's own wish or the hub's.
func (t *turn) handOff(_ context.Context, d HandOff, n *node) error {
	text := ""
	if n != nil && n.text != nil {
		text, _ = n.text.In(t.voice(), nil)
	}
	m := t.handing(text, d.Queue)
	if n != nil && n.up != nil { // after the people, the person is back in the menu
		t.s.at = n.up.path
	} else if n != nil {
		t.s.at = ""
	}
	if !t.thread.Expires.IsZero() { // who asks for a person wants to be read: the text says so
		t.thread.Expires = time.Time{}
		t.change.Consents = append(t.change.Consents, crm.Consent{
			Purpose: "person", Given: true, Notice: m.Text, Lang: t.voice(), Channel: t.e.From.Channel, Message: t.e.ID,
			By: crm.Actor{Kind: crm.Beneficiary}, At: t.now,
		})
	}
	topic := d.Topic
	if topic == "" {
		topic = d.Queue
	}
	ticket := crm.Ticket{ID: crm.NewID(), Queue: d.Queue, Topic: topic, Thread: t.thread.ID, Lang: t.voice(), Opened: t.now}
	t.s.ticket = ticket.ID
	t.thread.Owner = d.Queue
	t.change.Tickets = append(t.change.Tickets, ticket)
	t.say(m)
	return nil
}

// withPeople records what is said to people. MENU, RESTART and BACK take the
// thread back while nobody has taken it.
func (t *turn) withPeople(ctx context.Context, cmd command) error {
	switch cmd {
	case cmdMenu, cmdRestart, cmdBack, cmdStart:
	case cmdHelp:
		t.say(channels.Message{Text: t.word("help")})
		return nil
	case cmdStatus:
		line, err := t.status(ctx)
		if err == nil {
			t.say(channels.Message{Text: line})
		}
		return err
	default:
		return t.callsPeople(ctx)
	}
	k, err := t.h.store.Ticket(ctx, t.p.ID, t.s.ticket)
	switch {
	case errors.Is(err, crm.ErrNotFound):
		return nil // people took the thread by themselves
	case err != nil:
		return err
	case k.Owner != "" || t.thread.Owner != k.Queue:
		return nil // an agent holds it: only they give it back
	}
	k.Closed = t.now
	t.change.Tickets = append(t.change.Tickets, k)
	t.s.ticket, t.thread.Owner = "", ""
	if t.s.link != "" {
		return t.byLink(ctx, t.s.link)
	}
	if len(t.s.talk) > 0 {
		t.lead = append(t.lead, t.word("back"))
	}
	if t.s.at == "" || (cmd != cmdBack && len(t.s.talk) == 0) {
		return t.open(ctx, t.p.start)
	}
	return t.reprompt(ctx, 0)
}
