package conversation_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

var (
	older     = r.YesNo("older", en("Is anybody over 60?"))
	household = r.Repeat("members", en("Person {n}"), r.Photo("face", en("A photo?")), r.YesNo("well", en("Well?"))).Times(size)
	where     = r.Location("where", en("Where are you?"))
	nickname  = r.Words("nickname", en("What do we call you?"))
	photoForm = r.MustNew(r.Spec{
		ID: "photos", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: r.Parts(nickname, size, household, where, older, r.Summary(nil)),
	})
	photoCard = scoring.MustNew(scoring.CardSpec{
		ID: "old", Version: "1", Criteria: scoring.Criteria(scoring.Add(2, "older", older.Yes())),
		Bands: scoring.Bands(scoring.From(0, "all")),
	}, photoForm.Shape())
)

func en(s string) hubkit.Text { return hubkit.Text{"en": s} }

// pulled is a page where photos and locations can be shared.
type pulled struct{ page }

func (pulled) Limits() channels.Limits {
	l := page{}.Limits()
	l.Files, l.Places = true, true
	return l
}

// call is a telephone.
type call struct{ page }

func (call) Name() string            { return "voice" }
func (call) Limits() channels.Limits { return channelstest.Voice() }

// places is a hub with a page, text messages and a telephone.
func places(t *testing.T, page func(string) string, now func() time.Time) (*conversation.Hub, *crm.Store) {
	t.Helper()
	s := open(t, t.TempDir())
	var chs []*channels.Channel
	for _, d := range []channels.Driver{pulled{}, call{}, &sms{more: make(chan struct{}, 100)}} {
		ch, err := channels.New(d, channels.Config{})
		require.NoError(t, err)
		chs = append(chs, ch)
	}
	h, err := conversation.New(conversation.Config{
		Store: s, Channels: chs, Logger: slog.New(slog.DiscardHandler), Page: page, Now: now,
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en"}, Start: conversation.Ask{Form: photoForm, Score: photoCard}}},
	})
	require.NoError(t, err)
	return h, s
}

// texts are what the hub said on a thread, in order.
func texts(t *testing.T, s *crm.Store, a channels.Address) (said []string) {
	t.Helper()
	for x, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: "ua", Address: a}, crm.Page{}) {
		require.NoError(t, err)
		if x.Out != nil {
			said = append(said, x.Out.Message.Text)
		}
	}
	return said
}

// registered is the one registration of an address.
func registered(t *testing.T, s *crm.Store, a channels.Address) crm.Registration {
	t.Helper()
	var mine []crm.Registration
	for _, reg := range registrations(t, s) {
		if reg.Thread.Address == a {
			mine = append(mine, reg)
		}
	}
	require.Len(t, mine, 1)
	return mine[0]
}

var ids int

func hears(t *testing.T, h *conversation.Hub, a channels.Address, e channels.Event) []channels.Message {
	t.Helper()
	ids++
	e.ID, e.From, e.To = fmt.Sprint("e", ids), a, channels.Address{Channel: a.Channel, ID: "us"}
	if a.Channel == "voice" {
		e.Session = "call"
	}
	ms, err := h.Handle(t.Context(), e)
	require.NoError(t, err)
	return ms
}

func pageAt(campaign string) string { return "https://hub.example/chat/#" + campaign }

// Who registers by text message is asked for the photo and the place on a page,
// by a link that works once; the registration says what was deferred.
func TestWhatATextMessageCannotTakeIsAskedOnAPage(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "sms", ID: "+256700000001"}
	for _, x := range []string{"Hello", "Olena", "2", "yes", "no", "yes", "1"} {
		hears(t, h, phone, channels.Event{Text: x})
	}
	said := texts(t, s, phone)
	last := said[len(said)-1]
	_, link, ok := strings.Cut(last, "https://hub.example/chat/#")
	require.True(t, ok, "%q", said)
	reg := registered(t, s, phone)
	require.Equal(t, crm.Submitted, reg.Status)
	require.Equal(t, []string{"face.1", "face.2", "where"}, reg.Deferred)
	require.Equal(t, 2.0, reg.Score.Points)
	require.JSONEq(t, `{"nickname":"Olena","size":2,"members":{"rows":[{"well":true},{"well":false}]},"older":true}`, string(reg.Answers))

	web := channels.Address{Channel: "web", ID: "olena"}
	open := channels.Event{Kind: channels.Started, Campaign: link}
	hears(t, h, web, open)
	require.Equal(t, []string{"A photo?"}, texts(t, s, web), "nothing but what is open is shown")
	hears(t, h, web, open) // the page was loaded again
	photo := channels.Event{Media: []channels.Media{{URL: "media:1", Type: "image/jpeg"}}}
	hears(t, h, web, channels.Event{Text: "back"})
	hears(t, h, web, photo)

	other := channels.Address{Channel: "web", ID: "thief"}
	hears(t, h, other, open)
	require.Contains(t, texts(t, s, other)[0], "This link has been used already")

	hears(t, h, web, photo)
	hears(t, h, web, channels.Event{Location: &channels.Location{Lat: 50.45, Lon: 30.52}})
	reg = registered(t, s, phone)
	require.Empty(t, reg.Deferred)
	require.Equal(t, crm.Submitted, reg.Status)
	require.Equal(t, phone, reg.Thread.Address, "the person is answered where they registered")
	var a r.Answers
	require.NoError(t, a.UnmarshalJSON(reg.Answers))
	place, ok := a.Get("where").Place()
	require.True(t, ok)
	require.Equal(t, 50.45, place.Lat)
	hears(t, h, web, open)
	end := texts(t, s, web)
	require.Contains(t, end[len(end)-1], "We already have your registration")
}

func TestALinkEnds(t *testing.T) {
	now := time.Now()
	h, s := places(t, pageAt, func() time.Time { return now })
	phone := channels.Address{Channel: "sms", ID: "+256700000002"}
	register := func() string {
		for _, x := range []string{"Hello", "Olena", "1", "yes", "yes", "1"} {
			hears(t, h, phone, channels.Event{Text: x})
		}
		said := texts(t, s, phone)
		_, link, ok := strings.Cut(said[len(said)-1], "#")
		require.True(t, ok)
		return link
	}
	link := register()
	now = now.Add(15 * 24 * time.Hour)
	for i, campaign := range []string{link, conversation.Link + "AAAAAAAAAAAAAAAAAAAAAA"} {
		web := channels.Address{Channel: "web", ID: fmt.Sprint("w", i)}
		hears(t, h, web, channels.Event{Kind: channels.Started, Campaign: campaign})
		said := texts(t, s, web)
		require.Contains(t, said[0], "too old")
		require.Contains(t, said[0], "What do we call you?", "the page is good for a registration of one's own")
	}
	require.Equal(t, []string{"face.1", "where"}, registered(t, s, phone).Deferred)
}

// On a call there is no link to tap: an agent asks.
func TestWhatACallCannotTakeIsAskedByAnAgent(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "voice", ID: "+380501234567"}
	ms := hears(t, h, phone, channels.Event{Kind: channels.Started})
	require.Len(t, ms, 1)
	require.Equal(t, "How many people are you?", ms[0].Text, "a name cannot be keyed")
	require.Equal(t, channels.WantDigits, ms[0].Wants)
	hears(t, h, phone, channels.Event{Text: "1"})
	hears(t, h, phone, channels.Event{Kind: channels.Ended})
	ms = hears(t, h, phone, channels.Event{Kind: channels.Started})
	require.Equal(t, "We are back at the questions.\n\nWell?", ms[0].Text, "who calls again goes on where they stopped")
	hears(t, h, phone, channels.Event{Option: "well:yes"})
	hears(t, h, phone, channels.Event{Option: "older:yes"})
	hears(t, h, phone, channels.Event{Text: "1"})
	reg := registered(t, s, phone)
	require.Equal(t, []string{"nickname", "face.1", "where"}, reg.Deferred)
	for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua"}) {
		require.NoError(t, err)
		require.Equal(t, "deferred", k.Topic)
		require.Equal(t, phone, k.Thread.Address)
		return
	}
	t.Fatal("no ticket")
}

// A tap on a button of a message sent long ago is never taken for an answer to the
// same question about somebody else: the provider's id of that message tells.
func TestAnOldButtonIsKnownByTheProvidersID(t *testing.T) {
	s := open(t, t.TempDir())
	d := &sms{more: make(chan struct{}, 100)}
	ch, err := channels.New(d, channels.Config{From: "7474"})
	require.NoError(t, err)
	many := r.Repeat("members", en("Person {n}"), r.YesNo("a", en("A?")), r.YesNo("b", en("B?")), r.YesNo("c", en("C?")), r.YesNo("d", en("D?")), r.YesNo("e", en("E?"))).Times(size)
	h, err := conversation.New(conversation.Config{
		Store: s, Channels: []*channels.Channel{ch}, Logger: slog.New(slog.DiscardHandler),
		Programmes: []conversation.Programme{{ID: "ua", Languages: []hubkit.Lang{"en"}, Start: conversation.Ask{Form: r.MustNew(r.Spec{
			ID: "many", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: r.Parts(size, many),
		})}}},
	})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	phone := channels.Address{Channel: "sms", ID: "+256700000003"}
	turn := func(e channels.Event) channels.Rendered {
		hears(t, h, phone, e)
		return d.last()
	}
	turn(channels.Event{Text: "Hello"})
	first := turn(channels.Event{Text: "3"}) // person 1, A?
	for range 9 {
		turn(channels.Event{Text: "yes"})
	}
	now := turn(channels.Event{Text: "yes"})
	require.Contains(t, now.Body(), "Person 3\nA?")
	stop()
	require.NoError(t, <-ended) // every receipt is recorded
	stale := func(e channels.Event) string {
		hears(t, h, phone, e)
		said := texts(t, s, phone)
		return said[len(said)-1]
	}
	require.Contains(t, stale(channels.Event{Option: "a:no", InReplyTo: "sm-" + first.Ref}), "earlier question")
	require.Equal(t, "B?", stale(channels.Event{Option: "a:no", InReplyTo: "sm-" + now.Ref}))
}

// linkOf registers by text message and returns the link to what is left.
func linkOf(t *testing.T, h *conversation.Hub, s *crm.Store, phone channels.Address) string {
	t.Helper()
	for _, x := range []string{"Hello", "Olena", "1", "yes", "yes", "1"} {
		hears(t, h, phone, channels.Event{Text: x})
	}
	said := texts(t, s, phone)
	_, link, ok := strings.Cut(said[len(said)-1], "#")
	require.True(t, ok)
	return link
}

var (
	ann      = crm.Actor{Kind: crm.Agent, ID: "ann"}
	aPhoto   = channels.Event{Media: []channels.Media{{URL: "media:1", Type: "image/jpeg"}}}
	aPlace   = channels.Event{Location: &channels.Location{Lat: 50.45, Lon: 30.52}}
	aWebPage = channels.Address{Channel: "web", ID: "olena"}
)

func last(said []string) string { return said[len(said)-1] }

// Who answered by a link is registered: there is no second registration on that page,
// STATUS tells how it stands, and RESTART deletes nothing.
func TestWhoCameByALinkIsRegisteredOnce(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "sms", ID: "+256700000010"}
	link := linkOf(t, h, s, phone)
	require.Equal(t, 2.0, registered(t, s, phone).Score.Points)
	hears(t, h, aWebPage, channels.Event{Kind: channels.Started, Campaign: link})
	hears(t, h, aWebPage, channels.Event{Text: "status"})
	require.Contains(t, last(texts(t, s, aWebPage)), "We have received your registration")
	hears(t, h, aWebPage, channels.Event{Text: "restart"})
	require.Equal(t, "A photo?", last(texts(t, s, aWebPage)), "nothing is deleted here")
	hears(t, h, aWebPage, aPhoto)
	hears(t, h, aWebPage, aPlace)
	hears(t, h, aWebPage, channels.Event{Text: "status"})
	require.Contains(t, last(texts(t, s, aWebPage)), "We have received your registration")
	hears(t, h, aWebPage, channels.Event{Text: "menu"})
	require.Contains(t, strings.Join(texts(t, s, aWebPage), "\n"), "We already have your registration")
	require.Len(t, registrations(t, s), 1)
	th, err := s.Thread(t.Context(), crm.ThreadID{Programme: "ua", Address: aWebPage})
	require.NoError(t, err)
	require.True(t, th.Expires.IsZero(), "what was answered here is kept")
}

// Eight who open one link at once: one gets in.
func TestALinkWorksOnceHoweverManyOpenIt(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "sms", ID: "+256700000011"}
	link := linkOf(t, h, s, phone)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for j := range 8 {
		wg.Go(func() {
			<-start
			web := channels.Address{Channel: "web", ID: fmt.Sprint("w", j)}
			_, err := h.Handle(t.Context(), channels.Event{ID: fmt.Sprint("open", j), Kind: channels.Started, Campaign: link, From: web, To: channels.Address{Channel: "web", ID: "us"}})
			assert.NoError(t, err)
		})
	}
	close(start)
	wg.Wait()
	in := 0
	for j := range 8 {
		if texts(t, s, channels.Address{Channel: "web", ID: fmt.Sprint("w", j)})[0] == "A photo?" {
			in++
		}
	}
	require.Equal(t, 1, in)
}

// A link changes nothing that was decided or withdrawn meanwhile.
func TestALinkChangesNothingThatIsDecided(t *testing.T) {
	for _, when := range []string{"before it was opened", "before the last answer"} {
		h, s := places(t, pageAt, nil)
		phone := channels.Address{Channel: "sms", ID: "+256700000012"}
		link := linkOf(t, h, s, phone)
		withdraw := func() {
			reg := registered(t, s, phone)
			require.NoError(t, reg.Move(crm.Withdrawn, ann, "asked to delete the answers", reg.At))
			reg.Answers = []byte("{}")
			_, err := s.Commit(t.Context(), crm.Change{By: ann, Programme: "ua", Registrations: []crm.Registration{reg}})
			require.NoError(t, err)
		}
		if when == "before it was opened" {
			withdraw()
		}
		hears(t, h, aWebPage, channels.Event{Kind: channels.Started, Campaign: link})
		if when == "before it was opened" {
			require.Contains(t, texts(t, s, aWebPage)[0], "too old")
			continue
		}
		hears(t, h, aWebPage, aPhoto)
		withdraw()
		hears(t, h, aWebPage, aPlace)
		require.JSONEq(t, "{}", string(registered(t, s, phone).Answers), when)
		n := 0
		for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua"}) {
			require.NoError(t, err)
			require.Equal(t, "deferred", k.Topic)
			n++
		}
		require.Equal(t, 1, n, "an agent is asked to look")
	}
}

// A link that is opened while people have the thread, or after STOP, is followed when
// the bot speaks again, although the page tells of it only once.
func TestALinkWaitsUntilItCanBeFollowed(t *testing.T) {
	for name, around := range map[string][2]string{"people": {"agent", "menu"}, "stopped": {"stop", "start"}} {
		h, s := places(t, pageAt, nil)
		phone := channels.Address{Channel: "sms", ID: "+256700000013"}
		link := linkOf(t, h, s, phone)
		hears(t, h, aWebPage, channels.Event{Text: "hello"})
		hears(t, h, aWebPage, channels.Event{Text: around[0]})
		hears(t, h, aWebPage, channels.Event{Kind: channels.Started, Campaign: link})
		require.NotEqual(t, "A photo?", last(texts(t, s, aWebPage)), name)
		hears(t, h, aWebPage, channels.Event{Text: around[1]})
		require.Equal(t, "A photo?", last(texts(t, s, aWebPage)), name)
	}
}

// Forgetting a person leaves nothing of them in the table of links, and the link is dead.
func TestAForgottenPersonsLinkNamesNobody(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "sms", ID: "+256700000777"}
	link := linkOf(t, h, s, phone)
	reg := registered(t, s, phone)
	kept, err := s.Table("links").Get(t.Context(), strings.TrimPrefix(link, conversation.Link))
	require.NoError(t, err)
	require.Contains(t, kept, reg.ID)
	require.NotContains(t, kept, "256700000777")
	require.NoError(t, s.ForgetAbout(t.Context(), ann, "request", "ua", reg.ID))
	require.NoError(t, s.ForgetAbout(t.Context(), ann, "request", "ua", reg.Person))
	require.NoError(t, s.Forget(t.Context(), ann, "request", crm.ThreadID{Programme: "ua", Address: phone}))
	hears(t, h, aWebPage, channels.Event{Kind: channels.Started, Campaign: link})
	require.Contains(t, texts(t, s, aWebPage)[0], "too old")
}

// A person who began anew where they wrote has not left the link behind for anybody.
func TestALinkEndsWhenThePersonBeginsAnew(t *testing.T) {
	h, s := places(t, pageAt, nil)
	phone := channels.Address{Channel: "sms", ID: "+256700000014"}
	link := linkOf(t, h, s, phone)
	th, err := s.Thread(t.Context(), crm.ThreadID{Programme: "ua", Address: phone})
	require.NoError(t, err)
	th.State = nil
	_, err = s.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Thread: &th})
	require.NoError(t, err)
	hears(t, h, aWebPage, channels.Event{Kind: channels.Started, Campaign: link})
	require.Contains(t, texts(t, s, aWebPage)[0], "too old")
}

// Who rings again and again and asks each time to be called back has one ticket for it.
func TestCallBackTwiceIsOneTicket(t *testing.T) {
	h, s := places(t, nil, nil)
	phone := channels.Address{Channel: "voice", ID: "+380501234599"}
	hears(t, h, phone, channels.Event{Kind: channels.Started})
	id := crm.ThreadID{Programme: "ua", Address: phone}
	th, err := s.Thread(t.Context(), id)
	require.NoError(t, err)
	th.Owner = "ann"
	_, err = s.Commit(t.Context(), crm.Change{By: ann, Thread: &th, Tickets: []crm.Ticket{{ID: "desk1", Queue: "desk", Thread: id, Owner: "ann"}}})
	require.NoError(t, err)
	for range 3 {
		hears(t, h, phone, channels.Event{Kind: channels.Started})
		hears(t, h, phone, channels.Event{Option: channels.CallBackID, Text: "call me"})
		hears(t, h, phone, channels.Event{Kind: channels.Ended})
	}
	n := 0
	for k, err := range s.Tickets(t.Context(), crm.TicketQuery{Programme: "ua", Thread: id}) {
		require.NoError(t, err)
		if k.Topic == "call-back" {
			n++
		}
	}
	require.Equal(t, 1, n)
}
