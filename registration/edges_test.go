package registration_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

// A known answer that its question would refuse is asked for again.
func TestContinueAsksAgainForWhatTheQuestionRefuses(t *testing.T) {
	code := words.Matching("[A-Z]{2}[0-9]+")
	photo := r.Photo("photo", en("Photo?")).Largest(2000)
	for _, c := range []struct {
		part r.Part
		key  string
		bad  r.Value
		good r.Value
	}{
		{code, "words", r.WordsValue("AB12x"), r.WordsValue("AB12")},
		{photo, "photo", r.FileValue(r.File{Ref: "m", Type: "image/png", Size: 2001}), r.FileValue(r.File{Ref: "m", Type: "image/png", Size: 2000})},
		{photo, "photo", r.FileValue(pdf), r.FileValue(jpeg)},
		{photo, "photo", r.FileValue(r.File{Type: "image/png"}), r.FileValue(jpeg)},
		{wants, "wants", r.OptionsValue("food", "none"), r.OptionsValue("none")},
		{wants.Between(2, 3), "wants", r.OptionsValue("food"), r.OptionsValue("none")},
		{wants.Between(1, 1), "wants", r.OptionsValue("food", "rent"), r.OptionsValue("rent")},
	} {
		q, err := r.New(asks(c.part, last))
		require.NoError(t, err)
		iv, err := q.Continue("en", r.Of(map[string]r.Value{c.key: c.bad}))
		require.NoError(t, err)
		assert.Equal(t, c.key, iv.Prompt().Key)
		assert.Equal(t, r.Missing, iv.Answers().Get(c.key).State())
		iv, err = q.Continue("en", r.Of(map[string]r.Value{c.key: c.good}))
		require.NoError(t, err)
		assert.Equal(t, "last", iv.Prompt().Key)
		assert.True(t, c.good.Equal(iv.Answers().Get(c.key)))
	}
}

// A language that the questionnaire lacks leaves the question for it open,
// whatever was chosen before.
func TestContinueInALanguageThatIsNotThere(t *testing.T) {
	q := form(t)
	iv, err := q.Continue("fr", r.Of(map[string]r.Value{"language": r.OptionValue("uk")}))
	require.NoError(t, err)
	require.Equal(t, "language", iv.Prompt().Key)
	require.Equal(t, r.Missing, iv.Answers().Get("language").State())
}

// What is calculated of nobody is not asked, not missing.
func TestCalculatedOfNobody(t *testing.T) {
	youngest := r.Calculated("youngest", crew.Smallest(years.Value()))
	iv := begin(t, count, crew, youngest, last)
	say(t, iv, "0")
	require.Equal(t, r.NotAsked, iv.Answers().Get("youngest").State())
	require.NoError(t, iv.Change("count", -1))
	say(t, iv, "1", "40")
	f, ok := iv.Answers().Get("youngest").Float()
	require.True(t, ok)
	require.InDelta(t, 40, f, 0)
}

// A tap that is one of several is no failed attempt, and ends those before it.
func TestTapsBeginTheAttemptsAnew(t *testing.T) {
	iv := begin(t, wants, last)
	for range 2 {
		require.Equal(t, r.Again, iv.Hear(told("zzz")).Outcome)
	}
	require.Equal(t, r.Added, iv.Hear(tapped("wants:food")).Outcome)
	for range 2 {
		require.Equal(t, r.Again, iv.Hear(told("zzz")).Outcome)
	}
	require.Equal(t, r.NeedsPerson, iv.Hear(told("zzz")).Outcome)
}

// After an option that stands alone was named with others, nothing is chosen.
func TestAloneBeginsTheChoiceAnew(t *testing.T) {
	iv := begin(t, wants, last)
	require.Equal(t, r.Added, iv.Hear(tapped("wants:food")).Outcome)
	require.Equal(t, "alone", iv.Hear(told("Rent, None of these")).Rule)
	require.Equal(t, "choose_several", iv.Hear(tapped("wants:_done")).Rule)
	say(t, iv, "Rent")
	require.True(t, r.OptionsValue("rent").Equal(iv.Answers().Get("wants")))
}

// "Yes" in another language than "did you mean" was asked in takes no guess.
func TestAnotherLanguageForgetsTheGuess(t *testing.T) {
	iv := form(t).Begin("en")
	say(t, iv, "I agree", "yes")
	h := iv.Hear(told("Odeza"))
	require.Equal(t, r.Guessed, h.Outcome)
	require.True(t, iv.SetLang("uk"))
	require.Equal(t, r.Again, iv.Hear(told("так")).Outcome)
	require.Equal(t, "region", iv.Prompt().Key)
}

// The title of a section that was not shown is not shown with a question before it.
func TestBackForgetsTheNotesAhead(t *testing.T) {
	iv := begin(t, okay, r.Section(en("Numbers"), count), last)
	say(t, iv, "yes")
	require.True(t, iv.Back())
	require.Empty(t, iv.Prompt().Notes)
	say(t, iv, "yes")
	require.Equal(t, []string{"Numbers"}, iv.Prompt().Notes)
}

// A state with a right checksum is not taken when it holds a place that is not
// on the earth, or more members than the roster takes.
func TestResumeRefusesWhatNoReplyGives(t *testing.T) {
	where := r.Location("where", en("Where?"))
	iv := begin(t, where, last)
	require.Equal(t, r.Accepted, iv.Hear(r.Reply{Place: &r.Place{Lat: 50.45, Lon: 30.52}}).Outcome)
	state := iv.AppendState(nil)
	float := func(f float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(f)) }
	for _, lat := range []float64{91, -91, math.NaN(), math.Inf(1)} {
		forged := bytes.Replace(state[:len(state)-4], float(50.45), float(lat), 1)
		require.NotEqual(t, state[:len(state)-4], forged)
		_, err := iv.Questionnaire().Resume(sealed(forged))
		require.ErrorIs(t, err, r.ErrState)
	}
	good := bytes.Replace(state[:len(state)-4], float(50.45), float(49.8), 1)
	_, err := iv.Questionnaire().Resume(sealed(good))
	require.NoError(t, err, "another place is one")

	another := r.YesNo("another", en("Another?"))
	iv = begin(t, r.Repeat("men", nil, years).UntilNo(another).AtMost(3), last)
	say(t, iv, "40", "yes", "40", "yes", "40")
	require.Equal(t, "last", iv.Prompt().Key)
	state = iv.AppendState(nil)
	member := []byte{2, 0x21, 80, 0x11, 2} // two answers: 40 years, and yes
	three := append([]byte{0xB1, 3}, member...)
	require.Equal(t, 1, bytes.Count(state, three), "% x", state)
	for n, ok := range map[byte]bool{3: true, 4: false, 5: false} {
		grown := append([]byte{0xB1, n}, bytes.Repeat(member, int(n)-2)...)
		_, err := iv.Questionnaire().Resume(sealed(bytes.Replace(state[:len(state)-4], three, grown, 1)))
		if ok {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, r.ErrState, "%d members", n)
	}
}

// A number within +380 does not begin with a 0.
func TestPhoneWithoutAnOperator(t *testing.T) {
	iv := begin(t, r.Phone("p", "380", en("Phone?")), last)
	for _, s := range []string{"+380012345678", "380012345678", "+3800012345678"} {
		require.Equal(t, "phone", iv.Hear(told(s)).Rule, s)
	}
	say(t, iv, "+380 (0)50 123-45-67")
}
