// Command content-sync makes what WhatsApp needs of the reference registration: a
// content resource for each list of answers in each language, and a reminder as a
// template that is submitted for approval. Without an account it prints the plan.
//
//	go run ./examples/content-sync
//	TWILIO_ACCOUNT_SID=AC… TWILIO_AUTH_TOKEN=… go run ./examples/content-sync -apply -wait 1h
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/examples/internal/reference"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// reminder is written to who did not finish, when the session window has closed.
var reminder = hubkit.Text{
	"en": "Your registration is not finished. Would you like to go on now?",
	"uk": "Ваша реєстрація не завершена. Бажаєте продовжити зараз?",
	"ru": "Ваша регистрация не завершена. Хотите продолжить сейчас?",
}

var goOn = hubkit.Text{"en": "Continue", "uk": "Продовжити", "ru": "Продолжить"}

// run prints the plan, or carries it out.
func run(ctx context.Context, args []string, env func(string) string, out io.Writer) error {
	flags := flag.NewFlagSet("content-sync", flag.ContinueOnError)
	apply := flags.Bool("apply", false, "make and submit what is missing; needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
	wait := flags.Duration("wait", 0, "how long to wait for approvals")
	if err := flags.Parse(args); err != nil {
		return err
	}
	contents, err := questions(reference.Form)
	if err != nil {
		return err
	}
	for _, l := range reference.Form.Languages() {
		contents = append(contents, twilio.Content{
			Kind: twilio.QuickReply, Name: "reminder", Lang: l, Category: twilio.Utility, Body: reminder[l],
			Actions: []twilio.Action{{Type: twilio.Reply, Title: goOn[l], ID: "hub:resume"}},
		})
	}
	tell := func(s twilio.Step) {
		bar := strings.Repeat("█", 20*s.Done/s.Total) + strings.Repeat("░", 20-20*s.Done/s.Total)
		fmt.Fprintf(out, "%s %3d/%d %-9s %s\n", bar, s.Done, s.Total, s.Do, s.Name)
	}
	if !*apply {
		steps, err := twilio.Plan(contents)
		for _, s := range steps {
			tell(s)
		}
		fmt.Fprintf(out, "%d content resources would be looked for and made where they are missing: -apply does it.\n", len(steps))
		return err
	}
	account, err := twilio.NewAccount(twilio.Config{
		AccountSID: env("TWILIO_ACCOUNT_SID"), AuthToken: env("TWILIO_AUTH_TOKEN"), BaseURL: env("TWILIO_BASE_URL"),
		APIKey: env("TWILIO_API_KEY"), APISecret: env("TWILIO_API_SECRET"),
	})
	if err != nil {
		return err
	}
	_, err = account.Sync(ctx, contents, twilio.SyncConfig{Submit: true, Wait: *wait, Progress: tell})
	return err
}
