package crm

import "time"

// Cursor is a place in a list, for reading on from there: the time and id of
// the last registration or ticket that was read. The zero Cursor is the
// beginning. A list read page by page with it misses nothing and repeats
// nothing but what changed meanwhile, and the thousandth page costs what the
// first does.
type Cursor struct {
	At time.Time // Registration.At, or Ticket.Opened
	ID string
}

// after narrows q to what follows the cursor by the column of q's order, and
// returns what says of a row of the same time that it was read already.
func (c Cursor) after(q *Select, programme string) (read func(Row, int64) bool) {
	if c == (Cursor{}) {
		return func(Row, int64) bool { return false }
	}
	at, key := millis(c.At), idKey(programme, c.ID)
	if q.Desc {
		q.Where = append(q.Where, Where{Column: q.By, Op: Below, Value: at + 1})
		return func(r Row, t int64) bool { return t == at && r.Key >= key }
	}
	q.Where = append(q.Where, Where{Column: q.By, Op: AtLeast, Value: at})
	return func(r Row, t int64) bool { return t == at && r.Key <= key }
}
