package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// options are what the command line says.
type options struct {
	card, sheet, codebook, questionnaire, instrument string
	list, citing                                     bool

	table, out, from, to string
	rename               pairs
	codes                codes
	absent, keepGoing    bool
	quiet                bool
	lang                 string

	id, join, key, export string
	least                 int

	budget                                  float64
	area, cost, lottery, selection, against string
	public                                  string

	report, title                                 string
	poor, welfare, weight, group, cluster, strata string
	share, at                                     float64
	top                                           int
	low, lowGiven                                 bool
	samples                                       int
	seed                                          uint64
	atGiven                                       bool
}

// pairs are a=b,c=d.
type pairs map[string]string

func (p pairs) String() string { return strings.Join(slices.Sorted(maps.Keys(p)), ",") }

// Set reads pairs, for package flag.
func (p pairs) Set(s string) error {
	for pair := range strings.SplitSeq(s, ",") {
		a, b, ok := strings.Cut(pair, "=")
		if !ok || a == "" || b == "" {
			return fmt.Errorf("write QUESTION=COLUMN, with commas between, and not %q", pair)
		}
		p[a] = b
	}
	return nil
}

func parse(args []string, say io.Writer) (*options, error) {
	o := &options{rename: pairs{}, codes: codes{}}
	f := flag.NewFlagSet("score", flag.ContinueOnError)
	f.SetOutput(say)
	f.Usage = func() {
		fmt.Fprint(say, "Usage: score -card CARD -codebook CODEBOOK [flags] TABLE\n       score -instrument NAME [flags] TABLE\n\nTABLE is CSV, JSON or JSON lines; - is standard input.\n\n")
		f.PrintDefaults()
	}
	f.StringVar(&o.card, "card", "", "a card: YAML or JSON, or a decision table in CSV or XLSX")
	f.StringVar(&o.sheet, "sheet", "", "the sheet of an XLSX card; defaults to the first")
	f.StringVar(&o.codebook, "codebook", "", "what the columns hold: CSV with key, kind, options, min, max")
	f.StringVar(&o.questionnaire, "questionnaire", "", "the JSON of a questionnaire, in place of a codebook")
	f.StringVar(&o.instrument, "instrument", "", "a published instrument: see -instruments")
	f.BoolVar(&o.list, "instruments", false, "list the instruments with what they do with missing answers")
	f.BoolVar(&o.citing, "cite", false, "write the card's page, as it is to be cited, and nothing else: text, or HTML for -o PAGE.html")

	f.StringVar(&o.out, "o", "-", "where the scores go; CSV, or JSON lines for .jsonl")
	f.StringVar(&o.from, "from", "", "csv, json or jsonl: what the table is, if its name does not say so")
	f.StringVar(&o.to, "to", "", "csv or jsonl: what to write, if the name does not say so")
	f.Var(o.rename, "rename", "columns that have other names: QUESTION=COLUMN,…")
	o.codes.flags(f)
	f.BoolVar(&o.absent, "lacking", false, "the table may lack columns: their answers are missing")
	f.BoolVar(&o.keepGoing, "keep-going", false, "score the rest when a line is wrong")
	f.BoolVar(&o.quiet, "quiet", false, "no progress and no summary")
	f.StringVar(&o.lang, "lang", "en", "the language of reasons")

	f.StringVar(&o.id, "id-column", "", "the column that names a household")
	f.StringVar(&o.join, "join", "", "a CSV table of outcomes, with the id column: it is held in memory")
	f.StringVar(&o.key, "key", "", "a file with the secret key of pseudonyms; made if it is not there")
	f.StringVar(&o.export, "export", "", "write pseudonyms, scores and outcomes to this CSV file")
	f.IntVar(&o.least, "least", targeting.DefaultLeast, "the smallest number of households in a cell: warn of smaller ones, and withhold them in the report")

	f.Float64Var(&o.budget, "budget", 0, "select under a budget: the number of grants, or an amount with -cost-column; needs -id-column")
	f.StringVar(&o.area, "area-column", "", "the area of a household")
	f.StringVar(&o.cost, "cost-column", "", "what the grant of a household costs; defaults to 1")
	f.StringVar(&o.lottery, "lottery", "", "the seed that was drawn in public, which decides between equals")
	f.StringVar(&o.selection, "selection", "", "write who is selected, and why, to this CSV file")
	f.StringVar(&o.public, "list", "", "write the list whose hash the lottery reads to this file, for auditors")
	f.StringVar(&o.against, "against", "", "other cards that would spend the same budget: CARD,…")

	f.StringVar(&o.report, "report", "", "write a page for a committee to this HTML file: needs -poor-column, and -share, -top or -at")
	f.StringVar(&o.title, "title", "", "of the report")
	f.StringVar(&o.poor, "poor-column", "", "who is truly in need: 1 or 0, yes or no")
	f.StringVar(&o.welfare, "welfare-column", "", "a number that is lower for the poorer")
	f.StringVar(&o.weight, "weight-column", "", "survey weights")
	f.StringVar(&o.group, "group-column", "", "groups to compare")
	f.StringVar(&o.cluster, "cluster-column", "", "the clusters of a cluster sample, for intervals")
	f.StringVar(&o.strata, "stratum-column", "", "the strata that clusters were drawn from")
	f.Float64Var(&o.share, "share", 0, "select the neediest share: 0.25")
	f.IntVar(&o.top, "top", 0, "select so many of the neediest")
	f.Float64Var(&o.at, "at", 0, "select from this score on")
	f.BoolVar(&o.low, "low-is-needier", false, "a lower score is needier; defaults to what the -instrument says, and false for a card")
	f.IntVar(&o.samples, "samples", 1000, "drawings for the report's intervals; 0 leaves them out")
	f.Uint64Var(&o.seed, "seed", 1, "of the drawings")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	f.Visit(func(g *flag.Flag) {
		o.atGiven = o.atGiven || g.Name == "at"
		o.lowGiven = o.lowGiven || g.Name == "low-is-needier"
	})
	if f.NArg() > 1 {
		return nil, fmt.Errorf("score: one table, after the flags, and not %d arguments: %w", f.NArg(), errMisuse)
	}
	if o.table = f.Arg(0); o.table == "" {
		o.table = "-"
	}
	if say := o.contradiction(); say != "" {
		return nil, fmt.Errorf("score: %s: %w", say, errMisuse)
	}
	return o, nil
}

// contradiction says which flags do not go together.
func (o *options) contradiction() string {
	one := func(set ...bool) (n int) {
		for _, s := range set {
			if s {
				n++
			}
		}
		return n
	}
	switch {
	case o.list:
	case one(o.card != "", o.instrument != "") != 1:
		return "give a -card or an -instrument"
	case o.card != "" && one(o.codebook != "", o.questionnaire != "") != 1:
		return "a card needs a -codebook or a -questionnaire that says what the columns hold"
	case o.instrument != "" && (o.codebook != "" || o.questionnaire != ""):
		return "an instrument knows its columns: leave out -codebook and -questionnaire, and use -rename"
	case o.export != "" && (o.id == "" || o.join == "" || o.key == ""):
		return "-export needs -id-column, -join and -key"
	case o.join != "" && o.id == "":
		return "-join needs -id-column"
	case o.join != "" && o.export == "" && o.report == "":
		return "-join is for -export or -report"
	case o.budget < 0 || math.IsNaN(o.budget) || math.IsInf(o.budget, 0):
		return "-budget is a number above 0"
	case o.budget == 0 && (o.area != "" || o.cost != "" || o.lottery != "" || o.selection != "" || o.public != "" || o.against != ""):
		return "-area-column, -cost-column, -lottery, -selection, -list and -against need a -budget"
	case o.budget > 0 && o.id == "":
		return "-budget needs -id-column"
	case o.against != "" && o.instrument != "":
		return "-against compares cards: give a -card"
	case o.report != "" && o.poor == "":
		return "-report needs -poor-column"
	case o.report != "" && one(o.share != 0, o.top != 0, o.atGiven) != 1:
		return "-report needs one of -share, -top and -at"
	case o.least < 1:
		return "-least is at least 1"
	case o.samples < 0 || o.samples == 1:
		return "-samples is 0, or at least 2"
	}
	for _, f := range []string{o.from, o.to} {
		if f != "" && f != "csv" && f != "jsonl" && f != "json" {
			return "a table is csv, json or jsonl"
		}
	}
	if o.to == "json" {
		return "scores are written as csv or jsonl, which need not be held in memory"
	}
	return ""
}
