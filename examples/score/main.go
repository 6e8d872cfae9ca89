// Command score scores a table of households with a card or with a published
// instrument. A researcher who works in R, Python or Stata needs this one program
// and no Go.
//
//	go run ./examples/score -card card.yaml -codebook codebook.csv households.csv > scores.csv
//	go run ./examples/score -instrument rcsi -o scores.jsonl survey.csv
//	go run ./examples/score -instruments
//
// # In and out
//
// Tables are CSV with names in the first line, JSON (a list of objects) or JSON
// lines (one object a line), known by the ends of their names; - is standard
// input and output. Columns are named after the questions of the card,
// members.1.age for those of a member; other columns are left alone, and -rename
// fits names that differ. What comes out is one line for each household, in the
// order of the table: points, the interval that unknown answers leave, band,
// eligibility, whether unknown answers can change the decision (open), reasons, and
// what was wrong. No household is held in memory: 650,000 take less than 96 MiB.
//
// A codebook says what the columns of a card hold: a CSV table of key, kind
// (yes_no, whole, decimal, words, date, one, many), options, min and max. The
// JSON of a questionnaire (-questionnaire) does too. An instrument knows its own.
//
// # What is missing
//
// Empty cells, NA and null are missing answers; -missing, -dont-know, -refused
// and -not-asked name codes such as 999, for all columns or for one: age=999. What
// a card makes of them is the card's rule.
//
// # What is wrong
//
// A line that cannot be read, or an answer that is impossible, is reported with
// its line and column and ends the run with status 1; with -keep-going the rest is
// scored, the line stands in the output with its error, and the status is 3. A
// household that the card refuses to score while answers are missing is no
// mistake: it is in the output, with the reason, and counted at the end.
//
// # For research
//
// -export writes scores beside the outcomes of -join, with pseudonyms (HMAC-SHA256
// under the key in -key, a file that only its owner may read) in place of ids, and
// warns of small cells. -report writes a page for a committee, and -cite prints the
// card as it is to be cited. -budget answers "60 grants: which cut-off, who loses?",
// with a lottery that anybody can repeat, and -against compares other cards; the
// list of those who may be selected is then held in memory. Whom the card's rules
// bar is on no list, and counts in the report as missed. An instrument says itself
// whether low scores are the needy ones, as of food consumption.
//
//	cd examples/score
//	go run . -card testdata/card.yaml -codebook testdata/codebook.csv \
//		-refused income=999999 -id-column hh -o scores.csv \
//		-join testdata/outcomes.csv -key secret.key -export export.csv \
//		-poor-column poor -welfare-column consumption -weight-column weight \
//		-group-column region -share 0.3 -report report.html \
//		-budget 60 -lottery "4 1 6 6 2" -selection selection.csv \
//		testdata/households.csv
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

// Exit statuses, beside 0.
const (
	failed   = 1 // nothing more was scored
	misused  = 2 // by flags
	withGaps = 3 // all is done, and some lines were wrong (-keep-going)
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// errMisuse is in errors about flags.
var errMisuse = errors.New("see -help")

func run(ctx context.Context, args []string, in io.Reader, out, say io.Writer) int {
	o, err := parse(args, say)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(say, err)
		return misused
	case o.list:
		listInstruments(out)
		return 0
	}
	wrong, err := o.work(ctx, in, out, say)
	switch {
	case errors.Is(err, errMisuse):
		fmt.Fprintln(say, "score:", err)
		return misused
	case err != nil:
		fmt.Fprintln(say, "score:", err)
		return failed
	case wrong > 0:
		return withGaps
	}
	return 0
}
