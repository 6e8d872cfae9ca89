// Package hubkit is the ground floor of an SDK for humanitarian messaging:
// people in need write on WhatsApp, Viber, SMS, a phone call or a web page, are
// registered one short question at a time in their own language, are scored
// with a reason for every point, and are told what was decided.
//
// This package holds what every room speaks with, [Lang] and [Text]: one message
// in every language, checked when the program starts.
//
//	var thanks = hubkit.Text{"en": "Thank you, {name}.", "uk": "Дякуємо, {name}."}
//
//	said, err := thanks.Compile([]hubkit.Lang{"en", "uk"}, nil, "name")
//	text, used := said.In("uk", hubkit.Args{"name": "Олена"})
//
// # Where to begin
//
// A developer who wants a package or two in a service of their own: package
// registration asks questions in any program (no server, no database),
// package channels sends and receives on every channel.
//
// An NGO's engineer who assembles a hub and runs it for years: package
// conversation puts channels, programmes and the store together, package crm
// remembers, package broadcast tells many people something at once. The
// folder examples holds whole programs, in the order in which to read them.
//
// A researcher who writes scoring rules: package scoring needs nothing but the
// answers of a questionnaire, and a plain go test.
//
// # Floors
//
//	4  conversation · broadcast      talk with one · tell many
//	3  crm                           what is remembered, and who may see it
//	2  scoring                       what it means
//	1  registration · channels       what is asked · how it travels
//	0  hubkit                        words in every language
//
// A package imports lower floors only, so that each can be used without those
// above it; floors_test.go holds the house to that.
//
// # Errors
//
// An author's mistakes come as one list (errors.Join) of [TextError], each with
// its place and what to do; [Check] gives the list for many texts. A tag that is
// no language has [ErrLang]. Nothing fails while speaking: see [Compiled.In].
//
// # Design
//
// A Text is a map written beside the question it belongs to. Refused: message
// keys with files beside them (a missing key is found by a beneficiary) and
// text/template (functions in translators' hands).
//
// Fall-back is explicit and whole. Refused: matching by similarity, which
// answers a Ukrainian in Russian because both are Cyrillic; and chains that
// continue each other, whose end nobody has written.
//
// Checks are strict, speaking is lenient: the one is met by an author, the other
// by a person in need. Refused: an error from In, which no caller could mend.
package hubkit
