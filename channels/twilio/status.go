package twilio

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// stages says how far a message came by Twilio's word for it.
var stages = map[string]channels.Stage{
	"scheduled": channels.Accepted, "accepted": channels.Accepted, "queued": channels.Accepted, "sending": channels.Accepted,
	"sent": channels.Sent, "delivered": channels.Delivered, "partially_delivered": channels.Delivered, "read": channels.Read,
	"failed": channels.Failed, "undelivered": channels.Failed, "canceled": channels.Failed,
}

// news reads a status callback. Words that Twilio may add some day are no news.
func (s *sender) news(r *http.Request, form url.Values) ([]channels.Event, error) {
	sid, word := form.Get("MessageSid"), form.Get("MessageStatus")
	if sid == "" {
		return nil, channels.ErrMalformed
	}
	stage, known := stages[word]
	if !known {
		return nil, nil
	}
	now := s.a.now()
	st := &channels.Status{Ref: s.a.reference(r.URL.Query()), ID: sid, Stage: stage, At: now}
	if stage == channels.Failed {
		st.Code = form.Get("ErrorCode")
		st.Cause = failure(st.Code)
		if word == "canceled" { // by us: it is not to be sent again
			st.Cause, st.Code = channels.Rejected, word
		}
	}
	// To is the person here, and From our number.
	person, _ := s.person(form.Get("To"))
	ours := strings.TrimPrefix(form.Get("From"), s.prefix)
	return []channels.Event{{
		ID: sid + "/" + word, Kind: channels.News, At: now, Status: st,
		From: s.address(person), To: s.address(ours),
	}}, nil
}

// address returns the address of an id on this channel.
func (s *sender) address(id string) channels.Address {
	if id == "" {
		return channels.Address{}
	}
	return channels.Address{Channel: s.name, ID: id}
}
