package twilio

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// BenchmarkWebhook verifies and decodes a tap.
func BenchmarkWebhook(b *testing.B) {
	d := newDesk(b)
	w, err := d.WhatsApp(WhatsAppConfig{From: ours})
	require.NoError(b, err)
	r := d.Inbound(publicURL, twiliotest.Inbound{
		From: "whatsapp:" + person, Body: "Так, потрібна", Button: "seeking:yes", InReplyTo: twiliotest.SID("SM", "x"),
		Extra: url.Values{"ChannelMetadata": {`{"type":"whatsapp","data":{"context":{"ProfileName":"Олена","WaId":"380501234567"}}}`}},
	})
	body, err := io.ReadAll(r.Body)
	require.NoError(b, err)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if es, err := w.Receive(r, body); err != nil || len(es) != 1 {
			b.Fatal(err)
		}
	}
}

// BenchmarkListPicker renders a question of ten options and finds its content.
func BenchmarkListPicker(b *testing.B) {
	words, err := channels.Words{}.Compile()
	require.NoError(b, err)
	a, err := NewAccount(Config{AccountSID: accountID, AuthToken: authToken})
	require.NoError(b, err)
	m := question("r", "Де ви живете зараз? Оберіть область.", 10)
	r, err := channels.Render(limits, words, m)
	require.NoError(b, err)
	c, _, ok := Question(r)
	require.True(b, ok)
	a.contents.known.Store(c.Hash(), twiliotest.SID("HX", "x"))
	b.ReportAllocs()
	for b.Loop() {
		r, err := channels.Render(limits, words, m)
		if err != nil {
			b.Fatal(err)
		}
		c, vars, _ := Question(r)
		if _, err := a.ensure(b.Context(), &c); err != nil {
			b.Fatal(err)
		}
		if variables(vars) == "" {
			b.Fatal("no variables")
		}
	}
}

// BenchmarkSend sends over a transport that answers at once.
func BenchmarkSend(b *testing.B) {
	answer := []byte(`{"sid":"SM00000000000000000000000000000001","date_created":"Fri, 27 Nov 2026 10:00:00 +0000"}`)
	a, err := NewAccount(Config{AccountSID: accountID, AuthToken: authToken, PublicURL: publicURL, HTTP: &http.Client{Transport: round(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusCreated, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer))}, nil
	})}})
	require.NoError(b, err)
	s, err := a.SMS(SMSConfig{From: ours})
	require.NoError(b, err)
	m := plain("Вам потрібна грошова допомога?")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Send(b.Context(), m); err != nil {
			b.Fatal(err)
		}
	}
}
