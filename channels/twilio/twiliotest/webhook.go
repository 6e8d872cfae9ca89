package twiliotest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs with HMAC-SHA1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/url"
	"sort"
	"strconv"
	"strings"
)

// Inbound is what a person sends: addresses as on the wire, "whatsapp:+380…" or "+380…".
type Inbound struct {
	ID        string // becomes the SID, the same for the same id; empty: a new one
	From, To  string // To defaults to +15550100 on the same channel
	Body      string
	Button    string // a tapped quick reply's id
	Row       string // a tapped list row's id
	InReplyTo string // SID of the message that was tapped
	Media     []Media
	Extra     url.Values // further fields: Latitude, ReferralSourceId, OptOutType
}

// Media is a file that a person sends, by its URL and MIME type.
type Media struct{ URL, Type string }

// form returns the fields that Twilio would post.
func (f *Fake) form(in Inbound) url.Values {
	f.mu.Lock()
	sid := f.newSID("SM")
	f.mu.Unlock()
	if in.ID != "" {
		sid = SID("SM", in.ID)
	}
	number, whatsapp := strings.CutPrefix(in.From, "whatsapp:")
	if in.To == "" {
		in.To = "+15550100"
		if whatsapp {
			in.To = "whatsapp:" + in.To
		}
	}
	v := url.Values{
		"MessageSid": {sid}, "SmsSid": {sid}, "SmsMessageSid": {sid}, "AccountSid": {f.AccountSID}, "SmsStatus": {"received"},
		"From": {in.From}, "To": {in.To}, "Body": {in.Body}, "NumMedia": {strconv.Itoa(len(in.Media))}, "NumSegments": {"1"}, "ApiVersion": {"2010-04-01"},
	}
	if whatsapp {
		v.Set("ProfileName", "Olena")
		v.Set("WaId", strings.TrimPrefix(number, "+"))
		v.Set("MessageType", "text")
	}
	for i, m := range in.Media {
		v.Set("MediaUrl"+strconv.Itoa(i), m.URL)
		v.Set("MediaContentType"+strconv.Itoa(i), m.Type)
	}
	if in.Button != "" {
		v.Set("MessageType", "interactive")
		v.Set("ButtonPayload", in.Button)
		v.Set("ButtonText", in.Body)
	}
	if in.Row != "" {
		v.Set("MessageType", "interactive")
		v.Set("ListId", in.Row)
		v.Set("ListTitle", in.Body)
	}
	if in.InReplyTo != "" {
		v.Set("OriginalRepliedMessageSid", in.InReplyTo)
		v.Set("OriginalRepliedMessageSender", in.To)
	}
	for k, vs := range in.Extra {
		v[k] = vs
	}
	return v
}

// Inbound returns the signed webhook of what a person sends, as it is posted to
// /webhooks/twilio/messages behind the hub's public URL.
func (f *Fake) Inbound(publicURL string, in Inbound) *http.Request {
	return f.Webhook(publicURL+"/webhooks/twilio/messages", f.form(in))
}

// Tap returns the signed webhook of the person who taps the i-th choice, from 0, of a
// message that the fake took, posted as [Fake.Inbound] is. Nil: there is no such
// message, or it has no such choice.
func (f *Fake) Tap(publicURL, sid string, i int) *http.Request {
	f.mu.Lock()
	m := f.find(sid)
	f.mu.Unlock()
	if m == nil {
		return nil
	}
	all := m.Content.choices()
	if i < 0 || i >= len(all) {
		return nil
	}
	in := Inbound{From: m.To, To: m.From, Body: all[i].title, InReplyTo: sid}
	if all[i].row {
		in.Row = all[i].id
	} else {
		in.Button = all[i].id
	}
	return f.Inbound(publicURL, in)
}

// Status returns the signed callback of a message that the fake took: status is
// "sent", "delivered", "failed" with a code, and so on. It is posted to where the
// message asked for it. Nil: there is no such message, or it asked for none.
func (f *Fake) Status(sid, status string, code int) *http.Request {
	f.mu.Lock()
	m := f.find(sid)
	if m == nil || m.Callback == "" {
		f.mu.Unlock()
		return nil
	}
	m.moved(status, f.now())
	m.Code = code
	callback := m.Callback
	v := url.Values{
		"MessageSid": {sid}, "MessageStatus": {status}, "SmsSid": {sid}, "SmsStatus": {status},
		"To": {m.To}, "From": {m.From}, "AccountSid": {f.AccountSID}, "ApiVersion": {"2010-04-01"},
	}
	f.mu.Unlock()
	if code != 0 {
		v.Set("ErrorCode", strconv.Itoa(code))
	}
	if status == "read" {
		v.Set("EventType", "READ")
	}
	return f.Webhook(callback, v)
}

// Webhook returns a signed form, posted to a whole URL. To give it to a hub that
// listens elsewhere, as behind a proxy, change its URL's Scheme and Host: the signature
// holds for the URL given here.
func (f *Fake) Webhook(rawURL string, form url.Values) *http.Request {
	r := post(rawURL, "application/x-www-form-urlencoded; charset=UTF-8", form.Encode())
	r.Header.Set("X-Twilio-Signature", Sign(f.AuthToken, rawURL, form))
	return r
}

// JSON returns a signed body of JSON, posted to a whole URL, to which the body's hash
// is added.
func (f *Fake) JSON(rawURL, body string) *http.Request {
	sum := sha256.Sum256([]byte(body))
	sep := "?"
	if strings.Contains(rawURL, "?") {
		sep = "&"
	}
	rawURL += sep + "bodySHA256=" + hex.EncodeToString(sum[:])
	r := post(rawURL, "application/json", body)
	r.Header.Set("X-Twilio-Signature", Sign(f.AuthToken, rawURL, nil))
	return r
}

func post(rawURL, kind, body string) *http.Request {
	r, err := http.NewRequest(http.MethodPost, rawURL, strings.NewReader(body)) //nolint:noctx // a request to be received
	if err != nil {
		panic("twiliotest: the URL of a webhook cannot be read")
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	r.Header.Set("I-Twilio-Idempotency-Token", SID("IT", body))
	return r
}

// Sign returns the X-Twilio-Signature of a form posted to a URL.
func Sign(token, rawURL string, form url.Values) string {
	rawURL, _, _ = strings.Cut(rawURL, "#")
	names := make([]string, 0, len(form))
	for name := range form {
		names = append(names, name)
	}
	sort.Strings(names)
	data := rawURL
	for _, name := range names {
		seen := map[string]bool{}
		values := append([]string(nil), form[name]...)
		sort.Strings(values)
		for _, v := range values {
			if !seen[v] {
				seen[v] = true
				data += name + v
			}
		}
	}
	h := hmac.New(sha1.New, []byte(token))
	h.Write([]byte(data))
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
