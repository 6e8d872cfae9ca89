package crm

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
)

// Form names the questionnaire a registration was answered on. The hash is of
// the questionnaire's JSON, which Store.Table("forms") keeps.
type Form struct {
	ID, Version, Hash string
}

// Score is what a card said of the answers. It informs a decision and never
// takes it.
type Score struct {
	Card string `json:"card"` // id and version
	Hash string `json:"hash"` // of the card
	// Points lie within [Lo, Hi], the interval that unknown answers leave open.
	Points float64 `json:"points"`
	Lo     float64 `json:"lo"` // the least the unknown answers allow
	Hi     float64 `json:"hi"` // the most
	Band   string  `json:"band"`
	// Eligible is whether the card's rules are met: "yes", "no" or "unknown".
	Eligible string `json:"eligible,omitempty"`
	// Reasons is the scoring package's own JSON, shown by the desk.
	Reasons json.RawMessage `json:"reasons,omitempty"`
}

// Transition is one step of a registration's history.
type Transition struct {
	From, To Status
	By       Actor
	Reason   string // why; sealed at rest
	At       time.Time
	// Told is the Ref of the message by which the person was told, or "".
	Told string
}

// Registration is one person's or household's request to a programme, with
// its answers, score and history. Answers, score, history and household are
// sealed at rest; ids, status and band are kept in clear, to be queried.
type Registration struct {
	ID        string
	Programme string
	Rev       int64 // 0 when new; Commit fails with ErrStale when it is not the stored one

	Thread  ThreadID // where the person is answered; may be empty
	Person  string   // Person.ID of who registers; may be empty
	Helper  Actor    // who answered for the person, when somebody else did
	Form    Form
	Lang    hubkit.Lang
	Answers json.RawMessage // the registration package's own JSON
	Score   *Score
	// Deferred are the questions that could not be answered where the person wrote, such
	// as a photo on a call, and wait for a page or an agent: "photo", in a roster "photo.2".
	Deferred []string `json:",omitempty"`
	// Continued is the thread where they are asked, once somebody opened the link.
	Continued ThreadID `json:"-"` // sealed with its address, as Thread is

	Household *Household
	Status    Status // set by Move; a new one begins as Draft
	History   []Transition

	Opened time.Time // set by the store when first committed
	At     time.Time // of the last change; set by the store
}

// Move takes the registration to another status. It fails with a
// *TransitionError, and changes nothing, when the table of Rules does not let
// this actor do so, when an agent's step comes without the agent's id, or
// without a reason where it decides, pauses, withdraws or closes.
func (r *Registration) Move(to Status, by Actor, reason string, at time.Time) error {
	from := r.Status
	if from == "" {
		from = Draft
	}
	t := Transition{From: from, To: to, By: by, Reason: reason, At: at}
	if err := t.check(); err != nil {
		return err
	}
	r.Status = to
	r.History = append(r.History, t)
	return nil
}

// Decisions returns the transitions by which somebody's help was granted,
// postponed or refused, oldest first.
func (r *Registration) Decisions() []Decision {
	var ds []Decision
	for _, t := range r.History {
		if t.To.decides() {
			ds = append(ds, Decision(t))
		}
	}
	return ds
}

// Decision is a Transition that grants, postpones or refuses help: always by a
// human, always with a reason.
type Decision Transition

func (s Status) decides() bool {
	switch s {
	case Approved, WaitingList, Rejected:
		return true
	default:
		return false
	}
}

// needsReason says whether somebody may later have to answer for the step: for every
// decision, and for whatever else an agent does that keeps a person from help.
func (t Transition) needsReason() bool {
	switch t.To {
	case Paused, Withdrawn, Closed:
		return t.By.Kind == Agent
	default:
		return t.To.decides()
	}
}

func (t Transition) check() error {
	if err := allowed(t.From, t.To, t.By.Kind); err != nil {
		return err
	}
	e := &TransitionError{From: t.From, To: t.To, By: t.By.Kind}
	switch {
	case t.At.IsZero():
		e.Reason = "the time is missing"
	case t.By.Kind == Agent && t.By.ID == "":
		e.Reason = "an agent's step needs the agent's id"
	case t.needsReason() && strings.TrimSpace(t.Reason) == "":
		e.Reason = "this step needs a reason"
	default:
		return nil
	}
	return e
}

// ErrHistory is returned by Commit for a registration whose history is not the
// stored one with legal steps added.
var ErrHistory = errors.New("crm: a registration's history may only be added to")

// follows checks that r continues old, which is nil for a new registration.
func (r *Registration) follows(old *Registration) error {
	at, known := Draft, 0
	if old != nil {
		at, known = old.Status, len(old.History)
		if len(r.History) < known || !slices.EqualFunc(old.History, r.History[:known], Transition.equal) {
			return ErrHistory
		}
	}
	for _, t := range r.History[known:] {
		if t.From != at {
			return fmt.Errorf("%w: a step begins at %s where the registration was %s", ErrHistory, t.From, at)
		}
		if err := t.check(); err != nil {
			return err
		}
		at = t.To
	}
	if r.Status == "" {
		r.Status = Draft
	}
	if r.Status != at {
		return fmt.Errorf("%w: status %s was not reached by Move", ErrHistory, r.Status)
	}
	return nil
}

func (t Transition) equal(u Transition) bool {
	return t.From == u.From && t.To == u.To && t.By == u.By && t.Reason == u.Reason && t.Told == u.Told && t.At.Equal(u.At)
}
