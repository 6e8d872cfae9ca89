// Package broadcast tells many people something: each once, each in their own
// language, with proof.
//
// A [Campaign] is data, hashed whole, so that what was approved is what is
// sent. Its [Audience] is passed apart from it and frozen page by page into a
// [Ledger]: one row for each recipient, which is the truth about who was told
// what. A Ledger is a delivery.Queue, so the loop that sends a person's replies
// sends campaigns too, with a share of the pace kept for the replies.
//
// This version declares the types on which campaigns, their stores and the
// desk meet; a ledger is not shipped yet.
//
// # Errors
//
// A [Campaign] that cannot be sent is refused by [Campaign.Check] with every
// reason at once. Each matches [ErrCampaign].
//
// # Design
//
// Refused: one queue job for each recipient (four to twenty times the cost, and
// double sends when a rescuer errs); a cursor that moves when a page is read (a
// crash then loses the rest of the page, silently).
package broadcast
