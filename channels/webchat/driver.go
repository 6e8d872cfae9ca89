package webchat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// name is the channel part of every web chat address.
const name = "web"

// Driver is the web chat: a channels.Driver that serves its own pages. It is
// safe for concurrent use.
type Driver struct {
	cfg     Config
	pages   *pages
	keys    keyring
	streams streams
	pace    *pace // messages, by session
	reads   *pace // looking for answers, by session
	doors   *pace // new sessions, all together
	bytes   *pace // KiB of photos, by session
	origins *http.CrossOriginProtection
}

// New returns a web chat, or everything that is wrong with c joined into one error.
func New(c Config) (*Driver, error) {
	c.setDefaults()
	if err := c.check(); err != nil {
		return nil, err
	}
	d := &Driver{
		cfg:     c,
		keys:    keyring(c.Keys),
		pace:    newPace(int64(c.PerMinute), time.Minute),
		reads:   newPace(max(1200, int64(c.PerMinute)), time.Minute),
		doors:   newPace(int64(c.NewPerMinute), time.Minute),
		bytes:   newPace(kib(c.PhotosPerHour), time.Hour),
		origins: http.NewCrossOriginProtection(),
	}
	d.streams.max = c.MaxStreams
	for _, o := range c.Origins {
		if err := d.origins.AddTrustedOrigin(o); err != nil {
			return nil, fmt.Errorf("webchat: Origins: %w", err)
		}
	}
	var err error
	d.pages, err = newPages(&d.cfg)
	return d, err
}

// Name returns "web".
func (d *Driver) Name() string { return name }

// Limits are generous: the page scrolls. Lengths are in characters.
func (d *Driver) Limits() channels.Limits {
	return channels.Limits{
		Text:    16_000,
		Pulled:  true,
		Buttons: channels.Menu{Max: 6, Label: 100, Hint: 200},
		List:    channels.Menu{Max: 500, Label: 200, Hint: 300},
		Several: true,
		Files:   d.cfg.Uploads != nil,
		Places:  true,
	}
}

// Send does nothing and succeeds: the page pulls committed messages by itself,
// so that being committed is being delivered. The receipt's ID is the
// message's Ref, which is also what Event.InReplyTo carries.
func (d *Driver) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channels.Receipt{}, err
	}
	return channels.Receipt{ID: r.Ref, At: d.cfg.Now()}, nil
}

// Streams returns how many streams are open now, for metrics.
func (d *Driver) Streams() int { return d.streams.count() }

// Close ends every open stream with the request to come back in a few seconds,
// and refuses new ones: call it when the server begins to shut down, as in
// server.RegisterOnShutdown(web.Close). Streams end by themselves when their
// request's context does.
func (d *Driver) Close() { d.streams.close() }

// route is one path below the mount, by method.
type route map[string]http.HandlerFunc

// Serve implements channels.Server: it returns the chat as a handler that
// passes what people say to h. It may be mounted under any prefix that ends in
// a slash, stripped or not: only the last part of a path counts.
func (d *Driver) Serve(h channels.Handler) http.Handler {
	hub := &desk{Driver: d, hub: h}
	static := func(serve http.HandlerFunc) route {
		return route{http.MethodGet: serve, http.MethodHead: serve}
	}
	routes := map[string]route{
		"":         static(d.pages.page),
		"embed.js": static(d.pages.embed),
		"words":    static(d.pages.words),
		"session":  {http.MethodPost: hub.open, http.MethodDelete: hub.leave},
		"message":  {http.MethodPost: hub.known(hub.message)},
		"messages": {http.MethodGet: hub.known(hub.messages)},
		"stream":   {http.MethodGet: hub.known(hub.stream)},
	}
	if d.cfg.Uploads != nil {
		routes["photo"] = route{http.MethodPost: hub.known(hub.photo)}
	}
	for file := range d.pages.files {
		routes[file] = static(d.pages.file)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer d.calm(w, r)
		head := w.Header()
		head.Set("X-Content-Type-Options", "nosniff")
		head.Set("Referrer-Policy", "same-origin")
		head.Set("Cross-Origin-Resource-Policy", "same-origin")
		head.Set("Cache-Control", "no-store")
		head.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

		by, ok := routes[r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]]
		if !ok {
			refuse(w, errNotFound)
			return
		}
		serve, ok := by[r.Method]
		if !ok {
			head.Set("Allow", strings.Join(slices.Sorted(maps.Keys(by)), ", "))
			refuse(w, errMethod)
			return
		}
		if d.origins.Check(r) != nil {
			refuse(w, errOrigin)
			return
		}
		serve(w, r)
	})
}

// calm answers 503 where the hub panicked. The value may hold what a person
// wrote, and so may the server's log of it: only its type is logged.
func (d *Driver) calm(w http.ResponseWriter, r *http.Request) {
	switch p := recover(); p {
	case nil:
	case http.ErrAbortHandler:
		panic(p)
	default:
		d.cfg.Logger.ErrorContext(r.Context(), "web chat: panic", "type", fmt.Sprintf("%T", p))
		refuse(w, busy(2*time.Second))
	}
}

// eventID derives an event's ID from the session and the client's own id, so
// that a repeated request is the same event, and no log of ids names an address.
func eventID(session, client string) string {
	sum := sha256.Sum256([]byte(session + "\x00" + client))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
