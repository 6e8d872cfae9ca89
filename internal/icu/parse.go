package icu

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Parse reads src. Mistakes inside a plural or select are all reported; after
// broken braces, names or quotations nothing further can be understood, and
// the first of them is the last problem. The pattern is never nil, and fit for
// use only when there are no problems.
func Parse(src string) (*Pattern, []Problem) {
	if !utf8.ValidString(src) {
		return &Pattern{}, []Problem{{badByte(src), "the text is damaged here (not UTF-8): save the file as UTF-8 and type the letter again"}}
	}
	ps := &parser{src: src}
	nodes := ps.nodes(scope{})
	if !ps.broken && ps.pos < len(src) {
		ps.stop(ps.pos, "this } closes nothing: remove it, or write '}' if people shall see a brace")
	}
	return &Pattern{Nodes: nodes, size: longest(nodes)}, ps.problems
}

func badByte(s string) int {
	for i, r := range s {
		if _, n := utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && n == 1 {
			return i
		}
	}
	return 0
}

// parser reads each byte of src once; depth is bounded by MaxNesting.
type parser struct {
	src      string
	pos      int
	problems []Problem
	broken   bool // nothing after this can be understood
}

// scope is what stands around a run of nodes.
type scope struct {
	depth  int    // of plural and select around
	number string // variable of the plural directly around, for #
	within bool   // a plural somewhere around
}

func (ps *parser) report(pos int, format string, a ...any) {
	ps.problems = append(ps.problems, Problem{pos, fmt.Sprintf(format, a...)})
}

// stop reports the problem after which reading ends.
func (ps *parser) stop(pos int, format string, a ...any) {
	if !ps.broken {
		ps.report(pos, format, a...)
	}
	ps.broken = true
}

// nodes reads up to the } that closes them, or the end.
func (ps *parser) nodes(sc scope) []Node {
	var (
		out   []Node
		lit   []byte // of a literal that differs from its source
		start = ps.pos
		from  = ps.pos // source not yet copied to lit
	)
	flush := func() {
		text := ps.src[from:ps.pos]
		if lit != nil {
			text = string(append(lit, text...))
		}
		if text != "" {
			out = append(out, Node{Kind: Literal, Text: text, Pos: start})
		}
		lit = nil
	}
	for ps.pos < len(ps.src) && !ps.broken {
		switch c := ps.src[ps.pos]; {
		case c == '}':
			flush()
			return out
		case c == '{':
			flush()
			out = append(out, ps.argument(sc))
			start, from = ps.pos, ps.pos
		case c == '#' && sc.number != "":
			flush()
			out = append(out, Node{Kind: Variable, Text: sc.number, Pos: ps.pos})
			ps.pos++
			start, from = ps.pos, ps.pos
		case c == '#' && sc.within:
			ps.report(ps.pos, "# stands in a select inside a plural, where it means different things in different tools: write the number's variable in braces instead")
			ps.pos++
		case c == '\'':
			lit = append(lit, ps.src[from:ps.pos]...)
			lit = ps.apostrophe(lit, sc)
			from = ps.pos
		default:
			ps.pos++
		}
	}
	flush()
	return out
}

// apostrophe reads an apostrophe, or a whole quotation, into lit.
func (ps *parser) apostrophe(lit []byte, sc scope) []byte {
	open := ps.pos
	ps.pos++
	next := ps.peek()
	switch {
	case next == '\'':
		ps.pos++
		return append(lit, '\'')
	case next != '{' && next != '}' && (next != '#' || sc.number == ""):
		return append(lit, '\'')
	}
	for {
		end := strings.IndexByte(ps.src[ps.pos:], '\'')
		if end < 0 {
			ps.stop(open, "the apostrophe before %c starts a quotation that never ends: write another apostrophe where it ends, or two ('') if people shall see an apostrophe", next)
			ps.pos = len(ps.src)
			return lit
		}
		lit = append(lit, ps.src[ps.pos:ps.pos+end]...)
		ps.pos += end + 1
		if ps.peek() != '\'' {
			return lit
		}
		lit = append(lit, '\'')
		ps.pos++
	}
}

// argument reads {name}, {name, plural, …} or {name, select, …}.
func (ps *parser) argument(sc scope) Node {
	n := Node{Kind: Variable, Pos: ps.pos}
	open := ps.pos
	ps.pos++
	n.Text = ps.word()
	switch c := ps.peek(); {
	case ps.pos == len(ps.src):
		ps.unclosed(open)
		return n
	case n.Text == "" && c == '}':
		ps.stop(open, "nothing stands between { and }: write a variable's name there, or '{}' if people shall see braces")
		return n
	case c == '}' && n.Text != "":
		ps.pos++
		return n
	case c != ',' || n.Text == "":
		ps.stop(open, "after { comes the name of a variable (letters, digits and _), then } or a comma: write '{' if people shall see a brace")
		return n
	}
	ps.pos++
	at := ps.skip()
	kind := ps.word()
	switch kind {
	case "plural":
		n.Kind = Plural
	case "select":
		n.Kind = Select
	default:
		ps.stop(at, "%q is not understood here: only plural and select can follow {%s, …", kind, n.Text)
		return n
	}
	if ps.peek() != ',' {
		ps.stop(ps.pos, "a comma must follow %s, then the forms: {%s, %s, other {…}}", kind, n.Text, kind)
		return n
	}
	ps.pos++
	if sc.depth == MaxNesting {
		ps.stop(open, "this is the third plural or select inside one another, and two are the most: make two messages of it")
		return n
	}
	inner := scope{depth: sc.depth + 1, within: sc.within || n.Kind == Plural}
	if n.Kind == Plural {
		inner.number = n.Text
	}
	n.Cases = ps.cases(n, open, inner)
	return n
}

// cases reads the forms of n and the } after them.
func (ps *parser) cases(n Node, open int, sc scope) []Case {
	var out []Case
	seen := map[string]bool{}
	for !ps.broken {
		at := ps.skip()
		if ps.pos == len(ps.src) {
			ps.unclosed(open)
			return out
		}
		if ps.src[ps.pos] == '}' {
			ps.pos++
			break
		}
		c := Case{Pos: at, Key: ps.key()}
		if c.Key == "" {
			ps.stop(at, "here a form must begin with its name, as in %s", example(n.Kind))
			return out
		}
		if c.Key == "offset" && n.Kind == Plural && ps.peek() == ':' {
			ps.stop(at, "offset: is not supported: leave it out and count in the message's variable")
			return out
		}
		switch {
		case seen[c.Key]:
			ps.report(at, "the form %q is written twice: remove one", c.Key)
		case n.Kind == Plural:
			ps.plural(&c)
		case c.Key[0] == '=':
			ps.report(at, "%q is a number, and select chooses by words: write the word, or plural instead of select", c.Key)
		}
		seen[c.Key] = true
		if ps.skip(); ps.peek() != '{' {
			ps.stop(ps.pos, "after the form's name %q its words must follow in braces: %s {…}", c.Key, c.Key)
			return out
		}
		body := ps.pos
		ps.pos++
		c.Nodes = ps.nodes(sc)
		if ps.broken {
			return out
		}
		if ps.pos == len(ps.src) {
			ps.unclosed(body)
			return out
		}
		ps.pos++
		out = append(out, c)
	}
	if !ps.broken && !seen["other"] {
		ps.report(open, "the form %q is missing: add other {…} with the words for everything else", "other")
	}
	return out
}

// plural fills what a plural's key means.
func (ps *parser) plural(c *Case) {
	if digits, ok := strings.CutPrefix(c.Key, "="); ok {
		n, err := strconv.ParseUint(digits, 10, 63)
		if err != nil {
			ps.report(c.Pos, "%q is not a whole number: write for example =0", c.Key)
			return
		}
		if plain := strconv.FormatUint(n, 10); digits != plain {
			ps.report(c.Pos, "write =%s instead of %q", plain, c.Key)
		}
		c.exact, c.n = true, n
		return
	}
	form, ok := formNamed(c.Key)
	if !ok {
		ps.report(c.Pos, "%q is no plural form: the forms are zero, one, two, few, many, other, and exact numbers such as =0", c.Key)
	}
	c.form = form
}

func example(k Kind) string {
	if k == Plural {
		return "{n, plural, one {…} other {…}}"
	}
	return "{sex, select, f {…} other {…}}"
}

func (ps *parser) unclosed(open int) {
	ps.stop(open, "the { here is never closed: add the } that is missing, or write '{' if people shall see a brace")
}

// key reads "one", "=0" or a select's word.
func (ps *parser) key() string {
	start := ps.pos
	if ps.peek() == '=' {
		ps.pos++
	}
	ps.name()
	return ps.src[start:ps.pos]
}

// word reads a name and the space around it.
func (ps *parser) word() string {
	start := ps.skip()
	ps.name()
	w := ps.src[start:ps.pos]
	ps.skip()
	return w
}

func (ps *parser) name() {
	for ps.pos < len(ps.src) {
		r, n := utf8.DecodeRuneInString(ps.src[ps.pos:])
		if !isName(r) {
			return
		}
		ps.pos += n
	}
}

// skip passes over space and returns where it ends.
func (ps *parser) skip() int {
	for ps.pos < len(ps.src) {
		r, n := utf8.DecodeRuneInString(ps.src[ps.pos:])
		if !isSpace(r) {
			break
		}
		ps.pos += n
	}
	return ps.pos
}

// peek returns the next byte, 0 at the end.
func (ps *parser) peek() byte {
	if ps.pos < len(ps.src) {
		return ps.src[ps.pos]
	}
	return 0
}
