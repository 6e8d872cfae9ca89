package desk

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// visit is one request, with who makes it.
type visit struct {
	d     *Desk
	w     http.ResponseWriter
	r     *http.Request
	base  string // the way up to where the desk is mounted: "./", "../", …
	lang  hubkit.Lang
	agent Agent // zero while nobody is signed in
	sess  session
	names map[string]string // of colleagues, as they were looked up
}

// mostBody is the longest form that is read, in bytes.
const mostBody = 64 << 10

// policy allows the desk's own files and nothing else: no inline code, no frame.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler serves the desk. Mount it under any prefix that ends with a slash,
// with or without http.StripPrefix; its links are relative.
func (d *Desk) Handler() http.Handler {
	mux := http.NewServeMux()
	d.routes(mux)
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(d.open(func(v *visit) error { return &refusal{http.StatusForbidden, "err_cross"} }))
	inner := guard.Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "no-store")
		if secure(r) {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r2 := r.Clone(r.Context())
		r2.URL.Path, r2.URL.RawPath = below(r), ""
		r2.Body = http.MaxBytesReader(w, r.Body, mostBody)
		inner.ServeHTTP(w, r2)
	})
}

// below is the path below where the desk is mounted: what is left of it after
// the pattern by which an http.ServeMux found it.
func below(r *http.Request) string {
	pattern := r.Pattern
	if i := strings.IndexByte(pattern, '/'); i >= 0 {
		pattern = pattern[i:]
	}
	p := r.URL.Path
	if strings.HasSuffix(pattern, "/") {
		if rest, ok := strings.CutPrefix(p, pattern); ok {
			p = rest
		}
	}
	return "/" + strings.TrimPrefix(p, "/")
}

// routes lists every page.
func (d *Desk) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /static/{file}", d.look.file)
	mux.Handle("GET /signin", d.open(d.signInPage))
	mux.Handle("POST /signin", d.open(d.signIn))
	mux.Handle("GET /welcome/{token}", d.open(d.welcomePage))
	mux.Handle("POST /welcome/{token}", d.open(d.welcome))
	mux.Handle("POST /signout", d.signed(Viewer, d.signOut))
	mux.Handle("POST /language", d.signed(Viewer, d.chooseLanguage))
	mux.Handle("GET /sessions", d.signed(Viewer, d.sessionsPage))
	mux.Handle("POST /sessions", d.signed(Viewer, d.endSession))
	mux.Handle("POST /password", d.signed(Viewer, d.changePassword))
	mux.Handle("GET /users", d.signed(Administrator, d.usersPage))
	mux.Handle("POST /users", d.signed(Administrator, d.invite))
	mux.Handle("GET /users/{user}", d.signed(Administrator, d.userPage))
	mux.Handle("POST /users/{user}", d.signed(Administrator, d.changeUser))

	mux.Handle("GET /{$}", d.signed(Viewer, d.queuePage))
	mux.Handle("GET /conversations", d.signed(Viewer, d.ticketsPage))
	mux.Handle("GET /conversations/live", d.signed(Viewer, d.ticketsLive))
	mux.Handle("GET /p/{programme}/r/{id}", d.signed(Viewer, d.casePage))
	mux.Handle("POST /p/{programme}/r/{id}/note", d.signed(Caseworker, d.addNote))
	mux.Handle("GET /p/{programme}/r/{id}/decide", d.signed(Caseworker, d.decidePage))
	mux.Handle("POST /p/{programme}/r/{id}/decide", d.signed(Caseworker, d.decide))
	mux.Handle("GET /p/{programme}/r/{id}/media/{media}", d.signed(Viewer, d.mediaFile))
	mux.Handle("GET /p/{programme}/t/{id}", d.signed(Viewer, d.ticketPage))
	for _, kind := range []string{"r", "t"} {
		at := " /p/{programme}/" + kind + "/{id}/"
		mux.Handle("GET"+at+"live", d.signed(Viewer, d.live))
		mux.Handle("GET"+at+"said/{seq}/{n}", d.signed(Viewer, d.saidFile))
		mux.Handle("POST"+at+"take", d.signed(Caseworker, d.take))
		mux.Handle("POST"+at+"release", d.signed(Caseworker, d.release))
		mux.Handle("POST"+at+"return", d.signed(Caseworker, d.handBack))
		mux.Handle("POST"+at+"reply", d.signed(Caseworker, d.reply))
	}
	for i := range d.pages {
		p := &d.pages[i]
		h := d.signed(p.Role, func(v *visit) error { return v.serve(p) })
		mux.Handle("/"+p.Path, h)
		mux.Handle("/"+p.Path+"/", h)
	}
	mux.Handle("/", d.signed(Viewer, func(*visit) error { return crm.ErrNotFound }))
}

// open serves a page to anybody.
func (d *Desk) open(serve func(*visit) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v := &visit{d: d, w: w, r: r, base: up(r.URL.Path), lang: d.wish(r)}
		if err := serve(v); err != nil {
			v.fail(err)
		}
	})
}

// signed serves a page to those of a role, and leads others to sign in.
func (d *Desk) signed(least Role, serve func(*visit) error) http.Handler {
	return d.open(func(v *visit) error {
		u, s, ok, err := d.signedIn(v.r.Context(), v.r)
		if err != nil {
			return err
		}
		if !ok {
			if v.r.Method != http.MethodGet {
				return &refusal{http.StatusUnauthorized, "err_signin"}
			}
			next := strings.TrimPrefix(v.r.URL.RequestURI(), "/")
			if next != "" && followable(next) {
				return v.redirect("signin?next=" + url.QueryEscape(next))
			}
			return v.redirect("signin")
		}
		v.agent, v.sess = u.agent(), s
		if v.agent.Lang != "" {
			v.lang = v.agent.Lang
		}
		if !u.Role.may(least) {
			return &refusal{http.StatusForbidden, "err_role"}
		}
		return serve(v)
	})
}

// up leads from a path to the mount.
func up(path string) string {
	n := strings.Count(path, "/") - 1
	if n <= 0 {
		return "./"
	}
	return strings.Repeat("../", n)
}

// followable says whether a path may be gone to after signing in: one of the
// desk's own pages, never another site.
func followable(next string) bool {
	if len(next) > 512 || strings.HasPrefix(next, "/") || strings.Contains(next, "..") || strings.Contains(next, "//") {
		return false
	}
	return !strings.ContainsFunc(next, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("/?=&.-_%+", r)
	})
}

// redirect goes to a path of the desk. The Location is relative: the desk need
// not know where it is mounted.
func (v *visit) redirect(to string) error {
	v.w.Header().Set("Location", v.base+to)
	v.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// form reads the request's form once; a broken or too long one is refused.
func (v *visit) form() (url.Values, error) {
	if err := v.r.ParseForm(); err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return nil, &refusal{http.StatusRequestEntityTooLarge, "err_long"}
		}
		return nil, &refusal{http.StatusBadRequest, "err_form"}
	}
	return v.r.PostForm, nil
}

// words are a form's words, made sound: valid, without invisible controls, cut nowhere.
func words(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\r\n", "\n"), "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if (r < ' ' && r != '\n' && r != '\t') || r == 0x7f {
			return -1
		}
		return r
	}, s))
}

// refusal is an answer that says no, and why, in the desk's words.
type refusal struct {
	code int
	word string // of its title; its explanation is word+"_why"
}

// Error names the word only.
func (e *refusal) Error() string { return "desk: refused: " + e.word }

// fail shows what went wrong. What is not found and what is out of scope look
// the same.
func (v *visit) fail(err error) {
	no := &refusal{http.StatusInternalServerError, "err_inside"}
	switch {
	case errors.As(err, &no):
	case errors.Is(err, crm.ErrNotFound), errors.Is(err, crm.ErrSealed):
		no = &refusal{http.StatusNotFound, "err_missing"}
	case errors.Is(err, crm.ErrStale):
		no = &refusal{http.StatusConflict, "err_stale"}
	case v.r.Context().Err() != nil:
		return // nobody waits
	default:
		v.d.log.ErrorContext(v.r.Context(), "the desk could not serve a page", "method", v.r.Method, "page", strings.TrimPrefix(v.r.Pattern, "/"), "error", err)
	}
	if err := v.show(no.code, "refused", v.t(no.word), no); err != nil {
		v.d.log.ErrorContext(v.r.Context(), "the desk could not show an error", "error", err)
	}
}

// t is one of the desk's words in the visitor's language.
func (v *visit) t(id string, pairs ...any) string { return v.d.words.say(v.lang, id, pairs...) }

// wish is the language that a browser asks for, of those that the desk speaks.
func (d *Desk) wish(r *http.Request) hubkit.Lang {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		if l, err := hubkit.ParseLang(tag); err == nil {
			for _, have := range d.langs {
				if have == l || have.Base() == l.Base() {
					return have
				}
			}
		}
	}
	return d.langs[0]
}

// record writes into the audit what the agent did without changing anything.
func (v *visit) record(programme, action string, ids ...string) error {
	return v.d.store.Record(v.r.Context(), programme, v.agent.Actor(), action, ids...)
}

// when is a time as the agent's page shows it.
func (v *visit) when(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	layout := "02.01.2006 15:04"
	if v.lang.Base() == "en" {
		layout = "2 Jan 2006, 15:04"
	}
	return t.In(v.d.zone).Format(layout)
}

// since is how long ago a time was, in the largest unit that fits.
func (v *visit) since(t time.Time) string {
	switch age := v.d.now().Sub(t); {
	case age < time.Minute:
		return v.t("now")
	case age < time.Hour:
		return v.t("minutes", "n", int(age/time.Minute))
	case age < 48*time.Hour:
		return v.t("hours", "n", int(age/time.Hour))
	default:
		return v.t("days", "n", int(age/(24*time.Hour)))
	}
}
