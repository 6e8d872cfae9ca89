package reply

var somali = lexicon{
	lang:   "so",
	yes:    "haa|h|haye|ok",
	no:     "maya|m",
	polite: "mahadsanid|fadlan",
	and:    "iyo",
	unit:   "sano|sanno|qof",
}
