package twilio

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// sentFile returns a file of a message as the event has it.
func sentFile(t *testing.T, d *desk, data string) channels.Media {
	t.Helper()
	in := twiliotest.Inbound{From: "whatsapp:" + person, Media: []twiliotest.Media{d.Fake.File("image/jpeg", []byte(data))}}
	_, events := d.given(t, d.Inbound(publicURL, in))
	require.Len(t, events, 1)
	require.Len(t, events[0].Media, 1)
	return events[0].Media[0]
}

func TestAFileIsOpenedAndDeleted(t *testing.T) {
	d := newDesk(t)
	photo := strings.Repeat("photo", 3<<20) // more than an answer may have
	m := sentFile(t, d, photo)
	in, err := d.Account.File(t.Context(), m)
	require.NoError(t, err)
	got, err := io.ReadAll(in)
	require.NoError(t, err)
	require.NoError(t, in.Close())
	assert.True(t, photo == string(got), "whole")
	assert.Empty(t, d.Complaints(), "credentials are for Twilio only")

	require.NoError(t, d.DeleteFile(t.Context(), m))
	_, err = d.Account.File(t.Context(), m)
	require.ErrorIs(t, err, ErrNoFile)
	require.Error(t, d.DeleteFile(t.Context(), m))
}

func TestOnlyOurFilesAreAskedFor(t *testing.T) {
	d := newDesk(t)
	good := sentFile(t, d, "x").URL
	before := d.Requests(twiliotest.Files)
	for _, bad := range []string{
		"", "x", strings.Replace(good, "https", "http", 1), strings.Replace(good, "api.twilio.com", "evil.example", 1),
		strings.Replace(good, "api.twilio.com", "api.twilio.com.evil.example", 1), strings.Replace(good, accountID, twiliotest.SID("AC", "other"), 1),
		good + "?x=1", good + "/../..", strings.Replace(good, "/Media/", "/%2e%2e/", 1), "http://169.254.169.254/latest/meta-data",
	} {
		_, err := d.Account.File(t.Context(), channels.Media{URL: bad})
		require.ErrorIs(t, err, ErrNoFile, bad)
		require.ErrorIs(t, d.DeleteFile(t.Context(), channels.Media{URL: bad}), ErrNoFile, bad)
	}
	assert.Equal(t, before, d.Requests(twiliotest.Files))
}

func TestAFileThatCannotBeHad(t *testing.T) {
	d := newDesk(t)
	m := sentFile(t, d, "x")
	for fault, want := range map[channelstest.Fault]channels.Cause{
		channelstest.Denied: channels.Misconfigured, channelstest.Throttle: channels.Throttled, channelstest.ServerError: channels.Unknown,
		channelstest.TakenDrop: channels.Unavailable,
	} {
		d.FaultOn(twiliotest.Files, fault)
		_, err := d.Account.File(t.Context(), m)
		assert.Equal(t, want, channels.CauseOf(err), fault)
	}
	empty := account(t, nil, through(round(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusNoContent, Header: http.Header{}, Body: http.NoBody}, nil
	})))
	_, err := empty.File(t.Context(), m)
	assert.Equal(t, channels.Unavailable, channels.CauseOf(err))
	for _, location := range []string{"http://media.twiliocdn.com/x", "ftp://x", "%zz", "", m.URL} {
		asked := 0
		a := account(t, nil, through(round(func(*http.Request) (*http.Response, error) {
			asked++
			if asked > 10 {
				return nil, errors.New("on and on")
			}
			return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {location}}, Body: http.NoBody}, nil
		})))
		_, err := a.File(t.Context(), m)
		assert.Equal(t, channels.Unavailable, channels.CauseOf(err), location)
		assert.LessOrEqual(t, asked, mostHops)
	}
}

func TestWordsAreRedacted(t *testing.T) {
	d := newDesk(t)
	receipt, err := texter(t, d.Account).Send(t.Context(), plain("Так"))
	require.NoError(t, err)
	require.NoError(t, d.Redact(t.Context(), receipt.ID))
	assert.Empty(t, d.Messages()[0].Body)
	assert.Equal(t, channels.Rejected, channels.CauseOf(d.Redact(t.Context(), "../"+receipt.ID)))
}
