package crm

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Status is how far a registration came.
type Status string

// Statuses of a registration.
const (
	Draft       Status = "draft"            // answers are being given
	ScreenedOut Status = "screened_out"     // an answer ended it early
	Submitted   Status = "submitted"        // complete; waits for a person of the programme
	InReview    Status = "in_review"        // an agent reads it
	MoreInfo    Status = "more_information" // something was asked of the person
	Validated   Status = "validated"        // answers and documents were checked
	Approved    Status = "approved"
	WaitingList Status = "waiting_list" // eligible, no budget in this round
	Rejected    Status = "rejected"
	Appealed    Status = "appealed" // the person asked for another look
	Paused      Status = "paused"
	Withdrawn   Status = "withdrawn" // the person took it back
	Completed   Status = "completed" // everything promised was given
	Closed      Status = "closed"
)

// Rule is one allowed transition: from, to, and the kinds of actors who may.
type Rule struct {
	From, To Status
	By       []ActorKind
}

// The one table of transitions. A score never decides alone: whatever grants,
// refuses or postpones help (Approved, WaitingList, Rejected, and Closed while
// somebody still waits) needs an Agent. Withdrawing and appealing are the person's.
var rules = func() []Rule {
	var (
		machine = []ActorKind{Bot, Agent, System}
		staff   = []ActorKind{Agent}
		asked   = []ActorKind{Beneficiary, Bot, Agent} // the bot writes down what the person said
	)
	var rs []Rule
	add := func(from Status, by []ActorKind, to ...Status) {
		for _, t := range to {
			rs = append(rs, Rule{From: from, To: t, By: by})
		}
	}
	add(Draft, asked, Submitted, Withdrawn)
	add(Draft, machine, ScreenedOut, Closed)
	add(ScreenedOut, asked, Draft, Appealed, Withdrawn)
	add(ScreenedOut, machine, Closed)
	add(Submitted, staff, InReview, Paused)
	add(Submitted, asked, Withdrawn)
	add(InReview, staff, MoreInfo, Validated, Approved, WaitingList, Rejected, Paused, Submitted)
	add(InReview, asked, Withdrawn)
	add(MoreInfo, asked, InReview, Withdrawn)
	add(MoreInfo, staff, Paused, Closed)
	add(Validated, staff, InReview, MoreInfo, Approved, WaitingList, Rejected, Paused)
	add(Validated, asked, Withdrawn)
	add(Approved, staff, InReview, Paused)
	add(Approved, machine, Completed)
	add(Approved, asked, Withdrawn)
	add(WaitingList, staff, InReview, Approved, Rejected, Paused, Closed)
	add(WaitingList, asked, Withdrawn)
	add(Rejected, asked, Appealed)
	add(Rejected, staff, InReview)
	add(Rejected, machine, Closed)
	add(Appealed, staff, InReview, Approved, Rejected)
	add(Appealed, asked, Withdrawn)
	add(Paused, staff, Submitted, InReview, Validated, Approved, WaitingList, Closed)
	add(Paused, asked, Withdrawn)
	add(Withdrawn, asked, Draft, Submitted)
	add(Withdrawn, machine, Closed)
	add(Completed, staff, InReview)
	add(Completed, machine, Closed)
	add(Closed, staff, InReview)
	return rs
}()

// Rules returns every allowed transition, for pages, documentation and tests.
func Rules() []Rule {
	rs := slices.Clone(rules)
	for i := range rs {
		rs[i].By = slices.Clone(rs[i].By)
	}
	return rs
}

// Next returns the statuses that an actor of kind k may move s to, in the
// order of the table.
func (s Status) Next(k ActorKind) []Status {
	var to []Status
	for _, r := range rules {
		if r.From == s && slices.Contains(r.By, k) {
			to = append(to, r.To)
		}
	}
	return to
}

// Ends reports whether nothing more is expected of anybody in this status.
func (s Status) Ends() bool {
	switch s {
	case ScreenedOut, Rejected, Withdrawn, Completed, Closed:
		return true
	default:
		return false
	}
}

// ErrTransition is matched by every *TransitionError.
var ErrTransition = errors.New("crm: transition not allowed")

// TransitionError says which transition was refused, and what is allowed
// instead: for this actor, and who else may make the one asked for.
type TransitionError struct {
	From, To Status
	By       ActorKind
	Allowed  []Status    // what this kind of actor may do from here
	Who      []ActorKind // who may do what was asked; none when nobody may
	Reason   string      // what else is missing, such as a reason or a time
}

// Error names the statuses only, never a person.
func (e *TransitionError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "crm: %s may not move a registration from %s to %s", orNobody(e.By), e.From, e.To)
	switch {
	case e.Reason != "":
		b.WriteString(": " + e.Reason)
	case len(e.Who) > 0:
		b.WriteString(": only " + names(e.Who) + " may")
	case len(e.Allowed) > 0:
		b.WriteString(": allowed are " + names(e.Allowed))
	default:
		b.WriteString(": nothing is allowed from here")
	}
	return b.String()
}

// Is reports whether target is ErrTransition.
func (e *TransitionError) Is(target error) bool { return target == ErrTransition }

func orNobody(k ActorKind) string {
	if k == unknownActor {
		return "an unnamed actor"
	}
	return string(k)
}

func names[S ~string](ss []S) string {
	all := make([]string, len(ss))
	for i, s := range ss {
		all[i] = string(s)
	}
	return strings.Join(all, ", ")
}

// allowed returns nil when the table lets an actor of kind k move from one
// status to another.
func allowed(from, to Status, k ActorKind) error {
	e := &TransitionError{From: from, To: to, By: k}
	for _, r := range rules {
		if r.From == from && r.To == to {
			if slices.Contains(r.By, k) {
				return nil
			}
			e.Who = r.By
		}
	}
	e.Allowed = from.Next(k)
	return e
}
