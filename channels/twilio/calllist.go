package twilio

import (
	"context"
	"errors"
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
		Updated   string `json:"date_updated"`
		Began     string `json:"start_time"`
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
// by which Twilio can filter. So the list is read from its newest row back to the time
// asked for; where its end is not found, the error says so, and nothing counts as absent.
func (v *Voice) Sent(ctx context.Context, from string, since, until time.Time) iter.Seq2[channels.Listed, error] {
	q := url.Values{"PageSize": {"1000"}}
	if from := or(from, v.cfg.From); from != "" {
		q.Set("From", from)
	}
	since = since.Truncate(time.Second)
	return func(yield func(channels.Listed, error) bool) {
		at := v.account.rest("/Calls.json") + "?" + q.Encode()
		for range mostPages {
			var page callPage
			if err := v.account.ask(ctx, http.MethodGet, at, nil, &page); err != nil {
				yield(channels.Listed{}, err)
				return
			}
			old := len(page.Calls) > 0
			for _, c := range page.Calls {
				old = old && before(since, c.Created, c.Updated, c.Began)
				made, err := time.Parse(time.RFC1123Z, c.Created)
				if err != nil || !isSID("CA", c.Sid) || c.Direction != "outbound-api" || made.Before(since) || !made.Before(until) {
					continue
				}
				l := channels.Listed{Status: channels.Status{ID: c.Sid, At: made}, To: channels.Address{Channel: v.Name(), ID: c.To}}
				l.Stage, l.Cause, l.Code = v.stage(c.Status, "", false)
				if !yield(l, nil) {
					return
				}
			}
			if page.Next == "" || old {
				return
			}
			next := "https://api.twilio.com" + page.Next
			if next == at || !strings.HasPrefix(page.Next, "/") {
				break
			}
			at = next
		}
		yield(channels.Listed{}, &channels.Error{Cause: channels.Unavailable, Err: errors.New("the list of calls does not end")})
	}
}
