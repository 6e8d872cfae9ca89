package reply

var amharic = lexicon{
	lang:   "am",
	yes:    "አዎን|ዎ|አዎ|እሺ",
	no:     "አይ|ይ|አይደለም|የለም",
	polite: "አመሰግናለሁ|እባክዎ",
	and:    "እና",
	years:  ethiopic,
}
