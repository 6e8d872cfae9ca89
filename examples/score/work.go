package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/scoring"
)

// work scores the table. wrong is how many lines could not be read.
func (o *options) work(ctx context.Context, in io.Reader, out, say io.Writer) (wrong int, err error) {
	card, err := o.load()
	if err != nil {
		return 0, err
	}
	if o.citing {
		return 0, o.cite(out, card)
	}
	table, size, err := o.open(in)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	p := newProgress(say, table, size, o.quiet)
	rows, r, err := o.begin(p, card)
	if err != nil {
		return 0, err
	}
	extras, err := o.extras(card, r.columns)
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil {
			extras.abandon()
		}
	}()
	to, done, err := o.create(out)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, done()) }()
	s := o.sink(to, card)
	run := &scoringRun{options: o, card: card, reader: r, sink: s, extras: extras, say: say, progress: p}
	for h := range rows {
		if ctx.Err() != nil {
			return run.wrong, errors.New("interrupted: what was scored is written")
		}
		if err := run.one(&h); err != nil {
			return run.wrong, errors.Join(err, s.flush())
		}
	}
	if err := s.flush(); err != nil {
		return run.wrong, err
	}
	p.end()
	if !o.quiet {
		fmt.Fprintf(say, "%d households: %d scored, %d not scored since answers are missing, %d lines wrong\n", run.n, run.scored, run.unscored, run.wrong)
	}
	return run.wrong, extras.finish(ctx, say)
}

// open opens the table; size is 0 where it is not known.
func (o *options) open(in io.Reader) (io.ReadCloser, int64, error) {
	if o.table == "-" {
		return io.NopCloser(in), 0, nil
	}
	f, err := os.Open(o.table)
	if err != nil {
		return nil, 0, err
	}
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() {
		return f, 0, err
	}
	return f, st.Size(), nil
}

// begin reads the header.
func (o *options) begin(in io.Reader, card *scoring.Card) (iter.Seq[household], *reader, error) {
	r := &reader{shape: card.Shape(), rename: o.rename, codes: o.codes}
	for key := range o.rename {
		if _, ok := card.Shape().Find(key); !ok {
			return nil, nil, fmt.Errorf("-rename: no question is called %q: %w", key, errMisuse)
		}
	}
	format := o.from
	if format == "" {
		format = strings.TrimPrefix(strings.ToLower(filepath.Ext(o.table)), ".")
	}
	switch format {
	case "json", "jsonl", "ndjson":
		return readJSON(in, format == "json"), r, nil
	}
	columns, rows, err := readCSV(in)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", o.table, err)
	}
	r.columns = map[string]bool{}
	for _, c := range columns {
		r.columns[c] = true
	}
	if lacks := r.lacks(); len(lacks) > 0 && !o.absent {
		return nil, nil, fmt.Errorf("%s: there is no column %s: name it with -rename, or take its answers as missing with -lacking", o.table, strings.Join(lacks, ", "))
	}
	if o.id != "" && !r.columns[o.id] {
		return nil, nil, fmt.Errorf("%s: there is no column %s", o.table, o.id)
	}
	return rows, r, nil
}

// create opens the output.
func (o *options) create(out io.Writer) (io.Writer, func() error, error) {
	if o.out == "-" {
		b := bufio.NewWriterSize(out, 1<<16)
		return b, b.Flush, nil
	}
	f, err := os.OpenFile(o.out, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600) // scores are about people
	if err != nil {
		return nil, nil, err
	}
	b := bufio.NewWriterSize(f, 1<<16)
	return b, func() error { return errors.Join(b.Flush(), f.Close()) }, nil
}

func (o *options) sink(out io.Writer, card *scoring.Card) sink {
	format := o.to
	if format == "" && strings.HasSuffix(strings.ToLower(o.out), ".jsonl") {
		format = "jsonl"
	}
	if format == "jsonl" {
		e := json.NewEncoder(out)
		e.SetEscapeHTML(false)
		return jsonSink{e, card.Name()}
	}
	return &csvSink{Writer: csv.NewWriter(out), card: card.Name(), id: o.id != ""}
}

// csvSink writes one line for each household.
type csvSink struct {
	*csv.Writer
	card  string
	id    bool
	cells []string
}

func (s *csvSink) write(r *result) error {
	if err := s.header(); err != nil {
		return err
	}
	s.cells = append(s.cells[:0], strconv.Itoa(r.line), r.id, s.card, "", "", "", "", "", "", "", "")
	if x := r.score; x != nil {
		s.cells[3], s.cells[4], s.cells[5] = number(x.Points), number(x.Lo), number(x.Hi)
		s.cells[6], s.cells[7], s.cells[8] = x.Band, x.Eligible.String(), yesNo(r.open)
		s.cells[9] = reasons(r.why)
	}
	if r.err != nil {
		s.cells[10] = oneLine(r.err)
	}
	return s.put()
}

// header writes the names of the columns once.
func (s *csvSink) header() error {
	if s.cells != nil {
		return nil
	}
	s.cells = []string{"line", "id", "card", "points", "lo", "hi", "band", "eligible", "open", "reasons", "error"}
	return s.put()
}

func (s *csvSink) put() error {
	if !s.id {
		copy(s.cells[1:], s.cells[2:])
		s.cells = s.cells[:len(s.cells)-1]
	}
	return s.Write(s.cells)
}

func (s *csvSink) flush() error {
	if err := s.header(); err != nil {
		return err
	}
	s.Flush()
	return s.Error()
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// reasons puts reasons into one cell: "older_member +2: somebody is 60 or older;
// alone +0 (+0 to +2)". It never begins with a sign, which spreadsheets would take
// for a formula.
func reasons(why []scoring.Explanation) string {
	var b []byte
	for i, e := range why {
		if i > 0 {
			b = append(b, "; "...)
		}
		b = append(append(b, e.ID...), ' ')
		switch {
		case e.Rule:
			b = append(b, e.Truth.String()...)
		case e.Lo != e.Hi:
			b = fmt.Appendf(b, "%+g (%+g to %+g)", e.Points, e.Lo, e.Hi)
		default:
			b = fmt.Appendf(b, "%+g", e.Points)
		}
		if e.Say != "" && e.Say != e.ID {
			b = append(append(b, ": "...), e.Say...)
		}
	}
	return string(b)
}

// scoringRun is one run over a table.
type scoringRun struct {
	*options
	card                       *scoring.Card
	reader                     *reader
	sink                       sink
	extras                     *extras
	say                        io.Writer
	progress                   *progress
	n, scored, unscored, wrong int
}

// one scores a household and writes what it got. Its error ends the run.
func (r *scoringRun) one(h *household) error {
	r.n++
	r.progress.tick(r.n)
	out := result{line: h.line, err: h.err}
	if h.err == nil {
		if r.id != "" {
			out.id, _ = h.cells(r.id)
		}
		r.score(h, &out)
	}
	if out.err != nil && !r.missing(out.err) {
		r.wrong++
		r.progress.end()
		for line := range strings.Lines(out.err.Error()) {
			fmt.Fprintf(r.say, "%s: %s\n", r.table, strings.TrimSuffix(line, "\n"))
		}
		if !r.keepGoing {
			return fmt.Errorf("%s: line %d is wrong, and %d before it are scored: mend it, or go on with -keep-going", r.table, h.line, r.n-1)
		}
	}
	if err := r.sink.write(&out); err != nil {
		return err
	}
	if out.score == nil {
		return nil
	}
	return r.extras.add(h, &out)
}

// missing says that a household has no score because of answers that are missing.
func (r *scoringRun) missing(err error) bool {
	var unknown *scoring.UnknownError
	return errors.As(err, &unknown)
}

func (r *scoringRun) score(h *household, out *result) {
	a, err := r.reader.answers(h)
	out.from = a
	if err != nil {
		out.err = err
		return
	}
	s, err := r.card.Score(a)
	if err != nil {
		if out.err = err; r.missing(err) {
			r.unscored++
		} else {
			out.err = &cellError{h.line, "", err.Error()}
		}
		return
	}
	r.scored++
	out.score, out.open = &s, s.CanChange(r.card)
	out.why = r.card.Explain(s, hubkit.Lang(r.lang))
}
