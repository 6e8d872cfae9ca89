package desk

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// user is an account. All of it is sealed in the store's table.
type user struct {
	ID     string      `json:"id"`
	Login  string      `json:"login"`
	Name   string      `json:"name"`
	Lang   hubkit.Lang `json:"lang"`
	Role   Role        `json:"role"`
	Scopes []string    `json:"scopes"`
	Off    bool        `json:"off,omitempty"`   // may not sign in
	Ready  bool        `json:"ready,omitempty"` // has set a password
	Epoch  int64       `json:"epoch"`           // sessions of an earlier one are over
	Link   string      `json:"link,omitempty"`  // hash of the latest one-time link; older ones are void
	Known  []string    `json:"known,omitempty"` // hashes of the tokens of browsers that signed in
	Made   time.Time   `json:"made"`
}

func (u *user) agent() Agent {
	return Agent{ID: u.ID, Name: u.Name, Lang: u.Lang, Role: u.Role, Scopes: u.Scopes}
}

// Keys of the table. Table hides keys and values; nothing here is in clear.
const (
	keyUsers    = "users"     // ids, as a list
	keyUser     = "user/"     // + id
	keySecret   = "secret/"   // + id: the hash of the password
	keyLogin    = "login/"    // + login: the id
	keyLink     = "link/"     // + hash of the token
	keySession  = "session/"  // + hash of the token
	keySessions = "sessions/" // + user's id: what they may end
)

// get reads a fact; found is false when there is none.
func (d *Desk) get(ctx context.Context, key string, v any) (found bool, err error) {
	s, err := d.table.Get(ctx, key)
	if err != nil || s == "" {
		return false, err
	}
	return true, json.Unmarshal([]byte(s), v)
}

func (d *Desk) put(ctx context.Context, key string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return d.table.Put(ctx, key, string(b))
}

func (d *Desk) forget(ctx context.Context, key string) error { return d.table.Put(ctx, key, "") }

// users lists every account, in the order they were made.
func (d *Desk) users(ctx context.Context) ([]user, error) {
	var ids []string
	if _, err := d.get(ctx, keyUsers, &ids); err != nil {
		return nil, err
	}
	us := make([]user, 0, len(ids))
	for _, id := range ids {
		var u user
		if ok, err := d.get(ctx, keyUser+id, &u); err != nil {
			return nil, err
		} else if ok {
			us = append(us, u)
		}
	}
	return us, nil
}

// errLogin says that a login is taken or cannot be one.
var errLogin = errors.New("desk: the login is taken, or is not one")

// addUser makes an account without a password. Called with accounts held.
func (d *Desk) addUser(ctx context.Context, u user) (user, error) {
	u.Login = foldLogin(u.Login)
	if u.Login == "" || !u.Role.may(Viewer) {
		return u, errLogin
	}
	var taken string
	if found, err := d.get(ctx, keyLogin+u.Login, &taken); err != nil || found {
		return u, errors.Join(err, errLogin)
	}
	var ids []string
	if _, err := d.get(ctx, keyUsers, &ids); err != nil {
		return u, err
	}
	u.ID, u.Made = crm.NewID(), d.now().UTC()
	if u.Name == "" {
		u.Name = u.Login
	}
	for _, f := range []struct {
		key string
		v   any
	}{{keyUser + u.ID, u}, {keyLogin + u.Login, u.ID}, {keyUsers, append(ids, u.ID)}} {
		if err := d.put(ctx, f.key, f.v); err != nil {
			return u, err
		}
	}
	return u, nil
}

// foldLogin is how a login is compared; "" for what cannot be one.
func foldLogin(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	if len(s) > 64 || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '/' }) {
		return ""
	}
	return s
}

// link is a one-time invitation to set a password.
type link struct {
	User string    `json:"user"` // "" makes the first administrator
	Ends time.Time `json:"ends"`
}

// linkTTL is how long a one-time link is good for.
const linkTTL = 24 * time.Hour

// newLink returns a path, relative to the desk, by which an account's password
// can be set once. It voids the account's earlier link. Called with accounts held.
func (d *Desk) newLink(ctx context.Context, userID string) (path string, err error) {
	token, kept := newToken()
	if err := d.put(ctx, keyLink+kept, link{User: userID, Ends: d.now().Add(linkTTL).UTC()}); err != nil {
		return "", err
	}
	if userID == "" {
		return "welcome/" + token, nil
	}
	var u user
	found, err := d.get(ctx, keyUser+userID, &u)
	if err != nil {
		return "", err
	}
	if !found {
		return "", crm.ErrNotFound
	}
	u.Link = kept
	return "welcome/" + token, d.put(ctx, keyUser+userID, u)
}

// FirstLink returns the way in for the first administrator, as a path below
// where the desk is mounted ("welcome/…"): whoever opens it within 24 hours
// chooses a login and a password. It is "" once somebody can sign in. Print it
// at start, on the operator's terminal and not into a log.
func (d *Desk) FirstLink(ctx context.Context) (path string, err error) {
	d.accounts.Lock()
	defer d.accounts.Unlock()
	if some, err := d.anybody(ctx); err != nil || some {
		return "", err
	}
	return d.newLink(ctx, "")
}

// anybody says whether an administrator can sign in.
func (d *Desk) anybody(ctx context.Context) (bool, error) {
	us, err := d.users(ctx)
	return slices.ContainsFunc(us, func(u user) bool { return u.Ready && !u.Off && u.Role == Administrator }), err
}

// invited returns the link of a token, while it is good.
func (d *Desk) invited(ctx context.Context, token string) (l link, u user, ok bool, err error) {
	if found, err := d.get(ctx, keyLink+keptAs(token), &l); err != nil || !found || !d.now().Before(l.Ends) {
		return l, u, false, err
	}
	if l.User == "" {
		some, err := d.anybody(ctx)
		return l, u, !some, err
	}
	found, err := d.get(ctx, keyUser+l.User, &u)
	return l, u, found && !u.Off && u.Link == keptAs(token), err
}

// accept uses a link up: it sets the password and ends every session that the
// account has.
func (d *Desk) accept(ctx context.Context, token, login, name, secret string, lang hubkit.Lang) (user, error) {
	d.accounts.Lock()
	defer d.accounts.Unlock()
	l, u, ok, err := d.invited(ctx, token)
	if err != nil {
		return u, err
	}
	if !ok {
		return u, crm.ErrNotFound
	}
	if l.User == "" {
		if u, err = d.addUser(ctx, user{Login: login, Name: name, Lang: lang, Role: Administrator, Scopes: []string{Everything}}); err != nil {
			return u, err
		}
	}
	if err := d.forget(ctx, keyLink+keptAs(token)); err != nil { // first: it can never be used twice
		return u, err
	}
	if err := d.put(ctx, keySecret+u.ID, secret); err != nil {
		return u, err
	}
	u.Ready, u.Link, u.Known = true, "", nil
	u.Epoch++
	return u, d.put(ctx, keyUser+u.ID, u)
}

// who names an actor for people to read.
func (v *visit) who(a crm.Actor) string {
	switch {
	case a.Kind == crm.Agent && a.ID == v.agent.ID:
		return v.t("you")
	case a.Kind == crm.Agent && a.ID != "":
		if name, ok := v.names[a.ID]; ok {
			return name
		}
		var u user
		name := v.t("somebody")
		if ok, err := v.d.get(v.r.Context(), keyUser+a.ID, &u); ok && err == nil {
			name = u.Name
		}
		if v.names == nil {
			v.names = map[string]string{}
		}
		v.names[a.ID] = name
		return name
	}
	return v.t("actor_" + string(a.Kind))
}
