package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"runtime"

	"github.com/hubkit/hubkit/channels/webchat"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/crm"
)

// welcome says what to open.
func welcome(out io.Writer, public, first, data string, tell []string) {
	fmt.Fprintf(out, "The hub is open.\n\n  Register:  %s/chat/\n  Desk:      %s/desk/\n  Health:    %s/healthz\n  Metrics:   %s/metrics\n\n", public, public, public, public)
	if first != "" {
		fmt.Fprintf(out, "Nobody works at the desk yet. Whoever opens this link first, within 24 hours, is its administrator:\n\n  %s/desk/%s\n\n", public, first)
	}
	for _, line := range tell {
		fmt.Fprintf(out, "  %s\n", line)
	}
	fmt.Fprintf(out, "The answers are in %s, sealed; whoever loses hub.key there loses them. Stop with Ctrl-C.\n", data)
}

// front is the page at /.
func front(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	fmt.Fprint(w, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Community hub</title>
<style>body{font:1.125rem/1.6 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1rem;color:#1a2b34}a{display:inline-block;margin:.25rem 0;padding:.6rem 1.2rem;border-radius:.5rem;background:#0b5c7d;color:#fff;text-decoration:none}</style>
<main>
<h1>Community hub</h1>
<p lang="uk">Тут можна подати заявку на грошову допомогу.<br><a href="/chat/">Відкрити чат</a></p>
<p lang="ru">Здесь можно подать заявку на денежную помощь.<br><a href="/chat/">Открыть чат</a></p>
<p lang="en">Here you can register for cash support.<br><a href="/chat/">Open the chat</a></p>
</main></html>`)
}

// health says whether the hub can read its store.
func health(store *crm.Store) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := store.Table("health").Get(r.Context(), "any"); err != nil {
			http.Error(w, "the store cannot be read", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ok")
	}
}

// metrics writes counters for Prometheus; nothing in them is personal.
func metrics(hub *conversation.Hub, web *webchat.Driver) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		_ = hub.WriteMetrics(w) // the reader went away
		gauge := func(name, help string, n int) {
			fmt.Fprintf(w, "# HELP %[1]s %[2]s\n# TYPE %[1]s gauge\n%[1]s %[3]d\n", name, help, n)
		}
		gauge("hubkit_webchat_streams", "Open streams of the web chat.", web.Streams())
		gauge("go_goroutines", "Goroutines of the process.", runtime.NumGoroutine())
	}
}

// sessionKey signs the chat's sessions. It is derived from the key file, so
// that all processes on the same data have the same, at every start.
func sessionKey(ctx context.Context, key crm.Sealer) ([]byte, error) {
	return derived(ctx, key, "webchat/sessions")
}

// secretOf is a secret in letters that a URL takes, derived like sessionKey.
func secretOf(ctx context.Context, key crm.Sealer, purpose string) (string, error) {
	b, err := derived(ctx, key, purpose)
	return base64.RawURLEncoding.EncodeToString(b), err
}

func derived(ctx context.Context, key crm.Sealer, purpose string) ([]byte, error) {
	var secret []byte
	for _, half := range []string{"1", "2"} {
		x, err := key.Index(ctx, programme.ID, purpose, half)
		if err != nil {
			return nil, err
		}
		secret = append(secret, x[:]...)
	}
	return secret, nil
}
