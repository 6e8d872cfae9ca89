package viber

import (
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
)

// outgoing is a message as Viber takes it.
type outgoing struct {
	Receiver      string    `json:"receiver,omitempty"`
	Type          string    `json:"type"`
	Sender        sender    `json:"sender"`
	TrackingData  string    `json:"tracking_data,omitempty"`
	MinAPIVersion int       `json:"min_api_version,omitempty"`
	Text          *string   `json:"text,omitempty"`
	Media         string    `json:"media,omitempty"`
	Size          int64     `json:"size,omitempty"`
	FileName      string    `json:"file_name,omitempty"`
	Keyboard      *keyboard `json:"keyboard,omitempty"`
}

type sender struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar,omitempty"`
}

type keyboard struct {
	Type          string   `json:"Type"`
	DefaultHeight bool     `json:"DefaultHeight"`
	Buttons       []button `json:"Buttons"`
}

type button struct {
	Columns    int    `json:"Columns"`
	Rows       int    `json:"Rows"`
	ActionType string `json:"ActionType"`
	ActionBody string `json:"ActionBody"`
	Text       string `json:"Text"`
	TextSize   string `json:"TextSize"`
	Silent     bool   `json:"Silent,omitempty"`
}

// tap begins the ActionBody of every button: a tap sends it back as if it were typed, and
// nobody types this.
const tap = "hubkit:tap:"

// compose returns the messages in which r leaves: mostly one.
func (d *Driver) compose(r channels.Rendered) ([]outgoing, *channels.Error) {
	text := r.Body()
	var ms []outgoing
	for _, m := range r.Media {
		o, failed := attach(m)
		if failed != nil {
			return nil, failed
		}
		ms = append(ms, o)
	}
	switch {
	case text == "":
	case len(ms) == 1 && ms[0].Type == "picture" && channels.UTF16.Fits(text, longestCaption):
		ms[0].Text = &text
	default:
		ms = append(ms, outgoing{Type: "text", Text: &text})
	}
	if len(ms) == 0 {
		return nil, &channels.Error{Cause: channels.Rejected, Code: "empty", Err: channels.ErrEmpty}
	}
	for i := range ms {
		ms[i].Sender, ms[i].TrackingData = sender{d.cfg.Sender, d.cfg.Avatar}, r.Ref
	}
	last := &ms[len(ms)-1]
	last.Keyboard = d.keyboard(&r)
	if last.Keyboard != nil && last.Keyboard.Buttons[0].ActionType != "reply" {
		last.MinAPIVersion = shareVersion
	}
	return ms, nil
}

// shareVersion is the least version of the API that knows buttons which share something.
const shareVersion = 3

// keyboard returns the buttons of r, one a row; nil when it has none.
func (d *Driver) keyboard(r *channels.Rendered) *keyboard {
	var bs []button
	add := func(action, body, text string) {
		bs = append(bs, button{Columns: 6, Rows: 1, ActionType: action, ActionBody: body, Text: escape.Replace(text), TextSize: "regular"})
	}
	switch {
	case r.Share == "":
	case r.Wants == channels.WantPhone:
		add("share-phone", tap+"phone", r.Share)
	case r.Wants == channels.WantPlace:
		add("location-picker", tap+"place", r.Share)
	}
	switch r.Form {
	case channels.Buttons, channels.List, channels.Paged:
		for _, o := range r.Shown {
			add("reply", tap+o.ID, o.Label)
			bs[len(bs)-1].Silent = !d.cfg.ShowTaps
		}
	}
	if len(bs) == 0 {
		return nil
	}
	return &keyboard{Type: "keyboard", Buttons: bs}
}

// escape writes a label as the small HTML of a button.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// withoutShare takes the button that shares something off a message.
func (o *outgoing) withoutShare() {
	o.MinAPIVersion = 0
	if rest := o.Keyboard.Buttons[1:]; len(rest) > 0 {
		o.Keyboard = &keyboard{Type: "keyboard", Buttons: rest}
		return
	}
	o.Keyboard = nil
}

// attach returns the message of one picture or file. What Viber would refuse as such, for
// its kind or size, leaves as a link, which every app opens.
func attach(m channels.Media) (outgoing, *channels.Error) {
	if !strings.HasPrefix(m.URL, "https://") || len(m.URL) > longestURL {
		return outgoing{}, &channels.Error{Cause: channels.Rejected, Code: "media"}
	}
	var none string
	switch {
	case m.Type == "image/jpeg" && m.Size <= largestPicture:
		return outgoing{Type: "picture", Media: m.URL, Text: &none}, nil
	case m.Type == "video/mp4" && m.Size > 0 && m.Size <= largestVideo:
		return outgoing{Type: "video", Media: m.URL, Size: m.Size}, nil
	case m.Size > 0 && m.Size <= largestFile && path.Ext(m.Name) != "" && utf8.RuneCountInString(m.Name) <= longestName:
		return outgoing{Type: "file", Media: m.URL, Size: m.Size, FileName: m.Name}, nil
	}
	return outgoing{Type: "url", Media: m.URL}, nil
}
