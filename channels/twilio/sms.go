package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/segments"
)

// SMSConfig says how text messages leave. From or MessagingService is needed.
type SMSConfig struct {
	// From is the number, short code or name that sends.
	From string
	// MessagingService is MG…: it chooses the number, and can schedule.
	MessagingService string
	// Segments is how many segments one message may have; a longer text leaves in
	// several messages. Defaults to 10, which is also the most.
	Segments int
	// MMS says that pictures can be sent and come in, as in the US and Canada.
	MMS bool
	// Smart has Twilio replace signs that GSM-7 does not know by like ones, if the
	// whole text then fits it.
	Smart bool
	// ShortenURLs has Twilio shorten links, and see who follows them. It needs a
	// MessagingService with a domain of its own.
	ShortenURLs bool
	// OptOutWords are the words after which Twilio blocks us until the person writes
	// START. Defaults to Twilio's English ones; empty but not nil where the account
	// has them switched off.
	OptOutWords []string
}

// optOut are the words that Twilio obeys by default.
var optOut = []string{"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}

// SMS sends and receives text messages. It is safe for concurrent use.
type SMS struct {
	sender
	cfg SMSConfig
}

// SMS returns the account's channel for text messages, a [channels.Driver] with the
// name "sms". The error lists everything that is wrong with cfg.
func (a *Account) SMS(cfg SMSConfig) (*SMS, error) {
	s, err := a.newSender(smsName, "", cfg.From, cfg.MessagingService, senderForm)
	errs := []error{err}
	if cfg.Segments < 0 || cfg.Segments > 10 {
		errs = append(errs, fmt.Errorf("twilio: sms: Segments is %d; Twilio takes 1 to 10", cfg.Segments))
	}
	if cfg.ShortenURLs && cfg.MessagingService == "" {
		errs = append(errs, errors.New("twilio: sms: ShortenURLs needs a MessagingService"))
	}
	if cfg.Segments == 0 {
		cfg.Segments = 10
	}
	if cfg.OptOutWords == nil {
		cfg.OptOutWords = optOut
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s.reworded = cfg.Smart || cfg.ShortenURLs
	return &SMS{s, cfg}, nil
}

// Limits says that there is text, and nothing to tap.
func (s *SMS) Limits() channels.Limits {
	return channels.Limits{Text: s.cfg.Segments, Unit: channels.Segments, Files: s.cfg.MMS}
}

// Send makes one attempt at sending.
func (s *SMS) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	return s.send(ctx, &r, time.Time{})
}

// Schedule has Twilio send r at a time from 15 minutes to 35 days ahead; it needs a
// MessagingService. Until then [Account.Cancel] takes it back.
func (s *SMS) Schedule(ctx context.Context, r channels.Rendered, at time.Time) (channels.Receipt, error) {
	switch wait := at.Sub(s.a.now()); {
	case s.service == "" && !isSID("MG", r.From):
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Code: "35118", Err: errors.New("scheduling needs a Messaging Service")}
	case wait < 15*time.Minute || wait > 35*24*time.Hour:
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Code: "35114", Err: errors.New("a message is scheduled 15 minutes to 35 days ahead")}
	}
	return s.send(ctx, &r, at)
}

func (s *SMS) send(ctx context.Context, r *channels.Rendered, at time.Time) (channels.Receipt, error) {
	p, err := s.params(r)
	if err != nil {
		return channels.Receipt{}, err
	}
	if body := r.Body(); strings.TrimSpace(body) != "" {
		p.SetBody(body)
	}
	if len(r.Media) > 0 {
		if !s.cfg.MMS {
			return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Err: errors.New("pictures need SMSConfig.MMS")}
		}
		p.SetMediaUrl(urls(r.Media))
	}
	if p.Body == nil && p.MediaUrl == nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Err: channels.ErrEmpty}
	}
	if s.cfg.Smart {
		p.SetSmartEncoded(true)
	}
	if s.cfg.ShortenURLs {
		p.SetShortenUrls(true)
	}
	if !at.IsZero() {
		p.SetScheduleType("fixed").SetSendAt(at.UTC().Truncate(time.Second))
		p.ValidityPeriod = nil // it would run from now
	}
	return s.create(ctx, p)
}

// Cost returns in how many segments a text is billed.
func (s *SMS) Cost(text string) int {
	if s.cfg.Smart {
		text, _ = segments.Smart(text)
	}
	return segments.Measure(text).Segments
}

// Receive verifies and decodes a webhook. A word that makes Twilio block us is the
// person's stop, whatever it was meant to answer: nothing more would arrive.
func (s *SMS) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	es, err := s.sender.Receive(r, body)
	for i := range es {
		for _, word := range s.cfg.OptOutWords {
			if es[i].Kind == channels.Said && strings.EqualFold(strings.TrimSpace(es[i].Text), word) {
				es[i].Kind = channels.Stopped
			}
		}
	}
	return es, err
}

// urls returns where Twilio fetches the media.
func urls(ms []channels.Media) []string {
	all := make([]string, len(ms))
	for i := range ms {
		all[i] = ms[i].URL
	}
	return all
}
