package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// contents knows the content resources of an account: in memory, in the table, and by
// their friendly names at Twilio itself.
type contents struct {
	table channels.Table
	known sync.Map // hash → SID
	locks sync.Map // hash → chan struct{}: who makes it
}

// contentKey is where the table keeps the SID of a content.
func (a *Account) contentKey(hash string) string {
	return "twilio/" + a.cfg.AccountSID + "/content/" + hash
}

// templateKey is where the table keeps the SID of an approved template.
func (a *Account) templateKey(name string, l hubkit.Lang) string {
	return "twilio/" + a.cfg.AccountSID + "/template/" + name + "/" + string(l)
}

// ensure returns the SID of the resource for c, and makes it if there is none. Many who
// need the same one at once make it once; and a friendly name is looked for before it
// is made, so that what was lost with a table, or with an answer, is not made again.
func (a *Account) ensure(ctx context.Context, c *Content) (string, error) {
	sid, _, err := a.find(ctx, c, true)
	return sid, err
}

// find returns the SID of c and whether it was made now; without making, it is "" for
// one that is missing.
func (a *Account) find(ctx context.Context, c *Content, making bool) (sid string, made bool, err error) {
	hash := c.Hash()
	if v, ok := a.contents.known.Load(hash); ok {
		return v.(string), false, nil
	}
	lock, _ := a.contents.locks.LoadOrStore(hash, make(chan struct{}, 1))
	select {
	case lock.(chan struct{}) <- struct{}{}:
		defer func() { <-lock.(chan struct{}) }()
	case <-ctx.Done():
		return "", false, &channels.Error{Cause: channels.Unavailable, Err: ctx.Err()}
	}
	if v, ok := a.contents.known.Load(hash); ok {
		return v.(string), false, nil
	}
	sid, err = a.contents.table.Get(ctx, a.contentKey(hash))
	if err != nil {
		return "", false, &channels.Error{Cause: channels.Unavailable, Err: err}
	}
	if !isSID("HX", sid) {
		if err := c.Check(); err != nil {
			return "", false, &channels.Error{Cause: channels.Rejected, Err: err}
		}
		if sid, err = a.search(ctx, c.friendly(hash)); err != nil {
			return "", false, err
		}
		if sid == "" {
			if !making {
				return "", false, nil
			}
			if sid, err = a.makeContent(ctx, c, hash); err != nil {
				return "", false, err
			}
			made = true
		}
		if err := a.contents.table.Put(ctx, a.contentKey(hash), sid); err != nil {
			// It is found by its name when it is needed again.
			a.log.WarnContext(ctx, "a content id was not kept", "sid", sid)
		}
	}
	a.contents.known.Store(hash, sid)
	return sid, made, nil
}

// forget makes ensure look again.
func (c *contents) forget(ctx context.Context, a *Account, one *Content) {
	hash := one.Hash()
	c.known.Delete(hash)
	if err := c.table.Put(ctx, a.contentKey(hash), ""); err != nil {
		a.log.WarnContext(ctx, "a content id was not forgotten", "content", hash[:16])
	}
}

// content is a resource as Twilio shows it.
type content struct {
	SID  string `json:"sid"`
	Name string `json:"friendly_name"`
}

// search returns the SID of the resource with a friendly name, "" for none.
func (a *Account) search(ctx context.Context, name string) (string, error) {
	const base = "https://content.twilio.com/v2/Content"
	at := base + "?" + url.Values{"ContentName": {name}, "PageSize": {"100"}}.Encode()
	for range longestList {
		var page struct {
			Contents []content `json:"contents"`
			Meta     struct {
				Next string `json:"next_page_url"`
			} `json:"meta"`
		}
		if err := a.ask(ctx, http.MethodGet, at, nil, &page); err != nil {
			return "", err
		}
		for _, c := range page.Contents {
			if c.Name == name && isSID("HX", c.SID) {
				return c.SID, nil
			}
		}
		next := page.Meta.Next
		if next == "" {
			return "", nil
		}
		if next == at || !strings.HasPrefix(next, "https://content.") {
			break
		}
		at = next
	}
	return "", &channels.Error{Cause: channels.Unavailable, Err: errors.New("the list of contents does not end")}
}

// makeContent creates the resource.
func (a *Account) makeContent(ctx context.Context, c *Content, hash string) (string, error) {
	in := c.wire()
	in.Name = c.friendly(hash)
	var out content
	if err := a.ask(ctx, http.MethodPost, "https://content.twilio.com/v1/Content", in, &out); err != nil {
		return "", err
	}
	if !isSID("HX", out.SID) {
		return "", &channels.Error{Cause: channels.Unknown, Err: errNoSID}
	}
	return out.SID, nil
}
