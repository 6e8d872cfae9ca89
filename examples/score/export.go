package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// outcomes are what is known of households from elsewhere, by their ids.
type outcomes struct {
	columns []string
	place   map[string]int
	rows    map[string][]string
	used    int
}

// readOutcomes reads the whole table.
func readOutcomes(path, id string) (*outcomes, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	columns, rows, err := readCSV(bufio.NewReader(f))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !slices.Contains(columns, id) {
		return nil, fmt.Errorf("%s: there is no column %s", path, id)
	}
	o := &outcomes{place: map[string]int{}, rows: map[string][]string{}}
	for _, c := range columns {
		if c != id {
			o.place[c] = len(o.columns)
			o.columns = append(o.columns, c)
		}
	}
	for h := range rows {
		if h.err != nil {
			return nil, fmt.Errorf("%s: %w", path, h.err)
		}
		key, _ := h.cells(id)
		if _, twice := o.rows[key]; twice || key == "" {
			return nil, fmt.Errorf("%s: %w", path, &cellError{h.line, id, "it is empty, or the household is there before"})
		}
		row := make([]string, len(o.columns))
		for i, c := range o.columns {
			cell, _ := h.cells(c)
			row[i] = strings.Clone(cell)
		}
		o.rows[strings.Clone(key)] = row
	}
	return o, nil
}

// readKey reads the key of pseudonyms, or makes one. Nobody else may read it:
// whoever has it can find people again.
func readKey(path string) ([]byte, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		key := make([]byte, 32)
		_, _ = rand.Read(key) // never fails
		f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err != nil {
			return nil, err
		}
		_, err = fmt.Fprintln(f, hex.EncodeToString(key))
		return key, errors.Join(err, f.Close())
	}
	if err != nil {
		return nil, err
	}
	if st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read the key (mode %04o): run chmod 600 on it, or make a new one if they may have", path, st.Mode().Perm())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(b)))
	if err != nil || len(key) < 32 {
		return nil, fmt.Errorf("%s: this is no key of at least 32 bytes in hexadecimal", path)
	}
	return key, nil
}

// pseudonym is the same for one id and key, and tells nothing of the id without
// the key.
func pseudonym(key []byte, id string) string {
	h := hmac.New(sha256.New, key)
	_, _ = io.WriteString(h, id)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// export writes pseudonyms, scores and outcomes, and counts cells.
type export struct {
	*csv.Writer
	file  *os.File
	key   []byte
	from  *outcomes
	bands map[string]int
	// cells counts households by column, and within it by value and band.
	cells []map[[2]string]int
	many  []bool // the column has too many values to count
}

// mostValues is how many values a column may have that groups households.
const mostValues = 50

func newExport(path string, key []byte, from *outcomes) (*export, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, err
	}
	e := &export{Writer: csv.NewWriter(f), file: f, key: key, from: from, bands: map[string]int{}}
	for range from.columns {
		e.cells = append(e.cells, map[[2]string]int{})
	}
	e.many = make([]bool, len(from.columns))
	return e, e.Write(append([]string{"pseudonym", "card", "points", "lo", "hi", "band", "eligible"}, from.columns...))
}

func (e *export) add(card string, r *result, row []string) error {
	e.bands[r.score.Band]++
	for i, cell := range row {
		if e.many[i] {
			continue
		}
		e.cells[i][[2]string{cell, r.score.Band}]++
		if len(e.cells[i]) > mostValues*max(1, len(e.bands)) {
			e.many[i], e.cells[i] = true, nil
		}
	}
	x := r.score
	return e.Write(append([]string{pseudonym(e.key, r.id), card, number(x.Points), number(x.Lo), number(x.Hi), x.Band, x.Eligible.String()}, row...))
}

// warn says by what somebody may be found again. It names columns and counts,
// never what is in them.
func (e *export) warn(say io.Writer, least int) {
	few := func(n int) bool { return n < least }
	small := 0
	for _, n := range e.bands {
		if few(n) {
			small++
		}
	}
	if small > 0 {
		fmt.Fprintf(say, "warning: %d bands have fewer than %d households\n", small, least)
	}
	for i, column := range e.from.columns {
		if e.many[i] {
			fmt.Fprintf(say, "warning: column %s has more than %d values: somebody may be found again by it; round it, group it or leave it out\n", column, mostValues)
			continue
		}
		small := 0
		for _, n := range e.cells[i] {
			if few(n) {
				small++
			}
		}
		if small > 0 {
			fmt.Fprintf(say, "warning: column %s with the band makes %d cells of fewer than %d households: group its values or leave it out\n", column, small, least)
		}
	}
}

func (e *export) close() error {
	e.Flush()
	return errors.Join(e.Error(), e.file.Close())
}
