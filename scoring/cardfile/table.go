package cardfile

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Table reads criteria from a decision table, as committees write them: one line
// each, with a column for each question. The first row is the header:
//
//	id, points, group, size, housing, members.any.age, because.en, because.uk
//	large, 2, , >= 6, , , a large household, велика родина
//	shelter, 4, , , rent camp, , …
//	older, 3, , , , 60-120, …
//
// A line holds if all of its cells hold; an empty cell or - asks for nothing. A
// cell is yes, no, a number, >= 6 (also > <= < == != ≥ ≤ ≠), a range of numbers such as
// 60-120 with both ends in it, or options with spaces between, of which one must
// hold. A column members.any.age is about a member; all cells of a line that begin
// with members.any. are about the same one.
//
// Other columns: id, points and, if wanted, group, per (a question that is counted,
// or members for each member that the members.any cells hold for), most, least,
// missing, source and because.LANGUAGE. The error is a Mistakes with lines
// (the header is line 1) and columns.
func Table(rows [][]string) ([]scoring.Criterion, error) {
	t := &table{}
	return t.criteria(rows, func(i int) int { return i + 1 })
}

// LoadCSV reads the criteria of a card from CSV, the rest of which is spec, and
// proves it: CSV and scoring.New. Its error is a Mistakes: what is wrong with a
// criterion has the line that it is on.
func LoadCSV(r io.Reader, spec scoring.CardSpec, shape *registration.Shape, evs ...registration.Evaluator) (*scoring.Card, error) {
	t := &table{}
	cs, err := t.csv(r)
	if err != nil {
		return nil, err
	}
	return t.card(cs, spec, shape, evs)
}

// LoadXLSX is LoadCSV for a sheet of a workbook; "" is the first sheet.
func LoadXLSX(r io.Reader, sheet string, spec scoring.CardSpec, shape *registration.Shape, evs ...registration.Evaluator) (*scoring.Card, error) {
	t := &table{}
	cs, err := t.xlsx(r, sheet)
	if err != nil {
		return nil, err
	}
	return t.card(cs, spec, shape, evs)
}

func (t *table) card(cs []scoring.Criterion, spec scoring.CardSpec, shape *registration.Shape, evs []registration.Evaluator) (*scoring.Card, error) {
	spec.Criteria = cs
	c, err := scoring.New(spec, shape, evs...)
	if ms := placed(err, t.lines); len(ms) > 0 {
		return nil, ms.sorted()
	}
	return c, err
}

// criteria reads a table of which line says on what line of its file a row begins.
func (t *table) criteria(rows [][]string, line func(row int) int) ([]scoring.Criterion, error) {
	t.lines = map[string]int{}
	if len(rows) > longest+1 {
		return nil, tooLong(line(longest + 1))
	}
	if len(rows) == 0 {
		return nil, Mistakes{{Say: "the table is empty: its first row names the columns"}}
	}
	t.line = line(0)
	t.header(rows[0])
	var cs []scoring.Criterion
	if len(t.mistakes) == 0 {
		for i, cells := range rows[1:] {
			if t.line = line(i + 1); !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
				continue
			}
			c := t.criterion(cells)
			if at := "criterion " + c.ID; t.lines[at] == 0 {
				t.lines[at] = t.line
			}
			cs = append(cs, c)
		}
	}
	if len(t.mistakes) > 0 {
		return nil, t.mistakes
	}
	return cs, nil
}

// CSV reads a decision table from CSV: see Table.
func CSV(r io.Reader) ([]scoring.Criterion, error) {
	t := &table{}
	return t.csv(r)
}

func (t *table) csv(r io.Reader) ([]scoring.Criterion, error) {
	b := bufio.NewReader(r)
	if mark, _ := b.Peek(3); string(mark) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	c := csv.NewReader(b)
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = true
	var rows [][]string
	var lines []int // a cell may go over several, and empty ones are no rows
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			return nil, Mistakes{{Line: broken.Line, Say: "this is not CSV: " + broken.Err.Error()}}
		case err != nil:
			return nil, fmt.Errorf("cardfile: %w", err)
		}
		line, _ := c.FieldPos(0)
		rows, lines = append(rows, cells), append(lines, line)
		if len(rows) > longest+1 {
			return nil, tooLong(line)
		}
	}
	return t.criteria(rows, func(i int) int { return lines[i] })
}

// longest is how many lines a table or a list may have: as many as a card has
// criteria at most.
const longest = 10_000

// tooLong says on which line a table is too long.
func tooLong(line int) error {
	return Mistakes{{Line: line, Say: fmt.Sprintf("a card has at most %d lines, and here is one more: a table of this size belongs into a program", longest)}}
}

// fields are the columns that are not questions.
var fields = []string{"id", "points", "group", "per", "most", "least", "missing", "source"}

type table struct {
	columns  []string
	line     int
	lines    map[string]int // of what scoring.Mistake calls "criterion x"
	mistakes Mistakes
}

func (t *table) fail(column, format string, a ...any) {
	t.mistakes = append(t.mistakes, &Mistake{Line: t.line, Column: column, Say: fmt.Sprintf(format, a...)})
}

func (t *table) header(cells []string) {
	for _, c := range cells {
		c = strings.TrimSpace(c)
		if c == "" {
			t.fail("", "a column has no name: name it, or take it out")
		} else if slices.Contains(t.columns, c) {
			t.fail(c, "two columns have this name: rename one")
		}
		t.columns = append(t.columns, c)
	}
	for _, need := range []string{"id", "points"} {
		if !slices.Contains(t.columns, need) {
			t.fail("", "there is no column %q", need)
		}
	}
}

func (t *table) criterion(cells []string) (c scoring.Criterion) {
	if len(cells) > len(t.columns) {
		t.fail("", "the line has %d cells, and there are %d columns", len(cells), len(t.columns))
		return c
	}
	m := map[string]any{}
	because := map[string]string{}
	var conditions []any
	members := map[string][]any{} // by roster
	var rosters []string
	per := ""
	for i, cell := range cells {
		col := t.columns[i]
		if cell = strings.TrimSpace(cell); cell == "" || cell == "-" {
			continue
		}
		lang, said := strings.CutPrefix(col, "because.")
		parts := strings.Split(col, ".")
		switch {
		case said:
			because[lang] = cell
		case col == "per":
			per = cell
		case slices.Contains([]string{"points", "most", "least"}, col):
			x, ok := finite(cell)
			if !ok {
				t.fail(col, "%q is no number: write digits and a decimal point", cell)
			}
			m[col] = x
		case col == "missing" && cell == "default":
			t.fail(col, "a default needs its points and a reason, for which a table has no room: write the card as YAML")
		case col == "missing":
			m[col] = map[string]any{"do": cell}
		case slices.Contains(fields, col):
			m[col] = cell
		case len(parts) == 3 && parts[1] == "any":
			if !slices.Contains(rosters, parts[0]) {
				rosters = append(rosters, parts[0])
			}
			members[parts[0]] = append(members[parts[0]], t.cell(col, parts[2], cell))
		case len(parts) == 1:
			conditions = append(conditions, t.cell(col, col, cell))
		default:
			t.fail(col, "there is no such column: use a question, members.any.QUESTION, because.LANGUAGE, or one of %s", strings.Join(fields, ", "))
		}
	}
	for _, roster := range rosters {
		each := all(members[roster])
		if per == roster {
			m["per"] = op{"op": "count", "key": roster, "args": []any{each}}
			continue
		}
		conditions = append(conditions, op{"op": "any_member", "key": roster, "args": []any{each}})
	}
	if per != "" && m["per"] == nil {
		m["per"] = value(per)
	}
	if len(conditions) > 0 {
		m["if"] = all(conditions)
	}
	if len(because) > 0 {
		m["because"] = because
	}
	return t.build(m)
}

func (t *table) build(m map[string]any) (c scoring.Criterion) {
	b, err := json.Marshal(m)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		t.fail("", "%v", err)
	}
	return c
}

// cell reads one condition.
func (t *table) cell(col, key, cell string) any {
	number := func(s string) any {
		x, ok := finite(strings.TrimSpace(s))
		if !ok {
			t.fail(col, "%q is no number: write digits and a decimal point", strings.TrimSpace(s))
		}
		return op{"op": "number", "n": x}
	}
	compare := func(sign, s string) any { return op{"op": sign, "args": []any{value(key), number(s)}} }
	switch strings.ToLower(cell) {
	case "yes", "true":
		return op{"op": "yes", "key": key}
	case "no", "false":
		return compare("==", "0")
	}
	for _, sign := range signs {
		if x, ok := strings.CutPrefix(typeset.Replace(cell), sign); ok {
			return compare(sign, x)
		}
	}
	if _, ok := finite(cell); ok {
		return compare("==", cell)
	}
	if lo, hi, ok := strings.Cut(strings.ReplaceAll(cell, "–", "-"), "-"); ok {
		a, from := finite(strings.TrimSpace(lo))
		b, to := finite(strings.TrimSpace(hi))
		switch {
		case from && strings.TrimSpace(hi) == "":
			t.fail(col, "the range %q has no upper end: write >= %s", cell, strings.TrimSpace(lo))
			return nil
		case from && to && b < a:
			t.fail(col, "the range %q goes down: write the lower end first", cell)
			return nil
		case from && to:
			return op{"op": "all", "args": []any{compare(">=", lo), compare("<=", hi)}}
		}
	}
	var options []any
	for _, o := range strings.FieldsFunc(cell, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '|' }) {
		if !option.MatchString(o) {
			t.fail(col, "%q is no condition: write yes, no, a number, >= 6, a range such as 60-120, or options of the question", cell)
			return nil
		}
		options = append(options, op{"op": "is", "key": key, "text": o})
	}
	if len(options) == 1 {
		return options[0]
	}
	return op{"op": "any", "args": options}
}

var (
	// typeset are the signs as word processors write them.
	typeset = strings.NewReplacer("≥", ">=", "≤", "<=", "≠", "!=")
	// option is the form of an option's key.
	option = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}$`)
)
