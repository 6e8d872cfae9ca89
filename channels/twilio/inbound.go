package twilio

import (
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// Receive verifies and decodes a webhook: what a person sent, or a status callback.
func (s *sender) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if err := s.a.verify(r, body); err != nil {
		return nil, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, channels.ErrMalformed
	}
	person := form.Get("From")
	if form.Get("MessageStatus") != "" {
		person = form.Get("To")
	}
	if _, mine := s.person(person); !mine {
		return nil, channels.ErrMalformed // of another channel, or of nobody
	}
	if form.Get("MessageStatus") != "" {
		return s.news(r, form)
	}
	e, err := s.said(form)
	if err != nil {
		return nil, err
	}
	return []channels.Event{e}, nil
}

// Answer acknowledges: replies leave by Send.
func (s *sender) Answer(w http.ResponseWriter, _ *http.Request, _ []channels.Rendered) error {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, err := io.WriteString(w, `<?xml version="1.0" encoding="UTF-8"?><Response/>`)
	return err
}

// said reads what a person sent. Twilio adds fields without notice, and the name of a
// person's profile is among those that are left alone.
func (s *sender) said(form url.Values) (channels.Event, error) {
	person, _ := s.person(form.Get("From"))
	e := channels.Event{
		ID: form.Get("MessageSid"), Kind: channels.Said, At: s.a.now(),
		From: s.address(person), To: s.address(strings.TrimPrefix(form.Get("To"), s.prefix)),
		Text: form.Get("Body"), Option: form.Get("ListId"), InReplyTo: form.Get("OriginalRepliedMessageSid"),
		Media: media(form), Location: place(form), Campaign: campaign(form),
	}
	if e.ID == "" {
		e.ID = form.Get("SmsMessageSid")
	}
	if e.ID == "" {
		return e, channels.ErrMalformed
	}
	if e.Option == "" {
		e.Option = form.Get("ButtonPayload")
	}
	if e.Option != "" && e.Text == "" {
		e.Text = form.Get("ListTitle") + form.Get("ButtonText") // one of them
	}
	if strings.EqualFold(form.Get("OptOutType"), "STOP") {
		e.Kind = channels.Stopped
	}
	return e, nil
}

// mostMedia is more than any channel carries in one message.
const mostMedia = 30

// media returns the files that came along.
func media(form url.Values) []channels.Media {
	n, err := strconv.Atoi(form.Get("NumMedia"))
	if err != nil {
		return nil
	}
	var all []channels.Media
	for i := range min(n, mostMedia) {
		at := strconv.Itoa(i)
		if u := form.Get("MediaUrl" + at); u != "" {
			all = append(all, channels.Media{URL: u, Type: form.Get("MediaContentType" + at)})
		}
	}
	return all
}

// place returns a shared location, and nil where there is none on this earth: a wrong
// one is never the point 0, 0.
func place(form url.Values) *channels.Location {
	lat, okLat := degrees(form.Get("Latitude"), 90)
	lon, okLon := degrees(form.Get("Longitude"), 180)
	if !okLat || !okLon {
		return nil
	}
	label := form.Get("Label")
	if address := form.Get("Address"); label == "" {
		label = address
	} else if address != "" && address != label {
		label += ", " + address
	}
	return &channels.Location{Lat: lat, Lon: lon, Label: label}
}

func degrees(s string, most float64) (float64, bool) {
	d, err := strconv.ParseFloat(s, 64)
	return d, err == nil && math.Abs(d) <= most // NaN is not
}

// campaign returns the advert that brought the person: "ad:120…", or its click where
// the advert is not named.
func campaign(form url.Values) string {
	if id := form.Get("ReferralSourceId"); id != "" {
		kind := form.Get("ReferralSourceType")
		if kind == "" {
			kind = "ad"
		}
		return kind + ":" + id
	}
	if click := form.Get("ReferralCtwaClid"); click != "" {
		return "ctwa:" + click
	}
	return ""
}
