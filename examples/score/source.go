package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/registration"
)

// household is one line of a table. Its strings are valid until the next one.
type household struct {
	line  int
	cells func(column string) (string, bool) // by name, as written
	err   error                              // a *cellError if it could not be read
}

// cellError says what is wrong in a table. It never holds what a cell holds.
type cellError struct {
	line   int
	column string
	say    string
}

// Error says where and what.
func (e *cellError) Error() string {
	if e.column == "" {
		return fmt.Sprintf("line %d: %s", e.line, e.say)
	}
	return fmt.Sprintf("line %d, column %s: %s", e.line, e.column, e.say)
}

// longest is the longest line of JSON that is read, in bytes.
const longest = 4 << 20

// readCSV yields the lines of a CSV table. columns are known once it begins.
func readCSV(r io.Reader) (columns []string, rows iter.Seq[household], err error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord, c.ReuseRecord = -1, true
	first, err := c.Read()
	if err != nil {
		return nil, nil, fmt.Errorf("line 1: there is no header: %w", err)
	}
	header := slices.Clone(first)
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	place := map[string]int{}
	for i, h := range header {
		h = strings.TrimSpace(h)
		if _, twice := place[h]; twice {
			return nil, nil, &cellError{1, h, "two columns have this name"}
		}
		header[i], place[h] = h, i
	}
	return header, func(yield func(household) bool) {
		var cells []string
		get := func(column string) (string, bool) {
			i, ok := place[column]
			if !ok {
				return "", false
			}
			return strings.TrimSpace(cells[i]), true
		}
		for {
			var err error
			cells, err = c.Read()
			var broken *csv.ParseError
			h := household{cells: get}
			switch {
			case errors.Is(err, io.EOF):
				return
			case errors.As(err, &broken):
				h.line, h.err = broken.StartLine, &cellError{broken.Line, "", fmt.Sprintf("%v (at character %d)", broken.Err, broken.Column)}
			case err != nil:
				h.err = err
			default:
				h.line, _ = c.FieldPos(0)
				if len(cells) != len(header) {
					h.err = &cellError{h.line, "", fmt.Sprintf("it has %d cells, and the header has %d", len(cells), len(header))}
				}
			}
			if !yield(h) || err != nil && broken == nil {
				return
			}
		}
	}, nil
}

// readJSON yields the objects of JSON lines, or of one list.
func readJSON(r io.Reader, list bool) iter.Seq[household] {
	if list {
		return readList(r)
	}
	return func(yield func(household) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(make([]byte, 64<<10), longest)
		n := 0
		for lines.Scan() {
			n++
			b := bytes.TrimSpace(lines.Bytes())
			if len(b) == 0 {
				continue
			}
			if !yield(object(b, n)) {
				return
			}
		}
		if err := lines.Err(); err != nil {
			yield(household{line: n + 1, err: fmt.Errorf("line %d: %w", n+1, err)})
		}
	}
}

// readList yields the objects of a list; their lines are counted from 1.
func readList(r io.Reader) iter.Seq[household] {
	return func(yield func(household) bool) {
		d := json.NewDecoder(r)
		if t, err := d.Token(); err != nil || t != json.Delim('[') {
			yield(household{line: 1, err: errors.New("JSON must be a list of objects: for one object a line, use -from jsonl")})
			return
		}
		for n := 1; d.More(); n++ {
			var raw json.RawMessage
			if err := d.Decode(&raw); err != nil {
				yield(household{line: n, err: fmt.Errorf("object %d: %w", n, err)})
				return
			}
			if !yield(object(raw, n)) {
				return
			}
		}
		if _, err := d.Token(); err != nil {
			yield(household{err: fmt.Errorf("the list does not end: %w", err)})
		}
	}
}

// object is a household as JSON. Members are a list of objects, whose values are
// found as members.1.age; several options are a list of words.
func object(b []byte, line int) household {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var fields map[string]any
	if err := d.Decode(&fields); err != nil || fields == nil {
		return household{line: line, err: &cellError{line, "", "it is not a JSON object"}}
	}
	if d.More() {
		return household{line: line, err: &cellError{line, "", "something follows the object"}}
	}
	flat := make(map[string]string, len(fields))
	for k, v := range fields {
		if say := flatten(flat, k, v, 0); say != "" {
			return household{line: line, err: &cellError{line, k, say}}
		}
	}
	return household{line: line, cells: func(column string) (string, bool) { s, ok := flat[column]; return s, ok }}
}

func flatten(into map[string]string, key string, v any, depth int) (say string) {
	switch v := v.(type) {
	case nil:
		into[key] = ""
	case string:
		into[key] = strings.TrimSpace(v)
	case json.Number:
		into[key] = v.String()
	case bool:
		into[key] = map[bool]string{true: "yes", false: "no"}[v]
	case map[string]any:
		if depth != 1 {
			return "an object is not an answer: members are a list of objects"
		}
		for k, x := range v {
			if say := flatten(into, key+"."+k, x, 2); say != "" {
				return say
			}
		}
	case []any:
		if len(v) == 0 {
			into[key] = "none"
			return ""
		}
		if _, members := v[0].(map[string]any); members && depth == 0 {
			for i, x := range v {
				if _, ok := x.(map[string]any); !ok {
					return "a list is either of members or of options"
				}
				into[key+"."+strconv.Itoa(i+1)] = "" // a member, even if nothing is known
				if say := flatten(into, key+"."+strconv.Itoa(i+1), x, 1); say != "" {
					return say
				}
			}
			return ""
		}
		words := make([]string, len(v))
		for i, x := range v {
			w, ok := x.(string)
			if !ok || strings.ContainsAny(w, " \t\n") {
				return "options are words without spaces"
			}
			words[i] = w
		}
		into[key] = strings.Join(words, " ")
	}
	return ""
}

// reader makes answers of a shape from households.
type reader struct {
	shape  *registration.Shape
	rename pairs
	codes  codes
	// columns of the table; nil for JSON, whose objects may lack what is missing
	columns map[string]bool
}

// column is the name that a question has in the table.
func (r *reader) column(key string) string {
	if to, ok := r.rename[key]; ok {
		return to
	}
	return key
}

// lacks lists the columns of questions that the table has not.
func (r *reader) lacks() (names []string) {
	if r.columns == nil {
		return nil
	}
	for i := range r.shape.Len() {
		sl := r.shape.At(i)
		if sl.Kind == registration.KindRows {
			for j := range sl.Rows.Len() {
				if c := sl.Key + ".1." + sl.Rows.At(j).Key; !r.columns[c] {
					names = append(names, c)
				}
			}
		} else if c := r.column(sl.Key); !r.columns[c] {
			names = append(names, c)
		}
	}
	return names
}

// answers reads a household. Its error joins a *cellError for each cell.
func (r *reader) answers(h *household) (registration.Answers, error) {
	vals := make(map[string]registration.Value, r.shape.Len())
	var errs []error
	read := func(sl *registration.Slot, column string) (registration.Value, bool) {
		cell, ok := h.cells(column)
		if !ok {
			return registration.Value{}, false
		}
		if !slices.Contains(sl.Options, cell) {
			if st, is := r.codes.state(column, cell); is {
				return registration.StateValue(st), cell != ""
			}
		}
		v, say := answer(sl, cell)
		if say != "" {
			errs = append(errs, &cellError{h.line, column, say})
		}
		return v, true
	}
	for i := range r.shape.Len() {
		sl := r.shape.At(i)
		column := r.column(sl.Key)
		if sl.Kind != registration.KindRows {
			if v, ok := read(&sl, column); ok {
				vals[sl.Key] = v
			}
			continue
		}
		if v, ok := r.members(h, &sl, column, read); ok {
			vals[sl.Key] = v
		}
	}
	return registration.Of(vals), errors.Join(errs...)
}

// members reads a roster: a member is there if one of its cells is not empty.
func (r *reader) members(h *household, sl *registration.Slot, column string, read func(*registration.Slot, string) (registration.Value, bool)) (registration.Value, bool) {
	if cell, ok := h.cells(column); ok && cell != "" {
		if st, is := r.codes.state(column, cell); is {
			return registration.StateValue(st), true
		}
		return registration.RowsValue(), cell == "none"
	}
	var all []registration.Answers
	for n := 1; n <= max(sl.MaxRows, 1); n++ {
		vals := map[string]registration.Value{}
		prefix := column + "." + strconv.Itoa(n)
		_, there := h.cells(prefix)
		known := there
		for j := range sl.Rows.Len() {
			in := sl.Rows.At(j)
			_, exists := h.cells(prefix + "." + in.Key)
			known = known || exists
			if v, ok := read(&in, prefix+"."+in.Key); ok {
				vals[in.Key], there = v, true
			}
		}
		if !known {
			break // there are no more columns
		}
		if there {
			all = append(all, registration.Of(vals))
		}
	}
	return registration.RowsValue(all...), len(all) > 0
}
