package africastalking

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Config says whose account sends, and how callbacks are believed.
type Config struct {
	Username string // the application's name there; "sandbox" reaches the simulator only
	APIKey   string // required
	From     string // short code or registered name; empty: the provider's shared sender
	Secret   string // required: 24 or more random letters, digits, - and _, in the callbacks' URL
	Name     string // of the channel, as two SMS drivers may serve one hub; defaults to "sms"
	BaseURL  string // defaults to https://api.africastalking.com, or to the sandbox's
}

// Driver is the adapter, and a channels.Receiver. It is safe for concurrent use.
type Driver struct {
	cfg    Config
	url    string
	client http.Client
}

// New returns a driver, or everything that is wrong with c.
func New(c Config) (*Driver, error) {
	home := map[bool]string{false: "https://api.africastalking.com", true: "https://api.sandbox.africastalking.com"}[c.Username == "sandbox"]
	c.Name, c.BaseURL = cmp.Or(c.Name, "sms"), cmp.Or(c.BaseURL, home)
	d := &Driver{cfg: c, url: strings.TrimSuffix(c.BaseURL, "/") + "/version1/messaging"}
	d.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // to no other host with the key
	var errs []error
	if c.Username == "" || c.APIKey == "" {
		errs = append(errs, errors.New("africastalking: Config needs Username and APIKey: the provider's dashboard shows both"))
	}
	if !secretOK.MatchString(c.Secret) {
		errs = append(errs, errors.New("africastalking: Config.Secret needs 24 or more random letters, digits, - or _: nothing else proves that a callback is the provider's"))
	}
	if u, err := url.Parse(d.url); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		errs = append(errs, errors.New("africastalking: Config.BaseURL is written https://host"))
	}
	return d, errors.Join(errs...)
}

var secretOK, e164 = regexp.MustCompile(`^[A-Za-z0-9_-]{24,}$`), regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

//readme:limits

// Name is in every address of the channel: "sms:+256…".
func (d *Driver) Name() string { return d.cfg.Name }

// Limits says that a message is text of up to six segments, with nothing to tap: options are numbered by it.
func (d *Driver) Limits() channels.Limits { return channels.Limits{Text: 6, Unit: channels.Segments} }

//readme:end

// Send makes one attempt at sending one message. Who tries again, and when, is not for a driver to say.
func (d *Driver) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	text := r.Body()
	for _, m := range r.Media {
		if !strings.HasPrefix(m.URL, "https://") {
			return fail(channels.Rejected, "media", nil)
		}
		text = strings.TrimPrefix(text+"\n"+m.URL, "\n")
	}
	if !e164.MatchString(r.To.ID) { // a comma in it would write to two people
		return fail(channels.Unreachable, "number", nil)
	}
	form := url.Values{"username": {d.cfg.Username}, "to": {r.To.ID}, "message": {text}, "bulkSMSMode": {"1"}}
	if from := cmp.Or(r.From, d.cfg.From); from != "" {
		form.Set("from", from)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, strings.NewReader(form.Encode()))
	if err != nil {
		return fail(channels.Misconfigured, "", err)
	}
	req.Header = http.Header{"Apikey": {d.cfg.APIKey}, "Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"}}
	res, err := d.client.Do(req)
	if err != nil { // it may have left, or not: CauseOf knows which
		return fail(channels.CauseOf(err), "", err)
	}
	defer res.Body.Close()
	switch e := channels.HTTPError(res.StatusCode, res.Header, time.Now()); {
	case res.StatusCode == http.StatusConflict:
		return fail(codes[409], "409", nil)
	case res.StatusCode == http.StatusNotFound, e == nil && res.StatusCode >= 300:
		return fail(channels.Misconfigured, strconv.Itoa(res.StatusCode), nil)
	case e != nil:
		return channels.Receipt{}, e
	}
	var answer struct {
		SMSMessageData struct {
			Message    string // free text, or one word of what is wrong with the whole request
			Recipients []struct {
				StatusCode        int
				Number, MessageID string
			}
		}
	}
	err = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer)
	for _, one := range answer.SMSMessageData.Recipients {
		switch code := strconv.Itoa(one.StatusCode); {
		case one.Number != r.To.ID:
		case one.StatusCode < 100 || one.StatusCode > 102:
			return fail(cmp.Or(codes[one.StatusCode], channels.Unknown), code, nil)
		case one.MessageID != "" && one.MessageID != "None":
			return channels.Receipt{ID: one.MessageID}, nil
		}
	}
	if answer.SMSMessageData.Message == "InvalidSenderId" {
		return fail(codes[402], "402", nil)
	}
	return fail(channels.Unknown, "", err) // perhaps taken, and the answer was lost
}

func fail(c channels.Cause, code string, err error) (channels.Receipt, error) {
	return channels.Receipt{}, &channels.Error{Cause: c, Code: code, Err: err}
}

// Receive reads a callback: what people write, reports of what was sent, and opt-outs.
func (d *Driver) Receive(r *http.Request, body []byte) ([]channels.Event, error) {
	if given := cmp.Or(r.URL.Query().Get("secret"), path.Base(r.URL.Path)); subtle.ConstantTimeCompare([]byte(given), []byte(d.cfg.Secret)) != 1 {
		return nil, channels.ErrSignature
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, channels.ErrMalformed
	}
	id, status := form.Get("id"), form.Get("status")
	e := channels.Event{ID: id, From: d.at(cmp.Or(form.Get("phoneNumber"), form.Get("from")))}
	switch stage, known := stages[status]; {
	case form.Has("updateType"), form.Has("status") && !known: // premium subscriptions; a new word for "on its way"
		return nil, nil
	case form.Has("status"): // perhaps earlier than the answer to our own request: the id tells whose it is
		e.Kind, e.ID, e.Status = channels.News, id+"/"+status, &channels.Status{ID: id, Stage: stage}
		if cause, known := reasons[strings.ToLower(form.Get("failureReason"))]; known && stage == channels.Failed {
			e.Status.Cause, e.Status.Code = cause, form.Get("failureReason")
		} else if stage == channels.Failed {
			e.Status.Cause, e.Status.Code = channels.Unavailable, status
		}
	case form.Has("senderId"):
		id = "stop/" + rand.Text() // an opt-out has none, and to hear it twice changes nothing
		e.Kind, e.ID, e.To = channels.Stopped, id, d.at(form.Get("senderId"))
	case form.Has("text"):
		e.Text, e.To = form.Get("text"), d.at(form.Get("to"))
		e.At, _ = time.Parse(time.RFC3339, form.Get("date")) // without a zone it is not believed: now stands in
	default:
		return nil, nil
	}
	if e.From.ID == "" || id == "" || max(len(id), len(e.From.ID), len(e.To.ID)) > longestID {
		return nil, channels.ErrMalformed
	}
	return []channels.Event{e}, nil
}

// longestID bounds what names a message or a number, in bytes: the provider's ids have about 40.
const longestID = 200

// at returns an address. A number's plus sign gets lost where somebody did not escape it.
func (d *Driver) at(id string) channels.Address {
	if id = strings.TrimSpace(id); e164.MatchString("+" + id) {
		id = "+" + id
	}
	return channels.Address{Channel: d.cfg.Name, ID: id}
}

// Answer acknowledges: replies leave by Send.
func (d *Driver) Answer(http.ResponseWriter, *http.Request, []channels.Rendered) error { return nil }

// codes are the provider's answers that refuse one recipient.
var codes = map[int]channels.Cause{
	401: channels.Misconfigured, 402: channels.Misconfigured, 405: channels.Misconfigured, // risk hold, sender, balance
	403: channels.Unreachable, 404: channels.Unreachable, 407: channels.Unreachable, // number, its kind, no route
	406: channels.OptedOut, 409: channels.Throttled, 500: channels.Unavailable, 501: channels.Unavailable, 502: channels.Rejected,
}

// stages are the words of a report.
var stages = map[string]channels.Stage{
	"Sent": channels.Sent, "Submitted": channels.Sent, "Buffered": channels.Sent, "Success": channels.Delivered,
	"Rejected": channels.Failed, "Failed": channels.Failed, "AbsentSubscriber": channels.Failed, "Expired": channels.Failed,
}

// reasons are why a report says Rejected or Failed, in lower case; any other is Unavailable.
var reasons = map[string]channels.Cause{
	"insufficientcredit": channels.Rejected, "invalidlinkid": channels.Rejected, "usernotsubscribedtoproduct": channels.Rejected,
	"userisinactive": channels.Unreachable, "useraccountsuspended": channels.Unreachable, "userdoesnotexist": channels.Unreachable,
	"notnetworksubscriber": channels.Unreachable, "notnetworksubcriber": channels.Unreachable, // the provider's own misspelling
	"userinblacklist": channels.OptedOut, "donotdisturbrejection": channels.Throttled,
}
