// Package twilio reaches people through Twilio: WhatsApp, text messages and calls.
//
//	account, err := twilio.NewAccount(twilio.Config{
//		AccountSID: "AC…", AuthToken: "…", PublicURL: "https://hub.example.org", Table: store.Table("twilio"),
//	})
//	driver, err := account.WhatsApp(twilio.WhatsAppConfig{From: "+15550100"})
//	whatsapp, err := channels.New(driver, channels.Config{})
//	messages := twilio.Messages(hub, whatsapp, sms)
//	mux.Handle("POST /webhooks/twilio/messages", messages)
//	mux.Handle("POST /webhooks/twilio/status", messages)
//
// # Ideas
//
// An [Account] holds credentials and makes the channels. Ids of people are phone
// numbers in E.164 on every channel, without Twilio's "whatsapp:".
//
// What is tapped on WhatsApp lives in a content resource. Option ids are static and
// the text is a variable, so one resource for a list of options and a language serves
// for ever: it is made at its first use, and found again by its friendly name, which
// carries a hash of what is shown. Outside the session window a [channels.Template] is
// sent: [Account.Sync] makes templates of [Content] written as code, submits them, and
// tells what was rejected and why.
//
// Every message asks for status callbacks at a URL that carries our reference and a
// code that only we can make. So the callback alone settles what became of a message
// whose answer was lost; where it does not come, the provider's list does.
//
// [Voice] asks the same questions on a call, and [Conversations] opens a thread with its
// history for agents. [Account.File] opens what a person sent.
//
// Webhooks are verified against [Config.PublicURL] over forms and JSON, with either
// token while it is being changed. What is not certainly Twilio's is refused.
//
// A call remembers nothing here: which question was asked travels in the signed URLs of
// its documents, without labels or anything of a person. [channels.Message.Queue] gives
// it to a [Desk] in its [Hours]. [Conversations] open at a hand-off, history first.
//
// Package twiliotest stands in for Twilio in tests.
//
// # Errors
//
// Sending returns a [*channels.Error] with the cause that Twilio's code means, and a
// [*Fault] beneath it. A call that ended before its headers were written is Unavailable;
// one that may have arrived is Unknown, because Twilio has no idempotency key. A content
// that cannot be made sends nothing, and is never Unknown. [ErrTemplate] is in the error
// of a message whose template nobody synced.
//
// # Design
//
// Requests are made with twilio-go where it has the words, and its known faults are
// kept out: no context, lost headers, digits that vanish from queries, redirects taken
// for success, paths that are not escaped, lists that cannot stop. Its own validator
// of signatures is not used: it reads one of several values and ignores ports.
//
// Refused: a content resource for each text (Twilio would keep what was said to one
// person, and every new name would cost a request); [WhatsAppConfig.WrittenBodies] has
// it for those who need it. Retries, which are package delivery's. The names of
// people's profiles, which nobody asked for. A webhook for silence on a call (the next
// Gather asks again); agents' queues in the driver, which knows no tickets.
package twilio
