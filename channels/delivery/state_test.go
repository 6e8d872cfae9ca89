package delivery

import (
	"testing"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
)

func TestStatesNeverStepBack(t *testing.T) {
	// From where a message has certainly left, no way leads to where it could be sent.
	for _, from := range []State{Accepted, Delivered, Read, Undelivered, Failed, Cancelled, Expired} {
		seen, todo := map[State]bool{}, []State{from}
		for len(todo) > 0 {
			s := todo[0]
			todo = todo[1:]
			if seen[s] {
				continue
			}
			seen[s] = true
			for to := Queued; to <= Expired; to++ {
				if s.May(to) {
					todo = append(todo, to)
				}
			}
		}
		for _, s := range []State{Queued, Leased, Sending, Unknown} {
			assert.False(t, seen[s], "%s leads to %s", from, s)
		}
	}
	assert.False(t, Queued.May(Sending), "nothing is sent that was not leased")
	assert.False(t, Unknown.May(Sending), "nothing in doubt is sent")
	assert.False(t, Unknown.May(Leased))
	assert.False(t, State(99).May(Queued))
	assert.False(t, State(99).May(99))
}

func TestLearned(t *testing.T) {
	for _, c := range []struct {
		s    State
		st   channels.Stage
		want State
	}{
		{Sending, channels.Accepted, Accepted},
		{Sending, channels.Delivered, Delivered},
		{Unknown, channels.Sent, Accepted},
		{Unknown, channels.Failed, Undelivered},
		{Held, channels.Delivered, Delivered},
		{Queued, channels.Sent, Accepted},
		{Leased, channels.Read, Read},
		{Queued, channels.Failed, Queued},
		{Accepted, channels.Sent, Accepted},
		{Accepted, channels.Failed, Undelivered},
		{Undelivered, channels.Delivered, Delivered},
		{Delivered, channels.Failed, Delivered},
		{Read, channels.Delivered, Read},
		{Failed, channels.Delivered, Failed},
		{Cancelled, channels.Delivered, Cancelled},
		{Accepted, channels.Stage(99), Accepted},
	} {
		assert.Equal(t, c.want, c.s.Learned(c.st), "%s, then %s", c.s, c.st)
	}
}

func TestStateNames(t *testing.T) {
	for s := Queued; s <= Expired; s++ {
		got, ok := ParseState(s.String())
		assert.True(t, ok && got == s, s)
		assert.Equal(t, s == Read || s == Failed || s == Cancelled || s == Expired, s.Ended())
	}
	_, ok := ParseState("")
	assert.False(t, ok)
	assert.Equal(t, "state 99", State(99).String())
}
