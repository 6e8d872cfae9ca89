package desk_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
	r "github.com/hubkit/hubkit/registration"
)

// writing opens a decision's page and returns the form that confirms it.
func writing(t *testing.T, b *tab, p household, to, reason string) []string {
	t.Helper()
	page := b.get(casePath(p) + "/decide?to=" + to)
	require.Equal(t, http.StatusOK, page.code, page.words())
	return []string{
		"to", to, "rev", page.hidden(t, "rev"), "known", page.hidden(t, "known"),
		"reason", reason, "message", "Ваша заявка", "take", "1", "step", "confirm",
	}
}

// Asking for more takes the conversation, but never out of a colleague's hands.
func TestAskingForMoreLeavesAColleagueTheirConversation(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga, ivan := h.person("olga", desk.Caseworker, "ua"), h.person("ivan", desk.Caseworker, "ua")
	begin(t, olga, p)
	ivan.post(casePath(p)+"/take", "state", "bot")
	held, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	require.NotEmpty(t, held.Owner)
	got := olga.post(casePath(p)+"/decide", writing(t, olga, p, "more_information", "No passport")...)
	require.Equal(t, http.StatusOK, got.code, got.words())
	assert.Equal(t, crm.MoreInfo, h.reg(p).Status)
	th, err := h.store.Thread(t.Context(), p.thread())
	require.NoError(t, err)
	assert.Equal(t, held.Owner, th.Owner)
	assert.Contains(t, ivan.get(casePath(p)).words(), "You hold this conversation")
	assert.Equal(t, []string{"Ваша заявка"}, h.inbox(p), "the person is asked all the same")
}

// A form that is sent once more after other steps followed is no second press of
// the button: the agent sees what happened.
func TestAnOldFormIsAConflict(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga := h.person("olga", desk.Caseworker, "ua")
	begin(t, olga, p)
	form := writing(t, olga, p, "more_information", "No passport")
	require.Equal(t, http.StatusOK, olga.post(casePath(p)+"/decide", form...).code)
	require.Equal(t, casePath(p), olga.post(casePath(p)+"/decide", form...).path, "pressed twice")
	begin(t, olga, p)
	old := olga.post(casePath(p)+"/decide", form...)
	assert.Equal(t, http.StatusConflict, old.code)
	assert.Contains(t, old.words(), "Somebody was quicker")
	assert.Equal(t, crm.InReview, h.reg(p).Status)
	assert.Len(t, h.inbox(p), 1)
}

// An agent decides on the answers that they saw: when those change, at the same
// status, the decision is not made.
func TestAnswersThatChangeAreAConflict(t *testing.T) {
	h := newHouse(t)
	p := olena()
	h.register(p)
	olga := h.person("olga", desk.Caseworker, "ua")
	begin(t, olga, p)
	shape := form.Shape()
	form := writing(t, olga, p, "approved", "Needs it")
	reg := h.reg(p)
	p.income = 90000
	answers, err := r.Reshape(p.answers(), shape)
	require.NoError(t, err)
	reg.Answers, err = json.Marshal(answers)
	require.NoError(t, err)
	_, err = h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Registrations: []crm.Registration{reg}})
	require.NoError(t, err)
	got := olga.post(casePath(p)+"/decide", form...)
	assert.Equal(t, http.StatusConflict, got.code)
	assert.Contains(t, got.words(), "Answers or other details of it were changed.")
	assert.Equal(t, crm.InReview, h.reg(p).Status)
	assert.Empty(t, h.inbox(p))
	again := olga.post(casePath(p)+"/decide", writing(t, olga, p, "approved", "Needs it")...)
	assert.Equal(t, http.StatusOK, again.code, "having seen them")
	assert.Equal(t, crm.Approved, h.reg(p).Status)
}
