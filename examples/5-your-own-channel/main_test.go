package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
)

// provider is a fake of the aggregator.
type provider struct {
	mu    sync.Mutex
	taken []channelstest.Taken
	tries int
	fault channelstest.Fault
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct{ To, Text string }
	err := json.NewDecoder(r.Body).Decode(&m)
	p.mu.Lock()
	defer p.mu.Unlock()
	fault := p.fault
	p.fault = channelstest.Works
	p.tries++
	if err != nil || r.Header.Get("X-Token") != "secret" {
		fault = channelstest.Denied
	}
	id := fmt.Sprint("m", p.tries)
	if fault.Taken() {
		p.taken = append(p.taken, channelstest.Taken{ID: id, To: m.To, Text: m.Text})
	}
	switch fault {
	case channelstest.Throttle:
		w.Header().Set("Retry-After", fmt.Sprint(channelstest.ThrottleAfter.Seconds()))
		w.WriteHeader(http.StatusTooManyRequests)
	case channelstest.ServerError, channelstest.TakenServerError:
		w.WriteHeader(http.StatusBadGateway)
	case channelstest.TakenDrop:
		panic(http.ErrAbortHandler)
	case channelstest.Denied:
		w.WriteHeader(http.StatusUnauthorized)
	case channelstest.BadContent:
		w.WriteHeader(http.StatusUnprocessableEntity)
	default:
		fmt.Fprintf(w, `{"id":%q}`, id)
	}
}

func TestDriver(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		p := &provider{}
		srv := httptest.NewServer(p)
		t.Cleanup(srv.Close)
		webhook := func(in map[string]string) *http.Request {
			b, err := json.Marshal(in)
			if err != nil {
				t.Fatal(err)
			}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(b)))
			r.Header.Set("X-Token", "secret")
			return r
		}
		return channelstest.Harness{
			Driver: &Aggregator{URL: srv.URL, Token: "secret", From: "4004"},
			To:     "+380501234567",
			Taken: func() []channelstest.Taken {
				p.mu.Lock()
				defer p.mu.Unlock()
				return append([]channelstest.Taken(nil), p.taken...)
			},
			Requests: func() int { p.mu.Lock(); defer p.mu.Unlock(); return p.tries },
			Fault:    func(f channelstest.Fault) { p.mu.Lock(); defer p.mu.Unlock(); p.fault = f },
			Faults: []channelstest.Fault{
				channelstest.Works, channelstest.Throttle, channelstest.ServerError, channelstest.TakenServerError,
				channelstest.TakenDrop, channelstest.Denied, channelstest.BadContent,
			},
			Inbound: func(id, text string) *http.Request {
				return webhook(map[string]string{"id": id, "from": "+380501234567", "to": "4004", "text": text})
			},
			Trust: channelstest.Token,
			News: func(id, ref string, s channels.Stage) *http.Request {
				return webhook(map[string]string{"id": id, "from": "+380501234567", "to": "4004", "ref": ref, "status": s.String()})
			},
		}
	})
}

// Without a token nobody is believed, and the program does not start.
func TestNothingWithoutAToken(t *testing.T) {
	for _, only := range []string{"", "AGGREGATOR_URL", "AGGREGATOR_TOKEN"} {
		err := serve(func(name string) string {
			if name == only {
				return "set"
			}
			return ""
		})
		if err == nil || !strings.Contains(err.Error(), "AGGREGATOR_TOKEN") {
			t.Errorf("with %q alone: %v", only, err)
		}
	}
	body := `{"id":"1","from":"+380501234567","text":"hello"}`
	for _, token := range []string{"", "guessed"} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Token", token)
		if _, err := new(Aggregator).Receive(r, []byte(body)); !errors.Is(err, channels.ErrSignature) {
			t.Errorf("token %q: %v", token, err)
		}
	}
}
