// Package conversation talks with people: it assembles channels, programmes
// and a store into a hub.
//
//	hub, err := conversation.New(conversation.Config{
//		Store:    store,
//		Channels: []*channels.Channel{web, sms},
//		Programmes: []conversation.Programme{{
//			ID: "ua", Languages: form.Languages(), Start: conversation.Ask{Form: form, Score: card},
//		}},
//	})
//	mux.Handle("/chat/", web.Webhook(hub))
//	err = hub.Run(ctx)
//
// # Ideas
//
// A [Dialog] is data: [Menu], [Article], [Ask] (a questionnaire) and [HandOff],
// nested in one another. The place of a dialog, "start/cash/then", is how a
// person who comes back after a month, or after a new version was installed,
// is found where they stopped.
//
// A turn reads the thread, decides without I/O, and commits one crm.Change:
// the inbound, the new state, the registration and what is to be said, whole
// or not at all. Whoever was faster makes the change stale, and the turn
// decides again. Nothing leaves that was not recorded, a repeated event changes
// nothing, and a killed process owes nobody an answer.
//
// Words that are understood at any moment, in every language, as a whole
// message: stop, start, help, language, back, change, restart, menu, status,
// agent. Only START undoes STOP. An option of the present question that is
// called so is that option.
//
// Before a person agreed to a Consent question nothing is kept but the address,
// the language and the place in the dialog, and after Programme.Forget not even
// those. Who takes the consent back is treated as if it had never been given; who
// asks for a person is told that what they write is kept. Without a Consent question in its form, an [Ask] keeps answers at once:
// then consent is the programme's affair.
//
// What a channel cannot take, such as a photo on a call, is passed over, kept in
// Registration.Deferred, and asked on Config.Page by a link that works once, or by
// an agent. A call is put through to people, or its wish to be called back kept.
//
// # Errors
//
// [New] joins everything that is wrong with a Config; each complaint about a
// programme matches [ErrProgramme]. [Hub.Handle] returns an error only when
// nothing was kept, so that the provider sends the event again; [ErrNobody] says
// that no programme has the address. A damaged state is never guessed at: the
// dialog begins anew, and the log says so.
//
// # Design
//
// The last threads are kept in memory, which spares a read a turn; the store's
// revision, not the cache, decides what is true.
//
// Refused: dialogs as closures (they cannot be checked, listed for translators
// or resumed by another process); a state machine per channel (the channel
// renders, the dialog does not know it); a queue between webhook and turn (one
// more place to lose a message; the group commit is fast enough).
package conversation
