package twilio

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// callPage is one page of Twilio's list of calls, as far as it is read.
type callPage struct {
	Calls []struct {
		Sid       string `json:"sid"`
		To        string `json:"to"`
		Status    string `json:"status"`
		Direction string `json:"direction"`
		Created   string `json:"date_created"`
	} `json:"calls"`
	Next string `json:"next_page_uri"`
}

// mostPages bounds one listing: 1,000 pages of 1,000.
const mostPages = 1000

// Sent lists the calls that we made. Twilio keeps neither our reference nor the words,
// so a call is recognised by the person alone, and two calls to one person in doubt at
// once stay in doubt.
//
// Calls that wait for their turn (Twilio begins one a second) have no time of beginning,
// by which the list is filtered: they are asked for first and by themselves. The rest of
// the list goes back a day further than asked.
func (v *Voice) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	waiting := url.Values{"PageSize": {"1000"}, "Status": {"queued"}}
	begun := url.Values{"PageSize": {"1000"}, "StartTime>": {since.UTC().AddDate(0, 0, -1).Format(time.RFC3339)}}
	return func(yield func(channels.Listed, error) bool) {
		known := map[string]bool{}
		for _, q := range []url.Values{waiting, begun} {
			if from := or(from, v.cfg.From); from != "" {
				q.Set("From", from)
			}
			for l, err := range v.list(ctx, q) {
				if err != nil {
					yield(l, err)
					return
				}
				if known[l.ID] || l.At.Before(since.Truncate(time.Second)) || !l.At.Before(until) {
					continue
				}
				if q.Has("Status") { // it may begin between the two lists
					known[l.ID] = true
				}
				if !yield(l, nil) {
					return
				}
			}
		}
	}
}

// list reads one list of calls to its end.
func (v *Voice) list(ctx context.Context, q url.Values) iter.Seq2[channels.Listed, error] {
	return func(yield func(channels.Listed, error) bool) {
		at := v.account.rest("/Calls.json") + "?" + q.Encode()
		for range mostPages {
			var page callPage
			if err := v.account.ask(ctx, http.MethodGet, at, nil, &page); err != nil {
				yield(channels.Listed{}, err)
				return
			}
			for _, c := range page.Calls {
				made, err := time.Parse(time.RFC1123Z, c.Created)
				if err != nil || !isSID("CA", c.Sid) || c.Direction != "outbound-api" {
					continue
				}
				l := channels.Listed{Status: channels.Status{ID: c.Sid, At: made}, To: channels.Address{Channel: v.Name(), ID: c.To}}
				l.Stage, l.Cause, l.Code = v.stage(c.Status, "", false)
				if !yield(l, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			if !strings.HasPrefix(page.Next, "/") {
				break
			}
			at = "https://api.twilio.com" + page.Next
		}
		yield(channels.Listed{}, &channels.Error{Cause: channels.Unavailable})
	}
}
