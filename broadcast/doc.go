// Package broadcast is part of hubkit.
package broadcast
