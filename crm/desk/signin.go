package desk

import (
	"errors"
	"net/http"
	"time"
	"unicode/utf8"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// signInForm is what the sign-in page shows.
type signInForm struct {
	Login, Next string
	Problem     string // a word's id
	Wait        time.Duration
}

// Minutes to wait, at least one.
func (f signInForm) Minutes() int { return int(f.Wait/time.Minute) + 1 }

func (d *Desk) signInPage(v *visit) error {
	if _, _, ok, err := d.signedIn(v.r.Context(), v.r); err != nil {
		return err
	} else if ok {
		return v.redirect("")
	}
	next := v.r.URL.Query().Get("next")
	if !followable(next) {
		next = ""
	}
	return v.show(http.StatusOK, "signin", v.t("signin"), signInForm{Next: next})
}

// signIn checks a password. Each attempt is in the audit; who guesses waits.
func (d *Desk) signIn(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	ctx := v.r.Context()
	f := signInForm{Login: words(form.Get("login")), Next: form.Get("next")}
	if !followable(f.Next) {
		f.Next = ""
	}
	login, source := foldLogin(f.Login), d.source(v.r)
	nobody := crm.Actor{Kind: crm.System}
	var id, secret string
	var u user
	found, err := d.get(ctx, keyLogin+login, &id)
	if err == nil && found {
		found, err = d.get(ctx, keyUser+id, &u)
	}
	if err != nil {
		return err
	}
	// A source may be a whole office, or a proxy that nobody named: a stranger's guesses
	// there do not lock out the browsers that have signed in before. What they guess
	// themselves is slowed by the account.
	known := found && u.knows(v.r)
	for _, p := range []struct {
		*pace
		key  string
		free bool
	}{{d.bySource, source, known}, {d.byName, login, false}} {
		if p.free {
			continue
		}
		wait, ok := p.take(p.key)
		if !ok {
			f.Problem, f.Wait = "signin_slow", wait
			v.w.Header().Set("Retry-After", itoa(int(wait/time.Second)+1))
			if _, first := d.slowed.take(source); first { // a flood may not fill the audit
				if err := d.store.Record(ctx, "", nobody, "signin.slowed"); err != nil {
					return err
				}
			}
			return v.show(http.StatusTooManyRequests, "signin", v.t("signin"), f)
		}
	}
	if found {
		if found, err = d.get(ctx, keySecret+id, &secret); err != nil {
			return err
		}
	}
	if !found {
		secret = unknownSecret
	}
	ok, err := d.matches(ctx, form.Get("password"), secret)
	if err != nil {
		return err
	}
	if !ok || u.Off {
		by := nobody
		if found {
			by = u.agent().Actor()
		}
		f.Problem = "signin_wrong"
		if err := d.store.Record(ctx, "", by, "signin.refused"); err != nil {
			return err
		}
		return v.show(http.StatusUnprocessableEntity, "signin", v.t("signin"), f)
	}
	d.byName.back(login)
	if !known {
		d.bySource.back(source)
	}
	if _, err := d.begin(ctx, v.w, v.r, u); err != nil {
		return err
	}
	if err := d.store.Record(ctx, "", u.agent().Actor(), "signin"); err != nil {
		return err
	}
	return v.redirect(f.Next)
}

func (d *Desk) signOut(v *visit) error {
	ctx := v.r.Context()
	if _, err := d.end(ctx, v.agent.ID, v.sess.ID); err != nil {
		return err
	}
	if err := v.record("", "signout"); err != nil {
		return err
	}
	http.SetCookie(v.w, d.cookie(v.r, ""))
	return v.redirect("signin")
}

// welcomeForm is what a one-time link shows.
type welcomeForm struct {
	First       bool // it makes the first administrator
	Login, Name string
	Problem     string
}

func (d *Desk) welcomePage(v *visit) error {
	l, u, ok, err := d.invited(v.r.Context(), v.r.PathValue("token"))
	if err != nil {
		return err
	}
	if !ok {
		return &refusal{http.StatusNotFound, "err_link"}
	}
	return v.show(http.StatusOK, "welcome", v.t("welcome"), welcomeForm{First: l.User == "", Login: u.Login, Name: u.Name})
}

func (d *Desk) welcome(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	ctx, token := v.r.Context(), v.r.PathValue("token")
	if wait, ok := d.bySource.take(d.source(v.r)); !ok {
		v.w.Header().Set("Retry-After", itoa(int(wait/time.Second)+1))
		return &refusal{http.StatusTooManyRequests, "err_slow"}
	}
	l, u, ok, err := d.invited(ctx, token)
	if err != nil {
		return err
	}
	if !ok {
		return &refusal{http.StatusNotFound, "err_link"}
	}
	f := welcomeForm{First: l.User == "", Login: u.Login, Name: u.Name}
	if f.First {
		f.Login, f.Name = words(form.Get("login")), words(form.Get("name"))
	}
	password := form.Get("password")
	switch {
	case f.First && foldLogin(f.Login) == "":
		f.Problem = "login_bad"
	case utf8.RuneCountInString(f.Name) > 80:
		f.Problem = "name_long"
	case !passwordOK(password, foldLogin(f.Login)):
		f.Problem = "password_weak"
	case password != form.Get("again"):
		f.Problem = "password_differs"
	}
	if f.Problem != "" {
		return v.show(http.StatusUnprocessableEntity, "welcome", v.t("welcome"), f)
	}
	secret, err := d.hash(ctx, password)
	if err != nil {
		return err
	}
	u, err = d.accept(ctx, token, f.Login, f.Name, secret, v.lang)
	switch {
	case errors.Is(err, errLogin):
		f.Problem = "login_taken"
		return v.show(http.StatusUnprocessableEntity, "welcome", v.t("welcome"), f)
	case errors.Is(err, crm.ErrNotFound):
		return &refusal{http.StatusNotFound, "err_link"}
	case err != nil:
		return err
	}
	d.bySource.back(d.source(v.r))
	if _, err := d.begin(ctx, v.w, v.r, u); err != nil {
		return err
	}
	if err := d.store.Record(ctx, "", u.agent().Actor(), "password.set"); err != nil {
		return err
	}
	return v.redirect("")
}

// chooseLanguage is the agent's own wish, kept with the account.
func (d *Desk) chooseLanguage(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	for _, l := range d.langs {
		if l == hubkit.Lang(form.Get("lang")) {
			err = d.alter(v.r.Context(), v.agent.ID, func(u *user) error {
				u.Lang = l
				return nil
			})
		}
	}
	if err != nil {
		return err
	}
	next := form.Get("next")
	if !followable(next) {
		next = ""
	}
	return v.redirect(next)
}

// changePassword sets a new password for who knows the old one, and ends every
// other session.
func (d *Desk) changePassword(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	ctx := v.r.Context()
	var u user
	if _, err := d.get(ctx, keyUser+v.agent.ID, &u); err != nil {
		return err
	}
	if wait, ok := d.byName.take(u.Login); !ok {
		v.w.Header().Set("Retry-After", itoa(int(wait/time.Second)+1))
		return &refusal{http.StatusTooManyRequests, "err_slow"}
	}
	var secret string
	if _, err := d.get(ctx, keySecret+u.ID, &secret); err != nil {
		return err
	}
	known, err := d.matches(ctx, form.Get("now"), secret)
	if err != nil {
		return err
	}
	problem := ""
	switch password := form.Get("password"); {
	case !known:
		problem = "password_wrong"
	case !passwordOK(password, u.Login):
		problem = "password_weak"
	case password != form.Get("again"):
		problem = "password_differs"
	}
	if problem != "" {
		if err := v.record("", "password.refused"); err != nil {
			return err
		}
		return v.showSessions(http.StatusUnprocessableEntity, sessionsView{Problem: problem})
	}
	d.byName.back(u.Login)
	if secret, err = d.hash(ctx, form.Get("password")); err != nil {
		return err
	}
	if err := d.put(ctx, keySecret+u.ID, secret); err != nil {
		return err
	}
	err = d.alter(ctx, u.ID, func(changed *user) error {
		changed.Epoch++
		u = *changed
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.record("", "password.changed"); err != nil {
		return err
	}
	if v.sess, err = d.begin(ctx, v.w, v.r, u); err != nil {
		return err
	}
	return v.showSessions(http.StatusOK, sessionsView{Changed: true})
}
