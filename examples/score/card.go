package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/cardfile"
	"github.com/hubkit/hubkit/scoring/instruments"
)

// published are the instruments by the names that -instrument knows. Those that
// need a country's own list, as livelihood coping does, are written as cards.
var published = map[string]instruments.Instrument{
	"fcs-wfp2026": instruments.FCSWFP2026(false), "fcs-wfp2026-oil": instruments.FCSWFP2026(true),
	"fcs-strict": instruments.FCSStrict(false), "fcs-strict-oil": instruments.FCSStrict(true),
	"fcsn-vitamin-a": instruments.FCSNVitaminA(), "fcsn-protein": instruments.FCSNProtein(), "fcsn-iron": instruments.FCSNIron(),
	"rcsi": instruments.RCSI(false), "rcsi-split": instruments.RCSI(true),
	"hdds": instruments.HDDS(), "fies": instruments.FIES(),
	"hhs-wfp2026": instruments.HHSWFP2026(false), "hhs-wfp2026-ipc": instruments.HHSWFP2026(true),
	"hhs-impact": instruments.HHSIMPACT(false), "hhs-impact-ipc": instruments.HHSIMPACT(true),
	"hhs-strict": instruments.HHSStrict(false), "hhs-strict-ipc": instruments.HHSStrict(true),
	"phase-fc": instruments.PhaseFC(), "phase-fclc": instruments.PhaseFCLC(),
	"cari-ecmen": instruments.CARIECMEN(), "cari-fes": instruments.CARIFES(), "ena": instruments.ENA(), "msni": instruments.MSNI(),
	"mddi-wfp2026": instruments.MDDIWFP2026(), "mddi-strict": instruments.MDDIStrict(), "mpi": instruments.MPI(),
}

func listInstruments(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(published)) {
		in := published[name]
		fmt.Fprintf(w, "%s\t%s\t%s\n", name, in.Edition, in.Missing)
		keys := make([]string, len(in.Items))
		for i, it := range in.Items {
			keys[i] = it.Key
		}
		fmt.Fprintf(w, "\t\treads %s\n", strings.Join(keys, ", "))
	}
	_ = w.Flush()
}

// load reads the card or the instrument and binds it to what the columns hold.
func (o *options) load() (*scoring.Card, error) {
	if o.instrument != "" {
		in, ok := published[o.instrument]
		if !ok {
			return nil, fmt.Errorf("there is no instrument %q: see -instruments: %w", o.instrument, errMisuse)
		}
		return in.Card()
	}
	shape, err := o.shape()
	if err != nil {
		return nil, err
	}
	return readCard(o.card, o.sheet, shape)
}

// readCard reads a card from a file and binds it to a shape.
func readCard(path, sheet string, shape *registration.Shape) (*scoring.Card, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var criteria []scoring.Criterion
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		criteria, err = cardfile.CSV(bytes.NewReader(b))
	case ".xlsx":
		criteria, err = cardfile.XLSX(bytes.NewReader(b), sheet)
	default:
		c, err := cardfile.Load(b, shape)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		return c, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	// A decision table has no bands: its card is its criteria.
	id := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	c, err := scoring.New(scoring.CardSpec{ID: id, Version: "table", Criteria: criteria}, shape)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

func (o *options) shape() (*registration.Shape, error) {
	if o.codebook != "" {
		return readCodebook(o.codebook)
	}
	b, err := os.ReadFile(o.questionnaire)
	if err != nil {
		return nil, err
	}
	q, err := registration.Load(b, registration.Extras{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.questionnaire, err)
	}
	return q.Shape(), nil
}

// cite writes the card's page, with everything that decides about points: HTML to a
// file of that name, and text otherwise.
func (o *options) cite(out io.Writer, c *scoring.Card) error {
	to, done, err := o.create(out)
	if err != nil {
		return err
	}
	l := hubkit.Lang(o.lang)
	if strings.HasSuffix(strings.ToLower(o.out), ".html") {
		err = cardfile.WriteHTML(to, c.Page(l), l)
	} else {
		_, err = io.WriteString(to, c.Page(l).String())
	}
	return errors.Join(err, done())
}

// result is what one household got.
type result struct {
	line  int
	id    string
	score *scoring.Score // nil without a score
	why   []scoring.Explanation
	from  registration.Answers
	open  bool // unknown answers can change the band
	err   error
}

// sink writes results.
type sink interface {
	write(r *result) error
	flush() error
}

// reason is one reason as JSON has it.
type reason struct {
	ID     string  `json:"id"`
	Points float64 `json:"points"`
	Lo     float64 `json:"lo"`
	Hi     float64 `json:"hi"`
	Truth  string  `json:"truth"`          // yes, no, or unknown: lo and hi are what it may become
	Rule   bool    `json:"rule,omitempty"` // of eligibility, which gives no points
	Say    string  `json:"say,omitempty"`
	Source string  `json:"source,omitempty"`
}

// jsonLine is one line of output.
type jsonLine struct {
	Line     int      `json:"line"`
	ID       string   `json:"id,omitempty"`
	Card     string   `json:"card"`
	Points   *float64 `json:"points"`
	Lo       *float64 `json:"lo"`
	Hi       *float64 `json:"hi"`
	Band     *string  `json:"band"`
	Eligible *string  `json:"eligible"`
	Open     *bool    `json:"open"`
	Reasons  []reason `json:"reasons"`
	Error    string   `json:"error,omitempty"`
}

// jsonSink writes one object a line.
type jsonSink struct {
	*json.Encoder
	card string
}

func (s jsonSink) write(r *result) error {
	l := jsonLine{Line: r.line, ID: r.id, Card: s.card, Reasons: []reason{}}
	if r.err != nil {
		l.Error = oneLine(r.err)
	}
	if x := r.score; x != nil {
		eligible := x.Eligible.String()
		l.Points, l.Lo, l.Hi, l.Band, l.Eligible, l.Open = &x.Points, &x.Lo, &x.Hi, &x.Band, &eligible, &r.open
		for _, e := range r.why {
			l.Reasons = append(l.Reasons, reason{e.ID, e.Points, e.Lo, e.Hi, e.Truth.String(), e.Rule, e.Say, e.Source})
		}
	}
	return s.Encode(l)
}

func (s jsonSink) flush() error { return nil }

// oneLine puts a joined error on one line.
func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }
