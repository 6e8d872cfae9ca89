package cardfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// largest is the size of a file that is still read, in bytes.
const largest = 4 << 20

// Load reads a card from YAML or JSON and proves it: Decode and scoring.New. Its
// error is a Mistakes.
func Load(b []byte, shape *registration.Shape, evs ...registration.Evaluator) (*scoring.Card, error) {
	r := &reader{}
	s := r.card(b)
	if len(r.mistakes) > 0 {
		return nil, r.mistakes.sorted()
	}
	c, err := scoring.New(s, shape, evs...)
	if ms := placed(err, r.lines); len(ms) > 0 {
		return nil, ms.sorted()
	}
	return c, err
}

// placed gives the mistakes of a card the lines of its parts.
func placed(err error, lines map[string]int) (ms Mistakes) {
	var all scoring.Mistakes
	if !errors.As(err, &all) {
		return nil
	}
	for _, m := range all {
		say := m.Say
		if m.At != "" {
			say = m.At + ": " + say
		}
		ms = append(ms, &Mistake{Line: lines[m.At], Say: say})
	}
	return ms
}

// Decode reads a card from YAML or JSON without proving it. Its error is a
// Mistakes.
func Decode(b []byte) (scoring.CardSpec, error) {
	r := &reader{}
	s := r.card(b)
	if len(r.mistakes) > 0 {
		return scoring.CardSpec{}, r.mistakes.sorted()
	}
	return s, nil
}

// reader turns a file into a card and collects its mistakes.
type reader struct {
	mistakes   Mistakes
	lines      map[string]int // of what scoring.Mistake calls "criterion x"
	parameters map[string]float64
}

func (r *reader) fail(n *yaml.Node, format string, a ...any) {
	line := 0
	if n != nil {
		line = n.Line
	}
	r.mistakes = append(r.mistakes, &Mistake{Line: line, Say: fmt.Sprintf(format, a...)})
}

// lists are the fields of a card that are lists of mappings, with what
// scoring.Mistake calls one of them. Parameters come first: others read them.
var lists = []struct{ field, one string }{
	{"parameters", "parameter"}, {"criteria", "criterion"}, {"groups", "group"}, {"rules", "rule"}, {"checks", "check"}, {"bands", "band"}, {"ties", "tie"},
}

func (r *reader) card(b []byte) (s scoring.CardSpec) {
	r.lines, r.parameters = map[string]int{}, map[string]float64{}
	root := r.parse(b)
	if root == nil {
		return s
	}
	fields := map[string]*yaml.Node{}
	head := map[string]any{}
	for i := 0; i+1 < len(root.Content); i += 2 {
		k, v := root.Content[i], root.Content[i+1]
		fields[k.Value] = v
		if !slices.ContainsFunc(lists, func(l struct{ field, one string }) bool { return l.field == k.Value }) {
			r.small(k)
			head[k.Value] = r.field(k, v)
			r.one(k, map[string]any{k.Value: head[k.Value]}, &scoring.CardSpec{})
		}
		for j := 0; k.Value == "phrases" && v.Kind == yaml.MappingNode && j+1 < len(v.Content); j += 2 {
			r.lines["phrase "+v.Content[j].Value] = v.Content[j].Line
		}
	}
	if len(r.mistakes) == 0 {
		r.one(root, head, &s)
	}
	for _, l := range lists {
		v := fields[l.field]
		if v == nil {
			continue
		}
		if v.Tag == "!!null" {
			r.fail(v, "%q is empty: write the list below it, or take the line out", l.field)
			continue
		}
		if v.Kind != yaml.SequenceNode {
			r.fail(v, "%s must be a list: begin each line with \"- \"", l.field)
			continue
		}
		if len(v.Content) > longest {
			r.fail(v.Content[longest], "a card has at most %d %s, and here is one more: a table of this size belongs into a program", longest, l.field)
			continue
		}
		for _, n := range v.Content {
			r.item(&s, l.field, l.one, n)
		}
	}
	return s
}

// parse reads one document without aliases, and mappings without double keys.
func (r *reader) parse(b []byte) *yaml.Node {
	if len(b) > largest {
		r.fail(nil, "the file has more than %d MB: a card of this size belongs into a program", largest>>20)
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(b))
	var doc, more yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			r.fail(nil, "the file is empty")
			return nil
		}
		m := &Mistake{Say: strings.TrimPrefix(err.Error(), "yaml: ")}
		if _, err := fmt.Sscanf(m.Say, "line %d:", &m.Line); err == nil {
			_, m.Say, _ = strings.Cut(m.Say, ": ")
		}
		m.Say = "this is not YAML: " + m.Say
		r.mistakes = append(r.mistakes, m)
		return nil
	}
	if err := dec.Decode(&more); !errors.Is(err, io.EOF) {
		r.fail(nil, "something follows the card: a file holds one card")
	}
	root := doc.Content[0]
	r.sound(root, 0)
	if root.Kind != yaml.MappingNode {
		r.fail(root, "a card begins with fields such as \"id: my-card\"")
	}
	if len(r.mistakes) > 0 {
		return nil
	}
	return root
}

// deepest is how deeply a file may be nested.
const deepest = 100

func (r *reader) sound(n *yaml.Node, depth int) {
	switch {
	case depth > deepest:
		r.fail(n, "it is nested deeper than %d", deepest)
		return
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		r.fail(n, "anchors and aliases (& and *) are not read: write it out")
		return
	}
	if n.Kind == yaml.MappingNode {
		seen := map[string]bool{}
		for i := 0; i < len(n.Content); i += 2 {
			k := n.Content[i]
			switch {
			case k.Kind != yaml.ScalarNode:
				r.fail(k, "a name must be a word")
			case k.Tag == "!!merge":
				r.fail(k, "merge keys (<<) are not read: write it out")
			case seen[k.Value]:
				r.fail(k, "%q stands twice: keep one", k.Value)
			}
			seen[k.Value] = true
		}
	}
	for _, c := range n.Content {
		r.sound(c, depth+1)
	}
}

// item reads one line of a list.
func (r *reader) item(s *scoring.CardSpec, field, one string, n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		r.fail(n, "a %s has fields, such as {id: …}", one)
		return
	}
	before := len(r.mistakes)
	m := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch k, v := n.Content[i].Value, n.Content[i+1]; k {
		case "if":
			m[k] = r.condition(v)
		case "per", "by":
			m[k] = r.number(v)
		case "missing":
			m[k] = r.policy(n.Content[i], v)
		default:
			r.small(n.Content[i])
			m[k] = r.field(n.Content[i], v)
		}
	}
	id, _ := m["id"].(string)
	if at := one + " " + id; r.lines[at] == 0 {
		r.lines[at] = n.Line
	}
	if _, has := m["value"]; field == "parameters" {
		if !has {
			r.fail(n, "the parameter %q needs its value, such as value: 5400", id)
		}
		r.parameters[id] = 0 // known to others, whatever is wrong with it
	}
	if len(r.mistakes) > before {
		return
	}
	switch field {
	case "parameters":
		s.Parameters = append(s.Parameters, scoring.Parameter{})
		p := &s.Parameters[len(s.Parameters)-1]
		r.one(n, m, p)
		r.parameters[p.ID] = p.Value
	case "criteria":
		s.Criteria = append(s.Criteria, scoring.Criterion{})
		r.one(n, m, &s.Criteria[len(s.Criteria)-1])
	case "groups":
		s.Groups = append(s.Groups, scoring.Group{})
		r.one(n, m, &s.Groups[len(s.Groups)-1])
	case "rules":
		s.Rules = append(s.Rules, scoring.Rule{})
		r.one(n, m, &s.Rules[len(s.Rules)-1])
	case "checks":
		s.Checks = append(s.Checks, scoring.Check{})
		r.one(n, m, &s.Checks[len(s.Checks)-1])
	case "bands":
		s.Bands = append(s.Bands, scoring.Band{})
		r.one(n, m, &s.Bands[len(s.Bands)-1])
	case "ties":
		s.Ties = append(s.Ties, scoring.Tie{})
		r.one(n, m, &s.Ties[len(s.Ties)-1])
	}
}

// policy reads what a criterion is worth while it is not known.
func (r *reader) policy(k, v *yaml.Node) any {
	p := r.field(k, v)
	switch v.Kind {
	case yaml.ScalarNode:
		return map[string]any{"do": v.Value}
	case yaml.MappingNode:
		for i := 0; i < len(v.Content); i += 2 {
			r.small(v.Content[i])
		}
		if find(v, "do") != v && p.(map[string]any)["do"] == "default" && find(v, "points") == v {
			r.fail(v, "a default needs its points: {do: default, points: 1, because: {…}}")
		}
	}
	return p
}

// small refuses the name of a field in capitals: JSON would take Points for points,
// and a card with both would have one that nobody sees.
func (r *reader) small(k *yaml.Node) {
	if low := strings.ToLower(k.Value); low != k.Value {
		r.fail(k, "fields are written in small letters: %q", low)
	}
}

// one decodes what was read into a part of the card, and says on which line it
// does not fit.
func (r *reader) one(n *yaml.Node, from any, to any) {
	b, err := json.Marshal(from)
	if err != nil {
		r.fail(n, "%v", err)
		return
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	err = dec.Decode(to)
	if err == nil {
		return
	}
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		field := kind.Field[strings.LastIndexByte(kind.Field, '.')+1:]
		want, is := words(kind.Type.String()), words(kind.Value)
		if kind.Value == "string" {
			if is = "a text"; want == "a number" {
				is = "a text (write digits, without quotes)"
			}
		}
		r.fail(find(n, field), "%q must be %s, and is %s", field, want, is)
		return
	}
	if _, name, ok := strings.Cut(err.Error(), "unknown field "); ok {
		if u, err := strconv.Unquote(name); err == nil {
			name = u
		}
		r.fail(find(n, name), "there is no field %q here: look for a typing error", name)
		return
	}
	r.fail(n, "%v", err)
}

// find returns the node of a name in a mapping, for its line.
func find(n *yaml.Node, name string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i]
		}
	}
	return n
}

// words says a type of Go or JSON so that a committee understands it.
func words(kind string) string {
	switch {
	case strings.HasPrefix(kind, "float"), strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "number"):
		return "a number"
	case kind == "bool":
		return "yes or no"
	case strings.HasPrefix(kind, "[]"), kind == "array":
		return "a list"
	case kind == "string", strings.HasSuffix(kind, "Day"), strings.HasSuffix(kind, "Hit"), strings.HasSuffix(kind, "Curve"):
		return "a text (write it in quotes)"
	}
	return "a mapping such as {en: …}"
}

// field reads what stands under a name. Nothing is a mistake: a number that
// somebody forgot is not 0, and a cap that is left blank is not no cap.
func (r *reader) field(k, v *yaml.Node) any {
	if v.Tag == "!!null" {
		r.fail(k, "%q is empty: write what belongs there, or take it out", k.Value)
		return nil
	}
	return r.plain(v)
}

// plain turns a node into what JSON would have.
func (r *reader) plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			m[n.Content[i].Value] = r.field(n.Content[i], n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, c := range n.Content {
			l[i] = r.plain(c)
		}
		return l
	}
	return r.scalar(n)
}

// scalar turns a single word into what JSON would have.
func (r *reader) scalar(n *yaml.Node) any {
	switch n.Tag {
	case "!!int", "!!float":
		if x, ok := finite(n.Value); ok {
			return x
		}
		r.fail(n, "%q is no number that can be used: write digits and a decimal point", n.Value)
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!null":
		r.fail(n, "an entry is empty: write what belongs there, or take it out")
		return nil
	}
	return n.Value
}

// finite reads a number in plain digits.
func finite(s string) (float64, bool) {
	if strings.ContainsAny(s, "xXoObB_") {
		return 0, false
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil && x-x == 0
}
