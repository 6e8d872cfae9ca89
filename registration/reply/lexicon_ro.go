package reply

import "github.com/hubkit/hubkit"

var romanian = lexicon{
	lang: "ro", aliases: []hubkit.Lang{"mo"},
	yes:    "da|d|ok|sigur|desigur",
	no:     "nu|n",
	polite: "mulțumesc|vă rog",
	and:    "și",
	unit:   "ani|an|de ani|persoane|persoană",
}
