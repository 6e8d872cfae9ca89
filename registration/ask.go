package registration

import (
	"math"
	"mime"
	"regexp"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// ask compiles one question.
func (c *compiler) ask(q Question, p place, at string) {
	if q.Key != "" {
		at = q.Key
		if p.roster != nil {
			at = p.path(q.Key)
		}
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
	vars := c.vars(p)
	if q.Form != FormCalculated {
		a.text = c.speech(at, q.Ask, vars, true)
	}
	a.hint = c.speech(at+" hint", a.hintText, vars, false)
	c.perMember(a.text, p.roster)
	c.perMember(a.hint, p.roster)
	a.brief = c.speech(at+" brief", a.briefText, nil, false)
	a.spoken = c.speech(at+" spoken", p.beside[doSpoken], vars, false)
	a.recording = c.speech(at+" recording", p.beside[doRecording], nil, false)
	c.limits(a, at)
	c.checks(a, at)
	c.options(a, p, at)
	sl := Slot{Key: q.Key, Kind: kind, Options: optionKeys(a, c.q.langs)}
	if kind == KindInteger || kind == KindDecimal || kind == KindDate {
		sl.Min, sl.Max = math.Inf(-1), math.Inf(1)
		if q.Min != nil {
			sl.Min = *q.Min
		}
		if q.Max != nil {
			sl.Max = *q.Max
		}
	}
	a.slot = c.slot(p, sl)
	if q.Compute != nil {
		c.bindNumber(p, at, *q.Compute, func(q Quantity) { a.compute = q })
	}
	c.order[p.path(q.Key)] = len(c.order)
	c.q.byKey[q.Key] = a
	c.q.askings = append(c.q.askings, a)
	for _, b := range p.must {
		m := must{say: c.q.says["conflict"]}
		if len(b.Text) > 0 {
			m.say = c.speech(at+" must", b.Text, append(vars, q.Key), true)
		}
		i := len(a.must)
		a.must = append(a.must, m)
		c.bind(p, at, *b.If, func(t Test) { a.must[i].test = t })
	}
	switch q.Form {
	case FormNote:
		a.at = c.emit(p, step{do: stepNote, ask: a})
	case FormCalculated:
		if q.Compute == nil {
			c.fail("no_computation", at, "the calculated answer has no Number to compute it from")
			return
		}
		a.at = c.emit(p, step{do: stepCalculate, ask: a})
	default:
		a.at = c.emit(p, step{do: stepAsk, ask: a})
	}
}

func optionKeys(a *asking, langs []hubkit.Lang) []string {
	if a.q.Form == FormLanguage {
		keys := make([]string, len(langs))
		for i, l := range langs {
			keys[i] = string(l)
		}
		return keys
	}
	if a.kind != KindOne && a.kind != KindMany {
		return nil
	}
	keys := make([]string, len(a.q.Options))
	for i, o := range a.q.Options {
		keys[i] = o.Key
	}
	return keys
}

// limits checks ranges and sizes.
func (c *compiler) limits(a *asking, at string) {
	q := a.q
	bad := func(f *float64) bool { return f != nil && (math.IsNaN(*f) || math.IsInf(*f, 0)) }
	if bad(q.Min) || bad(q.Max) {
		c.fail("bad_range", at, "the range is not of finite numbers")
	} else if q.Min != nil && q.Max != nil && *q.Min > *q.Max {
		c.fail("empty_range", at, "the least (%s) is above the most (%s)", plain(*q.Min), plain(*q.Max))
	}
	if q.Min != nil || q.Max != nil {
		switch a.kind {
		case KindInteger, KindDecimal, KindDate:
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
			if a.kind == KindWords && q.Max != nil && *q.Max > reply.MaxLength/4 {
				c.fail("bad_range", at, "more than %d characters cannot be asked for by message", reply.MaxLength/4)
			}
		default:
			c.fail("range_for_kind", at, "a range does not fit a question whose answer is %s", a.kind)
		}
	}
	if q.Places < 0 || q.Places > 15 || (q.Places > 0 && a.kind != KindDecimal) {
		c.fail("bad_places", at, "digits after the point must be from 0 to 15, and only for a Decimal")
	}
	if q.Past && a.kind != KindDate {
		c.fail("past_for_kind", at, "only a Date can be in the past")
	}
	if (q.MaxBytes != 0 || len(q.Accept) > 0) && a.kind != KindFile {
		c.fail("file_for_kind", at, "sizes and media types are for photos and documents")
	}
	if q.MaxBytes < 0 {
		c.fail("bad_file_size", at, "the largest size must be above 0 bytes")
	}
	for _, t := range q.Accept {
		if m, _, err := mime.ParseMediaType(t); err != nil || !strings.Contains(m, "/") {
			c.fail("bad_media_type", at, "%q is not a media type such as \"image/jpeg\"", t)
		}
	}
	if q.Form == FormConsent && q.Version == "" {
		c.fail("no_consent_version", at, "the consent has no version of its notice")
	}
	if q.Form == FormConsent && (a.unknown || a.refuse || a.optional) {
		c.fail("optional_consent", at, "a consent is given or not: it cannot be skipped, refused or not known")
	}
	if q.Form == FormLanguage && a.roster != nil {
		c.fail("language_in_roster", at, "the language is chosen once, not for each member")
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
			c.fail("bad_pattern", at, "the pattern is not a valid regular expression: %v", err)
		}
		a.pattern = re
	}
	if q.Form == FormNationalID && len(q.Checks) == 0 {
		c.fail("no_checker", at, "a NationalID needs the name of a checker, such as \"ua-rnokpp\"")
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

// options compiles the options and the ways out.
func (c *compiler) options(a *asking, p place, at string) {
	q := a.q
	if len(q.Options) > 0 && a.kind != KindOne && a.kind != KindMany || len(q.Options) > 0 && q.Form == FormLanguage {
		c.fail("options_for_kind", at, "options do not fit this kind of question")
		return
	}
	if (q.Form == FormChoice || q.Form == FormChoices) && len(q.Options) < 2 {
		c.fail("no_options", at, "it needs at least two options to choose from")
	}
	if q.Form == FormChoices && len(q.Options) > 64 {
		c.fail("too_many_options", at, "several of at most 64 options can be chosen, and there are %d: ask in two steps", len(q.Options))
		return
	}
	if q.Form == FormNote || q.Form == FormCalculated {
		if a.optional || a.unknown || a.refuse { // inherited from a group: without meaning here
			a.optional, a.unknown, a.refuse = false, false, false
		}
		return
	}
	labels := make([]hubkit.Text, 0, len(q.Options)+4)
	keys := make([]string, 0, len(q.Options)+4)
	switch q.Form {
	case FormYesNo:
		a.own, keys, labels = 2, append(keys, "yes", "no"), append(labels, c.phrase("yes"), c.phrase("no"))
	case FormConsent:
		a.own, keys, labels = 2, append(keys, "yes", "no"), append(labels, c.phrase("agree"), c.phrase("disagree"))
	case FormLanguage:
		a.own = len(c.q.langs)
		for _, l := range c.q.langs {
			t := hubkit.Text{}
			for _, in := range c.q.langs {
				t[in] = l.Endonym()
			}
			keys, labels = append(keys, string(l)), append(labels, t)
		}
	default:
		for i, o := range q.Options {
			c.option(a, p, at, i, o)
			keys, labels = append(keys, o.Key), append(labels, o.Label)
		}
	}
	for i, want := range [...]bool{outUnknown: a.unknown, outRefuse: a.refuse, outSkip: a.optional, outDone: q.Form == FormChoices} {
		if want {
			a.outs = append(a.outs, out(i))
			keys, labels = append(keys, "_"+outNames[i]), append(labels, c.phrase(outNames[i]))
		}
	}
	for _, k := range q.Exclude {
		i := slices.IndexFunc(q.Options, func(o Option) bool { return o.Key == k })
		if i < 0 || q.Form != FormChoices {
			c.fail("bad_exclusive", at, "%q, which is to stand alone, is not one of the options", k)
			continue
		}
		a.alone |= 1 << i
	}
	c.offer(a, at, keys, labels)
}

// phrase is one of the interview's own texts with its overrides.
func (c *compiler) phrase(id string) hubkit.Text {
	t := hubkit.Text{}
	for i, l := range c.q.langs {
		t[l] = c.q.say(id, i, nil)
	}
	return t
}

func (c *compiler) option(a *asking, p place, at string, i int, o Option) {
	at += ":" + o.Key
	switch {
	case !optForm.MatchString(o.Key):
		c.fail("bad_option", at, "the option key %q is not possible: use letters, digits, _, - and .", o.Key)
	case slices.ContainsFunc(a.q.Options[:i], func(b Option) bool { return b.Key == o.Key }):
		c.fail("duplicate_option", at, "the option %q is there twice", o.Key)
	}
	c.speech(at+" short", o.Short, nil, false)
	if o.If == nil {
		return
	}
	if a.filters == nil {
		a.filters = make([]Test, len(a.q.Options))
	}
	c.bind(p, at, *o.If, func(t Test) { a.filters[i] = t })
}

// offer prepares the options in every language and what may be said for them.
func (c *compiler) offer(a *asking, at string, keys []string, labels []hubkit.Text) {
	a.ids = make(map[string]int, len(keys))
	spec := reply.Spec{Kind: replyKind(a), Langs: c.q.langs, Options: len(keys), Open: a.open(), DayFirst: true}
	a.options = make([][]PromptOption, len(c.q.langs))
	for i, k := range keys {
		id := a.q.Key + ":" + k
		a.ids[id] = i
		c.q.ids[id] = a.q.Key
		s := c.speech(at+":"+k, labels[i], nil, true)
		var short *speech
		if i < len(a.q.Options) {
			short = c.speech(at+":"+k, a.q.Options[i].Short, nil, false)
			if a.q.Options[i].Key != "" {
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Text: k})
			}
		}
		for l, lang := range c.q.langs {
			say, _ := s.in(c.q, l, nil)
			brief, _ := short.in(c.q, l, nil)
			a.options[l] = append(a.options[l], PromptOption{ID: id, Say: say, Short: brief})
			spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: say})
			if brief != "" {
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: brief})
			}
		}
	}
	c.distinct(a, at)
	a.expect = reply.New(spec)
}

// distinct refuses two options that look alike to a reader of one language.
func (c *compiler) distinct(a *asking, at string) {
	if len(a.filters) > 0 { // alike in two districts is no mistake: only one list is shown
		return
	}
	for l, lang := range c.q.langs {
		seen := map[string]string{}
		for _, o := range a.options[l] {
			f := reply.Fold(o.Say)
			if other, dup := seen[f]; dup && f != "" {
				c.fail("same_label", at, "two of its options are both %q in %q (%s, %s): nobody could tell them apart", o.Say, lang, other, o.ID)
			}
			seen[f] = o.ID
		}
	}
}

func replyKind(a *asking) reply.Kind {
	switch a.q.Form {
	case FormYesNo, FormConsent:
		return reply.YesNo
	case FormChoice, FormLanguage:
		return reply.One
	case FormChoices:
		return reply.Many
	case FormInteger:
		return reply.Integer
	case FormDecimal:
		return reply.Decimal
	case FormDate:
		return reply.Date
	}
	return reply.Words
}
