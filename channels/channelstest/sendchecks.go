package channelstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
)

var sendChecks = []check{
	{
		"send", "the receipt's id is how a status callback finds the message, and a text changed on the way is another question",
		nil, send,
	},
	{
		"send every form", "the hub counts on every form that the limits allow: what is rendered must be accepted",
		nil, everyForm,
	},
	{
		"send at once from many goroutines", "one channel serves every conversation of the hub",
		nil, concurrent,
	},
	{
		"cancelled before sending", "at shutdown nothing new may leave: what is not recorded as sent would be sent again",
		nil, cancelled,
	},
	{
		"faults have their cause", "a wrong cause loses a message or tells somebody twice",
		func(h *Harness) bool { return h.Fault != nil && len(h.Faults) > 0 }, faultCauses,
	},
	{
		"faults are not repeated", "a driver never retries: a create without an idempotency key that is repeated tells somebody twice",
		func(h *Harness) bool { return h.Fault != nil && len(h.Faults) > 0 && h.Requests != nil }, faultOnce,
	},
	{
		"errors hold no personal data", "errors end in logs and dashboards that many people read",
		func(h *Harness) bool { return h.Fault != nil && len(h.Faults) > 0 }, faultWords,
	},
	{
		"the provider's list", "only the list can tell whether a message in doubt has left",
		func(h *Harness) bool { _, ok := h.Driver.(channels.Reconciler); return ok }, list,
	},
}

// texts are what people read in the scripts and with the signs that break naive code.
var texts = []string{
	"Are you looking for cash support?",
	"Вам потрібна грошова допомога? їєґ «так» – ні",
	"هل تحتاج إلى مساعدة نقدية؟\n\u200f1. Olena",
	"👨‍👩‍👧‍👦 👋🏽 🇺🇦 e\u0301",
	`<b>& "quotes" 'apostrophe' \ {1} %s + = ? # </b>`,
	"one\ntwo\n\nthree",
}

func (h *Harness) message(ref, text string) channels.Message {
	return channels.Message{Ref: ref, To: channels.Address{Channel: h.Driver.Name(), ID: h.To}, From: h.From, Lang: "en", Text: text}
}

// channel returns the driver as everybody uses it, without a breaker in the way.
func (h *Harness) channel() (*channels.Channel, error) {
	return channels.New(h.Driver, channels.Config{Breaker: channels.Breaker{Failures: -1}})
}

func nameAndLimits(_ context.Context, h *Harness) error {
	c, err := h.channel()
	if err != nil {
		return err
	}
	if h.Driver.Name() != c.Name() || h.Driver.Limits() != c.Limits() {
		return errors.New("Name or Limits changed between two calls")
	}
	return nil
}

func send(ctx context.Context, h *Harness) error {
	c, err := h.channel()
	if err != nil {
		return err
	}
	ids := map[string]bool{}
	for i, text := range texts {
		receipt, err := c.Send(ctx, h.message(fmt.Sprint("ref-", i), text))
		if err != nil {
			return fmt.Errorf("text %d: %w", i, err)
		}
		taken := h.Taken()
		if len(taken) != i+1 {
			return fmt.Errorf("the provider took %d messages after %d sends", len(taken), i+1)
		}
		got := taken[i]
		if receipt.ID == "" || receipt.ID != got.ID {
			return fmt.Errorf("the receipt's id is %q; the provider answered %q", receipt.ID, got.ID)
		}
		if ids[receipt.ID] {
			return errors.New("two messages have one id")
		}
		ids[receipt.ID] = true
		if got.To != h.To {
			return errors.New("the message went to another address")
		}
		if !strings.Contains(got.Text, text) {
			return fmt.Errorf("text %d arrived as %q, not %q", i, got.Text, text)
		}
	}
	return nil
}

func everyForm(ctx context.Context, h *Harness) error {
	c, err := h.channel()
	if err != nil {
		return err
	}
	l := h.Driver.Limits()
	var ms []channels.Message
	for _, n := range []int{1, 2, l.Buttons.Max, l.Buttons.Max + 1, l.List.Max, l.List.Max + 1, 30} {
		if n > 0 && n <= 300 {
			m := h.message("", "Оберіть відповідь")
			m.Options = choices(n)
			ms = append(ms, m)
			m.Page = 2
			ms = append(ms, m)
			m.Page, m.Several = 0, true
			ms = append(ms, m)
			m.Several, m.Open = false, true
			ms = append(ms, m)
		}
	}
	long := h.message("", strings.TrimSpace(strings.Repeat("Довгий текст. ", 700)))
	long.Options = choices(2)
	if l.Unit != channels.Segments { // that many segments only cost time
		ms = append(ms, long)
	}
	for i := range ms {
		ms[i].Ref, ms[i].Lang = fmt.Sprint("form-", i), "uk"
		before := len(h.Taken())
		r, err := c.Render(ms[i])
		if err != nil {
			return err
		}
		what := fmt.Sprintf("%d options as %s", len(ms[i].Options), r.Form)
		if _, err := c.Send(ctx, ms[i]); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		taken := h.Taken()[before:]
		if len(taken) < len(r.Parts) {
			return fmt.Errorf("%s: %d of %d parts were taken", what, len(taken), len(r.Parts))
		}
		for j, p := range r.Parts {
			if !strings.Contains(taken[j].Text, p) {
				return fmt.Errorf("%s: part %d arrived changed", what, j+1)
			}
			var want []string
			if j == len(r.Parts)-1 {
				want = labels(tappable(&r))
			}
			if !slices.Equal(taken[j].Shown, want) {
				return fmt.Errorf("%s: part %d arrived with %q to tap, not %q", what, j+1, taken[j].Shown, want)
			}
		}
	}
	return nil
}

// choices returns n options, with labels that fit everywhere.
func choices(n int) []channels.Option {
	os := make([]channels.Option, n)
	for i := range os {
		os[i] = channels.Option{ID: fmt.Sprint("question:", i+1), Label: fmt.Sprint("Так ", i+1)}
	}
	return os
}

func labels(os []channels.Option) []string {
	var all []string
	for i := range os {
		all = append(all, os[i].Label)
	}
	return all
}

func concurrent(ctx context.Context, h *Harness) error {
	c, err := h.channel()
	if err != nil {
		return err
	}
	const n = 16
	var wg sync.WaitGroup
	ids, errs := make([]string, n), make([]error, n)
	for i := range n {
		wg.Go(func() {
			var r channels.Receipt
			r, errs[i] = c.Send(ctx, h.message(fmt.Sprint("at-once-", i), fmt.Sprint("number ", i)))
			ids[i] = r.ID
		})
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	by := map[string]string{}
	for _, t := range h.Taken() {
		by[t.ID] = t.Text
	}
	for i, id := range ids {
		if want := fmt.Sprint("number ", i); !strings.HasSuffix(by[id], want) {
			return fmt.Errorf("the receipt of %q names a message that says %q", want, by[id])
		}
	}
	return nil
}

func cancelled(ctx context.Context, h *Harness) error {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	_, err := h.Driver.Send(ctx, channels.Rendered{Message: h.message("late", "too late"), Parts: []string{"too late"}})
	if err == nil {
		return errors.New("Send with a cancelled context returned no error")
	}
	if len(h.Taken()) > 0 {
		return errors.New("Send with a cancelled context sent the message")
	}
	return nil
}

// fault sends one message into a fault. A driver that waits longer than its context
// is given up on.
func (h *Harness) fault(ctx context.Context, f Fault) (error, error) {
	before := len(h.Taken())
	h.Fault(f)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := h.Driver.Send(ctx, channels.Rendered{Message: h.message("fault-"+fmt.Sprint(f), canary), Parts: []string{canary}})
		done <- err
	}()
	if f == TakenSilence {
		// Nobody waits for ever for an answer: once the message is taken, the wait ends.
		go func() {
			defer cancel()
			for len(h.Taken()) == before && ctx.Err() == nil {
				time.Sleep(time.Millisecond)
			}
		}()
	}
	select {
	case err := <-done:
		return err, nil
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		return err, nil
	case <-time.After(5 * time.Second):
		return nil, fmt.Errorf("%s: Send did not return when its context ended", f)
	}
}

// canary is a text that must not be found in any error.
const canary = "canary 7391"

func faultCauses(ctx context.Context, h *Harness) error {
	var errs []error
	for _, f := range h.Faults {
		before := len(h.Taken())
		err, stuck := h.fault(ctx, f)
		if stuck != nil {
			return stuck
		}
		cause, ok := channels.CauseOf(err), false
		for _, c := range f.Causes() {
			ok = ok || c == cause
		}
		if !ok {
			errs = append(errs, fmt.Errorf("%s: the cause is %s, not %s", f, cause, f.Causes()[0]))
		}
		if f == Throttle {
			var e *channels.Error
			if !errors.As(err, &e) || e.After < ThrottleAfter {
				errs = append(errs, fmt.Errorf("%s: After is not the %s that the provider asked for", f, ThrottleAfter))
			}
		}
		if took := len(h.Taken()) - before; f.Taken() && took != 1 || !f.Taken() && took != 0 {
			errs = append(errs, fmt.Errorf("%s: the provider took %d messages", f, took))
		}
	}
	return errors.Join(errs...)
}

func faultOnce(ctx context.Context, h *Harness) error {
	var errs []error
	for _, f := range h.Faults {
		before := h.Requests()
		if _, stuck := h.fault(ctx, f); stuck != nil {
			return stuck
		}
		if n := h.Requests() - before; n > 1 {
			errs = append(errs, fmt.Errorf("%s: the driver made %d attempts", f, n))
		}
	}
	return errors.Join(errs...)
}

func faultWords(ctx context.Context, h *Harness) error {
	var errs []error
	for _, f := range h.Faults {
		err, stuck := h.fault(ctx, f)
		if stuck != nil {
			return stuck
		}
		if err == nil {
			continue
		}
		var e *channels.Error
		if !errors.As(err, &e) {
			continue // Channel wraps it and shows its kind only
		}
		for _, secret := range []string{h.To, strings.TrimPrefix(h.To, "+"), canary} {
			if strings.Contains(err.Error(), secret) {
				errs = append(errs, fmt.Errorf("%s: the error holds the address or the text", f))
			}
		}
	}
	return errors.Join(errs...)
}

func list(ctx context.Context, h *Harness) error {
	start := time.Now().Add(-time.Minute)
	c, err := h.channel()
	if err != nil {
		return err
	}
	receipt, err := c.Send(ctx, h.message("listed", "listed"))
	if err != nil {
		return err
	}
	found := 0
	for s, err := range h.Driver.(channels.Reconciler).Sent(ctx, h.From, start, time.Now().Add(time.Minute)) {
		if err != nil {
			return err
		}
		if s.ID == receipt.ID {
			found++
		}
		if s.Stage < channels.Accepted {
			return errors.New("a listed message has no stage")
		}
	}
	if found != 1 {
		return fmt.Errorf("the message is in the list %d times", found)
	}
	for range h.Driver.(channels.Reconciler).Sent(ctx, h.From, start.Add(-2*time.Hour), start.Add(-time.Hour)) {
		return errors.New("the list holds messages from outside the time asked for")
	}
	return nil
}
