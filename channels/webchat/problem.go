package webchat

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// problem is a refusal, written as RFC 9457 problem details. It never repeats
// what was sent.
type problem struct {
	Status int           `json:"status"`
	Title  string        `json:"title"`
	Detail string        `json:"detail,omitempty"`
	after  time.Duration // Retry-After
}

// Error implements error.
func (p *problem) Error() string { return "webchat: " + p.Title + ": " + p.Detail }

var (
	errNotFound = &problem{Status: http.StatusNotFound, Title: "not found", Detail: "There is nothing here."}
	errMethod   = &problem{Status: http.StatusMethodNotAllowed, Title: "wrong method", Detail: "The Allow header names the methods of this address."}
	errOrigin   = &problem{Status: http.StatusForbidden, Title: "another site", Detail: "This request came from a site that may not use this chat: the operator can add it to the chat's origins."}
	errUnknown  = &problem{Status: http.StatusUnauthorized, Title: "unknown session", Detail: "The session is unknown or over. Start a new session with POST session."}
	errTooLarge = &problem{Status: http.StatusRequestEntityTooLarge, Title: "too large", Detail: "The request is larger than this chat takes."}
	errTooLong  = &problem{Status: http.StatusRequestEntityTooLarge, Title: "text too long", Detail: "Send the text in several parts."}
	errType     = &problem{Status: http.StatusUnsupportedMediaType, Title: "wrong content type", Detail: "Send Content-Type: application/json."}
	errPhoto    = &problem{Status: http.StatusUnsupportedMediaType, Title: "not a photo", Detail: "Send a JPEG, PNG or WebP image."}
)

func badRequest(format string, a ...any) *problem {
	return &problem{Status: http.StatusBadRequest, Title: "bad request", Detail: fmt.Sprintf(format, a...)}
}

func tooMany(wait time.Duration) *problem {
	return &problem{Status: http.StatusTooManyRequests, Title: "too many requests", Detail: "Send it again a little later.", after: wait}
}

func busy(wait time.Duration) *problem {
	return &problem{Status: http.StatusServiceUnavailable, Title: "busy", Detail: "Nothing was recorded. Send the same request again a little later.", after: wait}
}

// refuse writes err, which is a *problem; anything else is our fault.
func refuse(w http.ResponseWriter, err error) {
	p, ok := errors.AsType[*problem](err)
	if !ok {
		p = busy(2 * time.Second)
	}
	head := w.Header()
	head.Set("Content-Type", "application/problem+json")
	if p.after > 0 {
		head.Set("Retry-After", strconv.Itoa(int((p.after+time.Second-1)/time.Second)))
	}
	if p.Status == http.StatusUnauthorized {
		head.Set("WWW-Authenticate", "Bearer")
	}
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the line may be gone
}
