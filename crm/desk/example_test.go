package desk_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
	"github.com/hubkit/hubkit/crm/sqlite"
)

// A desk in anybody's service: one handler on the store that the hub writes to.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "desk")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	backend, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer backend.Close()
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	if err != nil {
		fmt.Println(err)
		return
	}
	store, err := crm.New(ctx, crm.Config{Backend: backend, Sealer: key})
	if err != nil {
		fmt.Println(err)
		return
	}

	d, err := desk.New(desk.Config{
		Store:      store,
		Programmes: []desk.Programme{{ID: "ua", Name: hubkit.Text{"en": "Cash support", "uk": "Грошова допомога"}}},
		Logger:     slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/desk/", d.Handler())

	link, err := d.FirstLink(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("an administrator is needed:", strings.HasPrefix(link, "welcome/"))

	page := httptest.NewRecorder()
	mux.ServeHTTP(page, httptest.NewRequestWithContext(ctx, "GET", "/desk/", nil))
	fmt.Println("others are led to", page.Header().Get("Location"))
	// Output:
	// an administrator is needed: true
	// others are led to ./signin
}

// A room above brings a page of its own.
func ExamplePage() {
	campaigns := desk.Page{
		Path:  "campaigns",
		Title: hubkit.Text{"en": "Campaigns", "uk": "Розсилки"},
		Role:  desk.Caseworker,
		Serve: func(w http.ResponseWriter, _ *http.Request, a desk.Agent) error {
			_, err := fmt.Fprintf(w, "<p>%d programmes</p>", len(a.Scopes))
			return err
		},
	}
	w := httptest.NewRecorder()
	if err := campaigns.Serve(w, httptest.NewRequestWithContext(context.Background(), "GET", "/campaigns", nil), desk.Agent{Scopes: []string{"ua"}}); err != nil {
		fmt.Println(err)
	}
	fmt.Println(w.Body.String())
	// Output: <p>1 programmes</p>
}
