package crm

import "github.com/google/uuid"

// ActorKind says what sort of actor did something.
type ActorKind string

// Kinds of actors. Only an Agent is a human of the programme: decisions about
// people need one.
const (
	Bot          ActorKind = "bot"    // the hub, following its dialogs
	Agent        ActorKind = "agent"  // a member of staff
	Beneficiary  ActorKind = "person" // the person in need
	System       ActorKind = "system" // a clock, a migration, retention
	unknownActor ActorKind = ""
)

const (
	maxID        = 80 // bytes of an id
	maxProgramme = 32 // bytes of a programme's id
	maxEventID   = 512
)

// Actor is who did something: every change and every transition names one.
// ID is a staff or component id, never a name or an address; it is kept in
// clear in the audit.
type Actor struct {
	Kind ActorKind
	ID   string
}

// String returns "agent:7f3a", as the audit writes it.
func (a Actor) String() string {
	if a.ID == "" {
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + a.ID
}

func (k ActorKind) known() bool {
	switch k {
	case Bot, Agent, Beneficiary, System:
		return true
	case unknownActor:
	}
	return false
}

// NewID returns a fresh id for a person, registration, ticket or message: a
// UUID of version 7, which sorts by time.
func NewID() string {
	return uuid.Must(uuid.NewV7()).String()
}

// NewRef returns a fresh Outgoing.Ref: a NewID after the programme and a dot,
// so that an operator sees in a provider's log whose message it was.
func NewRef(programme string) string { return programme + "." + NewID() }
