package channels

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Webhook serves what comes in on this channel and hands it to h, in order.
//
// For a driver that is a [Receiver] it answers 405 to anything but POST, 413 to a
// body over Config.MaxBody, 403 to a request that is not the provider's, 400 to one
// that cannot be read, 500 where h failed and the provider should send again, and
// else what the driver's Answer writes. Once a request is read, h finishes its work
// even when the provider hangs up, within Config.HandleTimeout. For a driver that is a
// [Server] it returns what that serves, and for one that is neither, 404 to all.
//
// Log lines hold the channel, the status and the kind of error: never an address or a text.
func (c *Channel) Webhook(h Handler) http.Handler {
	switch d := c.driver.(type) {
	case Server:
		return d.Serve(h)
	case Receiver:
		return &webhook{c, d, h}
	}
	return http.NotFoundHandler()
}

// webhook serves a Receiver.
type webhook struct {
	c *Channel
	d Receiver
	h Handler
}

// ServeHTTP handles one request of the provider.
func (w *webhook) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	out := &answer{ResponseWriter: rw}
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
			panic(p)
		}
		// The value may hold what a person wrote: only its type is logged.
		w.c.log.ErrorContext(r.Context(), "webhook panic", "type", fmt.Sprintf("%T", p))
		if !out.begun {
			http.Error(rw, "internal error", http.StatusInternalServerError)
		}
	}()
	if r.Method != http.MethodPost {
		rw.Header().Set("Allow", http.MethodPost)
		w.refuse(out, http.StatusMethodNotAllowed, nil)
		return
	}
	body, err := w.read(r)
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			w.refuse(out, http.StatusRequestEntityTooLarge, nil)
			return
		}
		w.refuse(out, http.StatusBadRequest, err)
		return
	}
	events, err := w.d.Receive(r, body)
	switch {
	case errors.Is(err, ErrSignature):
		w.refuse(out, http.StatusForbidden, err)
		return
	case err != nil:
		w.refuse(out, http.StatusBadRequest, err)
		return
	}
	// What was received must be recorded even if the provider does not wait.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), w.c.cfg.HandleTimeout)
	defer cancel()
	replies, err := w.handle(ctx, events)
	if err != nil {
		w.refuse(out, http.StatusInternalServerError, err)
		return
	}
	if err := w.d.Answer(out, r, replies); err != nil {
		w.c.log.ErrorContext(ctx, "webhook answer", "error", plain(err))
		if !out.begun {
			w.refuse(out, http.StatusInternalServerError, err)
		}
	}
}

// read returns the whole body, at most Config.MaxBody, and leaves it to be read again.
func (w *webhook) read(r *http.Request) ([]byte, error) {
	limit := w.c.cfg.MaxBody
	if r.ContentLength > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > limit {
		return nil, &http.MaxBytesError{Limit: limit}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

// handle gives the events to the hub and renders the replies of a session.
func (w *webhook) handle(ctx context.Context, events []Event) ([]Rendered, error) {
	var out []Rendered
	for i := range events {
		w.c.tidy(&events[i])
		replies, err := w.h.Handle(ctx, events[i])
		if err != nil {
			return nil, err
		}
		for _, m := range replies {
			rs, err := w.c.pieces(m)
			if errors.Is(err, ErrWords) {
				// The caller is on the line: better a person than an error.
				w.c.log.ErrorContext(ctx, "a call cannot offer choices", "lang", string(m.Lang), "error", plain(err))
				rs, err = []Rendered{{Message: m}}, nil
			}
			if err != nil {
				return nil, err
			}
			out = append(out, rs...)
		}
	}
	return out, nil
}

// refuse answers with a status and logs why. Nothing of the request is shown.
func (w *webhook) refuse(rw http.ResponseWriter, status int, err error) {
	w.c.log.Warn("webhook refused", "status", status, "error", plain(err))
	http.Error(rw, http.StatusText(status), status)
}

// answer notes whether anything was written.
type answer struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader writes the status.
func (a *answer) WriteHeader(status int) {
	a.begun = true
	a.ResponseWriter.WriteHeader(status)
}

// Write writes the body.
func (a *answer) Write(b []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(b)
}

// Unwrap serves http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// tidy completes and cleans an event: what every store and questionnaire may rely on.
func (c *Channel) tidy(e *Event) {
	if e.From.Channel == "" && e.From.ID != "" {
		e.From.Channel = c.name
	}
	if e.To.Channel == "" && e.To.ID != "" {
		e.To.Channel = c.name
	}
	now := c.cfg.Now()
	if e.At.IsZero() || e.At.After(now.Add(time.Minute)) {
		e.At = now
	}
	e.Text = Clean(e.Text)
}

// Clean returns a text from outside as valid UTF-8 without control characters other
// than line breaks and tabs; marks of direction and joiners stay. It returns s itself
// where nothing is to be done. Channel cleans what its webhook receives; drivers that
// serve endpoints of their own call it themselves.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	dirty := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if strings.IndexFunc(s, dirty) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if dirty(r) {
			return -1
		}
		return r
	}, s)
}
