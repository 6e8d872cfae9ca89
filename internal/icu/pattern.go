package icu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxNesting is how deep plural and select may stand in one another.
const MaxNesting = 2

// Kind says what a Node is.
type Kind uint8

// Kinds of nodes.
const (
	Literal  Kind = iota // Text is said as it is
	Variable             // the value of the variable Text
	Plural               // one of Cases, by the number in the variable Text
	Select               // one of Cases, by the word in the variable Text
)

// Node is one piece of a pattern.
type Node struct {
	Kind  Kind   // which of the four
	Text  string // the words of a Literal, else the variable's name
	Pos   int    // byte offset in the source
	Cases []Case // of a Plural or Select, "other" included
}

// Case is one form of a Plural or Select.
type Case struct {
	Key   string // "one", "other", "=0"; a Select's word
	Pos   int    // byte offset in the source
	Nodes []Node // what the form says

	form  Form   // of a Plural, unless exact
	exact bool   // written "=n"
	n     uint64 // the n of "=n"
}

// Pattern is a parsed text. It is immutable and safe for concurrent use.
type Pattern struct {
	Nodes []Node // in the order of the source

	size int // bytes to set aside for what is said
}

// Problem is one mistake in a pattern, in words a translator understands.
type Problem struct {
	Pos  int    // byte offset in the source
	Text string // what is wrong, and what to do
}

// Literal returns what p says when it has no variables at all.
func (p *Pattern) Literal() (s string, ok bool) {
	switch {
	case len(p.Nodes) == 0:
		return "", true
	case len(p.Nodes) == 1 && p.Nodes[0].Kind == Literal:
		return p.Nodes[0].Text, true
	}
	return "", false
}

// Walk calls f for every node of p, outer nodes first.
func (p *Pattern) Walk(f func(*Node)) { walk(p.Nodes, f) }

func walk(ns []Node, f func(*Node)) {
	for i := range ns {
		f(&ns[i])
		for j := range ns[i].Cases {
			walk(ns[i].Cases[j].Nodes, f)
		}
	}
}

// Vars returns the name of each variable of p, as often as it is used.
func (p *Pattern) Vars() []string {
	var out []string
	p.Walk(func(n *Node) {
		if n.Kind != Literal {
			out = append(out, n.Text)
		}
	})
	return out
}

// Shortest returns the least number of characters (code points) that p can
// say: the shortest forms, and nothing for each variable.
func (p *Pattern) Shortest() int { return shortest(p.Nodes) }

func shortest(ns []Node) int {
	sum := 0
	for i := range ns {
		n := &ns[i]
		if n.Kind == Literal {
			sum += utf8.RuneCountInString(n.Text)
		}
		least := -1
		for j := range n.Cases {
			if k := shortest(n.Cases[j].Nodes); least < 0 || k < least {
				least = k
			}
		}
		sum += max(least, 0)
	}
	return sum
}

// longest estimates the bytes of the longest forms, with room for short values.
func longest(ns []Node) int {
	const value = 24
	sum := 0
	for i := range ns {
		n, most := &ns[i], 0
		switch n.Kind {
		case Literal:
			sum += len(n.Text)
		case Variable:
			sum += value
		}
		for j := range n.Cases {
			most = max(most, longest(n.Cases[j].Nodes))
		}
		sum += most
	}
	return sum
}

// Escape returns a pattern that says exactly s, whatever s holds.
func Escape(s string) string {
	if !strings.ContainsAny(s, "'{}") {
		return s
	}
	var b strings.Builder
	quoted := false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '{' || c == '}':
			if !quoted {
				b.WriteByte('\'')
				quoted = true
			}
		case c == '\'':
			next := byte(0)
			if i+1 < len(s) {
				next = s[i+1]
			}
			if quoted || next == '\'' || next == '{' || next == '}' {
				b.WriteByte('\'')
			} else if i > 0 && s[i-1] == '\'' {
				b.WriteByte('\'') // the last of several
			}
		case quoted:
			b.WriteByte('\'')
			quoted = false
		}
		b.WriteByte(s[i])
	}
	if quoted {
		b.WriteByte('\'')
	}
	return b.String()
}

// isSpace reports Unicode's Pattern_White_Space, which the syntax ignores
// between its words. It holds LRM and RLM, so that a right-to-left translator
// can keep braces readable.
func isSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0x85, 0x200e, 0x200f, 0x2028, 0x2029:
		return true
	}
	return false
}

// isName reports the characters of variable names and words.
func isName(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}
