// Package segments measures text as channels count it and splits it where a
// reader would: between paragraphs, sentences, words, and never inside a
// character that a person sees as one.
//
//	segments.UTF16.Count("Привіт 👋🏽")            // 11
//	segments.Split(text, segments.Graphemes, 1024) // parts of at most 1024 characters
//	segments.Measure("Так").Segments               // 1: what an SMS costs
//
// # Ideas
//
// A Unit is what a provider counts in. Telegram counts UTF-16 code units, and so do
// this house's drivers of WhatsApp and Viber, whose providers say "characters" and not
// which: it is the strictest reading. Some gateways count bytes. SMS counts segments,
// whose size depends on the alphabet: 160 signs in GSM-7 (3GPP TS 23.038), 70
// UTF-16 units as soon as one sign is outside it, and 153 and 67 when a text
// takes more than one segment, because each then carries a header.
//
// A character here is an extended grapheme cluster (Unicode UAX #29): a family
// emoji, a letter with its marks, a flag. Clusters are examined with
// github.com/rivo/uniseg only where something other than plain letters stands;
// Latin, Cyrillic, Greek, Hebrew, Arabic and Devanagari letters, alone or under marks,
// take a fast way.
//
// [Measure] agrees with Twilio's calculator, except for emoji that are newer than the
// calculator's tables (🧑‍🤝‍🧑, 🫱🏻‍🫲🏿, 🐈‍⬛): it divides them, so a text of them may take a segment
// more here, and never fewer.
//
// [Broken] names the character for which a text left GSM-7, [Smart] previews
// Twilio's smart encoding, [Parts] shows the segments as they travel, and [Prices]
// estimates what they cost, from a table of your own.
//
// # Errors
//
// Every string can be measured and split; only a table of prices can be wrong
// ([ErrPrice]) or lack a number ([ErrNoPrice]). A single character
// larger than a part (possible only for tiny parts, or emoji of many code points)
// is divided between code points, and a code point larger than a part stands alone.
//
// # Design
//
// The package is a leaf: it imports nothing of hubkit, so that channels and any
// driver can use it. Refused: hyphenation and dictionary word breaks (Thai, Khmer
// and Burmese text without spaces breaks between characters); cutting with an
// ellipsis, because nothing a person should read may be dropped silently.
package segments
