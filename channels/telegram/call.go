package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// verdict is what the Bot API answers to every call.
type verdict struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int64 `json:"retry_after"`
		Migrated   int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call posts in to a method and reads the result into out.
func (d *Driver) call(ctx context.Context, method string, in, out any) *channels.Error {
	var body bytes.Buffer
	if err := json.NewEncoder(&body).Encode(in); err != nil {
		return &channels.Error{Cause: channels.Rejected, Err: err}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.cfg.BaseURL+"/bot"+d.cfg.Token+"/"+method, &body)
	if err != nil {
		return &channels.Error{Cause: channels.Misconfigured, Code: "URL"} // the error would quote the token
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := d.client.Do(req)
	if err != nil {
		return &channels.Error{Cause: channels.CauseOf(err), Err: redacted(err)}
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return &channels.Error{Cause: channels.Unknown, Err: redacted(err)}
	}
	var v verdict
	if json.Unmarshal(answer, &v) != nil || !v.OK && v.ErrorCode == 0 {
		v = verdict{ErrorCode: res.StatusCode} // a proxy's page, or half an answer
	}
	if !v.OK {
		return refused(v, res.Header)
	}
	if err := json.Unmarshal(v.Result, out); err != nil {
		return &channels.Error{Cause: channels.Unknown, Code: "result", Err: err}
	}
	return nil
}

// redacted takes the URL, and with it the token, out of an error of net/http.
func redacted(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// refused says what follows from a call that failed. Telegram's words are no contract:
// what they do not tell apart is told by the code alone.
func refused(v verdict, h http.Header) *channels.Error {
	says := func(words ...string) bool {
		text := strings.ToLower(v.Description)
		for _, w := range words {
			if strings.Contains(text, w) {
				return true
			}
		}
		return false
	}
	e := &channels.Error{Code: strconv.Itoa(v.ErrorCode), After: channels.RetryAfter(h, time.Now())}
	switch code := v.ErrorCode; {
	case code == http.StatusTooManyRequests:
		e.Cause = channels.Throttled
		if s := v.Parameters.RetryAfter; s > 0 {
			e.After = time.Duration(min(s, 24*60*60)) * time.Second
		}
	case code == http.StatusBadRequest && v.Parameters.Migrated != 0: // a group became another: we write to people
		e.Cause, e.Code = channels.Unreachable, "400 migrated"
	case code == http.StatusBadRequest && says("chat not found", "user not found", "peer_id_invalid"):
		e.Cause = channels.Unreachable
	case code == http.StatusForbidden && says("blocked by the user"):
		e.Cause = channels.OptedOut
	case code == http.StatusForbidden:
		e.Cause = channels.Unreachable
	case code == http.StatusUnauthorized, code == http.StatusNotFound, code == http.StatusConflict, code >= 300 && code < 400:
		e.Cause = channels.Misconfigured
	case code >= 400 && code < 500 && code != http.StatusRequestTimeout:
		e.Cause = channels.Rejected
	default: // also a 200 that cannot be read: perhaps it was taken
		e.Cause = channels.Unknown
	}
	return e
}
