package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/examples/internal/reference"
)

// step is one question that is to be asked, and what is answered.
type step struct {
	key    string // of the question; "menu" and "_summary" for the hub's own
	row    int    // of the household; -1 outside
	option string // the option to choose; "" to type
	text   string
}

// story is one registration, planned before it is told: what will be asked,
// what is answered, and which answers must then be stored.
type story struct {
	steps   []step
	answers map[string]any // as JSON gives them; members are a list below "members"
	phone   string
	account string
}

// asks is the text of each question.
var asks = func() map[string]hubkit.Text {
	m := map[string]hubkit.Text{}
	for q := range reference.Form.Questions() {
		m[q.Key] = q.Ask
	}
	return m
}()

// asked says whether a message is this step's question.
func (st step) asked(s said, lang hubkit.Lang) bool {
	if st.row >= 0 && !strings.Contains(s.Heading, strconv.Itoa(st.row+1)) {
		return false
	}
	switch st.key {
	case "menu":
		return s.offers("menu/start:cash") != ""
	case "language":
		return s.offers("language:uk") != ""
	case "_summary":
		return s.offers("_summary:send") != ""
	}
	if len(s.Options) > 0 {
		return strings.HasPrefix(s.Options[0].ID, st.key+":")
	}
	return strings.Contains(s.Text, asks[st.key][lang])
}

// offers returns the label of an option, or "".
func (s said) offers(id string) string {
	for _, o := range s.Options {
		if o.ID == id {
			return o.Label
		}
	}
	return ""
}

// reply answers by a tap, by the option's words, or by its number.
func (st step) reply(s said, rng *rand.Rand) message {
	if st.option == "" {
		return message{Text: st.text}
	}
	switch rng.IntN(4) {
	case 0:
		return message{Text: s.offers(st.option)}
	case 1:
		return message{Text: strconv.Itoa(1 + slices.IndexFunc(s.Options, func(o offer) bool { return o.ID == st.option }))}
	}
	return message{Option: st.option, InReplyTo: s.Ref}
}

// newStory invents one that begins with the choice of a language. It is short
// enough for the hub's bound on messages in a row.
func newStory(rng *rand.Rand, lang hubkit.Lang) story {
	s := story{answers: map[string]any{}}
	add := func(st step) { s.steps = append(s.steps, st) }
	pick := func(key string, options ...string) string {
		o := options[rng.IntN(len(options))]
		add(step{key: key, row: -1, option: key + ":" + o})
		s.answers[key] = map[string]any{"one": o}
		return o
	}
	yesNo := func(key string, yes bool) {
		add(step{key: key, row: -1, option: key + ":" + map[bool]string{true: "yes", false: "no"}[yes]})
		s.answers[key] = yes
	}
	typed := func(key, text string, answer any) {
		add(step{key: key, row: -1, text: text})
		s.answers[key] = answer
	}
	pick("language", string(lang))
	add(step{key: "menu", row: -1, option: "menu/start:cash"})
	add(step{key: "consent", row: -1, option: "consent:yes"})
	s.answers["consent"] = map[string]any{"consent": true, "version": "1"}
	yesNo("seeking_cash", true)
	yesNo("adult", true)
	pick("region", "UA05", "UA32", "UA46", "UA63", "abroad")
	displaced := rng.IntN(2) == 0
	yesNo("displaced", displaced)
	if displaced {
		d := 1 + rng.IntN(28)
		typed("displaced_since", fmt.Sprintf("%02d.03.2022", d), map[string]any{"date": fmt.Sprintf("2022-03-%02d", d)})
	}
	size := 1 + rng.IntN(2) // the second is a baby, about whom little is asked
	typed("household_size", strconv.Itoa(size), float64(size))
	var members []any
	for i := range size {
		m := map[string]any{}
		members = append(members, m)
		choose := func(key string, options ...string) {
			o := options[rng.IntN(len(options))]
			add(step{key: key, row: i, option: key + ":" + o})
			m[key] = map[string]any{"one": o}
		}
		sure := func(key string) {
			yes := rng.IntN(2) == 0
			add(step{key: key, row: i, option: key + ":" + map[bool]string{true: "yes", false: "no"}[yes]})
			m[key] = yes
		}
		age := 50 + rng.IntN(40)
		if i > 0 {
			age = rng.IntN(5)
		}
		add(step{key: "age", row: i, text: strconv.Itoa(age)})
		m["age"] = float64(age)
		choose("sex", "f", "m")
		if i == 0 {
			for _, key := range []string{"seeing", "hearing", "walking", "remembering", "self_care", "communicating"} {
				choose(key, "none", "some", "a_lot", "cannot")
			}
		}
		sure("chronic_illness")
	}
	s.answers["members"] = members
	if size > 1 {
		yesNo("only_adult", rng.IntN(2) == 0)
	}
	income := 1000 + rng.IntN(9000)
	typed("income", strconv.Itoa(income), map[string]any{"decimal": strconv.Itoa(income)})
	pick("housing", "own", "own_damaged", "rented", "hosted", "collective", "none", "other")
	typed("documents", "1 3", map[string]any{"many": []any{"passport", "displacement"}})
	s.phone = fmt.Sprintf("+38067%07d", rng.IntN(10_000_000))
	typed("phone", s.phone, s.phone)
	s.account = iban(rng)
	typed("account", s.account, s.account)
	add(step{key: "_summary", row: -1, option: "_summary:send"})
	return s
}

// iban is a Ukrainian account number with its check digits, ISO 13616.
func iban(rng *rand.Rand) string {
	var b strings.Builder
	for range 25 {
		b.WriteByte(byte('0' + rng.IntN(10)))
	}
	n, _ := new(big.Int).SetString(b.String()+"301000", 10) // U is 30, A is 10
	return fmt.Sprintf("UA%02d%s", 98-new(big.Int).Mod(n, big.NewInt(97)).Int64(), b.String())
}

// check says whether the stored answers are what was said: every one of them,
// and nothing else.
func (s story) check(t *testing.T, stored json.RawMessage) {
	t.Helper()
	var got map[string]any
	require.NoError(t, json.Unmarshal(stored, &got))
	dropUnasked(got)
	members, _ := got["members"].(map[string]any)
	rows, _ := members["rows"].([]any)
	for _, r := range rows {
		dropUnasked(r.(map[string]any))
	}
	got["members"] = rows
	assert.Equal(t, s.answers, got)
}

func dropUnasked(m map[string]any) {
	maps.DeleteFunc(m, func(_ string, v any) bool {
		state, ok := v.(map[string]any)
		return ok && state["state"] == "not_asked"
	})
}
