package reply

var pashto = lexicon{
	lang:   "ps",
	yes:    "هو|ه|بلې",
	no:     "نه|ن|یا",
	polite: "مننه",
	and:    "او",
	unit:   "کاله|کلن|تنه",
	years:  solarHijri,
}
