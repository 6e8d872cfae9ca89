package reply

import "github.com/hubkit/hubkit"

// persian serves Dari too.
var persian = lexicon{
	lang: "fa", aliases: []hubkit.Lang{"prs"},
	yes:    "بله|ب|آری|آ|بلی|آره|بلې",
	no:     "نه|ن|خیر|خ|نخیر",
	polite: "ممنون|تشکر|لطفا",
	and:    "و",
	unit:   "سال|ساله|نفر",
	years:  solarHijri,
}
