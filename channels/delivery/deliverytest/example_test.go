package deliverytest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
)

func ExampleMemory() {
	ctx := context.Background()
	q := deliverytest.NewMemory()
	if err := q.Add("sms", channels.Message{Ref: "r1", To: channels.Address{Channel: "sms", ID: "+15550100"}, Text: "Hello"}); err != nil {
		fmt.Println(err)
		return
	}
	s, err := q.Lease(ctx, "sms", 10, time.Minute)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = q.Advance(ctx, s, []delivery.Step{{Ref: "r1", To: delivery.Sending}})
	fmt.Println(len(s.Items), err, q.Counts()[delivery.Sending])
	// Output: 1 <nil> 1
}
