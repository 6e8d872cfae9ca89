package cardfile

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// op is a condition or number as JSON writes it.
type op map[string]any

func all(cs []any) any {
	if len(cs) == 1 {
		return cs[0]
	}
	return op{"op": "all", "args": cs}
}

// condition reads a condition in its short form.
func (r *reader) condition(n *yaml.Node) any {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "a condition is a mapping, such as {age: \">= 60\"} or {displaced: yes}")
		return nil
	}
	if find(n, "op") != n {
		return r.plain(n)
	}
	if len(n.Content) == 0 {
		r.fail(n, "the condition is empty")
	}
	var cs []any
	for i := 0; i+1 < len(n.Content); i += 2 {
		cs = append(cs, r.entry(n.Content[i], n.Content[i+1]))
	}
	return all(cs)
}

// entry reads one entry of a condition.
func (r *reader) entry(k, v *yaml.Node) any {
	switch k.Value {
	case "all", "any":
		if v.Kind != yaml.SequenceNode {
			r.fail(v, "%q takes a list of conditions: %s: [{…}, {…}]", k.Value, k.Value)
			return nil
		}
		cs := make([]any, len(v.Content))
		for i, c := range v.Content {
			cs[i] = r.condition(c)
		}
		return op{"op": k.Value, "args": cs}
	case "not":
		return op{"op": "not", "args": []any{r.condition(v)}}
	case "compare":
		if v.Kind != yaml.SequenceNode || len(v.Content) != 3 || !slices.Contains(signs, v.Content[1].Value) {
			r.fail(v, "compare takes a number, a sign and a number: compare: [income, \"<\", $income_line]")
			return nil
		}
		return op{"op": v.Content[1].Value, "args": []any{r.number(v.Content[0]), r.number(v.Content[2])}}
	case "foreign":
		if v.Kind != yaml.SequenceNode || len(v.Content) != 2 {
			r.fail(v, "foreign takes a language and a source: foreign: [xpath, \"…\"]")
			return nil
		}
		return op{"op": "foreign", "text": v.Content[0].Value, "source": v.Content[1].Value}
	}
	switch v.Kind {
	case yaml.SequenceNode:
		var cs []any
		for _, o := range v.Content {
			cs = append(cs, r.word(k, o))
		}
		return op{"op": "any", "args": cs}
	case yaml.MappingNode:
		return r.special(k, v)
	}
	return r.word(k, v)
}

// signs are the comparisons, the longer ones first.
var signs = []string{">=", "<=", "==", "!=", ">", "<"}

func value(key string) any { return op{"op": "value", "key": key} }

// word reads an answer: yes, 4, ">= 60", rent.
func (r *reader) word(k, v *yaml.Node) any {
	if v.Kind != yaml.ScalarNode || v.Tag == "!!null" {
		r.fail(v, "%q needs an answer, such as yes, \">= 60\" or one of its options", k.Value)
		return nil
	}
	s := strings.TrimSpace(v.Value)
	plain := v.Style == 0
	switch {
	case plain && (strings.EqualFold(s, "yes") || strings.EqualFold(s, "true")):
		return op{"op": "yes", "key": k.Value}
	case plain && (strings.EqualFold(s, "no") || strings.EqualFold(s, "false")):
		return op{"op": "==", "args": []any{value(k.Value), op{"op": "number"}}}
	case v.Tag == "!!int" || v.Tag == "!!float":
		return op{"op": "==", "args": []any{value(k.Value), r.operand(v, s)}}
	}
	for _, sign := range signs {
		if x, ok := strings.CutPrefix(s, sign); ok {
			return op{"op": sign, "args": []any{value(k.Value), r.operand(v, strings.TrimSpace(x))}}
		}
	}
	return op{"op": "is", "key": k.Value, "text": v.Value}
}

// operand reads a number or a parameter.
func (r *reader) operand(n *yaml.Node, s string) any {
	if name, ok := strings.CutPrefix(s, "$"); ok {
		x, known := r.parameters[name]
		if !known {
			r.fail(n, "the card has no parameter %q: add it to parameters", name)
		}
		return op{"op": "number", "n": x}
	}
	x, ok := finite(s)
	if !ok {
		r.fail(n, "%q is no number: write digits and a decimal point, or a parameter such as $income_line", s)
	}
	return op{"op": "number", "n": x}
}

// special reads {at_least: a_lot}, {has: food}, {state: refused}, {any: {…}}.
func (r *reader) special(k, v *yaml.Node) any {
	if len(v.Content) != 2 {
		r.fail(v, "%q takes one of at_least, at_most, has, state, any, every", k.Value)
		return nil
	}
	what, arg := v.Content[0].Value, v.Content[1]
	switch what {
	case "any", "every":
		return op{"op": what + "_member", "key": k.Value, "args": []any{r.condition(arg)}}
	case "at_least", "at_most", "has", "state":
		if arg.Kind != yaml.ScalarNode {
			r.fail(arg, "%q takes a word", what)
			return nil
		}
		return op{"op": what, "key": k.Value, "text": arg.Value}
	}
	r.fail(v, "there is no %q: %q takes one of at_least, at_most, has, state, any, every", what, k.Value)
	return nil
}

// operations are the names of calculations, and their signs in JSON.
var operations = map[string]string{"plus": "+", "minus": "-", "times": "*", "over": "/", "smallest": "min", "largest": "max"}

// number reads a number in its short form.
func (r *reader) number(n *yaml.Node) any {
	if n.Kind == yaml.ScalarNode {
		s := strings.TrimSpace(n.Value)
		if n.Tag == "!!int" || n.Tag == "!!float" || strings.HasPrefix(s, "$") {
			return r.operand(n, s)
		}
		if s == "" || n.Tag == "!!null" {
			r.fail(n, "a number is needed: a question, a number, or a calculation such as {over: [income, size]}")
		}
		return value(s)
	}
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		r.fail(n, "a number is a question, a number, or a calculation such as {over: [income, size]}")
		return nil
	}
	if find(n, "op") != n {
		return r.plain(n)
	}
	if len(n.Content) != 2 {
		r.fail(n, "a number has one calculation")
		return nil
	}
	k, v := n.Content[0], n.Content[1]
	if sign, ok := operations[k.Value]; ok {
		if v.Kind != yaml.SequenceNode {
			r.fail(v, "%q takes a list of numbers", k.Value)
			return nil
		}
		args := make([]any, len(v.Content))
		for i, c := range v.Content {
			args[i] = r.number(c)
		}
		return op{"op": sign, "args": args}
	}
	if k.Value == "chosen" && v.Kind == yaml.ScalarNode {
		return op{"op": "chosen", "key": v.Value}
	}
	if v.Kind == yaml.ScalarNode && v.Value == "size" {
		return op{"op": "members", "key": k.Value}
	}
	if v.Kind == yaml.MappingNode && len(v.Content) == 2 {
		switch what, arg := v.Content[0].Value, v.Content[1]; what {
		case "count":
			return op{"op": what, "key": k.Value, "args": []any{r.condition(arg)}}
		case "sum", "smallest", "largest":
			return op{"op": what, "key": k.Value, "args": []any{r.number(arg)}}
		}
	}
	r.fail(n, "there is no calculation %q: use plus, minus, times, over, smallest, largest, chosen, or a roster with size, count, sum, smallest or largest", k.Value)
	return nil
}
