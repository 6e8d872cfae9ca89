package twilio

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs with HMAC-SHA1
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// public is Config.PublicURL, in pieces that are never written again otherwise:
// Twilio signs the URL byte for byte.
type public struct {
	before string // "https://", with user information if there is some
	host   string // without a port
	port   string // ":8443" or ""
	prefix string // path before /webhooks/, "" or "/hub"
	other  string // the scheme's own port: ":443"
}

// parsePublic reads a public URL.
func parsePublic(s string) (public, error) {
	s = strings.TrimRight(s, "/")
	u, err := url.Parse(s)
	if err != nil {
		return public{}, errors.New("is not a URL: write https://hub.example.org")
	}
	p := public{other: ":443"}
	switch {
	case u.Scheme == "http":
		p.other = ":80"
	case u.Scheme != "https":
		return public{}, errors.New("begins with https:// or http://")
	}
	switch {
	case u.Hostname() == "":
		return public{}, errors.New("has no host: write https://hub.example.org")
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(s, "#"):
		return public{}, errors.New("is scheme, host and perhaps a path: no query and no fragment")
	case strings.Contains(u.Host, "_"):
		return public{}, errors.New("has an underscore in its host, which Twilio refuses in callbacks")
	}
	scheme, rest, _ := strings.Cut(s, "://")
	p.before = scheme + "://"
	authority, _, _ := strings.Cut(rest, "/")
	p.prefix = rest[len(authority):]
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		p.before += authority[:at+1]
		authority = authority[at+1:]
	}
	if u.Port() != "" {
		p.port = ":" + u.Port()
	}
	p.host = strings.TrimSuffix(authority, p.port)
	return p, nil
}

// url returns the public URL of a path of ours, such as /webhooks/twilio/status.
func (p *public) url(path string) string { return p.before + p.host + p.port + p.prefix + path }

// candidates yields the URLs that Twilio may have asked for when target arrived:
// with the port and without it, and with the path before /webhooks/ where a proxy has
// taken it away.
func (p *public) candidates(target string) []string {
	ports := []string{p.port, "", p.other}
	if p.port == "" || p.port == p.other {
		ports = []string{"", p.other}
	}
	paths := []string{p.prefix + target}
	if p.prefix != "" && strings.HasPrefix(target, p.prefix+"/") {
		paths = []string{target, p.prefix + target}
	}
	all := make([]string, 0, len(ports)*len(paths))
	for _, path := range paths {
		for _, port := range ports {
			all = append(all, p.before+p.host+port+path)
		}
	}
	return all
}

// target returns path and query as they came over the wire.
func target(r *http.Request) string {
	t := r.RequestURI
	if t == "" { // a request that no server has read, as in tests
		t = r.URL.EscapedPath()
		if r.URL.RawQuery != "" || r.URL.ForceQuery {
			t += "?" + r.URL.RawQuery
		}
	}
	if scheme, rest, ok := strings.Cut(t, "://"); ok && (scheme == "http" || scheme == "https") {
		slash := strings.IndexByte(rest, '/')
		if slash < 0 {
			return "/"
		}
		t = rest[slash:]
	}
	return t
}

// verify reports whether Twilio signed the request, with channels.ErrSignature where
// it did not. Of a form all is signed; of any other body its hash, which the URL
// carries; without either only a request without a body is believed.
func (a *Account) verify(r *http.Request, body []byte) error {
	given, err := base64.StdEncoding.Strict().DecodeString(r.Header.Get("X-Twilio-Signature"))
	if err != nil || len(given) != sha1.Size || a.public.host == "" {
		return channels.ErrSignature
	}
	at := target(r)
	signed, ok := signedPart(r, at, body)
	if !ok {
		return channels.ErrSignature
	}
	for _, u := range a.public.candidates(at) {
		for _, token := range a.tokens {
			mac := hmac.New(sha1.New, token)
			mac.Write([]byte(u))
			mac.Write(signed)
			if hmac.Equal(mac.Sum(nil), given) {
				return nil
			}
		}
	}
	return channels.ErrSignature
}

// signedPart returns what is signed behind the URL, and false where the body is
// nothing that a signature can cover.
func signedPart(r *http.Request, at string, body []byte) ([]byte, bool) {
	_, query, _ := strings.Cut(at, "?")
	if strings.Contains(query, bodyHash+"=") {
		q, err := url.ParseQuery(query)
		if err != nil {
			return nil, false
		}
		sum := sha256.Sum256(body)
		return nil, hmac.Equal([]byte(q.Get(bodyHash)), []byte(hex.EncodeToString(sum[:])))
	}
	if len(body) == 0 {
		return nil, true
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" || r.Method == http.MethodGet {
		return nil, false
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, false
	}
	return signedForm(form), true
}

// bodyHash is the parameter in which Twilio puts the hash of a body that is no form.
const bodyHash = "bodySHA256"

// signedForm returns each key and value in byte order; of a repeated key each value
// once, in order.
func signedForm(form url.Values) []byte {
	keys := make([]string, 0, len(form))
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b []byte
	for _, k := range keys {
		values := slices.Clone(form[k])
		slices.Sort(values)
		for _, v := range slices.Compact(values) {
			b = append(append(b, k...), v...)
		}
	}
	return b
}
