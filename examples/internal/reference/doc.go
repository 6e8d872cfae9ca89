// Package reference is a whole cash registration, for the examples to share: the
// texts in English, Ukrainian and Russian, the questions, and an illustrative card.
package reference
