package africastalking_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/hubkit/hubkit/channels/africastalking"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	secret = "k3Jq9_fWmZ-7RtYb2NcVx8LpQd5HsAe1"
	person = "+256772123456"
)

// provider is a fake of Africa's Talking, as strict as its documentation.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	taken  []channelstest.Taken
	forms  []url.Values
	tries  int
	fault  channelstest.Fault
	answer func(w http.ResponseWriter) // instead of an answer of its own
	wrong  []string                    // what a request lacked or had too much
	end    chan struct{}
}

func newProvider(t testing.TB) *provider {
	p := &provider{end: make(chan struct{})}
	p.Server = httptest.NewServer(p)
	t.Cleanup(func() {
		close(p.end)
		p.Close()
		assert.Empty(t, p.wrong)
	})
	return p
}

// driver returns a driver of this provider.
func (p *provider) driver(t testing.TB) *africastalking.Driver {
	d, err := africastalking.New(africastalking.Config{Username: "hub", APIKey: "api-key", From: "8008", Secret: secret, BaseURL: p.URL})
	require.NoError(t, err)
	return d
}

// check returns what is wrong with a request.
func (p *provider) check(r *http.Request) (form url.Values, wrong []string) {
	note := func(ok bool, what string) {
		if !ok {
			wrong = append(wrong, what)
		}
	}
	note(r.Method == http.MethodPost && r.URL.String() == "/version1/messaging", "endpoint "+r.URL.String())
	note(r.Header.Get("Content-Type") == "application/x-www-form-urlencoded", "content type")
	note(r.Header.Get("Accept") == "application/json", "accept")
	note(r.ParseForm() == nil, "form")
	form = r.PostForm
	for field, values := range form {
		note(slices.Contains([]string{"username", "to", "message", "from", "bulkSMSMode", "enqueue"}, field), "unknown field "+field)
		note(len(values) == 1 && values[0] != "", "field "+field)
	}
	note(form.Get("username") == "hub", "username")
	note(form.Get("bulkSMSMode") == "1", "bulkSMSMode")
	note(regexp.MustCompile(`^\+\d{7,15}(,\+\d{7,15})*$`).MatchString(form.Get("to")), "to")
	note(form.Get("message") != "", "message")
	return form, wrong
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	form, wrong := p.check(r)
	p.mu.Lock()
	fault, answer := p.fault, p.answer
	p.fault, p.answer = channelstest.Works, nil
	p.tries++
	p.wrong = append(p.wrong, wrong...)
	p.forms = append(p.forms, form)
	id := "ATXid_" + strconv.Itoa(p.tries)
	if fault.Taken() {
		p.taken = append(p.taken, channelstest.Taken{ID: id, To: form.Get("to"), Text: form.Get("message")})
	}
	p.mu.Unlock()
	switch {
	case answer != nil:
		answer(w)
		return
	case r.Header.Get("apiKey") != "api-key":
		http.Error(w, "The supplied authentication is invalid", http.StatusUnauthorized)
		return
	}
	switch fault {
	case channelstest.Works:
		recipients(w, 101, form.Get("to"), "Success", id)
	case channelstest.Throttle:
		w.Header().Set("Retry-After", fmt.Sprint(channelstest.ThrottleAfter.Seconds()))
		w.WriteHeader(http.StatusTooManyRequests)
	case channelstest.ServerError, channelstest.TakenServerError:
		http.Error(w, "<html>"+form.Get("to")+" 502 Bad Gateway</html>", http.StatusBadGateway)
	case channelstest.TakenDrop:
		panic(http.ErrAbortHandler)
	case channelstest.TakenSilence:
		select {
		case <-p.end:
		case <-r.Context().Done(): // the driver gave up
		}
	case channelstest.Denied:
		http.Error(w, "The supplied authentication is invalid", http.StatusUnauthorized)
	case channelstest.NoSuchPerson:
		recipients(w, 403, form.Get("to"), "InvalidPhoneNumber", "None")
	case channelstest.SaidNo:
		recipients(w, 406, form.Get("to"), "UserInBlacklist", "None")
	case channelstest.BadContent:
		recipients(w, 502, form.Get("to"), "RejectedByGateway", "None")
	}
}

// recipients answers as the provider does.
func recipients(w http.ResponseWriter, code int, number, status, id string) {
	cost := "KES 0.8000"
	if id == "None" {
		cost = "0"
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]any{"SMSMessageData": map[string]any{
		"Message":    "Sent to 1/1 Total Cost: " + cost,
		"Recipients": []any{map[string]any{"statusCode": code, "number": number, "status": status, "cost": cost, "messageId": id}},
	}})
}

// callback is a webhook as the provider posts it.
func callback(target, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// values writes a form in a fixed order: what is posted is what is read.
func values(pairs ...string) string {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form.Encode()
}
