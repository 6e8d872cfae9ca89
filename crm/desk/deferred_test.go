package desk_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// What could not be answered where the person wrote is told apart from what they left out.
func TestDeferredAnswersAreShownAsWaiting(t *testing.T) {
	h := newHouse(t)
	p := olena()
	p.ages = []int{67, -1}
	reg := h.register(p)
	reg.Deferred = []string{"income", "age.2"}
	_, err := h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Registrations: []crm.Registration{reg}})
	require.NoError(t, err)
	seen := h.admin.get(casePath(p)).words()
	require.Equal(t, 2, strings.Count(seen, "cannot be answered on their channel"), seen)
}
