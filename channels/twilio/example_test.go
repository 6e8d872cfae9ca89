package twilio_test

import (
	"fmt"

	"github.com/hubkit/hubkit/channels/twilio"
)

func ExampleNewAccount() {
	_, err := twilio.NewAccount(twilio.Config{AccountSID: "AC123", PublicURL: "hub.example.org"})
	fmt.Println(err)
	// Output:
	// twilio: Config.AccountSID is AC and 32 hexadecimal digits: copy it from the console
	// twilio: Config.AuthToken is empty: webhooks are signed with it, also where an API key sends
	// twilio: Config.PublicURL begins with https:// or http://
}
