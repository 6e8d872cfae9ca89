package twilio

import (
	"io"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const publicURL = "https://hub.example.org"

// verified gives a request to the account as a webhook does.
func verified(t *testing.T, a *Account, r *http.Request) error {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return a.verify(r, body)
}

func TestVerifyBelievesWhatTheFakeSigns(t *testing.T) {
	fake := twiliotest.New(twiliotest.Config{})
	a, err := NewAccount(Config{AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: publicURL})
	require.NoError(t, err)
	form := url.Values{"Body": {"Так, потрібна"}, "Empty": {""}, "Twice": {"b", "a", "b"}}
	require.NoError(t, verified(t, a, fake.Webhook(publicURL+"/webhooks/twilio/messages?a=%2F&b", form)))
	require.NoError(t, verified(t, a, fake.JSON(publicURL+"/webhooks/twilio/voice", `{"a":1}`)))
	wrong := fake.Webhook(publicURL+"/webhooks/twilio/messages", form)
	wrong.URL.Path += "x"
	assert.ErrorIs(t, verified(t, a, wrong), channels.ErrSignature)
}
