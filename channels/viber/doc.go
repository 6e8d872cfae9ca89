// Package viber talks with people through a Viber bot: text, a keyboard with the answers,
// buttons that share a phone number or a place, pictures, and news of what was read.
//
//	driver, err := viber.New(viber.Config{Token: token, Sender: "Help desk"})
//	channel, err := channels.New(driver, channels.Config{})
//	mux.Handle("POST /webhooks/viber", channel.Webhook(hub))
//	go server.Serve(listener) // Viber calls the webhook while SetWebhook waits
//	err = driver.SetWebhook(ctx, "https://hub.example/webhooks/viber")
//
// # Ideas
//
// Options are one button a row. What a tap sends back is marked as a tap, so that a person
// who types the same words is never taken for one who tapped. A keyboard vanishes with the
// next message: the hub sends it again with every question.
//
// Our reference travels as tracking data and returns with a tap, as Event.InReplyTo. News
// come by the provider's 64-bit token, which stays a string from the wire to the store.
//
// Who opens the conversation has not subscribed yet and may be told one thing: the hub's
// replies to [channels.Started] leave in the response as one welcome message, with the
// question and its keyboard. Whoever then writes or taps is a subscriber and may always be
// written to, until they unsubscribe, which is [channels.Stopped]. A session of 24 hours from
// a person's message is free of charge; what is written outside it counts towards the
// account's quota.
//
// Viber takes at most 100 messages in an hour to one person who does not answer, and 500
// requests in 10 seconds. A contact is heard as its number, which a person may have picked
// from an address book: it proves nothing about whose it is. Links of received media expire.
//
// # Errors
//
// Every answer is HTTP 200; its status decides. 6, not subscribed, is OptedOut. 12 is
// Throttled. Trouble with the account, its webhook or its balance is Misconfigured. 13 means
// that the person's app is too old for a button that shares something: as nothing was taken,
// the message leaves once more without that button, and for anything else it is Rejected.
// No answer, or a server error, is Unknown, and Viber has neither a list nor an idempotency
// key: delivery.Config.Unknown says whether such a message is held or sent again.
//
// # Design
//
// Written on net/http, as no library for Viber verifies signatures and knows contexts.
// Refused: broadcast lists (they need an approval, and one failure in 300 is hard to
// settle); the person's name and photo, which SetWebhook asks not to be sent.
package viber
