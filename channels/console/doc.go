// Package console is a conversation in a terminal: options as numbered lines, one
// line typed is one reply.
//
//	talk, err := console.New(console.Config{})
//	err = talk.Run(ctx, hub) // until the end of input, ctx, or ErrOver
//
// # Ideas
//
// A [Console] is a channels.Driver, so that what a terminal shows is rendered by the
// same code as on every channel, and a questionnaire can be tried before any provider
// account exists. [Console.Run] turns each line into an event with a Session, so that
// the hub's replies come back at once and are printed.
//
// Lines of right-to-left languages begin with a right-to-left mark where they need
// one; terminals that know the Unicode bidirectional algorithm then lay them out well.
// Control characters, typed or printed, are removed: a name cannot move the cursor.
//
// # Errors
//
// [ErrOver], returned by the handler, ends Run without an error after its last messages
// are printed. Any other error of the handler, or of reading and writing, ends Run
// with it.
//
// # Design
//
// Refused: a terminal library (colours and cursor movement would make transcripts
// unreadable and screen readers unhappy); commands of the console's own (a person who
// types "quit" may mean it as an answer: end the input with Ctrl-D instead).
package console
