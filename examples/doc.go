// Package examples holds programs that show hubkit at work; each folder is one
// program, and they are meant to be read in the order of their numbers.
//
//	1-first-question    one question, one answer
//	2-three-languages   the reference registration in a terminal, with its score
//	3-score             a researcher scores households, without any questionnaire
//	4-hub               the smallest hub: a registration on a web page
//	5-your-own-channel  a driver for a channel that hubkit does not know
//	content-sync        what WhatsApp needs of a registration, made and approved
//	score               scores a table of households; for researchers without Go
//	hub                 a whole hub; needs no account and no configuration
//
// examples/internal/reference is the programme that most of them ask.
package examples
