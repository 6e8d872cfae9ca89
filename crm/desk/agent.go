package desk

import (
	"slices"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// Role says what somebody may do, in the programmes of their scopes.
type Role string

// Roles, from the least to the most.
const (
	Viewer        Role = "viewer"        // reads
	Caseworker    Role = "agent"         // reads, answers and decides
	Administrator Role = "administrator" // all of it, and invites the others
)

// roles in order.
var roles = []Role{Viewer, Caseworker, Administrator}

// may says whether the role includes another.
func (r Role) may(least Role) bool {
	i := slices.Index(roles, r)
	return i >= 0 && i >= slices.Index(roles, least)
}

// Everything is the scope of all programmes, also of those to come.
const Everything = "*"

// Agent is who is signed in.
type Agent struct {
	ID   string // as the audit and the history name them: crm.Actor{Kind: crm.Agent, ID: …}
	Name string // as colleagues see it
	Lang hubkit.Lang
	Role Role
	// Scopes are ids of programmes, or Everything. What is outside of them does
	// not exist for the agent.
	Scopes []string
}

// Actor is the agent as the store knows them.
func (a Agent) Actor() crm.Actor { return crm.Actor{Kind: crm.Agent, ID: a.ID} }

func (a Agent) sees(programme string) bool {
	return slices.Contains(a.Scopes, Everything) || slices.Contains(a.Scopes, programme)
}

// oversees says whether the agent has every one of the scopes. Who has less than an
// account may not change it: a new link for it would give them the rest.
func (a Agent) oversees(scopes []string) bool {
	return !slices.ContainsFunc(scopes, func(s string) bool { return !a.sees(s) })
}
