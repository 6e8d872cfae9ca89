package conversation

import (
	"sync"

	"github.com/hubkit/hubkit/crm"
)

// mostRecent is how many threads are kept in memory, about 2 KB each.
const mostRecent = 4096

// recent keeps the threads of the last turns, so that the next one need not
// read. It may be behind what another process or an agent wrote: the store
// then refuses the change as stale, and the thread is read.
type recent struct {
	mu sync.Mutex
	by map[crm.ThreadID]crm.Thread
}

func (r *recent) find(id crm.ThreadID) (crm.Thread, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	t, ok := r.by[id]
	return t, ok
}

func (r *recent) keep(t crm.Thread) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.by == nil {
		r.by = make(map[crm.ThreadID]crm.Thread)
	}
	if _, known := r.by[t.ID]; !known && len(r.by) >= mostRecent {
		for id := range r.by { // any one: the order of a map is as good as chance
			delete(r.by, id)
			break
		}
	}
	r.by[t.ID] = t
}

func (r *recent) drop(id crm.ThreadID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.by, id)
}
