package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twilio/twilio-go/client"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// account returns an account that talks to a handler, or over a transport of its own.
func account(t *testing.T, h http.HandlerFunc, change ...func(*Config)) *Account {
	t.Helper()
	cfg := Config{AccountSID: accountID, AuthToken: authToken, PublicURL: publicURL}
	if h != nil {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		cfg.BaseURL = srv.URL
	}
	for _, f := range change {
		f(&cfg)
	}
	a, err := NewAccount(cfg)
	require.NoError(t, err)
	return a
}

func texter(t *testing.T, a *Account) *SMS {
	t.Helper()
	s, err := a.SMS(SMSConfig{From: ours})
	require.NoError(t, err)
	return s
}

// round is a function as a transport that reports nothing of what it does.
type round func(*http.Request) (*http.Response, error)

func (f round) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func through(rt http.RoundTripper) func(*Config) {
	return func(c *Config) { c.HTTP = &http.Client{Transport: rt} }
}

func TestEveryMistakeOfAConfigIsTold(t *testing.T) {
	_, err := NewAccount(Config{
		AccountSID: "AC1", APIKey: "SK1", APISecret: "secret", Region: "Ireland", Edge: "../x", BaseURL: "127.0.0.1",
		PublicURL: "https://hub_1.example.org", HTTP: &http.Client{Timeout: -1},
	})
	for _, want := range []string{"AccountSID", "AuthToken", "APIKey", "Region", "Edge", "BaseURL", "underscore", "HTTP.Timeout"} {
		require.ErrorContains(t, err, want)
	}
	_, err = NewAccount(Config{AccountSID: accountID, AuthToken: "very-secret", APIKey: "SK" + accountID[2:]})
	require.ErrorContains(t, err, "APISecret")
	assert.NotContains(t, err.Error(), "very-secret")
	for _, bad := range []string{"hub.example.org", "ftp://hub.example.org", "https://", "https://hub.example.org?x=1", "https://hub.example.org#rc=2", "https://a b"} {
		_, err = NewAccount(Config{AccountSID: accountID, AuthToken: authToken, PublicURL: bad})
		require.ErrorContains(t, err, "PublicURL", bad)
	}
	a := account(t, nil)
	assert.Equal(t, "twilio:"+accountID, slog.AnyValue(a).Resolve().String())
}

func TestRequestsAreSignedInAndRewritten(t *testing.T) {
	t.Setenv("TWILIO_REGION", "au1") // not read
	t.Setenv("TWILIO_EDGE", "sydney")
	key := "SK" + accountID[2:]
	for _, c := range []struct {
		name   string
		change func(*Config)
		host   string
		user   string
		secret string
	}{
		{"the token", func(*Config) {}, "api.twilio.com", accountID, authToken},
		{"a token that twilio-go refuses", func(c *Config) { c.AuthToken = "test_auth-token" }, "api.twilio.com", accountID, "test_auth-token"},
		{"an API key", func(c *Config) { c.APIKey, c.APISecret = key, "s" }, "api.twilio.com", key, "s"},
		{"a region", func(c *Config) { c.Region = "ie1" }, "api.ie1.twilio.com", accountID, authToken},
		{"an edge", func(c *Config) { c.Edge = "dublin" }, "api.dublin.us1.twilio.com", accountID, authToken},
		{"both", func(c *Config) { c.Region, c.Edge = "ie1", "dublin" }, "api.dublin.ie1.twilio.com", accountID, authToken},
		{"a path before", func(c *Config) { c.BaseURL += "/twilio/" }, "twilio/api.twilio.com", accountID, authToken},
	} {
		t.Run(c.name, func(t *testing.T) {
			var path, user, secret, agent string
			a := account(t, func(w http.ResponseWriter, r *http.Request) {
				path, agent = r.RequestURI, r.UserAgent()
				user, secret, _ = r.BasicAuth()
				w.WriteHeader(http.StatusCreated)
				fmt.Fprint(w, `{"sid":"SM1"}`)
			}, c.change)
			receipt, err := texter(t, a).Send(t.Context(), plain("Так"))
			require.NoError(t, err)
			assert.Equal(t, "SM1", receipt.ID)
			assert.Equal(t, "/"+c.host+"/2010-04-01/Accounts/"+accountID+"/Messages.json", path)
			assert.Equal(t, c.user, user)
			assert.Equal(t, c.secret, secret)
			assert.Contains(t, agent, "hubkit")
		})
	}
}

func TestOnlyTwilioIsSignedInto(t *testing.T) {
	a := account(t, nil, through(round(func(r *http.Request) (*http.Response, error) {
		t.Errorf("asked %s", r.URL.Host)
		return nil, errors.New("not asked")
	})))
	for _, u := range []string{"https://twilio.com.evil.example/x", "https://evil.example/", "https://eviltwilio.com/"} {
		err := a.ask(t.Context(), http.MethodGet, u, nil, nil)
		got, _ := cause(t, err)
		assert.Equal(t, channels.Unavailable, got)
	}
}

func TestWhatHappenedToTheRequestDecides(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := listener.Addr().String()
	require.NoError(t, listener.Close())
	answer := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name   string
		h      http.HandlerFunc
		change func(*Config)
		want   channels.Cause
	}{
		{"nobody listens", nil, func(c *Config) { c.BaseURL = "http://" + closed }, channels.Unavailable},
		{"the name is unknown", nil, func(c *Config) { c.BaseURL = "http://hub.invalid" }, channels.Unavailable},
		{
			"not TLS", answer(201, "application/json", `{"sid":"SM1"}`),
			func(c *Config) { c.BaseURL = strings.Replace(c.BaseURL, "http:", "https:", 1) }, channels.Unavailable,
		},
		{"no connection in time", nil, through(&http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}), channels.Unavailable},
		{"the connection breaks", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, nil, channels.Unknown},
		{"silence", func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			<-r.Context().Done()
		}, nil, channels.Unknown},
		{"half an answer", answer(201, "application/json", `{"sid":"SM`), nil, channels.Unknown},
		{"an answer of HTML", answer(200, "text/html", `<html>`), nil, channels.Unknown},
		{"an empty answer", answer(201, "application/json", ``), nil, channels.Unknown},
		{"an answer without a SID", answer(201, "application/json", `{}`), nil, channels.Unknown},
		{"null", answer(201, "application/json", `null`), nil, channels.Unknown},
		{"a SID that is a number", answer(201, "application/json", `{"sid":7}`), nil, channels.Unknown},
		{"an error of HTML", answer(502, "text/html", `<html>`), nil, channels.Unknown},
		{"an error of nothing", answer(500, "application/json", ``), nil, channels.Unknown},
		{"an error whose code is a text", answer(400, "application/json", `{"code":"x"}`), nil, channels.Rejected},
		{"an unknown transport breaks", nil, through(round(func(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF })), channels.Unknown},
		{"an unknown transport cannot dial", nil, through(round(func(*http.Request) (*http.Response, error) {
			return nil, &net.OpError{Op: "dial", Err: errors.New("x")}
		})), channels.Unavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := c.change
			if change == nil {
				change = func(*Config) {}
			}
			a := account(t, c.h, change)
			ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second) // the silent ones take all of it
			defer cancel()
			_, err := texter(t, a).Send(ctx, plain("canary"))
			got, _ := cause(t, err)
			assert.Equal(t, c.want, got)
			// Neither the error nor what it wraps shows whom or what.
			for e := err; e != nil; e = errors.Unwrap(e) {
				assert.NotContains(t, e.Error(), "canary")
				assert.NotContains(t, e.Error(), person[1:])
			}
		})
	}
}

func TestARedirectIsNeitherFollowedNorTaken(t *testing.T) {
	var asked atomic.Int32
	a := account(t, func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	_, err := texter(t, a).Send(t.Context(), plain("Так"))
	got, code := cause(t, err)
	assert.Equal(t, channels.Unknown, got)
	assert.Equal(t, "307", code)
	assert.EqualValues(t, 1, asked.Load())
}

// A redirect is no success, whatever it says in its body.
func TestARedirectWithASIDIsNotTaken(t *testing.T) {
	for _, status := range []int{http.StatusMultipleChoices, http.StatusFound, http.StatusPermanentRedirect, 399} {
		a := account(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			fmt.Fprint(w, `{"sid":"SM1"}`)
		})
		receipt, err := texter(t, a).Send(t.Context(), plain("Так"))
		got, _ := cause(t, err)
		assert.Equal(t, channels.Unknown, got, status)
		assert.Zero(t, receipt, status)
	}
}

func TestAContextEndsACall(t *testing.T) {
	d := newDesk(t)
	d.Fault(channelstest.TakenSilence)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // long enough to reach the provider on a busy machine
	defer cancel()
	_, err := texter(t, d.Account).Send(ctx, plain("Так"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, channels.Unknown, channels.CauseOf(err))

	// The account's own bound holds where the caller has none.
	slow := newDesk(t, func(c *Config) { c.HTTP.Timeout = time.Second })
	slow.Fault(channelstest.TakenSilence)
	_, err = texter(t, slow.Account).Send(t.Context(), plain("Так"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, 30*time.Second, newDesk(t).timeout)
}

func TestRetryAfterAndRequestIDSurviveAnError(t *testing.T) {
	d := newDesk(t)
	d.Fault(channelstest.Throttle)
	_, err := texter(t, d.Account).Send(t.Context(), plain("Так"))
	var e *channels.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, channelstest.ThrottleAfter, e.After)
	var f *Fault
	require.ErrorAs(t, err, &f)
	assert.NotEmpty(t, f.RequestID)
}

func TestBothOfTwilioGosErrorsAreRead(t *testing.T) {
	x := &exchange{tried: true, status: 400, header: http.Header{}}
	for _, err := range []error{&client.TwilioRestError{Code: 21610, Message: person}, &client.RestErrorV1{Code: 21610, Message: person}} {
		got, code := cause(t, x.judge(fmt.Errorf("wrapped: %w", err), time.Now()))
		assert.Equal(t, channels.OptedOut, got)
		assert.Equal(t, "21610", code)
	}
}

func TestAQueryArrivesWhole(t *testing.T) {
	var got url.Values
	a := account(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.URL.Query()
		fmt.Fprint(w, `{}`)
	})
	// twilio-go would ask for ann@example.org: another person.
	want := url.Values{"Identity": {"ann.2@example.org"}, "Score": {">= 1.5"}}
	require.NoError(t, a.ask(t.Context(), http.MethodGet, "https://conversations.twilio.com/v1/X?"+want.Encode(), nil, &struct{}{}))
	assert.Equal(t, want, got)
}

func TestNothingButASIDComesIntoAPath(t *testing.T) {
	d := newDesk(t)
	for _, bad := range []string{"", "../Calls/CA1", "SM1", "SM" + strings.Repeat("g", 32), twiliotest.SID("HX", "x"), twiliotest.SID("SM", "x") + "?"} {
		got, _ := cause(t, d.Cancel(t.Context(), bad))
		assert.Equal(t, channels.Rejected, got, bad)
	}
	assert.Zero(t, d.Requests("Updates"))
	assert.Empty(t, d.Complaints())
}

func TestARequestThatCannotBeMade(t *testing.T) {
	a := account(t, nil)
	for _, in := range []any{make(chan int), nil} {
		rawURL := "https://api.twilio.com/x"
		if in == nil {
			rawURL = "https://api.twilio.com/%zz"
		}
		got, _ := cause(t, a.ask(t.Context(), http.MethodPost, rawURL, in, nil))
		assert.Equal(t, channels.Rejected, got)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, seed := range []struct {
		status int
		body   string
	}{
		{201, `{"sid":"SM1","date_created":"Fri, 27 Nov 2026 10:00:00 +0000"}`},
		{200, `{"messages":[{"sid":"SM1","to":"+380501234567","status":"sent","direction":"outbound-api","date_created":"Fri, 27 Nov 2026 10:00:00 +0000"}],"next_page_uri":null}`},
		{200, `{"contents":[{"sid":"HX00000000000000000000000000000001","friendly_name":"x"}],"meta":{"next_page_url":"https://content.twilio.com/v2/Content"}}`},
		{200, `{"whatsapp":{"status":"approved"}}`},
		{400, `{"code":21610,"message":"x","status":400}`},
		{429, `{"code":20429}`},
		{302, ``},
		{503, `<html>`},
		{200, `[]`},
	} {
		f.Add(seed.status, seed.body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 200 || status > 599 {
			return
		}
		a, err := NewAccount(Config{AccountSID: accountID, AuthToken: authToken, HTTP: &http.Client{Transport: round(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
		})}})
		require.NoError(t, err)
		sound := func(err error) {
			var e *channels.Error
			if err != nil && (!errors.As(err, &e) || e.Cause == channels.None) {
				t.Fatalf("an error without a cause: %T", err)
			}
		}
		sms, err := a.SMS(SMSConfig{From: ours})
		require.NoError(t, err)
		receipt, err := sms.Send(t.Context(), plain("x"))
		sound(err)
		if (err == nil) != (receipt.ID != "") {
			t.Fatal("a receipt has an id, and an error none")
		}
		for l, err := range sms.Sent(t.Context(), "", time.Unix(0, 0), time.Now().Add(time.Hour)) {
			sound(err)
			if err == nil && (l.Stage == 0 || l.To.ID == "" || l.At.IsZero()) {
				t.Fatal("a listed message without stage, person or time")
			}
		}
		c := list()
		sid, err := a.ensure(t.Context(), &c)
		sound(err)
		if (err == nil) != isSID("HX", sid) {
			t.Fatal("a content without a SID")
		}
	})
}
