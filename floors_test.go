package hubkit_test

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The house has floors, and each room stands on one. A package imports lower
// floors or stays in its room, so that a part of the house can be used without
// what is above it. TestFloors holds every import to that, those of tests too.

const module = "github.com/hubkit/hubkit"

// rooms are the folders at the root, by floor; "" is the root itself.
var rooms = map[string]int{
	"":             0,
	"registration": 1,
	"channels":     1,
	"scoring":      2,
	"crm":          3,
	"conversation": 4,
	"broadcast":    4,
	"examples":     5,
}

// leaves are the only sub-packages that their parent may import.
var leaves = []string{"registration/reply", "channels/segments"}

// light are packages for a program that has no server and no database, and
// heavy is what must not come with them, however far down.
var (
	light = []string{"", "registration", "registration/reply", "scoring"}
	heavy = []string{
		"net/http", "database/sql", "google.golang.org/protobuf", "github.com/golang/protobuf",
		"modernc.org/sqlite", "github.com/jackc/pgx",
	}
)

// testTools stay in tests: whoever imports hubkit shall not compile them.
var testTools = []string{"github.com/stretchr/testify", "pgregory.net/rapid", "go.uber.org/goleak"}

// listed is a package as go list describes it.
type listed struct {
	ImportPath   string
	Standard     bool
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// goList returns every package of the house and all they depend on, also in
// files that are built on another system or under a tag only.
func goList(t *testing.T) map[string]listed {
	t.Helper()
	all := map[string]listed{}
	list := func(args ...string) {
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"list", "-deps", "-json=ImportPath,Standard,Imports,TestImports,XTestImports"}, args...)...)
		out, err := cmd.Output()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %s", exit.Stderr)
		}
		require.NoError(t, err)
		for d := json.NewDecoder(strings.NewReader(string(out))); ; {
			var p listed
			err := d.Decode(&p)
			if errors.Is(err, io.EOF) {
				return
			}
			require.NoError(t, err)
			if _, known := all[p.ImportPath]; !known {
				all[p.ImportPath] = p
			}
		}
	}
	list("./...")
	// Go caches a test's success without looking at what its subprocesses read:
	// opening the files here makes a change in any of them run the test again.
	var more []string
	for folder, files := range goFiles(t) {
		name := strings.TrimSuffix(path.Join(module, folder), "/.")
		p, err := withAll(all[name], files)
		require.NoError(t, err)
		p.ImportPath = name
		all[name] = p
		for _, imp := range p.Imports {
			if _, known := all[imp]; !known {
				if _, ours := inHouse(imp); !ours {
					more = append(more, imp)
				}
			}
		}
	}
	if len(more) > 0 {
		list(append([]string{"-e"}, more...)...) // what only another system has may be missing here
	}
	return all
}

// withAll adds to p what its files import, whatever they are built for.
func withAll(p listed, files []source) (listed, error) {
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.path, f.text, parser.ImportsOnly)
		if err != nil {
			return p, err
		}
		to := &p.Imports
		if strings.HasSuffix(f.path, "_test.go") {
			to = &p.TestImports
			if strings.HasSuffix(file.Name.Name, "_test") {
				to = &p.XTestImports
			}
		}
		for _, imp := range file.Imports {
			name, err := strconv.Unquote(imp.Path.Value)
			if err != nil {
				return p, err
			}
			if !slices.Contains(*to, name) {
				*to = append(*to, name)
			}
		}
	}
	return p, nil
}

// inHouse returns the folder of an import path, "" for the root.
func inHouse(importPath string) (folder string, ok bool) {
	if importPath == module {
		return "", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// room returns the first element of a folder.
func room(folder string) string {
	first, _, _ := strings.Cut(folder, "/")
	return first
}

// wall says why the package in folder from may not import the one in folder to;
// empty if it may. Tests may use every package of their own room.
func wall(from, to string, inTest bool) string {
	a, b := room(from), room(to)
	lower, known := rooms[a]
	upper, knownTo := rooms[b]
	switch {
	case a == "examples", from == to:
		return ""
	case b == "examples":
		return "examples are programs: nothing is built on them"
	case b == "internal":
		return ""
	case a == "internal":
		if b == "" {
			return ""
		}
		return "internal is shared by all rooms, so it stands on the ground: it may import the root and nothing above"
	case !known:
		return noRoom(from)
	case !knownTo:
		return noRoom(to)
	case a != b && lower == upper:
		return "rooms of one floor do not know each other: what both need belongs on a lower floor, and what needs both on a higher one"
	case lower < upper:
		return "imports go down: " + b + " stands on a higher floor, so turn the dependency round with an interface or plain data down here"
	case a != b || inTest:
		return ""
	case from == a && !slices.Contains(leaves, to) && !strings.HasPrefix(to, a+"/internal/"):
		return "a room does not import its sub-packages (only " + strings.Join(leaves, ", ") + "): whoever needs the room would carry them too"
	case to == a && slices.Contains(leaves, from):
		return "its parent imports this leaf, so it cannot import its parent: pass in what it needs"
	}
	return ""
}

func noRoom(folder string) string {
	return "folder " + room(folder) + " is no room: give it a floor in floors_test.go, or move it into a room"
}

// broken returns every import of p that the rules of the house forbid, with the
// reason.
func broken(p listed) (faults []string) {
	from, ok := inHouse(p.ImportPath)
	if !ok {
		return nil
	}
	check := func(imports []string, inTest bool) {
		for _, imp := range imports {
			reason := ""
			if to, ok := inHouse(imp); ok {
				reason = wall(from, to, inTest)
			} else if !inTest {
				reason = tool(from, imp)
			}
			if reason != "" {
				faults = append(faults, p.ImportPath+" imports "+imp+": "+reason)
			}
		}
	}
	if _, ok := rooms[room(from)]; !ok && room(from) != "internal" {
		faults = append(faults, p.ImportPath+": "+noRoom(from))
	}
	check(p.Imports, false)
	check(p.TestImports, true)
	check(p.XTestImports, true)
	return faults
}

// tool says why a package may not import a module from outside.
func tool(from, imp string) string {
	for _, tool := range testTools {
		if within(imp, tool) {
			return "this is a tool of tests: whoever imports the package would compile it"
		}
	}
	if kit := path.Base(from); strings.HasSuffix(kit, "test") && strings.Contains(room(imp), ".") {
		return kit + " is a kit for users' tests: it stays on the standard library"
	}
	return ""
}

func within(imp, parent string) bool {
	return imp == parent || strings.HasPrefix(imp, parent+"/")
}

// burden returns the shortest chain of imports from a light package to a heavy
// one, nil if there is none.
func burden(all map[string]listed, from string) []string {
	chains := [][]string{{from}}
	seen := map[string]bool{from: true}
	for len(chains) > 0 {
		chain := chains[0]
		chains = chains[1:]
		last := chain[len(chain)-1]
		for _, h := range heavy {
			if within(last, h) {
				return chain
			}
		}
		for _, imp := range all[last].Imports {
			if !seen[imp] {
				seen[imp] = true
				chains = append(chains, append(slices.Clone(chain), imp))
			}
		}
	}
	return nil
}

func TestFloors(t *testing.T) {
	all := goList(t)
	for _, p := range all {
		for _, fault := range broken(p) {
			t.Error(fault)
		}
	}
	for _, folder := range light {
		p := strings.TrimSuffix(module+"/"+folder, "/")
		require.Contains(t, all, p, "a package that the rules name is gone: change the rules with it")
		if chain := burden(all, p); chain != nil {
			t.Errorf("%s is for programs without server or database, and now compiles %s: move what needs it into a sub-package",
				p, strings.Join(chain, " → "))
		}
	}
	for r := range rooms {
		p := strings.TrimSuffix(module+"/"+r, "/")
		if _, ok := all[p]; !ok && r != "examples" {
			t.Errorf("the house has lost the room %q: change the plan and the rules with it", r)
		}
	}
}

// One module, and one more that only holds tests: what stands in a module of
// its own, the rules of the house do not see.
func TestOneModule(t *testing.T) {
	var modules []string
	require.NoError(t, filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if err == nil && d.Name() == "go.mod" {
			modules = append(modules, filepath.ToSlash(filepath.Dir(name)))
		}
		return err
	}))
	if i := slices.Index(modules, testModule); i >= 0 {
		modules = slices.Delete(modules, i, i+1)
		require.NoError(t, filepath.WalkDir(testModule, func(name string, _ fs.DirEntry, err error) error {
			if path.Ext(name) == ".go" && !strings.HasSuffix(name, "_test.go") && path.Base(filepath.ToSlash(name)) != "doc.go" {
				t.Errorf("%s: %s holds nothing but tests and their doc.go", name, testModule)
			}
			return err
		}))
	}
	assert.Equal(t, []string{"."}, modules)
}

// testModule is where the tests stand that need what nobody else shall download.
const testModule = "internal/oracle"

// The rule itself, on walls that are sound and walls that are broken.
func TestWall(t *testing.T) {
	tests := []struct {
		from, to string
		inTest   bool
		want     string // fragment of the reason; empty if sound
	}{
		{"registration", "", false, ""},
		{"scoring", "registration", false, ""},
		{"scoring/cardfile", "scoring", false, ""},
		{"scoring/cardfile", "registration/reply", false, ""},
		{"crm/sqlite", "crm", false, ""},
		{"crm/desk", "crm/export", false, ""},
		{"crm", "channels", false, ""},
		{"conversation", "crm/sqlite", false, ""},
		{"registration", "registration/reply", false, ""},
		{"registration", "registration/internal/tree", false, ""},
		{"channels", "channels/segments", false, ""},
		{"channels", "channels/channelstest", true, ""},
		{"registration/reply", "registration", true, ""},
		{"examples/3-score", "broadcast/postgres", false, ""},
		{"examples/3-score", "examples/internal/reference", false, ""},
		{"", "internal/icu", false, ""},
		{"broadcast", "internal/icu", false, ""},
		{"internal/icu", "internal/words", false, ""},
		{"internal/words", "", false, ""},

		{"", "registration", false, "imports go down"},
		{"", "scoring", true, "imports go down"},
		{"registration", "scoring", false, "imports go down"},
		{"registration", "scoring", true, "imports go down"},
		{"channels/twilio", "crm", false, "imports go down"},
		{"scoring/targeting", "crm", false, "imports go down"},
		{"crm/desk", "conversation", false, "imports go down"},
		{"registration", "channels", false, "rooms of one floor"},
		{"channels/webchat", "registration/reply", false, "rooms of one floor"},
		{"channels", "registration", true, "rooms of one floor"},
		{"conversation", "broadcast", false, "rooms of one floor"},
		{"broadcast/deskpage", "conversation", false, "rooms of one floor"},
		{"registration", "registration/phone", false, "does not import its sub-packages"},
		{"channels", "channels/delivery", false, "does not import its sub-packages"},
		{"crm", "crm/sqlite", false, "does not import its sub-packages"},
		{"registration/reply", "registration", false, "cannot import its parent"},
		{"channels/segments", "channels", false, "cannot import its parent"},
		{"internal/icu", "registration", false, "stands on the ground"},
		{"internal/icu", "channels/segments", true, "stands on the ground"},
		{"crm", "examples/internal/reference", false, "nothing is built on them"},
		{"registration", "examples/internal/reference", true, "nothing is built on them"},
		{"tools/lint", "registration", false, "is no room"},
		{"crm", "util", false, "is no room"},
	}
	for _, tt := range tests {
		got := wall(tt.from, tt.to, tt.inTest)
		if tt.want == "" {
			assert.Empty(t, got, "%s → %s", tt.from, tt.to)
		} else {
			assert.Contains(t, got, tt.want, "%s → %s", tt.from, tt.to)
		}
	}
}

func TestBrokenWallsAreSeen(t *testing.T) {
	const m = module
	tests := []struct {
		p    listed
		want []string
	}{
		{listed{ImportPath: m + "/crm", Imports: []string{"net/http", m, m + "/channels"}, XTestImports: []string{"github.com/stretchr/testify/require"}}, nil},
		{listed{ImportPath: "golang.org/x/text/language", Imports: []string{m + "/crm"}}, nil},
		{listed{ImportPath: m + "/registration", Imports: []string{m + "/scoring"}, TestImports: []string{m + "/crm"}, XTestImports: []string{m + "/channels"}}, []string{"imports go down", "imports go down", "rooms of one floor"}},
		{listed{ImportPath: m + "/crm", Imports: []string{"github.com/stretchr/testify/assert"}}, []string{"a tool of tests"}},
		{listed{ImportPath: m + "/util/words", Imports: []string{"strings"}}, []string{"util is no room"}},
		{listed{ImportPath: m + "/crm/crmtest", Imports: []string{"testing", m + "/crm", "github.com/google/uuid"}}, []string{"stays on the standard library"}},
	}
	for _, tt := range tests {
		got := broken(tt.p)
		require.Len(t, got, len(tt.want), "%v", got)
		for i, want := range tt.want {
			assert.Contains(t, got[i], want)
		}
	}
}

func TestFilesForOtherSystemsAreSeen(t *testing.T) {
	p, err := withAll(listed{Imports: []string{"strings"}}, []source{
		{"scoring/a.go", []byte("package scoring\n\nimport \"strings\"\n")},
		{"scoring/serve_windows.go", []byte("package scoring\n\nimport \"net/http\"\n")},
		{"scoring/tagged.go", []byte("//go:build never\n\npackage scoring\n\nimport _ \"database/sql\"\n")},
		{"scoring/a_windows_test.go", []byte("package scoring\n\nimport \"testing\"\n")},
		{"scoring/b_windows_test.go", []byte("package scoring_test\n\nimport \"embed\"\n")},
	})
	require.NoError(t, err)
	assert.Equal(t, listed{Imports: []string{"strings", "net/http", "database/sql"}, TestImports: []string{"testing"}, XTestImports: []string{"embed"}}, p)
	p.ImportPath = module + "/scoring"
	assert.Equal(t, []string{p.ImportPath, "net/http"}, burden(map[string]listed{p.ImportPath: p}, p.ImportPath))
}

func TestBurdenIsSeen(t *testing.T) {
	all := map[string]listed{
		"a":       {Imports: []string{"strings", "b", "c"}},
		"b":       {Imports: []string{"strings"}},
		"c":       {Imports: []string{"b", "d"}},
		"d":       {Imports: []string{"net/http/httptrace"}},
		"strings": {},
	}
	assert.Equal(t, []string{"a", "c", "d", "net/http/httptrace"}, burden(all, "a"))
	assert.Nil(t, burden(all, "b"))
	for _, h := range heavy {
		assert.NotNil(t, burden(map[string]listed{"a": {Imports: []string{h + "/sub"}}}, "a"), h)
	}
}
