package twilio

import (
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// person and ours are the two ends of every test's conversation.
const (
	person = "+380501234567"
	ours   = "+15550100"
)

// wire is a transport that can be cut before anything is written.
type cable struct {
	http.RoundTripper
	cut bool
}

func (c *cable) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.cut && r.Method == http.MethodPost {
		c.cut = false
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	return c.RoundTripper.RoundTrip(r)
}

// desk is an account beside a fake.
type desk struct {
	*twiliotest.Fake
	*Account
	cable *cable
}

// newDesk returns an account that talks to a fake over a real connection.
func newDesk(t testing.TB, change ...func(*Config)) *desk {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	srv := httptest.NewServer(fake)
	t.Cleanup(srv.Close)
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	d := &desk{Fake: fake, cable: &cable{RoundTripper: tr}}
	cfg := Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, BaseURL: srv.URL, PublicURL: publicURL,
		HTTP: &http.Client{Transport: d.cable}, Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&cfg)
	}
	var err error
	d.Account, err = NewAccount(cfg)
	require.NoError(t, err)
	return d
}

func (d *desk) fault(f channelstest.Fault) {
	if f == channelstest.Down {
		d.cable.cut = true
		return
	}
	d.Fault(f)
}

func (d *desk) harness(driver channels.Driver, prefix string) channelstest.Harness {
	return channelstest.Harness{
		Driver: driver, To: person, Taken: d.Taken,
		Requests: func() int { return d.Requests(twiliotest.Messages) },
		Fault:    d.fault,
		Faults: []channelstest.Fault{
			channelstest.Works, channelstest.Throttle, channelstest.Down, channelstest.ServerError, channelstest.TakenServerError,
			channelstest.TakenDrop, channelstest.TakenSilence, channelstest.Denied, channelstest.NoSuchPerson, channelstest.SaidNo,
			channelstest.BadContent, channelstest.OutsideWindow,
		},
		Inbound: func(id, text string) *http.Request {
			return d.Inbound(publicURL, twiliotest.Inbound{ID: id, From: prefix + person, Body: text})
		},
		Tap:   func(id string, i int) *http.Request { return d.Tap(publicURL, id, i) },
		Trust: channelstest.Signed,
		News: func(id, _ string, s channels.Stage) *http.Request {
			code := 0
			if s == channels.Failed {
				code = 30003
			}
			return d.Status(id, map[channels.Stage]string{channels.Delivered: "delivered", channels.Failed: "undelivered"}[s], code)
		},
	}
}

func TestWhatsAppKeepsItsPromises(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		d := newDesk(t)
		w, err := d.WhatsApp(WhatsAppConfig{From: ours})
		require.NoError(t, err)
		t.Cleanup(func() { assert.Empty(t, d.Complaints()) })
		return d.harness(w, "whatsapp:")
	})
}

func TestWhatsAppWithWrittenBodiesKeepsItsPromises(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		d := newDesk(t)
		w, err := d.WhatsApp(WhatsAppConfig{MessagingService: twiliotest.SID("MG", "pool"), WrittenBodies: true})
		require.NoError(t, err)
		t.Cleanup(func() { assert.Empty(t, d.Complaints()) })
		return d.harness(w, "whatsapp:")
	})
}

func TestThePresetOfTestsIsThisDriver(t *testing.T) {
	w, err := newDesk(t).WhatsApp(WhatsAppConfig{From: ours})
	require.NoError(t, err)
	assert.Equal(t, channelstest.WhatsApp(), w.Limits())
}

func TestSMSKeepsItsPromises(t *testing.T) {
	for name, cfg := range map[string]SMSConfig{
		"a number":            {From: ours},
		"a messaging service": {MessagingService: twiliotest.SID("MG", "pool"), Smart: true, ShortenURLs: true},
	} {
		t.Run(name, func(t *testing.T) {
			channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
				d := newDesk(t)
				s, err := d.SMS(cfg)
				require.NoError(t, err)
				t.Cleanup(func() { assert.Empty(t, d.Complaints()) })
				return d.harness(s, "")
			})
		})
	}
}

func TestSendersAreCheckedAtOnce(t *testing.T) {
	d := newDesk(t)
	_, err := d.WhatsApp(WhatsAppConfig{From: "whatsapp:" + ours})
	require.ErrorContains(t, err, "without whatsapp:")
	_, err = d.WhatsApp(WhatsAppConfig{})
	require.ErrorContains(t, err, "needs From, MessagingService or both")
	_, err = d.SMS(SMSConfig{From: "a name that is too long", MessagingService: "MG1", Segments: 11})
	for _, want := range []string{"From is not a sender", "MessagingService is MG", "Segments is 11"} {
		require.ErrorContains(t, err, want)
	}
	_, err = d.SMS(SMSConfig{From: ours, ShortenURLs: true})
	require.ErrorContains(t, err, "needs a MessagingService")
}

// cause returns why err is one, and its provider's code.
func cause(t *testing.T, err error) (channels.Cause, string) {
	t.Helper()
	var e *channels.Error
	require.ErrorAs(t, err, &e)
	require.False(t, errors.Is(err, channels.ErrRevealed))
	return e.Cause, e.Code
}
