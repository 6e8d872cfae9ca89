package twilio_test

import (
	"context"
	"fmt"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// A person calls, hears a question, and answers with a key.
func ExampleAccount_Voice() {
	fake := twiliotest.New(twiliotest.Config{}) // Twilio, and the person's telephone
	account, err := twilio.NewAccount(twilio.Config{AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: "https://hub.example.org"})
	if err != nil {
		fmt.Println(err)
		return
	}
	driver, err := account.Voice(twilio.VoiceConfig{From: "+15550100"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(driver.Check("en", "uk")) // when the program starts
	voice, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Kind == channels.Said {
			fmt.Println("said:", e.Text)
			return []channels.Message{{Lang: "uk", Text: "Дякуємо."}}, nil
		}
		return []channels.Message{{Lang: "uk", Text: "Вам потрібна допомога?", Options: []channels.Option{{ID: "help:yes", Label: "Так"}, {ID: "help:no", Label: "Ні"}}}}, nil
	})
	call, err := fake.Dial(voice.Webhook(hub), "https://hub.example.org", "+380671234567", "+15550100")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(call.Heard)
	if err := call.Press("1"); err != nil {
		fmt.Println(err)
	}
	fmt.Print(call.Heard)
	// Output:
	// <nil>
	// Щоб поговорити з людиною, натисніть зірочку, потім 0. Щоб почути запитання ще раз, натисніть зірочку, потім 9.
	// Вам потрібна допомога?
	// Так: натисніть 1.
	// Ні: натисніть 2.
	// said: 1
	// Дякуємо.
}
