package desk

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"regexp"

	"github.com/hubkit/hubkit"
)

// Page is a room's own page inside the desk: rooms above crm bring theirs.
type Page struct {
	// Path below the desk: "campaigns". What is under it ("campaigns/7") is the
	// page's too.
	Path string
	// Title is its name in the navigation; without one it is not listed.
	Title hubkit.Text
	// Role that opens it. Defaults to Viewer.
	Role Role
	// Serve answers a request whose path begins with "/" and Path. What it writes
	// becomes the inside of the desk's frame, as HTML that the page has escaped;
	// it runs under the desk's Content-Security-Policy, without inline code. To
	// answer with something else, such as a file or a stream, set a Content-Type
	// first. An error becomes the desk's own page: crm.ErrNotFound is 404,
	// crm.ErrStale 409.
	//
	// The page checks the agent's scopes, and records what it shows of a person
	// with crm.Store.Record.
	Serve func(w http.ResponseWriter, r *http.Request, a Agent) error
}

// page is a Page made ready.
type page struct {
	Page
	title *hubkit.Compiled
}

var pathForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// own are the paths that belong to the desk.
var own = map[string]bool{"static": true, "signin": true, "signout": true, "welcome": true, "language": true, "sessions": true, "users": true, "conversations": true, "p": true}

func newPages(ps []Page, langs []hubkit.Lang) ([]page, error) {
	var errs []error
	seen := map[string]bool{}
	out := make([]page, len(ps))
	for i, p := range ps {
		switch {
		case !pathForm.MatchString(p.Path):
			errs = append(errs, fmt.Errorf("desk: Pages[%d]: Path is lower-case letters, digits and -, such as %q", i, "campaigns"))
		case own[p.Path] || seen[p.Path]:
			errs = append(errs, fmt.Errorf("desk: Pages[%d]: the path %q is taken", i, p.Path))
		}
		if p.Serve == nil {
			errs = append(errs, fmt.Errorf("desk: Pages[%d]: there is no Serve", i))
		}
		if p.Role == "" {
			p.Role = Viewer
		}
		if !p.Role.may(Viewer) {
			errs = append(errs, fmt.Errorf("desk: Pages[%d]: there is no role %q", i, p.Role))
		}
		seen[p.Path] = true
		out[i].Page = p
		if len(p.Title) > 0 {
			var err error
			if out[i].title, err = p.Title.Compile(langs, everyToFirst(langs, p.Title)); err != nil {
				errs = append(errs, fmt.Errorf("desk: Pages[%d].Title: %w", i, err))
			}
		}
	}
	return out, errors.Join(errs...)
}

// serve frames what a Page writes.
func (v *visit) serve(p *page) error {
	b := &inside{ResponseWriter: v.w, code: http.StatusOK}
	if err := p.Serve(b, v.r, v.agent); err != nil {
		if b.through {
			v.d.log.ErrorContext(v.r.Context(), "a page of the desk broke off", "page", p.Path, "error", err)
			return nil
		}
		return err
	}
	if b.through {
		return nil
	}
	title, _ := p.title.In(v.lang, nil)
	return v.show(b.code, "page", title, template.HTML(b.buf.String())) //nolint:gosec // the page's own HTML, as Page says
}

// inside collects what a page writes, unless it says what it is.
type inside struct {
	http.ResponseWriter
	buf     bytes.Buffer
	code    int
	begun   bool
	through bool
}

// WriteHeader lets a redirect and whatever has a type of its own pass.
func (w *inside) WriteHeader(code int) {
	if w.begun {
		return
	}
	w.begun, w.code = true, code
	w.through = w.Header().Get("Content-Type") != "" || w.Header().Get("Location") != ""
	if w.through {
		w.ResponseWriter.WriteHeader(code)
	}
}

// Write collects or passes on.
func (w *inside) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.through {
		return w.ResponseWriter.Write(b)
	}
	return w.buf.Write(b)
}

// Unwrap lets http.ResponseController flush a stream.
func (w *inside) Unwrap() http.ResponseWriter { return w.ResponseWriter }
