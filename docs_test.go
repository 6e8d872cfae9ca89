package hubkit_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every package is documented by one doc.go, every exported symbol by a
// sentence that begins with its name, and no file is too long to be read.

const (
	mostDoc  = 60  // lines of a doc.go
	mostFile = 500 // lines of any other file
)

// source is one Go file.
type source struct {
	path string // slashes, from the root of the module
	text []byte
}

// goFiles returns every Go file of the house, by folder.
func goFiles(t *testing.T) map[string][]source {
	t.Helper()
	folders := map[string][]source{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := name != "." && strings.HasPrefix(d.Name(), ".")
		if d.IsDir() && (hidden || d.Name() == "testdata" || d.Name() == "node_modules" || filepath.ToSlash(name) == testModule) {
			return filepath.SkipDir
		}
		if d.IsDir() || hidden || path.Ext(name) != ".go" {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		folders[path.Dir(name)] = append(folders[path.Dir(name)], source{name, text})
		return nil
	})
	require.NoError(t, err)
	return folders
}

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// unfinished matches in comments only.
var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

// faults returns what is missing in the docs of one folder.
func faults(folder string, files []source) []string {
	var (
		out      []string
		fset     = token.NewFileSet()
		comments []string // files with a package comment
		name     string   // of the package
		shows    bool     // an example with its output
		within   = strings.Contains("/"+folder+"/", "/internal/")
	)
	report := func(pos token.Pos, format string, a ...any) {
		p := fset.Position(pos)
		out = append(out, fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, a...)))
	}
	for _, f := range files {
		file, err := parser.ParseFile(fset, f.path, f.text, parser.ParseComments)
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		if !generated.Match(f.text) {
			lines := strings.Count(string(f.text), "\n")
			if most := mostFile; lines > most {
				report(file.Package, "the file has %d lines, and %d are the most: give a type of it its own file", lines, most)
			} else if path.Base(f.path) == "doc.go" && lines > mostDoc {
				report(file.Package, "doc.go has %d lines, and %d are the most: keep what a newcomer needs", lines, mostDoc)
			}
		}
		for _, group := range file.Comments {
			if word := unfinished.FindString(group.Text()); word != "" {
				report(group.Pos(), "the comment says %s: finish it, or file an issue", word)
			}
		}
		if strings.HasSuffix(f.path, "_test.go") {
			shows = shows || (path.Base(f.path) == "example_test.go" && regexp.MustCompile(`(?i)// (unordered )?output:`).Match(f.text))
			continue
		}
		name = file.Name.Name
		if file.Doc != nil {
			comments = append(comments, path.Base(f.path))
			if doc := file.Doc.Text(); name != "main" && !strings.HasPrefix(doc, "Package "+name+" ") {
				report(file.Doc.Pos(), "the package comment must begin with %q", "Package "+name)
			}
		}
		for _, decl := range file.Decls {
			undocumented(decl, within, report)
		}
	}
	switch {
	case name == "":
	case len(comments) != 1:
		out = append(out, fmt.Sprintf("%s: package %s has %d package comments %v, and needs one", folder, name, len(comments), comments))
	case name != "main" && comments[0] != "doc.go":
		out = append(out, fmt.Sprintf("%s: the package comment is in %s, and belongs in doc.go", folder, comments[0]))
	}
	if name != "" && name != "main" && name != "examples" && !shows && !within {
		out = append(out, fmt.Sprintf("%s: package %s needs an example_test.go with an // Output:", folder, name))
	}
	return out
}

// undocumented reports what decl exports without saying what it is. Within the
// house, where no user looks, the comment on a group is enough.
func undocumented(decl ast.Decl, within bool, report func(token.Pos, string, ...any)) {
	sentence := func(id *ast.Ident, doc *ast.CommentGroup) {
		if id.IsExported() && !begins(doc, id.Name) {
			report(id.Pos(), "%s needs a doc sentence that begins with %q", id.Name, id.Name)
		}
	}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil || ast.IsExported(receiver(d.Recv.List[0].Type)) {
			sentence(d.Name, d.Doc)
		}
	case *ast.GenDecl:
		alone := !d.Lparen.IsValid()
		var kind ast.Expr // of a constant that repeats the line before
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				doc := s.Doc
				if alone {
					doc = d.Doc
				}
				sentence(s.Name, doc)
				if s.Name.IsExported() {
					members(s, doc.Text(), report)
				}
			case *ast.ValueSpec:
				if s.Type != nil || len(s.Values) > 0 {
					kind = s.Type
				}
				for _, id := range s.Names {
					switch doc := d.Doc.Text(); {
					case alone:
						sentence(id, d.Doc)
					case !id.IsExported() || s.Doc != nil || s.Comment != nil || names(doc, id.Name):
					case doc == "" || !enumerated(kind) && !within:
						report(id.Pos(), "%s needs a comment, or a word in the comment on its group", id.Name)
					}
				}
			}
		}
	}
}

// enumerated says whether values of a type are a list that the comment on their
// group explains: those of an exported type, such as the kinds of questions.
// Numbers, texts and spans of time are not.
func enumerated(kind ast.Expr) bool {
	id, ok := kind.(*ast.Ident)
	return ok && id.IsExported()
}

// speaks says whether a field's type says enough beside its name: texts and
// named types do ("Lang hubkit.Lang", "Answers []Value"), while numbers, truth
// values, spans of time, functions and maps need their unit or meaning told.
func speaks(t ast.Expr) bool {
	switch t := t.(type) {
	case *ast.Ident:
		return t.IsExported() || t.Name == "string" || t.Name == "error"
	case *ast.SelectorExpr:
		return t.Sel.Name != "Duration"
	case *ast.StarExpr:
		return speaks(t.X)
	case *ast.ArrayType:
		return speaks(t.Elt)
	}
	return false
}

// members reports exported fields whose type does not speak for itself, and
// interface methods, that have no comment and are not explained by name in the
// comment on their type.
func members(s *ast.TypeSpec, doc string, report func(token.Pos, string, ...any)) {
	var list *ast.FieldList
	ast.Inspect(s.Type, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StructType:
			list = n.Fields
		case *ast.InterfaceType:
			list = n.Methods
		case *ast.FuncType:
			return false
		default:
			return true
		}
		_, fields := n.(*ast.StructType)
		for _, f := range list.List {
			if fields && speaks(f.Type) {
				continue
			}
			for _, id := range f.Names {
				if id.IsExported() && f.Doc == nil && f.Comment == nil && !names(doc, id.Name) {
					report(id.Pos(), "%s.%s needs a comment, or a word in the comment on %s", s.Name.Name, id.Name, s.Name.Name)
				}
			}
		}
		return true
	})
}

// names says whether a comment speaks of a symbol by its name.
func names(doc, symbol string) bool {
	return regexp.MustCompile(`\b` + symbol + `\b`).MatchString(doc)
}

// receiver returns the name of a method's type.
func receiver(x ast.Expr) string {
	for {
		switch t := x.(type) {
		case *ast.StarExpr:
			x = t.X
		case *ast.IndexExpr:
			x = t.X
		case *ast.IndexListExpr:
			x = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

func begins(doc *ast.CommentGroup, name string) bool {
	rest, ok := strings.CutPrefix(doc.Text(), name)
	return ok && strings.TrimSpace(rest) != "" && strings.ContainsAny(rest[:1], " \n,':(")
}

func TestDocs(t *testing.T) {
	folders := goFiles(t)
	require.Contains(t, folders, ".")
	for folder, files := range folders {
		for _, fault := range faults(folder, files) {
			t.Error(fault)
		}
	}
}

// The root holds two ideas, words and languages. A third needs another home.
func TestRootHoldsLittle(t *testing.T) {
	var names []string
	for _, f := range goFiles(t)["."] {
		if !strings.HasSuffix(f.path, "_test.go") {
			names = append(names, f.path)
		}
	}
	assert.Equal(t, []string{"doc.go", "lang.go", "text.go"}, names, "the root is the ground floor: give the new file a room")
}

// The rules themselves, on made-up packages.
func TestFaultsAreSeen(t *testing.T) {
	const (
		doc     = "// Package p is.\npackage p\n"
		example = "package p_test\n\nfunc Example() {\n\t// Output:\n}\n"
	)
	long := func(lines int) string { return strings.Repeat("// line\n", lines) }
	tests := []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"sound", map[string]string{"a.go": `package p

// T is.
type T struct {
	// A is.
	A int
	B int // is too
	c int
}

// M does.
func (t T) M() {}

// U has Lat and Lon.
type U struct{ Lat, Lon int }

// G is generic.
type G[K any] struct{ T }

// M does.
func (g *G[K]) M() {}

type hidden struct{ X int }

func (hidden) M() {}
func f()          {}

// Letters: A and B.
const (
	A = 1
	B = 2
)

// C is.
const C = 1

var (
	// D is.
	D int
	E int // is
)

// I does.
type I interface {
	// M does.
	M(context struct{ X int })
	T
}
`}, nil},
		{"function", map[string]string{"a.go": "package p\n\nfunc F() {}\n"}, []string{`F needs a doc sentence`}},
		{"not by name", map[string]string{"a.go": "package p\n\n// Makes F.\nfunc F() {}\n"}, []string{`F needs a doc sentence`}},
		{"longer name", map[string]string{"a.go": "package p\n\n// FF is.\nfunc F() {}\n"}, []string{`F needs a doc sentence`}},
		{"name alone", map[string]string{"a.go": "package p\n\n// F\nfunc F() {}\n"}, []string{`F needs a doc sentence`}},
		{"method", map[string]string{"a.go": "package p\n\n// T is.\ntype T[K any] int\n\nfunc (t *T[K]) M() {}\n"}, []string{`M needs a doc sentence`}},
		{"type", map[string]string{"a.go": "package p\n\ntype T int\n"}, []string{`T needs a doc sentence`}},
		{"type in a group", map[string]string{"a.go": "package p\n\n// Types.\ntype (\n\tT int\n)\n"}, []string{`T needs a doc sentence`}},
		{"constant", map[string]string{"a.go": "package p\n\nconst A = 1\n"}, []string{`A needs a doc sentence`}},
		{"group", map[string]string{"a.go": "package p\n\nvar (\n\tA = 1\n\tB = 1 // is\n)\n"}, []string{`A needs a comment, or a word in the comment on its group`}},
		{"constants of a kind", map[string]string{"a.go": "package p\n\n// K is.\ntype K int\n\n// Kinds.\nconst (\n\tA K = iota\n\tB\n)\n"}, nil},
		{"numbers in a group", map[string]string{"a.go": "package p\n\n// Numbers.\nconst (\n\tA = 1\n\tB = 2 // is\n\tC int = 3\n)\n"}, []string{`A needs a comment, or a word`, `C needs`}},
		{"a number after constants of a kind", map[string]string{"a.go": "package p\n\n// K is.\ntype K int\n\n// Kinds.\nconst (\n\tA K = iota\n\tB = 7\n)\n"}, []string{`B needs`}},
		{"variables in a group", map[string]string{"a.go": "package p\n\n// Things, B above all.\nvar (\n\tA = f()\n\tB = f()\n)\n"}, []string{`A needs`}},
		{"field", map[string]string{"a.go": "package p\n\n// T is.\ntype T struct{ A, B int }\n"}, []string{`T.A needs`, `T.B needs`}},
		{"field within a field", map[string]string{"a.go": "package p\n\n// T has In.\ntype T struct{ In []struct{ Deep int } }\n"}, []string{`T.Deep needs`}},
		{"interface method", map[string]string{"a.go": "package p\n\n// T is.\ntype T interface{ M() }\n"}, []string{`T.M needs`}},
		{"unfinished", map[string]string{"a.go": "package p\n\n// TO" + "DO: more.\nvar a int\n"}, []string{`the comment says TO` + `DO`}},
		{"unfinished in a test", map[string]string{"a_test.go": "package p\n\n// FIX" + "ME later.\nvar a int\n"}, []string{`the comment says FIX` + `ME`}},
		{"two package comments", map[string]string{"a.go": "// Package p is.\npackage p\n"}, []string{`has 2 package comments [a.go doc.go]`}},
		{"no package comment", map[string]string{"doc.go": "package p\n"}, []string{`has 0 package comments`}},
		{"wrong place", map[string]string{"doc.go": "package p\n", "a.go": "// Package p is.\npackage p\n"}, []string{`belongs in doc.go`}},
		{"wrong beginning", map[string]string{"doc.go": "// This is p.\npackage p\n"}, []string{`must begin with "Package p"`}},
		{"long doc.go", map[string]string{"doc.go": "// Package p is.\n" + long(59) + "package p\n"}, []string{`doc.go has 61 lines`}},
		{"long file", map[string]string{"a.go": "package p\n" + long(500)}, []string{`the file has 501 lines`}},
		{"long test", map[string]string{"a_test.go": "package p\n" + long(500)}, []string{`the file has 501 lines`}},
		{"long, but generated", map[string]string{"a.go": "// Code generated by x. DO NOT EDIT.\n\npackage p\n" + long(500)}, nil},
		{"no example", map[string]string{"example_test.go": "package p_test\n\nfunc Example() {}\n"}, []string{`needs an example_test.go`}},
		{"not Go", map[string]string{"a.go": "package"}, []string{"expected"}},
		{"a program", map[string]string{"doc.go": "package main\n", "a.go": "// The first example asks.\npackage main\n", "example_test.go": "package main\n"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"doc.go": doc, "example_test.go": example}
			for name, text := range tt.files {
				files[name] = text
			}
			var list []source
			for name, text := range files {
				list = append(list, source{name, []byte(text)})
			}
			slices.SortFunc(list, func(a, b source) int { return strings.Compare(a.path, b.path) })
			got := faults("p", list)
			require.Len(t, got, len(tt.want), "%v", got)
			for i, want := range tt.want {
				assert.Contains(t, got[i], want)
			}
		})
	}
}
