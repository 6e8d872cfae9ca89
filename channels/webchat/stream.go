package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Reasons for which a stream ends, told to the page.
var (
	errMoved  = errors.New("the session opened another stream")
	errEnding = errors.New("the server is closing")
)

// streams counts the open streams, one per session.
type streams struct {
	max int

	mu     sync.Mutex
	closed bool
	open   map[string]*context.CancelCauseFunc
}

// join opens the stream of a session in place of its older one. leave must be called.
func (s *streams) join(ctx context.Context, id string) (_ context.Context, leave func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.open[id]
	if s.closed || (old == nil && len(s.open) >= s.max) {
		return nil, nil, false
	}
	ctx, cancel := context.WithCancelCause(ctx)
	if old != nil {
		(*old)(errMoved)
	}
	if s.open == nil {
		s.open = map[string]*context.CancelCauseFunc{}
	}
	mine := &cancel
	s.open[id] = mine
	return ctx, func() {
		cancel(nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[id] == mine {
			delete(s.open, id)
		}
	}, true
}

func (s *streams) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, cancel := range s.open {
		(*cancel)(errEnding)
	}
}

func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// stream answers GET stream: every entry after the page's place as one
// server-sent event whose id is its sequence number, and a comment as a sign
// of life when nothing is said. It ends when the request or the server does,
// when the session opens a newer stream, or when the reader is too slow.
func (d *desk) stream(w http.ResponseWriter, r *http.Request, s session) {
	seq, err := seqAfter(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if wait := d.reads.take(s.id, d.cfg.Now()); wait > 0 {
		refuse(w, tooMany(wait))
		return
	}
	ctx, leave, ok := d.streams.join(r.Context(), s.id)
	if !ok {
		refuse(w, busy(time.Duration(5+rand.IntN(10))*time.Second))
		return
	}
	defer leave()

	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold it back
	rc := http.NewResponseController(w)
	line := wire{w: w, rc: rc, patience: d.cfg.Patience}
	line.buf = append(line.buf, "retry: 3000\n\n"...)
	if line.flush() != nil {
		return
	}

	at := address(s)
	for fresh := true; ; {
		if d.revoked(s) {
			line.end("end", time.Second) // and then it is refused
			return
		}
		if fresh {
			var entries []channels.Entry
			if entries, err = d.cfg.Backlog.After(ctx, at, seq); err != nil {
				break
			}
			for _, e := range entries {
				if seq = e.Seq; line.entry(e) != nil {
					return
				}
			}
			if line.flush() != nil {
				return
			}
		}
		if fresh, err = d.wait(ctx, at, seq); err != nil {
			break
		}
		if !fresh {
			line.buf = append(line.buf, ":\n\n"...)
		}
		if line.flush() != nil {
			return
		}
	}
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errMoved):
		line.end("moved", 0)
	case cause != nil:
		line.end("end", time.Duration(1000+rand.IntN(4000))*time.Millisecond)
	default:
		d.cfg.Logger.WarnContext(ctx, "web chat: backlog not read", "error", plain(err))
		line.end("end", 5*time.Second)
	}
}

// wait returns true when there may be more to read, and false after a
// heartbeat's silence.
func (d *Driver) wait(ctx context.Context, a channels.Address, seq int64) (bool, error) {
	beat, cancel := context.WithTimeout(ctx, d.cfg.Heartbeat)
	defer cancel()
	err := d.cfg.Backlog.Wait(beat, a, seq)
	switch {
	case ctx.Err() != nil:
		return false, ctx.Err()
	case beat.Err() != nil:
		return false, nil
	}
	return err == nil, err
}

// wire writes events, each within patience, and keeps no buffer while idle.
type wire struct {
	w        http.ResponseWriter
	rc       *http.ResponseController
	patience time.Duration
	buf      []byte
}

// entry adds one event, and writes when much has gathered.
func (l *wire) entry(e channels.Entry) error {
	data, err := json.Marshal(show(e))
	if err != nil {
		return err
	}
	l.buf = append(l.buf, "id: "...)
	l.buf = strconv.AppendInt(l.buf, e.Seq, 10)
	l.buf = append(l.buf, "\ndata: "...)
	l.buf = append(append(l.buf, data...), "\n\n"...)
	if len(l.buf) < 16<<10 {
		return nil
	}
	return l.flush()
}

// end says goodbye with a reason, and when to come back.
func (l *wire) end(event string, retry time.Duration) {
	if retry > 0 {
		l.buf = append(l.buf, "retry: "...)
		l.buf = strconv.AppendInt(l.buf, retry.Milliseconds(), 10)
		l.buf = append(l.buf, '\n')
	}
	l.buf = append(append(append(l.buf, "event: "...), event...), "\ndata:\n\n"...)
	_ = l.flush() // the reader may be gone already
}

func (l *wire) flush() error {
	if len(l.buf) == 0 {
		return nil
	}
	_ = l.rc.SetWriteDeadline(time.Now().Add(l.patience))
	_, err := l.w.Write(l.buf)
	if err == nil {
		err = l.rc.Flush()
	}
	_ = l.rc.SetWriteDeadline(time.Time{}) // on HTTP/2 a deadline that passes in silence would end the stream
	l.buf = nil
	return err
}
