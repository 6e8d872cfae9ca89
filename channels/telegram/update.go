package telegram

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// update is what Telegram posts, as far as it is read.
type update struct {
	ID       *int64   `json:"update_id"`
	Message  *message `json:"message,omitempty"`
	Callback *tap     `json:"callback_query,omitempty"`
	Member   *member  `json:"my_chat_member,omitempty"`
}

type user struct {
	ID    int64 `json:"id"`
	IsBot bool  `json:"is_bot"`
}

type chat struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// message is what a person sent, or, in a tap, what was tapped.
type message struct {
	ID        int64           `json:"message_id"`
	From      *user           `json:"from,omitempty"`
	Chat      chat            `json:"chat"`
	Date      int64           `json:"date"`
	ReplyTo   *message        `json:"reply_to_message,omitempty"`
	Text      string          `json:"text,omitempty"`
	Caption   string          `json:"caption,omitempty"`
	Photo     []file          `json:"photo,omitempty"`
	Document  *file           `json:"document,omitempty"`
	Voice     *file           `json:"voice,omitempty"`
	Audio     *file           `json:"audio,omitempty"`
	Video     *file           `json:"video,omitempty"`
	VideoNote *file           `json:"video_note,omitempty"`
	Contact   *contact        `json:"contact,omitempty"`
	Location  *place          `json:"location,omitempty"`
	Venue     *venue          `json:"venue,omitempty"`
	Markup    *markup         `json:"reply_markup,omitempty"`
	Sticker   json.RawMessage `json:"sticker,omitempty"`
	Poll      json.RawMessage `json:"poll,omitempty"`
	Dice      json.RawMessage `json:"dice,omitempty"`
	Story     json.RawMessage `json:"story,omitempty"`
	Checklist json.RawMessage `json:"checklist,omitempty"`
}

type file struct {
	ID     string `json:"file_id"`
	Type   string `json:"mime_type,omitempty"`
	Name   string `json:"file_name,omitempty"`
	Size   int64  `json:"file_size,omitempty"`
	Width  int64  `json:"width,omitempty"`
	Height int64  `json:"height,omitempty"`
}

type contact struct {
	Phone  string `json:"phone_number"`
	UserID int64  `json:"user_id,omitempty"`
}

type place struct {
	Lat      *float64 `json:"latitude"`
	Lon      *float64 `json:"longitude"`
	Accuracy float64  `json:"horizontal_accuracy,omitempty"`
}

type venue struct {
	Title string `json:"title"`
}

// tap is a button that was pressed.
type tap struct {
	ID      string   `json:"id"`
	From    user     `json:"from"`
	Message *message `json:"message,omitempty"`
	Data    string   `json:"data,omitempty"`
}

// member says that a person blocked the bot, or lifted that.
type member struct {
	From user  `json:"from"`
	Chat chat  `json:"chat"`
	Date int64 `json:"date"`
	New  struct {
		Status string `json:"status"`
	} `json:"new_chat_member"`
}

// private is the kind of chat with one person; its id is the person's.
const private = "private"

// event returns what an update means; not ok is a kind, or a chat, that is none of ours.
func (d *Driver) event(u *update) (e channels.Event, ok bool) {
	e = channels.Event{ID: strconv.FormatInt(*u.ID, 10), To: d.at(d.bot)}
	switch {
	case u.Message != nil:
		m := u.Message
		if m.From == nil || m.From.IsBot || m.Chat.Type != private {
			return e, false
		}
		e.From, e.At = d.person(m.From.ID), date(m.Date)
		if m.ReplyTo != nil {
			e.InReplyTo = d.messageID(m.Chat.ID, m.ReplyTo.ID)
		}
		return e, m.fill(&e)
	case u.Callback != nil:
		c := u.Callback
		e.From = d.person(c.From.ID)
		if m := c.Message; m != nil {
			if m.Chat.Type != private {
				return e, false
			}
			e.InReplyTo, e.Text = d.messageID(m.Chat.ID, m.ID), m.label(c.Data)
		}
		return e, choose(&e, c.Data)
	case u.Member != nil:
		m := u.Member
		e.Kind, e.From, e.At = channels.Stopped, d.person(m.From.ID), date(m.Date)
		return e, m.Chat.Type == private && m.New.Status == "kicked"
	}
	return e, false
}

func (d *Driver) at(id string) channels.Address { return channels.Address{Channel: d.cfg.Name, ID: id} }

// person returns a user's address; empty for what is no id.
func (d *Driver) person(id int64) channels.Address {
	if id <= 0 {
		return channels.Address{}
	}
	return d.at(strconv.FormatInt(id, 10))
}

func date(s int64) time.Time {
	if s <= 0 {
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

// choose hears what a button sent back. What we never issued is nothing: another
// program's button, or a changed app's.
func choose(e *channels.Event, data string) bool {
	if id, ok := strings.CutPrefix(data, tapID); ok && id != "" {
		e.Option = id
		return true
	}
	number, ok := strings.CutPrefix(data, tapNumber)
	if n, err := strconv.Atoi(number); !ok || err != nil || n <= 0 || strconv.Itoa(n) != number {
		return false
	}
	e.Text = number
	return true
}

// label returns the words on the button that sends data.
func (m *message) label(data string) string {
	if m.Markup != nil {
		for _, row := range m.Markup.Inline {
			for _, b := range row {
				if b.Data == data {
					return b.Text
				}
			}
		}
	}
	return ""
}

// fill puts what a person sent into an event; false for news of the chat itself, which
// nobody said. A kind that carries nothing readable, such as a sticker, is an event in
// which nothing is said: the hub asks again.
func (m *message) fill(e *channels.Event) bool {
	e.Text = m.Text
	if e.Text == "" {
		e.Text = m.Caption
	}
	if payload, ok := strings.CutPrefix(m.Text, "/start "); ok {
		e.Text, e.Campaign = "/start", strings.TrimSpace(payload)
	}
	if p := largest(m.Photo); p != nil {
		e.Media = append(e.Media, p.media("image/jpeg"))
	}
	for _, f := range []struct {
		*file
		kind string
	}{{m.Document, "application/octet-stream"}, {m.Voice, "audio/ogg"}, {m.Audio, "audio/mpeg"}, {m.Video, "video/mp4"}, {m.VideoNote, "video/mp4"}} {
		if f.file != nil && f.ID != "" {
			e.Media = append(e.Media, f.media(f.kind))
		}
	}
	if c := m.Contact; c != nil && c.UserID == m.From.ID {
		e.Text = international(c.Phone)
	}
	if e.Location = m.Location.location(); e.Location != nil && m.Venue != nil {
		e.Location.Label = m.Venue.Title
	}
	for _, dumb := range []json.RawMessage{m.Sticker, m.Poll, m.Dice, m.Story, m.Checklist} {
		if dumb != nil {
			return true
		}
	}
	return e.Text != "" || len(e.Media) > 0 || m.Contact != nil || m.Location != nil
}

// largest returns the largest size of a photo.
func largest(sizes []file) *file {
	var best *file
	for i := range sizes {
		if f := &sizes[i]; f.ID != "" && (best == nil || f.Width*f.Height > best.Width*best.Height) {
			best = f
		}
	}
	return best
}

// media returns a file by a reference without the token.
func (f *file) media(kind string) channels.Media {
	if f.Type != "" {
		kind = f.Type
	}
	return channels.Media{URL: fileScheme + f.ID, Type: kind, Name: f.Name, Size: max(f.Size, 0)}
}

// location returns the place, or nil where a coordinate is missing or off the earth.
func (p *place) location() *channels.Location {
	if p == nil || p.Lat == nil || p.Lon == nil || !(math.Abs(*p.Lat) <= 90) || !(math.Abs(*p.Lon) <= 180) {
		return nil
	}
	return &channels.Location{Lat: *p.Lat, Lon: *p.Lon, Accuracy: max(p.Accuracy, 0)}
}

// international adds the plus sign that Telegram may leave out of a person's own number.
func international(number string) string {
	number = strings.TrimSpace(number)
	if number != "" && strings.Trim(number, "0123456789") == "" {
		return "+" + number
	}
	return number
}
