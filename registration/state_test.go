package registration_test

import (
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
)

func TestResumeExhausted(t *testing.T) {
	iv := begin(t, r.Attempts(1, r.EndIt, count), last)
	require.Equal(t, r.Closed, iv.Hear(told("?!")).Outcome)
	again, err := iv.Questionnaire().Resume(iv.AppendState(nil))
	require.NoError(t, err)
	require.Equal(t, r.OutcomeExhausted, again.Outcome())
	require.True(t, again.Prompt().Done)
	require.Equal(t, r.Closed, again.Hear(told("3")).Outcome)
}

// A state whose checksum is right and that goes on after its last answer was
// not written by AppendState.
func TestResumeRefusesTrailingBytes(t *testing.T) {
	iv := begin(t, count, last)
	say(t, iv, "3")
	sealed := func(body []byte) []byte {
		return binary.LittleEndian.AppendUint32(body, crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	}
	state := iv.AppendState(nil)
	body := state[: len(state)-4 : len(state)-4]
	require.Equal(t, state, sealed(body), "the checksum is made as the state's own")
	for _, more := range []string{"\x00", "\x01", "\x00\x00\x00\x00"} {
		_, err := iv.Questionnaire().Resume(sealed(append(body, more...)))
		require.ErrorIsf(t, err, r.ErrState, "%q", more)
		require.ErrorContains(t, err, "does not fit the questionnaire")
	}
}
