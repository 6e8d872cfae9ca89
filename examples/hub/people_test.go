package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// said is one message of the hub, as the page is sent it.
type said struct {
	Seq     int64   `json:"seq"`
	Ref     string  `json:"ref"`
	Heading string  `json:"heading"`
	Text    string  `json:"text"`
	Options []offer `json:"options"`
}

// offer is one option of a message.
type offer struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// person is somebody with a phone: it speaks the web chat's protocol as the
// page does, over a line and to a hub that may break at any moment.
type person struct {
	lang  hubkit.Lang
	story story
	url   func() string // where the hub is now
	http  *http.Client
	rng   *rand.Rand

	streams bool // listens to the stream; otherwise asks again and again
	clumsy  bool // reloads, and sends the same again

	nonce  string
	token  string
	id     string   // of the session, from the token
	sent   []string // client ids, in order
	heard  []said
	thinks time.Duration // at most, before an answer
	took   *durations    // until a message was acknowledged; nil: not measured
}

// client is the phones of many people; each keeps a line of its own open.
var client = http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1024, IdleConnTimeout: 10 * time.Second}, Timeout: time.Minute}

// newPerson is a person with a story of their own.
func newPerson(seed uint64, url func() string, client *http.Client) *person {
	rng := rand.New(rand.NewPCG(seed, 77))
	lang := []hubkit.Lang{"uk", "ru", "en"}[rng.IntN(3)]
	nonce := make([]byte, 16)
	for i := range nonce {
		nonce[i] = byte(rng.Uint32())
	}
	return &person{
		lang: lang, story: newStory(rng, lang), url: url, http: client, rng: rng,
		streams: rng.IntN(2) == 0, clumsy: true, nonce: base64.RawURLEncoding.EncodeToString(nonce),
	}
}

func (p *person) thread() crm.ThreadID {
	return crm.ThreadID{Programme: programme.ID, Address: channels.Address{Channel: "web", ID: p.id}}
}

// eventID is what the web chat makes of a session and a client's id.
func (p *person) eventID(client string) string {
	sum := sha256.Sum256([]byte(p.id + "\x00" + client))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// ask sends one request until somebody answers it, as the page does.
func (p *person) ask(ctx context.Context, method, path string, body []byte) (int, []byte, error) {
	for {
		status, answer, wait, err := p.once(ctx, method, path, body)
		if err == nil && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
			return status, answer, nil
		}
		if err := rest(ctx, max(wait, time.Duration(10+p.rng.IntN(20))*time.Millisecond)); err != nil {
			return 0, nil, fmt.Errorf("%s %s: no answer came: %w", method, path, err)
		}
	}
}

// once sends one request.
func (p *person) once(ctx context.Context, method, path string, body []byte) (status int, answer []byte, wait time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, method, p.url()+"/chat/"+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, 0, err
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	res, err := p.http.Do(r)
	if err != nil {
		return 0, nil, 0, err
	}
	defer res.Body.Close()
	answer, err = io.ReadAll(res.Body)
	s, _ := strconv.Atoi(res.Header.Get("Retry-After"))
	return res.StatusCode, answer, time.Duration(s) * time.Second, err
}

func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// arrive opens the session.
func (p *person) arrive(ctx context.Context) error {
	status, b, err := p.ask(ctx, "POST", "session", fmt.Appendf(nil, `{"bearer":true,"nonce":%q}`, p.nonce))
	if err != nil {
		return err
	}
	var got struct{ Token string }
	want := http.StatusCreated
	if p.token != "" {
		want = http.StatusOK // the page was opened again
	}
	if err := json.Unmarshal(b, &got); err != nil || status != want {
		return fmt.Errorf("a session was answered with %d %s", status, b)
	}
	raw, err := base64.RawURLEncoding.DecodeString(got.Token)
	if err != nil || len(raw) < 16 {
		return fmt.Errorf("a token of %d bytes: %w", len(raw), err)
	}
	id := base64.RawURLEncoding.EncodeToString(raw[:16])
	if p.id != "" && p.id != id {
		return errors.New("the same nonce began a second session")
	}
	p.token, p.id = got.Token, id
	return nil
}

// message is the body of POST message.
type message struct {
	Client    string `json:"client"`
	Text      string `json:"text,omitempty"`
	Option    string `json:"option,omitempty"`
	InReplyTo string `json:"inReplyTo,omitempty"`
	Photo     string `json:"photo,omitempty"`
}

// say sends a message; a clumsy person often sends it again.
func (p *person) say(ctx context.Context, m message) error {
	if m.Client == "" {
		m.Client = "m" + strconv.Itoa(len(p.sent))
	}
	p.sent = append(p.sent, m.Client)
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	times := 1
	if p.clumsy && p.rng.IntN(5) == 0 {
		times = 2
	}
	for range times {
		began := time.Now()
		status, b, err := p.ask(ctx, "POST", "message", body)
		p.took.add(time.Since(began))
		if err != nil {
			return err
		}
		if status != http.StatusAccepted {
			return fmt.Errorf("message %s was answered with %d %s", m.Client, status, b)
		}
	}
	return nil
}

// listen hears until n messages have been said in all.
func (p *person) listen(ctx context.Context, n int) error {
	for len(p.heard) < n {
		var err error
		if p.streams {
			err = p.stream(ctx, n)
		} else {
			err = p.poll(ctx)
		}
		if err != nil {
			return err
		}
		if len(p.heard) < n {
			if err := rest(ctx, 10*time.Millisecond); err != nil {
				return fmt.Errorf("heard %d of %d messages: %w", len(p.heard), n, err)
			}
		}
	}
	return nil
}

func (p *person) last() int64 {
	if len(p.heard) == 0 {
		return 0
	}
	return p.heard[len(p.heard)-1].Seq
}

func (p *person) after(ctx context.Context, seq int64) ([]said, error) {
	status, b, err := p.ask(ctx, "GET", "messages?after="+strconv.FormatInt(seq, 10), nil)
	if err != nil {
		return nil, err
	}
	var got struct{ Entries []said }
	if err := json.Unmarshal(b, &got); err != nil || status != http.StatusOK {
		return nil, fmt.Errorf("messages were answered with %d %s", status, b)
	}
	return got.Entries, nil
}

func (p *person) poll(ctx context.Context) error {
	fresh, err := p.after(ctx, p.last())
	for _, s := range fresh {
		err = errors.Join(err, p.hear(s))
	}
	return err
}

// stream listens until n messages are heard or the line breaks.
func (p *person) stream(ctx context.Context, n int) error {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, "GET", p.url()+"/chat/stream", nil)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Last-Event-ID", strconv.FormatInt(p.last(), 10))
	res, err := p.http.Do(r)
	if err != nil {
		return nil //nolint:nilerr // the line broke: listen again
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusServiceUnavailable {
		return nil
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("a stream was answered with %d", res.StatusCode)
	}
	lines := bufio.NewScanner(res.Body)
	lines.Buffer(nil, 1<<20)
	for len(p.heard) < n && lines.Scan() {
		data, ok := bytes.CutPrefix(lines.Bytes(), []byte("data: "))
		if !ok || len(data) == 0 {
			continue
		}
		var s said
		if err := json.Unmarshal(data, &s); err != nil {
			return nil //nolint:nilerr // cut off within the line
		}
		if err := p.hear(s); err != nil {
			return err
		}
	}
	return nil
}

// hear takes what was said: each message once, in order.
func (p *person) hear(s said) error {
	if s.Seq <= p.last() {
		return fmt.Errorf("number %d came after %d", s.Seq, p.last())
	}
	for _, h := range p.heard {
		if h.Ref == s.Ref {
			return fmt.Errorf("message %s was delivered twice", s.Ref)
		}
	}
	p.heard = append(p.heard, s)
	return nil
}

// reload forgets the page and reads the whole conversation again: it is what
// was heard before, and perhaps one more.
func (p *person) reload(ctx context.Context) error {
	all, err := p.after(ctx, 0)
	if err != nil {
		return err
	}
	if len(all) < len(p.heard) || !reflect.DeepEqual(all[:len(p.heard)], p.heard) {
		return fmt.Errorf("after a reload the conversation is another: %d messages, not %d", len(all), len(p.heard))
	}
	for _, s := range all[len(p.heard):] {
		if err := p.hear(s); err != nil {
			return err
		}
	}
	return nil
}

// walk tells the whole story: every question is answered as planned, and none
// is asked a second time.
func (p *person) walk(ctx context.Context) error {
	if err := p.arrive(ctx); err != nil {
		return err
	}
	for i, st := range p.story.steps {
		if err := p.listen(ctx, i+1); err != nil {
			return fmt.Errorf("step %d, %s: %w", i, st.key, err)
		}
		if p.clumsy && p.rng.IntN(10) == 0 {
			if err := errors.Join(p.arrive(ctx), p.reload(ctx)); err != nil {
				return err
			}
		}
		if len(p.heard) != i+1 {
			return fmt.Errorf("%d messages were said by step %d, where %d are planned", len(p.heard), i, i+1)
		}
		now := p.heard[i]
		if !st.asked(now, p.lang) {
			return fmt.Errorf("step %d asks for %s of person %d, and what was said is another question", i, st.key, st.row+1)
		}
		if p.thinks > 0 {
			if err := rest(ctx, time.Duration(p.rng.Int64N(int64(p.thinks)))); err != nil {
				return err
			}
		}
		if err := p.say(ctx, st.reply(now, p.rng)); err != nil {
			return err
		}
	}
	// Thanks, and the menu.
	n := len(p.story.steps) + 2
	if err := p.listen(ctx, n); err != nil {
		return fmt.Errorf("the end: %w", err)
	}
	if err := p.reload(ctx); err != nil {
		return err
	}
	if len(p.heard) != n || p.heard[n-1].offers("menu/start:cash") == "" {
		return fmt.Errorf("at the end %d messages were said, not %d with the menu last", len(p.heard), n)
	}
	return nil
}
