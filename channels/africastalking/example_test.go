package africastalking_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/africastalking"
)

// A question leaves as numbered text, and the answer comes in by the callback.
func Example() {
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Println(r.FormValue("message"))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"SMSMessageData":{"Recipients":[{"statusCode":101,"number":"+256772123456","status":"Success","messageId":"ATXid_1"}]}}`)
	}))
	defer provider.Close()
	driver, err := africastalking.New(africastalking.Config{
		Username: "hub", APIKey: "key", From: "8008", Secret: "a-long-random-secret-of-your-own", BaseURL: provider.URL,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	sms, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	receipt, err := sms.Send(context.Background(), channels.Message{
		Ref: "01J9", To: channels.Address{Channel: "sms", ID: "+256772123456"}, Lang: "en", Text: "Are you looking for cash support?",
		Options: []channels.Option{{ID: "cash:yes", Label: "Yes"}, {ID: "cash:no", Label: "No"}},
	})
	fmt.Println(receipt.ID, err)

	hub := channels.HandlerFunc(func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		fmt.Println(e.From, "says", e.Text)
		return nil, nil
	})
	reply := url.Values{"id": {"1"}, "from": {"+256772123456"}, "to": {"8008"}, "text": {"1"}}
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/webhooks/africastalking?secret=a-long-random-secret-of-your-own", strings.NewReader(reply.Encode()))
	sms.Webhook(hub).ServeHTTP(w, r)
	fmt.Println(w.Code)
	// Output:
	// Are you looking for cash support?
	// 1. Yes
	// 2. No
	// ATXid_1 <nil>
	// sms:…56 says 1
	// 200
}
