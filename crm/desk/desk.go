package desk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Config is what New makes a desk of.
type Config struct {
	Store      *crm.Store  // required
	Programmes []Programme // at least one
	// Channels by which people are answered. A thread of a channel that is not
	// listed can be read and not answered.
	Channels []*channels.Channel
	// Forms say what answers mean; an older version is found in the store, where
	// the hub put it. Without its form, a registration shows the answers' keys.
	Forms []*registration.Questionnaire
	// Cards explain scores. A score of a card that is not listed shows figures
	// without reasons.
	Cards []*scoring.Card
	// Pages are those that rooms above bring.
	Pages []Page
	// Languages that agents may choose. Defaults to English and Ukrainian; for
	// another one give its Words.
	Languages []hubkit.Lang
	// Words replaces the desk's own texts by id, or adds a language to them: see
	// Desk.Texts.
	Words map[string]hubkit.Text
	// Messages are what people are told of a decision, as the agent finds it
	// written before changing it. Defaults to texts in English, Ukrainian and Russian.
	Messages map[crm.Status]hubkit.Text
	// SessionTTL is how long one sign-in lasts. Defaults to 12 hours.
	SessionTTL time.Duration
	// Zone is in which times are shown. Defaults to time.Local.
	Zone *time.Location
	// Back goes on with a thread that an agent gave back, such as
	// conversation.Hub.Return, which asks again what was open. Defaults to telling
	// the person that the bot listens again.
	Back func(context.Context, crm.ThreadID) error
	// Files opens what people sent, such as with crm.Files. Defaults to none: then files
	// are named and cannot be looked at.
	Files func(context.Context, channels.Media) (io.ReadCloser, error)
	// Source names where a request comes from, for slowing down guesses; behind a
	// proxy, give one that reads the proxy's header. Defaults to the host of
	// Request.RemoteAddr.
	Source func(*http.Request) string
	// Now is the clock. Defaults to time.Now.
	Now func() time.Time
	// Logger receives what an operator must know, never personal data. Defaults to slog.Default().
	Logger *slog.Logger
}

// Programme is one service that the desk works for.
type Programme struct {
	ID   string      // as the hub's programme
	Name hubkit.Text // in the desk's languages; the ID where there is none
	// Languages that its people write in, for the queue's filter. May be empty.
	Languages []hubkit.Lang
}

// Desk serves the agents' pages. Safe for concurrent use. Several processes may
// have a Desk each on one store; accounts and sessions are then best changed
// through one of them, since their lists are guarded within a process.
type Desk struct {
	store    *crm.Store
	table    channels.Table
	progs    []Programme
	names    map[string]*hubkit.Compiled // of programmes
	channels map[string]*channels.Channel
	forms    forms
	cards    map[string]*scoring.Card // by hash
	inOrder  []*scoring.Card          // as they were listed
	pages    []page
	langs    []hubkit.Lang
	words    *vocabulary
	drafts   map[crm.Status]*hubkit.Compiled
	back     func(context.Context, crm.ThreadID) error
	files    func(context.Context, channels.Media) (io.ReadCloser, error)
	look     *look
	ttl      time.Duration
	zone     *time.Location
	source   func(*http.Request) string
	now      func() time.Time
	log      *slog.Logger

	accounts sync.Mutex    // one change of users and sessions at a time
	hashing  chan struct{} // bounds how many passwords are hashed at once
	byName   *pace
	bySource *pace
	slowed   *pace // of records that somebody was slowed down
	news     *news
	closed   chan struct{}
	closing  sync.Once
}

// New checks everything a desk is made of and reports all that is wrong at once.
func New(c Config) (*Desk, error) {
	var errs []error
	fail := func(format string, a ...any) { errs = append(errs, fmt.Errorf("desk: "+format, a...)) }
	if c.Store == nil {
		fail("Config.Store is missing: make one with crm.New")
	}
	if len(c.Programmes) == 0 {
		fail("Config.Programmes is empty: list those that people work for")
	}
	if c.SessionTTL < 0 {
		fail("Config.SessionTTL may not be negative")
	}
	if len(c.Languages) == 0 {
		c.Languages = []hubkit.Lang{"en", "uk"}
	}
	d := &Desk{
		inOrder: c.Cards, store: c.Store, progs: slices.Clone(c.Programmes), names: map[string]*hubkit.Compiled{}, channels: map[string]*channels.Channel{},
		cards: map[string]*scoring.Card{}, langs: c.Languages, ttl: c.SessionTTL, zone: c.Zone, source: c.Source, back: c.Back, files: c.Files, now: c.Now, log: c.Logger,
		hashing: make(chan struct{}, 2), news: newNews(), closed: make(chan struct{}),
	}
	for i, p := range c.Programmes {
		if p.ID == "" || slices.ContainsFunc(c.Programmes[:i], func(q Programme) bool { return q.ID == p.ID }) {
			fail("Programmes[%d]: its ID %q is empty or used twice", i, p.ID)
		}
		if len(p.Name) > 0 {
			compiled, err := p.Name.Compile(c.Languages, everyToFirst(c.Languages, p.Name))
			if err != nil {
				fail("Programmes[%d].Name: %w", i, err)
			}
			d.names[p.ID] = compiled
		}
	}
	for _, ch := range c.Channels {
		if d.channels[ch.Name()] != nil {
			fail("two channels are named %q", ch.Name())
		}
		d.channels[ch.Name()] = ch
	}
	for _, card := range c.Cards {
		d.cards[card.HashString()] = card
	}
	d.forms = newForms(c.Store, c.Forms)
	var err error
	if d.words, err = newVocabulary(c.Languages, c.Words); err != nil {
		errs = append(errs, err)
	}
	if d.drafts, err = newDrafts(c.Messages); err != nil {
		errs = append(errs, err)
	}
	if d.pages, err = newPages(c.Pages, c.Languages); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if d.ttl == 0 {
		d.ttl = 12 * time.Hour
	}
	if d.zone == nil {
		d.zone = time.Local
	}
	if d.source == nil {
		d.source = remote
	}
	if d.now == nil {
		d.now = time.Now
	}
	if d.log == nil {
		d.log = slog.Default()
	}
	d.table = c.Store.Table("desk")
	d.byName = newPace(5, time.Minute, d.now)
	d.bySource = newPace(30, 10*time.Second, d.now)
	d.slowed = newPace(1, time.Minute, d.now)
	if d.look, err = newLook(d); err != nil {
		return nil, err
	}
	return d, nil
}

// everyToFirst lets a text that lacks a language of the desk be shown in one it
// has: names of programmes and pages matter less than that the desk opens.
func everyToFirst(need []hubkit.Lang, t hubkit.Text) hubkit.Fallback {
	have := make([]hubkit.Lang, 0, len(t))
	for _, l := range append(slices.Clone(need), "en") {
		if t[l] != "" && !slices.Contains(have, l) {
			have = append(have, l)
		}
	}
	fb := hubkit.Fallback{}
	for _, l := range need {
		if t[l] == "" {
			fb[l] = have
		}
	}
	return fb
}

// remote is the host that a request comes from.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// Texts yields every text of the desk: its own words, and what people are told.
func (d *Desk) Texts() iter.Seq[hubkit.Entry] { return d.words.texts }

// Take implements the hub's Agents: a thread waits for people. The ticket is
// in the store already; whoever looks at the list is told that it grew.
func (d *Desk) Take(context.Context, crm.Ticket) error {
	d.news.ring()
	return nil
}

// Drop implements the hub's Agents: the person took the thread back.
func (d *Desk) Drop(context.Context, crm.ThreadID) error {
	d.news.ring()
	return nil
}

// Close ends the live streams, so that http.Server.Shutdown need not wait for
// them: server.RegisterOnShutdown(d.Close).
func (d *Desk) Close() { d.closing.Do(func() { close(d.closed) }) }

// programme returns a programme that the agent may see.
func (d *Desk) programme(a Agent, id string) (Programme, bool) {
	for _, p := range d.progs {
		if p.ID == id && a.sees(id) {
			return p, true
		}
	}
	return Programme{}, false
}

// visible lists the programmes that the agent may see.
func (d *Desk) visible(a Agent) []Programme {
	var ps []Programme
	for _, p := range d.progs {
		if a.sees(p.ID) {
			ps = append(ps, p)
		}
	}
	return ps
}

func (d *Desk) nameOf(programme string, l hubkit.Lang) string {
	if s, _ := d.names[programme].In(l, nil); s != "" {
		return s
	}
	return programme
}
