package twilio_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

func Example() {
	fake := twiliotest.New(twiliotest.Config{})
	server := httptest.NewServer(fake)
	defer server.Close()

	account, err := twilio.NewAccount(twilio.Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: "https://hub.example.org", BaseURL: server.URL,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	driver, err := account.WhatsApp(twilio.WhatsAppConfig{From: "+15550100"})
	if err != nil {
		fmt.Println(err)
		return
	}
	whatsapp, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	hub := channels.HandlerFunc(func(ctx context.Context, e channels.Event) ([]channels.Message, error) {
		fmt.Println(e.From, "says", e.Text, "by", e.Option)
		return nil, nil
	})
	_, err = whatsapp.Send(context.Background(), channels.Message{
		Ref: "01J9", To: channels.Address{Channel: "whatsapp", ID: "+380501234567"}, Lang: "uk", Text: "Вам потрібна грошова допомога?",
		Options: []channels.Option{{ID: "seeking:yes", Label: "Так"}, {ID: "seeking:no", Label: "Ні"}},
	})
	fmt.Println(fake.Messages()[0].Body, err)

	tap := fake.Inbound("https://hub.example.org", twiliotest.Inbound{From: "whatsapp:+380501234567", Body: "Так", Button: "seeking:yes"})
	twilio.Messages(hub, whatsapp).ServeHTTP(httptest.NewRecorder(), tap)
	// Output:
	// Вам потрібна грошова допомога? <nil>
	// whatsapp:…67 says Так by seeking:yes
}

func ExampleNewAccount() {
	_, err := twilio.NewAccount(twilio.Config{AccountSID: "AC123", PublicURL: "hub.example.org"})
	fmt.Println(err)
	// Output:
	// twilio: Config.AccountSID is AC and 32 hexadecimal digits: copy it from the console
	// twilio: Config.AuthToken is empty: webhooks are signed with it, also where an API key sends
	// twilio: Config.PublicURL begins with https:// or http://
}

func ExamplePlan() {
	steps, err := twilio.Plan([]twilio.Content{
		{
			Kind: twilio.CallToAction, Name: "reminder", Lang: "en", Category: twilio.Utility,
			Body: "Hello {{1}}, your registration is waiting.", Samples: map[string]string{"1": "Olena"},
			Actions: []twilio.Action{{Type: twilio.Link, Title: "Continue", URL: "https://hub.example.org"}},
		},
		{Kind: twilio.QuickReply, Name: "decision", Lang: "en", Category: twilio.Utility, Body: "{{1}}, it is decided."},
	})
	for _, s := range steps {
		fmt.Println(s.Do, s.Kind, s.Name[:12])
	}
	fmt.Println(err)
	// Output:
	// missing twilio/call-to-action reminder_en_
	// twilio: content decision (en): it needs Actions
	// twilio: content decision (en): {{1}} needs a sample of 1 to 255 characters, without five spaces in a row
	// twilio: content decision (en): Body may not begin or end with a variable: WhatsApp would reject it
}
