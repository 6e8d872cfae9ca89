package telegram

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
)

// outgoing is a message as the Bot API takes it; one of its contents is set.
type outgoing struct {
	ChatID      int64    `json:"chat_id"`
	Text        string   `json:"text,omitempty"`
	Photo       string   `json:"photo,omitempty"`
	Voice       string   `json:"voice,omitempty"`
	Document    string   `json:"document,omitempty"`
	Caption     string   `json:"caption,omitempty"`
	LinkPreview *preview `json:"link_preview_options,omitempty"`
	Markup      *markup  `json:"reply_markup,omitempty"`
}

type preview struct {
	IsDisabled bool `json:"is_disabled"`
}

// markup is an inline keyboard, a keyboard, or the wish that the last one goes.
type markup struct {
	Inline  [][]inlineButton `json:"inline_keyboard,omitempty"`
	Rows    [][]keyButton    `json:"keyboard,omitempty"`
	Resize  bool             `json:"resize_keyboard,omitempty"`
	OneTime bool             `json:"one_time_keyboard,omitempty"`
	Remove  bool             `json:"remove_keyboard,omitempty"`
}

type inlineButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

type keyButton struct {
	Text     string `json:"text"`
	Contact  bool   `json:"request_contact,omitempty"`
	Location bool   `json:"request_location,omitempty"`
}

// method returns the Bot API's method for the message.
func (o *outgoing) method() string {
	switch {
	case o.Photo != "":
		return "sendPhoto"
	case o.Voice != "":
		return "sendVoice"
	case o.Document != "":
		return "sendDocument"
	}
	return "sendMessage"
}

// compose returns the messages in which r leaves: mostly one.
func compose(r channels.Rendered) ([]outgoing, *channels.Error) {
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
	case strings.TrimSpace(text) == "":
	case len(ms) == 1 && ms[0].Text == "" && channels.UTF16.Fits(text, longestCaption):
		ms[0].Caption = text
	default:
		ms = append(ms, outgoing{Text: text})
	}
	if len(ms) == 0 {
		return nil, &channels.Error{Cause: channels.Rejected, Code: "empty", Err: channels.ErrEmpty}
	}
	for i := range ms {
		if ms[i].Text != "" {
			ms[i].LinkPreview = &preview{IsDisabled: true} // a preview costs data, and looks like ours
		}
	}
	ms[len(ms)-1].Markup = keyboard(&r)
	return ms, nil
}

// keyboard returns the choices under a message. What has none takes an older keyboard off.
func keyboard(r *channels.Rendered) *markup {
	tapped := r.Form == channels.Buttons || r.Form == channels.List || r.Form == channels.Paged
	share := keyButton{Text: r.Share, Contact: r.Wants == channels.WantPhone, Location: r.Wants == channels.WantPlace}
	switch {
	case share.Text != "" && (share.Contact || share.Location) && r.Form != channels.Paged:
		rows := [][]keyButton{{share}}
		if tapped {
			// These send their words: the whole label, as a short one might not be understood.
			for i := range r.Options {
				rows = append(rows, []keyButton{{Text: r.Options[i].Label}})
			}
		}
		return &markup{Rows: rows, Resize: true, OneTime: true}
	case tapped:
		rows := make([][]inlineButton, len(r.Shown))
		for i, o := range r.Shown {
			rows[i] = []inlineButton{{Text: o.Label, Data: data(o.ID, r.First+i)}}
		}
		return &markup{Inline: rows}
	}
	return &markup{Remove: true}
}

// Beginnings of what a button sends back.
const (
	tapID     = "o"
	tapNumber = "n"
)

// data returns what the button of an option sends back: its id, or its number in the
// whole list where the id does not fit.
func data(id string, number int) string {
	if len(tapID+id) <= longestData && utf8.ValidString(id) {
		return tapID + id
	}
	return tapNumber + strconv.Itoa(number)
}

// fileScheme begins the URL of a file that Telegram keeps.
const fileScheme = "telegram:file/"

// attach returns the message of one photo or file. What Telegram does not fetch by URL,
// for its kind or size, leaves as a link.
func attach(m channels.Media) (outgoing, *channels.Error) {
	where, ours := strings.CutPrefix(m.URL, fileScheme)
	if where == "" || !ours && !strings.HasPrefix(where, "https://") {
		return outgoing{}, &channels.Error{Cause: channels.Rejected, Code: "media"}
	}
	switch kind := m.Type; {
	case (kind == "image/jpeg" || kind == "image/png" || kind == "image/webp") && (ours || m.Size <= largestPhoto):
		return outgoing{Photo: where}, nil
	case kind == "audio/ogg" && (ours || m.Size <= largestFile):
		return outgoing{Voice: where}, nil
	case ours, (kind == "application/pdf" || kind == "application/zip") && m.Size <= largestFile:
		return outgoing{Document: where}, nil
	}
	return outgoing{Text: where}, nil
}
