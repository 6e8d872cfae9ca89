package conversation

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// turn decides what one event means. It reads from the store and writes
// nothing: what is to be kept and said is in change.
type turn struct {
	h      *Hub
	p      *programme
	e      channels.Event
	now    time.Time
	lang   hubkit.Lang
	s      session
	thread crm.Thread
	change crm.Change
	lead   []string // said before the next prompt, in the same message

	// For the counters, once the turn is durable.
	outcome registration.HeardOutcome // 0: nothing was answered
	hurried bool
}

// turn loads the thread and decides.
func (h *Hub) turn(ctx context.Context, p *programme, id crm.ThreadID, e channels.Event) (*turn, error) {
	t, err := h.begin(ctx, p, id, e)
	if err != nil {
		return nil, err
	}
	if err := t.decide(ctx); err != nil {
		return nil, err
	}
	t.end()
	return t, nil
}

// begin loads the thread.
func (h *Hub) begin(ctx context.Context, p *programme, id crm.ThreadID, e channels.Event) (*turn, error) {
	thread, ok := h.recent.find(id)
	if !ok {
		var err error
		if thread, err = h.store.Thread(ctx, id); err != nil {
			return nil, err
		}
	}
	s, err := readSession(thread.State)
	if err != nil { // never a wrong interview: begin anew, and tell the operator
		h.log.ErrorContext(ctx, "a thread's state was damaged; it begins anew", "programme", p.ID)
		s = session{}
	}
	t := &turn{h: h, p: p, e: e, now: h.now().UTC().Truncate(time.Millisecond), s: s, thread: thread, lang: thread.Lang}
	if !slices.Contains(p.Languages, t.lang) {
		t.lang = ""
		if len(p.Languages) == 1 {
			t.lang = p.Languages[0]
		}
	}
	t.change = crm.Change{By: crm.Actor{Kind: crm.Beneficiary}, Purpose: "turn", Inbound: &t.e, Thread: &t.thread}
	if thread.Rev == 0 {
		t.thread.Expires = t.now.Add(p.Forget)
	}
	return t, nil
}

// end puts what the session became into the thread.
func (t *turn) end() {
	t.thread.Lang, t.thread.State = t.lang, t.s.append(nil)
}

// goOn asks again what was open, or begins.
func (t *turn) goOn(ctx context.Context) error {
	switch {
	case t.s.link != "":
		return t.byLink(ctx, t.s.link)
	case t.lang == "":
		t.askTongue()
		return nil
	case t.s.at == "":
		return t.open(ctx, t.p.start)
	case len(t.s.talk) > 0:
		t.lead = append(t.lead, t.word("back"))
	}
	return t.reprompt(ctx, 0)
}

// voice is the language to speak: the one chosen, or the first.
func (t *turn) voice() hubkit.Lang {
	if t.lang == "" {
		return t.p.Languages[0]
	}
	return t.lang
}

func (t *turn) word(id string) string { return t.p.say(id, t.voice(), nil) }

// say puts a message into the outbox and returns its ref.
func (t *turn) say(m channels.Message) string {
	if len(t.lead) > 0 {
		lead := strings.Join(t.lead, "\n\n") + "\n\n"
		m.Text = lead + m.Text
		if m.Spoken != "" {
			m.Spoken = lead + m.Spoken
		}
		t.lead = nil
	}
	m.To, m.Class = t.e.From, channels.Reply
	m.From = t.e.To.ID
	if m.Lang == "" {
		m.Lang = t.voice()
	}
	if m.Ref == "" {
		m.Ref = crm.NewRef(t.p.ID)
	}
	ch := t.h.channels[t.e.From.Channel]
	o := crm.Outgoing{Ref: m.Ref, Message: m, Inline: t.e.Session != ""}
	switch {
	case o.Inline:
		o.NotAfter = t.now.Add(callAnswer)
	case ch != nil && ch.Limits().Pulled:
		o.Pull = true
	case ch != nil:
		o.Lane = ch.Name()
		if pieces, err := ch.Split(m); err == nil && len(pieces) > 1 {
			for _, piece := range pieces[:len(pieces)-1] {
				t.change.Outbox = append(t.change.Outbox, crm.Outgoing{Ref: piece.Ref, Message: piece, Lane: o.Lane})
			}
			o.Message = pieces[len(pieces)-1]
		}
	}
	t.change.Outbox = append(t.change.Outbox, o)
	return m.Ref
}

// callAnswer is how long the replies of a call are worth sending.
const callAnswer = 5 * time.Minute

// decide says and does what the event asks for.
func (t *turn) decide(ctx context.Context) error {
	link, linked := linkIn(t.e)
	if linked { // remembered, if people have the thread or the person said STOP
		t.s.link = link
	}
	switch t.e.Kind {
	case channels.Stopped:
		if !t.s.stopped {
			t.s.stopped, t.s.blocked = true, true
			t.change.Consents = append(t.change.Consents, t.contact(false))
		}
		return nil
	case channels.Ended:
		return nil
	case channels.Started:
		if !linked && t.thread.Rev > 0 && !t.spoken() {
			return nil // the page was opened again: everything said is still there
		}
	}
	cmd := noCommand
	if t.e.Option == "" && t.e.Kind == channels.Said {
		cmd = commandOf(t.e.Text)
	}
	if done := t.stopping(cmd); done {
		return nil
	}
	if !t.admitted() {
		return nil
	}
	if t.thread.Owner != "" {
		return t.withPeople(ctx, cmd)
	}
	if t.e.Option == channels.CallBackID {
		return t.handOff(ctx, HandOff{Queue: t.p.Queue, Topic: callBackTopic}, nil)
	}
	if t.s.link != "" {
		return t.byLink(ctx, t.s.link)
	}
	if t.e.Kind == channels.Started && t.thread.Rev > 0 { // a call: nothing was said yet
		t.s.phase = inDialog
		return t.goOn(ctx)
	}
	if t.lang == "" || t.s.phase == choosesTongue {
		if done, err := t.tongue(ctx, cmd); done || err != nil {
			return err
		}
	}
	if t.s.phase == confirmsAfresh {
		if done, err := t.afresh(ctx); done || err != nil {
			return err
		}
	}
	if t.s.at == "" {
		return t.open(ctx, t.p.start)
	}
	if page, ok := channels.ParseMore(t.e.Option); ok {
		return t.reprompt(ctx, page)
	}
	if cmd != noCommand && !t.isAnswer() {
		return t.command(ctx, cmd)
	}
	if strings.HasPrefix(t.e.Option, menuPrefix) {
		return t.menuTap(ctx)
	}
	return t.hear(ctx)
}

// stopping hears STOP and START; nothing else undoes an opt-out.
func (t *turn) stopping(cmd command) (done bool) {
	switch {
	case cmd == cmdStop:
		if !t.s.stopped {
			t.change.Consents = append(t.change.Consents, t.contact(false))
		}
		t.s.stopped, t.s.blocked = true, false
		t.say(channels.Message{Text: t.word("stopped")})
		return true
	case t.s.stopped && (cmd == cmdStart || t.s.blocked && t.reopens()):
		t.s.stopped, t.s.blocked = false, false
		t.change.Consents = append(t.change.Consents, t.contact(true))
		return false
	}
	return t.s.stopped
}

// reopens says whether writing again takes back that the person left the channel.
func (t *turn) reopens() bool {
	ch := t.h.channels[t.e.From.Channel]
	return t.e.Kind == channels.Said && ch != nil && ch.Limits().Reopens
}

// contact is the consent to be written to.
func (t *turn) contact(given bool) crm.Consent {
	return crm.Consent{
		Purpose: "messages", Given: given, Lang: t.voice(), Channel: t.e.From.Channel, Message: t.e.ID,
		By: crm.Actor{Kind: crm.Beneficiary}, At: t.now,
	}
}

// admitted says whether the thread may send more just now. What comes in too
// fast is recorded, and answered once.
func (t *turn) admitted() bool {
	now := t.now.UnixMilli()
	full := uint64(t.h.burst) * 1000
	if t.s.tokenAt == 0 {
		t.s.tokens = full
	} else if gone := now - t.s.tokenAt; gone > 0 {
		t.s.tokens = min(full, t.s.tokens+uint64(gone)*uint64(t.h.perMinute)/60)
	}
	t.s.tokenAt = now
	if t.s.tokens >= 1000 {
		t.s.tokens -= 1000
		t.s.warned = false
		return true
	}
	if !t.s.warned {
		t.s.warned = true
		t.say(channels.Message{Text: t.word("fast")})
	}
	t.hurried = true
	return false
}

// tongue asks for a language, or hears which.
func (t *turn) tongue(ctx context.Context, cmd command) (done bool, err error) {
	if t.s.phase == choosesTongue && cmd == noCommand {
		if l, ok := t.p.tongue.choose(t.e.Option, t.e.Text); ok {
			return true, t.speak(ctx, l)
		}
	}
	if cmd == cmdAgent { // a person is reached before any choice
		t.s.phase = inDialog
		return true, t.command(ctx, cmd)
	}
	if t.lang != "" && cmd != noCommand { // another command ends the choice
		t.s.phase = inDialog
		return false, nil
	}
	t.askTongue()
	return true, nil
}

// askTongue shows the languages under their own names.
func (t *turn) askTongue() {
	t.s.phase = choosesTongue
	var lines []string
	options := make([]channels.Option, len(t.p.Languages))
	for i, l := range t.p.Languages {
		if s := chooseLanguage[l.Base()]; s != "" {
			lines = append(lines, s)
		}
		options[i] = channels.Option{ID: t.p.tongue.options[i].id, Label: t.p.tongue.options[i].name, Lang: l}
	}
	if t.spoken() && len(lines) > 0 {
		lines = lines[:1] // each language is offered in its own voice
	}
	if len(lines) == 0 {
		lines = append(lines, chooseLanguage["en"])
	}
	page, _ := channels.ParseMore(t.e.Option)
	t.say(channels.Message{Text: strings.Join(lines, "\n"), Options: options, Page: page})
}

// chooseLanguage invites to choose, in each language.
var chooseLanguage = hubkit.Text{
	"en": "Choose a language:", "uk": "Виберіть мову:", "ru": "Выберите язык:", "ar": "اختر اللغة:", "fr": "Choisissez une langue :", "es": "Elija un idioma:",
}

// speak goes on in a language.
func (t *turn) speak(ctx context.Context, l hubkit.Lang) error {
	t.lang, t.s.phase = l, inDialog
	if t.s.at == "" {
		return t.open(ctx, t.p.start)
	}
	return t.reprompt(ctx, 0)
}

// command does what a universal command asks for.
func (t *turn) command(ctx context.Context, cmd command) error {
	switch cmd {
	case cmdHelp:
		t.lead = append(t.lead, t.word("help"))
		return t.reprompt(ctx, 0)
	case cmdLanguage:
		if len(t.p.Languages) == 1 {
			return t.reprompt(ctx, 0)
		}
		t.askTongue()
		return nil
	case cmdBack:
		return t.back(ctx)
	case cmdChange:
		return t.changeAnswer(ctx)
	case cmdRestart:
		if len(t.s.talk) == 0 {
			return t.open(ctx, t.p.start)
		}
		if t.addsTo() { // what was registered elsewhere is not deleted here
			return t.reprompt(ctx, 0)
		}
		t.askAfresh()
		return nil
	case cmdStart, cmdMenu:
		return t.open(ctx, t.p.start)
	case cmdStatus:
		line, err := t.status(ctx)
		if err != nil {
			return err
		}
		t.lead = append(t.lead, line)
		return t.reprompt(ctx, 0)
	case cmdAgent:
		return t.handOff(ctx, HandOff{Queue: t.p.Queue}, nil)
	}
	return nil
}

// menuTap opens an item of any menu, however old its button.
func (t *turn) menuTap(ctx context.Context) error {
	path, key, _ := strings.Cut(strings.TrimPrefix(t.e.Option, menuPrefix), ":")
	if n := t.p.nodes[path+"/"+key]; n != nil {
		return t.open(ctx, n)
	}
	t.lead = append(t.lead, t.word("sorry"))
	return t.reprompt(ctx, 0)
}

// here is the dialog where the session stands; the start if it is gone since a newer version.
func (t *turn) here() *node {
	if n := t.p.nodes[t.s.at]; n != nil {
		return n
	}
	return t.p.start
}

// open goes to a dialog and says what it says.
func (t *turn) open(ctx context.Context, n *node) error {
	t.s.phase = inDialog
	for hops := 0; ; hops++ {
		t.s.at = n.path
		switch d := n.dialog.(type) {
		case Menu:
			t.showMenu(n, 0)
			return nil
		case Article:
			text, used := n.text.In(t.voice(), nil)
			t.say(channels.Message{Text: text, Lang: used, Media: d.Media})
			switch {
			case n.then != nil:
				n = n.then
			case n.up != nil:
				n = n.up
			default:
				return nil
			}
		case Ask:
			return t.ask(ctx, n, d)
		case HandOff:
			return t.handOff(ctx, d, n)
		}
		if hops > 32 {
			return nil
		}
	}
}

func (t *turn) showMenu(n *node, page int) {
	text, used := n.text.In(t.voice(), nil)
	t.say(channels.Message{Text: text, Lang: used, Options: n.labels[t.p.lang(t.lang)], Page: page})
}

// reprompt says again what the person is to answer.
func (t *turn) reprompt(ctx context.Context, page int) error {
	n := t.here()
	switch d := n.dialog.(type) {
	case Menu:
		t.showMenu(n, page)
		return nil
	case Ask:
		return t.prompt(ctx, n, d, page)
	}
	return t.open(ctx, n)
}

// back goes one question or dialog back.
func (t *turn) back(ctx context.Context) error {
	n := t.here()
	if d, ok := n.dialog.(Ask); ok && t.s.asking == n.path {
		iv, err := t.resume(ctx, d)
		if err != nil {
			return err
		}
		if iv != nil && iv.Back() {
			t.promptFrom(iv, 0)
			return nil
		}
	}
	if n.up != nil {
		return t.open(ctx, n.up)
	}
	t.lead = append(t.lead, t.word("nothing"))
	return t.reprompt(ctx, 0)
}

// hear hears an answer where the session stands.
func (t *turn) hear(ctx context.Context) error {
	n := t.here()
	switch d := n.dialog.(type) {
	case Menu:
		if t.e.Option == "" {
			if u := n.expect.Understand(t.voice(), t.e.Text, 0, nil); u.OK {
				return t.open(ctx, n.items[u.N])
			}
		}
		t.lead = append(t.lead, t.word("sorry"))
		t.showMenu(n, 0)
		return nil
	case Ask:
		return t.answer(ctx, n, d)
	}
	return t.open(ctx, t.p.start)
}
