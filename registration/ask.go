package registration

import (
	"errors"
	"math"
	"mime"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/hubkit/hubkit/registration/reply"
)

// ask compiles one question.
func (c *compiler) ask(q Question, p place, at string) {
	if q.Key != "" {
		at = p.path(q.Key)
	}
	c.key(q.Key, p, at)
	kind, ok := kinds[q.Form]
	if !ok {
		c.fail("unknown_form", at, "there is no question of the form %q", q.Form)
		return
	}
	a := &asking{
		q: q, kind: kind, step: p.step, roster: p.roster, optional: p.optional, unknown: p.unknown, refuse: p.refuse,
		attempts: p.attempts, exhausted: p.exhausted, hintText: p.beside[doHint], briefText: p.beside[doBrief], own: len(q.Options),
	}
	if q.Form == FormConsent && a.exhausted == SkipIt {
		a.exhausted = CallPerson // nobody agrees by being misunderstood
	}
	vars := c.vars(p)
	c.words(a, p, at, vars)
	a.text, a.hint = c.perMember(a.text, p.roster), c.perMember(a.hint, p.roster)
	c.limits(a, at)
	c.checks(a, at)
	a.ability = a.needs()
	c.options(a, p, at)
	a.slot = c.slot(p, a.answer())
	a.certain = len(p.whens) == 0 && a.filters == nil && (p.roster == nil || p.roster.certain)
	if q.Form == FormLanguage {
		c.q.language = a
	}
	if q.Compute != nil {
		c.compute(a, p, at)
	}
	c.order[p.path(q.Key)] = len(c.order)
	c.q.byKey[q.Key] = a
	c.q.askings = append(c.q.askings, a)
	c.musts(a, p, at, append(vars, q.Key))
	switch q.Form {
	case FormNote:
		a.at = c.emit(p, step{do: stepNote, ask: a})
	case FormCalculated:
		a.at = c.emit(p, step{do: stepCalculate, ask: a})
	default:
		a.at = c.emit(p, step{do: stepAsk, ask: a})
	}
}

// words compiles what is said with a question.
func (c *compiler) words(a *asking, p place, at string, vars []string) {
	key := a.q.Key
	silent := a.q.Form == FormCalculated || a.q.Form == FormNote
	a.text = c.speech(wording{at: at, id: key, context: "question (" + string(a.q.Form) + ")", text: a.q.Ask, vars: vars, needed: a.q.Form != FormCalculated})
	beside := func(do, context string, vars []string) *speech {
		if len(p.beside[do]) > 0 && silent && do != doBrief {
			c.fail("text_for_kind", at, "a text of the kind %q does not fit here: nothing is asked", do)
		}
		return c.speech(wording{at: at + " " + do, id: key + "/" + do, context: context, text: p.beside[do], vars: vars})
	}
	a.hint = beside(doHint, "explains the question below it", vars)
	a.brief = beside(doBrief, "names the question in the summary and for agents", nil)
	a.spoken = beside(doSpoken, "said by a voice instead of the question", vars)
	a.recording = beside(doRecording, "address of a recording", nil)
}

// answer is the slot of the question's answer.
func (a *asking) answer() Slot {
	sl := Slot{Key: a.q.Key, Kind: a.kind, Options: a.keys}
	if a.kind == KindInteger || a.kind == KindDecimal || a.kind == KindDate {
		sl.Min, sl.Max = math.Inf(-1), math.Inf(1)
		if a.q.Min != nil {
			sl.Min = *a.q.Min
		}
		if a.q.Max != nil {
			sl.Max = *a.q.Max
		}
	}
	return sl
}

// compute compiles what an answer is calculated from. What the number can be
// at all becomes the range of the answer, for scores that lack it; unless some
// of what it reads may not be asked, and so be counted as 0 or left out.
func (c *compiler) compute(a *asking, p place, at string) {
	if a.q.Form != FormCalculated {
		c.fail("compute_for_kind", at, "only a calculated answer is computed: take \"compute\" out")
		return
	}
	c.bindNumber(p, at, *a.q.Compute, func(q Quantity) {
		a.compute = q
		if a.certain = a.certain && c.certain(q.Reads()); !a.certain {
			return
		}
		s, _ := c.scope(p)
		am := c.span(p, q)
		s.slots[a.slot].Min, s.slots[a.slot].Max = am.Lo, am.Hi
	})
}

// musts compiles the constraints on an answer.
func (c *compiler) musts(a *asking, p place, at string, vars []string) {
	if len(p.must) > 0 && (a.q.Form == FormNote || a.q.Form == FormCalculated) {
		c.fail("must_for_kind", at, "nothing is answered here, so there is nothing that Must could refuse")
		return
	}
	for i, b := range p.must {
		m := must{say: c.q.says["conflict"]}
		if len(b.Text) > 0 {
			m.say = c.speech(wording{at: at + " must", id: a.q.Key + "/must", context: "said when the answer is refused", text: b.Text, vars: vars})
		}
		a.must = append(a.must, m)
		c.bind(p, at, *b.If, func(t Test) {
			a.must[i].test = t
			if reads := b.If.Reads(); !t.x.isForeign() && !slices.Contains(reads, a.q.Key) {
				c.fail("must_unrelated", at, "its Must does not look at the answer itself, so no answer could satisfy it: use When or StopUnless")
			}
		})
	}
}

// maxWords is how many characters of words can be asked for: four bytes each
// fit into the longest reply that is considered.
const maxWords = reply.MaxLength / 4

// limits checks ranges and sizes.
func (c *compiler) limits(a *asking, at string) {
	q := a.q
	a.least, a.most = 1, 1000
	if a.kind == KindMany {
		a.most = len(q.Options)
	}
	if q.Min != nil {
		a.least = int(min(max(*q.Min, 0), maxWords))
	}
	if q.Max != nil {
		a.most = int(min(max(*q.Max, 0), maxWords))
	}
	bad := func(f *float64) bool { return f != nil && (math.IsNaN(*f) || math.IsInf(*f, 0)) }
	if bad(q.Min) || bad(q.Max) {
		c.fail("bad_range", at, "the range is not of finite numbers")
	} else if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		c.fail("empty_range", at, "the least (%s) is above the most (%s)", plain(*q.Min), plain(*q.Max))
	}
	if q.Min != nil || q.Max != nil {
		switch a.kind {
		case KindInteger, KindDecimal:
			if q.Form == FormCalculated {
				c.fail("range_for_kind", at, "a calculated answer is what it is: it cannot have a range")
			}
			c.reachable(q, at)
		case KindDate:
			switch {
			case q.Min == nil || q.Max == nil:
				c.fail("bad_range", at, "a range of days needs both ends")
			case *q.Max < firstReplyDay || *q.Min > lastReplyDay:
				c.fail("bad_range", at, "no day of the range can be written: days are taken from 1900 to 2100")
			}
		case KindWords, KindMany:
			if q.Min != nil && *q.Min < 0 {
				c.fail("bad_range", at, "a length or a count cannot be less than 0")
			}
			if a.kind == KindMany && q.Max != nil && *q.Max > float64(len(q.Options)) {
				c.fail("bad_range", at, "up to %s options may be chosen, but there are only %d", plain(*q.Max), len(q.Options))
			}
			if a.kind == KindMany && q.Max != nil && *q.Max < 1 {
				c.fail("bad_range", at, "at least one option must be possible")
			}
			if a.kind == KindWords && q.Max != nil && *q.Max > maxWords {
				c.fail("bad_range", at, "more than %d characters cannot be asked for by message", maxWords)
			}
		default:
			c.fail("range_for_kind", at, "a range does not fit a question whose answer is %s", a.kind)
		}
	}
	if q.Places < 0 || q.Places > 15 || (q.Places > 0 && a.kind != KindDecimal) {
		c.fail("bad_places", at, "digits after the point must be from 0 to 15, and only for a decimal number")
	}
	if q.Past && a.kind != KindDate {
		c.fail("past_for_kind", at, "only a date can be in the past")
	}
	if (q.MaxBytes != 0 || len(q.Accept) > 0) && a.kind != KindFile {
		c.fail("file_for_kind", at, "sizes and media types are for photos and documents")
	}
	if q.MaxBytes < 0 {
		c.fail("bad_file_size", at, "the largest size must be above 0 bytes")
	}
	for _, t := range q.Accept {
		m, _, err := mime.ParseMediaType(t)
		if err != nil || !strings.Contains(m, "/") {
			c.fail("bad_media_type", at, "%q is not a media type such as \"image/jpeg\" or \"image/*\"", t)
		}
		a.types = append(a.types, m)
	}
	if q.Form == FormConsent && q.Version == "" {
		c.fail("no_consent_version", at, "the consent has no version of its notice: answers must be traceable to what was agreed to")
	}
	if q.Form != FormConsent && q.Version != "" {
		c.fail("version_for_kind", at, "only a consent has a version of its own")
	}
	if q.Form == FormCalculated && q.Compute == nil {
		c.fail("no_computation", at, "the calculated answer has nothing to be computed from")
	}
	if q.Form == FormConsent && (a.unknown || a.refuse || a.optional) {
		c.fail("optional_consent", at, "a consent is given or not: it cannot be skipped, refused or not known")
	}
	if q.Form == FormLanguage {
		switch {
		case a.roster != nil:
			c.fail("language_in_roster", at, "the language is chosen once, not for each member")
		case slices.ContainsFunc(c.q.askings, func(b *asking) bool { return b.q.Form == FormLanguage }):
			c.fail("two_languages", at, "the language is asked for twice: keep the first")
		}
		a.optional, a.unknown, a.refuse = false, false, false // inherited from a group: without meaning here
	}
}

// The first and last day that a reply is taken for: 1900-01-01 and 2100-12-31, in
// days since 1970-01-01.
const firstReplyDay, lastReplyDay = -25567, 47846

// reachable refuses a range that nobody can give a number of: people are not
// asked for numbers below 0, and whole numbers and digits after the point have
// steps.
func (c *compiler) reachable(q Question, at string) {
	if q.Max != nil && *q.Max < 0 {
		c.fail("bad_range", at, "no number below 0 can be written, and the most is %s: ask for its size without the sign", plain(*q.Max))
	}
	if q.Min == nil || q.Max == nil || *q.Min > *q.Max || q.Form == FormDecimal && q.Places == 0 {
		return
	}
	places := min(max(q.Places, 0), 15)
	steps := math.Pow10(places)
	if lo, hi := *q.Min*steps, *q.Max*steps; math.Ceil(lo-1e-9) > math.Floor(hi+1e-9) {
		c.fail("empty_range", at, "no number with %d digits after the point lies from %s to %s", places, plain(*q.Min), plain(*q.Max))
	}
}

// checks compiles the pattern and finds the checkers.
func (c *compiler) checks(a *asking, at string) {
	q := a.q
	if (q.Pattern != "" || len(q.Checks) > 0) && a.kind != KindWords {
		c.fail("check_for_kind", at, "a pattern or checker fits only answers in words")
	}
	if q.Pattern != "" {
		re, err := regexp.Compile(`^(?:` + q.Pattern + `)$`)
		if err != nil {
			why := err.Error()
			if e, ok := errors.AsType[*syntax.Error](err); ok {
				why = e.Code.String()
			}
			c.fail("bad_pattern", at, "the pattern is not a valid regular expression: %s", why)
		}
		a.pattern = re
	}
	if q.Form == FormNationalID && len(q.Checks) == 0 {
		c.fail("no_checker", at, "a national id needs the name of a checker, such as \"ua-rnokpp\"")
	}
	for _, name := range q.Checks {
		ch, ok := c.checkers[name]
		if !ok {
			ch, ok = builtinChecker(name)
		}
		if !ok {
			c.fail("unknown_checker", at, "there is no checker %q: use a built-in one, or pass it in Checkers", name)
			continue
		}
		a.checkers = append(a.checkers, ch)
	}
}
