// Package readme holds the program that the README shows.
package readme
