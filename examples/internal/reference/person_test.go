package reference_test

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/examples/internal/reference"
	r "github.com/hubkit/hubkit/registration"
)

// accounts is one account, as a machine and as a bank card's letter write it. It
// is the registry's example for Ukraine (SWIFT, IBAN Registry), nobody's.
var accounts = []string{"UA213223130000026007233566001", "UA21 3223 1300 0002 6007 2335 6600 1"}

// person answers every question of one seed the same way, whenever and however
// often it is asked.
type person struct {
	seed uint64
	lang hubkit.Lang
}

// reply is what the person says to a prompt: a tap, a number, or a label.
func (h person) reply(p r.Prompt) r.Reply {
	f := fnv.New64a()
	f.Write([]byte(p.Key + "." + strconv.Itoa(p.Row)))
	rnd := rand.New(rand.NewPCG(h.seed, f.Sum64()))
	say := func(s string) r.Reply {
		return r.Reply{Text: s, At: time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)}
	}
	pick := func(i int) r.Reply {
		switch o := p.Options[i]; {
		case rnd.IntN(3) == 0:
			return r.Reply{Option: o.ID}
		case rnd.IntN(2) == 0 && !p.Open:
			return say(strconv.Itoa(i + 1))
		default:
			return say(o.Say)
		}
	}
	switch p.Key {
	case "_summary", "consent", "seeking_cash", "adult":
		return pick(0)
	case "language":
		return r.Reply{Option: "language:" + string(h.lang)}
	case "household_size":
		return say(strconv.Itoa(1 + rnd.IntN(4)))
	}
	if p.Several {
		return say([]string{"1", "2 3", "1, 2, 3", "4", p.Options[3].Say}[rnd.IntN(5)])
	}
	if n := len(p.Options); n > 0 && (!p.Open || rnd.IntN(4) == 0) {
		return pick(rnd.IntN(n))
	}
	switch p.Form {
	case r.FormInteger:
		if p.Row == 0 { // the adult who answers
			return say(strconv.Itoa(18 + rnd.IntN(82)))
		}
		return say(strconv.Itoa(rnd.IntN(100)))
	case r.FormDecimal:
		if h.lang == "en" {
			return say([]string{"0", "4500", "2500.50"}[rnd.IntN(3)])
		}
		return say([]string{"0", "4500", "12 000", "2500,50"}[rnd.IntN(4)])
	case r.FormDate:
		return say([]string{"15.09.2023", "1.3.2022", "2014-08-20"}[rnd.IntN(3)])
	case r.FormPhone:
		return say([]string{"050 123 45 67", "+380501234567", "0671234567"}[rnd.IntN(3)])
	case r.FormAccount:
		return say(accounts[rnd.IntN(len(accounts))])
	}
	return say("?")
}

// walk answers until the end. detour may do something else at each prompt, and
// says whether it did.
func (h person) walk(t require.TestingT, iv *r.Interview, each func(p r.Prompt), detour func(turn int) bool) {
	for turn := 0; ; turn++ {
		require.Less(t, turn, 2000, "the interview does not end")
		p := iv.Prompt()
		each(p)
		if p.Done {
			return
		}
		if detour != nil && detour(turn) {
			continue
		}
		heard := iv.Hear(h.reply(p))
		require.Contains(t, []r.HeardOutcome{r.Accepted, r.Added}, heard.Outcome, "%s: %s: %s", p.Key, heard.Rule, heard.Say)
	}
}

// end walks straight to the end and returns the answers.
func (h person) end(t testing.TB) r.Answers {
	iv := reference.Form.Begin("")
	h.walk(t, iv, func(r.Prompt) {}, nil)
	require.Equal(t, r.OutcomeComplete, iv.Outcome())
	return iv.Answers()
}

// upTo walks until a question is asked of a member, -1 outside.
func upTo(t testing.TB, iv *r.Interview, h person, key string, row int) r.Prompt {
	for range 500 {
		p := iv.Prompt()
		if p.Key == key && p.Row == row {
			return p
		}
		require.False(t, p.Done, "%s was not asked of %d", key, row)
		iv.Hear(h.reply(p))
	}
	require.Fail(t, "the interview does not end")
	return r.Prompt{}
}
