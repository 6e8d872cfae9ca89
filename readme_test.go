package hubkit_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What README.md shows is what compiles. The first line of each of its Go
// blocks names where the rest of the block stands, word for word:
//
//	// examples/1-first-question/main.go          the whole file
//	// examples/3-score/main.go card              the lines between //readme:card and //readme:end
//
// A region may be indented in its file; it is shown without that.

var heading = regexp.MustCompile(`^// ([\w./-]+\.go)(?: ([\w-]+))?$`)

// readmeFaults compares the Go blocks of a README with the files they name,
// and looks for the folders of the examples it tells people to run.
func readmeFaults(readme string, house fs.FS) (out []string) {
	blocks, err := fenced(readme)
	if err != nil {
		return []string{err.Error()}
	}
	for _, b := range blocks {
		report := func(format string, a ...any) {
			out = append(out, fmt.Sprintf("README.md:%d: %s", b.line, fmt.Sprintf(format, a...)))
		}
		switch b.lang {
		case "go", "sh", "console", "yaml", "json", "text":
		case "":
			if looksLikeGo.MatchString(b.text) {
				report("this block is Go and does not say so: begin it with ```go")
			}
		default:
			report("no block is in %q: Go is written ```go, and others sh, console, yaml, json or text", b.lang)
		}
		if b.lang == "sh" || b.lang == "console" {
			for _, m := range regexp.MustCompile(`go run \./([\w./-]+)`).FindAllStringSubmatch(b.text, -1) {
				if _, err := fs.Stat(house, strings.TrimSuffix(m[1], "/")); err != nil {
					report("it runs %s, which is not there", m[1])
				}
			}
		}
		if b.lang != "go" {
			continue
		}
		first, shown, _ := strings.Cut(b.text, "\n")
		m := heading.FindStringSubmatch(first)
		if m == nil {
			report("the first line of a Go block names its file, such as \"// examples/1-first-question/main.go\" (and a region), not %q", first)
			continue
		}
		file, err := fs.ReadFile(house, m[1])
		if err != nil {
			report("it shows %s, which is not there", m[1])
			continue
		}
		want := string(file)
		if m[2] != "" {
			if want, err = region(want, m[2]); err != nil {
				report("%s %v", m[1], err)
				continue
			}
		}
		if line := differs(shown, want); line > 0 {
			report("line %d of the block differs from %s: copy the file's lines into the README", line+1, strings.TrimPrefix(first, "// "))
		}
	}
	return out
}

// looksLikeGo matches what only Go has.
var looksLikeGo = regexp.MustCompile(`(?m)^\s*(package \w+$|func [\w(]|import [("]|\w+(, \w+)* := )`)

// block is one fenced block of Markdown.
type block struct {
	lang, text string
	line       int // of its fence
}

func fenced(markdown string) ([]block, error) {
	var (
		out  []block
		open bool
	)
	for i, line := range strings.Split(markdown, "\n") {
		lang, fence := strings.CutPrefix(strings.TrimRight(line, " \r"), "```")
		bare := strings.TrimLeft(line, " \t>")
		switch {
		case !open && !fence && (strings.HasPrefix(bare, "```") || strings.HasPrefix(bare, "~~~")):
			return nil, fmt.Errorf("README.md:%d: a block begins with ``` at the beginning of its line, so that this test sees it", i+1)
		case fence && !open:
			out, open = append(out, block{lang: lang, line: i + 1}), true
		case fence && lang == "":
			open = false
		case open:
			out[len(out)-1].text += line + "\n"
		}
	}
	if open {
		return nil, fmt.Errorf("README.md:%d: this block is never closed", out[len(out)-1].line)
	}
	return out, nil
}

// region returns the lines between "//readme:name" and the next "//readme:end",
// without the indentation they share.
func region(file, name string) (string, error) {
	var (
		out    []string
		inside bool
		times  int
	)
	for line := range strings.Lines(file) {
		switch mark := strings.TrimSpace(line); {
		case mark == "//readme:"+name:
			inside = true
			times++
		case mark == "//readme:end":
			inside = false
		case inside && strings.HasPrefix(mark, "//readme:"):
			return "", fmt.Errorf("has %s inside the region %s", mark, name)
		case inside:
			out = append(out, strings.TrimRight(line, "\r\n"))
		}
	}
	switch {
	case times != 1:
		return "", fmt.Errorf("has the line //readme:%s %d times, and needs it once", name, times)
	case inside:
		return "", errors.New("lacks //readme:end after the region " + name)
	}
	indent := -1
	for _, line := range out {
		if trimmed := strings.TrimLeft(line, "\t"); trimmed != "" && (indent < 0 || len(line)-len(trimmed) < indent) {
			indent = len(line) - len(trimmed)
		}
	}
	for i, line := range out {
		out[i] = line[min(max(indent, 0), len(line)):]
	}
	return strings.Join(out, "\n"), nil
}

// differs returns the first line, from 1, at which a and b differ apart from
// empty lines around them; 0 if they are equal.
func differs(a, b string) int {
	x := strings.Split(strings.Trim(a, "\n"), "\n")
	y := strings.Split(strings.Trim(b, "\n"), "\n")
	if slices.Equal(x, y) {
		return 0
	}
	for i := range x {
		if i >= len(y) || x[i] != y[i] {
			return i + 1
		}
	}
	return len(x) + 1
}

func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err, "the house has a README.md")
	for _, fault := range readmeFaults(string(readme), os.DirFS(".")) {
		t.Error(fault)
	}
	assert.Contains(t, string(readme), "go test ./...", "the README tells how to run the tests")
}

// The rule itself, on made-up READMEs.
func TestReadmeFaultsAreSeen(t *testing.T) {
	const file = "// Ask asks.\npackage main\n\nfunc main() {\n\t//readme:ask\n\tif yes {\n\t\task()\n\t}\n\n\task()\n\t//readme:end\n}\n"
	house := fstest.MapFS{}
	for name, text := range map[string]string{
		"examples/1/main.go":    file,
		"examples/1/broken.go":  "//readme:open\nx\n",
		"examples/1/nested.go":  "//readme:a\n//readme:b\n//readme:end\n",
		"examples/1/twice.go":   "//readme:a\n//readme:end\n//readme:a\n//readme:end\n",
		"examples/1/nothing.go": "//readme:a\n//readme:end\n",
	} {
		house[name] = &fstest.MapFile{Data: []byte(text)}
	}
	const ask = "if yes {\n\task()\n}\n\nask()\n"
	tests := []struct {
		name, readme, want string
	}{
		{"no code", "# hubkit\n", ""},
		{"whole file", "```go\n// examples/1/main.go\n" + file + "```\n", ""},
		{"region", "```go\n// examples/1/main.go ask\n" + ask + "```\n", ""},
		{"region with empty lines around", "```go\n// examples/1/main.go ask\n\n" + ask + "\n```\n", ""},
		{"empty region", "```go\n// examples/1/nothing.go a\n```\n", ""},
		{"other languages", "```yaml\nx: 1\n```\n```\n< prompt\n```\n", ""},
		{"text without a language", "```\nthe function: func is a word\n```\n", ""},
		{"command", "```sh\ngo run ./examples/1 -card x\ngo test ./...\n```\n", ""},

		{"changed word", "```go\n// examples/1/main.go ask\n" + strings.Replace(ask, "yes", "no", 1) + "```\n", "README.md:1: line 2 of the block differs"},
		{"lost line", "```go\n// examples/1/main.go ask\nif yes {\n\task()\n}\n```\n", "line 5 of the block differs"},
		{"line too many", "```go\n// examples/1/main.go ask\n" + ask + "more()\n```\n", "line 7 of the block differs"},
		{"changed file", "\n\n```go\n// examples/1/main.go\npackage main\n```\n", "README.md:3: line 2 of the block differs"},
		{"no name", "```go\nask()\n```\n", "names its file"},
		{"empty block", "```go\n```\n", "names its file"},
		{"no file", "```go\n// examples/2/main.go\n```\n", "examples/2/main.go, which is not there"},
		{"out of the house", "```go\n// ../main.go\n```\n", "which is not there"},
		{"no region", "```go\n// examples/1/main.go answer\n```\n", "has the line //readme:answer 0 times"},
		{"region twice", "```go\n// examples/1/twice.go a\n```\n", "2 times"},
		{"open region", "```go\n// examples/1/broken.go open\nx\n```\n", "lacks //readme:end"},
		{"nested region", "```go\n// examples/1/nested.go a\n```\n", "inside the region a"},
		{"another name of Go", "```golang\n// examples/1/main.go ask\nask()\n```\n", "no block is in \"golang\""},
		{"Go in capitals", "```Go\nask()\n```\n", "no block is in \"Go\""},
		{"Go with words after it", "```go title=x\nask()\n```\n", "no block is in \"go title=x\""},
		{"Go without a name", "```\npackage main\n```\n", "is Go and does not say so"},
		{"a statement without a name", "```\n\tx, err := f()\n```\n", "is Go and does not say so"},
		{"tildes", "~~~go\nask()\n~~~\n", "README.md:1: a block begins with"},
		{"indented block", "1. item\n   ```go\n   ask()\n   ```\n", "README.md:2: a block begins with"},
		{"quoted block", "> ```go\n> ask()\n> ```\n", "README.md:1: a block begins with"},
		{"open block", "text\n```go\n// examples/1/main.go\n", "README.md:2: this block is never closed"},
		{"lost example", "```sh\ngo run ./examples/9-gone\n```\n", "examples/9-gone, which is not there"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := readmeFaults(tt.readme, house)
			if tt.want == "" {
				assert.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			assert.Contains(t, got[0], tt.want)
		})
	}
}
