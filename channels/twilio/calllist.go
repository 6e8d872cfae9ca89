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
// once stay in doubt. The list goes back a day further than asked, because it is
// filtered by the day on which calls began.
func (v *Voice) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	return func(yield func(channels.Listed, error) bool) {
		q := url.Values{"PageSize": {"1000"}, "StartTime>": {since.UTC().AddDate(0, 0, -1).Format(time.RFC3339)}}
		if from = or(from, v.cfg.From); from != "" {
			q.Set("From", from)
		}
		at := v.account.rest("/Calls.json") + "?" + q.Encode()
		for range mostPages {
			var page callPage
			if err := v.account.ask(ctx, http.MethodGet, at, nil, &page); err != nil {
				yield(channels.Listed{}, err)
				return
			}
			for _, c := range page.Calls {
				made, err := time.Parse(time.RFC1123Z, c.Created)
				if err != nil || !isSID("CA", c.Sid) || c.Direction != "outbound-api" || made.Before(since.Truncate(time.Second)) || !made.Before(until) {
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
