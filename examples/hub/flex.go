package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
)

// everyAgent is the desk and whoever else takes threads.
type everyAgent []conversation.Agents

// Take tells all of them.
func (a everyAgent) Take(ctx context.Context, t crm.Ticket) error {
	return a.each(func(one conversation.Agents) error { return one.Take(ctx, t) })
}

// Drop tells all of them.
func (a everyAgent) Drop(ctx context.Context, t crm.ThreadID) error {
	return a.each(func(one conversation.Agents) error { return one.Drop(ctx, t) })
}

func (a everyAgent) each(f func(conversation.Agents) error) error {
	var errs []error
	for _, one := range a {
		errs = append(errs, f(one))
	}
	return errors.Join(errs...)
}

// flex opens a Twilio conversation when a thread of WhatsApp or text messages goes to
// people, with what was said before, and writes down what agents say there.
type flex struct {
	store *crm.Store
	talks *twilio.Conversations
	back  func(context.Context, crm.ThreadID) error
	log   *slog.Logger
	work  chan func(context.Context) error // for run: a webhook does not wait for Twilio

	opening atomic.Int32 // conversations that are being opened
}

// run opens and closes conversations until ctx ends, each until it is done. What it did
// not come to is in the store: the hub tells of every open ticket again when it starts.
func (f *flex) run(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	for {
		select {
		case <-ctx.Done():
			return
		case do := <-f.work:
			all.Go(func() {
				wait := time.Second
				for err := do(ctx); err != nil && ctx.Err() == nil; err = do(ctx) {
					f.log.WarnContext(ctx, "flex: not yet", "error", err)
					pause(ctx, wait)
					wait = min(2*wait, time.Minute)
				}
			})
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

func (f *flex) later(do func(context.Context) error) error {
	select {
	case f.work <- do:
		return nil
	default:
		return errors.New("too much to do: agents in Flex are told at the next start")
	}
}

// handed is what is remembered of a conversation, under its id and under the thread's
// address. It names nobody: the ticket does, and is forgotten with the person.
type handed struct{ SID, Programme, Ticket string }

// mine says whether a thread can be in a conversation.
func mine(id crm.ThreadID) bool {
	return id.Address.Channel == "whatsapp" || id.Address.Channel == "sms"
}

// lastWords is how much of what was said agents are shown.
const lastWords = 30

// Take opens the conversation; opening it again changes nothing.
func (f *flex) Take(_ context.Context, t crm.Ticket) error {
	if !mine(t.Thread) || t.Topic == "deferred" {
		return nil
	}
	return f.later(func(ctx context.Context) error { return f.open(ctx, t) })
}

func (f *flex) open(ctx context.Context, t crm.Ticket) error {
	f.opening.Add(1)
	defer f.opening.Add(-1)
	if now, err := f.store.Ticket(ctx, t.Thread.Programme, t.ID); err != nil || !now.Closed.IsZero() {
		if errors.Is(err, crm.ErrNotFound) {
			err = nil // forgotten meanwhile
		}
		return err
	}
	o := twilio.Opening{
		Key: t.ID, Person: t.Thread.Address, Name: "Ticket " + t.ID[:8],
		Attributes: map[string]any{"ticket": t.ID, "queue": t.Queue, "topic": t.Topic, "language": t.Lang},
	}
	for x, err := range f.store.Interactions(ctx, t.Thread, crm.Page{Desc: true, Limit: lastWords}) {
		switch {
		case err != nil:
			return err
		case x.Out != nil:
			o.History = append(o.History, twilio.Line{Text: x.Out.Message.Text, At: x.At})
		case x.In != nil:
			o.Ours = cmp.Or(o.Ours, x.In.To.ID) // the number that they wrote to last
			if x.In.Text != "" {
				o.History = append(o.History, twilio.Line{Person: true, Text: x.In.Text, At: x.At})
			}
		}
	}
	slices.Reverse(o.History)
	opened, err := f.talks.Open(ctx, o)
	if e, ok := errors.AsType[*channels.Error](err); ok && e.Code == "closed" {
		f.log.WarnContext(ctx, "flex: the conversation was closed already; the desk has the ticket", "queue", t.Queue)
		return nil
	}
	if err != nil {
		return err
	}
	a := t.Thread.Address
	b, err := json.Marshal(handed{opened.SID, t.Thread.Programme, t.ID})
	if err != nil {
		return err
	}
	table := f.store.Table("flex")
	return errors.Join(table.Put(ctx, opened.SID, string(b)), table.Put(ctx, a.Channel+" "+a.ID, string(b)))
}

// Drop closes the conversation: the person went back to the bot.
func (f *flex) Drop(_ context.Context, id crm.ThreadID) error {
	if !mine(id) {
		return nil
	}
	return f.later(func(ctx context.Context) error {
		h, err := f.find(ctx, id.Address.Channel+" "+id.Address.ID)
		if err != nil || h.SID == "" {
			return err
		}
		return f.talks.Close(ctx, h.SID)
	})
}

func (f *flex) find(ctx context.Context, key string) (h handed, err error) {
	b, err := f.store.Table("flex").Get(ctx, key)
	if err != nil || b == "" {
		return h, err
	}
	return h, json.Unmarshal([]byte(b), &h)
}

// happened writes down what an agent said, which Twilio has sent already, and gives
// the thread back to the bot when the conversation is closed.
func (f *flex) happened(ctx context.Context, e twilio.ConversationEvent) error {
	h, err := f.find(ctx, e.SID)
	for range 30 { // an agent may be faster than we remember which thread the conversation is
		if err != nil || h.SID != "" || f.opening.Load() == 0 {
			break
		}
		pause(ctx, 100*time.Millisecond)
		h, err = f.find(ctx, e.SID)
	}
	if err != nil || h.SID == "" {
		return err
	}
	closed := e.Kind == twilio.Became && e.State == "closed"
	if e.Kind != twilio.AgentSaid && !closed {
		return nil
	}
	seen := f.store.Table("flex-seen")
	if done, err := seen.Get(ctx, e.ID); err != nil || done != "" {
		return err
	}
	for range 5 {
		if err = f.write(ctx, h, e, closed); errors.Is(err, crm.ErrStale) {
			continue
		}
		break
	}
	if err != nil { // Twilio says it again
		f.log.ErrorContext(ctx, "flex: not written down", "error", err)
		return err
	}
	return seen.Put(ctx, e.ID, time.Now().UTC().Format(time.RFC3339))
}

func (f *flex) write(ctx context.Context, h handed, e twilio.ConversationEvent, closed bool) error {
	k, err := f.store.Ticket(ctx, h.Programme, h.Ticket)
	if errors.Is(err, crm.ErrNotFound) {
		return nil // forgotten
	}
	if err != nil {
		return err
	}
	th, err := f.store.Thread(ctx, k.Thread)
	if err != nil {
		return err
	}
	c := crm.Change{By: crm.Actor{Kind: crm.Agent, ID: e.Agent}, Purpose: "flex", Thread: &th}
	if !closed {
		c.Outbox = []crm.Outgoing{{Message: channels.Message{Text: e.Text, Media: e.Media, Lang: th.Lang}, Pull: true}} // recorded; nothing is to be sent
		_, err = f.store.Commit(ctx, c)
		return err
	}
	c.By = crm.Actor{Kind: crm.Bot}
	if !k.Closed.IsZero() || th.Owner != k.Queue {
		return nil // given back already, or an agent of the desk has it
	}
	k.Closed, th.Owner = time.Now().UTC(), ""
	c.Tickets = []crm.Ticket{k}
	if _, err := f.store.Commit(ctx, c); err != nil {
		return err
	}
	return f.back(ctx, th.ID)
}
