package desk

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit"
)

//go:embed assets templates
var embedded embed.FS

// look is what pages are made of.
type look struct {
	files map[string][]byte // by a name that changes with the content
	names map[string]string // desk.css → desk.1f2e3d.css
	by    map[hubkit.Lang]*template.Template
}

func newLook(d *Desk) (*look, error) {
	l := &look{files: map[string][]byte{}, names: map[string]string{}, by: map[hubkit.Lang]*template.Template{}}
	files, err := fs.Glob(embedded, "assets/*")
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		b, err := embedded.ReadFile(f)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(b)
		base, ext := path.Base(f), path.Ext(f)
		name := strings.TrimSuffix(base, ext) + "." + hex.EncodeToString(sum[:5]) + ext
		l.names[base], l.files[name] = name, b
	}
	for _, lang := range d.langs {
		t, err := template.New("desk").Funcs(template.FuncMap{
			"t":      func(id string, pairs ...any) string { return d.words.say(lang, id, pairs...) },
			"file":   func(name string) string { return "static/" + l.names[name] },
			"points": points,
			"dir":    direction,
			"lines":  func(s string) []string { return strings.Split(s, "\n") },
			"dict":   dict,
		}).ParseFS(embedded, "templates/*.html")
		if err != nil {
			return nil, fmt.Errorf("desk: templates: %w", err)
		}
		l.by[lang] = t
	}
	return l, nil
}

// dict hands several values to a template.
func dict(pairs ...any) map[string]any {
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		if k, ok := pairs[i].(string); ok {
			m[k] = pairs[i+1]
		}
	}
	return m
}

// points are a figure with the digits it needs.
func points(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// direction is the value of an element's dir.
func direction(l hubkit.Lang) string {
	if l.RTL() {
		return "rtl"
	}
	return "ltr"
}

// file serves the stylesheet and the script.
func (l *look) file(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("file")
	b, ok := l.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	kind := "text/css; charset=utf-8"
	if strings.HasSuffix(name, ".js") {
		kind = "text/javascript; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(b) // the line may be gone
}

// frame is what every page has around it.
type frame struct {
	V     *visit
	Base  string
	Lang  hubkit.Lang
	Dir   string
	Title string
	Here  string // the page's place in the navigation
	Nav   []place
	Body  any
}

// place is one entry of the navigation.
type place struct {
	Path, Name, Key string
}

// show writes a page.
func (v *visit) show(code int, name, title string, body any) error {
	f := frame{V: v, Base: v.base, Lang: v.lang, Dir: direction(v.lang), Title: title, Here: name, Nav: v.navigation(), Body: body}
	var b bytes.Buffer
	if err := v.d.look.by[v.lang].ExecuteTemplate(&b, name, f); err != nil {
		return fmt.Errorf("desk: template %s: %w", name, err)
	}
	v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	v.w.WriteHeader(code)
	_, _ = v.w.Write(b.Bytes()) // the line may be gone
	return nil
}

// piece renders a part of a page, for the live stream.
func (v *visit) piece(name string, body any) (string, error) {
	var b bytes.Buffer
	err := v.d.look.by[v.lang].ExecuteTemplate(&b, name, frame{V: v, Base: v.base, Lang: v.lang, Dir: direction(v.lang), Body: body})
	return b.String(), err
}

// navigation lists the pages that the visitor may open.
func (v *visit) navigation() []place {
	if v.agent.ID == "" {
		return nil
	}
	ps := []place{{"", v.t("nav_queue"), "queue"}, {"conversations", v.t("nav_conversations"), "conversations"}}
	for i := range v.d.pages {
		if p := &v.d.pages[i]; v.agent.Role.may(p.Role) && len(p.Title) > 0 {
			title, _ := p.title.In(v.lang, nil)
			ps = append(ps, place{p.Path, title, "page/" + p.Path})
		}
	}
	if v.agent.Role.may(Administrator) {
		ps = append(ps, place{"users", v.t("nav_users"), "users"})
	}
	return ps
}
