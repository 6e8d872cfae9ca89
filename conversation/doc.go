// Package conversation is part of hubkit.
package conversation
