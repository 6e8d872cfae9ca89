package crm

// Table names one of the store's tables.
type Table string

// Tables. What each keeps in clear is in its Layout; everything else of a row
// is in Row.Sealed.
const (
	Threads       Table = "threads"
	Interactions  Table = "interactions"
	Inbox         Table = "inbox"
	Outbox        Table = "outbox"
	Registrations Table = "registrations"
	Persons       Table = "persons"
	Lookups       Table = "lookups" // blind indexes of persons
	Records       Table = "records" // notes, consents, media references
	Timers        Table = "timers"
	Tickets       Table = "tickets"
	Facts         Table = "facts"
	Keys          Table = "keys" // wrapped data keys, by subject
	Audit         Table = "audit"
	// Heads has one row, which the backend writes: Seq is the last number taken,
	// Sealed the end of the audit chain (empty before the first link).
	Heads Table = "heads"
)

// ColumnKind is what a clear column holds: an int64, a string, or bytes; any
// may be nil.
type ColumnKind uint8

// Kinds of columns.
const (
	Int ColumnKind = iota
	String
	Bytes
)

// Column is one value of a row that is kept in clear and can be queried. None
// is ever personal: times are Unix milliseconds, addresses are blind indexes.
type Column struct {
	Name string
	Kind ColumnKind
}

// Layout is what a Backend must know of a table.
type Layout struct {
	Table   Table
	Columns []Column // Row.Clear is in this order
	// Append: rows have a number of their own (Row.Seq) instead of a key and a
	// revision, and are never changed.
	Append bool
	// Queue: the table is claimed from, and begins with the columns thread, lane,
	// class, due, until, open, part and lease.
	Queue bool
}

func ints(names ...string) []Column { return columns(Int, names) }
func strs(names ...string) []Column { return columns(String, names) }

func columns(k ColumnKind, names []string) []Column {
	cs := make([]Column, len(names))
	for i, n := range names {
		cs[i] = Column{Name: n, Kind: k}
	}
	return cs
}

func join(css ...[]Column) []Column {
	var all []Column
	for _, cs := range css {
		all = append(all, cs...)
	}
	return all
}

// Values of the column "open" of a queue; nil when nothing more is to be done.
const (
	// OpenDue rows may be claimed when they are due and not leased. They hold
	// back later rows of their thread in an ordered claim.
	OpenDue = 1
	// OpenBusy rows are being worked on under a lease, and hold back later ones.
	// A claim after the lease makes them OpenDoubt.
	OpenBusy = 2
	// OpenDoubt rows are looked at when due, and hold nothing back.
	OpenDoubt = 3
)

// Classes is how many classes a queue has: 0 goes before 1, and 1 before 2.
const Classes = 3

// Layouts returns every table. A Backend makes itself from it, or is checked
// against it.
func Layouts() []Layout {
	queue := join(strs("thread", "lane"), ints("class", "due", "until", "open", "part", "lease"))
	return []Layout{
		{Table: Threads, Columns: join(strs("programme", "owner"), ints("expires", "at"))},
		{Table: Interactions, Append: true, Columns: join(strs("thread"), ints("at", "out"))},
		{Table: Inbox, Columns: join(strs("thread"), ints("at", "n"))},
		{Table: Outbox, Queue: true, Columns: join(queue, strs("ref", "provider", "code"), ints("state", "intent", "tries", "cause", "at"))},
		{Table: Registrations, Columns: join(strs("programme", "thread", "person", "form", "status", "band"), ints("opened", "at"))},
		{Table: Persons, Columns: join(strs("programme"), ints("at"))},
		{Table: Lookups, Columns: strs("value", "person")},
		{Table: Records, Append: true, Columns: join(strs("thread", "about", "kind"), ints("at"))},
		{Table: Timers, Queue: true, Columns: queue},
		{Table: Tickets, Columns: join(strs("programme", "queue", "topic", "thread", "owner"), ints("opened", "closed"))},
		{Table: Facts},
		{Table: Keys},
		{Table: Heads},
		{Table: Audit, Append: true, Columns: join(strs("programme", "actor", "action", "object"), ints("at"), columns(Bytes, []string{"link"}))},
	}
}

// Layout returns t's layout; ok is false for a table that does not exist.
func (t Table) Layout() (l Layout, ok bool) {
	for _, l := range Layouts() {
		if l.Table == t {
			return l, true
		}
	}
	return Layout{}, false
}
