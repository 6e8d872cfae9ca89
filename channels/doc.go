// Package channels says how a message travels: to WhatsApp, Viber, SMS, a phone
// call, a web page or a terminal, and back.
//
// A program says what to ask; a Channel shapes it for the place where it is read.
//
//	sms, err := channels.New(driver, channels.Config{})
//	receipt, err := sms.Send(ctx, channels.Message{
//		Ref: "01J9", To: channels.Address{Channel: "sms", ID: "+380…"}, Lang: "uk",
//		Text: "Вам потрібна грошова допомога?",
//		Options: []channels.Option{{ID: "seeking:yes", Label: "Так"}, {ID: "seeking:no", Label: "Ні"}},
//	})
//	mux.Handle("POST /webhooks/sms", sms.Webhook(hub))
//
// # Ideas
//
// A [Driver] is an adapter to one provider: three methods, no retries, no waiting.
// A [Channel] is the concrete type that everybody else uses. It renders a [Message]
// within the driver's [Limits], trying buttons, a list, a list in pages, numbered
// text and, on a call, spoken keys; it gives every error a [Cause]; it stops calling
// a provider that is down; and it serves the provider's webhooks.
//
// Nothing is ever cut silently. A label too long for a button makes a list, one too
// long for a list makes numbered text, and a text too long for one message makes
// several. Option numbers count from 1 over the whole list on every channel and
// page, so that understanding a reply never depends on how the question was shown.
//
// An [Address] is personal: it prints redacted and refuses to be encoded except by
// [Address.Reveal]. No error, log line or URL of this package holds an address, a
// name, an answer or a text.
//
// Sub-packages: delivery sends what a queue holds, crash-safe; segments measures and
// splits text; channelstest is the suite that every driver runs; console is a
// conversation in a terminal.
//
// # Errors
//
// [*Error] says what to do, by its [Cause]; [CauseOf] reads it from any error and
// answers [Unknown] where a message may have left. [ErrSignature] and [ErrMalformed]
// are what a [Receiver] returns for a webhook it does not trust or understand.
//
// # Design
//
// Refused: one wide interface with a method for each kind of message (every channel
// would implement most of it badly); a registry filled by init (two accounts of one
// provider must be two values); retries inside Send (a create without an idempotency
// key cannot be repeated blindly; package delivery owns the only loop); numbering
// that begins anew on each page; shortening with an ellipsis.
package channels
