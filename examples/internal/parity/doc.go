// Package parity tells, for every kind of question, how each channel shows it and
// how it is answered. The table in README.md is this one: a test holds them equal.
package parity
