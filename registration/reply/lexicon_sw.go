package reply

var swahili = lexicon{
	lang:   "sw",
	yes:    "ndiyo|ndio|n|naam|ok|sawa",
	no:     "hapana|h|siyo|la",
	polite: "asante|tafadhali",
	and:    "na",
	option: "chaguo|namba|nambari|jibu",
	unit:   "miaka|mwaka|watu|mtu|watoto|mtoto",
	months: [12]string{
		"januari", "februari", "machi", "aprili", "mei", "juni", "julai",
		"agosti", "septemba", "oktoba", "novemba", "desemba",
	},
	today: "leo", yesterday: "jana", before: "juzi",
}
