// Package delivery sends what a queue holds, one message for one person or a million
// for a campaign, and survives being killed at any moment.
//
//	pace, err := delivery.NewPace(80, 0.2) // messages a second; a fifth kept for replies
//	loop, err := delivery.New(store.Outbox(), whatsapp, delivery.Config{Pace: pace})
//	err = loop.Run(ctx)
//
// # Ideas
//
// A message passes five moments: it is leased, its intent is made durable ("sending"),
// one attempt is made, its outcome is recorded, and where the outcome is in doubt it is
// reconciled. Whatever moment a crash hits, the queue's state says what may have
// happened: leased means not sent, sending means perhaps.
//
// What is in doubt is never sent again blindly. A status callback that carries our
// reference settles it, through [Queue.Learn]; else the provider's list does, after a
// grace; and where there is neither, a declared [Policy] does.
//
// Failures are retried by their cause: a throttled or unavailable provider later, with
// full-jitter back-off unless it says when; a wrong account parks the lane until an
// operator has looked; a refusal, an opt-out or an unreachable person is final.
//
// A [Pace] is shared by the loops of one sender, so that a person's reply goes before a
// notice and a notice before a campaign.
//
// [Queue] is what a store implements; deliverytest.TestQueue is its contract.
//
// # Errors
//
// [ErrLost] says that a lease has passed to another loop. [Refused] lists what may not
// be sent any more. [Loop.Run] returns nil when its context ends; an error of the queue
// is logged and retried, because a store that restarts must not stop a hub.
//
// # Design
//
// Refused: a chunk retried as a job after a crash (in a test with SIGKILL it sent 92 to
// 118 % of the messages twice); a cursor advanced when a page is read (a third was never
// sent); a transaction held open during the request (a provider's 30 seconds would be
// the store's); a fixed sliding window of attempts (micro-batches let the outcomes of one
// share a commit with the intents of the next).
package delivery
