package readme

import (
	"context"
	"fmt"
	"net/http"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

//readme:desk

// mount opens the desk in a service that has a mux already.
func mount(ctx context.Context, mux *http.ServeMux, store *crm.Store, web *channels.Channel) (*desk.Desk, error) {
	team, err := desk.New(desk.Config{
		Store: store, Channels: []*channels.Channel{web}, Programmes: []desk.Programme{{ID: programme.ID}},
		Forms: []*registration.Questionnaire{form}, Cards: []*scoring.Card{card},
	})
	if err != nil {
		return nil, err
	}
	mux.Handle("/desk/", team.Handler())
	link, err := team.FirstLink(ctx) // where the first administrator chooses a password
	fmt.Println("/desk/" + link)
	return team, err // also the Agents of conversation.Config
}

//readme:end
