package channels_test

import (
	"context"
	"fmt"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
)

func ExampleChannel_Send() {
	driver := channelstest.NewRecorder("sms", channelstest.SMS())
	sms, err := channels.New(driver, channels.Config{From: "8001"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = sms.Send(context.Background(), channels.Message{
		Ref: "01J9", To: channels.Address{Channel: "sms", ID: "+380501234567"}, Lang: "uk",
		Text: "Вам потрібна грошова допомога?",
		Options: []channels.Option{
			{ID: "cash:yes", Label: "Так"},
			{ID: "cash:no", Label: "Ні"},
		},
	})
	fmt.Println(channels.CauseOf(err))
	fmt.Println(driver.Taken()[0].Text)
	// Output:
	// none
	// Вам потрібна грошова допомога?
	// 1. Так
	// 2. Ні
}

func ExampleRender() {
	words, err := channels.Words{}.Compile()
	if err != nil {
		fmt.Println(err)
		return
	}
	m := channels.Message{
		Lang: "en", Text: "Where do you live?",
		Options: []channels.Option{{ID: "r:1", Label: "Kyiv"}, {ID: "r:2", Label: "Kharkiv"}, {ID: "r:3", Label: "Lviv"}, {ID: "r:4", Label: "Odesa"}},
	}
	for _, l := range []channels.Limits{channelstest.WhatsApp(), channelstest.SMS(), channelstest.Voice()} {
		r, err := channels.Render(l, words, m)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s: %q\n", r.Form, r.Body())
	}
	// Output:
	// list: "Where do you live?"
	// numbers: "Where do you live?\n1. Kyiv\n2. Kharkiv\n3. Lviv\n4. Odesa"
	// keys: "Where do you live?\nKyiv: press 1.\nKharkiv: press 2.\nLviv: press 3.\nOdesa: press 4."
}

func ExampleAddress() {
	a := channels.Address{Channel: "whatsapp", ID: "+380501234567"}
	fmt.Println(a)
	fmt.Printf("%+v\n", channels.Message{To: a}.To)
	fmt.Println(a.Reveal())
	// Output:
	// whatsapp:…67
	// whatsapp:…67
	// whatsapp:+380501234567
}
