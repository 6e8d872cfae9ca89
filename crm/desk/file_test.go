package desk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

var fileLink = regexp.MustCompile(`href="([^"]*/(?:said|media)/[^"]*)"`)

// An agent of the programme looks at what a person sent, and it is on record; nobody
// else can, and nothing in it runs.
func TestAgentsLookAtFiles(t *testing.T) {
	sent := map[string]string{"file:1": "\xff\xd8 a passport", "file:2": "<svg onload=alert(1)>", "file:3": "answer"}
	h := newHouse(t, func(c *desk.Config) {
		c.Files = func(_ context.Context, m channels.Media) (io.ReadCloser, error) {
			b, ok := sent[m.URL]
			if !ok {
				return nil, crm.ErrNoFile
			}
			return io.NopCloser(bytes.NewReader([]byte(b))), nil
		}
	})
	p := olena()
	reg := h.register(p)
	h.hears(p, channels.Event{Media: []channels.Media{{URL: "file:1", Type: "image/jpeg"}, {URL: "file:2", Type: "image/svg+xml", Name: "x.svg"}, {URL: "file:gone", Type: "image/png"}}})
	_, err := h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Programme: "ua", Media: []crm.MediaRef{{ID: "face.0", About: reg.ID, Answer: "face", Media: channels.Media{URL: "file:3", Type: "image/webp"}}}})
	require.NoError(t, err)
	agent := h.person("oksana", desk.Viewer, "ua")
	body := agent.get(casePath(p)).body
	var paths []string
	for _, m := range fileLink.FindAllStringSubmatch(body, -1) {
		paths = append(paths, "p/ua/r/"+m[1])
	}
	require.Len(t, paths, 4, body)
	byBody := map[string]page{}
	var codes []int
	for _, path := range paths {
		got := agent.get(path)
		byBody[got.body] = got
		codes = append(codes, got.code)
	}
	require.ElementsMatch(t, []int{200, 200, 200, 404}, codes)
	photo, svg, answer := byBody[sent["file:1"]], byBody[sent["file:2"]], byBody[sent["file:3"]]
	require.Equal(t, "image/jpeg", photo.head.Get("Content-Type"))
	require.Equal(t, "image/webp", answer.head.Get("Content-Type"))
	require.Equal(t, "application/octet-stream", svg.head.Get("Content-Type"))
	require.Equal(t, "attachment", svg.head.Get("Content-Disposition"))
	for _, one := range []page{photo, svg, answer} {
		require.Contains(t, one.head.Get("Content-Security-Policy"), "sandbox")
		require.Equal(t, "nosniff", one.head.Get("X-Content-Type-Options"))
		require.Equal(t, "no-store", one.head.Get("Cache-Control"))
	}
	require.Equal(t, 3, strings.Count(strings.Join(h.audit(), "\n"), "read.file"))

	stranger := h.person("petro", desk.Administrator, "md")
	for _, path := range paths {
		require.Equal(t, http.StatusNotFound, stranger.get(path).code)
	}
	for _, path := range []string{"said/0/0", "said/99999/0", "said/x/0", "said/1/-1", "said/1/0", "media/other"} {
		require.Equal(t, http.StatusNotFound, agent.get(casePath(p)+"/"+path).code, path)
	}
	other := olena()
	other.who = "somebody else"
	h.register(other)
	require.Equal(t, http.StatusNotFound, agent.get(casePath(other)+strings.TrimPrefix(paths[len(paths)-1], casePath(p))).code, "a file of another conversation")
	require.NotContains(t, h.logs.String(), "passport")
}

func TestFilesAreNamedWhereTheyCannotBeOpened(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	h.hears(p, channels.Event{Media: []channels.Media{{URL: "file:1", Type: "image/jpeg"}}})
	got := h.admin.get(casePath(p))
	require.Contains(t, got.words(), "image/jpeg")
	require.Empty(t, fileLink.FindAllString(got.body, -1))
}

// breaking is a file whose disk fails half way.
type breaking struct{ io.Reader }

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = fmt.Errorf("read /srv/files/olena-passport.jpg: %w", crm.ErrFileDamaged)
	}
	return n, err
}

func (breaking) Close() error { return nil }

// lines are what was logged, read while others write.
type lines struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// Half a document is never taken for a whole one: the line is cut, and the log
// says so without the file's name.
func TestFileThatBreaksOff(t *testing.T) {
	for name, half := range map[string]int{"short": 10, "long": 256 << 10} {
		t.Run(name, func(t *testing.T) {
			logs := &lines{}
			h := newHouse(t, func(c *desk.Config) {
				c.Logger = slog.New(slog.NewTextHandler(logs, nil))
				c.Files = func(context.Context, channels.Media) (io.ReadCloser, error) {
					return breaking{strings.NewReader(strings.Repeat("x", half))}, nil
				}
			})
			p := olena()
			h.register(p)
			h.hears(p, channels.Event{Media: []channels.Media{{URL: "file:1", Type: "image/jpeg"}}})
			path := fileLink.FindStringSubmatch(h.admin.get(casePath(p)).body)
			require.NotNil(t, path)
			req, err := http.NewRequestWithContext(t.Context(), "GET", h.url+"p/ua/r/"+path[1], nil)
			require.NoError(t, err)
			res, err := h.admin.client.Do(req)
			if err == nil {
				_, err = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			}
			require.Error(t, err)
			require.Contains(t, logs.all(), "a file broke off")
			require.NotContains(t, logs.all(), "passport")
		})
	}
}

// A number that is not of this conversation shows no file, least of all the next one.
func TestFileOfAnotherNumber(t *testing.T) {
	h := newHouse(t, func(c *desk.Config) {
		c.Files = func(context.Context, channels.Media) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("a passport")), nil
		}
	})
	p := olena()
	h.register(p)
	other := olena()
	other.who = "somebody else"
	h.register(other)
	h.hears(p, channels.Event{Media: []channels.Media{{URL: "file:1", Type: "image/jpeg"}}})
	said := map[int64]bool{}
	var photo int64
	for x, err := range h.store.Interactions(t.Context(), p.thread(), crm.Page{}) {
		require.NoError(t, err)
		if said[x.Seq] = true; x.In != nil && len(x.In.Media) > 0 {
			photo = x.Seq
		}
	}
	at := func(seq int64) int { return h.admin.get(fmt.Sprintf("%s/said/%d/0", casePath(p), seq)).code }
	require.Equal(t, http.StatusOK, at(photo))
	before := photo - 1
	require.False(t, said[before], "what was said elsewhere took this number")
	require.Equal(t, http.StatusNotFound, at(before))
}

// An agent sees which of their words did not reach the person, or may not have.
func TestAgentsSeeWhatDidNotArrive(t *testing.T) {
	h := newHouse(t)
	p := olena()
	p.channel = "sms"
	h.register(p)
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	c := crm.Change{By: crm.Actor{Kind: crm.Agent, ID: "oksana"}, Thread: &th}
	for _, ref := range []string{"ua.fails", "ua.held", "ua.fine"} {
		c.Outbox = append(c.Outbox, crm.Outgoing{Ref: ref, Lane: "sms", Message: channels.Message{Text: ref, Lang: "uk"}})
	}
	_, err = h.store.Commit(t.Context(), c)
	require.NoError(t, err)
	out := h.store.Outbox()
	for range 3 { // one at a time to one address
		l, err := out.Lease(t.Context(), "sms", 10, time.Minute)
		require.NoError(t, err)
		for _, m := range l.Items {
			to := map[string]delivery.State{"ua.fails": delivery.Failed, "ua.held": delivery.Unknown, "ua.fine": delivery.Accepted}[m.Ref]
			require.NoError(t, out.Advance(t.Context(), l, []delivery.Step{{Ref: m.Ref, To: delivery.Sending}}))
			require.NoError(t, out.Advance(t.Context(), l, []delivery.Step{{Ref: m.Ref, To: to}}))
		}
	}
	seen := h.admin.get(casePath(p)).words()
	require.Regexp(t, `ua\.fails did not arrive`, seen)
	require.Regexp(t, `ua\.held it is not known`, seen)
	require.NotRegexp(t, `ua\.fine (did not|it is not)`, seen)
}
