// Command 4-hub is the smallest hub: people open a web page and register,
// everything is sealed in one directory, and nothing is lost or doubled
// whatever is killed.
//
//	go run ./examples/4-hub
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/webchat"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
	"github.com/hubkit/hubkit/registration"
)

var (
	consent = registration.Consent("consent", "1", hubkit.Text{"en": "May we keep your answers?", "uk": "Чи можна зберегти ваші відповіді?"})
	people  = registration.Integer("people", hubkit.Text{"en": "How many people live with you?", "uk": "Скільки людей живе з вами?"}).Between(0, 30)
	form    = registration.MustNew(registration.Spec{
		ID: "water", Version: "1", Languages: []hubkit.Lang{"en", "uk"},
		Parts: registration.Parts(consent, registration.StopUnless(consent.Given(), "no", hubkit.Text{"en": "Then we keep nothing.", "uk": "Тоді ми нічого не зберігаємо."}), people),
	})
	programme = conversation.Programme{ID: "water", Languages: form.Languages(), Start: conversation.Ask{Form: form}}
)

func main() {
	ctx := context.Background()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:8080")
	if err == nil {
		fmt.Println("Open http://127.0.0.1:8080/chat/")
		err = serve(ctx, "hub-data", l)
	}
	log.Fatal(err)
}

// serve is a whole hub, whose data lie in dir, until ctx ends.
func serve(ctx context.Context, dir string, l net.Listener) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	backend, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		return err
	}
	defer backend.Close()
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	if err != nil {
		return err
	}
	store, err := crm.New(ctx, crm.Config{Backend: backend, Sealer: key})
	if err != nil {
		return err
	}
	secret, _ := key.Index(ctx, programme.ID, "sessions", "key") // the same at every start; a key file never fails
	web, err := webchat.New(webchat.Config{Backlog: store.Backlog(programme.ID), Keys: [][]byte{fmt.Appendf(nil, "%x", secret)}, Languages: programme.Languages})
	if err != nil {
		return err
	}
	chat, err := channels.New(web, channels.Config{})
	if err != nil {
		return err
	}
	hub, err := conversation.New(conversation.Config{Store: store, Channels: []*channels.Channel{chat}, Programmes: []conversation.Programme{programme}})
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { l.Close() })()
	return http.Serve(l, chat.Webhook(hub)) // examples/hub has time-outs, and stops in good order
}
