package desk_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

func TestPages(t *testing.T) {
	h := newHouse(t, func(c *desk.Config) {
		c.Pages = []desk.Page{{
			Path: "campaigns", Title: text{"en": "Campaigns", "uk": "Розсилки"}, Role: desk.Caseworker,
			Serve: func(w http.ResponseWriter, r *http.Request, a desk.Agent) error {
				switch r.URL.Path {
				case "/campaigns":
					fmt.Fprintf(w, "<p>for %s in %s</p>", a.Name, a.Lang)
				case "/campaigns/report.csv":
					w.Header().Set("Content-Type", "text/csv")
					fmt.Fprint(w, "a,b")
				case "/campaigns/go":
					http.Redirect(w, r, "../users", http.StatusSeeOther)
				case "/campaigns/broken":
					return errors.New("a secret inside")
				default:
					return crm.ErrNotFound
				}
				return nil
			},
		}}
	})
	agent := h.person("olga", desk.Caseworker, "ua")
	got := agent.get("campaigns")
	assert.Contains(t, got.body, "<p>for Olga in en</p>")
	assert.Contains(t, got.words(), "Sign out", "the desk's frame is around it")
	assert.Contains(t, agent.get("").body, `href="./campaigns"`)
	csv := agent.get("campaigns/report.csv")
	assert.Equal(t, "a,b", csv.body)
	assert.Equal(t, "text/csv", csv.head.Get("Content-Type"))
	assert.Equal(t, http.StatusNotFound, agent.get("campaigns/none").code)
	broken := agent.get("campaigns/broken")
	assert.Equal(t, http.StatusInternalServerError, broken.code)
	assert.NotContains(t, broken.body, "a secret inside")
	assert.Contains(t, h.logs.String(), "a secret inside")
	viewer := h.person("vira", desk.Viewer, "ua")
	assert.Equal(t, http.StatusForbidden, viewer.get("campaigns").code)
	assert.NotContains(t, viewer.get("").body, `href="./campaigns"`)
}

func TestNewReportsEverything(t *testing.T) {
	_, err := desk.New(desk.Config{
		SessionTTL: -1, Programmes: []desk.Programme{{ID: "ua"}, {ID: "ua"}},
		Pages: []desk.Page{{Path: "users"}, {Path: "Ü"}, {Path: "ok", Role: "king", Serve: func(http.ResponseWriter, *http.Request, desk.Agent) error { return nil }}},
	})
	require.Error(t, err)
	for _, w := range []string{"Store is missing", "SessionTTL", "used twice", `"users" is taken`, "Path is lower-case", `no role "king"`, "no Serve"} {
		assert.ErrorContains(t, err, w)
	}
	_, err = desk.New(desk.Config{Languages: []hubkit.Lang{"en", "fr"}})
	require.ErrorContains(t, err, "Config.Words")
	_, err = desk.New(desk.Config{Words: map[string]hubkit.Text{"nonsense": {}}})
	require.ErrorContains(t, err, `no words "nonsense"`)
}

// The desk works under any prefix, stripped or not.
func TestMountedAnywhere(t *testing.T) {
	h := newHouse(t)
	for _, tt := range []struct {
		pattern string
		handler http.Handler
		at      string
	}{
		{"/", h.desk.Handler(), "/"},
		{"/a/b/desk/", h.desk.Handler(), "/a/b/desk/"},
		{"/a/b/desk/", http.StripPrefix("/a/b/desk", h.desk.Handler()), "/a/b/desk/"},
		{"GET /staff/", h.desk.Handler(), "/staff/"},
	} {
		mux := http.NewServeMux()
		mux.Handle(tt.pattern, tt.handler)
		get := func(path string) *http.Response {
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, httptest.NewRequest("GET", tt.at+path, nil))
			return rec.Result()
		}
		res := get("signin")
		assert.Equal(t, http.StatusOK, res.StatusCode, tt.pattern)
		res = get("p/ua/r/1")
		assert.Equal(t, http.StatusSeeOther, res.StatusCode)
		assert.Equal(t, "../../../signin?next=p%2Fua%2Fr%2F1", res.Header.Get("Location"))
	}
}
