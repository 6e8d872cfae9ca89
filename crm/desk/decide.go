package desk

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

// decisionLink is a step that the agent may make from here.
type decisionLink struct {
	To    crm.Status
	Name  string
	Class string // how it looks: "main", "grave" or ""
	Once  bool   // one press does it: nobody is told anything
}

// decisions are the steps that the table of transitions allows an agent.
func (v *visit) decisions(r *crm.Registration) []decisionLink {
	var ds []decisionLink
	for _, to := range r.Status.Next(crm.Agent) {
		d := decisionLink{To: to, Name: v.doing(r.Status, to), Once: to == crm.InReview}
		switch to {
		case crm.Approved:
			d.Class = "main"
		case crm.InReview:
			if r.Status == crm.Submitted || r.Status == crm.Appealed || r.Status == crm.MoreInfo {
				d.Class = "main"
			}
		case crm.Rejected, crm.Closed, crm.Withdrawn:
			d.Class = "grave"
		}
		ds = append(ds, d)
	}
	// What comes first is what is done most; what ends things comes last.
	slices.SortStableFunc(ds, func(a, b decisionLink) int { return weight(a) - weight(b) })
	return ds
}

// doing names a step as what the agent does.
func (v *visit) doing(from, to crm.Status) string {
	if to == crm.Submitted && (from == crm.Draft || from == crm.Withdrawn) {
		return v.t("do_hand_in")
	}
	return v.t("do_" + string(to))
}

func weight(d decisionLink) int {
	switch d.Class {
	case "main":
		return 0
	case "grave":
		return 2
	}
	return 1
}

// decision is one as the agent writes it.
type decision struct {
	To      crm.Status
	Rev     int64
	Known   int // steps of the history that the agent saw
	Reason  string
	Message string
	Take    bool // the answer comes to the agent, not to the bot
}

// decisionView is the page on which it is written, looked at and sent.
type decisionView struct {
	Seat     seat
	Short    string
	From     string
	Name     string
	Class    string
	Decision decision
	Hold     hold
	LangName string
	Dir      string
	Foreign  bool // there is no prepared text in the person's language: this is another
	Tells    bool // the person must be told
	AsksMore bool
	Problem  string
	Preview  *preview // nil while it is written
}

// preview is a message as its channel shows it.
type preview struct {
	Channel string
	Parts   []string
	Lang    hubkit.Lang
	Dir     string
}

// conflict is shown to who comes second: what changed, and what was not done.
type conflict struct {
	Seat     seat
	Short    string
	Status   string
	Class    crm.Status
	Steps    []stepRow // since the agent looked; none when something else changed
	Name     string
	Decision decision
}

// needsReason says which steps want one: all but taking up the work.
func needsReason(to crm.Status) bool { return to != crm.InReview }

// draft is what a person is told of a status, in their language or in English.
func (d *Desk) draft(to crm.Status, lang hubkit.Lang) (text string, used hubkit.Lang) {
	return d.drafts[to].In(lang, nil)
}

func (d *Desk) decidePage(v *visit) error {
	s, err := v.sit()
	if err != nil {
		return err
	}
	to := crm.Status(v.r.URL.Query().Get("to"))
	if !slices.Contains(s.Reg.Status.Next(crm.Agent), to) {
		return v.showConflict(s, decision{To: to, Known: len(s.Reg.History)})
	}
	if err := v.record(s.Programme, "read", s.ID); err != nil {
		return err
	}
	made := decision{To: to, Rev: s.Reg.Rev, Known: len(s.Reg.History), Take: true}
	made.Message, _ = d.draft(to, s.hold.Lang)
	return v.showDecision(http.StatusOK, s, made, "", nil)
}

func (v *visit) showDecision(code int, s sitting, made decision, problem string, p *preview) error {
	draft, used := v.d.draft(made.To, s.hold.Lang)
	view := decisionView{
		Seat: s.seat, Short: short(s.ID), From: v.t("status_" + string(s.Reg.Status)), Name: v.doing(s.Reg.Status, made.To), Decision: made,
		Hold: s.hold, Dir: direction(s.hold.Lang), Foreign: draft != "" && used.Base() != s.hold.Lang.Base() && made.Message == draft,
		Tells: draft != "" && s.hold.Refuses == "", AsksMore: made.To == crm.MoreInfo, Problem: problem, Preview: p,
	}
	if s.hold.Lang != "" {
		view.LangName = s.hold.Lang.Endonym()
	}
	for _, d := range v.decisions(s.Reg) {
		if d.To == made.To {
			view.Class = d.Class
		}
	}
	return v.show(code, "decide", view.Name, view)
}

func (v *visit) showConflict(s sitting, made decision) error {
	view := conflict{
		Seat: s.seat, Short: short(s.ID), Status: v.t("status_" + string(s.Reg.Status)), Class: s.Reg.Status,
		Name: v.t("do_" + string(made.To)), Decision: made,
	}
	if !slices.Contains(statuses, made.To) {
		return &refusal{http.StatusBadRequest, "err_form"}
	}
	if err := v.record(s.Programme, "read", s.ID); err != nil { // the steps' reasons are shown
		return err
	}
	if made.Known >= 0 && made.Known <= len(s.Reg.History) {
		for _, t := range s.Reg.History[made.Known:] {
			view.Steps = append(view.Steps, v.step(t))
		}
	}
	return v.show(http.StatusConflict, "conflict", v.t("conflict"), view)
}

func readDecision(form url.Values) (made decision, ok bool) {
	made = decision{To: crm.Status(form.Get("to")), Reason: words(form.Get("reason")), Message: words(form.Get("message")), Take: form.Get("take") != ""}
	var err1, err2 error
	made.Rev, err1 = strconv.ParseInt(form.Get("rev"), 10, 64)
	made.Known, err2 = strconv.Atoi(form.Get("known"))
	return made, err1 == nil && err2 == nil
}

// decide looks at a decision once more, or makes it: the step, its reason and
// the message that tells the person are one change.
func (d *Desk) decide(v *visit) error {
	form, err := v.form()
	if err != nil {
		return err
	}
	made, ok := readDecision(form)
	if !ok {
		return &refusal{http.StatusBadRequest, "err_form"}
	}
	for range 4 {
		s, err := v.sit()
		if err != nil {
			return err
		}
		if made.done(s.Reg, v.agent.Actor()) {
			return v.redirect(s.Path) // the button was pressed twice
		}
		if s.Reg.Rev != made.Rev || !slices.Contains(s.Reg.Status.Next(crm.Agent), made.To) {
			return v.showConflict(s, made)
		}
		problem := v.wrong(s, made)
		if form.Get("step") != "confirm" || problem != "" {
			code := http.StatusOK
			var p *preview
			if problem != "" {
				code = http.StatusUnprocessableEntity
			} else if form.Get("step") == "preview" {
				p = d.preview(s, made)
			}
			return v.showDecision(code, s, made, problem, p)
		}
		err = v.commit(s, made)
		if errors.Is(err, crm.ErrStale) {
			continue // looked at anew: what the agent saw is compared again
		}
		if err != nil {
			return err
		}
		d.news.ring()
		return v.redirect(s.Path)
	}
	return crm.ErrStale
}

// done says whether this very decision was made since the agent looked.
func (made decision) done(r *crm.Registration, by crm.Actor) bool {
	if made.Known < 0 || len(r.History) != made.Known+1 {
		return false
	}
	t := r.History[made.Known]
	return t.By == by && t.To == made.To && t.Reason == made.Reason
}

// wrong says what is missing of a decision, as a word's id.
func (v *visit) wrong(s sitting, made decision) string {
	draft, _ := v.d.draft(made.To, s.hold.Lang)
	switch {
	case needsReason(made.To) && made.Reason == "":
		return "reason_missing"
	case draft != "" && made.Message == "" && s.hold.Refuses == "":
		return "message_missing"
	case len(made.Reason) > mostReply || len(made.Message) > mostReply:
		return "too_long"
	}
	return ""
}

// message is what the person is told; ok is false when nobody can be.
func (s sitting) message(made decision) (m channels.Message, ok bool) {
	if made.Message == "" || s.hold.Refuses != "" {
		return m, false
	}
	return channels.Message{To: s.ThreadID.Address, Text: made.Message, Lang: s.hold.Lang, Class: channels.Notice}, true
}

// preview shapes the message as its channel will.
func (d *Desk) preview(s sitting, made decision) *preview {
	p := &preview{Channel: s.hold.Channel, Lang: s.hold.Lang, Dir: direction(s.hold.Lang)}
	m, ok := s.message(made)
	if !ok {
		return p
	}
	r, err := d.channels[s.ThreadID.Address.Channel].Render(m)
	if err != nil {
		p.Parts = []string{m.Text}
		return p
	}
	p.Parts = r.Parts
	return p
}

// commit makes the decision.
func (v *visit) commit(s sitting, made decision) error {
	by := v.agent.Actor()
	c := crm.Change{By: by, Purpose: "decision"}
	r := *s.Reg
	r.History = slices.Clone(r.History)
	if err := r.Move(made.To, by, made.Reason, v.d.now().UTC()); err != nil {
		var no *crm.TransitionError
		if errors.As(err, &no) {
			return &refusal{http.StatusUnprocessableEntity, "err_form"}
		}
		return err
	}
	if m, ok := s.message(made); ok {
		c.Outbox = v.d.outgoing(s.ThreadID, m, s.talk)
		c.Thread = &s.hold.Thread
		r.History[len(r.History)-1].Told = c.Outbox[len(c.Outbox)-1].Ref
	}
	if made.To == crm.MoreInfo && made.Take && s.hold.Refuses == "" && s.hold.State != another {
		v.holdIt(&s.hold, &c)
	}
	c.Registrations = []crm.Registration{r}
	_, err := v.d.store.Commit(v.r.Context(), c)
	return err
}
