// Package delivery is part of hubkit.
package delivery
