// Command 5-your-own-channel is a driver for a channel that hubkit does not
// know, and an echo over it: a local SMS aggregator that posts what people
// write to a webhook, and takes what is sent by HTTP. Its test is the suite
// that every driver of hubkit passes.
//
//	AGGREGATOR_URL=https://sms.example/send AGGREGATOR_TOKEN=secret go run ./examples/5-your-own-channel
package main

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Aggregator is the driver. It is safe for concurrent use.
type Aggregator struct {
	URL, Token, From string
	HTTP             http.Client
}

// Name is in every address: "sms:+380…".
func (a *Aggregator) Name() string { return "sms" }

// Limits says what the aggregator can carry: hubkit writes options as a
// numbered list and splits long texts by it.
func (a *Aggregator) Limits() channels.Limits {
	return channels.Limits{Text: 6, Unit: channels.Segments}
}

// Send makes one attempt; who tries again, and when, is not for a driver to say.
func (a *Aggregator) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	body, err := json.Marshal(map[string]string{"to": r.To.ID, "from": a.From, "text": r.Body(), "ref": r.Ref})
	if err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.URL, bytes.NewReader(body))
	if err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Misconfigured, Err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Token", a.Token)
	res, err := a.HTTP.Do(req)
	if err != nil { // refused by nobody: it may have left, or not, and CauseOf knows which
		return channels.Receipt{}, &channels.Error{Cause: channels.CauseOf(err), Err: err}
	}
	defer res.Body.Close()
	if err := channels.HTTPError(res.StatusCode, res.Header, time.Now()); err != nil {
		return channels.Receipt{}, err
	}
	var taken struct{ ID string }
	if err := json.NewDecoder(res.Body).Decode(&taken); err != nil || taken.ID == "" {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unknown, Err: err} // taken, and the answer was lost
	}
	return channels.Receipt{ID: taken.ID}, nil
}

// Receive reads the aggregator's webhook: what people write, and what became of
// what was sent.
func (a *Aggregator) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if a.Token == "" || subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Token")), []byte(a.Token)) != 1 {
		return nil, channels.ErrSignature
	}
	var in struct{ ID, From, To, Text, Ref, Status string }
	if json.Unmarshal(body, &in) != nil || in.ID == "" || in.From == "" {
		return nil, channels.ErrMalformed
	}
	e := channels.Event{ID: in.ID, Kind: channels.Said, From: a.at(in.From), To: a.at(in.To), At: time.Now(), Text: channels.Clean(in.Text)}
	if in.Status != "" {
		stage, known := map[string]channels.Stage{"sent": channels.Sent, "delivered": channels.Delivered, "failed": channels.Failed}[in.Status]
		if !known {
			return nil, nil
		}
		e.Kind, e.Status = channels.News, &channels.Status{Ref: in.Ref, ID: in.ID, Stage: stage, At: e.At}
		if stage == channels.Failed {
			e.Status.Cause = channels.Unavailable // the aggregator does not say why
		}
		e.ID += "/" + in.Status
	}
	return []channels.Event{e}, nil
}

func (a *Aggregator) at(id string) channels.Address {
	return channels.Address{Channel: a.Name(), ID: id}
}

// Answer acknowledges: replies leave by Send.
func (a *Aggregator) Answer(w http.ResponseWriter, _ *http.Request, _ []channels.Rendered) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func main() {
	fmt.Fprintln(os.Stderr, serve(os.Getenv))
	os.Exit(1)
}

// serve echoes what people write, until the server fails.
func serve(env func(string) string) error {
	own := &Aggregator{URL: env("AGGREGATOR_URL"), Token: env("AGGREGATOR_TOKEN")}
	if own.URL == "" || own.Token == "" {
		return errors.New("set AGGREGATOR_URL and AGGREGATOR_TOKEN: without a token anybody could write in anybody's name")
	}
	sms, err := channels.New(own, channels.Config{})
	if err != nil {
		return err
	}
	echo := channels.HandlerFunc(func(ctx context.Context, e channels.Event) ([]channels.Message, error) {
		_, err := sms.Send(ctx, channels.Message{Ref: e.ID, To: e.From, Text: e.Text})
		return nil, err
	})
	fmt.Println("The webhook is http://127.0.0.1:8080/")
	server := &http.Server{Addr: "127.0.0.1:8080", Handler: sms.Webhook(echo), ReadTimeout: 30 * time.Second}
	return server.ListenAndServe()
}
