package viber_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/viber"
)

// A question leaves with a keyboard, one answer a row.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var m struct {
			Text     string
			Keyboard struct {
				Buttons []struct{ Text, ActionBody string }
			}
		}
		if json.NewDecoder(r.Body).Decode(&m) == nil {
			fmt.Println(m.Text)
			for _, b := range m.Keyboard.Buttons {
				fmt.Printf("[%s] %s\n", b.Text, b.ActionBody)
			}
		}
		fmt.Fprint(w, `{"status":0,"message_token":4912661846655238145}`)
	}))
	defer provider.Close()
	driver, err := viber.New(viber.Config{Token: "token", Sender: "Довідка", BaseURL: provider.URL})
	if err != nil {
		fmt.Println(err)
		return
	}
	channel, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := channel.Send(context.Background(), channels.Message{
		Ref: "01J9", To: channels.Address{Channel: "viber", ID: "01234567890A="}, Lang: "uk", Text: "Вам потрібна грошова допомога?",
		Options: []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: "cash:no", Label: "Ні"}},
	})
	fmt.Println(receipt.ID, err)
	// Output:
	// Вам потрібна грошова допомога?
	// [Так] hubkit:tap:cash:yes
	// [Ні] hubkit:tap:cash:no
	// 4912661846655238145 <nil>
}

func ExampleDeepLink() {
	fmt.Println(viber.DeepLink("dovidka", "poster-7"))
	// Output: viber://pa?chatURI=dovidka&context=poster-7
}
