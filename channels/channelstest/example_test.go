package channelstest_test

import (
	"context"
	"fmt"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
)

func ExampleRecorder() {
	driver := channelstest.NewRecorder("sms", channelstest.SMS())
	sms, err := channels.New(driver, channels.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	driver.Fault(channelstest.Works, channelstest.TakenDrop)
	m := channels.Message{
		To: channels.Address{Channel: "sms", ID: "+15550100123"}, Lang: "uk", Text: "Вам потрібна грошова допомога?",
		Options: []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: "cash:no", Label: "Ні"}},
	}
	for range 2 {
		_, err = sms.Send(context.Background(), m)
		fmt.Println(channels.CauseOf(err))
	}
	fmt.Println(len(driver.Taken()), "taken; the first one says:")
	fmt.Println(driver.Taken()[0].Text)
	// Output:
	// none
	// unknown
	// 2 taken; the first one says:
	// Вам потрібна грошова допомога?
	// 1. Так
	// 2. Ні
}
