package readme

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
	r "github.com/hubkit/hubkit/registration"
)

//readme:test

func TestOlenaRegisters(t *testing.T) {
	store := open(t)
	replies := strings.NewReader("Привіт\nукраїнська\nтак\nдві\n34\nне важко\n70\nдуже важко\n")
	terminal, err := console.New(console.Config{In: replies, Out: t.Output()})
	require.NoError(t, err)
	channel, err := channels.New(terminal, channels.Config{})
	require.NoError(t, err)
	hub, err := conversation.New(conversation.Config{Store: store, Channels: []*channels.Channel{channel}, Programmes: []conversation.Programme{programme}})
	require.NoError(t, err)
	require.NoError(t, terminal.Run(t.Context(), hub))

	for reg, err := range store.Registrations(t.Context(), crm.RegistrationQuery{Programme: "cash"}) {
		require.NoError(t, err)
		require.Equal(t, crm.Submitted, reg.Status)
		require.Equal(t, 7.0, reg.Score.Points) // an older member: 3; one who cannot walk: 4
	}
}

//readme:end

func open(t *testing.T) *crm.Store {
	ctx := context.Background()
	backend, err := sqlite.Open(ctx, filepath.Join(t.TempDir(), "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, backend.Close()) })
	key, err := crm.OpenKeyFile(filepath.Join(t.TempDir(), "hub.key"))
	require.NoError(t, err)
	store, err := crm.New(ctx, crm.Config{Backend: backend, Sealer: key})
	require.NoError(t, err)
	return store
}

//readme:researcher

func TestOlderPeopleScoreHigher(t *testing.T) {
	score := func(years int64) float64 {
		household := r.Of(map[string]r.Value{"members": r.RowsValue(r.Of(map[string]r.Value{"age": r.IntValue(years)}))})
		s, err := card.Score(household)
		require.NoError(t, err)
		return s.Points
	}
	require.Less(t, score(59), score(60))
}

//readme:end

func TestTheDeskIsMounted(t *testing.T) {
	store := open(t)
	mux := http.NewServeMux()
	channel, err := channels.New(channelstest.NewRecorder("web", channelstest.Web()), channels.Config{})
	require.NoError(t, err)
	team, err := mount(t.Context(), mux, store, channel)
	require.NoError(t, err)
	defer team.Close()
	rec := httptest.NewRecorder()
	mux.ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/desk/", nil))
	require.Equal(t, http.StatusSeeOther, rec.Code, "who is not signed in is asked to")
}
