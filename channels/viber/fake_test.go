package viber

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	token = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"
	olena = "01234567890Aolena=="
)

// got is a request that the fake saw. Its fields are Viber's, written down anew: the
// driver's own types would forgive their own mistakes.
type got struct {
	Receiver string `json:"receiver"`
	Type     string `json:"type"`
	Sender   struct {
		Name   string `json:"name"`
		Avatar string `json:"avatar"`
	} `json:"sender"`
	Tracking string  `json:"tracking_data"`
	Min      int     `json:"min_api_version"`
	Text     *string `json:"text"`
	Media    string  `json:"media"`
	Size     int64   `json:"size"`
	FileName string  `json:"file_name"`
	Keyboard *struct {
		Type          string
		DefaultHeight bool
		Buttons       []struct {
			Columns, Rows                          int
			ActionType, ActionBody, Text, TextSize string
			Silent                                 bool
		}
	} `json:"keyboard"`
}

// provider is a fake of Viber, as strict as its documentation.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	taken  []channelstest.Taken
	seen   []got
	hooks  []string // bodies of set_webhook
	tries  int
	fault  channelstest.Fault
	answer func(w http.ResponseWriter, m got) bool // instead of an answer of its own
	wrong  []string
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

func (p *provider) driver(t testing.TB) *Driver {
	d, err := New(Config{Token: token, Sender: "Довідка", BaseURL: p.URL})
	require.NoError(t, err)
	return d
}

// note records what is wrong with a request.
func (p *provider) note(ok bool, what string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, fmt.Sprintf(what, args...))
	}
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// check holds a message to what Viber documents.
func (p *provider) check(m got, welcome bool) {
	p.note((m.Receiver == "") == welcome, "receiver %q", m.Receiver)
	p.note(m.Sender.Name != "" && utf8.RuneCountInString(m.Sender.Name) <= 28, "sender.name")
	p.note(len(m.Tracking) <= 4000, "tracking_data")
	switch m.Type {
	case "text":
		p.note(m.Text != nil && *m.Text != "" && units(*m.Text) <= 7000, "text")
		p.note(m.Media == "", "media on a text")
	case "picture":
		p.note(m.Text != nil && units(*m.Text) <= 512, "caption")
		p.note(strings.HasPrefix(m.Media, "https://"), "media")
	case "video", "file":
		p.note(strings.HasPrefix(m.Media, "https://") && m.Size > 0, "media")
		p.note(m.Type == "video" || m.FileName != "", "file_name")
	case "url":
		p.note(m.Media != "" && len(m.Media) <= 2000, "url")
	default:
		p.note(false, "type %q", m.Type)
	}
	if m.Keyboard == nil {
		return
	}
	p.note(m.Keyboard.Type == "keyboard", "keyboard type")
	p.note(len(m.Keyboard.Buttons) > 0 && len(m.Keyboard.Buttons) <= 24, "%d buttons", len(m.Keyboard.Buttons))
	for _, b := range m.Keyboard.Buttons {
		p.note(b.Columns >= 1 && b.Columns <= 6 && b.Rows >= 1 && b.Rows <= 2, "size of a button")
		p.note(slices.Contains([]string{"reply", "open-url", "location-picker", "share-phone", "none"}, b.ActionType), "ActionType %q", b.ActionType)
		p.note(b.ActionBody != "" && b.Text != "", "an empty button")
		p.note(slices.Contains([]string{"small", "regular", "large"}, b.TextSize), "TextSize")
		p.note(!strings.ContainsAny(strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "", "&quot;", "").Replace(b.Text), `<>&"`), "not escaped: %q", b.Text)
		if b.ActionType == "share-phone" || b.ActionType == "location-picker" {
			p.note(m.Min >= 3, "min_api_version %d", m.Min)
		}
	}
}

// strict decodes JSON without forgiving unknown or differently spelled fields.
func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	p.mu.Lock()
	p.note(r.Method == http.MethodPost && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json"), "a POST of JSON")
	p.note(body.Len() <= 30<<10, "%d bytes", body.Len())
	if r.Header.Get("X-Viber-Auth-Token") != token {
		p.mu.Unlock()
		status(w, 2)
		return
	}
	switch r.URL.Path {
	case "/pa/set_webhook":
		p.hooks = append(p.hooks, body.String())
		p.mu.Unlock()
		status(w, 0)
		return
	case "/pa/get_account_info":
		p.mu.Unlock()
		fmt.Fprint(w, `{"status":0,"status_message":"ok","id":"pa:1","name":"Довідка","uri":"dovidka","webhook":"https://hub.example","event_types":["seen"],"subscribers_count":35}`)
		return
	}
	p.note(r.URL.Path == "/pa/send_message", "endpoint %s", r.URL.Path)
	var m got
	err := strict(body.Bytes(), &m)
	p.note(err == nil, "%v", err)
	p.check(m, false)
	fault := p.fault
	p.fault = channelstest.Works
	p.tries++
	p.seen = append(p.seen, m)
	if p.answer != nil && p.answer(w, m) {
		p.mu.Unlock()
		return
	}
	id := tokenOf(p.tries)
	if fault.Taken() {
		text := ""
		if m.Text != nil {
			text = *m.Text
		}
		t := channelstest.Taken{ID: id, To: m.Receiver, Text: text}
		if m.Keyboard != nil {
			for _, b := range m.Keyboard.Buttons {
				t.Shown = append(t.Shown, html.UnescapeString(b.Text))
			}
		}
		p.taken = append(p.taken, t)
	}
	p.mu.Unlock()
	switch fault {
	case channelstest.Works:
		fmt.Fprintf(w, `{"status":0,"status_message":"ok","message_token":%s,"chat_hostname":"SN-376_","billing_status":1}`, id)
	case channelstest.Throttle:
		w.Header().Set("Retry-After", fmt.Sprint(channelstest.ThrottleAfter.Seconds()))
		w.WriteHeader(http.StatusTooManyRequests)
	case channelstest.ServerError, channelstest.TakenServerError:
		http.Error(w, "<html>"+m.Receiver+"</html>", http.StatusBadGateway)
	case channelstest.TakenDrop:
		panic(http.ErrAbortHandler)
	case channelstest.TakenSilence:
		select {
		case <-p.end:
		case <-r.Context().Done():
		}
	case channelstest.Denied:
		status(w, 2)
	case channelstest.NoSuchPerson:
		status(w, 5)
	case channelstest.SaidNo:
		status(w, 6)
	case channelstest.BadContent:
		status(w, 3)
	}
}

// status answers as Viber does: HTTP 200, whatever happened.
func status(w http.ResponseWriter, n int) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"status":%d,"status_message":"for %s"}`, n, olena)
}

// webhook signs a body as Viber does.
func webhook(body string) *http.Request {
	mac := hmac.New(sha256.New, []byte(token))
	mac.Write([]byte(body))
	r := httptest.NewRequest(http.MethodPost, "/webhooks/viber", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Viber-Content-Signature", hex.EncodeToString(mac.Sum(nil)))
	return r
}

// pressed returns the webhook of the person who taps the i-th button under a message:
// it sends what the button was given, and what was tracked of that message.
func (p *provider) pressed(id string, i int) *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	for n, m := range p.seen {
		if tokenOf(n+1) == id {
			return webhook(fmt.Sprintf(`{"event":"message","timestamp":1767323045000,"message_token":%s,"sender":{"id":%q},"message":{"type":"text","text":%s,"tracking_data":%s}}`,
				number(id+fmt.Sprint(i)), m.Receiver, quote(m.Keyboard.Buttons[i].ActionBody), quote(m.Tracking)))
		}
	}
	return nil
}

// tokenOf returns the token of the n-th message: above 2^53.
func tokenOf(n int) string { return fmt.Sprint(uint64(4912661846655238145) + uint64(n)) }

// number returns a message token for a test's id: the same for the same id.
func number(id string) string {
	n := uint64(1 << 60)
	for _, c := range []byte(id) {
		n = n*31 + uint64(c)
	}
	return fmt.Sprint(n >> 1)
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(b)
}

func to(id string) channels.Message {
	return channels.Message{Ref: "01J9", To: channels.Address{Channel: "viber", ID: id}, Lang: "uk"}
}
