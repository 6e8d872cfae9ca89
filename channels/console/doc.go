// Package console is a conversation in a terminal.
package console
