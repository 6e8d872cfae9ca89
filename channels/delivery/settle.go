package delivery

import (
	"context"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// skew is by how much the provider's clock may differ from ours.
const skew = time.Minute

// settle looks for the messages in doubt and records what became of them.
func (l *Loop) settle(ctx context.Context, s Slice) {
	if len(s.Doubts) == 0 {
		return
	}
	now := time.Now()
	steps := make([]Step, 0, len(s.Doubts))
	var look []Doubt
	for _, d := range s.Doubts {
		if d.Since.Add(l.cfg.Grace).After(now) {
			steps = append(steps, Step{Ref: d.Message.Ref, To: Unknown, Cause: channels.Unknown, Due: d.Since.Add(l.cfg.Grace), Tries: d.Tries})
			continue
		}
		look = append(look, d)
	}
	if r, ok := l.ch.Reconciler(); ok && len(look) > 0 {
		steps = append(steps, l.reconcile(ctx, r, look)...)
	} else {
		for _, d := range look {
			steps = append(steps, l.absent(d, false))
		}
	}
	_, _ = l.advance(ctx, s, steps) // logged there; an unsettled doubt comes again
}

// absent says what becomes of a message that nobody has seen. Listed means that the
// provider's list was read and does not hold it.
func (l *Loop) absent(d Doubt, listed bool) Step {
	step := Step{Ref: d.Message.Ref, Cause: channels.Unknown, Tries: d.Tries}
	if settled := d.Since.Add(l.cfg.Settle); time.Now().Before(settled) {
		step.To, step.Due = Unknown, settled // a callback or the list may still tell
		return step
	}
	if l.cfg.Unknown == Resend || l.cfg.Unknown == ResendAbsent && listed {
		step.To = Queued
		if step.Tries >= l.cfg.Tries {
			step.To = Held
		}
	} else {
		step.To = Held
	}
	l.cfg.Logger.Warn("in doubt", "ref", step.Ref, "listed", listed, "to", step.To.String())
	return step
}

// reconcile asks the provider which of the messages it has.
func (l *Loop) reconcile(ctx context.Context, r channels.Reconciler, doubts []Doubt) []Step {
	steps := make([]Step, 0, len(doubts))
	for _, from := range l.senders(doubts) {
		var mine []Doubt
		since := time.Now()
		for _, d := range doubts {
			if l.sender(d) == from {
				mine = append(mine, d)
				if d.Since.Before(since) {
					since = d.Since
				}
			}
		}
		listed, err := l.list(ctx, r, from, since.Add(-skew))
		if err != nil {
			l.cfg.Logger.ErrorContext(ctx, "the provider's list cannot be read", "error", channels.CauseOf(err).String())
			for _, d := range mine {
				steps = append(steps, Step{Ref: d.Message.Ref, To: Unknown, Cause: channels.Unknown, Due: time.Now().Add(l.cfg.Grace), Tries: d.Tries})
			}
			continue
		}
		known, strange := sieve(listed, mine)
		// What the queue knows by its id is another message, however alike.
		strange, err = l.strangers(ctx, strange)
		if err != nil {
			l.cfg.Logger.ErrorContext(ctx, "learn", "error", err)
			for _, d := range mine {
				steps = append(steps, Step{Ref: d.Message.Ref, To: Unknown, Cause: channels.Unknown, Due: time.Now().Add(l.cfg.Grace), Tries: d.Tries})
			}
			continue
		}
		for _, d := range mine {
			steps = append(steps, l.judge(d, mine, known, strange))
		}
	}
	return steps
}

func (l *Loop) senders(doubts []Doubt) (from []string) {
	for _, d := range doubts {
		if !contains(from, l.sender(d)) {
			from = append(from, l.sender(d))
		}
	}
	return from
}

// sender returns from where a message left.
func (l *Loop) sender(d Doubt) string {
	if d.Message.From != "" {
		return d.Message.From
	}
	return l.ch.From()
}

// list reads the provider's whole list of the time in question.
func (l *Loop) list(ctx context.Context, r channels.Reconciler, from string, since time.Time) ([]channels.Listed, error) {
	ctx, cancel := context.WithTimeout(ctx, l.cfg.Lease/4)
	defer cancel()
	var out []channels.Listed
	for st, err := range r.Sent(ctx, from, since, time.Now().Add(skew)) {
		if err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, ctx.Err()
}

// sieve parts what names a message in doubt from the rest of the list.
func sieve(listed []channels.Listed, doubts []Doubt) (known map[string]channels.Status, strange []channels.Listed) {
	refs := make(map[string]bool, len(doubts))
	for _, d := range doubts {
		refs[d.Message.Ref] = true
	}
	known = map[string]channels.Status{}
	for _, st := range listed {
		if !refs[st.Ref] {
			strange = append(strange, st)
			continue
		}
		if was, ok := known[st.Ref]; !ok || was.Stage == channels.Failed || st.Stage > was.Stage && st.Stage != channels.Failed {
			known[st.Ref] = st.Status
		}
	}
	return known, strange
}

// strangers returns what the queue does not know by its reference or id, and lets it
// learn the rest.
func (l *Loop) strangers(ctx context.Context, listed []channels.Listed) ([]channels.Listed, error) {
	st := make([]channels.Status, len(listed))
	for i := range listed {
		st[i] = listed[i].Status
	}
	others, err := l.q.Learn(ctx, st)
	if err != nil {
		return nil, err
	}
	strange := make(map[string]bool, len(others))
	for _, o := range others {
		if o.Ref == "" {
			strange[o.ID] = true
		}
	}
	var out []channels.Listed
	for _, one := range listed {
		if one.Ref == "" && strange[one.ID] {
			out = append(out, one)
		}
	}
	return out, nil
}

// judge decides about one message in doubt: by reference, else by the person and the
// words, and then only if nothing else could be meant.
func (l *Loop) judge(d Doubt, all []Doubt, known map[string]channels.Status, strange []channels.Listed) Step {
	found := func(st channels.Status) Step {
		step := Step{Ref: d.Message.Ref, To: Sending.Learned(st.Stage), Receipt: channels.Receipt{ID: st.ID, At: st.At}, Cause: st.Cause, Code: st.Code, Tries: d.Tries}
		if step.To == Sending { // listed without a stage that says anything: it is there
			step.To = Accepted
		}
		return step
	}
	if st, ok := known[d.Message.Ref]; ok {
		return found(st)
	}
	var alike []channels.Listed
	for _, st := range strange {
		if st.To == d.Message.To && !st.At.Before(d.Since.Add(-skew)) && l.says(d.Message, st.Text) {
			alike = append(alike, st)
		}
	}
	if len(alike) == 0 {
		return l.absent(d, true)
	}
	twins := 0
	for _, other := range all {
		if other.Message.To == d.Message.To && l.says(other.Message, alike[0].Text) {
			twins++
		}
	}
	if len(alike) == 1 && twins == 1 {
		return found(alike[0].Status)
	}
	l.cfg.Logger.Warn("in doubt, and alike with another", "ref", d.Message.Ref)
	return Step{Ref: d.Message.Ref, To: Held, Cause: channels.Unknown, Tries: d.Tries}
}

// says reports whether the message leaves as this text. A list without texts, such as
// that of calls, tells nothing against it; the words of a template are the provider's,
// and under a picture there may be more than the text.
func (l *Loop) says(m channels.Message, text string) bool {
	if text == "" || m.Template != nil || len(m.Media) > 0 {
		return true
	}
	r, err := l.ch.Render(m)
	if err != nil {
		return false
	}
	if m.Part > 0 {
		return r.Parts[min(m.Part, len(r.Parts))-1] == text
	}
	return r.Body() == text
}
