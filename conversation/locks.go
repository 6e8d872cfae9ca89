package conversation

import (
	"sync"

	"github.com/hubkit/hubkit/crm"
)

// locks keeps the turns of one thread in order within this process. Between
// processes the thread's revision does.
type locks struct {
	mu sync.Mutex
	by map[crm.ThreadID]*threadLock
}

type threadLock struct {
	sync.Mutex
	users int
}

// lock waits for its turn and returns how to end it.
func (l *locks) lock(id crm.ThreadID) (unlock func()) {
	l.mu.Lock()
	if l.by == nil {
		l.by = map[crm.ThreadID]*threadLock{}
	}
	t := l.by[id]
	if t == nil {
		t = &threadLock{}
		l.by[id] = t
	}
	t.users++
	l.mu.Unlock()
	t.Lock()
	return func() {
		t.Unlock()
		l.mu.Lock()
		if t.users--; t.users == 0 {
			delete(l.by, id)
		}
		l.mu.Unlock()
	}
}
