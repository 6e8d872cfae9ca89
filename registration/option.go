package registration

import (
	"math/bits"
	"slices"
	"strconv"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// options compiles the options and the ways out.
func (c *compiler) options(a *asking, p place, at string) {
	q := a.q
	if len(q.Options) > 0 && a.kind != KindOne && a.kind != KindMany || len(q.Options) > 0 && q.Form == FormLanguage {
		c.fail("options_for_kind", at, "options do not fit this kind of question")
		return
	}
	a.keys = a.optionKeys(c.q.langs)
	if (q.Form == FormChoice || q.Form == FormChoices) && len(q.Options) < 2 {
		c.fail("no_options", at, "it needs at least two options to choose from")
	}
	if q.Form == FormChoices && len(q.Options) > 64 {
		c.fail("too_many_options", at, "several of at most 64 options can be chosen, and there are %d: ask in two steps", len(q.Options))
		a.keys = nil
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
		switch {
		case q.Form != FormChoices:
			c.fail("exclusive_for_kind", at, "only where several options can be chosen can one stand alone")
			continue
		case i < 0:
			c.fail("bad_exclusive", at, "%q, which is to stand alone, is not one of the options", k)
			continue
		}
		a.alone |= 1 << i
	}
	if together := len(q.Options) - bits.OnesCount64(a.alone); a.alone != 0 && q.Min != nil && a.least > together && together > 0 {
		c.fail("bad_range", at, "at least %d options are asked for, but only %d of them can be chosen together", a.least, together)
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
		label, short := wording{at: at + ":" + k, text: labels[i], needed: true}, wording{}
		if i < len(a.q.Options) {
			label.id, label.context = a.q.Key+"/option/"+k, "an answer"
			short = wording{at: label.at + " short", id: label.id + "/short", context: "the answer on a button", text: a.q.Options[i].Short}
			spec.Labels = append(spec.Labels, reply.Label{Option: i, Text: k})
			for _, w := range a.q.Options[i].Also {
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Text: w})
			}
		}
		if a.q.Form == FormConsent && i < len(consentWords) {
			for _, w := range consentWords[i] {
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Text: w})
			}
		}
		s, shorter := c.speech(label), c.speech(short)
		for l, lang := range c.q.langs {
			say, _ := s.in(c.q, l, nil)
			brief, _ := shorter.in(c.q, l, nil)
			a.options[l] = append(a.options[l], PromptOption{ID: id, Say: say, Short: brief})
			spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: say})
			if brief != "" {
				spec.Labels = append(spec.Labels, reply.Label{Option: i, Lang: lang, Text: brief})
			}
		}
	}
	for l := range a.options {
		a.options[l] = slices.Clip(a.options[l]) // shared with every Prompt: an append copies
	}
	c.distinct(a, at)
	c.numbers(a, at)
	c.aliases(a, at)
	a.expect = reply.New(spec)
}

// distinct refuses two options that look alike to a reader of one language, in
// a list or on buttons. Those with conditions are let be: only some of them are
// shown together.
func (c *compiler) distinct(a *asking, at string) {
	for l, lang := range c.q.langs {
		seen := map[string]string{}
		for i, o := range a.options[l] {
			if a.filtered(i) {
				continue
			}
			for _, say := range [...]string{o.Say, o.Short} {
				f := reply.Fold(say)
				if other, dup := seen[f]; dup && f != "" && other != o.ID {
					c.fail("same_label", at, "two of its options are both %q in %q (%s, %s): nobody could tell them apart", say, lang, other, o.ID)
				}
				seen[f] = o.ID
			}
		}
	}
}

// aliases refuses a word that is written for two options.
func (c *compiler) aliases(a *asking, at string) {
	seen := map[string]string{}
	for i, o := range a.q.Options {
		if a.filtered(i) {
			continue
		}
		for _, say := range o.Also {
			f := reply.Fold(say)
			if other, dup := seen[f]; dup && f != "" && other != o.Key {
				c.fail("same_alias", at, "the word %q is written for two of its options (%s, %s): it could not be taken for either", say, other, o.Key)
			}
			seen[f] = o.Key
		}
	}
}

// filtered says whether option i is offered only on a condition.
func (a *asking) filtered(i int) bool {
	return a.filters != nil && i < len(a.filters) && a.q.Options[i].If != nil
}

// numbers refuses labels that are the number of another option, or may become
// so when options before them are not offered.
func (c *compiler) numbers(a *asking, at string) {
	for l, lang := range c.q.langs {
		fixed := true
		for i, o := range a.options[l] {
			for _, say := range [...]string{o.Say, o.Short} {
				n, err := strconv.Atoi(reply.Fold(say))
				if err == nil && n >= 1 && n <= len(a.options[l]) && (n != i+1 || !fixed) {
					c.fail("number_label", at, "its option %s is called %q in %q, which is another option's number in the list: ask for a whole number, or write words with it", o.ID, say, lang)
				}
			}
			fixed = fixed && !a.filtered(i)
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

func (a *asking) optionKeys(langs []hubkit.Lang) []string {
	switch {
	case a.q.Form == FormLanguage:
		keys := make([]string, len(langs))
		for i, l := range langs {
			keys[i] = string(l)
		}
		return keys
	case a.kind != KindOne && a.kind != KindMany:
		return nil
	}
	keys := make([]string, len(a.q.Options))
	for i, o := range a.q.Options {
		keys[i] = o.Key
	}
	return keys
}

// consentWords are what else people write to agree, and not to.
var consentWords = [2][]string{
	{"agree", "i do", "я згоден", "я згодна", "згоден", "згодна", "згода", "погоджуюсь", "я согласен", "я согласна", "согласен", "согласна", "موافق", "موافقة"},
	{"disagree", "i do not", "не згоден", "не згодна", "я не згоден", "я не згодна", "не погоджуюсь", "не согласен", "не согласна", "я не согласен", "я не согласна", "غير موافق", "غير موافقة"},
}
