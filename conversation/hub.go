package conversation

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// Agents is the people of a programme, seen from the hub. It names only types
// of lower floors, so that a desk or Twilio Flex satisfies it unseen. Both
// calls come after the change is durable, and may be repeated after a restart.
type Agents interface {
	// Take says that a thread waits for, or belongs to, people.
	Take(ctx context.Context, t crm.Ticket) error
	// Drop says that the person took the thread back.
	Drop(ctx context.Context, t crm.ThreadID) error
}

// Config is what New makes a hub of.
type Config struct {
	Store      *crm.Store          // required
	Channels   []*channels.Channel // at least one
	Programmes []Programme         // at least one
	Agents     Agents              // nil: tickets wait in the store
	// Loops says, by the channel's name, how its messages leave: pace, policy for
	// sends in doubt, and so on. Defaults to delivery.Config{} for each.
	Loops map[string]delivery.Config
	// Page returns the address of a page that opens with Event.Campaign set to what it is
	// given: for one-time links to what a channel cannot take. webchat.Link makes one.
	// Nil: an agent asks instead.
	Page func(campaign string) string
	// Delivery hears delivery news that is not the hub's own, such as a campaign's.
	Delivery []func(context.Context, channels.Event) (mine bool, err error)
	// Burst is how many messages in a row one thread may send; defaults to 60.
	Burst int
	// PerMinute is how many messages a minute one thread may send in the long run; defaults to 60.
	PerMinute int
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
	// Logger receives what an operator must know, never personal data. Defaults to slog.Default().
	Logger *slog.Logger
}

// Hub talks with people: it is the Handler of every channel. Each turn reads
// the thread, decides without I/O, and commits one crm.Change; nothing is said
// that was not recorded first. Safe for concurrent use; several processes may
// share one store.
type Hub struct {
	store      *crm.Store
	channels   map[string]*channels.Channel
	programmes []*programme
	agents     Agents
	page       func(string) string
	delivery   []func(context.Context, channels.Event) (bool, error)
	outbox     delivery.Queue
	loops      map[string]delivery.Config
	burst      int
	perMinute  int
	now        func() time.Time
	log        *slog.Logger

	threads locks
	recent  recent
	tally   tally

	running sync.Map // channel → *delivery.Loop
	ready   atomic.Bool
	publish sync.Mutex // guards what follows
	old     map[[8]byte]*registration.Questionnaire
}

// New checks everything a hub is made of and reports all that is wrong at once.
func New(c Config) (*Hub, error) {
	h := &Hub{
		store: c.Store, channels: map[string]*channels.Channel{}, agents: c.Agents, page: c.Page, delivery: c.Delivery, loops: c.Loops,
		burst: c.Burst, perMinute: c.PerMinute, now: c.Now, log: c.Logger, old: map[[8]byte]*registration.Questionnaire{},
	}
	var errs []error
	if c.Store == nil {
		errs = append(errs, errors.New("conversation: Config.Store is missing: make one with crm.New"))
	}
	if len(c.Channels) == 0 {
		errs = append(errs, errors.New("conversation: Config.Channels is empty: people must reach the hub somehow"))
	}
	if len(c.Programmes) == 0 {
		errs = append(errs, errors.New("conversation: Config.Programmes is empty: give the hub at least one"))
	}
	if c.Burst < 0 || c.PerMinute < 0 {
		errs = append(errs, errors.New("conversation: Config.Burst and PerMinute may not be negative"))
	}
	for _, ch := range c.Channels {
		if h.channels[ch.Name()] != nil {
			errs = append(errs, fmt.Errorf("conversation: two channels are named %q", ch.Name()))
		}
		h.channels[ch.Name()] = ch
	}
	if c.Store != nil {
		h.outbox = c.Store.Outbox()
		for _, name := range slices.Sorted(maps.Keys(c.Loops)) {
			if h.channels[name] == nil {
				errs = append(errs, fmt.Errorf("conversation: Config.Loops speaks of the channel %q, which is not among Channels", name))
			} else if _, err := delivery.New(h.outbox, h.channels[name], c.Loops[name]); err != nil {
				errs = append(errs, fmt.Errorf("conversation: Config.Loops[%q]: %w", name, err))
			}
		}
	}
	anywhere := 0
	for i, p := range c.Programmes {
		if slices.ContainsFunc(c.Programmes[:i], func(q Programme) bool { return q.ID == p.ID }) {
			errs = append(errs, fmt.Errorf("conversation: two programmes are named %q", p.ID))
		}
		if len(p.At) == 0 {
			anywhere++
		}
		q, err := plan(p)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		h.programmes = append(h.programmes, q)
	}
	if anywhere > 1 {
		errs = append(errs, errors.New("conversation: several programmes have no address in At: only one may take what no other does"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if h.burst == 0 {
		h.burst = 60
	}
	if h.perMinute == 0 {
		h.perMinute = 60
	}
	if h.now == nil {
		h.now = time.Now
	}
	if h.log == nil {
		h.log = slog.Default()
	}
	return h, nil
}

// programme chooses whose event it is, by the address it came to.
func (h *Hub) programme(e channels.Event) *programme {
	var rest *programme
	for _, p := range h.programmes {
		if slices.Contains(p.At, e.To) {
			return p
		}
		if len(p.At) == 0 {
			rest = p
		}
	}
	return rest
}

// ErrNobody says that an event came to an address of no programme.
var ErrNobody = errors.New("conversation: no programme has the address this came to: list it in Programme.At")

// attempts bounds how often one turn is decided anew because the thread changed meanwhile.
const attempts = 8

// Handle records an event and answers it. It returns when everything is
// durable; for an event with a Session the replies come back, and a repeated
// event gets the same ones again. An error means that nothing was kept and the
// provider should send the event again.
func (h *Hub) Handle(ctx context.Context, e channels.Event) ([]channels.Message, error) {
	if err := h.prepare(ctx); err != nil {
		return nil, err
	}
	if e.Kind == channels.News {
		return nil, h.learn(ctx, e)
	}
	p := h.programme(e)
	if p == nil {
		return nil, ErrNobody
	}
	id := crm.ThreadID{Programme: p.ID, Address: e.From}
	unlock := h.threads.lock(id)
	defer unlock()
	began := h.now()
	for range attempts {
		t, err := h.turn(ctx, p, id, e)
		if err != nil {
			return nil, err
		}
		res, err := h.store.Commit(ctx, t.change)
		if errors.Is(err, crm.ErrStale) {
			h.recent.drop(id)
			h.tally.stale.Add(1)
			continue
		}
		if err != nil {
			h.tally.failed.Add(1)
			return nil, err
		}
		h.tally.heard(e.From.Channel, res.Duplicate, h.now().Sub(began))
		if !res.Duplicate {
			h.tally.turn(t)
			t.thread.Rev = res.Rev
			h.recent.keep(t.thread)
			h.tell(ctx, t)
		}
		return inline(res, e), nil
	}
	h.tally.failed.Add(1)
	return nil, crm.ErrStale
}

// Return goes on with a thread that people gave back: the person is asked
// again what was open. Who gives it back has set Thread.Owner to "" before.
func (h *Hub) Return(ctx context.Context, id crm.ThreadID) error {
	if err := h.prepare(ctx); err != nil {
		return err
	}
	i := slices.IndexFunc(h.programmes, func(p *programme) bool { return p.ID == id.Programme })
	if i < 0 {
		return ErrNobody
	}
	unlock := h.threads.lock(id)
	defer unlock()
	h.recent.drop(id)
	for range attempts {
		t, err := h.begin(ctx, h.programmes[i], id, channels.Event{From: id.Address})
		if err != nil {
			return err
		}
		if t.thread.Rev == 0 || t.thread.Owner != "" || t.s.stopped {
			return nil // nothing was begun, people hold it again, or the person wants silence
		}
		t.change.Inbound, t.change.By, t.change.Purpose = nil, crm.Actor{Kind: crm.Bot}, "return"
		t.s.ticket = ""
		if err := t.goOn(ctx); err != nil {
			return err
		}
		t.end()
		if _, err = h.store.Commit(ctx, t.change); !errors.Is(err, crm.ErrStale) {
			return err
		}
	}
	return crm.ErrStale
}

// inline lists the replies that leave in the response.
func inline(res crm.Result, e channels.Event) []channels.Message {
	if e.Session == "" {
		return nil
	}
	ms := make([]channels.Message, len(res.Replies))
	for i := range res.Replies {
		ms[i] = res.Replies[i].Message
	}
	return ms
}

// tell tells the agents what the turn means for them.
func (h *Hub) tell(ctx context.Context, t *turn) {
	if h.agents == nil {
		return
	}
	for _, ticket := range t.change.Tickets {
		var err error
		if ticket.Closed.IsZero() {
			err = h.agents.Take(ctx, ticket)
		} else {
			err = h.agents.Drop(ctx, ticket.Thread)
		}
		if err != nil { // the ticket is durable: the desk reads it from the store
			h.log.WarnContext(ctx, "agents were not told", "programme", ticket.Thread.Programme, "queue", ticket.Queue, "error", err)
		}
	}
}

// learn hands delivery news to the outbox and to whoever else sends.
func (h *Hub) learn(ctx context.Context, e channels.Event) error {
	if e.Status == nil {
		return nil
	}
	if e.Status.Cause == channels.OptedOut && e.From.ID != "" {
		stop := channels.Event{ID: "opted-out." + e.ID, Kind: channels.Stopped, From: e.From, To: e.To, At: e.At}
		if _, err := h.Handle(ctx, stop); err != nil {
			return err
		}
	}
	others, err := h.outbox.Learn(ctx, []channels.Status{*e.Status})
	if err != nil || len(others) == 0 {
		return err
	}
	for _, f := range h.delivery {
		if mine, err := f(ctx, e); mine || err != nil {
			return err
		}
	}
	return nil
}

// formsTable keeps the JSON of every questionnaire by its hash.
const formsTable = "forms"

// prepare stores each questionnaire under its hash, once, so that interviews
// begun today can be finished by the programs of tomorrow.
func (h *Hub) prepare(ctx context.Context) error {
	if h.ready.Load() {
		return nil
	}
	h.publish.Lock()
	defer h.publish.Unlock()
	forms := h.store.Table(formsTable)
	for _, p := range h.programmes {
		for hash, q := range p.forms {
			key := hex.EncodeToString(hash[:])
			b, err := q.MarshalJSON()
			if err != nil {
				return err
			}
			if had, err := forms.Get(ctx, key); err != nil || had == string(b) {
				if err != nil {
					return err
				}
				continue
			}
			if err := forms.Put(ctx, key, string(b)); err != nil {
				return err
			}
		}
	}
	h.ready.Store(true)
	return nil
}

// form returns the questionnaire that an interview's state belongs to: today's,
// or an older one from the store.
func (h *Hub) form(ctx context.Context, p *programme, hash [8]byte, like *registration.Questionnaire) (*registration.Questionnaire, error) {
	if q := p.forms[hash]; q != nil {
		return q, nil
	}
	h.publish.Lock()
	defer h.publish.Unlock()
	if q := h.old[hash]; q != nil {
		return q, nil
	}
	b, err := h.store.Table(formsTable).Get(ctx, hex.EncodeToString(hash[:]))
	if err != nil {
		return nil, err
	}
	if b == "" {
		return nil, fmt.Errorf("%w: its questionnaire is not in the store", registration.ErrState)
	}
	q, err := registration.Load([]byte(b), like.Extras())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", registration.ErrState, err)
	}
	h.old[hash] = q
	return q, nil
}
