package twilio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"

	"github.com/hubkit/hubkit/channels"
)

// longestAnswer bounds what is read of one answer of Twilio.
const longestAnswer = 8 << 20

// errNoSID is an answer that cannot be used: what was asked for may have been done.
var errNoSID = errors.New("answered without a SID")

// do makes one call with twilio-go, which knows neither contexts nor headers of
// errors: the handler that f gets lives for this call only. The error is a
// *channels.Error.
func (a *Account) do(ctx context.Context, f func(*client.RequestHandler) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.timeout)
	defer cancel()
	x := &exchange{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { x.traced.Store(true) },
		WroteHeaders: func() { x.wrote.Store(true) },
	})
	c := &client.Client{
		// Empty, because twilio-go refuses what is not alphanumeric: trip signs in.
		Credentials: client.NewCredentials("", ""),
		HTTPClient: &http.Client{
			Transport:     tripper(func(r *http.Request) (*http.Response, error) { return a.tripOnce(ctx, x, r) }),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		UserAgentExtensions: []string{"hubkit"},
	}
	c.SetAccountSid(a.cfg.AccountSID)
	h := client.NewRequestHandler(c)
	h.Edge, h.Region = a.cfg.Edge, a.cfg.Region // not the environment's
	return x.judge(f(h), a.now())
}

// exchange is what one call did on the wire.
type exchange struct {
	tried  bool        // a request came to the transport
	traced atomic.Bool // the transport reports what it does
	wrote  atomic.Bool // headers were written: the request may have arrived
	status int         // 0: no answer
	header http.Header
}

// tripper is a function as an http.RoundTripper.
type tripper func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// tripOnce sends r under ctx, signed in and rewritten for tests.
func (a *Account) tripOnce(ctx context.Context, x *exchange, r *http.Request) (*http.Response, error) {
	x.tried = true
	if err := ctx.Err(); err != nil {
		x.traced.Store(true) // and nothing was written
		return nil, err
	}
	r = r.Clone(ctx)
	if !isTwilio(r.URL.Hostname()) {
		x.traced.Store(true)
		return nil, errors.New("not a host of Twilio")
	}
	r.SetBasicAuth(a.user, a.secret)
	a.rewrite(r)
	res, err := a.trip.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	x.status, x.header = res.StatusCode, res.Header
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, longestAnswer), res.Body}
	return res, nil
}

// rewrite sends r where Config.BaseURL says.
func (a *Account) rewrite(r *http.Request) {
	if a.base == nil {
		return
	}
	u := *a.base
	u.Path += "/" + r.URL.Host + r.URL.Path
	u.RawPath = a.base.EscapedPath() + "/" + r.URL.Host + r.URL.EscapedPath()
	u.RawQuery = r.URL.RawQuery
	r.URL, r.Host = &u, ""
}

// isTwilio reports whether a host may see our credentials.
func isTwilio(host string) bool {
	return host == "twilio.com" || strings.HasSuffix(host, ".twilio.com")
}

// cutAccount returns a path behind that of the account, and whether it is the account's.
func cutAccount(path, sid string) (rest string, ours bool) {
	return strings.CutPrefix(path, "/2010-04-01/Accounts/"+sid)
}

// judge says what the end of a call means.
func (x *exchange) judge(err error, now time.Time) error {
	if x.status == 0 {
		return x.unanswered(err)
	}
	if err == nil && x.status < 300 {
		return nil
	}
	f := &Fault{Status: x.status, RequestID: x.header.Get("Twilio-Request-Id")}
	if x.status < 400 {
		// Taken, and the answer cannot be read; or a redirect, by whomever, which
		// twilio-go takes for success.
		return &channels.Error{Cause: channels.Unknown, Code: f.code(), Err: f}
	}
	var (
		rest *client.TwilioRestError
		v1   *client.RestErrorV1
	)
	switch {
	case errors.As(err, &rest):
		f.Code = rest.Code
	case errors.As(err, &v1):
		f.Code = v1.Code
	}
	return f.refusal(x.header, now)
}

// unanswered says what a call without an answer means: whether anything can have
// reached Twilio.
func (x *exchange) unanswered(err error) error {
	if err == nil {
		err = errors.New("nothing was asked")
	}
	var outer *url.Error // its words hold the URL, and a URL can hold an address
	if errors.As(err, &outer) {
		err = outer.Err
	}
	e := &channels.Error{Cause: channels.CauseOf(err), Err: err}
	switch {
	case !x.tried:
		e.Cause, e.Err = channels.Rejected, errors.New("the request could not be made")
	case x.traced.Load() && !x.wrote.Load():
		e.Cause = channels.Unavailable
	}
	return e
}

// ask makes one call that twilio-go has no words for: method and URL, a body that is
// JSON, a form or nothing, and an answer that is JSON. out may be nil.
func (a *Account) ask(ctx context.Context, method, rawURL string, in, out any) error {
	var (
		body []byte
		kind string
		err  error
	)
	switch in := in.(type) {
	case nil:
	case url.Values:
		body, kind = []byte(in.Encode()), "application/x-www-form-urlencoded"
	default:
		if body, err = json.Marshal(in); err != nil {
			return &channels.Error{Cause: channels.Rejected, Err: err}
		}
		kind = "application/json"
	}
	return a.do(ctx, func(h *client.RequestHandler) error {
		full, err := h.BuildUrl(rawURL)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, method, full, bytes.NewReader(body))
		if err != nil {
			return err
		}
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		r.Header.Set("Accept", "application/json")
		r.Header.Set("User-Agent", "twilio-go/"+client.LibraryVersion+" hubkit")
		res, err := h.Client.(*client.Client).HTTPClient.Do(r)
		if err != nil {
			return err
		}
		defer res.Body.Close()
		if res.StatusCode >= 400 {
			refused := &client.TwilioRestError{}
			if err := json.NewDecoder(res.Body).Decode(refused); err != nil {
				return err
			}
			return refused
		}
		if out == nil || res.StatusCode == http.StatusNoContent {
			return nil
		}
		return json.NewDecoder(res.Body).Decode(out)
	})
}

// rest returns the URL of a resource of the account: https://api.twilio.com/…
func (a *Account) rest(format string, args ...any) string {
	return "https://api.twilio.com/2010-04-01/Accounts/" + a.cfg.AccountSID + fmt.Sprintf(format, args...)
}
