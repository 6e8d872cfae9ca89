package crm

import (
	"context"
	"errors"

	"github.com/hubkit/hubkit/channels"
)

// Table returns a small table of facts that outlive a restart: content ids of
// a channel, questionnaires by hash. Tables of different names do not see each
// other; none belongs to a programme. Keys are kept as blind indexes and values
// sealed, so that even a careless fact gives nothing away. Get returns "" for
// what was never put.
func (s *Store) Table(name string) channels.Table { return &facts{s: s, name: name} }

type facts struct {
	s    *Store
	name string
}

func (f *facts) place(ctx context.Context, key string) (subject, row string, err error) {
	x, err := f.s.sealer.Index(ctx, house, "facts/"+f.name, key)
	subject = house + "/facts"
	return subject, house + "/" + f.name + "/" + key16(x), err
}

// Get implements channels.Table.
func (f *facts) Get(ctx context.Context, key string) (string, error) {
	subject, at, err := f.place(ctx, key)
	if err != nil {
		return "", err
	}
	row, ok, err := f.s.row(ctx, Facts, at)
	if err != nil || !ok {
		return "", err
	}
	plain, err := f.s.open(ctx, subject, Facts, at, row.Sealed)
	return string(plain), err
}

// Put implements channels.Table; "" forgets the key.
func (f *facts) Put(ctx context.Context, key, value string) error {
	subject, at, err := f.place(ctx, key)
	if err != nil {
		return err
	}
	for range 3 {
		w := &sealing{s: f.s}
		k, err := w.keyFor(ctx, subject)
		if err != nil {
			return err
		}
		fact := Row{Table: Facts, Key: at, Gone: true}
		if value != "" {
			fact = Row{Table: Facts, Key: at, Rev: 1, Sealed: w.seal(k, Facts, at, []byte(value))}
		}
		w.batch.Writes = append(w.batch.Writes, fact)
		var g *GuardError
		if _, err = f.s.write(ctx, w); !errors.As(err, &g) {
			return err
		}
		f.s.keys.drop(subject) // another process made the key first
	}
	return &StaleError{Table: Keys}
}
