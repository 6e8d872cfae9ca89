// Package telegram talks with people through a Telegram bot: text, buttons under a
// message, buttons that share a phone number or a place, photos and files.
//
//	driver, err := telegram.New(telegram.Config{Token: token})
//	channel, err := channels.New(driver, channels.Config{})
//	mux.Handle("POST /webhooks/telegram", channel.Webhook(hub))
//	err = driver.SetWebhook(ctx, "https://hub.example/webhooks/telegram")
//
// # Ideas
//
// Options are buttons under the message, one a row. A message that [channels.WantPhone] or
// [channels.WantPlace] has a keyboard instead, as Telegram shares by keyboards only: there,
// options send their label as text. A button holds at most 64 bytes; an option whose id is
// longer sends its number, which is heard like a typed one.
//
// A tap is confirmed to the person's app after the webhook is answered, within 3 seconds
// and without an error of its own: a slow call must not make Telegram send the tap again.
//
// Message numbers repeat in every chat, so that a receipt's id, and Event.InReplyTo, is the
// number with a keyed mark of the chat. Telegram tells nothing about delivery.
//
// Whoever presses Start says "/start", which the hub hears as its command: the first time
// and every later time, also after a block was lifted. A payload of [DeepLink] is
// Event.Campaign. Blocking the bot is [channels.Stopped]. A contact is heard, as its number,
// only if it is the person's own; of somebody else's nothing is kept, and the hub asks
// again. Edited messages are not asked for: who errs writes anew, or BACK. Groups are
// ignored, as what a person answers is nobody else's.
//
// A received file is Media with the URL "telegram:file/…", which holds no token and opens
// with [Driver.Open] only, up to 20 MB.
//
// # Errors
//
// 403 is OptedOut where the person blocked the bot, else Unreachable; a chat that is not
// there, or became another, is Unreachable. 429 is Throttled for as long as Telegram says,
// which concerns the whole bot. 401, 404 and 409 are Misconfigured. No answer, or a server
// error, is Unknown: there is no idempotency key and no list. The token is part of every
// URL: errors hold no URL at all.
//
// # Design
//
// Written on net/http. A library was refused that answers a wrong secret with 200 and
// queues updates in memory, where a crash loses them. Refused: a call in the webhook's response
// body (its outcome is unknown); formatting (user text would need escaping everywhere); getUpdates
// (a second process would fight over it); clearing old buttons (a tap says what it belongs to).
package telegram
