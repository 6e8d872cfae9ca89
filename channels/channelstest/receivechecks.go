package channelstest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

var receiveChecks = []check{
	{
		"receive", "an event without its id is recorded twice, and a text changed on the way is another answer",
		inbound, receive,
	},
	{
		"receive a repeat", "providers send a webhook again when they doubt: only the same id keeps an answer from counting twice",
		inbound, repeat,
	},
	{
		"taps", "an answer that was tapped counts by its option and by the message it stood under: which member, which asking",
		func(h *Harness) bool {
			l := h.Driver.Limits()
			return inbound(h) && l.Buttons.Max+l.List.Max > 0
		}, taps,
	},
	{
		"refuse a forged webhook", "whoever finds the URL could otherwise answer for anybody",
		func(h *Harness) bool { return inbound(h) && h.Trust > Unproven }, forged,
	},
	{
		"refuse a changed webhook", "a signature that does not cover the body proves nothing about what was said",
		func(h *Harness) bool { return inbound(h) && h.Trust == Signed }, changed,
	},
	{
		"survive any webhook", "a webhook is open to the internet: no bytes may bring the hub down",
		inbound, survive,
	},
	{
		"acknowledge", "a provider that is not answered sends again, and some of them stop sending",
		inbound, acknowledge,
	},
	{
		"reply in the response", "a caller hears only what the response says",
		func(h *Harness) bool { return inbound(h) && h.Session }, session,
	},
	{
		"statuses", "a status that cannot be matched leaves the message in doubt for ever",
		func(h *Harness) bool { return inbound(h) && h.News != nil }, news,
	},
}

func inbound(h *Harness) bool {
	_, ok := h.Driver.(channels.Receiver)
	return ok && h.Inbound != nil
}

// receive calls the driver with the request's own body.
func (h *Harness) receive(r *http.Request) ([]channels.Event, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return h.receiveBody(r, body)
}

func (h *Harness) receiveBody(r *http.Request, body []byte) ([]channels.Event, error) {
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	return h.Driver.(channels.Receiver).Receive(r, body)
}

// said returns the one event in which the person says something.
func said(es []channels.Event) (channels.Event, error) {
	var found []channels.Event
	for _, e := range es {
		if e.Kind == channels.Said {
			found = append(found, e)
		}
	}
	if len(found) != 1 {
		return channels.Event{}, fmt.Errorf("one message in, %d events of kind Said out", len(found))
	}
	return found[0], nil
}

func receive(_ context.Context, h *Harness) error {
	for i, text := range texts {
		es, err := h.receive(h.Inbound(fmt.Sprint("in-", i), text))
		if err != nil {
			return fmt.Errorf("text %d: %w", i, err)
		}
		e, err := said(es)
		if err != nil {
			return err
		}
		switch {
		case e.ID == "":
			return errors.New("the event has no ID")
		case e.From.Channel != h.Driver.Name() || e.From.ID != h.To:
			return fmt.Errorf("the event is from %s, which is not the person's address on this channel", e.From)
		case e.Text != text:
			return fmt.Errorf("text %d came in as %q, not %q", i, e.Text, text)
		case h.Session != (e.Session != ""):
			return fmt.Errorf("the event's Session is %q", e.Session)
		}
	}
	return nil
}

func repeat(_ context.Context, h *Harness) error {
	ids := map[string]string{}
	for _, id := range []string{"in-1", "in-2", "in-1"} {
		es, err := h.receive(h.Inbound(id, "так"))
		if err != nil {
			return err
		}
		e, err := said(es)
		if err != nil {
			return err
		}
		if was, ok := ids[id]; ok && was != e.ID {
			return errors.New("a repeated webhook has another ID")
		}
		ids[id] = e.ID
	}
	if ids["in-1"] == ids["in-2"] {
		return errors.New("two webhooks with the same words have one ID")
	}
	return nil
}

// taps asks the same question twice, in every form that can be tapped, and taps under
// both: the older message is not the newer one.
func taps(ctx context.Context, h *Harness) error {
	if h.Tap == nil {
		return errors.New("the limits have choices to tap: the harness needs Tap")
	}
	c, err := h.channel()
	if err != nil {
		return err
	}
	l := h.Driver.Limits()
	for _, n := range []int{l.Buttons.Max, l.Buttons.Max + 1, l.List.Max + 1} {
		if n == 0 || n > 300 {
			continue
		}
		m := h.message("", "Оберіть відповідь")
		m.Options = choices(n)
		r, err := c.Render(m)
		if err != nil {
			return err
		}
		shown := tappable(&r)
		if len(shown) == 0 {
			continue
		}
		var ids, refs [2]string
		for i := range ids {
			refs[i] = fmt.Sprintf("tap-%d-%d", n, i)
			m.Ref = refs[i]
			receipt, err := c.Send(ctx, m)
			if err != nil {
				return fmt.Errorf("%d options as %s: %w", n, r.Form, err)
			}
			ids[i] = receipt.ID
		}
		for i, id := range ids {
			for _, at := range []int{0, len(shown) - 1} {
				if err := h.tapped(id, refs[i], at, shown[at].ID); err != nil {
					return fmt.Errorf("choice %d of %d: %w", at+1, len(shown), err)
				}
			}
		}
	}
	return nil
}

// tapped taps the i-th choice of a message and checks what comes of it.
func (h *Harness) tapped(id, ref string, i int, option string) error {
	r := h.Tap(id, i)
	if r == nil {
		return errors.New("the harness's Tap found nothing to tap there")
	}
	es, err := h.receive(r)
	if err != nil {
		return err
	}
	e, err := said(es)
	if err != nil {
		return err
	}
	switch {
	case e.ID == "":
		return errors.New("the event has no ID")
	case e.From.Channel != h.Driver.Name() || e.From.ID != h.To:
		return fmt.Errorf("the event is from %s, which is not the person's address on this channel", e.From)
	case e.Option != option:
		return fmt.Errorf("the event's Option is %q, not %q", e.Option, option)
	case e.InReplyTo != id && e.InReplyTo != ref:
		return fmt.Errorf("the event's InReplyTo is %q, neither the id nor the reference of the message tapped", e.InReplyTo)
	}
	return nil
}

func forged(_ context.Context, h *Harness) error {
	r := h.Inbound("in-1", "так")
	for key := range r.Header {
		if key == "Content-Type" {
			continue
		}
		bad := h.Inbound("in-1", "так")
		value := bad.Header.Get(key)
		bad.Header.Del(key)
		missing := h.refused(bad)
		bad = h.Inbound("in-1", "так")
		bad.Header.Set(key, flip(value))
		if missing == nil && h.refused(bad) == nil {
			return nil // this header is the proof, and it is checked
		}
	}
	return errors.New("no header is needed to be believed: an unsigned request, or one signed wrongly, is accepted")
}

func changed(_ context.Context, h *Harness) error {
	good, err := io.ReadAll(h.Inbound("in-1", "так").Body)
	if err != nil {
		return err
	}
	for i := range good {
		r := h.Inbound("in-1", "так")
		body := bytes.Clone(good)
		body[i] ^= 1
		if es, err := h.receiveBody(r, body); err == nil || len(es) > 0 {
			return fmt.Errorf("byte %d of the body was changed and the request accepted", i)
		}
	}
	return nil
}

// refused returns nil if the driver refuses r as not the provider's.
func (h *Harness) refused(r *http.Request) error {
	es, err := h.receive(r)
	if !errors.Is(err, channels.ErrSignature) {
		return errors.Join(errors.New("the error is not ErrSignature"), err)
	}
	if len(es) > 0 {
		return errors.New("events came out beside ErrSignature")
	}
	return nil
}

func flip(s string) string {
	if s == "" {
		return "x"
	}
	b := []byte(s)
	b[len(b)/2] ^= 1
	return string(b)
}

func survive(_ context.Context, h *Harness) (err error) {
	at := ""
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("Receive panicked on a body of %s: %T", at, p)
		}
	}()
	good, err := io.ReadAll(h.Inbound("in-1", "так").Body)
	if err != nil {
		return err
	}
	for _, c := range []struct{ name, body string }{
		{"nothing", ""},
		{"null", "null"},
		{"an empty object", "{}"},
		{"an empty list", "[]"},
		{"a number", "1"},
		{"deep brackets", strings.Repeat("[", 20000)},
		{"broken UTF-8", "\xff\xfe=\xff"},
		{"NUL", "\x00\x00"},
		{"HTML", "<html><body>502</body></html>"},
		{"a form of nothing", "=&=&;=%zz"},
		{"half a webhook", string(good[:len(good)/2])},
		{"two webhooks", string(good) + string(good)},
	} {
		at = c.name
		_, _ = h.receiveBody(h.Inbound("in-1", "так"), []byte(c.body)) // any answer will do
	}
	return nil
}

// serve lets the webhook of the whole channel answer, with what the hub replies.
func (h *Harness) serve(r *http.Request, replies ...channels.Message) (*httptest.ResponseRecorder, []channels.Event, error) {
	c, err := channels.New(h.Driver, channels.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, nil, err
	}
	var got []channels.Event
	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		got = append(got, e)
		return replies, nil
	})
	w := httptest.NewRecorder()
	c.Webhook(hub).ServeHTTP(w, r)
	return w, got, nil
}

func acknowledge(_ context.Context, h *Harness) error {
	w, got, err := h.serve(h.Inbound("in-1", "так"))
	if err != nil {
		return err
	}
	if w.Code < 200 || w.Code > 299 {
		return fmt.Errorf("the webhook was answered with %d", w.Code)
	}
	if len(got) == 0 {
		return errors.New("the hub was given nothing")
	}
	return nil
}

func session(_ context.Context, h *Harness) error {
	w, _, err := h.serve(h.Inbound("in-1", "так"), h.message("r", "Дякуємо за відповідь"))
	if err != nil {
		return err
	}
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Дякуємо за відповідь") {
		return fmt.Errorf("the response, with status %d, does not hold the reply", w.Code)
	}
	return nil
}

func news(ctx context.Context, h *Harness) error {
	c, err := h.channel()
	if err != nil {
		return err
	}
	receipt, err := c.Send(ctx, h.message("ref-news", "news"))
	if err != nil {
		return err
	}
	for _, stage := range []channels.Stage{channels.Delivered, channels.Failed} {
		es, err := h.receive(h.News(receipt.ID, "ref-news", stage))
		if err != nil {
			return err
		}
		if len(es) != 1 || es[0].Kind != channels.News || es[0].Status == nil {
			return errors.New("a status webhook is one event of kind News with a Status")
		}
		s := es[0].Status
		switch {
		case s.ID != receipt.ID && s.Ref != "ref-news":
			return errors.New("the status names neither our reference nor the provider's id")
		case s.Stage != stage:
			return fmt.Errorf("the status is %s, not %s", s.Stage, stage)
		case (stage == channels.Failed) != (s.Cause != channels.None):
			return fmt.Errorf("the cause of a message that is %s is %s", stage, s.Cause)
		case es[0].ID == "":
			return errors.New("the event has no ID")
		}
	}
	return nil
}
