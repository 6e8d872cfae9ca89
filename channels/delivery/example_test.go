package delivery_test

import (
	"context"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/delivery/deliverytest"
)

func ExampleLoop() {
	driver := channelstest.NewRecorder("sms", channelstest.SMS())
	sms, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	queue := deliverytest.NewMemory() // in a program: the store's outbox
	err = queue.Add("sms",
		channels.Message{Ref: "r1", To: channels.Address{Channel: "sms", ID: "+380501234567"}, Lang: "uk", Text: "Вашу заявку схвалено."},
		channels.Message{Ref: "r2", To: channels.Address{Channel: "sms", ID: "+380501234568"}, Lang: "uk", Text: "Вашу заявку отримано."},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	pace, err := delivery.NewPace(80, 0.2)
	if err != nil {
		fmt.Println(err)
		return
	}
	loop, err := delivery.New(queue, sms, delivery.Config{Pace: pace})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { // in a program, the signal to stop
		for queue.Counts()[delivery.Accepted] < 2 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	fmt.Println(loop.Run(ctx), queue.Counts()[delivery.Accepted], "accepted")
	// Output: <nil> 2 accepted
}
