package conversation

import (
	"context"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/registration/reply"
)

const afreshPrefix = "afresh:"

func (t *turn) askAfresh() {
	t.s.phase = confirmsAfresh
	t.say(channels.Message{Text: t.word("restart"), Options: []channels.Option{
		{ID: afreshPrefix + "yes", Label: t.word("yes")}, {ID: afreshPrefix + "no", Label: t.word("no")},
	}})
}

// afresh hears whether the answers are to be deleted.
func (t *turn) afresh(ctx context.Context) (done bool, err error) {
	t.s.phase = inDialog
	yes, ok := false, false
	switch t.e.Option {
	case afreshPrefix + "yes":
		yes, ok = true, true
	case afreshPrefix + "no":
		ok = true
	case "":
		e := reply.New(reply.Spec{Kind: reply.YesNo, Langs: t.p.Languages, Options: 2})
		if u := e.Understand(t.voice(), t.e.Text, 0, nil); u.OK {
			yes, ok = u.N == 0, true
		}
	}
	switch {
	case !ok:
		return false, nil // something else was said: it is heard as usual
	case !yes:
		return true, t.reprompt(ctx, 0)
	}
	if err := t.abandon(ctx); err != nil {
		return true, err
	}
	return true, t.open(ctx, t.p.start)
}
