package reply

var hausa = lexicon{
	lang: "ha",
	yes:  "i|eh",
	no:   "a'a|a",
	and:  "da",
}
