package reply

var spanish = lexicon{
	lang:   "es",
	yes:    "sí|s|ok|vale|claro|por supuesto|de acuerdo",
	no:     "no|n",
	polite: "gracias|por favor",
	and:    "y|e",
	option: "opción|número|respuesta",
	unit:   "años|año|personas|persona|niños|niño",
	months: [12]string{
		"enero|ene", "febrero|feb", "marzo", "abril|abr", "mayo", "junio|jun", "julio|jul",
		"agosto|ago", "septiembre|setiembre|sept|sep", "octubre|oct", "noviembre|nov", "diciembre|dic",
	},
	dateWord: "de|del|el",
	today:    "hoy", yesterday: "ayer", before: "anteayer",
}
