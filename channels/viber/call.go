package viber

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// accepted is the answer to a message that was taken.
type accepted struct {
	MessageToken json.Number `json:"message_token"` // 64 bits: a float would round it
}

// tooOld is the status of a person's app that does not know what was sent.
const tooOld = "13"

// causes are Viber's statuses. Any other is a general error, and nothing was taken.
var causes = map[int]channels.Cause{
	1:  channels.Misconfigured, // invalidUrl
	2:  channels.Misconfigured, // invalidAuthToken
	3:  channels.Rejected,      // badData
	4:  channels.Rejected,      // missingData
	5:  channels.Unreachable,   // receiverNotRegistered
	6:  channels.OptedOut,      // receiverNotSubscribed
	7:  channels.Misconfigured, // publicAccountBlocked
	8:  channels.Misconfigured, // publicAccountNotFound
	9:  channels.Misconfigured, // publicAccountSuspended
	10: channels.Misconfigured, // webhookNotSet
	11: channels.Unreachable,   // receiverNoSuitableDevice
	12: channels.Throttled,     // tooManyRequests
	13: channels.Rejected,      // apiVersionNotSupported: this content, on this app
	14: channels.Rejected,      // incompatibleWithVersion
	15: channels.Misconfigured, // publicAccountNotAuthorized
	16: channels.Rejected,      // inlineMessageNotAllowed and its like
	17: channels.Rejected,
	18: channels.Rejected,
	19: channels.Misconfigured, // cannotSendBroadcast
	20: channels.Misconfigured, // broadcastNotAllowed
	21: channels.Unreachable,   // unsupportedCountry
	22: channels.Rejected,      // paymentUnsupported
	23: channels.Misconfigured, // freeMessagesExceeded
	24: channels.Misconfigured, // noBalance
}

// call posts in to a method and reads the answer into out.
func (d *Driver) call(ctx context.Context, method string, in, out any) *channels.Error {
	body, err := encode(in)
	if err != nil {
		return &channels.Error{Cause: channels.Rejected, Err: err}
	}
	if len(body) > largestRequest {
		return &channels.Error{Cause: channels.Rejected, Code: "over 30 KB"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.cfg.BaseURL+"/pa/"+method, bytes.NewReader(body))
	if err != nil {
		return &channels.Error{Cause: channels.Misconfigured, Err: err}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Viber-Auth-Token", d.cfg.Token)
	res, err := d.client.Do(req)
	if err != nil {
		return &channels.Error{Cause: channels.CauseOf(err), Err: err}
	}
	defer res.Body.Close()
	switch failed := channels.HTTPError(res.StatusCode, res.Header, time.Now()); {
	case res.StatusCode == http.StatusNotFound, failed == nil && res.StatusCode >= 300:
		return &channels.Error{Cause: channels.Misconfigured, Code: "HTTP " + strconv.Itoa(res.StatusCode)}
	case failed != nil:
		failed.Code = "HTTP " + failed.Code
		return failed
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return &channels.Error{Cause: channels.Unknown, Err: err}
	}
	var verdict struct{ Status *int }
	switch err := json.Unmarshal(answer, &verdict); {
	case err != nil || verdict.Status == nil: // perhaps taken, and the answer was lost
		return &channels.Error{Cause: channels.Unknown, Code: "no status", Err: err}
	case *verdict.Status != 0:
		cause, known := causes[*verdict.Status]
		if !known {
			cause = channels.Unavailable
		}
		return &channels.Error{Cause: cause, Code: strconv.Itoa(*verdict.Status), After: channels.RetryAfter(res.Header, time.Now())}
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return &channels.Error{Cause: channels.Unknown, Err: err}
	}
	return nil
}

// encode writes JSON with its letters as they are: escaped, they would be six times as long.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
