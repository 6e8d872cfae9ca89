package desk

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// session is one sign-in. Its token is only in the browser's cookie.
type session struct {
	ID    string    `json:"id"` // to end it by; tells nothing of the token
	User  string    `json:"user"`
	Epoch int64     `json:"epoch"`
	Made  time.Time `json:"made"`
	Ends  time.Time `json:"ends"`
	With  string    `json:"with"` // browser and system, for its owner to know it again
	Kept  string    `json:"kept"` // hash of the token
}

// cookieName is of the cookie over plain HTTP. Over HTTPS it has the prefix
// __Host-, which no other host of the domain can set: a session cannot be planted.
const cookieName = "hubkit-desk"

// knownCookie tells a browser that signed in before from those that never did.
const knownCookie = "hubkit-desk-known"

func cookieNamed(r *http.Request, name string) string {
	if secure(r) {
		return "__Host-" + name
	}
	return name
}

func secure(r *http.Request) bool {
	return r.TLS != nil || strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https")
}

// cookie carries a token, or takes it away when that is "". It lives as long as
// the session by the browser's own clock.
func (d *Desk) cookie(r *http.Request, token string) *http.Cookie {
	c := &http.Cookie{Name: cookieNamed(r, cookieName), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: int(d.ttl / time.Second), Secure: secure(r)}
	if token == "" {
		c.MaxAge = -1
	}
	return c
}

func tokenOf(r *http.Request) string {
	c, err := r.Cookie(cookieNamed(r, cookieName))
	if err != nil {
		return ""
	}
	return c.Value
}

// begin signs an account in: always with a fresh token, whatever the browser
// brought, and ends the session it came with.
func (d *Desk) begin(ctx context.Context, w http.ResponseWriter, r *http.Request, u user) (session, error) {
	d.accounts.Lock()
	defer d.accounts.Unlock()
	if old := tokenOf(r); old != "" {
		if err := d.forget(ctx, keySession+keptAs(old)); err != nil {
			return session{}, err
		}
	}
	token, kept := newToken()
	_, id := newToken()
	now := d.now().UTC()
	s := session{ID: id[:16], User: u.ID, Epoch: u.Epoch, Made: now, Ends: now.Add(d.ttl), With: browser(r.UserAgent()), Kept: kept}
	if err := d.put(ctx, keySession+kept, s); err != nil {
		return session{}, err
	}
	all, err := d.sessions(ctx, u.ID)
	if err != nil {
		return session{}, err
	}
	if err := d.put(ctx, keySessions+u.ID, append(all, s)); err != nil {
		return session{}, err
	}
	http.SetCookie(w, d.cookie(r, token))
	return s, d.remember(ctx, w, r, u.ID)
}

// mostKnown browsers of an account are remembered, the latest ones.
const mostKnown = 10

// remember gives a browser that signed in a token of its own for the next year. It
// opens nothing: whoever else guesses from the same source does not hold that browser
// up. Called with accounts held.
func (d *Desk) remember(ctx context.Context, w http.ResponseWriter, r *http.Request, userID string) error {
	var u user
	if found, err := d.get(ctx, keyUser+userID, &u); err != nil || !found || u.knows(r) {
		return err
	}
	token, kept := newToken()
	u.Known = append(u.Known, kept)
	u.Known = u.Known[max(0, len(u.Known)-mostKnown):]
	if err := d.put(ctx, keyUser+userID, u); err != nil {
		return err
	}
	c := &http.Cookie{Name: cookieNamed(r, knownCookie), Value: token, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 60 * 60, Secure: secure(r)}
	http.SetCookie(w, c)
	return nil
}

// knows says whether a request comes from a browser that signed in before.
func (u *user) knows(r *http.Request) bool {
	c, err := r.Cookie(cookieNamed(r, knownCookie))
	return err == nil && len(c.Value) <= 64 && slices.Contains(u.Known, keptAs(c.Value))
}

// sessions lists what an account has open, the oldest first.
func (d *Desk) sessions(ctx context.Context, userID string) ([]session, error) {
	var all []session
	if _, err := d.get(ctx, keySessions+userID, &all); err != nil {
		return nil, err
	}
	var u user
	if _, err := d.get(ctx, keyUser+userID, &u); err != nil {
		return nil, err
	}
	open := all[:0]
	for _, s := range all {
		var still session
		if found, err := d.get(ctx, keySession+s.Kept, &still); err != nil {
			return nil, err
		} else if found && d.now().Before(s.Ends) && s.Epoch == u.Epoch {
			open = append(open, s)
		} else if found {
			if err := d.forget(ctx, keySession+s.Kept); err != nil {
				return nil, err
			}
		}
	}
	return open, nil
}

// end ends one session of an account; false when there is none of this id.
func (d *Desk) end(ctx context.Context, userID, id string) (bool, error) {
	d.accounts.Lock()
	defer d.accounts.Unlock()
	all, err := d.sessions(ctx, userID)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(all, func(s session) bool { return s.ID == id })
	if i < 0 {
		return false, nil
	}
	if err := d.forget(ctx, keySession+all[i].Kept); err != nil {
		return false, err
	}
	return true, d.put(ctx, keySessions+userID, slices.Delete(all, i, i+1))
}

// signedIn returns who a request comes from.
func (d *Desk) signedIn(ctx context.Context, r *http.Request) (u user, s session, ok bool, err error) {
	token := tokenOf(r)
	if token == "" || len(token) > 64 {
		return u, s, false, nil
	}
	found, err := d.get(ctx, keySession+keptAs(token), &s)
	if err != nil || !found || !d.now().Before(s.Ends) {
		return u, s, false, err
	}
	found, err = d.get(ctx, keyUser+s.User, &u)
	return u, s, found && !u.Off && u.Epoch == s.Epoch, err
}

// browser names a browser and its system in a few words.
func browser(agent string) string {
	pick := func(of [][2]string) string {
		for _, p := range of {
			if strings.Contains(agent, p[0]) {
				return p[1]
			}
		}
		return ""
	}
	name := pick([][2]string{{"Edg/", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}})
	on := pick([][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"Linux", "Linux"}})
	switch {
	case name == "" && on == "":
		return ""
	case name == "" || on == "":
		return name + on
	}
	return name + ", " + on
}
