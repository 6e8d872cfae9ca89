package reply

var urdu = lexicon{
	lang:   "ur",
	yes:    "ہاں|جی|جی ہاں",
	no:     "نہیں|جی نہیں",
	polite: "شکریہ",
	and:    "اور",
	unit:   "سال|افراد",
}
