package talk_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/examples/internal/talk"
	"github.com/hubkit/hubkit/registration"
)

func Example() {
	cash := registration.YesNo("cash", hubkit.Text{"uk": "Чи потрібна вам грошова допомога?"})
	form := registration.MustNew(registration.Spec{
		ID: "one", Version: "1", Languages: []hubkit.Lang{"uk"}, Parts: registration.Parts(cash),
	})
	terminal, err := console.New(console.Config{In: strings.NewReader("так\n"), Out: os.Stdout})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(terminal.Run(context.Background(), talk.New(form, nil)))
	// Output:
	// Чи потрібна вам грошова допомога?
	// 1. Так
	// 2. Ні
	//
	// > Дякуємо. Ваші відповіді записано.
	//
	// <nil>
}
