package desk

import (
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
)

// spoken is where words belong: a question, and the member it was asked of
// (from 0; -1 outside a roster).
type spoken struct {
	Key string
	Row int
}

// utterance is what the person said, or read off an option and tapped.
type utterance struct {
	Text  string
	Lang  hubkit.Lang
	Typed bool
}

// wordsOf finds, for each question, the person's own words in the conversation.
// A reply belongs to the question said last before it, which is known by its
// text; a later reply to the same question replaces an earlier one, so that
// what was understood at last is what stands. It is read from what was said, so
// it needs nothing of the hub; where it finds nothing, the label stands.
func wordsOf(q *registration.Questionnaire, talk []crm.Interaction) map[spoken]utterance {
	said := map[spoken]utterance{}
	if q == nil {
		return said
	}
	asked := askings(q)
	var last *crm.Outgoing
	for i := range talk {
		switch x := &talk[i]; {
		case x.Out != nil:
			last = x.Out
		case x.In != nil && last != nil:
			e, m := x.In, &last.Message
			at, ok := spotOf(asked, m.Heading, m.Text)
			if !ok {
				continue
			}
			if e.Option != "" {
				for _, o := range m.Options {
					if o.ID == e.Option {
						said[at] = utterance{Text: o.Label, Lang: m.Lang}
					}
				}
			} else if text := strings.TrimSpace(e.Text); text != "" {
				said[at] = utterance{Text: text, Lang: m.Lang, Typed: true}
			}
		}
	}
	return said
}

// asking is one question's text in one language.
type asking struct {
	text   string
	key    string
	member bool
}

func askings(q *registration.Questionnaire) []asking {
	var as []asking
	for one := range q.Questions() {
		for _, l := range q.Languages() {
			if t := one.Ask[l]; t != "" {
				as = append(as, asking{nearest(hubkit.Text{l: t}, l, nil), one.Key, one.Roster != ""})
			}
		}
	}
	return as
}

// spotOf finds the question that a message asks: the longest whose text is in it.
func spotOf(asked []asking, heading, text string) (at spoken, ok bool) {
	best := -1
	for i := range asked {
		if a := &asked[i]; (best < 0 || len(a.text) > len(asked[best].text)) && strings.Contains(text, a.text) {
			best = i
		}
	}
	if best < 0 {
		return at, false
	}
	at = spoken{asked[best].key, -1}
	if asked[best].member {
		n := numberIn(heading)
		if n < 1 {
			return at, false // which member it was is not known
		}
		at.Row = n - 1
	}
	return at, true
}

// numberIn is the first number in a member's heading: "Person 2" is the second.
func numberIn(s string) (n int) {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && n < 1000:
			n = n*10 + int(c-'0')
		case n > 0:
			return n
		}
	}
	return n
}
