package reply

var turkish = lexicon{
	lang:   "tr",
	yes:    "evet|e|tamam|ok|tabii",
	no:     "hayır|h|yok",
	polite: "teşekkürler|lütfen",
	and:    "ve",
	unit:   "yaş|yaşında|yıl|kişi",
}
