package twiliotest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const hello = `<Response><Say voice="Polly.Joanna" language="en-US">Hello</Say></Response>`

func TestCallsThatTwilioWouldRefuseAreRefused(t *testing.T) {
	b := newBench(t, Config{})
	with := func(pairs ...string) url.Values {
		v := url.Values{"To": {person}, "From": {ours}, "Twiml": {hello}}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
			if pairs[i+1] == "" {
				v.Del(pairs[i])
			}
		}
		return v
	}
	for name, c := range map[string]struct {
		form url.Values
		want int
	}{
		"good":                   {with(), 0},
		"with a URL":             {with("Twiml", "", "Url", "https://hub.example.org/x"), 0},
		"no To":                  {with("To", ""), 21201},
		"To that is none":        {with("To", "380"), 21211},
		"no From":                {with("From", ""), 21213},
		"nothing to say":         {with("Twiml", ""), 21205},
		"both":                   {with("Url", "https://hub.example.org/x"), 21205},
		"too long":               {with("Twiml", strings.Replace(hello, "Hello", strings.Repeat("x", 4000), 1)), 32018},
		"no XML":                 {with("Twiml", "<Response>"), 12100},
		"a callback":             {with("StatusCallback", "status"), 21609},
		"no machine":             {with("MachineDetection", "true"), 20001},
		"no event":               {with("StatusCallbackEvent", "busy"), 20001},
		"rings for ever":         {with("Timeout", "601"), 20001},
		"an unknown field":       {with("Twimll", "x"), 20001},
		"a machine":              {with("MachineDetection", "DetectMessageEnd", "AsyncAmd", "true"), 0},
		"every event, repeated":  {url.Values{"To": {person}, "From": {ours}, "Twiml": {hello}, "StatusCallbackEvent": {"ringing", "completed"}}, 0},
		"a field that is single": {url.Values{"To": {person, person}, "From": {ours}, "Twiml": {hello}}, 20001},
	} {
		_, out := b.ask(http.MethodPost, "/api.twilio.com/2010-04-01/Accounts/"+b.AccountSID+"/Calls.json", c.form)
		code, _ := out["code"].(float64)
		assert.Equal(t, c.want, int(code), name)
	}
	assert.Len(t, b.Calls(), 4)
	assert.Nil(t, b.CallStatus(b.Calls()[0].SID, "busy", nil), "it asked for no callback")
}

func TestTwiMLThatTwilioWouldNotCarryOut(t *testing.T) {
	say := `<Say voice="Polly.Joanna" language="en-US">x</Say>`
	for document, want := range map[string]string{
		`<Response/>`: "",
		`<?xml version="1.0" encoding="UTF-8"?><Response>` + say + `<Pause length="1"/><Hangup/></Response>`:                                   "",
		`<Response><Gather numDigits="1" finishOnKey="" action="https://a.example/">` + say + `</Gather></Response>`:                           "",
		`<Response><Dial callerId="+15550100"><Number url="https://a.example/">+15550101</Number><Sip>sip:a@b.example</Sip></Dial></Response>`: "",

		``:                                           "one Response",
		`<Say>x</Say>`:                               "one Response",
		`<Response/><Response/>`:                     "one Response",
		`<Response><Sing>x</Sing></Response>`:        "holds no Sing",
		`<Response><Say>x</Say></Response>`:          "Say needs",
		`<Response><!-- x --></Response>`:            "more than elements and text",
		`<Response>` + say + `</Answer>`:             "element <Response>",
		`<Response><Pause length="0"/></Response>`:   "no value",
		`<Response><Pause volume="1"/></Response>`:   "no attribute volume",
		`<Response><Play>song.mp3</Play></Response>`: "no address",
		`<Response><Redirect></Redirect></Response>`: "Redirect with the text",
		`<Response>x</Response>`:                     "Response with the text",
		`<Response><Dial></Dial></Response>`:         "rings nobody",

		`<Response><Say voice="alice" language="en-US">x</Say></Response>`:                    "no value",
		`<Response><Gather finishOnKey="##"/></Response>`:                                     "no value",
		`<Response><Gather action="/next"/></Response>`:                                       "no value",
		`<Response><Gather><Dial><Number>+15550101</Number></Dial></Gather></Response>`:       "Gather holds no Dial",
		`<Response>` + strings.Replace(say, "x", strings.Repeat("ї", 751), 1) + `</Response>`: "longer than 4,500",
		`<Response>` + strings.Repeat(say, 1400) + `</Response>`:                              "bytes",
		`<Response><Pause length="1" length="2"/></Response>`:                                 "twice",
	} {
		_, err := ReadTwiML([]byte(document))
		if want == "" {
			assert.NoError(t, err, document)
		} else {
			assert.ErrorContains(t, err, want, "%.80s", document)
		}
	}
}

// The phone carries a document out as Twilio says it does.
func TestPhone(t *testing.T) {
	var asked []url.Values
	hub := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		asked = append(asked, r.PostForm)
		say := func(s string) string { return `<Say voice="Polly.Joanna" language="en-US">` + s + `</Say>` }
		next := `action="https://hub.example.org/webhooks/twilio/voice"`
		switch len(asked) {
		case 1:
			fmt.Fprint(w, `<Response>`+say("one")+`<Gather numDigits="2" finishOnKey="#" `+next+`>`+say("two")+`</Gather>`+say("three")+
				`<Gather finishOnKey="" numDigits="1" input="dtmf speech" `+next+`/>`+say("four")+`</Response>`)
		case 2:
			fmt.Fprint(w, `<Response><Redirect>https://hub.example.org/webhooks/twilio/voice?x=1</Redirect></Response>`)
		case 3:
			fmt.Fprint(w, `<Response><Dial `+next+` record="record-from-answer"><Number>+15550199</Number></Dial></Response>`)
		case 4:
			fmt.Fprint(w, `<Response><Hangup/>`+say("never")+`</Response>`)
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	f := New(Config{})
	p, err := f.Dial(hub, "https://hub.example.org", person, ours)
	require.NoError(t, err)
	assert.Equal(t, "one two ", p.Heard)
	assert.Equal(t, "ringing", asked[0].Get("CallStatus"))
	require.Error(t, p.Say("x"), "nobody listens")
	require.NoError(t, p.Press("#"), "# alone is as silence")
	assert.Equal(t, "three ", p.Heard)
	require.Len(t, asked, 1)
	require.NoError(t, p.Press("#1"))
	assert.Equal(t, "#", asked[1].Get("Digits"), "with an empty finishOnKey # is a key like others")
	assert.Len(t, asked, 3, "a Redirect is followed")
	assert.Equal(t, []string{"+15550199"}, p.Rung)
	assert.True(t, p.Recorded)
	require.Error(t, p.Press("1"))
	require.NoError(t, p.Desk("busy"))
	assert.Equal(t, "busy", asked[3].Get("DialCallStatus"))
	assert.True(t, p.Over)
	assert.Empty(t, p.Heard)
	require.Error(t, p.Wait())
	_, err = f.Dial(hub, "https://hub.example.org", person, ours)
	require.ErrorContains(t, err, "500")
}

func TestConversationsThatTwilioWouldRefuseAreRefused(t *testing.T) {
	b := newBench(t, Config{})
	post := func(path string, pairs ...string) (string, int) {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Add(pairs[i], pairs[i+1])
		}
		_, out := b.ask(http.MethodPost, "/conversations.twilio.com/v1"+path, v)
		code, _ := out["code"].(float64)
		sid, _ := out["sid"].(string)
		return sid, int(code)
	}
	sid, code := post("/Conversations", "UniqueName", "a")
	require.Zero(t, code)
	other, code := post("/Services/"+SID("IS", "1")+"/Conversations", "UniqueName", "b", "Timers.Inactive", "PT60S", "Timers.Closed", "PT600S", "Attributes", "{}")
	require.Zero(t, code)
	at := "/Conversations/" + sid
	for _, c := range []struct {
		path  string
		pairs []string
		want  int
	}{
		{"/Conversations", []string{"UniqueName", "a"}, 50353},
		{"/Conversations", []string{"Timers.Inactive", "PT59S"}, 50351},
		{"/Conversations", []string{"Timers.Closed", "10m"}, 50351},
		{"/Conversations", []string{"Attributes", "[]"}, 50300},
		{"/Conversations", []string{"FriendlyName", strings.Repeat("x", 257)}, 50350},
		{"/Conversations/" + SID("CH", "none"), []string{"State", "closed"}, 20404},
		{at, []string{"State", "open"}, 50350},
		{at + "/Participants", []string{"MessagingBinding.Address", person}, 50407},
		{at + "/Participants", []string{"MessagingBinding.Address", person, "MessagingBinding.ProxyAddress", ours}, 0},
		{at + "/Participants", []string{"MessagingBinding.Address", person, "MessagingBinding.ProxyAddress", ours}, 50433},
		{"/Conversations/" + other + "/Participants", []string{"MessagingBinding.Address", person, "MessagingBinding.ProxyAddress", ours}, 50416},
		{at + "/Participants", []string{"Identity", "agent"}, 0},
		{at + "/Messages", []string{"Body", ""}, 50504},
		{at + "/Messages", []string{"Body", strings.Repeat("x", 1601)}, 50504},
		{at + "/Messages", []string{"ContentSid", "HX1"}, 20001},
		{at + "/Messages", []string{"Body", "x", "Text", "y"}, 20001},
		{at + "/Webhooks", []string{"Target", "webhook", "Configuration.Url", "https://a.example/", "Configuration.Method", "POST"}, 20001},
		{at, []string{"State", "closed"}, 0},
		{at, []string{"State", "active"}, 50350},
		{at + "/Messages", []string{"Body", "x"}, 50422},
	} {
		_, code := post(c.path, c.pairs...)
		assert.Equal(t, c.want, code, "%s %.60v", c.path, c.pairs)
	}
	for i := range 6 {
		_, code := post("/Conversations/"+other+"/Webhooks", "Target", "webhook", "Configuration.Url", "https://a.example/", "Configuration.Method", "post")
		assert.Equal(t, i == 5, code == 50361)
	}
	assert.Positive(t, b.Conversations()[0].Silent, "these writes told no webhook")
}
