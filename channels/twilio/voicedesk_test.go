package twilio

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
)

func TestHours(t *testing.T) {
	h := &Hours{
		Zone: "Europe/Kyiv",
		Week: map[time.Weekday][]Span{
			time.Monday: {{"09:00", "12:30"}, {"13:00", "24:00"}}, time.Friday: {{"22:00", "02:00"}}, time.Sunday: {{"00:00", "24:00"}},
		},
		Closed: []string{"2026-12-25", "2026-12-21"}, // a Friday and a Monday
	}
	for _, c := range []struct {
		at   string // in Kyiv
		want bool
	}{
		{"2026-12-14T08:59:59+02:00", false},
		{"2026-12-14T09:00:00+02:00", true},
		{"2026-12-14T07:00:00Z", true},
		{"2026-12-14T12:29:59+02:00", true},
		{"2026-12-14T12:30:00+02:00", false},
		{"2026-12-14T23:59:59+02:00", true},
		{"2026-12-15T00:00:00+02:00", false},
		{"2026-12-18T21:59:00+02:00", false},
		{"2026-12-18T22:00:00+02:00", true},
		{"2026-12-19T01:59:00+02:00", true}, // Friday's night
		{"2026-12-19T02:00:00+02:00", false},
		{"2026-12-26T01:00:00+02:00", false}, // the holiday's night
		{"2026-12-21T10:00:00+02:00", false}, // a holiday
		{"2026-03-29T00:00:00+02:00", true},  // the Sunday on which clocks go forward
		{"2026-03-29T23:59:00+03:00", true},
		{"2026-10-25T23:59:00+02:00", true}, // and back
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		require.NoError(t, err)
		assert.Equal(t, c.want, h.Open(at), c.at)
	}
	assert.True(t, (*Hours)(nil).Open(time.Time{}))
	assert.False(t, (&Hours{Zone: "Nowhere", Week: h.Week}).Open(time.Now()))
	assert.False(t, (&Hours{Week: h.Week}).Open(time.Now()), "no zone is no clock, not even the machine's")
	require.NoError(t, h.check())
}

// handed is a hub that gives every caller to a queue at once, and is silent after.
func handed(queue string) func(context.Context, channels.Event) ([]channels.Message, error) {
	return func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Kind != channels.Started {
			return nil, nil
		}
		return []channels.Message{{Lang: "en", Ref: "h", Text: "A person will help you.", Queue: queue}}, nil
	}
}

func TestCallReachesAPerson(t *testing.T) {
	consent := map[string]bool{}
	l := newLine(t, VoiceConfig{
		MayRecord: func(_ context.Context, a channels.Address) bool { return consent[a.ID] },
		Desks: map[string]Desk{
			"housing": {Numbers: []string{"+380440000001", "sip:housing@example.org"}, Whisper: "A call from the hub.\nPress any key.", Lang: "en"},
			"health":  {Numbers: []string{"+380440000002"}, CallerID: "+380440000009", Ring: 40 * time.Second},
		},
	})
	l.hub = handed("housing")
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Contains(t, p.Heard, "A person will help you.")
	assert.Equal(t, []string{"+380440000001", "sip:housing@example.org"}, p.Rung)
	assert.False(t, p.Recorded, "nobody has consented")
	dial := p.Last.Verbs[len(p.Last.Verbs)-1]
	assert.Equal(t, hotline, dial.Attrs["callerId"], "the person's number is not shown")
	assert.Equal(t, "25", dial.Attrs["timeout"])
	whispered, after, err := p.Whisper()
	require.NoError(t, err)
	assert.Equal(t, "A call from the hub. Press any key.", strings.Join(strings.Fields(whispered), " "))
	assert.Empty(t, after.Verbs, "after a key the call is theirs")
	require.Len(t, l.events, 1, "what happens between us and a desk is no event of the person")
	require.NoError(t, p.Desk("completed"))
	assert.True(t, p.Over)

	consent[olena] = true
	l.hub = handed("health")
	p, err = l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.True(t, p.Recorded)
	dial = p.Last.Verbs[len(p.Last.Verbs)-1]
	assert.Equal(t, [2]string{"+380440000009", "40"}, [2]string{dial.Attrs["callerId"], dial.Attrs["timeout"]})
	whispered, _, err = p.Whisper()
	require.NoError(t, err)
	assert.Empty(t, whispered)
}

// Who hides their number cannot be called back, and is a stranger when they call again:
// neither is promised.
func TestNothingIsPromisedToWhoHidesTheirNumber(t *testing.T) {
	w := DefaultVoiceWords()
	for name, c := range map[string]struct {
		hub    func(context.Context, channels.Event) ([]channels.Message, error)
		silent string // what is heard at the end
	}{
		"nobody takes the call":  {handed("legal"), w.Closed["en"]},
		"a question and silence": {nil, w.Farewell["en"]},
	} {
		l := newLine(t, VoiceConfig{})
		if l.hub = c.hub; c.hub == nil {
			l.hub = func(context.Context, channels.Event) ([]channels.Message, error) {
				return []channels.Message{{Lang: "en", Ref: "q", Text: "How old are you?", Wants: channels.WantDigits}}, nil
			}
		}
		for from, known := range map[string]bool{"anonymous": false, olena: true} {
			p, err := l.fake.Dial(l, publicURL, from, hotline)
			require.NoError(t, err)
			heard := p.Heard
			for !p.Over {
				require.NoError(t, p.Wait())
				heard += p.Heard
			}
			assert.Equal(t, !known, strings.Contains(heard, c.silent) && !strings.Contains(heard, w.Goodbye["en"]) && !strings.Contains(heard, w.CallBack["en"]), "%s, %s: %s", name, from, heard)
			assert.NotContains(t, heard, w.Promised["en"])
		}
	}
}

func TestCallerAsksToBeCalledBack(t *testing.T) {
	monday := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	now := monday
	l := newLine(t, VoiceConfig{
		Desks: map[string]Desk{"": {Numbers: []string{"+380440000001"}, Hours: &Hours{
			Zone: "Europe/Kyiv", Week: map[time.Weekday][]Span{time.Monday: {{"09:00", "17:00"}}},
		}}},
	}, func(c *Config) { c.Now = func() time.Time { return now } })
	l.hub = handed("legal")

	for name, reach := range map[string]func(*testing.T) string{
		"nobody answers": func(t *testing.T) string {
			now = monday
			p, err := l.fake.Dial(l, publicURL, olena, hotline)
			require.NoError(t, err)
			require.Equal(t, []string{"+380440000001"}, p.Rung, "the desk of every other queue")
			require.NoError(t, p.Desk("no-answer"))
			require.Contains(t, p.Heard, DefaultVoiceWords().Closed["en"])
			require.NoError(t, p.Press("1"))
			assert.Contains(t, p.Heard, DefaultVoiceWords().Promised["en"])
			assert.True(t, p.Over)
			return p.SID
		},
		"closed": func(t *testing.T) string {
			now = monday.Add(8 * time.Hour)
			p, err := l.fake.Dial(l, publicURL, olena, hotline)
			require.NoError(t, err)
			require.Empty(t, p.Rung)
			require.NoError(t, p.Wait())
			require.NoError(t, p.Press("1"))
			return p.SID
		},
	} {
		t.Run(name, func(t *testing.T) {
			l.events = nil
			sid := reach(t)
			require.Len(t, l.events, 2)
			e := l.last()
			assert.Equal(t, channels.CallBackID, e.Option)
			assert.Equal(t, "Please call me back.", e.Text, "people read it in the thread")
			assert.Equal(t, sid+"/1", e.ID)
			assert.Equal(t, channels.Address{Channel: "voice", ID: olena}, e.From)
		})
	}

	t.Run("another key is no wish", func(t *testing.T) {
		l.events, now = nil, monday.Add(8*time.Hour)
		p, err := l.fake.Dial(l, publicURL, olena, hotline)
		require.NoError(t, err)
		require.NoError(t, p.Press("2"))
		assert.True(t, p.Over)
		assert.Len(t, l.events, 1)
	})

	t.Run("who calls again while people have the thread is put through again", func(t *testing.T) {
		now = monday
		l.hub = nil // silent
		p, err := l.fake.Dial(l, publicURL, olena, hotline)
		require.NoError(t, err)
		assert.Equal(t, []string{"+380440000001"}, p.Rung)
	})
}

func TestListsAreReadInPages(t *testing.T) {
	for _, n := range []int{7, 12} {
		labels := make([]string, n)
		for i := range labels {
			labels[i] = "option" + string(rune('A'+i))
		}
		l := newLine(t, VoiceConfig{})
		l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
			page, _ := channels.ParseMore(e.Option)
			return []channels.Message{{Ref: "r", Lang: "en", Text: "Which?", Options: options(labels...), Page: page}}, nil
		}
		p, err := l.fake.Dial(l, publicURL, olena, hotline)
		require.NoError(t, err)
		assert.Contains(t, p.Heard, "optionA: press 1.")
		assert.NotContains(t, p.Heard, "optionF")
		require.NoError(t, p.Press("#"))
		assert.Contains(t, p.Heard, "optionF: press 6.", "%d options: # turns the page", n)
		assert.Equal(t, channels.MoreID(2), l.last().Option)
		require.NoError(t, p.Press("7"))
		assert.Equal(t, "7", l.last().Text)
		if n < manyOptions {
			continue
		}
		require.NoError(t, p.Press("12"))
		assert.Equal(t, "12", l.last().Text)
		// Silence reads on, round and round, and ends.
		heard := ""
		for i := 0; !p.Over; i++ {
			require.NoError(t, p.Wait())
			heard += p.Heard
			require.Less(t, i, 20)
		}
		assert.Equal(t, 3, strings.Count(heard, "optionL: press 12."))
		assert.Contains(t, heard, "Goodbye")
	}
}

// What no document can hold is not cut: a person takes over.
func TestRepliesTooLongForADocument(t *testing.T) {
	l := newLine(t, VoiceConfig{Desks: map[string]Desk{"": {Numbers: []string{"+380440000001"}}}})
	long := strings.Repeat("Дуже довгий текст. ", 1500)
	l.hub = func(_ context.Context, e channels.Event) ([]channels.Message, error) {
		if e.Text == "agent" {
			return []channels.Message{{Lang: "uk", Text: "Вам допоможе людина.", Queue: "help"}}, nil
		}
		return []channels.Message{{Lang: "uk", Text: long, Options: options("Так", "Ні")}}, nil
	}
	p, err := l.fake.Dial(l, publicURL, olena, hotline)
	require.NoError(t, err)
	assert.Contains(t, p.Heard, DefaultVoiceWords().Unspoken["uk"])
	assert.Equal(t, []string{"+380440000001"}, p.Rung)
}
