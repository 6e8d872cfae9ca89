// Package icu reads and speaks the subset of ICU MessageFormat 1 in which
// hubkit's texts are written.
//
// It is shared by package hubkit, which compiles texts, and by the tools that
// hand texts to translators. It knows nothing of languages beyond their plural
// rules, does no I/O, and never panics whatever bytes it is given.
//
//	p, problems := icu.Parse("{n, plural, one {# person} other {# people}}")
//	problems = append(problems, p.Check(icu.RulesFor("en"), []string{"n"})...)
//	if len(problems) == 0 {
//		said := p.Format(icu.RulesFor("en"), map[string]any{"n": 3}) // "3 people"
//	}
//
// # Syntax
//
//	plain text                                     itself
//	{name}                                         a variable's value
//	{n, plural, =0 {…} one {…} few {…} other {…}}  a form by number
//	{sex, select, f {…} m {…} other {…}}           a form by word
//	#                                              the number, in a plural's form
//	''                                             an apostrophe
//	'{'                                            quoted braces
//
// The form "other" is compulsory; "=3" goes before a category; plural and
// select nest at most two deep. One apostrophe quotes only when it stands
// directly before a brace (or, in a plural's form, before #), so that "п'ять"
// and "l'aide" need no escape: ICU's mode DOUBLE_OPTIONAL.
//
// # Design
//
// Refused, each with a message that says so: number, date and other formats,
// selectordinal and offset (no questionnaire needed them, and translators get
// them wrong); # in a select inside a plural (tools disagree on what it means);
// a quotation that never closes (ICU accepts it, and it swallows variables).
//
// Plural rules come from golang.org/x/text, whose tables are CLDR 32. Where
// CLDR has changed since, [RulesFor] overrides them; the tests hold every
// supported language against CLDR's own samples.
package icu
