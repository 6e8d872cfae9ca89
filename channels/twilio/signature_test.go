package twilio

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const (
	publicURL = "https://hub.example.org"
	accountID = "AC00000000000000000000000000000000"
	authToken = "0123456789abcdef0123456789abcdef"
)

// vector is a request that Twilio's own package for Node signed: see testdata/signatures.js.
type vector struct{ Name, Method, URL, Type, Body, Signature string }

func vectors(t testing.TB) []vector {
	t.Helper()
	b, err := os.ReadFile("testdata/signatures.json")
	require.NoError(t, err)
	var all []vector
	require.NoError(t, json.Unmarshal(b, &all))
	require.GreaterOrEqual(t, len(all), 40)
	return all
}

// arrive returns a request as the server reads it from the wire.
func arrive(t testing.TB, method, rawURL, kind, signature string) *http.Request {
	t.Helper()
	_, rest, _ := strings.Cut(rawURL, "://")
	slash := strings.IndexByte(rest, '/')
	r := httptest.NewRequest(method, "/", nil)
	r.RequestURI = rest[slash:]
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		r.URL = u
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	r.Header.Set("X-Twilio-Signature", signature)
	return r
}

// front returns the public URL of a request: everything before its path.
func front(rawURL string) string {
	scheme, rest, _ := strings.Cut(rawURL, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

func verifier(t testing.TB, public string, tokens ...string) *Account {
	t.Helper()
	cfg := Config{AccountSID: accountID, AuthToken: authToken, PublicURL: public}
	if len(tokens) > 0 {
		cfg.AuthToken = tokens[0]
	}
	if len(tokens) > 1 {
		cfg.PreviousToken = tokens[1]
	}
	a, err := NewAccount(cfg)
	require.NoError(t, err)
	return a
}

func TestVerifyAcceptsWhatTwiliosOwnPackageSigns(t *testing.T) {
	for _, v := range vectors(t) {
		t.Run(v.Name, func(t *testing.T) {
			a := verifier(t, front(v.URL))
			require.NoError(t, a.verify(arrive(t, v.Method, v.URL, v.Type, v.Signature), []byte(v.Body)))
			wrong := verifier(t, front(v.URL), "another token")
			require.ErrorIs(t, wrong.verify(arrive(t, v.Method, v.URL, v.Type, v.Signature), []byte(v.Body)), channels.ErrSignature)
		})
	}
}

func TestVerifyRefusesEverySingleByteChanged(t *testing.T) {
	checked := 0
	for _, v := range vectors(t) {
		if len(v.Body) > 700 {
			continue
		}
		a := verifier(t, front(v.URL))
		refused := func(what string, i int, r *http.Request, body []byte) {
			checked++
			if err := a.verify(r, body); err == nil {
				t.Errorf("%s: byte %d of the %s was changed and the request believed", v.Name, i, what)
			}
		}
		for i := range v.Body {
			for _, bit := range []byte{1, 0x20} {
				body := []byte(v.Body)
				body[i] ^= bit
				if same(v, body) {
					continue // %2b and %2B are one sign
				}
				refused("body", i, arrive(t, v.Method, v.URL, v.Type, v.Signature), body)
			}
		}
		for i := len(front(v.URL)) + 1; i < len(v.URL); i++ {
			u := []byte(v.URL)
			u[i] ^= 1
			refused("URL", i, arrive(t, v.Method, string(u), v.Type, v.Signature), []byte(v.Body))
		}
		for i := range v.Signature {
			s := []byte(v.Signature)
			s[i] ^= 1
			refused("signature", i, arrive(t, v.Method, v.URL, v.Type, string(s)), []byte(v.Body))
		}
	}
	require.Greater(t, checked, 10_000)
}

// same reports whether a changed form still says the same.
func same(v vector, body []byte) bool {
	if v.Type != "application/x-www-form-urlencoded" {
		return false
	}
	was, _ := url.ParseQuery(v.Body)
	is, err := url.ParseQuery(string(body))
	return err == nil && assert.ObjectsAreEqual(was, is)
}

func TestVerifyFindsTheURLThatTwilioCalled(t *testing.T) {
	form := url.Values{"Body": {"Так"}}
	for _, c := range []struct {
		name, public, signed, target string
		believed                     bool
	}{
		{"as it is", publicURL, publicURL + "/w", "/w", true},
		{"a slash behind the public URL", publicURL + "/", publicURL + "/w", "/w", true},
		{"signed with the default port", publicURL, publicURL + ":443/w", "/w", true},
		{"public URL with the default port", publicURL + ":443", publicURL + "/w", "/w", true},
		{"signed without the port", publicURL + ":8443", publicURL + "/w", "/w", true},
		{"signed with the port", publicURL + ":8443", publicURL + ":8443/w", "/w", true},
		{"another port", publicURL + ":8443", publicURL + ":9000/w", "/w", false},
		{"another host", publicURL, "https://evil.example/w", "/w", false},
		{"another scheme", publicURL, "http://hub.example.org/w", "/w", false},
		{"a prefix that the proxy takes away", publicURL + "/hub", publicURL + "/hub/w", "/w", true},
		{"a prefix that the proxy leaves", publicURL + "/hub", publicURL + "/hub/w", "/hub/w", true},
		{"no prefix where there should be one", publicURL + "/hub", publicURL + "/w", "/w", false},
		{"absolute target", publicURL, publicURL + "/w?a=1", "http://10.0.0.7:8080/w?a=1", true},
		{"another query", publicURL, publicURL + "/w?a=1", "/w?a=2", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := verifier(t, c.public)
			r := httptest.NewRequest(http.MethodPost, "/", nil)
			r.RequestURI = c.target
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
			r.Header.Set("X-Twilio-Signature", twiliotest.Sign(authToken, c.signed, form))
			err := a.verify(r, []byte(form.Encode()))
			if c.believed {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, channels.ErrSignature)
			}
		})
	}
}

func TestVerifyFailsClosed(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	form := url.Values{"Body": {"Так"}}
	good := func() *http.Request { return fake.Webhook(publicURL+"/w", form) }
	for _, c := range []struct {
		name   string
		public string
		change func(*http.Request)
		body   string
	}{
		{"no public URL", "", func(*http.Request) {}, form.Encode()},
		{"no signature", publicURL, func(r *http.Request) { r.Header.Del("X-Twilio-Signature") }, form.Encode()},
		{"an empty signature", publicURL, func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "") }, form.Encode()},
		{"half a signature", publicURL, func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "AAAA") }, form.Encode()},
		{"no type", publicURL, func(r *http.Request) { r.Header.Del("Content-Type") }, form.Encode()},
		{"another type", publicURL, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, form.Encode()},
		{"a broken form", publicURL, func(*http.Request) {}, "Body=%zz"},
		{"half a body", publicURL, func(*http.Request) {}, form.Encode()[:4]},
		{"a body more", publicURL, func(*http.Request) {}, form.Encode() + "&Body=x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := verifier(t, c.public)
			r := good()
			c.change(r)
			require.ErrorIs(t, a.verify(r, []byte(c.body)), channels.ErrSignature)
		})
	}
	t.Run("a path signed alone, without a public URL", func(t *testing.T) {
		r := good()
		r.Header.Set("X-Twilio-Signature", twiliotest.Sign(authToken, "/w", form))
		require.ErrorIs(t, verifier(t, "").verify(r, []byte(form.Encode())), channels.ErrSignature)
	})
	t.Run("a form that is got, not posted", func(t *testing.T) {
		r := good()
		r.Method = http.MethodGet
		require.ErrorIs(t, verifier(t, publicURL).verify(r, []byte(form.Encode())), channels.ErrSignature)
	})
	t.Run("JSON whose hash is another's", func(t *testing.T) {
		r := fake.JSON(publicURL+"/w", `{"a":1}`)
		require.NoError(t, verifier(t, publicURL).verify(r, []byte(`{"a":1}`)))
		require.ErrorIs(t, verifier(t, publicURL).verify(r, []byte(`{"a":2}`)), channels.ErrSignature)
	})
	t.Run("JSON signed as a request without a body", func(t *testing.T) {
		r := fake.Webhook(publicURL+"/w", nil)
		r.Header.Set("Content-Type", "application/json")
		require.NoError(t, verifier(t, publicURL).verify(r, nil))
		require.ErrorIs(t, verifier(t, publicURL).verify(r, []byte(`{"a":2}`)), channels.ErrSignature)
	})
}

func TestBothTokensAreBelievedWhileOneIsChanged(t *testing.T) {
	form := url.Values{"Body": {"Так"}}
	request := func(token string) *http.Request {
		r := twiliotest.New(twiliotest.Config{AuthToken: token}).Webhook(publicURL+"/w", form)
		r.Body = io.NopCloser(bytes.NewReader(nil))
		return r
	}
	a := verifier(t, publicURL, "new", "old")
	require.NoError(t, a.verify(request("new"), []byte(form.Encode())))
	require.NoError(t, a.verify(request("old"), []byte(form.Encode())))
	require.ErrorIs(t, a.verify(request("older"), []byte(form.Encode())), channels.ErrSignature)

	old := verifier(t, publicURL, "old")
	u, err := url.Parse(old.callback(statusPath, "01J9"))
	require.NoError(t, err)
	assert.Equal(t, "01J9", a.reference(u.Query()), "a callback asked for before the change")
}

func TestAReferenceIsOnlyOurs(t *testing.T) {
	a, stranger := verifier(t, publicURL+"/hub"), verifier(t, publicURL, "another")
	rapid.Check(t, func(t *rapid.T) {
		ref := rapid.StringN(1, 60, -1).Draw(t, "ref")
		u, err := url.Parse(a.callback(statusPath, ref))
		require.NoError(t, err)
		require.Equal(t, "/hub/webhooks/twilio/status", u.Path)
		q := u.Query()
		require.Equal(t, ref, a.reference(q))
		other := rapid.String().Filter(func(s string) bool { return s != ref }).Draw(t, "other")
		require.Empty(t, a.reference(url.Values{"ref": {other}, "mac": q["mac"]}))
		require.Empty(t, a.reference(url.Values{"ref": {ref}}))
		require.Empty(t, stranger.reference(q))
	})
	assert.Empty(t, verifier(t, "").callback(statusPath, "01J9"), "without a public URL nobody can call back")
	assert.Empty(t, a.callback(statusPath, strings.Repeat("x", 4000)), "one message must not stop all for its reference")
}

func FuzzVerify(f *testing.F) {
	for _, v := range vectors(f) {
		f.Add(v.Method, v.URL[len(front(v.URL)):], v.Type, v.Signature, []byte(v.Body))
	}
	a := verifier(f, publicURL)
	f.Fuzz(func(t *testing.T, method, at, kind, signature string, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/", nil)
		r.Method, r.RequestURI = method, at
		r.Header.Set("Content-Type", kind)
		r.Header.Set("X-Twilio-Signature", signature)
		if a.verify(r, body) != nil {
			return
		}
		// What is believed is believed only with this token.
		if verifier(t, publicURL, "another").verify(r, body) == nil {
			t.Fatal("a request is believed with any token")
		}
	})
}
