package cardfile

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/hubkit/hubkit/scoring"
)

// Encode writes a card as YAML that Decode reads back: the same card with the
// same hash. Conditions and numbers are written in full, as JSON writes them.
func Encode(s scoring.CardSpec) ([]byte, error) {
	b, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("cardfile: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	root, err := node(dec)
	if err != nil {
		return nil, fmt.Errorf("cardfile: %w", err)
	}
	var out bytes.Buffer
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(root); err != nil {
		return nil, fmt.Errorf("cardfile: %w", err)
	}
	return out.Bytes(), enc.Close()
}

// node turns the next JSON value into YAML, in the order of its fields.
func node(dec *json.Decoder) (*yaml.Node, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	n := &yaml.Node{}
	switch t := t.(type) {
	case json.Delim:
		n.Kind = yaml.SequenceNode
		if t == '{' {
			n.Kind = yaml.MappingNode
		}
		for dec.More() {
			c, err := node(dec)
			if err != nil {
				return nil, err
			}
			if last := len(n.Content) - 1; n.Kind == yaml.MappingNode && len(n.Content)%2 == 1 && c.Tag == "!!null" {
				n.Content = n.Content[:last] // a card without criteria has none to write
				continue
			}
			n.Content = append(n.Content, c)
			if n.Kind == yaml.MappingNode && len(n.Content)%2 == 0 && n.Content[len(n.Content)-2].Value == "op" {
				n.Style = yaml.FlowStyle // a condition or number, on one line
			}
		}
		_, err = dec.Token() // the closing bracket
		return n, err
	case json.Number:
		n.Kind, n.Tag, n.Value = yaml.ScalarNode, "!!int", t.String()
		if strings.ContainsAny(n.Value, ".eE") {
			n.Tag = "!!float"
		}
	case string:
		n.SetString(t)
	case bool:
		n.Kind, n.Tag, n.Value = yaml.ScalarNode, "!!bool", fmt.Sprint(t)
	case nil:
		n.Kind, n.Tag, n.Value = yaml.ScalarNode, "!!null", "null"
	}
	return n, nil
}
