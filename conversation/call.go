package conversation

import (
	"context"
	"errors"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// A caller cannot be answered in writing. On a call, who is handed over is put through
// to the queue's people at once, by Message.Queue, and who reaches none of them may ask
// to be called back: the ticket then says so by its topic.

// callBackTopic is the topic of a ticket whose person waits for a call.
const callBackTopic = "call-back"

// spoken says whether the thread is a call.
func (t *turn) spoken() bool {
	ch := t.h.channels[t.e.From.Channel]
	return ch != nil && ch.Limits().Spoken
}

// handing returns what is said when people of a queue take over. text is a dialog's
// own; empty: the hub's.
func (t *turn) handing(text, queue string) channels.Message {
	switch {
	case !t.spoken():
		queue = ""
		if text == "" {
			text = t.word("handed")
		}
	case text == "":
		text = t.word("handed_call")
	}
	return channels.Message{Text: text, Queue: queue}
}

// callsPeople hears a caller whose thread people have.
func (t *turn) callsPeople(ctx context.Context) error {
	back := t.e.Option == channels.CallBackID
	if !t.spoken() || !back && t.e.Kind != channels.Started {
		return nil
	}
	k, err := t.h.store.Ticket(ctx, t.p.ID, t.s.ticket)
	if err != nil && !errors.Is(err, crm.ErrNotFound) {
		return err
	}
	if err != nil || !k.Closed.IsZero() { // people took the thread by themselves
		k = crm.Ticket{ID: crm.NewID(), Queue: t.p.Queue, Thread: t.thread.ID, Lang: t.voice(), Opened: t.now}
	}
	if back {
		t.s.ticket = k.ID // the next ring is about the same
	}
	if !back {
		t.say(t.handing("", k.Queue))
		return nil
	}
	k.Topic = callBackTopic
	t.change.Tickets = append(t.change.Tickets, k)
	return nil
}
