package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/crm"
)

// reach is every way to people that the environment names, beside the web chat.
type reach struct {
	env      func(string) string
	public   string // HUB_PUBLIC_URL, under which providers call us
	store    *crm.Store
	key      crm.Sealer
	log      *slog.Logger
	channels []*channels.Channel
	loops    map[string]delivery.Config
	patience time.Duration // HUB_PATIENCE: how long a provider's answer is waited for
	routes   []func(*http.ServeMux, channels.Handler)
	errs     []error
}

// open makes the channels whose variables are set, and says which are off.
func (r *reach) open(ctx context.Context) error {
	r.loops, r.patience = map[string]delivery.Config{}, 30*time.Second
	if s := r.env("HUB_PATIENCE"); s != "" {
		var err error
		if r.patience, err = time.ParseDuration(s); err != nil || r.patience < 100*time.Millisecond || r.patience > 5*time.Minute {
			return errors.New("HUB_PATIENCE is how long a provider's answer is waited for, such as 30s, from 100ms to 5m")
		}
	}
	r.twilio()
	return errors.Join(r.errs...)
}

// has says whether all of a channel's variables are set; if only some are, that is
// a mistake, and if none, the channel is off.
func (r *reach) has(channel string, names ...string) bool {
	var missing []string
	for _, n := range names {
		if r.env(n) == "" {
			missing = append(missing, n)
		}
	}
	switch {
	case len(missing) == len(names):
		r.log.Info("channel off", "channel", channel, "set", strings.Join(names, ", "))
		return false
	case len(missing) > 0:
		r.errs = append(r.errs, fmt.Errorf("%s: %s is set, and %s is not", channel, names[0], strings.Join(missing, ", ")))
		return false
	case r.public == "":
		r.errs = append(r.errs, fmt.Errorf("%s: set HUB_PUBLIC_URL, under which the provider calls this hub", channel))
		return false
	}
	r.log.Info("channel on", "channel", channel)
	return true
}

// add makes a channel of a driver. A send in doubt is settled by the provider's news or
// list; where there is neither, policy decides.
func (r *reach) add(d channels.Driver, err error, policy delivery.Policy) *channels.Channel {
	var ch *channels.Channel
	if err == nil {
		ch, err = channels.New(d, channels.Config{Logger: r.log, Timeout: r.patience})
	}
	if err != nil {
		r.errs = append(r.errs, err)
		return nil
	}
	r.loops[ch.Name()] = delivery.Config{Lease: 4 * r.patience, Grace: 3 * r.patience, Settle: 10 * r.patience, Unknown: policy, Logger: r.log}
	r.channels = append(r.channels, ch)
	return ch
}

// route mounts a channel's webhook.
func (r *reach) route(pattern string, ch *channels.Channel) {
	r.routes = append(r.routes, func(mux *http.ServeMux, h channels.Handler) { mux.Handle(pattern, ch.Webhook(h)) })
}

// twilio opens WhatsApp, text messages and calls.
func (r *reach) twilio() {
	if !r.has("twilio", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN") {
		return
	}
	account, err := twilio.NewAccount(twilio.Config{
		AccountSID: r.env("TWILIO_ACCOUNT_SID"), AuthToken: r.env("TWILIO_AUTH_TOKEN"), APIKey: r.env("TWILIO_API_KEY"), APISecret: r.env("TWILIO_API_SECRET"),
		BaseURL: r.env("TWILIO_BASE_URL"), PublicURL: r.public, Table: r.store.Table("twilio"), Logger: r.log,
	})
	if err != nil {
		r.errs = append(r.errs, err)
		return
	}
	var written []*channels.Channel
	if r.has("whatsapp", "TWILIO_WHATSAPP_FROM") {
		d, err := account.WhatsApp(twilio.WhatsAppConfig{From: r.env("TWILIO_WHATSAPP_FROM")})
		written = append(written, r.add(d, err, delivery.ResendAbsent))
	}
	if from, service := r.env("TWILIO_SMS_FROM"), r.env("TWILIO_MESSAGING_SERVICE_SID"); from != "" || service != "" {
		d, err := account.SMS(twilio.SMSConfig{From: from, MessagingService: service})
		written = append(written, r.add(d, err, delivery.ResendAbsent))
		r.log.Info("channel on", "channel", "sms")
	} else {
		r.log.Info("channel off", "channel", "sms", "set", "TWILIO_SMS_FROM or TWILIO_MESSAGING_SERVICE_SID")
	}
	r.routes = append(r.routes, func(mux *http.ServeMux, h channels.Handler) {
		messages := twilio.Messages(h, written...)
		mux.Handle("POST /webhooks/twilio/messages", messages)
		mux.Handle("POST /webhooks/twilio/status", messages)
	})
}
