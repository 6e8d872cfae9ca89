package twilio

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
)

// Where Twilio calls the hub, behind Config.PublicURL.
const (
	messagesPath = "/webhooks/twilio/messages"
	statusPath   = "/webhooks/twilio/status"
)

// macSize is how many bytes of a reference's code are sent along.
const macSize = 16

// callback returns the URL of a callback about the message or call that is ours by
// ref: with the reference and a code that only we can make, so that a callback alone
// settles what became of a lost answer. It is "" without a public URL, and for a
// reference with which Twilio would refuse the URL.
func (a *Account) callback(path, ref string) string {
	if a.public.host == "" {
		return ""
	}
	u := a.public.url(path)
	if ref != "" {
		u += "?" + url.Values{"ref": {ref}, "mac": {mac(a.macs[0], ref)}}.Encode()
	}
	if len(u) > longestURL {
		return ""
	}
	return u
}

// longestURL is what Twilio takes.
const longestURL = 4000

// reference returns the reference that a callback carries, and "" where there is none
// or its code is not ours.
func (a *Account) reference(q url.Values) string {
	ref := q.Get("ref")
	if ref == "" {
		return ""
	}
	ours := false
	for _, key := range a.macs {
		ours = hmac.Equal([]byte(mac(key, ref)), []byte(q.Get("mac"))) || ours
	}
	if !ours {
		return ""
	}
	return ref
}

// mac returns the code of a reference.
func mac(key []byte, ref string) string {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(ref))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:macSize])
}
