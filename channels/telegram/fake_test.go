package telegram

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	token  = "123456:AAE-secret_token-of-the-bot"
	secret = "k3Jq9_fWmZ-7RtYb2NcVx8LpQd5HsAe1"
	olena  = "700123456"
)

// got is a request that the fake saw. Its fields are the Bot API's, written down anew:
// the driver's own types would forgive their own mistakes.
type got struct {
	method   string
	ChatID   *int64 `json:"chat_id"`
	Text     string `json:"text"`
	Photo    string `json:"photo"`
	Voice    string `json:"voice"`
	Document string `json:"document"`
	Caption  string `json:"caption"`
	Preview  *struct {
		IsDisabled bool `json:"is_disabled"`
	} `json:"link_preview_options"`
	Markup *struct {
		Inline [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
		Rows [][]struct {
			Text     string `json:"text"`
			Contact  bool   `json:"request_contact"`
			Location bool   `json:"request_location"`
		} `json:"keyboard"`
		Resize  bool `json:"resize_keyboard"`
		OneTime bool `json:"one_time_keyboard"`
		Remove  bool `json:"remove_keyboard"`
	} `json:"reply_markup"`
}

// provider is a fake of the Bot API, as strict as its documentation.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	taken  []channelstest.Taken
	seen   []got
	other  []string // bodies of calls that send nothing, with their methods
	tries  int
	fault  channelstest.Fault
	answer func(w http.ResponseWriter, m got) bool // instead of an answer of its own
	ack    http.HandlerFunc                        // answers answerCallbackQuery
	files  map[string]string                       // file_id to what getFile says
	wrong  []string
	end    chan struct{}
}

func newProvider(t testing.TB) *provider {
	p := &provider{end: make(chan struct{}), files: map[string]string{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(func() {
		close(p.end)
		p.Close()
		assert.Empty(t, p.wrong)
	})
	return p
}

func (p *provider) driver(t testing.TB) *Driver {
	d, err := New(Config{Token: token, Secret: secret, BaseURL: p.URL})
	require.NoError(t, err)
	return d
}

func (p *provider) note(ok bool, what string, args ...any) {
	if !ok {
		p.wrong = append(p.wrong, fmt.Sprintf(what, args...))
	}
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// check holds a message to what Telegram documents.
func (p *provider) check(m got) {
	p.note(m.ChatID != nil && *m.ChatID > 0, "chat_id")
	switch m.method {
	case "sendMessage":
		p.note(units(m.Text) >= 1 && units(m.Text) <= 4096, "text of %d", units(m.Text))
		p.note(m.Caption == "" && m.Photo == "" && m.Document == "" && m.Voice == "", "media on a text")
		p.note(m.Preview != nil && m.Preview.IsDisabled, "a preview")
	case "sendPhoto":
		p.note(m.Photo != "" && m.Text == "", "photo")
	case "sendVoice":
		p.note(m.Voice != "" && m.Text == "", "voice")
	case "sendDocument":
		p.note(m.Document != "" && m.Text == "", "document")
	default:
		p.note(false, "method %s", m.method)
	}
	p.note(units(m.Caption) <= 1024, "caption of %d", units(m.Caption))
	if m.Markup == nil {
		return
	}
	kinds, buttons := 0, 0
	for _, set := range []bool{m.Markup.Inline != nil, m.Markup.Rows != nil, m.Markup.Remove} {
		if set {
			kinds++
		}
	}
	p.note(kinds == 1, "%d markups in one message", kinds)
	for _, row := range m.Markup.Inline {
		p.note(len(row) >= 1 && len(row) <= 8, "a row of %d", len(row))
		for _, b := range row {
			buttons++
			p.note(b.Text != "" && len(b.Data) >= 1 && len(b.Data) <= 64, "callback_data %q", b.Data)
		}
	}
	for _, row := range m.Markup.Rows {
		p.note(len(row) == 1, "a row of %d", len(row))
		for _, b := range row {
			buttons++
			p.note(b.Text != "" && !(b.Contact && b.Location), "a key")
		}
	}
	p.note(buttons <= 100, "%d buttons", buttons)
}

// strict decodes JSON without forgiving unknown fields.
func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (p *provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body bytes.Buffer
	_, _ = body.ReadFrom(r.Body)
	p.mu.Lock()
	defer p.mu.Unlock()
	if name, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+token+"/"); ok && r.Method == http.MethodGet {
		fmt.Fprint(w, "content of "+name)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+token+"/")
	if !ok {
		refuse(w, 401, "Unauthorized", "")
		return
	}
	p.note(r.Method == http.MethodPost && r.Header.Get("Content-Type") == "application/json", "a POST of JSON")
	if !strings.HasPrefix(method, "send") {
		p.other = append(p.other, method+" "+strings.TrimSpace(body.String()))
		p.serveOther(w, r, method, body.Bytes())
		return
	}
	m := got{method: method}
	err := strict(body.Bytes(), &m)
	p.note(err == nil, "%v", err)
	p.check(m)
	fault := p.fault
	p.fault = channelstest.Works
	p.tries++
	p.seen = append(p.seen, m)
	if p.answer != nil && p.answer(w, m) {
		return
	}
	chat := "nobody"
	if m.ChatID != nil {
		chat = fmt.Sprint(*m.ChatID)
	}
	if fault.Taken() {
		t := channelstest.Taken{ID: fmt.Sprint(p.tries), To: chat, Text: m.Text + m.Caption}
		if m.Markup != nil {
			for _, row := range m.Markup.Inline {
				for _, b := range row {
					t.Shown = append(t.Shown, b.Text)
				}
			}
		}
		p.taken = append(p.taken, t)
	}
	switch fault {
	case channelstest.Works:
		fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"chat":{"id":%s,"type":"private"},"date":1767323045}}`, p.tries, chat)
	case channelstest.Throttle:
		refuse(w, 429, "Too Many Requests: retry after 7", fmt.Sprintf(`"retry_after":%d`, int(channelstest.ThrottleAfter.Seconds())))
	case channelstest.ServerError, channelstest.TakenServerError:
		http.Error(w, "<html>"+chat+"</html>", http.StatusBadGateway)
	case channelstest.TakenDrop:
		panic(http.ErrAbortHandler)
	case channelstest.TakenSilence:
		p.mu.Unlock()
		select {
		case <-p.end:
		case <-r.Context().Done():
		}
		p.mu.Lock()
	case channelstest.Denied:
		refuse(w, 401, "Unauthorized", "")
	case channelstest.NoSuchPerson:
		refuse(w, 400, "Bad Request: chat not found", "")
	case channelstest.SaidNo:
		refuse(w, 403, "Forbidden: bot was blocked by the user", "")
	case channelstest.BadContent:
		refuse(w, 400, "Bad Request: message is too long", "")
	}
}

// pressed returns the webhook of the person who taps the i-th button under a message:
// its data, beside the message as it stands.
func (p *provider) pressed(message string, i int) *http.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := strconv.Atoi(message)
	if err != nil || n < 1 || n > len(p.seen) {
		return nil
	}
	m := p.seen[n-1]
	rows := m.Markup.Inline
	at := 0
	for i >= at+len(rows[0]) {
		at, rows = at+len(rows[0]), rows[1:]
	}
	markup, err := json.Marshal(map[string]any{"inline_keyboard": m.Markup.Inline})
	if err != nil {
		panic(err) // strings always encode
	}
	return webhook(fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"7","from":{"id":%d,"is_bot":false},"message":{"message_id":%d,"chat":{"id":%d,"type":"private"},"date":1767323045,"reply_markup":%s},"data":%s}}`,
		860000100+n*100+i, *m.ChatID, n, *m.ChatID, markup, quote(rows[0][i-at].Data)))
}

// serveOther answers what sends nothing.
func (p *provider) serveOther(w http.ResponseWriter, r *http.Request, method string, body []byte) {
	switch method {
	case "getMe":
		fmt.Fprint(w, `{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Довідка","username":"dovidka_bot"}}`)
	case "setWebhook":
		fmt.Fprint(w, `{"ok":true,"result":true,"description":"Webhook was set"}`)
	case "answerCallbackQuery":
		if p.ack != nil {
			p.mu.Unlock()
			p.ack(w, r)
			p.mu.Lock()
			return
		}
		fmt.Fprint(w, `{"ok":true,"result":true}`)
	case "getFile":
		var in struct {
			ID string `json:"file_id"`
		}
		p.note(strict(body, &in) == nil, "getFile")
		if said, ok := p.files[in.ID]; ok {
			fmt.Fprint(w, said)
			return
		}
		refuse(w, 400, "Bad Request: wrong file_id or the file is temporarily unavailable", "")
	default:
		p.note(false, "method %s", method)
	}
}

// refuse answers as the Bot API does.
func refuse(w http.ResponseWriter, code int, words, parameters string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	fmt.Fprintf(w, `{"ok":false,"error_code":%d,"description":%q,"parameters":{%s}}`, code, words, parameters)
}

// webhook is an update as Telegram posts it.
func webhook(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/webhooks/telegram", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	return r
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always encodes
	}
	return string(b)
}

func to(id string) channels.Message {
	return channels.Message{Ref: "01J9", To: channels.Address{Channel: "telegram", ID: id}, Lang: "uk"}
}
