package conversation_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

// A hub with one menu, talking in a terminal.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "hub")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	backend, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		panic(err)
	}
	defer backend.Close()
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	if err != nil {
		panic(err)
	}
	store, err := crm.New(ctx, crm.Config{Backend: backend, Sealer: key})
	if err != nil {
		panic(err)
	}

	terminal, err := console.New(console.Config{In: strings.NewReader("2\nmenu\n"), Out: os.Stdout})
	if err != nil {
		panic(err)
	}
	channel, err := channels.New(terminal, channels.Config{})
	if err != nil {
		panic(err)
	}
	hub, err := conversation.New(conversation.Config{
		Store: store, Channels: []*channels.Channel{channel},
		Programmes: []conversation.Programme{{
			ID: "health", Languages: []hubkit.Lang{"en"},
			Start: conversation.Menu{
				Ask: hubkit.Text{"en": "How can we help?"},
				Items: []conversation.Item{
					{Key: "cholera", Label: hubkit.Text{"en": "Cholera"}, Open: conversation.Say(hubkit.Text{"en": "Boil water before you drink it."})},
					{Key: "housing", Label: hubkit.Text{"en": "Housing"}, Open: conversation.HandOff{Queue: "housing", Say: hubkit.Text{"en": "A person will answer you here"}}},
				},
			},
		}},
	})
	if err != nil {
		panic(err)
	}
	if err := terminal.Run(ctx, hub); err != nil {
		panic(err)
	}
	// Output:
	// How can we help?
	// 1. Cholera
	// 2. Housing
	//
	// > A person will answer you here
	//
	// > How can we help?
	// 1. Cholera
	// 2. Housing
	//
	// >
}
