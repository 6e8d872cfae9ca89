package twilio

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"

	"github.com/hubkit/hubkit/channels"
)

// ErrNoFile is returned for a file that is not the account's, or that is gone.
var ErrNoFile = errors.New("twilio: there is no such file in this account")

// filePath is where the files of messages are, behind the account's own path.
var filePath = regexp.MustCompile(`^/Messages/((?:SM|MM)[0-9a-fA-F]{32})/Media/(ME[0-9a-fA-F]{32})$`)

// mostHops is how often Twilio may send on to where it keeps a file.
const mostHops = 3

// File opens what a person sent, by the URL in [channels.Event.Media]: it needs the
// account's credentials. They are shown to Twilio only, not to where it keeps the file.
// The caller closes it, and bounds what is read.
func (a *Account) File(ctx context.Context, m channels.Media) (io.ReadCloser, error) {
	at, err := a.fileURL(m)
	if err != nil {
		return nil, err
	}
	for hop := range mostHops {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
		if err != nil {
			return nil, ErrNoFile
		}
		if hop == 0 {
			r.SetBasicAuth(a.user, a.secret)
		}
		a.rewrite(r)
		res, err := a.trip.RoundTrip(r)
		if err != nil {
			return nil, &channels.Error{Cause: channels.Unavailable, Err: err}
		}
		if res.StatusCode == http.StatusOK {
			return res.Body, nil
		}
		_ = res.Body.Close() // nothing of it is used
		switch {
		case res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone:
			return nil, ErrNoFile
		case res.StatusCode >= 400:
			f := &Fault{Status: res.StatusCode, RequestID: res.Header.Get("Twilio-Request-Id")}
			return nil, f.refusal(res.Header, a.now())
		}
		if at, err = at.Parse(res.Header.Get("Location")); err != nil || at.Scheme != "https" {
			break
		}
	}
	return nil, &channels.Error{Cause: channels.Unavailable, Err: errors.New("the answer is neither a file nor where it is")}
}

// fileURL returns where a file of this account is: nobody else's URL is asked.
func (a *Account) fileURL(m channels.Media) (*url.URL, error) {
	u, err := url.Parse(m.URL)
	if err != nil || u.Scheme != "https" || u.RawQuery != "" || !isTwilio(u.Hostname()) {
		return nil, ErrNoFile
	}
	rest, ours := cutAccount(u.Path, a.cfg.AccountSID)
	if !ours || !filePath.MatchString(rest) {
		return nil, ErrNoFile
	}
	return u, nil
}

// DeleteFile deletes at Twilio what a person sent, once it is kept elsewhere.
func (a *Account) DeleteFile(ctx context.Context, m channels.Media) error {
	u, err := a.fileURL(m)
	if err != nil {
		return err
	}
	rest, _ := cutAccount(u.Path, a.cfg.AccountSID)
	ids := filePath.FindStringSubmatch(rest)
	return a.ask(ctx, http.MethodDelete, a.rest("/Messages/%s/Media/%s.json", ids[1], ids[2]), nil, nil)
}

// Redact deletes the words of a message at Twilio, by its SID, once it has arrived.
// A message in doubt is then recognised no more.
func (a *Account) Redact(ctx context.Context, sid string) error {
	return a.update(ctx, sid, url.Values{"Body": {""}})
}

// Cancel takes back a scheduled message by its SID. One that has left already is
// refused.
func (a *Account) Cancel(ctx context.Context, sid string) error {
	return a.update(ctx, sid, url.Values{"Status": {"canceled"}})
}

func (a *Account) update(ctx context.Context, sid string, form url.Values) error {
	if !isSID("SM", sid) && !isSID("MM", sid) {
		return &channels.Error{Cause: channels.Rejected, Err: errors.New("a message's SID is SM or MM and 32 hexadecimal digits")}
	}
	return a.ask(ctx, http.MethodPost, a.rest("/Messages/%s.json", sid), form, nil)
}
