package parity_test

import (
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/africastalking"
	"github.com/hubkit/hubkit/channels/telegram"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/viber"
	"github.com/hubkit/hubkit/channels/webchat"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
	"github.com/hubkit/hubkit/examples/internal/parity"
)

var update = flag.Bool("update", false, "write the table into README.md")

const (
	begin = "<!-- what each channel shows: go test ./examples/internal/parity -update -->\n"
	end   = "<!-- end -->\n"
)

// The table in the README is what the drivers declare.
func TestREADMEHasTheTable(t *testing.T) {
	table, err := parity.Table(columns(t))
	require.NoError(t, err)
	const path = "../../../README.md"
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(b), begin)
	require.True(t, ok, "README.md has no line %s", begin)
	old, after, ok := strings.Cut(rest, end)
	require.True(t, ok, "README.md has no line %s", end)
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(before+begin+table+end+after), 0o644))
		return
	}
	require.Equal(t, table, old, "the drivers changed: go test ./examples/internal/parity -update")
}

// columns are the channels with the limits that their drivers declare.
func columns(t *testing.T) []parity.Column {
	t.Helper()
	// What a driver posts shows whether it has a button that shares: its limits do not say.
	var posted strings.Builder
	provider := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(&posted, r.Body)
		w.WriteHeader(http.StatusTeapot)
	}))
	defer provider.Close()
	words, err := channels.Words{}.Compile()
	require.NoError(t, err)
	account, err := twilio.NewAccount(twilio.Config{AccountSID: "AC" + strings.Repeat("0", 32), AuthToken: "token", BaseURL: provider.URL, PublicURL: "https://hub.example.org"})
	require.NoError(t, err)
	key, err := crm.NewKeyFile(make([]byte, 32))
	require.NoError(t, err)
	store, err := crm.New(t.Context(), crm.Config{Backend: crmtest.NewMemory(), Sealer: key})
	require.NoError(t, err)
	files, err := crm.OpenFiles(store, t.TempDir())
	require.NoError(t, err)
	var out []parity.Column
	add := func(name string, d channels.Driver, err error) {
		t.Helper()
		require.NoError(t, err)
		posted.Reset()
		r, err := channels.Render(d.Limits(), words, channels.Message{
			Ref: "r", To: channels.Address{Channel: d.Name(), ID: "+380501234567"}, Lang: "en", Text: "Phone?", Wants: channels.WantPhone,
		})
		require.NoError(t, err)
		_, _ = d.Send(t.Context(), r) // nobody takes it
		out = append(out, parity.Column{Name: name, Limits: d.Limits(), Shares: r.Share != "" && strings.Contains(posted.String(), r.Share)})
	}
	whatsapp, err := account.WhatsApp(twilio.WhatsAppConfig{From: "+15550100"})
	add("WhatsApp", whatsapp, err)
	bot, err := viber.New(viber.Config{Token: "token", Sender: "hub", BaseURL: provider.URL})
	add("Viber", bot, err)
	tg, err := telegram.New(telegram.Config{Token: "123456:" + strings.Repeat("A", 35), BaseURL: provider.URL})
	add("Telegram", tg, err)
	at, err := africastalking.New(africastalking.Config{Username: "hub", APIKey: "key", Secret: strings.Repeat("s", 24), BaseURL: provider.URL})
	add("SMS", at, err)
	sms, err := account.SMS(twilio.SMSConfig{From: "+15550100"})
	add("SMS", sms, err)
	first, err := parity.Table(out[3:4])
	require.NoError(t, err)
	second, err := parity.Table(out[4:5])
	require.NoError(t, err)
	require.Equal(t, first, second, "text messages are alike whoever carries them")
	out = out[:4]
	voice, err := account.Voice(twilio.VoiceConfig{From: "+15550100"})
	add("a call", voice, err)
	web, err := webchat.New(webchat.Config{Backlog: store.Backlog("ua"), Keys: [][]byte{make([]byte, 32)}, Uploads: files})
	add("the web", web, err)
	return out
}
