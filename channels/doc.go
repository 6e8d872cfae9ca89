// Package channels says how a message travels.
package channels
