package twilio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// SyncConfig says what [Account.Sync] does beside making what is missing.
type SyncConfig struct {
	// DryRun looks at what is there, and makes and submits nothing.
	DryRun bool
	// Submit submits what has a Category for approval, and a template that is approved
	// becomes the one that its name stands for. Without it, that is each that exists.
	Submit bool
	// Wait is how long approvals are waited for: minutes as a rule, up to a day. 0: not.
	Wait time.Duration
	// Every is how often they are asked for. Defaults to 30 s.
	Every time.Duration
	// Progress is told each step. Nil: nobody is.
	Progress func(Step)
}

// Doing is what was done about one content resource.
type Doing string

// What is done.
const (
	Missing   Doing = "missing"   // would be made
	Found     Doing = "found"     // was there
	Made      Doing = "made"      // was made now
	Submitted Doing = "submitted" // for approval
	Pending   Doing = "pending"   // approval is not decided
	Approved  Doing = "approved"  // may open a session
	Rejected  Doing = "rejected"  // Reason says why: change the words, which makes another resource
	Failed    Doing = "failed"    // Err says why
)

// Step is one thing done about one content resource.
type Step struct {
	Done   int    // how many resources are through with this round
	Total  int    // of how many
	Name   string // the friendly name
	Lang   hubkit.Lang
	Kind   Kind
	SID    string // empty where there is none
	Do     Doing
	Reason string // of a rejection, as WhatsApp words it
	Err    error  // of a failure
}

// Plan returns what cs come to, without an account: each different resource once, as
// Missing. The error lists everything that is wrong with any of them.
func Plan(cs []Content) ([]Step, error) {
	different, err := differ(cs)
	steps := make([]Step, len(different))
	for i := range different {
		c := &different[i]
		steps[i] = Step{Done: i + 1, Total: len(different), Name: c.friendly(c.Hash()), Lang: c.Lang, Kind: c.Kind, Do: Missing}
	}
	return steps, err
}

// differ returns each different resource once, and what is wrong with any.
func differ(cs []Content) ([]Content, error) {
	var (
		all  []Content
		errs []error
		seen = map[string]bool{}
	)
	for i := range cs {
		name := cs[i].friendly(cs[i].Hash())
		if seen[name] {
			continue
		}
		seen[name] = true
		if err := cs[i].Check(); err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, cs[i])
	}
	return all, errors.Join(errs...)
}

// Sync makes the content resources that are missing, and with Submit has templates
// approved. Running it again makes nothing twice. It returns the last step of each
// resource; the error joins those that failed or were rejected. Mistakes in cs are all
// returned before anything is asked.
func (a *Account) Sync(ctx context.Context, cs []Content, cfg SyncConfig) ([]Step, error) {
	different, err := differ(cs)
	if err != nil {
		return nil, err
	}
	run := &syncRun{a: a, cfg: cfg, cs: different, steps: make([]Step, len(different))}
	if run.cfg.Every <= 0 {
		run.cfg.Every = 30 * time.Second
	}
	for i := range different {
		run.place(ctx, i)
	}
	if cfg.Submit && !cfg.DryRun {
		run.approve(ctx)
	}
	return run.steps, run.failures()
}

// syncRun is one run of Sync.
type syncRun struct {
	a     *Account
	cfg   SyncConfig
	cs    []Content
	steps []Step
}

// tell keeps and reports a step of the i-th resource.
func (r *syncRun) tell(i, done int, do Doing, reason string, err error) {
	s := &r.steps[i]
	c := &r.cs[i]
	*s = Step{Done: done, Total: len(r.cs), Name: c.friendly(c.Hash()), Lang: c.Lang, Kind: c.Kind, SID: s.SID, Do: do, Reason: reason, Err: err}
	if r.cfg.Progress != nil {
		r.cfg.Progress(*s)
	}
}

// place finds or makes the i-th resource.
func (r *syncRun) place(ctx context.Context, i int) {
	c := &r.cs[i]
	var made bool
	err := r.patient(ctx, func() (err error) {
		r.steps[i].SID, made, err = r.a.find(ctx, c, !r.cfg.DryRun)
		return err
	})
	do := Found
	switch {
	case err != nil:
		do = Failed
	case r.steps[i].SID == "":
		do = Missing
	case made:
		do = Made
	}
	if err == nil && do != Missing && c.Name != "" && !r.cfg.DryRun && (!r.cfg.Submit || c.Category == "") {
		if err = r.a.name(ctx, c, r.steps[i].SID); err != nil {
			do = Failed
		}
	}
	r.tell(i, i+1, do, "", err)
}

// name makes a resource the one that a template's name stands for.
func (a *Account) name(ctx context.Context, c *Content, sid string) error {
	return a.contents.table.Put(ctx, a.templateKey(c.Name, c.Lang), sid)
}

// patient calls f again while Twilio asks to wait: this runs beside nobody's question.
func (r *syncRun) patient(ctx context.Context, f func() error) error {
	for wait := time.Second; ; wait *= 2 {
		err := f()
		var e *channels.Error
		if !errors.As(err, &e) || e.Cause != channels.Throttled || wait > time.Minute {
			return err
		}
		if pause(ctx, max(wait, e.After)) != nil {
			return err
		}
	}
}

// pause waits, or returns why not.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// approve submits what is to be approved, and asks until all is decided.
func (r *syncRun) approve(ctx context.Context) {
	end := r.a.now().Add(r.cfg.Wait)
	for first := true; ; first = false {
		open, done := 0, 0
		for i := range r.cs {
			if r.cs[i].Category == "" || r.steps[i].Do == Failed || r.steps[i].Do == Approved || r.steps[i].Do == Rejected {
				done++
				continue
			}
			do, reason, err := r.standing(ctx, i, first)
			if do == Pending || do == Submitted {
				open++
			} else {
				done++
			}
			if first || do != r.steps[i].Do {
				r.tell(i, done, do, reason, err)
			}
		}
		if open == 0 || !r.a.now().Add(r.cfg.Every).Before(end) || pause(ctx, r.cfg.Every) != nil {
			return
		}
	}
}

// approval is how a resource stands with WhatsApp.
type approval struct {
	WhatsApp struct {
		Status string `json:"status"`
		Reason string `json:"rejection_reason"`
	} `json:"whatsapp"`
}

// standing asks how the i-th resource stands, and submits one that never was.
func (r *syncRun) standing(ctx context.Context, i int, submit bool) (do Doing, reason string, err error) {
	c, sid := &r.cs[i], r.steps[i].SID
	base := "https://content.twilio.com/v1/Content/" + sid + "/ApprovalRequests"
	var is approval
	if err := r.patient(ctx, func() error { return r.a.ask(ctx, http.MethodGet, base, nil, &is) }); err != nil {
		if !submit && channels.CauseOf(err) != channels.Misconfigured {
			return r.steps[i].Do, "", nil // asked again
		}
		return Failed, "", err
	}
	switch is.WhatsApp.Status {
	case "approved":
		if err := r.a.name(ctx, c, sid); err != nil {
			return Failed, "", err
		}
		return Approved, "", nil
	case "rejected", "paused", "disabled":
		return Rejected, is.WhatsApp.Status + ": " + is.WhatsApp.Reason, nil
	case "", "unsubmitted":
		if !submit {
			return Pending, "", nil // it was, a moment ago
		}
		in := struct {
			Name     string   `json:"name"`
			Category Category `json:"category"`
		}{c.friendly(c.Hash()), c.Category}
		if err := r.patient(ctx, func() error { return r.a.ask(ctx, http.MethodPost, base+"/whatsapp", in, nil) }); err != nil {
			return Failed, "", err
		}
		return Submitted, "", nil
	}
	return Pending, "", nil // received, pending, or a word that is new
}

// failures joins what went wrong.
func (r *syncRun) failures() error {
	var errs []error
	for _, s := range r.steps {
		switch s.Do {
		case Failed:
			errs = append(errs, fmt.Errorf("twilio: content %s: %w", s.Name, s.Err))
		case Rejected:
			errs = append(errs, fmt.Errorf("twilio: content %s: WhatsApp says %s", s.Name, s.Reason))
		}
	}
	return errors.Join(errs...)
}
