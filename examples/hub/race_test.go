//go:build race

package main

// The race detector multiplies memory.
func init() { mostMemory *= 8 }
