package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/africastalking"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/channels/telegram"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/viber"
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
	files    map[string]opener             // of what people sent, by how its address begins
	flex     *flex                         // nil: only the desk takes threads
	tell     []string                      // what the operator must set at providers by hand
	later    []func(context.Context) error // what is to be told to providers once the hub listens
	patience time.Duration                 // HUB_PATIENCE: how long a provider's answer is waited for
	routes   []func(*http.ServeMux, channels.Handler)
	errs     []error
}

// opener opens a file that a person sent.
type opener func(context.Context, channels.Media) (io.ReadCloser, error)

// file opens a file wherever it is kept.
func (r *reach) file(ctx context.Context, m channels.Media) (io.ReadCloser, error) {
	for begins, open := range r.files {
		if strings.HasPrefix(m.URL, begins) {
			in, err := open(ctx, m)
			if errors.Is(err, twilio.ErrNoFile) || channels.CauseOf(err) == channels.Rejected {
				err = crm.ErrNoFile
			}
			return in, err
		}
	}
	return nil, crm.ErrNoFile
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
	r.viber()
	r.africasTalking(ctx)
	r.telegram()
	return errors.Join(r.errs...)
}

// has says whether all of a channel's variables are set; if only some are, that is
// a mistake, and if none, the channel is off.
func (r *reach) has(channel string, names ...string) bool {
	var set, missing []string
	for _, n := range names {
		if r.env(n) == "" {
			missing = append(missing, n)
		} else {
			set = append(set, n)
		}
	}
	switch {
	case len(missing) == len(names):
		r.log.Info("channel off", "channel", channel, "set", strings.Join(names, ", "))
		return false
	case len(missing) > 0:
		r.errs = append(r.errs, fmt.Errorf("%s: %s is set, and %s is not", channel, strings.Join(set, ", "), strings.Join(missing, ", ")))
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
	if !r.has("whatsapp, sms, voice and conversations by Twilio", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN") {
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
	r.files["https://api.twilio.com/"] = account.File
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
	if r.has("voice", "TWILIO_VOICE_FROM") {
		d, err := account.Voice(twilio.VoiceConfig{From: r.env("TWILIO_VOICE_FROM"), Desks: callDesk(r.env("HUB_CALL_DESK"))})
		if err == nil {
			err = d.Check(programme.Languages...)
		}
		if ch := r.add(d, err, delivery.ResendAbsent); ch != nil {
			r.route("POST /webhooks/twilio/voice", ch)
		}
	}
	if r.has("conversations", "TWILIO_CONVERSATIONS_SERVICE_SID") {
		talks, err := account.Conversations(twilio.ConversationsConfig{ServiceSID: r.env("TWILIO_CONVERSATIONS_SERVICE_SID")})
		if err != nil {
			r.errs = append(r.errs, err)
			return
		}
		r.flex = &flex{store: r.store, talks: talks, log: r.log, work: make(chan func(context.Context) error, 1024)}
		r.routes = append(r.routes, func(mux *http.ServeMux, _ channels.Handler) {
			mux.Handle("POST /webhooks/twilio/conversations", talks.Webhook(r.flex.happened))
		})
	}
}

// callDesk is who takes calls: numbers or SIP addresses, by commas; empty: nobody, and
// callers are offered to be called back.
func callDesk(numbers string) map[string]twilio.Desk {
	if numbers == "" {
		return nil
	}
	return map[string]twilio.Desk{"": {Numbers: strings.Split(numbers, ",")}}
}

// viber opens the bot. Viber has neither a list nor a reference in its news, so that a
// message in doubt is held: nobody is told twice, and an agent sees it.
func (r *reach) viber() {
	if !r.has("viber", "VIBER_TOKEN") {
		return
	}
	d, err := viber.New(viber.Config{Token: r.env("VIBER_TOKEN"), Sender: title["uk"], BaseURL: r.env("VIBER_BASE_URL")})
	if ch := r.add(d, err, delivery.Hold); ch != nil {
		r.route("POST /webhooks/viber", ch)
		r.later = append(r.later, func(ctx context.Context) error { return d.SetWebhook(ctx, r.public+"/webhooks/viber") })
	}
}

// africasTalking opens text messages through an African aggregator. It signs nothing:
// a secret in the address proves that a callback is its.
func (r *reach) africasTalking(ctx context.Context) {
	if !r.has("africastalking", "AFRICASTALKING_USERNAME", "AFRICASTALKING_API_KEY") {
		return
	}
	secret, err := secretOf(ctx, r.key, "africastalking/callbacks")
	if err != nil {
		r.errs = append(r.errs, err)
		return
	}
	d, err := africastalking.New(africastalking.Config{
		Username: r.env("AFRICASTALKING_USERNAME"), APIKey: r.env("AFRICASTALKING_API_KEY"), From: r.env("AFRICASTALKING_FROM"),
		Secret: secret, Name: "africastalking", BaseURL: r.env("AFRICASTALKING_BASE_URL"),
	})
	if ch := r.add(d, err, delivery.Hold); ch != nil {
		r.route("POST /webhooks/africastalking", ch)
		r.tell = append(r.tell, "Africa's Talking callbacks:  "+r.public+"/webhooks/africastalking?secret="+secret)
	}
}

// telegram opens the bot. Telegram has neither a list nor news, so that a message in
// doubt is held, as on Viber.
func (r *reach) telegram() {
	if !r.has("telegram", "TELEGRAM_TOKEN") {
		return
	}
	d, err := telegram.New(telegram.Config{Token: r.env("TELEGRAM_TOKEN"), BaseURL: r.env("TELEGRAM_BASE_URL")})
	if ch := r.add(d, err, delivery.Hold); ch != nil {
		r.files["telegram:file/"] = d.Open
		r.route("POST /webhooks/telegram", ch)
		r.later = append(r.later, func(ctx context.Context) error { return d.SetWebhook(ctx, r.public+"/webhooks/telegram") })
	}
}

// announce tells providers where to call, once the hub listens, until each has heard.
func (r *reach) announce(ctx context.Context) {
	var all sync.WaitGroup
	for _, tell := range r.later {
		all.Go(func() {
			wait := 5 * time.Second
			for err := tell(ctx); err != nil && ctx.Err() == nil; err = tell(ctx) {
				r.log.ErrorContext(ctx, "a provider was not told where to call: nothing comes in there yet", "error", err, "again in", wait)
				pause(ctx, wait)
				wait = min(2*wait, 10*time.Minute)
			}
		})
	}
	all.Wait()
}
