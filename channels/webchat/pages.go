package webchat

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit"
)

//go:embed assets
var assets embed.FS

// pages is everything that is the same for everybody, made once and pressed.
type pages struct {
	languages  []hubkit.Lang
	vocabulary []word
	policy     string
	files      map[string]static // script and stylesheet, by a name that changes with the content
	html       map[hubkit.Lang]static
	say        map[hubkit.Lang]static // the words as JSON, for a page that changes its language
	frame      map[hubkit.Lang]static // embed.js
}

// static is one file, plain and pressed.
type static struct {
	mime        string
	plain, gzip []byte
	etag        string
}

func newStatic(mime string, b []byte) static {
	var z bytes.Buffer
	w, err := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if err != nil {
		panic(err) // the level is known
	}
	_, _ = w.Write(b) // a buffer takes everything
	_ = w.Close()
	sum := sha256.Sum256(b)
	return static{mime: mime, plain: b, gzip: z.Bytes(), etag: base64.RawURLEncoding.EncodeToString(sum[:9])}
}

// settings is what the script is told by the page.
type settings struct {
	Lang      hubkit.Lang       `json:"lang"`
	Dir       string            `json:"dir"`
	Words     map[string]string `json:"words"`
	Languages []hubkit.Lang     `json:"languages"`
	Heartbeat int64             `json:"heartbeat"` // milliseconds
	MaxText   int               `json:"maxText"`
}

func newPages(c *Config) (*pages, error) {
	ws, errs := c.vocabulary()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	p := &pages{
		languages:  c.Languages,
		vocabulary: ws,
		files:      map[string]static{},
		html:       map[hubkit.Lang]static{},
		say:        map[hubkit.Lang]static{},
		frame:      map[hubkit.Lang]static{},
		policy: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
			"img-src 'self' https: data: blob:; media-src 'self' https:; base-uri 'none'; form-action 'none'; " +
			"frame-ancestors " + strings.Join(append([]string{"'self'"}, c.Origins...), " "),
	}
	script := p.add("chat", ".js", "text/javascript; charset=utf-8", "line.js", "chat.js")
	style := p.add("chat", ".css", "text/css; charset=utf-8", "chat.css")
	html, err := template.ParseFS(assets, "assets/chat.html")
	if err != nil {
		return nil, err
	}
	for _, l := range c.Languages {
		s := settings{
			Lang: l, Dir: direction(l), Words: map[string]string{}, Languages: c.Languages,
			Heartbeat: c.Heartbeat.Milliseconds(), MaxText: c.MaxText,
		}
		for _, w := range ws {
			compiled, err := w.text.Compile([]hubkit.Lang{l}, nil)
			if err != nil {
				return nil, err
			}
			s.Words[w.id], _ = compiled.In(l, nil)
		}
		var b bytes.Buffer
		err := html.Execute(&b, map[string]any{
			"Lang": l, "Dir": s.Dir, "Words": s.Words, "Settings": s,
			"Script": script, "Style": style, "Photos": c.Uploads != nil,
		})
		if err != nil {
			return nil, err
		}
		p.html[l] = newStatic("text/html; charset=utf-8", bytes.Clone(b.Bytes()))
		say, err := json.Marshal(s)
		if err != nil {
			return nil, err
		}
		p.say[l] = newStatic("application/json", say)
		own, err := json.Marshal(map[string]string{
			"lang": string(l), "dir": s.Dir, "open": s.Words["open"], "close": s.Words["close"], "title": s.Words["title"],
		})
		if err != nil {
			return nil, err
		}
		frame := bytes.Replace(read("embed.js"), []byte("/*words*/ {}"), own, 1)
		p.frame[l] = newStatic("text/javascript; charset=utf-8", frame)
	}
	return p, nil
}

func read(file string) []byte {
	b, err := assets.ReadFile("assets/" + file)
	if err != nil {
		panic(err) // embedded when built
	}
	return b
}

// add joins files into one and returns the name it is served by.
func (p *pages) add(stem, ext, mime string, files ...string) string {
	var all []byte
	for _, f := range files {
		all = append(all, read(f)...)
	}
	s := newStatic(mime, all)
	at := stem + "." + s.etag + ext
	p.files[at] = s
	return at
}

// page answers GET of the mount itself.
func (p *pages) page(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", p.policy)
	w.Header().Set("Permissions-Policy", "geolocation=(self)")
	p.serve(w, r, p.html, "no-cache")
}

// words answers GET words?lang=.
func (p *pages) words(w http.ResponseWriter, r *http.Request) { p.serve(w, r, p.say, "max-age=3600") }

// embed answers GET embed.js, the one script of another site's page.
func (p *pages) embed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	p.serve(w, r, p.frame, "max-age=3600")
}

// serve picks the language: ?lang= before the browser's own wish.
func (p *pages) serve(w http.ResponseWriter, r *http.Request, by map[hubkit.Lang]static, cache string) {
	wanted := r.Header.Get("Accept-Language")
	if l := r.URL.Query().Get("lang"); l != "" {
		wanted = l + ";q=1," + wanted
	}
	w.Header().Set("Cache-Control", cache)
	w.Header().Add("Vary", "Accept-Language")
	by[choose(p.languages, wanted)].serve(w, r)
}

// file answers GET of the script and the stylesheet, whose names never mean
// anything else.
func (p *pages) file(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	p.files[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]].serve(w, r)
}

func (s static) serve(w http.ResponseWriter, r *http.Request) {
	head := w.Header()
	head.Set("Content-Type", s.mime)
	head.Add("Vary", "Accept-Encoding")
	b, etag := s.plain, `"`+s.etag+`"`
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		b, etag = s.gzip, `"`+s.etag+`-gzip"`
		head.Set("Content-Encoding", "gzip")
	}
	head.Set("ETag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		head.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	head.Set("Content-Length", strconv.Itoa(len(b)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(b) // the line may be gone
	}
}
