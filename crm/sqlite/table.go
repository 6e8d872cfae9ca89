package sqlite

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/crm"
)

// table is the SQL of one crm.Layout.
type table struct {
	crm.Layout
	name    string
	columns []string // all, in the order of writing
	kinds   map[string]crm.ColumnKind
	rowSQL  string // "(?,?,…)"
	tail    string // what follows the values of an insert
}

func newTable(l crm.Layout) *table {
	t := &table{Layout: l, name: "crm_" + string(l.Table), kinds: map[string]crm.ColumnKind{"seq": crm.Int}}
	if l.Append {
		t.columns = []string{"seq"}
	} else {
		t.columns = []string{"key", "rev", "seq"}
		t.kinds["key"], t.kinds["rev"] = crm.String, crm.Int
	}
	for _, c := range l.Columns {
		t.columns = append(t.columns, c.Name)
		t.kinds[c.Name] = c.Kind
	}
	t.columns = append(t.columns, "sealed")
	t.rowSQL = "(" + strings.TrimSuffix(strings.Repeat("?,", len(t.columns)), ",") + ")"
	if !l.Append {
		sets := make([]string, 0, len(t.columns)-1)
		for _, c := range t.columns[1:] {
			if c == "seq" {
				continue // of the commit that made the row
			}
			sets = append(sets, c+"=excluded."+c)
		}
		t.tail = " ON CONFLICT (key) DO UPDATE SET " + strings.Join(sets, ",")
	}
	return t
}

// insert is the statement that writes n rows.
func (t *table) insert(n int) string {
	// OR ROLLBACK: a row that does not fit fails the whole transaction anyway, and
	// SQLite need not be able to undo the statement alone.
	return "INSERT OR ROLLBACK INTO " + t.name + " (" + strings.Join(t.columns, ",") + ") VALUES " +
		strings.TrimSuffix(strings.Repeat(t.rowSQL+",", n), ",") + t.tail
}

// values appends a row's values in the order of columns.
func (t *table) values(args []any, r *crm.Row) []any {
	if !t.Append {
		args = append(args, r.Key, r.Rev)
	}
	args = append(args, r.Seq)
	args = append(args, r.Clear...)
	if r.Sealed == nil {
		return append(args, nil)
	}
	return append(args, r.Sealed)
}

var ops = [...]string{crm.Is: "=", crm.Below: "<", crm.AtLeast: ">=", crm.Above: ">", crm.Not: "<>"}

// where is the SQL of conditions, and their values.
func (t *table) where(ws []crm.Where) (string, []any, error) {
	var (
		sql  []string
		args []any
	)
	for _, w := range ws {
		if _, ok := t.kinds[w.Column]; !ok {
			return "", nil, fmt.Errorf("%w: %s.%s", crm.ErrTable, t.Table, w.Column)
		}
		if w.Value == nil {
			if w.Op != crm.Is {
				return "", nil, fmt.Errorf("%w: %s.%s: only Is compares with nil", crm.ErrTable, t.Table, w.Column)
			}
			sql = append(sql, w.Column+" IS NULL")
			continue
		}
		sql = append(sql, w.Column+ops[w.Op]+"?")
		args = append(args, w.Value)
	}
	if len(sql) == 0 {
		return "", nil, nil
	}
	return " WHERE " + strings.Join(sql, " AND "), args, nil
}

// sortClaimed puts claimed rows of one class into the order of the claim, which
// RETURNING does not keep.
func (t *table) sortClaimed(rows []crm.Row) {
	slices.SortFunc(rows, func(x, y crm.Row) int {
		return cmp.Or(
			cmp.Compare(t.value(&x, "due").(int64), t.value(&y, "due").(int64)),
			cmp.Compare(x.Seq, y.Seq),
			cmp.Compare(t.value(&x, "part").(int64), t.value(&y, "part").(int64)),
			cmp.Compare(x.Key, y.Key),
		)
	})
}
