// Package reply understands what people type in answer to a question: an
// option's number or label, yes and no, numbers, dates, several choices, in
// any of a questionnaire's languages.
//
//	e := reply.New(reply.Spec{Kind: reply.Integer, Langs: []hubkit.Lang{"en", "uk", "ar"}, Open: true})
//	u := e.Understand("uk", "двадцять п'ять років", 0, nil) // u.OK, u.N == 25
//
// A reply has one reading or none: what has two is refused with the reason
// (Why) or with the option it may have meant (Guess), to be asked about, and
// never taken in silence. The package does no input or output and reads no
// clock.
//
// # Order of rules
//
// A label as written in any language ("exact"); digits; a label after Fold
// ("label"), or without diacritics, apostrophes and spaces ("loose"); an option
// number, also "1.", "(1)", "№1", "1. Kyiv", keycaps, digits of every script;
// number words; yes and no; several choices; typing errors, which only guess.
// Labels meet option numbers on equal terms: if "2" is option 2's number and
// option 1's label, it is refused, unless that label is a key without language.
//
// # What is understood
//
//	language               yes/no  and  numbers 0-199  units  months  relative days
//	en uk ru ar            yes     yes  yes            yes    yes     yes
//	fr es                  yes     yes  digits         few    yes     today, yesterday
//	sw                     yes     yes  digits         few    yes     today, yesterday
//	pl ro tr fa ps so      yes     yes  digits         few    no      no
//	am ur ha               yes     yes  digits         few    no      no
//	ti                     yes     no   digits         no     no      no
//
// Number words are in their usual genders and cases, ar in standard Arabic with
// some everyday forms; not all cases of compound numbers. One letter is yes or
// no only in the conversation's language. Units have no meaning: "3 years" is 3
// also where months were asked; "3 months" is refused.
//
// Dates are Gregorian: 2024-03-15, 15.03.2024, 15 березня 2024, yesterday, "2
// days ago". Month and year alone are IncompleteDate. 03/04/2024 is
// AmbiguousDate in English and in unknown languages, day first elsewhere and
// with dots. A two-digit year is the latest one not after today, as for births;
// it is refused in fa and ps, and dates in digits in am and ti, where other
// calendars are in use. 1.234 is 1234 in an Integer question and
// AmbiguousDecimal in a Decimal one.
//
// # Errors
//
// There are none: New takes any Spec and Understand any bytes, in time linear
// in a reply's length; beyond MaxLength a reply is TooLong.
//
// # Design
//
// The table of labels as written is asked before anything is folded, since most
// replies are a label or a number: no allocation. Lexicons are Go tables, one
// file a language, folded when first needed. Refused: distances that decide
// (a typing error may turn one medical answer into another), the first number
// found anywhere ("not 3, 4"), detecting the language of a reply, and a
// confidence number, which nobody can set a threshold for: OK, Guess and Why
// are the three things a conversation can do.
package reply
