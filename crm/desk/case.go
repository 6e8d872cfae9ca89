package desk

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

func splitPath(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// caseView is one registration.
type caseView struct {
	Seat      seat
	Short     string
	Form      string
	Status    string
	Class     crm.Status
	Lang      string
	Opened    string
	Since     string
	Holder    string
	Rev       int64
	Answers   answersView
	Score     *scoreView
	Steps     []stepRow
	Consents  []consentRow
	Notes     []noteRow
	Media     []mediaRow
	Talk      talkView
	Decisions []decisionLink
	CanWrite  bool
	Trail     []trailRow // for administrators
	Note      string     // a note that could not be kept
	Problem   string
}

type stepRow struct {
	From, To, Who, At, Reason string
	Class                     crm.Status
	Told                      bool
}

type consentRow struct {
	Purpose, At, Who, Notice, Version string
	Lang                              hubkit.Lang
	Given                             bool
}

type noteRow struct{ Text, Who, At string }

type mediaRow struct{ Name, Kind, At, Answer, Path string }

type trailRow struct{ Who, What, At string }

func (d *Desk) casePage(v *visit) error { return v.showCase(http.StatusOK, "", "") }

func (v *visit) showCase(code int, note, problem string) error {
	s, err := v.sit()
	if err != nil {
		return err
	}
	r := s.Reg
	ctx := v.r.Context()
	if err := v.record(s.Programme, "read", s.ID); err != nil {
		return err
	}
	q, err := v.d.forms.find(ctx, r.Form)
	if err != nil {
		return err
	}
	title := v.t("registration") + " " + short(r.ID)
	view := caseView{
		Seat: s.seat, Short: short(r.ID), Form: v.formTitle(r.Form.ID), Status: v.t("status_" + string(r.Status)), Class: r.Status,
		Opened: v.when(r.Opened), Since: v.since(r.At), Rev: r.Rev, CanWrite: v.agent.Role.may(Caseworker),
		Answers: v.answers(q, r, wordsOf(q, s.talk)), Score: v.score(r.Score), Note: note, Problem: problem,
	}
	if r.Lang != "" {
		view.Lang = r.Lang.Endonym()
	}
	if h := holderOf(r); h != (crm.Actor{}) {
		view.Holder = v.who(h)
	}
	for _, t := range r.History {
		view.Steps = append(view.Steps, v.step(t))
	}
	if view.Consents, view.Notes, view.Media, err = v.records(s, q != nil && len(view.Answers.Rows) > 0); err != nil {
		return err
	}
	if view.CanWrite {
		view.Decisions = v.decisions(r)
	}
	view.Talk = v.talkOf(s)
	if v.agent.Role.may(Administrator) {
		if view.Trail, err = v.trail(s.Programme + "/" + s.ID); err != nil {
			return err
		}
	}
	return v.show(code, "case", title, view)
}

func (v *visit) step(t crm.Transition) stepRow {
	return stepRow{
		From: v.t("status_" + string(t.From)), To: v.t("status_" + string(t.To)), Class: t.To,
		Who: v.who(t.By), At: v.when(t.At), Reason: v.reason(t), Told: t.Told != "",
	}
}

// reason is why a step was made; the bot's are words of its own.
func (v *visit) reason(t crm.Transition) string {
	if t.By.Kind == crm.Bot && t.Reason == "complete" {
		return ""
	}
	return t.Reason
}

// records reads consents, notes and media of the case and its thread.
func (v *visit) records(s sitting, _ bool) (cs []consentRow, ns []noteRow, ms []mediaRow, err error) {
	ctx := v.r.Context()
	consent := func(c crm.Consent) {
		cs = append(cs, consentRow{
			Purpose: c.Purpose, Given: c.Given, At: v.when(c.At), Who: v.who(c.By), Notice: c.Notice, Version: c.Version, Lang: c.Lang,
		})
	}
	for c, e := range v.d.store.Consents(ctx, s.Programme, s.ID) {
		if e != nil {
			return nil, nil, nil, e
		}
		consent(c)
	}
	if s.ThreadID != (crm.ThreadID{}) {
		for c, e := range v.d.store.ThreadConsents(ctx, s.ThreadID) {
			if e != nil {
				return nil, nil, nil, e
			}
			consent(c)
		}
	}
	for n, e := range v.d.store.Notes(ctx, s.Programme, s.ID) {
		if e != nil {
			return nil, nil, nil, e
		}
		ns = append(ns, noteRow{n.Text, v.who(n.By), v.when(n.At)})
	}
	for m, e := range v.d.store.Media(ctx, s.Programme, s.ID) {
		if e != nil {
			return nil, nil, nil, e
		}
		ms = append(ms, mediaRow{cmp.Or(m.Media.Name, m.Media.Type), m.Media.Type, v.when(m.At), m.Answer, v.filePath(s.seat, "media/"+m.ID)})
	}
	return cs, ns, ms, nil
}

// mostTrail bounds the list of who looked.
const mostTrail = 200

func (v *visit) trail(object string) ([]trailRow, error) {
	var rows []trailRow
	for e, err := range v.d.store.AuditTrail(v.r.Context(), object, 0) {
		if err != nil {
			return nil, err
		}
		kind, id, _ := strings.Cut(e.Actor, ":")
		rows = append(rows, trailRow{v.who(crm.Actor{Kind: crm.ActorKind(kind), ID: id}), e.Action, v.when(e.At)})
	}
	if len(rows) > mostTrail {
		rows = rows[len(rows)-mostTrail:]
	}
	return rows, nil
}

// talkView is the conversation pane.
type talkView struct {
	Seat     seat
	Lines    []line
	Earlier  bool // more was said before
	Seq      int64
	Hold     hold
	Ref      string // of the next reply
	CanWrite bool
	LangName string
	Dir      string
}

// line is one thing that was said.
type line struct {
	Seq       int64
	Side      string // "in", "out", "staff"
	Who, At   string
	Heading   string
	Text      string
	Lang      hubkit.Lang
	Dir       string
	Options   []string
	Media     []sentFile
	Withdrawn bool   // the words were not kept
	Trouble   string // why it did not arrive, or may not have
}

func (v *visit) talkOf(s sitting) talkView {
	view := talkView{Seat: s.seat, Hold: s.hold, Ref: crm.NewRef(s.Programme), CanWrite: v.agent.Role.may(Caseworker), Earlier: len(s.talk) == mostTalk}
	view.Dir = direction(s.hold.Lang)
	if s.hold.Lang != "" {
		view.LangName = s.hold.Lang.Endonym()
	}
	shown := taps{}
	for i := range s.talk {
		x := &s.talk[i]
		view.Seq = max(view.Seq, x.Seq)
		if l, ok := v.line(s.seat, x, s.hold.Lang, shown); ok {
			view.Lines = append(view.Lines, l)
		}
	}
	return view
}

// mostOptions of a message are shown; a list of regions says no more by its length.
const mostOptions = 8

// taps are the labels of the options that were shown, by their id: a tap is
// recorded as the id alone.
type taps map[string]string

// tapsOf collects the options of a conversation.
func tapsOf(talk []crm.Interaction) taps {
	shown := taps{}
	for i := range talk {
		shown.show(&talk[i])
	}
	return shown
}

func (t taps) show(x *crm.Interaction) {
	if x.Out == nil {
		return
	}
	for _, o := range x.Out.Message.Options {
		t[o.ID] = o.Label
	}
}

func (v *visit) line(s seat, x *crm.Interaction, lang hubkit.Lang, shown taps) (l line, ok bool) {
	shown.show(x)
	l = line{Seq: x.Seq, At: v.when(x.At), Who: v.who(x.By)}
	switch {
	case x.Out != nil:
		m := &x.Out.Message
		l.Side, l.Heading, l.Text, l.Lang = "out", m.Heading, m.Text, m.Lang
		l.Trouble = v.trouble(s, m.Ref)
		if x.By.Kind == crm.Agent {
			l.Side = "staff"
		} else {
			l.Who = v.t("actor_bot")
		}
		for i, o := range m.Options {
			if i == mostOptions && len(m.Options) > mostOptions+1 {
				l.Options = append(l.Options, "+"+itoa(len(m.Options)-mostOptions))
				break
			}
			l.Options = append(l.Options, o.Label)
		}
		for _, f := range m.Media {
			l.Media = append(l.Media, sentFile{Name: f.Type})
		}
	case x.In != nil:
		e := x.In
		l.Side, l.Who, l.Text, l.Lang = "in", v.t("actor_person"), e.Text, lang
		switch e.Kind {
		case channels.Started, channels.Ended:
			return l, false
		case channels.Stopped:
			l.Text = v.t("they_stopped")
		}
		for i, f := range e.Media {
			l.Media = append(l.Media, sentFile{strings.TrimSpace(f.Type + " " + f.Name), v.filePath(s, "said/"+itoa(int(x.Seq))+"/"+itoa(i))})
		}
		if e.Location != nil {
			l.Media = append(l.Media, sentFile{Name: v.t("location")})
		}
		if l.Text == "" && e.Option != "" {
			if l.Text = shown[e.Option]; l.Text == "" {
				l.Text = e.Option
			}
		}
		l.Withdrawn = l.Text == "" && len(l.Media) == 0
	}
	l.Text, l.Heading = unlinked(l.Text), unlinked(l.Heading)
	l.Dir = direction(l.Lang)
	return l, true
}

// onceLink is a one-time link of the web chat: what stands behind its # opens the
// person's own conversation, for whoever is first.
var onceLink = regexp.MustCompile(`(https?://)[^\s/?#]+([^\s#]*#)go-[\w-]+`)

// unlinked shortens one-time links, which are for the person alone.
func unlinked(s string) string { return onceLink.ReplaceAllString(s, "$1…$2…") }

// mostNote is the longest note, in bytes.
const mostNote = 8 << 10

func (d *Desk) addNote(v *visit) error {
	s, err := v.seat()
	if err != nil {
		return err
	}
	form, err := v.form()
	if err != nil {
		return err
	}
	text := words(form.Get("note"))
	if text == "" || len(text) > mostNote {
		problem := "note_empty"
		if text != "" {
			problem = "too_long"
		}
		return v.showCase(http.StatusUnprocessableEntity, text, problem)
	}
	_, err = d.store.Commit(v.r.Context(), crm.Change{By: v.agent.Actor(), Purpose: "note", Programme: s.Programme, Notes: []crm.Note{{About: s.Reg.ID, Text: text}}})
	if errors.Is(err, crm.ErrChange) {
		return &refusal{http.StatusBadRequest, "err_form"}
	}
	if err != nil {
		return err
	}
	return v.redirect(s.Path + "#notes")
}
