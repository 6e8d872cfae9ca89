// Command 1-first-question asks one question and understands one reply.
//
//	go run ./examples/1-first-question
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

var (
	people = registration.Integer("people", hubkit.Text{"en": "How many people live with you, counting yourself?"}).Between(1, 25)

	form = registration.MustNew(registration.Spec{
		ID: "first", Version: "1", Languages: []hubkit.Lang{"en"}, Parts: registration.Parts(people),
	})
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run asks until the reply is understood, or there is none.
func run(in io.Reader, out io.Writer) error {
	interview := form.Begin("en")
	for lines := bufio.NewReader(in); ; {
		prompt := interview.Prompt()
		fmt.Fprintln(out, prompt.Text)
		if prompt.Done {
			n, _ := people.From(interview.Answers())
			_, err := fmt.Fprintf(out, "people = %d\n", n)
			return err
		}
		line, err := lines.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF) && line == "":
			return nil
		case err != nil && !errors.Is(err, io.EOF):
			return err
		}
		if heard := interview.Hear(registration.Reply{Text: line}); heard.Say != "" {
			fmt.Fprintln(out, heard.Say)
		}
	}
}
