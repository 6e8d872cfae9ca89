package twiliotest_test

import (
	"fmt"
	"io"

	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

func ExampleFake_Inbound() {
	fake := twiliotest.New(twiliotest.Config{})
	r := fake.Inbound("https://hub.example.org", twiliotest.Inbound{ID: "1", From: "+15550111", Body: "Yes"})
	body, err := io.ReadAll(r.Body)
	fmt.Println(r.URL, len(r.Header.Get("X-Twilio-Signature")), len(body) > 0, err)
	// Output: https://hub.example.org/webhooks/twilio/messages 28 true <nil>
}
