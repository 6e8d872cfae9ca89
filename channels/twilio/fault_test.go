package twilio

import (
	"encoding/csv"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

// classes reads what each code means from the catalogue's table.
func classes(t *testing.T) map[int]string {
	t.Helper()
	f, err := os.Open("testdata/codes.csv")
	require.NoError(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	all := map[int]string{}
	for _, row := range rows[1:] {
		code, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		all[code] = row[1]
	}
	require.Len(t, all, 150)
	return all
}

// meant returns the cause of a class, and the shortest wait.
func meant(code int, class string) (channels.Cause, time.Duration) {
	word, _, _ := strings.Cut(class, " ")
	wait := time.Duration(0)
	switch {
	case strings.Contains(class, "next day"):
		wait = 24 * time.Hour
	case strings.Contains(class, "hours"), strings.Contains(class, "24 h"):
		wait = time.Hour
	case code == 30450:
		wait = 30 * time.Minute
	}
	switch {
	case code == 21408, code == 21215, code == 13227:
		return channels.Unreachable, 0 // a country that is not enabled: everybody else is reached
	case code == 21610:
		return channels.OptedOut, 0
	case strings.Contains(class, "MMS only"):
		return channels.Rejected, 0 // the person can be reached, only not with a picture
	}
	return map[string]channels.Cause{
		"content": channels.Rejected, "permanent-sender": channels.Misconfigured, "permanent-recipient": channels.Unreachable,
		"throttle": channels.Throttled, "retry": channels.Unavailable, "unknown": channels.Unknown, "window": channels.Window,
	}[word], wait
}

func TestEveryCodeHasItsCause(t *testing.T) {
	d := newDesk(t)
	sms, err := d.SMS(SMSConfig{From: ours})
	require.NoError(t, err)
	for code, class := range classes(t) {
		want, wait := meant(code, class)
		require.NotEqual(t, channels.None, want, class)
		status := http.StatusBadRequest
		if code == 20500 || code == 20503 {
			status = code - 20000
		}
		d.Refuse(twiliotest.Messages, status, code)
		_, err := sms.Send(t.Context(), plain("Так"))
		var e *channels.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, want, e.Cause, "%d: %s", code, class)
		assert.Equal(t, strconv.Itoa(code), e.Code)
		assert.GreaterOrEqual(t, e.After, wait, "%d: %s", code, class)
		assert.Equal(t, want, failure(strconv.Itoa(code)), "%d, in a status callback", code)
	}
	assert.Empty(t, d.Messages())
}

func TestAnswersWithoutACodeOfTheTable(t *testing.T) {
	for _, c := range []struct {
		status, code int
		want         channels.Cause
	}{
		{400, 99999, channels.Rejected},
		{400, 0, channels.Rejected},
		{401, 0, channels.Misconfigured},
		{403, 99999, channels.Misconfigured},
		{404, 0, channels.Misconfigured},
		{408, 0, channels.Unknown},
		{429, 0, channels.Throttled},
		{429, 99999, channels.Throttled},
		{429, 21611, channels.Throttled},
		{429, 20003, channels.Throttled},
		{500, 0, channels.Unknown},
		{500, 99999, channels.Unknown},
		{502, 0, channels.Unknown},
		{503, 0, channels.Unknown},
	} {
		d := newDesk(t)
		sms, err := d.SMS(SMSConfig{From: ours})
		require.NoError(t, err)
		d.Refuse(twiliotest.Messages, c.status, c.code)
		_, err = sms.Send(t.Context(), plain("Так"))
		got, code := cause(t, err)
		assert.Equal(t, c.want, got, "%d with code %d", c.status, c.code)
		want := c.code
		if want == 0 {
			want = c.status
		}
		assert.Equal(t, strconv.Itoa(want), code)
	}
	assert.Equal(t, channels.Unavailable, failure(""), "a message that failed without a word may be tried again")
	assert.Equal(t, channels.Unavailable, failure("99999"))
	assert.Equal(t, channels.Unavailable, failure("x"))
}

func TestAFaultSaysWhatSupportAsksFor(t *testing.T) {
	d := newDesk(t)
	sms, err := d.SMS(SMSConfig{From: ours})
	require.NoError(t, err)
	d.Refuse(twiliotest.Messages, 400, 21610)
	_, err = sms.Send(t.Context(), plain("Так"))
	var f *Fault
	require.ErrorAs(t, err, &f)
	assert.Equal(t, 400, f.Status)
	assert.Equal(t, 21610, f.Code)
	assert.Regexp(t, `^RQ[0-9a-f]{32}$`, f.RequestID)
	assert.Equal(t, "twilio: HTTP 400, code 21610: https://www.twilio.com/docs/errors/21610 (request "+f.RequestID+")", f.Error())
}

// plain returns a text as a driver gets it.
func plain(text string) channels.Rendered {
	return channels.Rendered{
		Message: channels.Message{Ref: "01J9", To: channels.Address{Channel: "sms", ID: person}, Lang: "uk", Text: text},
		Parts:   []string{text},
	}
}
