package console_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/console"
)

func ExampleConsole_Run() {
	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		switch {
		case e.Kind == channels.Started:
			return []channels.Message{{
				Lang: "uk", Text: "Вам потрібна грошова допомога?",
				Options: []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: "cash:no", Label: "Ні"}},
			}}, nil
		case e.Text == "1":
			return []channels.Message{{Lang: "uk", Text: "Дякуємо!"}}, console.ErrOver
		}
		return []channels.Message{{Lang: "uk", Text: "Напишіть 1 або 2."}}, nil
	})
	talk, err := console.New(console.Config{In: strings.NewReader("хм\n1\n"), Prompt: "> …\n"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(talk.Run(context.Background(), hub))
	// Output:
	// Вам потрібна грошова допомога?
	// 1. Так
	// 2. Ні
	//
	// > …
	// Напишіть 1 або 2.
	//
	// > …
	// Дякуємо!
	//
	// <nil>
}
