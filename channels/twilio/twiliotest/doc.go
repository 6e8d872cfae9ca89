// Package twiliotest is Twilio in a test: an [http.Handler] that takes what Twilio
// would take, refuses what Twilio would refuse, and signs webhooks.
//
//	fake := twiliotest.New(twiliotest.Config{})
//	server := httptest.NewServer(fake)
//	account, err := twilio.NewAccount(twilio.Config{
//		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken,
//		BaseURL: server.URL, PublicURL: "https://hub.example.org",
//	})
//	…
//	mux.ServeHTTP(recorder, fake.Inbound("https://hub.example.org", twiliotest.Inbound{From: "whatsapp:+380…", Body: "Так"}))
//
// # Ideas
//
// Requests arrive as /HOST/PATH, which is what Config.BaseURL of the driver, or
// TWILIO_BASE_URL of a hub, makes of them. So one [Fake] stands in for every host of
// Twilio, also for a hub that runs as another process.
//
// It is strict where Twilio is: fields that are needed, unknown or given twice, forms
// of SIDs and addresses, lengths and counts, variables that are no JSON. It answers as
// Twilio does, with code and status. It is stricter where a mistake would only show
// with real people: a list that would not be shown is refused at once.
//
// [Fake.Fault] makes the next message fail in one of the ways of channelstest, and
// [Fake.Refuse] with any code of Twilio's catalogue. [Fake.Messages] tells what was taken.
//
// Webhooks are made by [Fake.Inbound] and [Fake.Status], and signed by
// [Fake.Webhook] for any other form. A call is carried out by a [Phone], which
// [Fake.Dial] and [Fake.PickUp] return: it hears, presses keys, speaks and is silent.
//
// # Errors
//
// What a request did wrong is in the answer, and in [Fake.Complaints].
//
// # Design
//
// The kit uses the standard library only, and signs by its own code: a driver that
// verified with the code that signs would agree with itself. Refused: a session window
// of its own (order [channelstest.OutsideWindow] instead) and delays.
package twiliotest
