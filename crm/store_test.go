package crm_test

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

// clock is a time that a test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type fixture struct {
	*crm.Store
	backend *crmtest.Memory
	clock   *clock
	key     *crm.KeyFile
}

func newFixture(t testing.TB) fixture {
	t.Helper()
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	f := fixture{backend: crmtest.NewMemory(), clock: &clock{now: noon}, key: key}
	f.Store = f.again(t)
	return f
}

// again opens another store on the same data, as another process would.
func (f fixture) again(t testing.TB) *crm.Store {
	t.Helper()
	s, err := crm.New(context.Background(), crm.Config{Backend: f.backend, Sealer: f.key, Now: f.clock.Now})
	require.NoError(t, err)
	return s
}

var olena = crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "whatsapp", ID: "+380671234567"}}

func heard(id, text string) *channels.Event {
	return &channels.Event{ID: id, From: olena.Address, At: noon, Text: text}
}

// thread reads olena's thread.
func (f fixture) thread(t testing.TB) *crm.Thread {
	t.Helper()
	th, err := f.Thread(t.Context(), olena)
	require.NoError(t, err)
	return &th
}

func (f fixture) commit(t testing.TB, c crm.Change) crm.Result {
	t.Helper()
	if c.By == (crm.Actor{}) {
		c.By = bot
	}
	r, err := f.Commit(t.Context(), c)
	require.NoError(t, err)
	return r
}

func collect[T any](t testing.TB, seq func(func(T, error) bool)) (vs []T) {
	t.Helper()
	for v, err := range seq {
		require.NoError(t, err)
		vs = append(vs, v)
	}
	return vs
}

func TestThreadRoundTrip(t *testing.T) {
	f := newFixture(t)
	th := f.thread(t)
	assert.Equal(t, crm.Thread{ID: olena}, *th, "a thread that nobody wrote on is no error")
	th.State, th.Lang, th.About, th.Owner = []byte{0, 1, 2, 255}, "uk", []string{"p1", "p2"}, "ann"
	r := f.commit(t, crm.Change{Thread: th})
	got := f.thread(t)
	th.Rev = r.Rev
	assert.NotZero(t, r.Rev)
	assert.Equal(t, th, got)
}

// fill sets every field that can be set to something that is not zero.
func fill(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(noon.Add(time.Duration(n) * time.Second)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), n+i+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		e := reflect.New(v.Type().Elem()).Elem()
		fill(e, n)
		v.SetMapIndex(reflect.ValueOf("k").Convert(v.Type().Key()), e)
	case reflect.String:
		v.SetString(fmt.Sprint("Є", n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Float64:
		v.SetFloat(float64(n) + 0.5)
	case reflect.Uint8:
		v.SetUint(2)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(n))
	default:
		panic(v.Kind())
	}
}

func TestEveryFieldOfWhatIsSaidIsKept(t *testing.T) {
	f := newFixture(t)
	var (
		in  channels.Event
		out channels.Message
	)
	fill(reflect.ValueOf(&in).Elem(), 1)
	fill(reflect.ValueOf(&out).Elem(), 1)
	out.Ref = "ref-1"
	in.From, in.To.Channel = olena.Address, olena.Address.Channel
	r := f.commit(t, crm.Change{Inbound: &in, Thread: f.thread(t), Outbox: []crm.Outgoing{{Pull: true, Message: out}}})
	xs := collect(t, f.Interactions(t.Context(), olena, crm.Page{}))
	require.Len(t, xs, 2)
	assert.Equal(t, in, *xs[0].In)
	assert.Equal(t, person, xs[0].By)
	out.To = olena.Address
	assert.Equal(t, out, xs[1].Out.Message)
	assert.Equal(t, bot, xs[1].By)
	assert.Equal(t, r.Seq, xs[1].Seq)
	assert.Equal(t, noon, xs[1].At)
}

func TestInteractionsInPages(t *testing.T) {
	f := newFixture(t)
	for i := range 5 {
		f.commit(t, crm.Change{Inbound: heard(fmt.Sprint(i), fmt.Sprint(i)), Thread: f.thread(t)})
	}
	texts := func(p crm.Page) (s string) {
		for _, x := range collect(t, f.Interactions(t.Context(), olena, p)) {
			s += x.In.Text
		}
		return s
	}
	all := collect(t, f.Interactions(t.Context(), olena, crm.Page{}))
	assert.Equal(t, "01234", texts(crm.Page{}))
	assert.Equal(t, "43", texts(crm.Page{Desc: true, Limit: 2}))
	assert.Equal(t, "210", texts(crm.Page{Desc: true, Before: all[3].Seq}))
	assert.Equal(t, "34", texts(crm.Page{After: all[2].Seq}))
}

func TestDuplicateInbound(t *testing.T) {
	f := newFixture(t)
	th := f.thread(t)
	change := crm.Change{By: bot, Inbound: heard("m1", "Привіт"), Thread: th, Outbox: []crm.Outgoing{
		{Inline: true, Message: channels.Message{Text: "Добрий день", NotAfter: noon.Add(time.Minute)}},
		{Inline: true, Message: channels.Message{Text: "Оберіть мову"}},
	}}
	var (
		wg      sync.WaitGroup
		results = make(chan crm.Result, 5)
	)
	for range 5 {
		wg.Go(func() {
			c := change
			c.Outbox = append([]crm.Outgoing(nil), change.Outbox...)
			r, err := f.Commit(t.Context(), c)
			assert.NoError(t, err)
			results <- r
		})
	}
	wg.Wait()
	close(results)
	var (
		first int
		seq   int64
		said  []string
	)
	for r := range results {
		if !r.Duplicate {
			first++
		}
		require.Len(t, r.Replies, 2)
		said = append(said, r.Replies[0].Ref+r.Replies[1].Message.Text)
		seq = r.Seq
	}
	assert.Equal(t, 1, first, "recorded once")
	for _, s := range said {
		assert.Equal(t, said[0], s, "everybody is told the same replies")
	}
	assert.Len(t, collect(t, f.Interactions(t.Context(), olena, crm.Page{})), 3)

	r, known, err := f.Heard(t.Context(), "ua", *heard("m1", ""))
	require.NoError(t, err)
	assert.True(t, known)
	assert.Equal(t, seq, r.Seq)
	f.clock.pass(2 * time.Minute)
	r, _, err = f.Heard(t.Context(), "ua", *heard("m1", ""))
	require.NoError(t, err)
	require.Len(t, r.Replies, 1, "what expired with the call is not said again")
	assert.Equal(t, "Оберіть мову", r.Replies[0].Message.Text)
	_, known, err = f.Heard(t.Context(), "ua", *heard("m2", ""))
	require.NoError(t, err)
	assert.False(t, known)
	_, known, err = f.Heard(t.Context(), "sd", *heard("m1", ""))
	require.NoError(t, err)
	assert.False(t, known, "another programme has its own inbox")
}

func TestStale(t *testing.T) {
	f := newFixture(t)
	f.commit(t, crm.Change{
		Thread: f.thread(t), Persons: []crm.Person{{ID: "p", Programme: "ua"}},
		Registrations: []crm.Registration{{ID: "r", Programme: "ua"}},
		Tickets:       []crm.Ticket{{ID: "t", Queue: "legal", Thread: olena}},
		Timers:        []crm.Timer{{Thread: olena, Name: "remind", Due: noon}},
	})
	due, err := f.Due(t.Context(), 1, time.Minute)
	require.NoError(t, err)
	f.commit(t, crm.Change{Fired: &due[0]})
	for name, c := range map[crm.Table]crm.Change{
		crm.Threads:       {Thread: &crm.Thread{ID: olena}},
		crm.Persons:       {Persons: []crm.Person{{ID: "p", Programme: "ua"}}},
		crm.Registrations: {Registrations: []crm.Registration{{ID: "r", Programme: "ua", Rev: 2}}},
		crm.Tickets:       {Tickets: []crm.Ticket{{ID: "t", Thread: olena, Rev: 3}}},
		crm.Timers:        {Fired: &due[0]},
	} {
		c.By = bot
		c.Notes = []crm.Note{{About: "r", Text: "must not be written"}}
		_, err := f.Commit(t.Context(), c)
		require.ErrorIs(t, err, crm.ErrStale, name)
		var stale *crm.StaleError
		require.ErrorAs(t, err, &stale)
		assert.Equal(t, name, stale.Table)
	}
	assert.Empty(t, collect(t, f.Notes(t.Context(), "ua", "r")))
}

func TestMalformedChanges(t *testing.T) {
	f := newFixture(t)
	th := &crm.Thread{ID: olena}
	for name, c := range map[string]crm.Change{
		"no actor":              {Thread: th},
		"nothing":               {By: bot},
		"no thread":             {By: bot, Inbound: heard("m", "x")},
		"no programme":          {By: bot, Thread: &crm.Thread{ID: crm.ThreadID{Address: olena.Address}}},
		"a bad programme":       {By: bot, Thread: &crm.Thread{ID: crm.ThreadID{Programme: "UA/x", Address: olena.Address}}},
		"no address":            {By: bot, Thread: &crm.Thread{ID: crm.ThreadID{Programme: "ua"}}},
		"two programmes":        {By: bot, Thread: th, Persons: []crm.Person{{ID: "p", Programme: "sd"}}},
		"no inbound id":         {By: bot, Thread: th, Inbound: heard("", "x")},
		"inline without answer": {By: bot, Thread: th, Outbox: []crm.Outgoing{{Inline: true}}},
		"inline and pull":       {By: bot, Thread: th, Inbound: heard("m", ""), Outbox: []crm.Outgoing{{Inline: true, Pull: true}}},
		"a ref with a slash":    {By: bot, Thread: th, Outbox: []crm.Outgoing{{Ref: "a/1"}}},
		"an id with a slash":    {By: bot, Persons: []crm.Person{{ID: "a/b", Programme: "ua"}}},
		"a timer without name":  {By: bot, Thread: th, Timers: []crm.Timer{{Thread: olena}}},
		"a note about nothing":  {By: bot, Persons: []crm.Person{{ID: "p", Programme: "ua"}}, Notes: []crm.Note{{Text: "x"}}},
		"consent to nothing":    {By: bot, Thread: th, Consents: []crm.Consent{{Given: true}}},
		"a timer not leased":    {By: bot, Fired: &crm.Timer{Thread: olena, Name: "x"}},
	} {
		_, err := f.Commit(t.Context(), c)
		require.ErrorIs(t, err, crm.ErrChange, name)
		assert.NotContains(t, err.Error(), "380671234567", name)
	}
}

func TestRegistrationsAndPeople(t *testing.T) {
	f := newFixture(t)
	reg := crm.Registration{
		ID: "r1", Programme: "ua", Thread: olena, Person: "p1", Lang: "uk",
		Form: crm.Form{ID: "cash", Version: "1", Hash: "h"}, Answers: json.RawMessage(`{"size":5}`),
		Score:     &crm.Score{Card: "c 1", Points: 7, Lo: 5, Hi: 9, Band: "high", Reasons: json.RawMessage(`[1]`)},
		Household: &crm.Household{ID: "h1", Size: 5, Members: []crm.Member{{Person: "p1", Relation: "head", Collector: "primary"}}},
	}
	require.NoError(t, reg.Move(crm.Submitted, bot, "", noon))
	f.commit(t, crm.Change{
		Registrations: []crm.Registration{reg},
		Persons: []crm.Person{{ID: "p1", Programme: "ua", Name: "Олена", Birth: "1961", Find: map[string]string{
			"phone": "+380671234567", "tax_id": "1234567890",
		}}},
		Consents: []crm.Consent{{Purpose: "processing", Given: true, About: "p1", NoticeHash: "n", By: person, Message: "m1"}},
		Media:    []crm.MediaRef{{ID: "blob", About: "r1", Answer: "passport", SHA256: "00"}},
	})
	got, err := f.Registration(t.Context(), "ua", "r1")
	require.NoError(t, err)
	reg.Rev, reg.Opened, reg.At = 1, noon, noon
	assert.Equal(t, reg, got)

	f.clock.pass(time.Hour)
	require.NoError(t, got.Move(crm.InReview, ann, "", noon))
	f.commit(t, crm.Change{By: ann, Registrations: []crm.Registration{got}, Notes: []crm.Note{{About: "r1", Text: "called her"}}})
	got, err = f.Registration(t.Context(), "ua", "r1")
	require.NoError(t, err)
	assert.Equal(t, crm.InReview, got.Status)
	assert.Equal(t, noon, got.Opened)
	assert.Equal(t, noon.Add(time.Hour), got.At)

	ids := func(q crm.RegistrationQuery) (s string) {
		q.Programme = "ua"
		for _, r := range collect(t, f.Registrations(t.Context(), q)) {
			s += r.ID + " "
		}
		return s
	}
	f.commit(t, crm.Change{Registrations: []crm.Registration{{ID: "r2", Programme: "ua"}}})
	assert.Equal(t, "r1 r2 ", ids(crm.RegistrationQuery{}))
	assert.Equal(t, "r1 ", ids(crm.RegistrationQuery{Status: crm.InReview, Band: "high", Person: "p1", Thread: olena}))
	assert.Equal(t, "r2 ", ids(crm.RegistrationQuery{Status: crm.Draft}))
	assert.Empty(t, ids(crm.RegistrationQuery{Band: "low"}))

	p, err := f.Person(t.Context(), "ua", "p1")
	require.NoError(t, err)
	assert.Equal(t, "Олена", p.Name)
	found := func(field, value string) int { return len(collect(t, f.Find(t.Context(), "ua", field, value))) }
	assert.Equal(t, 1, found("phone", "+380671234567"))
	assert.Equal(t, 0, found("phone", "1234567890"), "fields do not mix")
	p.Find = map[string]string{"phone": "+380501112233"}
	f.commit(t, crm.Change{Persons: []crm.Person{p}})
	assert.Equal(t, 0, found("phone", "+380671234567"), "an old number finds nobody")
	assert.Equal(t, 1, found("phone", "+380501112233"))

	assert.Equal(t, []crm.Note{{About: "r1", Text: "called her", By: ann, At: noon.Add(time.Hour)}}, collect(t, f.Notes(t.Context(), "ua", "r1")))
	assert.Equal(t, "processing", collect(t, f.Consents(t.Context(), "ua", "p1"))[0].Purpose)
	assert.Equal(t, "blob", collect(t, f.Media(t.Context(), "ua", "r1"))[0].ID)
	_, err = f.Registration(t.Context(), "ua", "none")
	assert.ErrorIs(t, err, crm.ErrNotFound)
	_, err = f.Person(t.Context(), "sd", "p1")
	assert.ErrorIs(t, err, crm.ErrNotFound, "one programme does not see another's people")
}

func TestHistoryIsOnlyAddedTo(t *testing.T) {
	f := newFixture(t)
	reg := crm.Registration{ID: "r", Programme: "ua"}
	require.NoError(t, reg.Move(crm.Submitted, bot, "", noon))
	require.NoError(t, reg.Move(crm.InReview, ann, "", noon))
	f.commit(t, crm.Change{Registrations: []crm.Registration{reg}})
	stored := func() crm.Registration {
		r, err := f.Registration(t.Context(), "ua", "r")
		require.NoError(t, err)
		return r
	}
	forged := crm.Transition{From: crm.InReview, To: crm.Approved, By: bot, Reason: "score", At: noon}
	for name, alter := range map[string]func(*crm.Registration){
		"shortened":      func(r *crm.Registration) { r.History = r.History[:1] },
		"rewritten":      func(r *crm.Registration) { r.History[0].Reason = "other" },
		"without a step": func(r *crm.Registration) { r.Status = crm.Approved },
		"a gap": func(r *crm.Registration) {
			r.History = append(r.History, crm.Transition{From: crm.Draft, To: crm.Submitted, By: bot, At: noon})
		},
		"a forged step":   func(r *crm.Registration) { r.History, r.Status = append(r.History, forged), crm.Approved },
		"a step too many": func(r *crm.Registration) { r.History = append(r.History, forged) },
	} {
		r := stored()
		alter(&r)
		_, err := f.Commit(t.Context(), crm.Change{By: ann, Registrations: []crm.Registration{r}})
		require.Error(t, err, name)
		assert.NotErrorIs(t, err, crm.ErrStale, name)
	}
	assert.Equal(t, crm.InReview, stored().Status)
	_, err := f.Commit(t.Context(), crm.Change{By: ann, Registrations: []crm.Registration{{ID: "new", Programme: "ua", Status: crm.Approved}}})
	assert.ErrorIs(t, err, crm.ErrHistory, "nobody begins as approved")
}

func TestTwoAgentsDecideAtOnce(t *testing.T) {
	f := newFixture(t)
	reg := crm.Registration{ID: "r", Programme: "ua"}
	require.NoError(t, reg.Move(crm.Submitted, bot, "", noon))
	require.NoError(t, reg.Move(crm.InReview, ann, "", noon))
	f.commit(t, crm.Change{Registrations: []crm.Registration{reg}})
	a, err := f.Registration(t.Context(), "ua", "r")
	require.NoError(t, err)
	b, err := f.Registration(t.Context(), "ua", "r")
	require.NoError(t, err)
	require.NoError(t, a.Move(crm.Approved, ann, "eligible", noon))
	require.NoError(t, b.Move(crm.Rejected, crm.Actor{Kind: crm.Agent, ID: "bo"}, "not eligible", noon))
	f.commit(t, crm.Change{By: ann, Registrations: []crm.Registration{a}})
	_, err = f.Commit(t.Context(), crm.Change{By: ann, Registrations: []crm.Registration{b}})
	require.ErrorIs(t, err, crm.ErrStale)
	now, err := f.Registration(t.Context(), "ua", "r")
	require.NoError(t, err)
	assert.Equal(t, crm.Approved, now.Status)
}

func TestTickets(t *testing.T) {
	f := newFixture(t)
	f.commit(t, crm.Change{Thread: f.thread(t), Tickets: []crm.Ticket{{ID: "t1", Queue: "legal", Topic: "housing", Thread: olena, Lang: "uk", Note: "needs a lawyer"}}})
	f.clock.pass(time.Minute)
	f.commit(t, crm.Change{Tickets: []crm.Ticket{{ID: "t2", Queue: "health", Thread: olena}}})
	ids := func(q crm.TicketQuery) (s string) {
		q.Programme = "ua"
		for _, k := range collect(t, f.Tickets(t.Context(), q)) {
			s += k.ID
		}
		return s
	}
	assert.Equal(t, "t1t2", ids(crm.TicketQuery{Thread: olena}))
	assert.Equal(t, "t1", ids(crm.TicketQuery{Queue: "legal", Topic: "housing"}))
	k, err := f.Ticket(t.Context(), "ua", "t1")
	require.NoError(t, err)
	assert.Equal(t, crm.Ticket{ID: "t1", Rev: 1, Queue: "legal", Topic: "housing", Thread: olena, Lang: "uk", Note: "needs a lawyer", Opened: noon}, k)
	k.Owner = "ann"
	f.commit(t, crm.Change{By: ann, Tickets: []crm.Ticket{k}})
	assert.Equal(t, "t1", ids(crm.TicketQuery{Owner: "ann"}))
	k.Rev, k.Closed = 2, noon
	f.commit(t, crm.Change{By: ann, Tickets: []crm.Ticket{k}})
	assert.Equal(t, "t2", ids(crm.TicketQuery{}))
	assert.Equal(t, "t1", ids(crm.TicketQuery{Closed: true}))
	_, err = f.Ticket(t.Context(), "ua", "none")
	assert.ErrorIs(t, err, crm.ErrNotFound)
}

func TestTimers(t *testing.T) {
	f := newFixture(t)
	f.commit(t, crm.Change{Thread: f.thread(t), Timers: []crm.Timer{
		{Thread: olena, Name: "remind", Due: noon.Add(time.Hour), Data: []byte("d")},
		{Thread: olena, Name: "expire", Due: noon.Add(2 * time.Hour)},
		{Thread: olena, Name: "never", Due: noon.Add(time.Hour)},
	}})
	due := func() []crm.Timer {
		ts, err := f.Due(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		return ts
	}
	assert.Empty(t, due())
	f.commit(t, crm.Change{Timers: []crm.Timer{{Thread: olena, Name: "never"}}}) // cancelled
	f.clock.pass(time.Hour)
	got := due()
	require.Len(t, got, 1)
	first := got[0]
	assert.Equal(t, crm.Timer{Thread: olena, Name: "remind", Due: noon.Add(time.Hour), Data: []byte("d"), Rev: first.Rev}, first)
	assert.Empty(t, due(), "leased")
	f.clock.pass(time.Minute)
	second := due()
	require.Len(t, second, 1, "the lease ended unanswered")
	_, err := f.Commit(t.Context(), crm.Change{By: bot, Fired: &first})
	require.ErrorIs(t, err, crm.ErrStale, "the first holder is too late")
	f.commit(t, crm.Change{Fired: &second[0], Timers: []crm.Timer{{Thread: olena, Name: "remind", Due: noon.Add(3 * time.Hour)}}})
	f.clock.pass(time.Hour)
	require.Len(t, due(), 1)
	f.clock.pass(time.Hour)
	assert.Len(t, due(), 2, "set again, and the other unanswered")
}

func TestFacts(t *testing.T) {
	f := newFixture(t)
	forms, sids := f.Table("forms"), f.Table("sids")
	get := func(tb channels.Table, key string) string {
		v, err := tb.Get(t.Context(), key)
		require.NoError(t, err)
		return v
	}
	assert.Empty(t, get(forms, "h"))
	require.NoError(t, forms.Put(t.Context(), "h", "{}"))
	require.NoError(t, forms.Put(t.Context(), "h", `{"v":2}`))
	assert.Equal(t, `{"v":2}`, get(forms, "h"))
	assert.Equal(t, `{"v":2}`, get(f.again(t).Table("forms"), "h"))
	assert.Empty(t, get(sids, "h"))
	require.NoError(t, forms.Put(t.Context(), "h", ""))
	assert.Empty(t, get(forms, "h"))
}

func TestConfigIsChecked(t *testing.T) {
	_, err := crm.New(t.Context(), crm.Config{Group: -1})
	require.ErrorContains(t, err, "Config.Backend is missing")
	require.ErrorContains(t, err, "Config.Sealer is missing")
	require.ErrorContains(t, err, "negative")
}
