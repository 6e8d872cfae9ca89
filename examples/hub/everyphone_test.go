package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const viberToken = "445da6az1s345z78-dazcczb2542zv51a-e0vc5fva17480im9"

// viberShown is one message that Viber was given.
type viberShown struct {
	Receiver string
	Type     string
	Text     string
	Keyboard *struct {
		Buttons []struct{ ActionType, ActionBody, Text string }
	}
}

// viberFake takes what a bot sends.
type viberFake struct {
	*httptest.Server
	mu      sync.Mutex
	shown   []viberShown
	webhook string
	cut     int // the next so many messages are taken, and the line is cut
}

func newViberFake(t *testing.T) *viberFake {
	t.Helper()
	f := &viberFake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		if r.Header.Get("X-Viber-Auth-Token") != viberToken {
			fmt.Fprint(w, `{"status":2,"status_message":"invalidAuthToken"}`)
			return
		}
		switch r.URL.Path {
		case "/pa/set_webhook":
			var in struct{ URL string }
			_ = json.NewDecoder(r.Body).Decode(&in) // an empty one is asserted below
			f.webhook = in.URL
			fmt.Fprint(w, `{"status":0,"status_message":"ok"}`)
		case "/pa/send_message":
			var m viberShown
			if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Receiver == "" || m.Type == "" {
				fmt.Fprint(w, `{"status":3,"status_message":"badData"}`)
				return
			}
			f.shown = append(f.shown, m)
			if f.cut > 0 {
				f.cut--
				panic(http.ErrAbortHandler)
			}
			fmt.Fprintf(w, `{"status":0,"status_message":"ok","message_token":%d}`, 5741311803571721087+len(f.shown))
		default:
			fmt.Fprint(w, `{"status":3,"status_message":"no such method"}`)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// viberPhone is a phone with a keyboard under the chat.
type viberPhone struct {
	t     *testing.T
	fake  *viberFake
	hub   *process
	user  string
	n     int
	fresh []viberShown // shown since the person's last deed, in a response
	seen  int
}

func (p *viberPhone) address() channels.Address {
	return channels.Address{Channel: "viber", ID: p.user}
}

// post gives the hub a signed webhook and returns what it answered.
func (p *viberPhone) post(event map[string]any) []byte {
	p.t.Helper()
	p.fake.mu.Lock()
	p.seen, p.fresh = len(p.fake.shown), nil
	p.fake.mu.Unlock()
	p.n++
	event["timestamp"], event["message_token"] = time.Now().UnixMilli(), 4912661846655238145+p.n
	body, err := json.Marshal(event)
	require.NoError(p.t, err)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.hub.url()+"/webhooks/viber", bytes.NewReader(body))
	require.NoError(p.t, err)
	mac := hmac.New(sha256.New, []byte(viberToken))
	mac.Write(body)
	r.Header.Set("X-Viber-Content-Signature", hex.EncodeToString(mac.Sum(nil)))
	res, err := client.Do(r)
	require.NoError(p.t, err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, res.StatusCode)
	return answer
}

// arrive opens the conversation: the first question comes in the response.
func (p *viberPhone) arrive() {
	answer := p.post(map[string]any{"event": "conversation_started", "type": "open", "subscribed": false, "user": map[string]any{"id": p.user, "name": "Олена"}})
	var welcome viberShown
	require.NoError(p.t, json.Unmarshal(answer, &welcome), "%s", answer)
	p.fresh = append(p.fresh, welcome)
}

func (p *viberPhone) say(text string) {
	p.post(map[string]any{"event": "message", "sender": map[string]any{"id": p.user, "name": "Олена"}, "message": map[string]any{"type": "text", "text": text}})
}

// shown is what came since the person's last deed.
func (p *viberPhone) shown() []viberShown {
	p.fake.mu.Lock()
	defer p.fake.mu.Unlock()
	return append(append([]viberShown(nil), p.fresh...), p.fake.shown[p.seen:]...)
}

func (p *viberPhone) wait(phrases ...string) string {
	p.t.Helper()
	return await(p.t, phrases, func() string {
		var b strings.Builder
		for _, m := range p.shown() {
			b.WriteString(m.Text + "\n")
		}
		return b.String()
	})
}

// answer taps the button of the option, turning pages until it is there.
func (p *viberPhone) answer(st step) {
	p.t.Helper()
	if st.option == "" {
		p.say(st.text)
		return
	}
	for range 6 {
		all := p.shown()
		now := all[len(all)-1]
		require.NotNil(p.t, now.Keyboard, "%s is asked with a keyboard", st.key)
		more := ""
		for _, b := range now.Keyboard.Buttons {
			if strings.HasSuffix(b.ActionBody, st.option) {
				p.say(b.ActionBody)
				return
			}
			if strings.Contains(b.ActionBody, "hub:more:") {
				more = b.ActionBody
			}
		}
		require.NotEmpty(p.t, more, "%s offers %s", st.key, st.option)
		p.say(more)
		p.wait(asks["region"]["uk"])
	}
	require.FailNow(p.t, "the option is on no page", st.option)
}

// await polls until a text holds all phrases.
func await(t *testing.T, phrases []string, text func() string) string {
	t.Helper()
	now := ""
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		now = text()
		missing := now == ""
		for _, p := range phrases {
			missing = missing || !strings.Contains(now, p)
		}
		if !missing {
			return now
		}
		require.NoError(t, rest(t.Context(), 2*time.Millisecond))
	}
	require.FailNow(t, "the hub did not say what was waited for", "%q\nin: %s", phrases, now)
	return ""
}

// caller is somebody on the telephone, with twelve keys.
type caller struct {
	mailbox
	number string
	call   string
	heard  string
	action string // where the keys go
}

func (p *caller) address() channels.Address { return channels.Address{Channel: "voice", ID: p.number} }

// request has Twilio ask the hub how a call goes on.
func (p *caller) request(at string, form url.Values) {
	p.t.Helper()
	for k, v := range map[string]string{"CallSid": p.call, "AccountSid": p.fake.AccountSID, "From": p.number, "To": ours, "CallStatus": "in-progress", "Direction": "inbound", "ApiVersion": "2010-04-01"} {
		form.Set(k, v)
	}
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	r := p.fake.Webhook(at, form).Clone(ctx)
	r.RequestURI = ""
	res, err := client.Do(r)
	require.NoError(p.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, res.StatusCode)
	p.hear(body)
}

// hear reads a TwiML document as Twilio plays it, up to where it waits for keys.
func (p *caller) hear(document []byte) {
	p.t.Helper()
	p.heard, p.action = "", ""
	d := xml.NewDecoder(bytes.NewReader(document))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(p.t, err, "%s", document)
		switch x := token.(type) {
		case xml.StartElement:
			if x.Name.Local == "Gather" && p.action == "" {
				for _, a := range x.Attr {
					if a.Name.Local == "action" {
						p.action = a.Value
					}
				}
			}
		case xml.EndElement:
			if x.Name.Local == "Gather" {
				return
			}
		case xml.CharData:
			p.heard += string(x) + "\n"
		}
	}
}

func (p *caller) arrive() {
	p.call = twiliotest.SID("CA", p.number)
	p.request(p.hub.url()+"/webhooks/twilio/voice", url.Values{})
}

func (p *caller) wait(phrases ...string) string {
	p.t.Helper()
	for _, s := range phrases {
		require.Contains(p.t, p.heard, strings.ReplaceAll(s, "\n\n", "\n"), "a pause, and no empty line")
	}
	return p.heard
}

// answer presses keys: an option's number, or the digits of what others type.
func (p *caller) answer(st step) {
	p.t.Helper()
	keys := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, strings.TrimPrefix(st.text, "+38"))
	if st.option != "" {
		keys = st.number()
	}
	require.NotEmpty(p.t, p.action, "%s waits for keys: %s", st.key, p.heard)
	p.request(p.action, url.Values{"Digits": {keys}, "FinishedOnKey": {"#"}})
}

const telegramToken = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw0"

// telegramShown is one message that Telegram was given.
type telegramShown struct {
	ID     int
	ChatID json.Number `json:"chat_id"`
	Text   string
	Markup struct {
		Inline [][]struct {
			Text string
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
		Keyboard [][]struct{ Text string }
	} `json:"reply_markup"`
}

// telegramPhone is a phone where buttons hang under each message. It is its bot's
// API too.
type telegramPhone struct {
	t      *testing.T
	hub    *process
	user   int64
	n      int
	mu     sync.Mutex
	all    []telegramShown
	seen   int
	secret string
}

// ServeHTTP takes what the bot sends.
func (p *telegramPhone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+telegramToken+"/")
	if !ok {
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, `{"ok":false,"error_code":401,"description":"Unauthorized"}`)
		return
	}
	switch method {
	case "setWebhook":
		var in struct {
			Secret string `json:"secret_token"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in) // the person waits for a secret
		p.secret = in.Secret
		fmt.Fprint(w, `{"ok":true,"result":true}`)
	case "sendMessage":
		m := telegramShown{ID: len(p.all) + 7}
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil || m.Text == "" {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"ok":false,"error_code":400,"description":"Bad Request: message text is empty"}`)
			return
		}
		p.all = append(p.all, m)
		fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d}}`, m.ID)
	default:
		fmt.Fprint(w, `{"ok":true,"result":true}`)
	}
}

func (p *telegramPhone) address() channels.Address {
	return channels.Address{Channel: "telegram", ID: fmt.Sprint(p.user)}
}

func (p *telegramPhone) post(kind string, update map[string]any) {
	p.t.Helper()
	p.mu.Lock()
	p.seen = len(p.all)
	secret := p.secret
	p.mu.Unlock()
	p.n++
	update["from"] = map[string]any{"id": p.user, "is_bot": false, "first_name": "Олена"}
	body, err := json.Marshal(map[string]any{"update_id": 1000 + p.n, kind: update})
	require.NoError(p.t, err)
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.hub.url()+"/webhooks/telegram", bytes.NewReader(body))
	require.NoError(p.t, err)
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	res, err := client.Do(r)
	require.NoError(p.t, err)
	require.NoError(p.t, res.Body.Close())
	require.Equal(p.t, http.StatusOK, res.StatusCode)
}

func (p *telegramPhone) chat() map[string]any { return map[string]any{"id": p.user, "type": "private"} }

func (p *telegramPhone) say(text string) {
	p.post("message", map[string]any{"message_id": 9000 + p.n, "date": time.Now().Unix(), "chat": p.chat(), "text": text})
}

func (p *telegramPhone) arrive() {
	await(p.t, []string{"yes"}, func() string { // the hub tells Telegram its secret when it starts
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.secret != "" {
			return "yes"
		}
		return ""
	})
	p.say("/start")
}

func (p *telegramPhone) shown() []telegramShown {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]telegramShown(nil), p.all[p.seen:]...)
}

func (p *telegramPhone) wait(phrases ...string) string {
	p.t.Helper()
	return await(p.t, phrases, func() string {
		var b strings.Builder
		for _, m := range p.shown() {
			b.WriteString(m.Text + "\n")
		}
		return b.String()
	})
}

// answer taps the button of the option, turning pages until it is there.
func (p *telegramPhone) answer(st step) {
	p.t.Helper()
	if st.option == "" {
		p.say(st.text)
		return
	}
	for range 6 {
		all := p.shown()
		now := all[len(all)-1]
		tap := func(data string) {
			p.post("callback_query", map[string]any{
				"id": fmt.Sprint(p.n), "chat_instance": "1", "data": data,
				"message": map[string]any{"message_id": now.ID, "date": time.Now().Unix(), "chat": p.chat(), "text": now.Text},
			})
		}
		more := ""
		for _, row := range now.Markup.Inline {
			for _, b := range row {
				if strings.HasSuffix(b.Data, st.option) {
					tap(b.Data)
					return
				}
				if strings.Contains(b.Data, "hub:more:") {
					more = b.Data
				}
			}
		}
		require.NotEmpty(p.t, more, "%s offers %s: %+v", st.key, st.option, now)
		tap(more)
		p.wait(asks["region"]["uk"])
	}
	require.FailNow(p.t, "the option is on no page", st.option)
}
