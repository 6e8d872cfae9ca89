package crm

import "context"

// Record writes lines into the audit for what changes no row: that somebody
// read a registration, searched, or was refused. The ids are those of
// registrations, persons or tickets of the programme, one line each; without
// any, the line is about the programme as a whole. An empty programme means
// the hub itself, such as its sign-in. It returns after the lines are durable,
// so that who asks first and shows afterwards shows nothing unrecorded.
//
// Action is a word such as "read" or "signin.refused" and, like the ids, never
// holds a value of anybody's.
func (s *Store) Record(ctx context.Context, programme string, by Actor, action string, ids ...string) error {
	if !by.Kind.known() || action == "" {
		return ErrChange
	}
	if programme == "" {
		programme = house
	}
	at := s.now().UnixMilli()
	sum := digest(nil)
	w := &sealing{s: s}
	if len(ids) == 0 {
		w.batch.Audit = append(w.batch.Audit, auditRow(programme, by, action, programme, at, sum))
	}
	for _, id := range ids {
		w.batch.Audit = append(w.batch.Audit, auditRow(programme, by, action, idKey(programme, id), at, sum))
	}
	_, err := s.write(ctx, w)
	return err
}
