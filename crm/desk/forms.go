package desk

import (
	"context"
	"errors"
	"sync"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// forms finds the questionnaire that a registration was answered on.
type forms struct {
	table channels.Table // where the hub puts each version, by its hash
	byID  map[string]*registration.Questionnaire

	mu     *sync.Mutex
	byHash map[string]*registration.Questionnaire // nil: not to be had
}

func newForms(store *crm.Store, fs []*registration.Questionnaire) forms {
	f := forms{byID: map[string]*registration.Questionnaire{}, mu: &sync.Mutex{}, byHash: map[string]*registration.Questionnaire{}}
	if store != nil {
		f.table = store.Table("forms")
	}
	for _, q := range fs {
		f.byID[q.ID()], f.byHash[q.HashString()] = q, q
	}
	return f
}

// hashKey is how many digits of a form's hash are its key in the table.
const hashKey = 16

// find returns nil where no such questionnaire is known: the answers are then
// shown by their keys.
func (f forms) find(ctx context.Context, form crm.Form) (*registration.Questionnaire, error) {
	f.mu.Lock()
	q, known := f.byHash[form.Hash]
	f.mu.Unlock()
	if known || len(form.Hash) < hashKey {
		return q, nil
	}
	b, err := f.table.Get(ctx, form.Hash[:hashKey])
	if err != nil || b == "" {
		return nil, err
	}
	var extras registration.Extras
	if like := f.byID[form.ID]; like != nil {
		extras = like.Extras()
	}
	q, err = registration.Load([]byte(b), extras)
	if err == nil && q.HashString() != form.Hash {
		err = errors.New("desk: a stored questionnaire is not the one of its hash")
	}
	if err != nil {
		q = nil // an answer without its question is still worth seeing
	}
	f.mu.Lock()
	f.byHash[form.Hash] = q
	f.mu.Unlock()
	return q, nil
}
