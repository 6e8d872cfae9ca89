// Package africastalking carries SMS through Africa's Talking, an aggregator for countries
// that Twilio's toll-free numbers and two-way codes do not serve, such as Uganda.
//
//	driver, err := africastalking.New(africastalking.Config{
//		Username: "hub", APIKey: key, From: "8008", Secret: secret,
//	})
//	sms, err := channels.New(driver, channels.Config{})
//	mux.Handle("POST /webhooks/africastalking", sms.Webhook(hub))
//
// In the provider's dashboard, enter https://hub.example/webhooks/africastalking?secret=…
// as the callback of incoming messages, of delivery reports and of bulk opt-outs: one URL
// serves all three.
//
// # Ideas
//
// The package is also the tutorial of a driver: africastalking.go is everything a channel
// needs, in the order in which a message meets it. Who it is, what it can carry, how one
// message leaves, what comes in, and what each of the provider's codes means.
//
// The provider signs nothing. A callback is believed because its URL holds Config.Secret,
// long and random, as the query's "secret" or as the last element of the path. Whoever
// reads the URL can forge a message: use https only, and keep the URL out of access logs.
//
// Who pays is not said in a request. A short code is free for people to write to, or to
// read from, only if the operators zero-rate that code: a contract with each of them, never
// a setting of this driver. Two-way needs a short code; people cannot answer a name such as
// "HELPDESK". The provider adds opt-out instructions to the first bulk message to a person.
//
// # Errors
//
// Each status of the provider has its cause. UserInBlacklist is OptedOut: only the person
// can undo the block, and the provider also calls back with it, which is an event of kind
// Stopped. DoNotDisturbRejection is Throttled without a time: it concerns one person
// between 20:00 and 08:00, so the lane must not wait for it. An answer that is lost, or not
// understood, is Unknown: there is no idempotency key, and no list to look into.
//
// # Design
//
// The form endpoint, which the provider's own client uses, rather than the JSON one, which
// its sandbox lacks. One person per request: the answer then says exactly who was refused.
// A date without a zone is not believed; the time of arrival stands in. Media are sent as
// links under the text. Refused: a signature header that one public client invented; batches
// (a lost answer would leave a hundred messages in doubt instead of one); polling the inbox,
// whose ids may be others than the callbacks'; voice and USSD, which are other channels.
package africastalking
