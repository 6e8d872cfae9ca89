package conversation

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/registration/reply"
)

// Programme is one service of a hub with its languages, texts and people, such
// as cash in Ukraine. A hub may run many.
type Programme struct {
	ID        string                 // begins every stored key: lower-case letters, digits, - and _
	At        []channels.Address     // our numbers and bots that belong to it; one programme may have none and gets the rest
	Languages []hubkit.Lang          // the first is offered first; a person chooses if there is more than one
	Fallback  hubkit.Fallback        // languages to try instead; none by itself
	Start     Dialog                 // where everybody begins
	Queue     string                 // whose agents help when nothing else says so; defaults to "help"
	Words     map[string]hubkit.Text // overrides the hub's own words by id, or gives them in more languages: see Hub.Texts
	// Forget is how long a thread is kept whose person has consented to nothing.
	// Defaults to 7 days.
	Forget time.Duration
}

// node is a dialog in its place.
type node struct {
	path   string
	dialog Dialog
	up     *node
	then   *node
	items  []*node          // of a Menu
	by     map[string]*node // outcomes of an Ask
	text   *hubkit.Compiled
	labels [][]channels.Option // of a Menu, by language
	expect *reply.Expect
}

// programme is a Programme made ready.
type programme struct {
	Programme
	nodes  map[string]*node
	start  *node
	forms  map[[8]byte]*registration.Questionnaire
	words  map[string]*hubkit.Compiled
	tongue *languages
	entry  []hubkit.Entry
}

// ErrProgramme is matched by every complaint about a programme; the joined
// error lists all of them.
var ErrProgramme = errors.New("conversation: malformed programme")

var keyForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// plan checks a programme and makes it ready.
func plan(p Programme) (*programme, error) {
	q := &programme{
		Programme: p, nodes: map[string]*node{}, forms: map[[8]byte]*registration.Questionnaire{}, words: map[string]*hubkit.Compiled{},
	}
	var errs []error
	fail := func(at, format string, a ...any) {
		errs = append(errs, fmt.Errorf("%w %q: %s: %s", ErrProgramme, p.ID, at, fmt.Sprintf(format, a...)))
	}
	if len(p.Languages) == 0 {
		fail("Languages", "list at least one")
		return nil, errors.Join(errs...)
	}
	if p.Start == nil {
		fail("Start", "there is no dialog to begin with")
		return nil, errors.Join(errs...)
	}
	if q.Queue == "" {
		q.Queue = "help"
	}
	if q.Forget == 0 {
		q.Forget = 7 * 24 * time.Hour
	}
	q.wording(fail)
	pl := planner{q: q, fail: fail}
	q.start = pl.node("start", p.Start, nil)
	if err := hubkit.Check(slices.Values(q.entry), p.Languages, p.Fallback); err != nil {
		errs = append(errs, fmt.Errorf("%w %q: %w", ErrProgramme, p.ID, err))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	q.tongue = newLanguages(p.Languages)
	for _, n := range q.nodes {
		q.ready(n)
	}
	return q, nil
}

// wording compiles the hub's own words with the programme's.
func (q *programme) wording(fail func(at, format string, a ...any)) {
	for _, id := range slices.Sorted(maps.Keys(q.Words)) {
		if _, ok := words[id]; !ok {
			fail("Words", "the hub has no words %q", id)
		}
	}
	missing := map[hubkit.Lang][]string{}
	for _, id := range slices.Sorted(maps.Keys(words)) {
		t := maps.Clone(words[id])
		maps.Copy(t, q.Words[id])
		c, err := t.Compile(q.Languages, q.Fallback, wordVars[id]...)
		if err != nil {
			for _, l := range q.Languages {
				if t[l] == "" {
					missing[l] = append(missing[l], id)
				}
			}
			if q.Words[id] != nil {
				fail("Words."+id, "%v", err)
			}
		}
		q.words[id] = c
		q.entry = append(q.entry, hubkit.Entry{ID: "hub/" + q.ID + "/words/" + id, Text: t, Vars: wordVars[id]})
	}
	for _, l := range q.Languages {
		if ids := missing[l]; len(ids) > 0 {
			fail("Words", "the hub does not speak %q by itself: give Programme.Words these texts in it, or a fall-back: %s", l, strings.Join(ids, ", "))
			q.entry = nil // reported once, above
		}
	}
}

type planner struct {
	q    *programme
	fail func(at, format string, a ...any)
}

// node gives a dialog, and those inside it, their places.
func (pl planner) node(path string, d Dialog, up *node) *node {
	n := &node{path: path, dialog: d, up: up}
	pl.q.nodes[path] = n
	text := func(what string, t hubkit.Text) {
		if len(t) > 0 {
			pl.q.entry = append(pl.q.entry, hubkit.Entry{ID: "hub/" + pl.q.ID + "/" + path + what, Text: t})
		}
	}
	switch d := d.(type) {
	case Menu:
		text("", d.Ask)
		if len(d.Items) == 0 {
			pl.fail(path, "the menu has no items")
		}
		if len(d.Ask) == 0 {
			pl.fail(path, "the menu asks nothing: give it a line above its items")
		}
		for i, it := range d.Items {
			switch {
			case !keyForm.MatchString(it.Key):
				pl.fail(path, "item %d needs a key of lower-case letters, digits and _", i+1)
				continue
			case pl.q.nodes[path+"/"+it.Key] != nil:
				pl.fail(path, "the item %q is there twice", it.Key)
				continue
			case it.Open == nil:
				pl.fail(path, "the item %q opens nothing", it.Key)
				continue
			case len(it.Label) == 0:
				pl.fail(path, "the item %q has no label", it.Key)
			}
			text("/"+it.Key+"/label", it.Label)
			text("/"+it.Key+"/short", it.Short)
			n.items = append(n.items, pl.node(path+"/"+it.Key, it.Open, n))
		}
	case Article:
		text("", d.Text)
		if len(d.Text) == 0 {
			pl.fail(path, "the article says nothing")
		}
		if d.Then != nil {
			n.then = pl.node(path+"/then", d.Then, up)
		}
	case Ask:
		pl.ask(n, d)
	case HandOff:
		text("", d.Say)
		if d.Queue == "" {
			pl.fail(path, "the hand-off names no queue")
		}
	default:
		pl.fail(path, "this is no dialog that a hub knows: use Menu, Article, Ask or HandOff")
	}
	return n
}

func (pl planner) ask(n *node, d Ask) {
	if d.Form == nil {
		pl.fail(n.path, "there is no questionnaire to ask")
		return
	}
	for _, l := range pl.q.Languages {
		if !slices.Contains(d.Form.Languages(), l) {
			pl.fail(n.path, "the questionnaire %q does not speak %q", d.Form.ID(), l)
		}
	}
	for q := range d.Form.Questions() {
		for _, o := range q.Options {
			for _, l := range pl.q.Languages {
				if commandOf(o.Label[l]) == cmdStop {
					pl.fail(n.path, "the answer %q of the question %q means STOP: whoever gives it would end everything; call it otherwise", o.Label[l], q.Key)
				}
			}
		}
	}
	h := d.Form.Hash()
	pl.q.forms[[8]byte(h[:8])] = d.Form
	if d.Then != nil {
		n.then = pl.node(n.path+"/then", d.Then, n.up)
	}
	for _, o := range slices.Sorted(maps.Keys(d.Outcomes)) {
		if d.Outcomes[o] == nil {
			pl.fail(n.path, "the outcome %q opens nothing", o)
			continue
		}
		if n.by == nil {
			n.by = map[string]*node{}
		}
		n.by[o] = pl.node(n.path+"/"+o, d.Outcomes[o], n.up)
	}
}

// ready compiles what a node says in every language.
func (q *programme) ready(n *node) {
	compile := func(t hubkit.Text) *hubkit.Compiled {
		c, err := t.Compile(q.Languages, q.Fallback)
		if err != nil { // checked before
			return nil
		}
		return c
	}
	switch d := n.dialog.(type) {
	case Menu:
		n.text = compile(d.Ask)
		spec := reply.Spec{Kind: reply.One, Langs: q.Languages, Options: len(d.Items)}
		n.labels = make([][]channels.Option, len(q.Languages))
		for i, it := range d.Items {
			label, short := compile(it.Label), compile(it.Short)
			for l, lang := range q.Languages {
				o := channels.Option{ID: menuID(n, it.Key)}
				o.Label, _ = label.In(lang, nil)
				o.Short, _ = short.In(lang, nil)
				n.labels[l] = append(n.labels[l], o)
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: o.Label})
				if o.Short != "" {
					spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: o.Short})
				}
			}
		}
		n.expect = reply.New(spec)
	case Article:
		n.text = compile(d.Text)
	case HandOff:
		if len(d.Say) > 0 {
			n.text = compile(d.Say)
		}
	}
}

// menuPrefix begins the ids of menu items, which are recognised at any moment.
const menuPrefix = "menu/"

func menuID(n *node, key string) string { return menuPrefix + n.path + ":" + key }

// lang returns the index of a language, or of the first.
func (q *programme) lang(l hubkit.Lang) int { return max(slices.Index(q.Languages, l), 0) }

// say is one of the hub's own texts.
func (q *programme) say(id string, l hubkit.Lang, a hubkit.Args) string {
	s, _ := q.words[id].In(l, a)
	return s
}

// Texts yields every text of the hub's programmes but those of questionnaires
// and channels, which list their own.
func (h *Hub) Texts() iter.Seq[hubkit.Entry] {
	return func(yield func(hubkit.Entry) bool) {
		for _, p := range h.programmes {
			for _, e := range p.entry {
				if !yield(e) {
					return
				}
			}
		}
	}
}
