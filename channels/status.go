package channels

import (
	"fmt"
	"log/slog"
	"time"
)

// Receipt is what a provider answered.
type Receipt struct {
	ID string    // the provider's id of the message
	At time.Time // when it was accepted; zero: now
}

// Stage is how far a message came. Later stages never step back.
type Stage uint8

// Stages of a message. Read and Failed are ends; a Failed that comes after
// Delivered is not believed.
const (
	Accepted  Stage = iota + 1 // the provider took it
	Sent                       // it left the provider
	Delivered                  // it reached the person's device
	Read                       // the person opened it
	Failed                     // it will not arrive; Status.Cause says why
)

// String returns the stage's name in lower case.
func (s Stage) String() string { return name(stageNames[:], int(s)) }

var stageNames = [...]string{"", "accepted", "sent", "delivered", "read", "failed"}

// Status is news of a message that left.
type Status struct {
	Ref   string    // ours, if the provider gave it back
	ID    string    // the provider's
	Stage Stage     // how far it came
	Cause Cause     // why it failed
	Code  string    // the provider's error code; empty when it did not fail
	At    time.Time // when, by the provider's clock if it says
}

// Listed is one message in a provider's own list. Where the provider does not keep our
// Ref, To and Text let a message in doubt be recognised by where it went and what it said;
// an empty Text says that the provider keeps no words, as of a call.
type Listed struct {
	Status
	To   Address
	Text string
}

// LogValue shows the id and the stage: nothing of To and Text.
func (l Listed) LogValue() slog.Value {
	return slog.GroupValue(slog.String("ref", l.Ref), slog.String("id", l.ID), slog.String("stage", l.Stage.String()))
}

// Format writes what [Listed.LogValue] shows, for every verb.
func (l Listed) Format(f fmt.State, _ rune) { format(f, "Listed", l) }
