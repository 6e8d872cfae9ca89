package icu

import (
	"slices"
	"strconv"
	"strings"
)

// Check reports the variables of p that are not in vars, and the plural forms
// that are missing or that no number ever takes under r.
//
// A form is missing when a whole number below a million takes it and no "=n"
// was written for that number. Forms that only decimals or whole millions take
// (few people ever count those) may be left out: "other" speaks for them.
func (p *Pattern) Check(r Rules, vars []string) []Problem {
	var (
		out      []Problem
		possible Set
		taken    []Form // of samples, by index
	)
	p.Walk(func(n *Node) {
		if n.Kind == Literal {
			return
		}
		if !slices.Contains(vars, n.Text) {
			out = append(out, Problem{n.Pos, unknown(n.Text, vars)})
		}
		if n.Kind != Plural {
			return
		}
		if possible == 0 {
			possible = r.Forms()
			for _, n := range samples {
				taken = append(taken, r.Form(Uint(n)))
			}
		}
		var exact []uint64
		var written Set
		for _, c := range n.Cases {
			if c.exact {
				exact = append(exact, c.n)
				continue
			}
			written.add(c.form)
			if !possible.Has(c.form) {
				out = append(out, Problem{c.Pos, "this language has no plural form " + strconv.Quote(c.Key) + " (it has " + possible.String() + "): remove it, or write an exact number such as =0"})
			}
		}
		for f := Zero; f < forms; f++ {
			if written.Has(f) {
				continue
			}
			if ns := needing(f, taken, exact); len(ns) > 0 {
				out = append(out, Problem{n.Pos, "the plural form " + strconv.Quote(f.String()) + " is missing, which this language needs for numbers such as " + strings.Join(ns, ", ") + ": add " + f.String() + " {…}"})
			}
		}
	})
	return out
}

// needing returns up to three whole numbers that take f and are not in exact.
func needing(f Form, taken []Form, exact []uint64) (ns []string) {
	for i, n := range samples {
		if taken[i] == f && n < 1_000_000 && len(ns) < 3 && !slices.Contains(exact, n) {
			ns = append(ns, strconv.FormatUint(n, 10))
		}
	}
	return ns
}

func unknown(name string, vars []string) string {
	if len(vars) == 0 {
		return "{" + name + "} is a variable, but this message has none: write the words themselves, or '{' if people shall see a brace"
	}
	return "{" + name + "} is not a variable of this message: use {" + strings.Join(vars, "}, {") + "}, spelled exactly so"
}
