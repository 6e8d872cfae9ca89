package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
	"github.com/hubkit/hubkit/crm"
)

// The provider takes messages and cuts the line before it answers, and the hub is
// killed again and again: every message is told exactly once. What became of it, the
// signed reference in a status callback tells, or else the provider's list.
func TestNobodyIsToldTwiceByAProviderThatCutsTheLine(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	luck := rand.New(rand.NewPCG(seed, 5))
	var mu sync.Mutex
	faults := map[channelstest.Fault]int{}
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Messages.json") {
			mu.Lock()
			fault := channelstest.Works
			if luck.IntN(5) == 0 { // not so often that the circuit breaker opens
				fault = []channelstest.Fault{channelstest.TakenDrop, channelstest.TakenDrop, channelstest.TakenServerError, channelstest.ServerError}[luck.IntN(4)]
			}
			faults[fault]++
			fake.Fault(fault)
			mu.Unlock()
		}
		fake.ServeHTTP(w, r)
	}))
	t.Cleanup(provider.Close)
	hub := newProcess(t, t.TempDir())
	hub.env = []string{
		"HUB_PUBLIC_URL=" + hub.url(), "HUB_PATIENCE=400ms", "TWILIO_SMS_FROM=" + ours,
		"TWILIO_ACCOUNT_SID=" + fake.AccountSID, "TWILIO_AUTH_TOKEN=" + fake.AuthToken, "TWILIO_BASE_URL=" + provider.URL,
	}
	hub.start()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()

	var people sync.WaitGroup
	done := make(chan struct{})
	var phones []*sms
	for i := range full(12, 6) {
		m := mailbox{t: t, fake: fake, hub: hub, patient: true}
		p := &sms{mailbox: m, number: fmt.Sprintf("+3806700001%02d", i)}
		phones = append(phones, p)
		tale := newStory(rand.New(rand.NewPCG(seed, uint64(i))), "uk")
		people.Go(func() { tell(t, p, tale) })
	}
	go func() { people.Wait(); close(done) }()
	// News of every second message; of the others the list must tell.
	go func() {
		for told := 0; ctx.Err() == nil; {
			all := fake.Messages()
			for ; told < len(all); told++ {
				if told%2 == 0 {
					if r := fake.Status(all[told].SID, "delivered", 0); r != nil {
						r = r.Clone(ctx)
						r.RequestURI = ""
						if res, err := client.Do(r); err == nil {
							_ = res.Body.Close() // the hub may be dead: then this news is lost
						}
					}
				}
			}
			_ = rest(ctx, 20*time.Millisecond)
		}
	}()
	kills, moments := 0, rand.New(rand.NewPCG(seed, 6))
	for alive := true; alive; {
		select {
		case <-done:
			alive = false
		case <-ctx.Done():
			require.FailNow(t, "the people did not finish", hub.logs.tail())
		case <-time.After(time.Duration(100+moments.IntN(1500)) * time.Millisecond): // the moment is what is random
			if kills < full(60, 8) {
				hub.kill()
				hub.start()
				kills++
			}
		}
	}
	// What is in doubt at the end is settled while the hub goes on.
	wanted := func() (missing int) {
		told := tellings(fake)
		for ref := range committed(t, hub, phones) {
			if told[ref] == 0 {
				missing++
			}
		}
		return missing
	}
	hub.kill()
	for range 20 {
		if wanted() == 0 {
			break
		}
		hub.start()
		require.NoError(t, rest(ctx, 6*time.Second))
		hub.kill()
	}
	told := tellings(fake)
	refs := committed(t, hub, phones)
	for ref, what := range refs {
		assert.Equal(t, 1, told[ref], "%s was told %d times", what, told[ref])
	}
	mu.Lock()
	defer mu.Unlock()
	require.Positive(t, faults[channelstest.TakenDrop])
	t.Logf("%d kills, %d people, %d messages, each told once; the provider did: %v", kills, len(phones), len(refs), faults)
}

// tellings counts, by our reference, how often each message was taken.
func tellings(fake *twiliotest.Fake) map[string]int {
	n := map[string]int{}
	for _, m := range fake.Messages() {
		if u, err := url.Parse(m.Callback); err == nil {
			n[u.Query().Get("ref")]++
		}
	}
	return n
}

// committed lists what the hub has committed to tell, by reference; the hub is closed.
func committed(t *testing.T, hub *process, phones []*sms) map[string]string {
	t.Helper()
	refs := map[string]string{}
	t.Run("read", func(t *testing.T) {
		s := openData(t, hub.data)
		for _, p := range phones {
			for x, err := range s.Interactions(t.Context(), crm.ThreadID{Programme: programme.ID, Address: p.address()}, crm.Page{}) {
				require.NoError(t, err)
				if x.Out != nil {
					refs[x.Out.Ref] = x.Out.Message.Text
				}
			}
		}
	})
	return refs
}

// Viber has neither a list nor our reference in its news: what it took before the line
// was cut is held, as the hub's policy says. Nobody is told twice, the conversation
// goes on, and the store says which message is in doubt.
func TestWhatViberMayHaveTakenIsHeld(t *testing.T) {
	bot := newViberFake(t)
	hub := newProcess(t, t.TempDir())
	hub.env = []string{"HUB_PUBLIC_URL=" + hub.url(), "HUB_PATIENCE=100ms", "VIBER_TOKEN=" + viberToken, "VIBER_BASE_URL=" + bot.URL}
	hub.start()
	p := &viberPhone{t: t, fake: bot, hub: hub, user: "doubt=="}
	p.arrive()
	p.wait("Виберіть мову:")
	bot.mu.Lock()
	bot.cut = 1
	bot.mu.Unlock()
	p.answer(step{key: "language", option: "language:uk"})
	p.wait("Чим можемо допомогти?")
	hub.kill()
	hub.start()
	p.answer(step{key: "menu", option: "menu/start:cash"})
	p.wait("Чи погоджуєтеся")
	id := crm.ThreadID{Programme: programme.ID, Address: p.address()}
	states := map[string]delivery.State{}
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end) && states["Вітаємо! Чим можемо допомогти?"] != delivery.Held; {
		require.NoError(t, rest(t.Context(), 300*time.Millisecond))
		t.Run("read", func(t *testing.T) {
			s := openData(t, hub.data) // beside the hub, which goes on
			for x, err := range s.Interactions(t.Context(), id, crm.Page{}) {
				require.NoError(t, err)
				if x.Out == nil {
					continue
				}
				if d, err := s.Delivery(t.Context(), x.Out.Ref); err == nil { // the welcome left in a response
					states[x.Out.Message.Text] = d.State
				}
			}
		})
	}
	require.Equal(t, delivery.Held, states["Вітаємо! Чим можемо допомогти?"], "%v", states)
	bot.mu.Lock()
	defer bot.mu.Unlock()
	times := map[string]int{}
	for _, m := range bot.shown {
		times[m.Text]++
	}
	for text, n := range times {
		require.Equal(t, 1, n, text)
	}
}
