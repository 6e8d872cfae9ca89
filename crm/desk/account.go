package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

func itoa(n int) string { return strconv.Itoa(n) }

// alter changes an account.
func (d *Desk) alter(ctx context.Context, id string, change func(*user) error) error {
	d.accounts.Lock()
	defer d.accounts.Unlock()
	var u user
	found, err := d.get(ctx, keyUser+id, &u)
	if err != nil {
		return err
	}
	if !found {
		return crm.ErrNotFound
	}
	if err := change(&u); err != nil {
		return err
	}
	return d.put(ctx, keyUser+id, u)
}

// sessionRow is one open session as its owner sees it.
type sessionRow struct {
	ID, With, Made, Ends string
	This                 bool
}

func (v *visit) sessionRows(userID string) ([]sessionRow, error) {
	all, err := v.d.sessions(v.r.Context(), userID)
	if err != nil {
		return nil, err
	}
	rows := make([]sessionRow, len(all))
	for i, s := range all {
		rows[i] = sessionRow{ID: s.ID, With: s.With, Made: v.when(s.Made), Ends: v.when(s.Ends), This: s.ID == v.sess.ID}
	}
	slices.Reverse(rows)
	return rows, nil
}

// sessionsView is what an account's owner sees of it.
type sessionsView struct {
	Rows    []sessionRow
	Problem string
	Changed bool // the password
}

func (d *Desk) sessionsPage(v *visit) error { return v.showSessions(http.StatusOK, sessionsView{}) }

func (v *visit) showSessions(code int, view sessionsView) (err error) {
	if view.Rows, err = v.sessionRows(v.agent.ID); err != nil {
		return err
	}
	return v.show(code, "sessions", v.t("sessions"), view)
}

func (d *Desk) endSession(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	ended, err := d.end(v.r.Context(), v.agent.ID, form.Get("session"))
	if err != nil {
		return err
	}
	if ended {
		if err := v.record("", "session.ended"); err != nil {
			return err
		}
	}
	return v.redirect("sessions")
}

// usersView is the administrator's list.
type usersView struct {
	Users   []userRow
	Form    userForm
	Problem string
	Link    string // a link that was just made; shown once
	For     string // whose
}

type userRow struct {
	user
	MadeAt string
}

// userForm is an account as the administrator writes it.
type userForm struct {
	Login, Name string
	Role        Role
	Lang        hubkit.Lang
	Scopes      []string
	Off         bool
}

// sameScopes compares without order.
func sameScopes(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// Has says whether the form has a scope.
func (f userForm) Has(scope string) bool { return slices.Contains(f.Scopes, scope) }

func (v *visit) userList(code int, view usersView) error {
	us, err := v.d.users(v.r.Context())
	if err != nil {
		return err
	}
	for _, u := range us {
		if !v.agent.oversees(u.Scopes) {
			continue
		}
		view.Users = append(view.Users, userRow{u, v.when(u.Made)})
	}
	if view.Form.Role == "" {
		view.Form.Role, view.Form.Lang = Caseworker, v.lang
	}
	return v.show(code, "users", v.t("nav_users"), view)
}

func (d *Desk) usersPage(v *visit) error { return v.userList(http.StatusOK, usersView{}) }

// userForm reads an account from the request; problem is a word's id.
func (v *visit) userForm() (f userForm, problem string, err error) {
	form, err := v.form()
	if err != nil {
		return f, "", err
	}
	f = userForm{Login: words(form.Get("login")), Name: words(form.Get("name")), Role: Role(form.Get("role")), Lang: hubkit.Lang(form.Get("lang")), Off: form.Get("off") != ""}
	for _, s := range form["scope"] {
		// Nobody gives what they do not have: it does not exist for them.
		if known := s == Everything || slices.ContainsFunc(v.d.progs, func(p Programme) bool { return p.ID == s }); known && v.agent.oversees([]string{s}) {
			f.Scopes = append(f.Scopes, s)
		}
	}
	if !slices.Contains(v.d.langs, f.Lang) {
		f.Lang = v.d.langs[0]
	}
	switch {
	case !f.Role.may(Viewer):
		return f, "role_bad", nil
	case utf8.RuneCountInString(f.Name) > 80:
		return f, "name_long", nil
	case len(f.Scopes) == 0:
		return f, "scopes_none", nil
	}
	return f, "", nil
}

// invite makes an account and shows its one-time link.
func (d *Desk) invite(v *visit) error {
	f, problem, err := v.userForm()
	if err != nil {
		return err
	}
	if problem == "" && foldLogin(f.Login) == "" {
		problem = "login_bad"
	}
	if problem != "" {
		return v.userList(http.StatusUnprocessableEntity, usersView{Form: f, Problem: problem})
	}
	ctx := v.r.Context()
	d.accounts.Lock()
	u, err := d.addUser(ctx, user{Login: f.Login, Name: f.Name, Lang: f.Lang, Role: f.Role, Scopes: f.Scopes})
	var link string
	if err == nil {
		link, err = d.newLink(ctx, u.ID)
	}
	d.accounts.Unlock()
	switch {
	case errors.Is(err, errLogin):
		return v.userList(http.StatusUnprocessableEntity, usersView{Form: f, Problem: "login_taken"})
	case err != nil:
		return err
	}
	if err := v.record("", "user.invited", u.ID); err != nil {
		return err
	}
	return v.userList(http.StatusOK, usersView{Link: link, For: u.Name})
}

// userView is one account.
type userView struct {
	user
	Form     userForm
	Problem  string
	Link     string
	Sessions []sessionRow
	Self     bool
}

// account reads one that the administrator oversees; others do not exist.
func (v *visit) account(id string) (u user, err error) {
	found, err := v.d.get(v.r.Context(), keyUser+id, &u)
	if err == nil && (!found || !v.agent.oversees(u.Scopes)) {
		err = crm.ErrNotFound
	}
	return u, err
}

func (v *visit) userDetail(code int, problem, link string, f *userForm) error {
	id := v.r.PathValue("user")
	u, err := v.account(id)
	if err != nil {
		return err
	}
	view := userView{user: u, Problem: problem, Link: link, Self: id == v.agent.ID}
	if view.Form = (userForm{u.Login, u.Name, u.Role, u.Lang, u.Scopes, u.Off}); f != nil {
		view.Form = *f
	}
	if view.Sessions, err = v.sessionRows(id); err != nil {
		return err
	}
	return v.show(code, "user", u.Name, view)
}

func (d *Desk) userPage(v *visit) error { return v.userDetail(http.StatusOK, "", "", nil) }

// changeUser saves an account, ends its sessions, or makes it a new link.
func (d *Desk) changeUser(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	ctx, id := v.r.Context(), v.r.PathValue("user")
	if _, err := v.account(id); err != nil {
		return err
	}
	switch form.Get("do") {
	case "save":
		f, problem, err := v.userForm()
		if err != nil {
			return err
		}
		if problem == "" && id == v.agent.ID && (f.Off || f.Role != Administrator) {
			problem = "not_yourself" // nobody may be left outside
		}
		if problem != "" {
			return v.userDetail(http.StatusUnprocessableEntity, problem, "", &f)
		}
		var saved user
		ended := false
		err = d.alter(ctx, id, func(u *user) error {
			// A session may do what it might when it began: with other rights
			// one signs in anew.
			if ended = (f.Off && !u.Off) || f.Role != u.Role || !sameScopes(f.Scopes, u.Scopes); ended {
				u.Epoch++
			}
			u.Role, u.Lang, u.Scopes, u.Off = f.Role, f.Lang, f.Scopes, f.Off
			if f.Name != "" {
				u.Name = f.Name
			}
			saved = *u
			return nil
		})
		if err != nil {
			return err
		}
		if err := v.record("", "user.changed", id); err != nil {
			return err
		}
		if ended && id == v.agent.ID { // the one who saves stays signed in
			if v.sess, err = d.begin(ctx, v.w, v.r, saved); err != nil {
				return err
			}
		}
	case "end":
		if _, err := d.end(ctx, id, form.Get("session")); err != nil {
			return err
		}
		if err := v.record("", "session.ended", id); err != nil {
			return err
		}
	case "end-all":
		if err := d.alter(ctx, id, func(u *user) error { u.Epoch++; return nil }); err != nil {
			return err
		}
		if err := v.record("", "sessions.ended", id); err != nil {
			return err
		}
	case "link":
		d.accounts.Lock()
		link, err := d.newLink(ctx, id)
		d.accounts.Unlock()
		if err != nil {
			return err
		}
		if err := v.record("", "user.link", id); err != nil {
			return err
		}
		return v.userDetail(http.StatusOK, "", link, nil)
	default:
		return &refusal{http.StatusBadRequest, "err_form"}
	}
	return v.redirect("users/" + id)
}
