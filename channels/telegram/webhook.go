package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Receive checks the secret and decodes an update. Kinds that are not known are none.
func (d *Driver) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token")), []byte(d.cfg.Secret)) != 1 {
		return nil, channels.ErrSignature
	}
	var u update
	if json.Unmarshal(body, &u) != nil || u.ID == nil {
		return nil, channels.ErrMalformed
	}
	e, ok := d.event(&u)
	switch {
	case !ok:
		return nil, nil
	case e.From.ID == "":
		return nil, channels.ErrMalformed
	}
	return []channels.Event{e}, nil
}

// patience is how long a tap's confirmation may take.
const patience = 3 * time.Second

// Answer acknowledges the update; replies leave by Send. For a tap it then tells the
// person's app that it was heard, or a spinner would stay on the button: after the
// response has left, so that Telegram never waits for its own API, and whatever comes of
// it, because a spinner is all that is at stake.
func (d *Driver) Answer(w http.ResponseWriter, r *http.Request, _ []channels.Rendered) error {
	w.Header().Set("Content-Length", "0") // the response is complete before the handler ends
	w.WriteHeader(http.StatusOK)
	var u update
	if json.NewDecoder(r.Body).Decode(&u) != nil || u.Callback == nil || u.Callback.ID == "" {
		return nil
	}
	_ = http.NewResponseController(w).Flush() // a writer that cannot flush only makes Telegram wait
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), patience)
	defer cancel()
	var done bool
	_ = d.call(ctx, "answerCallbackQuery", struct {
		ID string `json:"callback_query_id"`
	}{u.Callback.ID}, &done)
	return nil
}

// updates are the kinds that SetWebhook asks for.
var updates = []string{"message", "callback_query", "my_chat_member"}

// SetWebhook tells Telegram where to post, and the secret to post with, replacing what was
// set. The URL is https, on port 443, 80, 88 or 8443. The error is a *channels.Error.
func (d *Driver) SetWebhook(ctx context.Context, webhook string) error {
	if u, err := url.Parse(webhook); err != nil || u.Host == "" {
		return &channels.Error{Cause: channels.Misconfigured, Code: "webhook URL"}
	}
	in := struct {
		URL     string   `json:"url"`
		Secret  string   `json:"secret_token"`
		Updates []string `json:"allowed_updates"`
	}{webhook, d.cfg.Secret, updates}
	var done bool
	if failed := d.call(ctx, "setWebhook", in, &done); failed != nil {
		return failed
	}
	return nil
}
