package scoringtest

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hubkit/hubkit/registration"
)

// Generator makes random households by interviewing: skip logic, ranges, filters
// and rosters are respected, and an interview that ends early leaves the rest
// missing. The same seed gives the same households.
type Generator struct {
	Form *registration.Questionnaire // that is asked
	Seed uint64                      // of the random households
	// Unknown is how often "I don't know", "I prefer not to say" or "skip" is
	// chosen where it is offered. Defaults to 0.1; negative means never.
	Unknown float64
	// Replies are texts to choose from for questions that nothing random fits,
	// such as national ids, by key.
	Replies map[string][]string
}

// ForAll checks laws on n random households, and shows the smallest household
// that breaks one. The laws that are broken are not looked at again.
func ForAll(t testing.TB, g Generator, n int, laws ...Law) {
	t.Helper()
	broken := make([]bool, len(laws))
	i := 0
	for a, err := range g.Households() {
		if err != nil {
			t.Fatalf("household %d: %v", i+1, err)
			return
		}
		for j, law := range laws {
			if broken[j] {
				continue
			}
			if law(a) != nil {
				broken[j] = true
				small, err := Shrink(a, law)
				t.Errorf("household %d: %v\nfor the household %s", i+1, err, show(small))
			}
		}
		if i++; i == n {
			return
		}
	}
}

// Households yields random households without end. An error ends them: a
// question accepts none of the replies that could be thought of.
func (g Generator) Households() iter.Seq2[registration.Answers, error] {
	return func(yield func(registration.Answers, error) bool) {
		if g.Form == nil {
			yield(registration.Answers{}, fmt.Errorf("scoringtest: the generator has no Form"))
			return
		}
		rnd := rand.New(rand.NewPCG(g.Seed, 0x5c0e))
		if g.Unknown == 0 {
			g.Unknown = 0.1
		}
		for {
			a, err := g.interview(rnd)
			if !yield(a, err) || err != nil {
				return
			}
		}
	}
}

// tries is how many replies to one question may be refused in a row.
const tries = 200

func (g Generator) interview(rnd *rand.Rand) (registration.Answers, error) {
	iv := g.Form.Begin(g.Form.Languages()[0])
	state := iv.AppendState(nil)
	var p registration.Prompt
	for refused, steps := 0, 0; ; steps++ {
		iv.PromptInto(&p)
		if p.Done {
			return iv.Answers(), nil
		}
		switch h := iv.Hear(g.reply(rnd, &p)); h.Outcome {
		case registration.Accepted, registration.Added:
			refused = 0
			state = iv.AppendState(state[:0])
		default:
			// A refused reply must not use up the question's attempts.
			var err error
			if iv, err = g.Form.Resume(state); err != nil {
				return registration.Answers{}, err
			}
			if refused++; refused > tries {
				return registration.Answers{}, fmt.Errorf("scoringtest: the question %q accepts none of %d random replies (%s): give some in Generator.Replies", p.Key, tries, h.Rule)
			}
		}
		if steps > 100_000 {
			return registration.Answers{}, fmt.Errorf("scoringtest: the interview does not end; it asks %q", p.Key)
		}
	}
}

// reply is a random reply to a prompt.
func (g Generator) reply(rnd *rand.Rand, p *registration.Prompt) registration.Reply {
	var own, out []string
	for _, o := range p.Options {
		_, key, _ := strings.Cut(o.ID, ":")
		switch {
		case key == "_done" && rnd.IntN(2) == 0:
			return registration.Reply{Option: o.ID}
		case strings.HasPrefix(key, "_"):
			if key != "_done" {
				out = append(out, o.ID)
			}
		default:
			own = append(own, o.ID)
		}
	}
	if strings.HasPrefix(p.Key, "_") { // the summary: send it
		return registration.Reply{Option: p.Options[0].ID}
	}
	if len(out) > 0 && rnd.Float64() < g.Unknown {
		return registration.Reply{Option: out[rnd.IntN(len(out))]}
	}
	if rs := g.Replies[p.Key]; len(rs) > 0 {
		return registration.Reply{Text: rs[rnd.IntN(len(rs))]}
	}
	if len(own) > 0 && !p.Open {
		return registration.Reply{Option: own[rnd.IntN(len(own))]}
	}
	if len(own) == 0 && !p.Open && len(p.Options) > 0 { // everything is picked
		return registration.Reply{Option: p.Options[len(p.Options)-1].ID}
	}
	q, _ := g.Form.Find(p.Key)
	return written(rnd, q.Question)
}

// written is a random reply to an open question.
func written(rnd *rand.Rand, q registration.Question) registration.Reply {
	lo, hi := 0.0, 100.0
	if q.Min != nil {
		lo, hi = *q.Min, max(hi, *q.Min)
	}
	if q.Max != nil {
		hi = *q.Max
		lo = min(lo, hi)
	}
	switch q.Form {
	case registration.FormInteger:
		lo, hi = math.Ceil(lo), math.Floor(hi)
		n := lo + math.Floor(rnd.Float64()*(hi-lo+1))
		if rnd.IntN(8) == 0 { // the ends matter most
			n = [...]float64{lo, hi}[rnd.IntN(2)]
		}
		return registration.Reply{Text: strconv.FormatFloat(n, 'f', 0, 64)}
	case registration.FormDecimal:
		places := min(2, max(q.Places, 0))
		return registration.Reply{Text: strconv.FormatFloat(lo+rnd.Float64()*(hi-lo), 'f', places, 64)}
	case registration.FormDate:
		if q.Min == nil {
			lo = 0
		}
		if q.Max == nil {
			hi = 20_000
		}
		day := lo + math.Floor(rnd.Float64()*(hi-lo+1))
		return registration.Reply{Text: time.Unix(int64(day)*86400, 0).UTC().Format("02.01.2006")}
	case registration.FormPhone:
		return registration.Reply{Text: fmt.Sprintf("+38050%07d", rnd.IntN(10_000_000))}
	case registration.FormLocation:
		return registration.Reply{Place: &registration.Place{Lat: rnd.Float64()*180 - 90, Lon: rnd.Float64()*360 - 180}}
	case registration.FormPhoto, registration.FormDocument:
		mime := "image/jpeg"
		if len(q.Accept) > 0 {
			mime = q.Accept[rnd.IntN(len(q.Accept))]
		}
		return registration.Reply{Files: []registration.File{{Ref: "random", Type: mime, Size: 1000}}}
	case registration.FormAccount:
		// Published examples, of an IBAN and of a test card.
		return registration.Reply{Text: [...]string{"DE89370400440532013000", "4111111111111111"}[rnd.IntN(2)]}
	}
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789"
	n := max(1, int(lo)) + rnd.IntN(10)
	if q.Min == nil {
		n = 1 + rnd.IntN(20)
	}
	if q.Max != nil {
		n = min(n, int(*q.Max))
	}
	var b strings.Builder
	for range n {
		b.WriteByte(letters[rnd.IntN(len(letters))])
	}
	return registration.Reply{Text: b.String()}
}
