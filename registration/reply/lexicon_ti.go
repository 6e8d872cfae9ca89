package reply

var tigrinya = lexicon{
	lang:  "ti",
	yes:   "እወ|እ",
	no:    "ኣይፋልን|ኣ|ኣይኮነን",
	years: ethiopic,
}
