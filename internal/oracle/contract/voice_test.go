package contract

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/channels/twilio/twiliotest"
)

const (
	callee = "+380501234567"
	caller = "+15550100"
)

// account opens an account of which every request is checked.
func account(t *testing.T) (*twiliotest.Fake, *checker, *twilio.Account) {
	t.Helper()
	fake := twiliotest.New(twiliotest.Config{})
	c := newChecker(t, fake)
	a, err := twilio.NewAccount(twilio.Config{
		AccountSID: fake.AccountSID, AuthToken: fake.AuthToken, PublicURL: "https://hub.example.org", HTTP: &http.Client{Transport: c},
	})
	require.NoError(t, err)
	return fake, c, a
}

func TestCallsFollowTheDocuments(t *testing.T) {
	_, c, a := account(t)
	n := 0
	for _, machines := range []twilio.Machines{twilio.Everybody, twilio.Beep, twilio.Nobody} {
		v, err := a.Voice(twilio.VoiceConfig{From: caller, Machines: machines, Speech: true})
		require.NoError(t, err)
		voice, err := channels.New(v, channels.Config{})
		require.NoError(t, err)
		for _, text := range []string{"Вам потрібна допомога?", strings.Repeat("Гаряча вода буде завтра. ", 300)} {
			_, err = voice.Send(t.Context(), channels.Message{
				Ref: "r", To: channels.Address{Channel: "voice", ID: callee}, Lang: "uk", Text: text,
				Options: []channels.Option{{ID: "q:yes", Label: "Так"}, {ID: "q:no", Label: "Ні"}},
			})
			require.NoError(t, err)
			n++
		}
		for _, err := range v.Sent(t.Context(), "", time.Now().Add(-time.Hour), time.Now()) {
			require.NoError(t, err)
		}
	}
	assert.Empty(t, c.faults)
	assert.Equal(t, n, c.seen["POST /2010-04-01/Accounts/{AccountSid}/Calls.json"])
	assert.Equal(t, 3, c.seen["GET /2010-04-01/Accounts/{AccountSid}/Calls.json"])
}

func TestConversationsFollowTheDocuments(t *testing.T) {
	for _, service := range []string{"", twiliotest.SID("IS", "1")} {
		fake, c, a := account(t)
		room, err := a.Conversations(twilio.ConversationsConfig{ServiceSID: service, Inactive: time.Hour, Closed: 24 * time.Hour})
		require.NoError(t, err)
		o := twilio.Opening{
			Key: "1", Person: channels.Address{Channel: "whatsapp", ID: callee}, Ours: caller, Name: "housing", Attributes: map[string]any{"topic": "housing"},
			History: []twilio.Line{{Text: "Добрий день", At: time.Now()}, {Person: true, Text: "так"}},
		}
		works := channelstest.Works
		fake.FaultOn(twiliotest.Conversations, works, works, works, works, channelstest.ServerError)
		_, err = room.Open(t.Context(), o) // stops before the person comes
		require.Error(t, err)
		opened, err := room.Open(t.Context(), o) // goes on: finds, lists, posts nothing twice
		require.NoError(t, err)
		_, err = room.Open(t.Context(), o)
		require.NoError(t, err)
		require.NoError(t, room.Post(t.Context(), opened.SID, "Вітаю", nil))
		require.NoError(t, room.Post(t.Context(), opened.SID, "", &channels.Template{Name: twiliotest.SID("HX", "1"), Vars: map[string]string{"1": "x"}}))
		require.NoError(t, room.Close(t.Context(), opened.SID))
		fake.AutoCreate("whatsapp:"+callee, "whatsapp:"+caller)
		o.Key = "2"
		_, err = room.Open(t.Context(), o)
		require.NoError(t, err)
		assert.Empty(t, c.faults)
		assert.Empty(t, fake.Complaints())
		prefix := "/v1"
		if service != "" {
			prefix = "/v1/Services/{ChatServiceSid}"
		}
		for _, want := range []string{
			"POST " + prefix + "/Conversations", "GET " + prefix + "/Conversations/{Sid}", "POST " + prefix + "/Conversations/{Sid}",
			"DELETE " + prefix + "/Conversations/{Sid}", "GET " + prefix + "/Conversations/{ConversationSid}/Participants",
			"GET " + prefix + "/Conversations/{ConversationSid}/Messages",
			"POST " + prefix + "/Conversations/{ConversationSid}/Participants", "POST " + prefix + "/Conversations/{ConversationSid}/Messages",
			"POST " + prefix + "/Conversations/{ConversationSid}/Webhooks",
			"GET " + prefix + "/Conversations/{ConversationSid}/Webhooks", "GET " + prefix + "/ParticipantConversations",
		} {
			assert.Positive(t, c.seen[want], "%s of %v", want, c.seen)
		}
	}
}

// The built-in voices and languages are those of Twilio's own library.
func TestSpeakersAreTwilios(t *testing.T) {
	dir := os.Getenv("HUBKIT_TEST_NPM")
	if dir == "" {
		t.Skip("HUBKIT_TEST_NPM names no folder with the npm package twilio")
	}
	types, err := os.ReadFile(filepath.Join(dir, "node_modules/twilio/lib/twiml/VoiceResponse.d.ts"))
	require.NoError(t, err)
	list := func(name string) map[string]bool {
		m := regexp.MustCompile(`type ` + name + ` = ([^;]*);`).FindSubmatch(types)
		require.NotNil(t, m, name)
		all := map[string]bool{}
		for v := range strings.SplitSeq(string(m[1]), "|") {
			var s string
			require.NoError(t, json.Unmarshal([]byte(strings.TrimSpace(v)), &s))
			all[s] = true
		}
		return all
	}
	voices, says, listens := list("SayVoice"), list("SayLanguage"), list("GatherLanguage")
	for lang, s := range twilio.Speakers() {
		assert.True(t, voices[s.Voice], "%s: no voice %s", lang, s.Voice)
		assert.True(t, says[s.Language], "%s: Say has no language %s", lang, s.Language)
		assert.True(t, listens[s.Listen], "%s: Gather does not listen to %s", lang, s.Listen)
	}
	for _, none := range []string{"sw", "fa", "ur", "ps", "so", "my", "ne", "ka", "hy", "sq", "ti"} {
		for v := range voices {
			assert.False(t, strings.HasPrefix(v, "Google."+none+"-"), "%s speaks %s, which the documentation denies", v, none)
		}
	}
}
