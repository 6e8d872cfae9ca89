package reply

var polish = lexicon{
	lang:       "pl",
	yes:        "tak|t|ok|jasne|oczywiście",
	no:         "nie|n",
	polite:     "dziękuję|proszę",
	and:        "i|oraz",
	unit:       "lat|lata|rok|osób|osoby|osoba",
	groupSpace: true,
}
