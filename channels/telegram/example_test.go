package telegram_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/telegram"
)

// A question leaves with its answers as buttons, one a row.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct {
			Text   string
			Markup struct {
				Rows [][]struct {
					Text string
					Data string `json:"callback_data"`
				} `json:"inline_keyboard"`
			} `json:"reply_markup"`
		}
		if json.NewDecoder(r.Body).Decode(&m) == nil {
			fmt.Println(m.Text)
			for _, row := range m.Markup.Rows {
				fmt.Printf("[%s] %s\n", row[0].Text, row[0].Data)
			}
		}
		fmt.Fprint(w, `{"ok":true,"result":{"message_id":7,"date":1767323045}}`)
	}))
	defer provider.Close()
	driver, err := telegram.New(telegram.Config{Token: "123456:letters", BaseURL: provider.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	channel, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = channel.Send(context.Background(), channels.Message{
		Ref: "01J9", To: channels.Address{Channel: "telegram", ID: "700123456"}, Lang: "uk", Text: "Вам потрібна грошова допомога?",
		Options: []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: "cash:no", Label: "Ні"}},
	})
	fmt.Println(err)
	// Output:
	// Вам потрібна грошова допомога?
	// [Так] ocash:yes
	// [Ні] ocash:no
	// <nil>
}

func ExampleDeepLink() {
	fmt.Println(telegram.DeepLink("dovidka_bot", "poster-7"))
	// Output: https://t.me/dovidka_bot?start=poster-7 <nil>
}
