package hubkit

// Lang is a language tag as BCP 47 writes it: "en", "uk", "fa-AF".
type Lang string

// Fallback names, for a language, the languages to try next, in order.
// A chain exists only if a programme writes it: nothing falls from Ukrainian
// to Russian by itself.
type Fallback map[Lang][]Lang
