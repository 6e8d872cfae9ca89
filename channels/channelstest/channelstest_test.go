package channelstest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var everyFault = []Fault{
	Works, Throttle, Down, ServerError, TakenServerError, TakenDrop, TakenSilence, Denied, NoSuchPerson, SaidNo, BadContent, OutsideWindow,
}

// harness returns the recorder as a driver beside its own provider.
func harness(l channels.Limits) (Harness, *Recorder) {
	r := NewRecorder("recorder", l)
	return Harness{
		Driver: Listing{r}, To: "+15550100123", Taken: r.Taken, Requests: r.Requests,
		Fault: func(f Fault) { r.Fault(f) }, Faults: everyFault, Trust: Token, Session: true,
		Inbound: func(id, text string) *http.Request {
			return r.Inbound(channels.Event{ID: id, From: channels.Address{ID: "+15550100123"}, Text: text, Session: "call-" + id})
		},
		Tap: func(id string, i int) *http.Request {
			e := channels.Event{ID: fmt.Sprint("tap-", id, i), From: channels.Address{ID: "+15550100123"}, InReplyTo: id}
			for _, m := range r.Taken() {
				if m.ID == id {
					e.Text, e.Option = m.Shown[i], m.Rendered.Shown[i].ID
				}
			}
			return r.Inbound(e)
		},
		News: func(id, ref string, s channels.Stage) *http.Request {
			st := &channels.Status{Ref: ref, Stage: s}
			if s == channels.Failed {
				st.Cause = channels.Unreachable
			}
			return r.Inbound(channels.Event{ID: id + s.String(), Kind: channels.News, From: channels.Address{ID: "+15550100123"}, Status: st})
		},
	}, r
}

func TestRecorderKeepsEveryPromise(t *testing.T) {
	for name, l := range map[string]channels.Limits{
		"whatsapp": WhatsApp(), "viber": Viber(), "telegram": Telegram(), "sms": SMS(), "voice": Voice(), "web": Web(),
	} {
		t.Run(name, func(t *testing.T) {
			TestDriver(t, func(*testing.T) Harness { h, _ := harness(l); return h })
		})
	}
}

// bad is a driver that breaks the promises it is told to break.
type bad struct {
	*Recorder
	name    func() string
	limits  func() channels.Limits
	send    func(context.Context, channels.Rendered) (channels.Receipt, error)
	receive func(*http.Request, []byte) ([]channels.Event, error)
	answer  func(http.ResponseWriter, *http.Request, []channels.Rendered) error
	sent    func(from string, since, until time.Time) iter.Seq2[channels.Listed, error]
}

func (b *bad) Name() string {
	if b.name != nil {
		return b.name()
	}
	return b.Recorder.Name()
}

func (b *bad) Limits() channels.Limits {
	if b.limits != nil {
		return b.limits()
	}
	return b.Recorder.Limits()
}

func (b *bad) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if b.send != nil {
		return b.send(ctx, r)
	}
	return b.Recorder.Send(ctx, r)
}

func (b *bad) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if b.receive != nil {
		return b.receive(r, body)
	}
	return b.Recorder.Receive(r, body)
}

func (b *bad) Answer(w http.ResponseWriter, r *http.Request, replies []channels.Rendered) error {
	if b.answer != nil {
		return b.answer(w, r, replies)
	}
	return b.Recorder.Answer(w, r, replies)
}

func (b *bad) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	if b.sent != nil {
		return b.sent(from, since, until)
	}
	return Listing{b.Recorder}.Sent(ctx, from, since, until)
}

// The test of the tests: for every check, drivers that break its promise fail it.
func TestEveryCheckFindsTheDriverThatBreaksIt(t *testing.T) {
	none := channels.Receipt{}
	proven := map[string]bool{}
	for _, c := range []struct {
		check, name string
		spoil       func(b *bad, h *Harness)
		want        string
	}{
		{"name and limits", "a name with a space", func(b *bad, _ *Harness) { b.name = func() string { return "What's App" } }, "lower-case"},
		{"name and limits", "a name that changes", func(b *bad, _ *Harness) {
			var n atomic.Int32
			b.name = func() string { return fmt.Sprint("x", n.Add(1)) }
		}, "changed"},
		{"name and limits", "limits below zero", func(b *bad, _ *Harness) { b.limits = func() channels.Limits { return channels.Limits{Text: -1} } }, "Text is -1"},
		{"send", "no id", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				_, err := b.Recorder.Send(ctx, r)
				return none, err
			}
		}, "receipt's id"},
		{"send", "a text cut", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				p := r.Body()
				r.Parts = []string{p[:min(len(p), 10)]}
				return b.Recorder.Send(ctx, r)
			}
		}, "arrived as"},
		{"send", "another person", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				r.To.ID = "+15550100999"
				return b.Recorder.Send(ctx, r)
			}
		}, "another address"},
		{"send", "sent twice", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				_, _ = b.Recorder.Send(ctx, r)
				return b.Recorder.Send(ctx, r)
			}
		}, "2 messages after 1 sends"},
		{"send every form", "lists refused", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				if r.Form == channels.List {
					return none, &channels.Error{Cause: channels.Rejected}
				}
				return b.Recorder.Send(ctx, r)
			}
		}, "as list"},
		{"send every form", "options dropped", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				r.Form, r.Shown = channels.Plain, nil
				return b.Recorder.Send(ctx, r)
			}
		}, "1 options as buttons: part 1 arrived with [] to tap"},
		{"send every form", "the row for more dropped", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				if r.Form == channels.Paged {
					r.Shown = r.Options[:len(r.Shown)-1]
				}
				return b.Recorder.Send(ctx, r)
			}
		}, "as paged"},
		{"send every form", "the second page is the first", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				if r.Page == 2 && r.Form == channels.Paged {
					r.Shown = r.Options[:len(r.Shown)]
				}
				return b.Recorder.Send(ctx, r)
			}
		}, "as paged"},
		{"send every form", "buttons beside numbers", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				if r.Form == channels.Numbers {
					r.Form = channels.Buttons
				}
				return b.Recorder.Send(ctx, r)
			}
		}, "as numbers"},
		{"send at once from many goroutines", "receipts mixed up", func(b *bad, _ *Harness) {
			var mu sync.Mutex
			var last channels.Receipt
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				mu.Lock()
				defer mu.Unlock()
				got, err := b.Recorder.Send(ctx, r)
				if last.ID == "" {
					last = got
				}
				return last, err
			}
		}, "names a message"},
		{"cancelled before sending", "context ignored", func(b *bad, _ *Harness) {
			b.send = func(_ context.Context, r channels.Rendered) (channels.Receipt, error) {
				return b.Recorder.Send(context.Background(), r)
			}
		}, "returned no error"},
		{"cancelled before sending", "sent, then an error", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				_, _ = b.Recorder.Send(context.Background(), r)
				return none, ctx.Err()
			}
		}, "sent the message"},
		{"faults have their cause", "everything unavailable", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				_, err := b.Recorder.Send(ctx, r)
				if err != nil {
					err = &channels.Error{Cause: channels.Unavailable}
				}
				return none, err
			}
		}, "taken, then the connection drops: the cause is unavailable, not unknown"},
		{"faults have their cause", "Retry-After forgotten", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				_, err := b.Recorder.Send(ctx, r)
				return none, channelsError(err)
			}
		}, "After is not"},
		{"faults are not repeated", "a driver that retries", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				got, err := b.Recorder.Send(ctx, r)
				if err != nil {
					return b.Recorder.Send(ctx, r)
				}
				return got, nil
			}
		}, "made 2 attempts"},
		{"errors hold no personal data", "an error that tells", func(b *bad, _ *Harness) {
			b.send = func(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
				got, err := b.Recorder.Send(ctx, r)
				if err != nil {
					err = fmt.Errorf("to %s: %w", r.To.ID, &channels.Error{Cause: channels.Unknown})
				}
				return got, err
			}
		}, "holds the address"},
		{"the provider's list", "a list that misses", func(b *bad, _ *Harness) {
			b.sent = func(string, time.Time, time.Time) iter.Seq2[channels.Listed, error] {
				return func(func(channels.Listed, error) bool) {}
			}
		}, "0 times"},
		{"the provider's list", "a list without end", func(b *bad, _ *Harness) {
			b.sent = func(from string, _, _ time.Time) iter.Seq2[channels.Listed, error] {
				return Listing{b.Recorder}.Sent(context.Background(), from, time.Time{}, time.Now())
			}
		}, "outside the time"},
		{"receive", "no id", spoilEvent(func(e *channels.Event) { e.ID = "" }), "no ID"},
		{"receive", "trimmed text", spoilEvent(func(e *channels.Event) { e.Text = strings.ToUpper(e.Text) }), "came in as"},
		{"receive", "another channel", spoilEvent(func(e *channels.Event) { e.From.Channel = "x" }), "not the person's address"},
		{"receive", "no session", spoilEvent(func(e *channels.Event) { e.Session = "" }), "Session"},
		{"receive a repeat", "ids of its own", func() func(*bad, *Harness) {
			var n atomic.Int32
			return spoilEvent(func(e *channels.Event) { e.ID = fmt.Sprint(n.Add(1)) })
		}(), "another ID"},
		{"receive a repeat", "one id for all", spoilEvent(func(e *channels.Event) { e.ID = "same" }), "have one ID"},
		{"taps", "a harness without taps", func(_ *bad, h *Harness) { h.Tap = nil }, "needs Tap"},
		{"taps", "a harness that finds nothing", func(_ *bad, h *Harness) {
			h.Tap = func(string, int) *http.Request { return nil }
		}, "nothing to tap"},
		{"taps", "a tap as words only", spoilEvent(func(e *channels.Event) { e.Option = "" }), `Option is "", not "question:1"`},
		{"taps", "a tap under no message", spoilEvent(func(e *channels.Event) { e.InReplyTo = "" }), "InReplyTo"},
		{"taps", "a tap under the latest message", func(b *bad, h *Harness) {
			spoilEvent(func(e *channels.Event) {
				all := h.Taken()
				e.InReplyTo = all[len(all)-1].ID
			})(b, h)
		}, "InReplyTo"},
		{"taps", "a tap of another person", spoilEvent(func(e *channels.Event) { e.From.ID = "+15550100999" }), "not the person's address"},
		{"taps", "a tap without id", spoilEvent(func(e *channels.Event) { e.ID = "" }), "no ID"},
		{"refuse a forged webhook", "everybody trusted", func(b *bad, _ *Harness) {
			b.receive = func(r *http.Request, body []byte) ([]channels.Event, error) {
				r.Header.Set("X-Token", token)
				return b.Recorder.Receive(r, body)
			}
		}, "no header is needed"},
		{"refuse a forged webhook", "any token trusted", func(b *bad, _ *Harness) {
			b.receive = func(r *http.Request, body []byte) ([]channels.Event, error) {
				if r.Header.Get("X-Token") != "" {
					r.Header.Set("X-Token", token)
				}
				return b.Recorder.Receive(r, body)
			}
		}, "no header is needed"},
		{"refuse a changed webhook", "a token is no signature", func(_ *bad, h *Harness) { h.Trust = Signed }, "of the body was changed"},
		{"survive any webhook", "a panic", func(b *bad, _ *Harness) {
			b.receive = func(_ *http.Request, body []byte) ([]channels.Event, error) {
				var m map[string]any
				_ = json.Unmarshal(body, &m)
				return []channels.Event{{Text: m["Text"].(string)}}, nil
			}
		}, "panicked on a body of nothing"},
		{"acknowledge", "an answer that fails", func(b *bad, _ *Harness) {
			b.answer = func(http.ResponseWriter, *http.Request, []channels.Rendered) error { return io.ErrShortWrite }
		}, "answered with 500"},
		{"reply in the response", "silence", func(b *bad, _ *Harness) {
			b.answer = func(http.ResponseWriter, *http.Request, []channels.Rendered) error { return nil }
		}, "does not hold the reply"},
		{"statuses", "a failure told as a delivery", spoilEvent(func(e *channels.Event) {
			if e.Status != nil {
				e.Status.Stage = channels.Delivered
			}
		}), "is delivered, not failed"},
		{"statuses", "a failure without a cause", spoilEvent(func(e *channels.Event) {
			if e.Status != nil {
				e.Status.Cause = channels.None
			}
		}), "the cause of a message that is failed is none"},
		{"statuses", "no reference", spoilEvent(func(e *channels.Event) {
			if e.Status != nil {
				e.Status.Ref = ""
			}
		}), "neither"},
	} {
		t.Run(c.check+"/"+c.name, func(t *testing.T) {
			proven[c.check] = true
			h, r := harness(WhatsApp())
			b := &bad{Recorder: r}
			h.Driver = b
			c.spoil(b, &h)
			for _, one := range checks {
				if one.name == c.check {
					require.True(t, one.needs == nil || one.needs(&h))
					require.ErrorContains(t, one.run(t.Context(), &h), c.want)
					return
				}
			}
			t.Fatal("no such check")
		})
	}
	for _, c := range checks {
		assert.True(t, proven[c.name], "no driver above breaks the promise %q: what does the check prove?", c.name)
		assert.NotEmpty(t, c.why, c.name)
	}
}

func spoilEvent(f func(*channels.Event)) func(*bad, *Harness) {
	return func(b *bad, _ *Harness) {
		b.receive = func(r *http.Request, body []byte) ([]channels.Event, error) {
			es, err := b.Recorder.Receive(r, body)
			for i := range es {
				f(&es[i])
			}
			return es, err
		}
	}
}

func channelsError(err error) error {
	if err == nil {
		return nil
	}
	return &channels.Error{Cause: channels.CauseOf(err)}
}

func TestDriverThatHangsIsGivenUpOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, r := harness(SMS())
		stop := make(chan struct{})
		defer close(stop)
		h.Driver = &bad{Recorder: r, send: func(context.Context, channels.Rendered) (channels.Receipt, error) {
			<-stop
			return channels.Receipt{}, errors.New("x")
		}}
		h.Faults = []Fault{TakenSilence}
		require.ErrorContains(t, faultCauses(t.Context(), &h), "did not return")
	})
}

func TestNoiseLosesNothing(t *testing.T) {
	st := []channels.Status{{ID: "1", Stage: channels.Sent}, {ID: "1", Stage: channels.Delivered}, {ID: "1", Stage: channels.Read}}
	doubled, turned := false, false
	for seed := range uint64(50) {
		out := Noise(rand.New(rand.NewPCG(seed, 1)), st)
		assert.Subset(t, out, st)
		doubled = doubled || len(out) > len(st)
		turned = turned || out[0].Stage != channels.Sent
	}
	assert.True(t, doubled && turned)
}

func TestFaultsAreNamedAndHonest(t *testing.T) {
	for _, f := range everyFault {
		assert.NotContains(t, f.String(), "fault ")
		require.NotEmpty(t, f.Causes())
		if f.Taken() {
			for _, c := range f.Causes() {
				assert.False(t, c.NotSent(), "%s is taken: %s would send it twice", f, c)
			}
		}
	}
	assert.Equal(t, "fault 99", Fault(99).String())
	var b bytes.Buffer
	_, _ = fmt.Fprint(&b, Listing{NewRecorder("x", SMS())}.Name())
	assert.Equal(t, "x", b.String())
}
