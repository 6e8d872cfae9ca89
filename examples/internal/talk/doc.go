// Package talk holds one conversation of the examples: a questionnaire asked of
// one person on one channel.
//
//	t := talk.New(reference.Form, nil)
//	err := terminal.Run(ctx, t) // any channel that knows a channels.Handler
//
// # Ideas
//
// A [Talk] turns what the interview wants to say into a channels.Message, and what
// came in into a registration.Reply. What is to be said before a question (a
// section, a note, why a reply was not understood) leaves as a message of its own,
// so that the question with its answers stands alone and is the last thing read.
//
// A few words work at any moment, in each of the examples' languages: back, change,
// language and help. They count only as the whole reply, so that "two days back" is
// still a date.
//
// # Errors
//
// Handle returns console.ErrOver beside its last messages, and no other error.
//
// # Design
//
// A Talk keeps its interview in memory and knows one person: enough to show how the
// rooms meet. Remembering, many persons, handing over to staff and the full set of
// commands belong to a hub (package conversation).
package talk
