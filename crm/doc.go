// Package crm remembers: conversations, people, registrations, decisions and
// consents, sealed at rest, and written whole or not at all.
//
//	db, err := sqlite.Open(ctx, "hub.db", sqlite.Config{})
//	key, err := crm.OpenKeyFile("hub.key")
//	store, err := crm.New(ctx, crm.Config{Backend: db, Sealer: key})
//
//	thread, err := store.Thread(ctx, id)       // read
//	thread.State, reply = decide(thread.State) // decide: no I/O
//	result, err := store.Commit(ctx, crm.Change{
//		By: bot, Inbound: &event, Thread: &thread,
//		Outbox: []crm.Outgoing{{Message: reply}},
//	}) // ErrStale: somebody was faster; read and decide again
//
// A [Change] is everything one turn writes, as data. [Store.Commit] returns when
// it is durable; many callers share one fsync. An inbound is recorded once by
// channel and id: the second time nothing is written and Result.Replies says
// what it was answered with.
//
// A [Thread] is one address under one programme. What was said in it are
// [Interaction] values, append-only and numbered over the whole store. A message
// leaves in one of three ways: by the [Store.Outbox] through delivery.Run,
// Inline in the response to a call's webhook, or by Pull, where the person's
// page reads the [Store.Backlog] and being committed is being delivered.
//
// A [Registration] moves along one table of [Rules]. A score never decides
// alone: Approved, WaitingList and Rejected need an Agent and a reason, and a
// stored history can only be added to.
//
// Everything personal is sealed under a key of its own for each thread, person
// and registration; addresses and what people are found by are kept as blind
// indexes. [Store.Forget] destroys a key. Before consent (Thread.Expires) no
// word of the person is kept, and [Store.Prune] soon removes the rest. Every
// commit adds one link to a chained audit, which holds no values; [Store.Verify]
// walks it and holds all that was said and recorded against it.
//
// [Files] keeps photos, each sealed under a key of its own.
//
// # Errors
//
// ErrStale: read and decide again. ErrChange: malformed, with everything that is
// wrong joined. ErrTransition and ErrHistory: the state machine; a
// *TransitionError lists what is allowed. ErrNotFound; ErrSealed (key destroyed
// or data altered); ErrWrongKey, at the start; ErrAudit, with the number of the
// first broken link. Whatever Commit returns, nothing was written.
//
// # Design
//
// A turn is data. Refused: closures inside a transaction, which cannot share a
// commit over a network and would call key services while everybody waits.
// Sealing, audit and rules are written once, over a [Backend] of rows that are
// already sealed. Refused: a backend that knows persons and registrations.
// The first caller writes for those who wait. Refused: a writer goroutine, which
// somebody must stop.
// A Sealer makes keys and stores none; wrapped keys are rows of the first batch
// that uses them. Refused: Seal and Open by field, with input and output inside.
// Whole rows are sealed, not fields. Refused: querying inside; what must be
// queried is in clear and never personal, or a blind index.
package crm
