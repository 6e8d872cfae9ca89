package viber

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"math"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// callback is what Viber posts, as far as it is read.
type callback struct {
	Event        string      `json:"event"`
	Timestamp    int64       `json:"timestamp,omitempty"` // ms
	MessageToken json.Number `json:"message_token,omitempty"`
	UserID       string      `json:"user_id,omitempty"`
	User         *person     `json:"user,omitempty"`
	Sender       *person     `json:"sender,omitempty"`
	Context      string      `json:"context,omitempty"`
	Message      *incoming   `json:"message,omitempty"`
}

type person struct {
	ID string `json:"id"`
}

// incoming is what a person sent.
type incoming struct {
	Type         string   `json:"type"`
	Text         string   `json:"text,omitempty"`
	Media        string   `json:"media,omitempty"`
	FileName     string   `json:"file_name,omitempty"`
	FileSize     int64    `json:"file_size,omitempty"`
	TrackingData string   `json:"tracking_data,omitempty"`
	Location     *point   `json:"location,omitempty"`
	Contact      *contact `json:"contact,omitempty"`
}

type point struct {
	Lat *float64 `json:"lat"`
	Lon *float64 `json:"lon"`
}

type contact struct {
	PhoneNumber string `json:"phone_number"`
}

// Receive verifies the signature over the body and decodes what came. The event of
// SetWebhook, and kinds that are not known, are none.
func (d *Driver) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	mac := hmac.New(sha256.New, []byte(d.cfg.Token))
	mac.Write(body)
	want := hex.EncodeToString(mac.Sum(nil))
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("X-Viber-Content-Signature")), []byte(want)) != 1 {
		return nil, channels.ErrSignature
	}
	var c callback
	if json.Unmarshal(body, &c) != nil {
		return nil, channels.ErrMalformed
	}
	e, known := d.event(&c)
	switch {
	case !known:
		return nil, nil
	case e.From.ID == "" || c.MessageToken == "":
		return nil, channels.ErrMalformed
	}
	return []channels.Event{e}, nil
}

// event returns what a callback means.
func (d *Driver) event(c *callback) (e channels.Event, known bool) {
	token := c.MessageToken.String()
	from := func(id string) channels.Address { return channels.Address{Channel: d.cfg.Name, ID: id} }
	e = channels.Event{ID: c.Event + "/" + token, From: from(c.UserID), To: from(d.cfg.Bot)}
	if d.cfg.Bot == "" {
		e.To = channels.Address{}
	}
	if c.Timestamp > 0 {
		e.At = time.UnixMilli(c.Timestamp).UTC()
	}
	for _, p := range []*person{c.User, c.Sender} {
		if p != nil {
			e.From = from(p.ID)
		}
	}
	news := func(s channels.Stage, cause channels.Cause, code string) {
		e.Kind, e.Status = channels.News, &channels.Status{ID: token, Stage: s, Cause: cause, Code: code, At: e.At}
	}
	switch c.Event {
	case "message":
		if c.Message == nil {
			e.From = channels.Address{} // nothing was said: malformed
			return e, true
		}
		c.Message.fill(&e)
	case "conversation_started":
		// Only the response reaches who has not subscribed yet: see Answer.
		e.Kind, e.Campaign, e.Session = channels.Started, c.Context, token
	case "subscribed":
		e.Kind = channels.Started
	case "unsubscribed":
		e.Kind = channels.Stopped
	case "delivered":
		news(channels.Delivered, channels.None, "")
	case "seen":
		news(channels.Read, channels.None, "")
	case "failed": // Viber describes why in prose only
		news(channels.Failed, channels.Unavailable, "failed")
	default:
		return e, false
	}
	return e, true
}

// fill puts what a person sent into an event. A kind that carries nothing readable, such
// as a sticker, is an event in which nothing is said: the hub asks again.
func (m *incoming) fill(e *channels.Event) {
	switch m.Type {
	case "text":
		e.Text = m.Text
		if id, ok := strings.CutPrefix(m.Text, tap); ok && id != "" {
			// A keyboard stands under the latest message only, so the tracking data names the
			// question tapped. Of what is typed it would name whatever came last, even a notice.
			e.Text, e.Option, e.InReplyTo = "", id, m.TrackingData
		}
	case "picture", "video", "file":
		e.Text = m.Text
		if m.Media != "" {
			e.Media = []channels.Media{{URL: m.Media, Type: m.mime(), Name: m.FileName, Size: max(m.FileSize, 0)}}
		}
	case "url":
		e.Text = m.Media
	case "contact":
		if m.Contact != nil {
			e.Text = international(m.Contact.PhoneNumber)
		}
	case "location":
		e.Location = m.Location.location()
	}
}

// location returns the place, or nil where a coordinate is missing or off the earth.
func (p *point) location() *channels.Location {
	if p == nil || p.Lat == nil || p.Lon == nil || !(math.Abs(*p.Lat) <= 90) || !(math.Abs(*p.Lon) <= 180) {
		return nil
	}
	return &channels.Location{Lat: *p.Lat, Lon: *p.Lon}
}

// mime guesses a file's type from its name; pictures are JPEG on Viber.
func (m *incoming) mime() string {
	kind, _, _ := strings.Cut(mime.TypeByExtension(strings.ToLower(path.Ext(m.FileName))), ";")
	switch {
	case kind != "":
		return kind
	case m.Type == "picture":
		return "image/jpeg"
	case m.Type == "video":
		return "video/mp4"
	}
	return "application/octet-stream"
}

// international adds the plus sign that Viber leaves out of a full number.
func international(number string) string {
	number = strings.TrimSpace(number)
	digits := strings.Trim(number, "0123456789") == ""
	if digits && len(number) >= 10 && number[0] != '0' {
		return "+" + number
	}
	return number
}
