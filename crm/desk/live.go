package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hubkit/hubkit/crm"
)

// news tells pages of this process that something changed which no person
// said: a ticket was opened, taken, closed.
type news struct {
	mu   sync.Mutex
	next chan struct{}
}

func newNews() *news { return &news{next: make(chan struct{})} }

func (n *news) ring() {
	n.mu.Lock()
	defer n.mu.Unlock()
	close(n.next)
	n.next = make(chan struct{})
}

func (n *news) wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.next
}

// beat is how often an idle stream shows that it lives, and looks whether its
// session does. One that has something to send looks before it sends.
const beat = 15 * time.Second

// stream is a response of server-sent events.
type stream struct {
	v  *visit
	rc *http.ResponseController
}

func (v *visit) stream() stream {
	h := v.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // proxies pass events on at once
	v.w.WriteHeader(http.StatusOK)
	s := stream{v, http.NewResponseController(v.w)}
	_ = s.rc.SetWriteDeadline(time.Time{})
	_ = s.rc.Flush() // the page knows at once that it is connected
	return s
}

// send writes one event; its data is JSON and so stands in one line.
func (s stream) send(event string, id int64, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	out := "event: " + event + "\n"
	if id > 0 {
		out += "id: " + strconv.FormatInt(id, 10) + "\n"
	}
	if _, err := s.v.w.Write([]byte(out + "data: " + string(b) + "\n\n")); err != nil {
		return err
	}
	return s.rc.Flush()
}

// alive says whether the session that opened the stream still is, and may still
// see the programme; "" stands for none.
func (s stream) alive(ctx context.Context, programme string) bool {
	u, _, ok, err := s.v.d.signedIn(ctx, s.v.r)
	if err != nil || !ok || !u.Role.may(Viewer) || u.ID != s.v.agent.ID {
		return false
	}
	a := u.agent()
	return programme == "" || a.sees(programme)
}

// live streams a conversation: what is said, and who holds it. It begins after
// the number that the page shows already, or the last that the browser had.
func (d *Desk) live(v *visit) error {
	s, err := v.sit()
	if err != nil {
		return err
	}
	if s.ThreadID == (crm.ThreadID{}) {
		return crm.ErrNotFound
	}
	v.base = up("/" + s.Path) // what is sent stands in the page, not here
	seq, _ := strconv.ParseInt(v.r.URL.Query().Get("after"), 10, 64)
	if last, err := strconv.ParseInt(v.r.Header.Get("Last-Event-ID"), 10, 64); err == nil {
		seq = last
	}
	if err := v.record(s.Programme, "read.live", s.ID); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(v.r.Context())
	defer stop()
	out := v.stream()
	heard := make(chan int64, 1) // what the page has
	woken := make(chan error, 1) // something follows it
	go func() {
		defer close(woken)
		for after := range heard {
			woken <- d.store.Follow(ctx, s.ThreadID, after)
		}
	}()
	defer func() {
		stop()
		close(heard)
		for range woken { // the follower ends before we do
		}
	}()
	heard <- seq
	shownTaps := tapsOf(s.talk)
	shown := s.hold.State + s.hold.TicketID() + s.hold.By + s.hold.Refuses
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		changed := d.news.wait()
		said, beats := false, false
		select {
		case <-ctx.Done():
			return nil
		case <-d.closed:
			return nil
		case err := <-woken:
			if err != nil {
				return nil //nolint:nilerr // the reader is gone, or comes back
			}
			said = true
		case <-changed:
		case <-tick.C:
			beats = true
		}
		if !out.alive(ctx, s.Programme) { // before anything more is read
			return nil
		}
		if said {
			if seq, err = v.sendLines(out, s.seat, seq, shownTaps); err != nil {
				return nil //nolint:nilerr // the reader is gone, or comes back
			}
			heard <- seq
		}
		if beats {
			if err := out.send("beat", 0, nil); err != nil {
				return nil //nolint:nilerr // likewise
			}
		}
		now, err := v.sit()
		if err != nil {
			return nil //nolint:nilerr // forgotten meanwhile, or the reader is gone
		}
		if state := now.hold.State + now.hold.TicketID() + now.hold.By + now.hold.Refuses; state != shown {
			shown = state
			html, err := v.piece("holder", v.talkOf(now))
			if err == nil {
				err = out.send("holder", 0, html)
			}
			if err != nil {
				return nil //nolint:nilerr // likewise
			}
		}
	}
}

// sendLines sends what was said after a number.
func (v *visit) sendLines(out stream, s seat, seq int64, shown taps) (int64, error) {
	for x, err := range v.d.store.Interactions(v.r.Context(), s.ThreadID, crm.Page{After: seq}) {
		if err != nil {
			return seq, err
		}
		seq = x.Seq
		l, ok := v.line(s, &x, "", shown)
		if !ok {
			continue
		}
		html, err := v.piece("line", l)
		if err != nil {
			return seq, err
		}
		if err := out.send("line", seq, html); err != nil {
			return seq, err
		}
	}
	return seq, nil
}

// ticketsLive tells the list of conversations that it grew.
func (d *Desk) ticketsLive(v *visit) error {
	ctx := v.r.Context()
	changed := d.news.wait() // before the stream opens: nothing is missed
	out := v.stream()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-d.closed:
			return nil
		case <-changed:
			changed = d.news.wait()
			if !out.alive(ctx, "") {
				return nil
			}
			if err := out.send("changed", 0, nil); err != nil {
				return nil //nolint:nilerr // the reader is gone
			}
		case <-tick.C:
			if !out.alive(ctx, "") {
				return nil
			}
			if err := out.send("beat", 0, nil); err != nil && !errors.Is(err, context.Canceled) {
				return nil //nolint:nilerr // likewise
			}
		}
	}
}
