// Package scoring is part of hubkit.
package scoring
