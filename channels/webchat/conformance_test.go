package webchat

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/channelstest"
)

// committed is the driver as a hub uses it: what is sent was committed before.
type committed struct {
	*Driver
	m *memory
}

func (c committed) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	receipt, err := c.Driver.Send(ctx, r)
	if err == nil {
		c.m.say(r.To, r.Message)
	}
	return receipt, err
}

// The suite's provider is the page itself: what it is given is what was sent.
func TestConformance(t *testing.T) {
	channelstest.TestDriver(t, func(t *testing.T) channelstest.Harness {
		m := newMemory(nil)
		d := newTest(t, m, nil)
		_, c := serve(t, d, m)
		to := at(t, d, c).ID
		return channelstest.Harness{
			Driver: committed{d, m}, To: to,
			Taken: func() (taken []channelstest.Taken) {
				_, body := c.do("GET", "messages", "")
				var got struct{ Entries []shown }
				if err := json.Unmarshal([]byte(body), &got); !assert.NoError(t, err) {
					return nil
				}
				for _, e := range got.Entries {
					one := channelstest.Taken{ID: e.Ref, To: to, Text: e.Text}
					for _, o := range e.Options {
						one.Shown = append(one.Shown, o.Label)
					}
					taken = append(taken, one)
				}
				return taken
			},
		}
	})
}
