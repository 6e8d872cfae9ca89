package scoringtest

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Golden fails the test for every line of a table whose score is not the one
// that the line expects. The columns are named after questions:
//
//	case,size,members.1.age,members.2.age,=points,=band
//	two old people,2,70,65,3,low
//
// An empty cell is a missing answer; dont_know, refused and not_asked are what
// they say. Yes and no are yes and no, dates 2022-02-24, several options stand
// with spaces between. A member is there if one of its cells is not empty; the
// words "none" in a column members make a roster of nobody.
//
// What is expected: =points, =lo and =hi within 1e-9, =band, =eligible (yes, no or
// unknown), and =error, whose words the error must contain. Empty cells expect
// nothing. case is a name for the line. Any other column that the scorer has no
// question for is a mistake.
func Golden(t testing.TB, s scoring.Scorer, path string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatalf("scoringtest: %v", err)
		return
	}
	defer func() { _ = f.Close() }()
	n := 0
	for row, err := range ReadTable(f, shapeOf(s)) {
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		n++
		if err := row.check(s); err != nil {
			t.Errorf("%s, line %d%s: %v", path, row.Line, row.name(), err)
		}
	}
	if n == 0 {
		t.Errorf("%s: there is no household in the table", path)
	}
}

// Row is one line of a table.
type Row struct {
	Line    int // of the file, from 1
	Case    string
	Answers registration.Answers
	Want    map[string]string // by column, without the =
}

func (r *Row) name() string {
	if r.Case == "" {
		return ""
	}
	return " (" + r.Case + ")"
}

// check compares the score with what is expected.
func (r *Row) check(s scoring.Scorer) error {
	got, err := s.Score(r.Answers)
	var errs []error
	if want := r.Want["error"]; want != "" {
		if err == nil || !strings.Contains(err.Error(), want) {
			errs = append(errs, fmt.Errorf("an error with the words %q is expected, and there is: %w", want, err))
		}
	} else if err != nil {
		return err
	}
	number := func(name string, got float64) {
		if want := r.Want[name]; want != "" {
			if x, err := strconv.ParseFloat(want, 64); err != nil || math.Abs(x-got) > 1e-9 {
				errs = append(errs, fmt.Errorf("%s: %v, expected %s", name, got, want))
			}
		}
	}
	word := func(name, got string) {
		if want := r.Want[name]; want != "" && want != got {
			errs = append(errs, fmt.Errorf("%s: %q, expected %q", name, got, want))
		}
	}
	number("points", got.Points)
	number("lo", got.Lo)
	number("hi", got.Hi)
	word("band", got.Band)
	word("eligible", got.Eligible.String())
	return errors.Join(errs...)
}

// TableError says what is wrong with a table of households.
type TableError struct {
	Line   int    // of the file, from 1
	Column string // its name; "" when it concerns the whole line
	Say    string // what is wrong
}

// Error says where and what.
func (e *TableError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Say)
	}
	return fmt.Sprintf("line %d, column %q: %s", e.Line, e.Column, e.Say)
}

var expectations = []string{"points", "lo", "hi", "band", "eligible", "error"}

// ReadTable reads households from CSV, one line each, as Golden describes. shape
// says what the cells mean; without one (nil) they are taken as they look. An
// error is a *TableError, and ends the table if it concerns the header.
func ReadTable(r io.Reader, shape *registration.Shape) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		c := csv.NewReader(r)
		c.FieldsPerRecord = -1
		header, err := c.Read()
		if err != nil {
			yield(Row{}, &TableError{Line: 1, Say: fmt.Sprintf("there is no header: %v", err)})
			return
		}
		header[0] = strings.TrimPrefix(header[0], "\ufeff")
		if errs := checkHeader(header, shape); len(errs) > 0 {
			for _, e := range errs {
				if !yield(Row{}, e) {
					return
				}
			}
			return
		}
		for {
			cells, err := c.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			line := 0
			var broken *csv.ParseError
			if errors.As(err, &broken) {
				line, err = broken.Line, broken.Err
			} else if len(cells) > 0 {
				line, _ = c.FieldPos(0)
			}
			row := Row{Line: line, Want: map[string]string{}}
			switch {
			case err != nil:
				yield(row, &TableError{Line: line, Say: err.Error()})
				return
			case len(cells) != len(header):
				err = &TableError{Line: line, Say: fmt.Sprintf("it has %d cells, and the header has %d", len(cells), len(header))}
			default:
				err = row.read(header, cells, shape)
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

func checkHeader(header []string, shape *registration.Shape) []error {
	var errs []error
	for i, h := range header {
		say := ""
		roster, key, member := member(h)
		switch want, expects := strings.CutPrefix(h, "="); {
		case h == "":
			say = "a column has no name"
		case slices.Contains(header[:i], h):
			say = "two columns have this name"
		case expects && !slices.Contains(expectations, want):
			say = "nothing of this name can be expected: use =" + strings.Join(expectations, ", =")
		case expects, h == "case", shape == nil:
		case member && !knowsMember(shape, roster, key), !member && !knows(shape, h):
			say = "no question has this key"
		}
		if say != "" {
			errs = append(errs, &TableError{Line: 1, Column: h, Say: say})
		}
	}
	return errs
}

// member splits members.2.age.
func member(column string) (roster, key string, ok bool) {
	parts := strings.SplitN(column, ".", 3)
	if len(parts) != 3 {
		return "", "", false
	}
	if n, err := strconv.Atoi(parts[1]); err != nil || n < 1 || n > 1000 {
		return "", "", false
	}
	return parts[0], parts[2], true
}

func (r *Row) read(header, cells []string, shape *registration.Shape) error {
	d := draft{vals: map[string]registration.Value{}, rosters: map[string][]map[string]registration.Value{}}
	var errs []error
	for i, h := range header {
		cell := strings.TrimSpace(cells[i])
		if want, ok := strings.CutPrefix(h, "="); ok {
			r.Want[want] = cell
			continue
		}
		if h == "case" {
			r.Case = cell
			continue
		}
		if cell == "" {
			continue
		}
		roster, key, of := member(h)
		sl, _ := slotOf(shape, h)
		if of {
			in, _ := slotOf(shape, roster)
			sl, _ = slotOf(in.Rows, key)
		}
		if sl.Kind == registration.KindRows && cell == "none" {
			d.rosters[h] = []map[string]registration.Value{}
			continue
		}
		v, say := cellValue(sl, cell)
		switch {
		case say != "":
			errs = append(errs, &TableError{Line: r.Line, Column: h, Say: say})
		case of:
			n, _ := strconv.Atoi(strings.Split(h, ".")[1])
			for len(d.rosters[roster]) < n {
				d.rosters[roster] = append(d.rosters[roster], map[string]registration.Value{})
			}
			d.rosters[roster][n-1][key] = v
		default:
			d.vals[h] = v
		}
	}
	r.Answers = d.answers()
	return errors.Join(errs...)
}

var states = map[string]registration.State{
	"dont_know": registration.DontKnow, "refused": registration.Refused, "not_asked": registration.NotAsked, "missing": registration.Missing,
}

// cellValue reads one cell; it returns what is wrong with it.
func cellValue(sl registration.Slot, cell string) (registration.Value, string) {
	if st, ok := states[cell]; ok && !slices.Contains(sl.Options, cell) {
		return registration.StateValue(st), ""
	}
	kind := sl.Kind
	if kind == registration.KindNone {
		kind = looks(cell)
	}
	switch kind {
	case registration.KindBool, registration.KindConsent:
		switch strings.ToLower(cell) {
		case "yes", "true", "1":
			return registration.BoolValue(true), ""
		case "no", "false", "0":
			return registration.BoolValue(false), ""
		}
		return registration.Value{}, "it must be yes or no"
	case registration.KindInteger:
		n, err := strconv.ParseInt(cell, 10, 64)
		if err != nil {
			return registration.Value{}, "it must be a whole number"
		}
		return registration.IntValue(n), ""
	case registration.KindDecimal:
		f, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return registration.Value{}, "it must be a number, with a point before the decimals"
		}
		return registration.DecimalValue(f), ""
	case registration.KindDate:
		t, err := time.Parse(time.DateOnly, cell)
		if err != nil {
			return registration.Value{}, "it must be a day such as 2022-02-24"
		}
		return registration.DateValue(t.Year(), t.Month(), t.Day()), ""
	case registration.KindOne:
		if len(sl.Options) > 0 && !slices.Contains(sl.Options, cell) {
			return registration.Value{}, "it must be one of " + strings.Join(sl.Options, ", ")
		}
		return registration.OptionValue(cell), ""
	case registration.KindMany:
		if cell == "none" && !slices.Contains(sl.Options, cell) {
			return registration.OptionsValue(), ""
		}
		return registration.OptionsValue(strings.Fields(cell)...), ""
	case registration.KindWords:
		return registration.WordsValue(cell), ""
	}
	return registration.Value{}, "answers of this kind have no form in a table: " + kind.String()
}

// looks is the kind that a cell seems to have.
func looks(cell string) registration.Kind {
	switch strings.ToLower(cell) {
	case "yes", "no", "true", "false":
		return registration.KindBool
	}
	if _, err := strconv.ParseInt(cell, 10, 64); err == nil {
		return registration.KindInteger
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return registration.KindDecimal
	}
	if _, err := time.Parse(time.DateOnly, cell); err == nil {
		return registration.KindDate
	}
	return registration.KindOne
}
