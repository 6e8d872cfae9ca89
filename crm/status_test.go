package crm_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/crm"
)

var (
	everyStatus = []crm.Status{
		crm.Draft, crm.ScreenedOut, crm.Submitted, crm.InReview, crm.MoreInfo, crm.Validated, crm.Approved,
		crm.WaitingList, crm.Rejected, crm.Appealed, crm.Paused, crm.Withdrawn, crm.Completed, crm.Closed,
	}
	everyKind = []crm.ActorKind{crm.Bot, crm.Agent, crm.Beneficiary, crm.System}
	noon      = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ann       = crm.Actor{Kind: crm.Agent, ID: "ann"}
	bot       = crm.Actor{Kind: crm.Bot, ID: "hub"}
	person    = crm.Actor{Kind: crm.Beneficiary}
)

func reachable(from crm.Status, by ...crm.ActorKind) map[crm.Status]bool {
	seen := map[crm.Status]bool{from: true}
	for todo := []crm.Status{from}; len(todo) > 0; todo = todo[1:] {
		for _, k := range by {
			for _, to := range todo[0].Next(k) {
				if !seen[to] {
					seen[to] = true
					todo = append(todo, to)
				}
			}
		}
	}
	return seen
}

func TestNoMachineDecides(t *testing.T) {
	for _, r := range crm.Rules() {
		switch r.To {
		case crm.Approved, crm.WaitingList, crm.Rejected, crm.Validated:
			assert.Equal(t, []crm.ActorKind{crm.Agent}, r.By, "%s to %s", r.From, r.To)
		}
	}
	for s := range reachable(crm.Draft, crm.Bot, crm.System, crm.Beneficiary) {
		assert.NotContains(t, []crm.Status{crm.Approved, crm.WaitingList, crm.Rejected, crm.Validated}, s,
			"reached without a human")
	}
	// Silence is no refusal: nobody's open request is closed by a clock.
	for _, s := range []crm.Status{crm.Submitted, crm.InReview, crm.MoreInfo, crm.Validated, crm.WaitingList, crm.Appealed, crm.Paused} {
		assert.NotContains(t, s.Next(crm.System), crm.Closed, s)
	}
}

func TestEveryStatusLeadsSomewhere(t *testing.T) {
	assert.Len(t, reachable(crm.Draft, everyKind...), len(everyStatus), "every status is reached from a draft")
	for _, s := range everyStatus {
		assert.True(t, reachable(s, everyKind...)[crm.Closed], "%s is a dead end", s)
		if !s.Ends() {
			assert.Contains(t, s.Next(crm.Beneficiary), crm.Withdrawn, "a person may always take back what is open: %s", s)
		}
	}
	assert.Contains(t, crm.Rejected.Next(crm.Beneficiary), crm.Appealed)
	assert.Contains(t, crm.ScreenedOut.Next(crm.Beneficiary), crm.Appealed, "an automated refusal may be appealed to a human")
}

func TestRulesAreACopy(t *testing.T) {
	rs := crm.Rules()
	rs[0].By[0] = crm.System
	rs[0].To = crm.Closed
	assert.NotEqual(t, rs[0], crm.Rules()[0])
}

func TestMove(t *testing.T) {
	var r crm.Registration
	require.NoError(t, r.Move(crm.Submitted, bot, "", noon))
	require.NoError(t, r.Move(crm.InReview, ann, "", noon))
	for _, c := range []struct {
		name   string
		to     crm.Status
		by     crm.Actor
		reason string
		at     time.Time
		says   string
	}{
		{"the bot approves", crm.Approved, bot, "score 17", noon, "crm: bot may not move a registration from in_review to approved: only agent may"},
		{"nobody may", crm.Completed, ann, "x", noon, "crm: agent may not move a registration from in_review to completed: allowed are more_information, validated, approved, waiting_list, rejected, paused, submitted, withdrawn"},
		{"no reason", crm.Rejected, ann, "", noon, "crm: agent may not move a registration from in_review to rejected: this step needs a reason"},
		{"no agent", crm.Rejected, crm.Actor{Kind: crm.Agent}, "x", noon, "crm: agent may not move a registration from in_review to rejected: an agent's step needs the agent's id"},
		{"no time", crm.MoreInfo, ann, "x", time.Time{}, "crm: agent may not move a registration from in_review to more_information: the time is missing"},
		{"no actor", crm.MoreInfo, crm.Actor{}, "x", noon, "crm: an unnamed actor may not move a registration from in_review to more_information: only agent may"},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := r.Move(c.to, c.by, c.reason, c.at)
			require.ErrorIs(t, err, crm.ErrTransition)
			var e *crm.TransitionError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.says, err.Error())
			assert.Equal(t, crm.InReview, r.Status)
			assert.Len(t, r.History, 2)
		})
	}
	require.NoError(t, r.Move(crm.Approved, ann, "meets all criteria", noon))
	require.Len(t, r.Decisions(), 1)
	assert.Equal(t, "meets all criteria", r.Decisions()[0].Reason)
}

// Every step of an agent names the agent, and those that keep a person from help
// say why; the person's own steps and the machine's need neither.
func TestAgentsAnswerForTheirSteps(t *testing.T) {
	reasoned := []crm.Status{crm.Approved, crm.WaitingList, crm.Rejected, crm.Paused, crm.Withdrawn, crm.Closed}
	for _, rule := range crm.Rules() {
		for _, kind := range rule.By {
			at := func() *crm.Registration { return &crm.Registration{Status: rule.From} }
			named, nameless := crm.Actor{Kind: kind, ID: "ann"}, crm.Actor{Kind: kind}
			require.NoError(t, at().Move(rule.To, named, "because", noon))
			if kind != crm.Agent {
				assert.NoError(t, at().Move(rule.To, nameless, "", noon), "%s to %s by %s", rule.From, rule.To, kind)
				continue
			}
			assert.ErrorIs(t, at().Move(rule.To, nameless, "because", noon), crm.ErrTransition, "%s to %s", rule.From, rule.To)
			for _, reason := range []string{"", " \n\t"} {
				err := at().Move(rule.To, named, reason, noon)
				assert.Equal(t, slices.Contains(reasoned, rule.To), err != nil, "%s to %s: %v", rule.From, rule.To, err)
			}
		}
	}
}

// A registration only ever moves along the table, whoever tries whatever.
func TestMoveProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r crm.Registration
		at := crm.Draft
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			to := rapid.SampledFrom(everyStatus).Draw(t, "to")
			by := crm.Actor{Kind: rapid.SampledFrom(everyKind).Draw(t, "by"), ID: "x"}
			ok := slices.ContainsFunc(crm.Rules(), func(u crm.Rule) bool {
				return u.From == at && u.To == to && slices.Contains(u.By, by.Kind)
			})
			err := r.Move(to, by, "because", noon)
			if ok != (err == nil) {
				t.Fatalf("%s to %s by %s: %v", at, to, by, err)
			}
			if err == nil {
				at = to
			} else if !errors.Is(err, crm.ErrTransition) {
				t.Fatal(err)
			}
			if len(r.History) > 0 && r.Status != at {
				t.Fatalf("at %s, not %s", r.Status, at)
			}
		}
	})
}
