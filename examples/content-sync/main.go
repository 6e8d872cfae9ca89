// Command content-sync makes what WhatsApp needs of the reference registration: a
// content resource for each list of answers in each language, and a reminder as a
// template that is submitted for approval. Without an account it prints the plan; with
// one, what of the plan is missing there; and with -apply it makes that. Which template
// was approved is kept in the hub's database, where the hub looks for it.
//
//	go run ./examples/content-sync
//	TWILIO_ACCOUNT_SID=AC… TWILIO_AUTH_TOKEN=… go run ./examples/content-sync
//	TWILIO_ACCOUNT_SID=AC… TWILIO_AUTH_TOKEN=… go run ./examples/content-sync -apply -wait 1h
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
	"github.com/hubkit/hubkit/examples/internal/reference"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "content-sync:", err)
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

// goOnID is the item of the hub's menu under which the registration goes on where the
// person left it.
const goOnID = "menu/start:cash"

// run prints the plan, or carries it out.
func run(ctx context.Context, args []string, env func(string) string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("content-sync", flag.ContinueOnError)
	apply := flags.Bool("apply", false, "make and submit what is missing; needs TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
	data := flags.String("data", "hub-data", "directory of the hub's database and its key, where -apply keeps what was approved")
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
			Actions: []twilio.Action{{Type: twilio.Reply, Title: goOn[l], ID: goOnID}},
		})
	}
	tell := func(s twilio.Step) {
		bar := strings.Repeat("█", 20*s.Done/s.Total) + strings.Repeat("░", 20-20*s.Done/s.Total)
		fmt.Fprintf(out, "%s %3d/%d %-9s %s\n", bar, s.Done, s.Total, s.Do, s.Name)
	}
	if !*apply && env("TWILIO_ACCOUNT_SID") == "" {
		steps, err := twilio.Plan(contents)
		for _, s := range steps {
			tell(s)
		}
		fmt.Fprintf(out, "%d content resources would be looked for and made where they are missing: -apply does it.\n", len(steps))
		return err
	}
	cfg := twilio.Config{
		AccountSID: env("TWILIO_ACCOUNT_SID"), AuthToken: env("TWILIO_AUTH_TOKEN"), BaseURL: env("TWILIO_BASE_URL"),
		APIKey: env("TWILIO_API_KEY"), APISecret: env("TWILIO_API_SECRET"),
	}
	if *apply {
		if _, err := twilio.NewAccount(cfg); err != nil { // before a database is made for nothing
			return err
		}
		table, closing, wrong := open(ctx, *data)
		if wrong != nil {
			return wrong
		}
		defer func() { err = errors.Join(err, closing()) }()
		cfg.Table = table
	}
	account, err := twilio.NewAccount(cfg)
	if err != nil {
		return err
	}
	steps, err := account.Sync(ctx, contents, twilio.SyncConfig{DryRun: !*apply, Submit: true, Wait: *wait, Progress: tell})
	if !*apply {
		missing := 0
		for _, s := range steps {
			if s.Do == twilio.Missing {
				missing++
			}
		}
		fmt.Fprintf(out, "%d of %d content resources are missing in the account: -apply makes them.\n", missing, len(steps))
	}
	return err
}

// open opens the hub's table of what Twilio made: see examples/hub.
func open(ctx context.Context, dir string) (table channels.Table, closing func() error, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	backend, err := sqlite.Open(ctx, filepath.Join(dir, "hub.db"), sqlite.Config{})
	if err != nil {
		return nil, nil, err
	}
	key, err := crm.OpenKeyFile(filepath.Join(dir, "hub.key"))
	if err == nil {
		var store *crm.Store
		if store, err = crm.New(ctx, crm.Config{Backend: backend, Sealer: key}); err == nil {
			return store.Table("twilio"), backend.Close, nil
		}
	}
	return nil, nil, errors.Join(err, backend.Close())
}
