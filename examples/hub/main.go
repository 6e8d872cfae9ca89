// Command hub is a whole digital community hub: people open /chat on a phone
// and register for cash support in English, Ukrainian or Russian; everything
// is sealed in an embedded database, and nothing is lost or doubled whatever
// is killed. It needs no account and no configuration. Several processes may
// serve the same data on one machine, such as an old and a new version for a
// moment: they take turns at writing, and people notice nothing.
//
//	go run ./examples/hub
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/webchat"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
	"github.com/hubkit/hubkit/crm/sqlite"
	"github.com/hubkit/hubkit/examples/internal/reference"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "hub:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends, and then stops without breaking anything off.
func run(ctx context.Context, args []string, out, logs io.Writer) (err error) {
	flags := flag.NewFlagSet("hub", flag.ContinueOnError)
	flags.SetOutput(logs)
	addr := flags.String("addr", "127.0.0.1:8080", "address to serve on")
	data := flags.String("data", "hub-data", "directory of the database and its key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is not understood: the hub takes only -addr and -data", flags.Arg(0))
	}
	log := slog.New(slog.NewTextHandler(logs, nil))
	if err := os.MkdirAll(*data, 0o700); err != nil {
		return err
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50) // thousands of idle phones fit into a small machine
	}
	backend, err := sqlite.Open(ctx, filepath.Join(*data, "hub.db"), sqlite.Config{Cache: 16 << 20})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backend.Close()) }()
	key, err := crm.OpenKeyFile(filepath.Join(*data, "hub.key"))
	if err != nil {
		return err
	}
	store, err := crm.New(ctx, crm.Config{Backend: backend, Sealer: key, Keys: 4096, Logger: log})
	if err != nil {
		return err
	}
	files, err := crm.OpenFiles(store, filepath.Join(*data, "files"))
	if err != nil {
		return err
	}
	web, err := chat(ctx, store, key, files, log)
	if err != nil {
		return err
	}
	page, err := channels.New(web, channels.Config{Logger: log})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *addr)
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // the server has closed it, if it came to that
	public := strings.TrimRight(os.Getenv("HUB_PUBLIC_URL"), "/")
	ways := &reach{env: os.Getenv, public: public, store: store, key: key, log: log, channels: []*channels.Channel{page}, files: map[string]opener{
		"file:": func(ctx context.Context, m channels.Media) (io.ReadCloser, error) { return files.Open(ctx, m.URL) },
	}}
	if err := ways.open(ctx); err != nil {
		return err
	}
	behind := source(public)
	if public == "" {
		public = "http://" + listener.Addr().String()
	}
	var hub *conversation.Hub
	team, err := desk.New(desk.Config{
		Store: store, Channels: ways.channels, Programmes: []desk.Programme{{ID: programme.ID, Name: title, Languages: programme.Languages}},
		Forms: []*registration.Questionnaire{reference.Form}, Cards: []*scoring.Card{reference.Card}, Logger: log,
		Back:  func(ctx context.Context, id crm.ThreadID) error { return hub.Return(ctx, id) },
		Files: ways.file, Source: behind,
	})
	if err != nil {
		return err
	}
	agents := everyAgent{team}
	if ways.flex != nil {
		ways.flex.back = func(ctx context.Context, id crm.ThreadID) error { return hub.Return(ctx, id) }
		agents = append(agents, ways.flex)
	}
	hub, err = conversation.New(conversation.Config{
		Store: store, Channels: ways.channels, Loops: ways.loops, Programmes: []conversation.Programme{programme}, Agents: agents, Logger: log,
		Page: func(campaign string) string { return webchat.Link(public+"/chat/", campaign) },
	})
	if err != nil {
		return err
	}

	mux := http.NewServeMux()
	mux.Handle("/chat/", page.Webhook(hub))
	mux.Handle("GET /chat", http.RedirectHandler("/chat/", http.StatusMovedPermanently))
	mux.Handle("/desk/", team.Handler())
	mux.Handle("GET /desk", http.RedirectHandler("/desk/", http.StatusMovedPermanently))
	mux.HandleFunc("GET /{$}", front)
	mux.HandleFunc("GET /healthz", health(store))
	mux.HandleFunc("GET /metrics", metrics(hub, web))
	for _, mount := range ways.routes {
		mount(mux, hub)
	}
	server := &http.Server{
		Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	server.RegisterOnShutdown(web.Close)
	server.RegisterOnShutdown(team.Close)
	first, err := team.FirstLink(ctx)
	if err != nil {
		return err
	}
	welcome(out, public, first, *data, ways.tell)
	var announcing sync.WaitGroup
	defer announcing.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	announcing.Go(func() { ways.announce(ctx) })
	if ways.flex != nil {
		announcing.Go(func() { ways.flex.run(ctx) })
	}
	return serve(ctx, server, listener, hub, store, files, log)
}

// serve runs the server, the hub's deliveries and the daily clean-up until ctx
// ends or one of them fails.
func serve(ctx context.Context, server *http.Server, l net.Listener, hub *conversation.Hub, store *crm.Store, files *crm.Files, log *slog.Logger) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 3)
	go func() { ended <- server.Serve(l) }()
	go func() { ended <- hub.Run(ctx) }()
	go func() { ended <- prune(ctx, store, files, log) }()
	var errs []error
	keep := func(err error) {
		if !errors.Is(err, context.Canceled) && !errors.Is(err, http.ErrServerClosed) {
			errs = append(errs, err)
		}
	}
	waiting := 3
	select {
	case <-ctx.Done():
	case err := <-ended:
		keep(err)
		waiting--
	}
	log.InfoContext(ctx, "stopping: answers under way are finished")
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	keep(server.Shutdown(grace))
	stop()
	for range waiting {
		keep(<-ended)
	}
	return errors.Join(errs...)
}

// prune forgets, every day, what need not be kept.
func prune(ctx context.Context, store *crm.Store, files *crm.Files, log *slog.Logger) error {
	daily := time.NewTicker(24 * time.Hour)
	defer daily.Stop()
	for {
		_, err := store.Prune(ctx, false)
		if err == nil {
			_, err = files.Sweep(ctx, 24*time.Hour)
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "the clean-up failed; it is tried again tomorrow", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-daily.C:
		}
	}
}

// chat is the web chat of the programme.
func chat(ctx context.Context, store *crm.Store, key crm.Sealer, files *crm.Files, log *slog.Logger) (*webchat.Driver, error) {
	secret, err := sessionKey(ctx, key)
	if err != nil {
		return nil, err
	}
	return webchat.New(webchat.Config{
		Backlog: store.Backlog(programme.ID), Keys: [][]byte{secret}, Title: title, Languages: programme.Languages, Uploads: files, Logger: log,
	})
}
