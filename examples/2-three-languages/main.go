// Command 2-three-languages registers a household in the terminal, in English,
// Ukrainian or Russian, and prints the score of an illustrative card with the
// reason for every point.
//
//	go run ./examples/2-three-languages
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels/console"
	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/examples/internal/talk"
	"github.com/hubkit/hubkit/registration"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, in io.Reader, out io.Writer) error {
	terminal, err := console.New(console.Config{In: in, Out: out})
	if err != nil {
		return err
	}
	s, err := newSpeaker()
	if err != nil {
		return err
	}
	return terminal.Run(ctx, talk.New(reference.Form, s.score))
}

var (
	total = hubkit.Text{
		"en": "How the example counts: {points, plural, one {# point} other {# points}}, {band}. In a real programme only the team sees this, and people decide.",
		"uk": "Як рахує приклад: {points, plural, one {# бал} few {# бали} many {# балів} other {# бала}}, {band}. У справжній програмі це бачить лише команда, а вирішують люди.",
		"ru": "Как считает пример: {points, plural, one {# балл} few {# балла} many {# баллов} other {# балла}}, {band}. В настоящей программе это видит только команда, а решают люди.",
	}
	open = hubkit.Text{
		"en": "Some answers are not known. If the lines below are true, it could be up to {most} points:",
		"uk": "Деякі відповіді невідомі. Якщо правда те, що нижче, балів може бути до {most}:",
		"ru": "Некоторые ответы неизвестны. Если верно то, что ниже, баллов может быть до {most}:",
	}
)

// speaker puts scores into words.
type speaker struct{ total, open *hubkit.Compiled }

func newSpeaker() (*speaker, error) {
	t, err1 := total.Compile(reference.Form.Languages(), nil, "points", "band")
	o, err2 := open.Compile(reference.Form.Languages(), nil, "most")
	return &speaker{t, o}, errors.Join(err1, err2)
}

// score is said last, if the registration came to its end.
func (s *speaker) score(iv *registration.Interview) string {
	if iv.Outcome() != registration.OutcomeComplete {
		return ""
	}
	card, l := reference.Card, iv.Lang()
	score, err := card.Score(iv.Answers())
	if err != nil { // the form and the card belong together: this cannot come from what a person said
		return err.Error()
	}
	said, _ := s.total.In(l, hubkit.Args{"points": score.Points, "band": card.BandTitle(score.Band, l)})
	var sure, unsure []string
	for _, why := range card.Explain(score, l) {
		if why.Points != 0 {
			sure = append(sure, fmt.Sprintf("+%g  %s", why.Points, why.Say))
		}
		if more := why.Hi - why.Points; more > 0 {
			unsure = append(unsure, fmt.Sprintf("+%g?  %s", more, why.Say))
		}
	}
	lines := append([]string{said}, sure...)
	if len(unsure) > 0 {
		most, _ := s.open.In(l, hubkit.Args{"most": score.Hi})
		lines = append(append(lines, "", most), unsure...)
	}
	return strings.Join(lines, "\n")
}
