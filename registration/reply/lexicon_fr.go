package reply

var french = lexicon{
	lang:   "fr",
	yes:    "oui|o|ouais|ok|bien sûr|d'accord",
	no:     "non|n",
	polite: "merci|s'il vous plaît|svp",
	and:    "et",
	option: "option|numéro|réponse|choix",
	unit:   "ans|an|personnes|personne|enfants|enfant",
	months: [12]string{
		"janvier|janv", "février|févr|fév", "mars", "avril|avr", "mai", "juin", "juillet|juil",
		"août", "septembre|sept", "octobre|oct", "novembre|nov", "décembre|déc",
	},
	dateWord: "le|de|er",
	today:    "aujourd'hui", yesterday: "hier", before: "avant hier",
	groupSpace: true,
}
