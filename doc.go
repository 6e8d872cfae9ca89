// Package hubkit is a Go SDK for humanitarian messaging.
package hubkit
