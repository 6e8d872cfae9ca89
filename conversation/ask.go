package conversation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// Message shapes an interview's prompt as a channel's message. lead is said
// before the question: why a reply was not understood, and the prompt's notes.
func Message(p registration.Prompt, lead ...string) channels.Message {
	m := channels.Message{Wants: wants(p), Lang: p.Lang, Heading: p.Heading, Several: p.Several, Open: p.Open, Spoken: p.Spoken, Recording: p.Recording}
	if len(lead)+len(p.Notes) == 0 && p.Hint == "" {
		m.Text = p.Text
	} else {
		parts := append(append(append([]string{}, lead...), p.Notes...), p.Text)
		if p.Hint != "" {
			parts = append(parts, p.Hint)
		}
		m.Text = strings.Join(parts, "\n\n")
		if p.Spoken != "" { // it stands for the question and its hint, not for what leads to them
			m.Spoken = strings.Join(append(append(append([]string{}, lead...), p.Notes...), p.Spoken), "\n\n")
		}
	}
	if len(p.Options) > 0 {
		m.Options = make([]channels.Option, len(p.Options))
		for i, o := range p.Options {
			m.Options[i] = channels.Option{ID: o.ID, Label: o.Say, Short: o.Short}
		}
	}
	return m
}

// wants says what the answer to a prompt is, for channels with a button or keypad for it.
func wants(p registration.Prompt) channels.Want {
	switch p.Form {
	case registration.FormInteger, registration.FormDecimal, registration.FormDate:
		return channels.WantDigits
	case registration.FormAccount, registration.FormNationalID:
		if p.Needs == registration.NeedsKeys {
			return channels.WantDigits
		}
	case registration.FormPhone:
		return channels.WantPhone
	case registration.FormLocation:
		return channels.WantPlace
	case registration.FormPhoto, registration.FormDocument:
		return channels.WantFile
	}
	return channels.WantText
}

// Reply shapes what came in as a reply to an interview.
func Reply(e channels.Event) registration.Reply {
	r := registration.Reply{Text: e.Text, Option: e.Option, At: e.At}
	if e.Option != "" {
		r.Text = ""
	}
	if e.Location != nil {
		r.Place = &registration.Place{Lat: e.Location.Lat, Lon: e.Location.Lon, Accuracy: e.Location.Accuracy}
	}
	for _, m := range e.Media {
		r.Files = append(r.Files, registration.File{Ref: m.URL, Type: m.Type, Name: m.Name, Size: m.Size})
	}
	return r
}

// ask begins a questionnaire, or goes on with it.
func (t *turn) ask(ctx context.Context, n *node, d Ask) error {
	t.s.leave(n.path)
	if t.s.asking == n.path && len(t.s.talk) > 0 {
		return t.prompt(ctx, n, d, 0)
	}
	if !d.Again {
		done, err := t.registered(ctx, d)
		if err != nil || done {
			return err
		}
	}
	t.promptFrom(t.afreshOn(n, d), 0)
	return nil
}

// afreshOn begins a questionnaire from its first question.
func (t *turn) afreshOn(n *node, d Ask) *registration.Interview {
	t.s.asking, t.s.reg, t.s.kept, t.s.talk = n.path, crm.NewID(), false, nil
	iv := d.Form.Begin(t.voice())
	t.deferring(iv)
	if !hasConsent(d.Form) {
		t.enrol(d, iv)
	}
	return iv
}

// registered tells a person who is registered already how it stands.
func (t *turn) registered(ctx context.Context, d Ask) (bool, error) {
	if t.thread.Rev == 0 || !t.thread.Expires.IsZero() { // nothing was ever kept of this thread
		return false, nil
	}
	for r, err := range t.h.store.Registrations(ctx, t.mine(0)) {
		if err != nil {
			return false, err
		}
		if r.Form.ID != d.Form.ID() {
			continue
		}
		switch r.Status {
		case crm.Draft, crm.ScreenedOut, crm.Withdrawn:
			return false, nil
		}
		t.lead = append(t.lead, t.word("received"))
		t.say(channels.Message{Text: t.word("status_"+string(r.Status)) + "\n" + t.word("help")})
		return true, nil
	}
	return false, nil
}

// mine are the registrations of the person, wherever they wrote; of a thread that is
// about nobody yet, its own.
func (t *turn) mine(limit int) crm.RegistrationQuery {
	q := crm.RegistrationQuery{Programme: t.p.ID, Desc: true, Limit: limit}
	if len(t.thread.About) > 0 {
		q.Person = t.thread.About[0]
	} else {
		q.Thread = t.thread.ID
	}
	return q
}

// latest returns the person's latest registration.
func (t *turn) latest(ctx context.Context) (crm.Registration, bool, error) {
	for r, err := range t.h.store.Registrations(ctx, t.mine(1)) {
		return r, err == nil, err
	}
	return crm.Registration{}, false, nil
}

// status says how the person's registration stands.
func (t *turn) status(ctx context.Context) (string, error) {
	r, ok, err := t.latest(ctx)
	switch {
	case err != nil:
		return "", err
	case !ok && len(t.s.talk) > 0:
		return t.word("status_" + string(crm.Draft)), nil
	case !ok:
		return t.word("no_reg"), nil
	}
	return t.word("status_" + string(r.Status)), nil
}

// resume loads the interview; nil, after an apology, if it cannot be.
func (t *turn) resume(ctx context.Context, d Ask) (*registration.Interview, error) {
	hash, err := registration.StateHash(t.s.talk)
	if err == nil {
		var q *registration.Questionnaire
		if q, err = t.h.form(ctx, t.p, hash, d.Form); err == nil {
			var iv *registration.Interview
			if iv, err = q.Resume(t.s.talk); err == nil {
				if t.lang != "" {
					iv.SetLang(t.lang)
				}
				t.deferring(iv)
				return iv, nil
			}
		}
	}
	if !errors.Is(err, registration.ErrState) {
		return nil, err
	}
	t.h.log.ErrorContext(ctx, "an interview could not be resumed; it begins anew", "programme", t.p.ID, "form", d.Form.ID(), "error", err)
	return nil, nil
}

// interview is resume, or a new one after an apology.
func (t *turn) interview(ctx context.Context, n *node, d Ask) (iv *registration.Interview, anew bool, err error) {
	if t.s.asking == n.path && len(t.s.talk) > 0 {
		if iv, err = t.resume(ctx, d); iv != nil || err != nil {
			return iv, false, err
		}
		t.lead = append(t.lead, t.word("again"))
	}
	return t.afreshOn(n, d), true, nil
}

// prompt says the present question again.
func (t *turn) prompt(ctx context.Context, n *node, d Ask, page int) error {
	if t.s.asking != n.path || len(t.s.talk) == 0 {
		if t.s.asking == "" && len(t.lead) > 0 { // answered: only what leads is said
			t.say(channels.Message{Text: t.word("help")})
			return nil
		}
		return t.ask(ctx, n, d)
	}
	iv, _, err := t.interview(ctx, n, d)
	if err != nil {
		return err
	}
	t.promptFrom(iv, page)
	return nil
}

// promptFrom says the interview's prompt and keeps its state.
func (t *turn) promptFrom(iv *registration.Interview, page int) {
	p := iv.Prompt()
	m := Message(p, t.lead...)
	t.lead = nil
	m.Page = page
	ref := t.say(m)
	if p.Key != "" {
		t.s.asked(ref, p.Key, p.Row)
	}
	t.s.talk = iv.AppendState(t.s.talk[:0:0])
}

// isAnswer says whether a command's word is an answer to the present question:
// an option that is labelled so comes first.
func (t *turn) isAnswer() bool {
	n := t.here()
	switch d := n.dialog.(type) {
	case Menu:
		return n.expect.Understand(t.voice(), t.e.Text, 0, nil).Rule == "exact"
	case Ask:
		if t.s.asking != n.path {
			return false
		}
		iv, err := d.Form.Resume(t.s.talk)
		if err != nil {
			return false
		}
		for _, o := range iv.Prompt().Options {
			if strings.EqualFold(o.Say, strings.TrimSpace(t.e.Text)) {
				return true
			}
		}
	}
	return false
}

// answer hears a reply to the questionnaire.
func (t *turn) answer(ctx context.Context, n *node, d Ask) error {
	if t.s.asking != n.path {
		return t.ask(ctx, n, d)
	}
	iv, anew, err := t.interview(ctx, n, d)
	if err != nil {
		return err
	}
	if anew {
		t.promptFrom(iv, 0)
		return nil
	}
	r := Reply(t.e)
	if r.To, err = t.asked(ctx); err != nil {
		return err
	}
	shown := iv.Prompt()
	heard := iv.Hear(r)
	t.outcome = heard.Outcome
	if heard.Say != "" {
		t.lead = append(t.lead, heard.Say)
	}
	if l := iv.Lang(); l != t.lang {
		t.lang = l
	}
	if err := t.remember(ctx, d, iv, heard, shown); err != nil {
		return err
	}
	if heard.Outcome == registration.NeedsPerson {
		t.s.talk = iv.AppendState(t.s.talk[:0:0])
		t.lead = nil
		return t.handOff(ctx, HandOff{Queue: t.p.Queue, Topic: "not-understood"}, nil)
	}
	if outcome := iv.Outcome(); outcome != "" {
		return t.finish(ctx, n, d, iv, outcome)
	}
	t.promptFrom(iv, 0)
	return nil
}

// remember keeps what an answer means beside the interview: consent and media.
func (t *turn) remember(ctx context.Context, d Ask, iv *registration.Interview, heard registration.Heard, shown registration.Prompt) error {
	if heard.Outcome != registration.Accepted {
		return nil
	}
	switch shown.Form {
	case registration.FormConsent:
		given, version, _ := iv.Answers().Get(heard.Key).Consent()
		if !given && !t.s.kept { // nothing is kept of who consents to nothing; the thread is forgotten soon
			return nil
		}
		sum := sha256.Sum256([]byte(shown.Text))
		t.change.Consents = append(t.change.Consents, crm.Consent{
			Purpose: heard.Key, Given: given, Notice: shown.Text, NoticeHash: hex.EncodeToString(sum[:]), Version: version, Lang: shown.Lang,
			Channel: t.e.From.Channel, Message: t.e.ID, About: t.s.reg, By: crm.Actor{Kind: crm.Beneficiary}, At: t.now,
		})
		if !given {
			return t.withdraw(ctx, "consent withdrawn")
		}
		if !t.s.kept {
			t.enrol(d, iv)
		}
	case registration.FormPhoto, registration.FormDocument:
		for i, m := range t.e.Media {
			t.change.Media = append(t.change.Media, crm.MediaRef{ID: t.s.reg + "." + heard.Key + "." + strconv.Itoa(i), About: t.s.reg, Answer: heard.Key, Media: m, At: t.now})
		}
	}
	return nil
}

// withdraw takes the registration under way back: its answers go at once, and
// with the consent gone the thread is forgotten as if there had been none.
func (t *turn) withdraw(ctx context.Context, reason string) error {
	if !t.s.kept {
		return nil
	}
	t.s.kept = false
	if reason == "consent withdrawn" {
		t.thread.Expires = t.now.Add(t.p.Forget)
	}
	r, err := t.h.store.Registration(ctx, t.p.ID, t.s.reg)
	if errors.Is(err, crm.ErrNotFound) {
		return nil
	}
	if err != nil || r.Status != crm.Draft {
		return err
	}
	r.Answers = json.RawMessage("{}")
	if err := r.Move(crm.Withdrawn, crm.Actor{Kind: crm.Beneficiary}, reason, t.now); err != nil {
		return err
	}
	t.change.Registrations = append(t.change.Registrations, r)
	return nil
}

// hasConsent says whether a questionnaire asks for consent itself.
func hasConsent(q *registration.Questionnaire) bool {
	for a := range q.Questions() {
		if a.Form == registration.FormConsent {
			return true
		}
	}
	return false
}

// enrol begins the registration: from now on the thread is kept.
func (t *turn) enrol(d Ask, iv *registration.Interview) {
	t.s.kept, t.thread.Expires = true, time.Time{}
	if len(t.thread.About) == 0 {
		t.thread.About = []string{crm.NewID()}
		t.change.Persons = append(t.change.Persons, crm.Person{ID: t.thread.About[0], Programme: t.p.ID, Lang: t.voice()})
	}
	t.change.Registrations = append(t.change.Registrations, t.registration(d, iv, t.thread.About[0]))
}

func (t *turn) registration(d Ask, iv *registration.Interview, person string) crm.Registration {
	q := iv.Questionnaire()
	answers, _ := json.Marshal(iv.Answers()) // answers always have a JSON
	return crm.Registration{
		ID: t.s.reg, Programme: t.p.ID, Thread: t.thread.ID, Person: person, Lang: t.voice(), Status: crm.Draft, Answers: answers,
		Form: crm.Form{ID: q.ID(), Version: q.Version(), Hash: q.HashString()},
	}
}

// finish keeps a complete or ended interview and goes on.
func (t *turn) finish(ctx context.Context, n *node, d Ask, iv *registration.Interview, outcome string) error {
	p := iv.Prompt()
	then := n.by[outcome]
	if outcome == registration.OutcomeComplete && n.then != nil {
		then = n.then
	}
	kept := t.s.kept
	if err := t.submit(ctx, d, iv, outcome); err != nil {
		return err
	}
	if iv.Reopened() {
		then = nil // it was followed when the rest was answered
	}
	t.s.asking, t.s.talk, t.s.kept = "", nil, false
	if then == nil || outcome != registration.OutcomeComplete {
		t.say(Message(p, t.lead...))
		t.lead = nil
	}
	if kept && outcome == registration.OutcomeComplete {
		if err := t.putOff(ctx, n, iv); err != nil {
			return err
		}
	}
	if then != nil {
		return t.open(ctx, then)
	}
	if n.up != nil {
		return t.open(ctx, n.up)
	}
	return nil
}

// submit writes the registration with its answers and score, if one was begun.
func (t *turn) submit(ctx context.Context, d Ask, iv *registration.Interview, outcome string) error {
	if !t.s.kept {
		return nil // no consent: nothing is kept
	}
	if iv.Reopened() {
		return t.completed(ctx, d, iv)
	}
	var r crm.Registration
	if len(t.change.Registrations) > 0 { // begun in this very turn
		r = t.change.Registrations[0]
		t.change.Registrations = nil
	} else {
		var err error
		if r, err = t.h.store.Registration(ctx, t.p.ID, t.s.reg); err != nil {
			return err
		}
	}
	fresh := t.registration(d, iv, r.Person)
	r.Answers, r.Form, r.Lang, r.Deferred = fresh.Answers, fresh.Form, fresh.Lang, waiting(iv)
	by, to := crm.Actor{Kind: crm.Bot}, crm.Submitted
	if outcome != registration.OutcomeComplete {
		to = crm.ScreenedOut
	} else {
		t.score(ctx, d, iv, &r)
	}
	if r.Status == to {
		t.change.Registrations = append(t.change.Registrations, r)
		return nil
	}
	if err := r.Move(to, by, outcome, t.now); err != nil {
		return err
	}
	t.change.Registrations = append(t.change.Registrations, r)
	return nil
}

// score scores the answers. They are worth more than the score: an agent decides anyway.
func (t *turn) score(ctx context.Context, d Ask, iv *registration.Interview, r *crm.Registration) {
	if d.Score == nil {
		return
	}
	s, err := d.Score.Score(iv.Answers())
	if err != nil {
		t.h.log.ErrorContext(ctx, "a registration could not be scored", "programme", t.p.ID, "form", d.Form.ID(), "error", err)
		return
	}
	r.Score = stored(s)
}

// stored is a score as the store keeps it.
func stored(s scoring.Score) *crm.Score {
	reasons, _ := json.Marshal(s.Reasons) // numbers: they always have a JSON
	return &crm.Score{Card: s.Card, Hash: s.HashString(), Points: s.Points, Lo: s.Lo, Hi: s.Hi, Band: s.Band, Eligible: s.Eligible.String(), Reasons: reasons}
}

// changeAnswer lets the person choose which answer to change.
func (t *turn) changeAnswer(ctx context.Context) error {
	n := t.here()
	d, ok := n.dialog.(Ask)
	if !ok || t.s.asking != n.path {
		return t.reprompt(ctx, 0)
	}
	iv, err := t.resume(ctx, d)
	if err != nil {
		return err
	}
	if iv != nil && iv.AskChange() {
		t.promptFrom(iv, 0)
		return nil
	}
	return t.reprompt(ctx, 0)
}

// abandon deletes the answers of the interview under way.
func (t *turn) abandon(ctx context.Context) error {
	if err := t.withdraw(ctx, "restarted"); err != nil {
		return err
	}
	t.s.asking, t.s.reg, t.s.talk, t.s.spots = "", "", nil, nil
	return nil
}
