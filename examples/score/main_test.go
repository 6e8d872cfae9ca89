package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// asProgram makes this test's own binary the program.
const asProgram = "HUBKIT_TEST_SCORE"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) == "" {
		os.Exit(m.Run())
	}
	main()
}

// process is a finished run.
type process struct {
	status   int
	out, say string
	memory   int64 // the peak, in bytes
}

func program(t testing.TB, in string, args ...string) process {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stdin = strings.NewReader(in)
	var out, say bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &say
	err = cmd.Run()
	if err != nil {
		var exit *exec.ExitError
		require.ErrorAs(t, err, &exit)
	}
	p := process{status: cmd.ProcessState.ExitCode(), out: out.String(), say: say.String()}
	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		p.memory = u.Maxrss << 10 // Linux counts in KiB
	}
	return p
}

// example are the flags for the tables in testdata.
var example = []string{"-card", "testdata/card.yaml", "-codebook", "testdata/codebook.csv", "-refused", "income=999999", "-id-column", "hh"}

func with(more ...string) []string { return append(append([]string{}, example...), more...) }

// rows reads what was written, by column.
func rows(t testing.TB, table string) (out []map[string]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	require.NoError(t, err)
	for _, cells := range all[1:] {
		row := map[string]string{}
		for i, c := range cells {
			row[all[0][i]] = c
		}
		out = append(out, row)
	}
	return out
}

const header = "hh,size,alone,displaced,housing,income,members.1.age,members.1.walking,members.2.age,members.2.walking\n"

// Households by hand, against the card by hand.
func TestScores(t *testing.T) {
	in := header +
		"a,2,yes,yes,owned,3200,34,none,74,a_lot\n" + // 2 older + 2 walking + 2 alone + 2 income
		"b,1,no,no,rented,4500,34,none,,\n" + // the line itself is not below
		"c,2,,yes,collective,NA,30,some,3,none\n" + // 1 child + 3 housing, alone and income open
		"d,1,dont_know,refused,owned,999999,60,cannot,,\n"
	p := program(t, in, with("-")...)
	require.Zero(t, p.status, p.say)
	got := rows(t, p.out)
	require.Len(t, got, 4)
	for i, want := range []map[string]string{
		{"line": "2", "id": "a", "card": "illustrative@1", "points": "8", "lo": "8", "hi": "8", "band": "high", "eligible": "yes", "open": "no", "error": ""},
		{"line": "3", "id": "b", "points": "0", "lo": "0", "hi": "0", "band": "low", "eligible": "no", "open": "no"},
		{"line": "4", "id": "c", "points": "4", "lo": "4", "hi": "8", "band": "medium", "eligible": "yes", "open": "yes"},
		{"line": "5", "id": "d", "points": "4", "lo": "4", "hi": "8", "band": "medium", "eligible": "unknown", "open": "yes"},
	} {
		for k, v := range want {
			assert.Equal(t, v, got[i][k], "%s of %s", k, want["id"])
		}
	}
	assert.Equal(t, "small_child +1: 1 for children up to 5; alone +0 (+0 to +2): one adult cares for all; collective +3: in a collective centre; low_income +0 (+0 to +2): income below the line; displaced yes: for households that the war displaced", got[2]["reasons"])
	assert.Equal(t, "4 households: 4 scored, 0 not scored since answers are missing, 0 lines wrong\n", p.say)
}

// The same households as CSV, JSON lines and a list get the same scores.
func TestFormats(t *testing.T) {
	table, err := os.ReadFile("testdata/households.csv")
	require.NoError(t, err)
	want := program(t, "", with("testdata/households.csv")...)
	require.Zero(t, want.status, want.say)
	scores := rows(t, want.out)
	require.Len(t, scores, 300)

	var lines, list bytes.Buffer
	list.WriteString("[\n")
	for i, row := range rows(t, string(table)) {
		object := map[string]any{}
		var members []any
		for k, v := range row {
			if !strings.HasPrefix(k, "members.") {
				object[k] = v
				if n, err := strconv.Atoi(v); err == nil && k != "hh" {
					object[k] = n
				}
			}
		}
		for n := 1; n <= 4; n++ {
			if age := row[fmt.Sprintf("members.%d.age", n)]; age != "" {
				years, err := strconv.Atoi(age)
				require.NoError(t, err)
				members = append(members, map[string]any{"age": years, "walking": row[fmt.Sprintf("members.%d.walking", n)]})
			}
		}
		object["members"], object["displaced"] = members, row["displaced"] == "yes"
		b, err := json.Marshal(object)
		require.NoError(t, err)
		lines.Write(append(b, '\n'))
		if i > 0 {
			list.WriteString(",\n")
		}
		list.Write(b)
	}
	list.WriteString("\n]\n")
	for from, in := range map[string]string{"jsonl": lines.String(), "json": list.String()} {
		p := program(t, in, with("-from", from)...)
		require.Zero(t, p.status, p.say)
		got := rows(t, p.out)
		require.Len(t, got, 300)
		for i := range got {
			delete(got[i], "line")
			for k, v := range got[i] {
				require.Equal(t, scores[i][k], v, "%s of %s", k, scores[i]["id"])
			}
		}
	}

	// And out as JSON lines.
	p := program(t, "", with("-to", "jsonl", "testdata/households.csv")...)
	require.Zero(t, p.status, p.say)
	i := 0
	for s := bufio.NewScanner(strings.NewReader(p.out)); s.Scan(); i++ {
		var l jsonLine
		require.NoError(t, json.Unmarshal(s.Bytes(), &l))
		assert.Equal(t, scores[i]["id"], l.ID)
		assert.Equal(t, scores[i]["points"], number(*l.Points))
		assert.Equal(t, scores[i]["hi"], number(*l.Hi))
		assert.Equal(t, scores[i]["eligible"], *l.Eligible)
		sum := 0.0
		for _, r := range l.Reasons {
			sum += r.Points
		}
		assert.Equal(t, *l.Points, sum)
	}
	assert.Equal(t, 300, i)
}

// Instruments give what their sources publish, under other names too.
func TestInstruments(t *testing.T) {
	const oracles = "../../scoring/instruments/testdata/"
	p := program(t, "", "-instrument", "rcsi", oracles+"rcsi/rcsi_impact_published.csv")
	require.Zero(t, p.status, p.say)
	table, err := os.ReadFile(oracles + "rcsi/rcsi_impact_published.csv")
	require.NoError(t, err)
	got := rows(t, p.out)
	scored := 0
	for i, want := range rows(t, string(table)) {
		assert.Equal(t, want["expected_rcsi_score"], got[i]["points"])
		scored++
	}
	assert.NotZero(t, scored)

	table, err = os.ReadFile(oracles + "fcs/fcs_impact_published.csv")
	require.NoError(t, err)
	names := rows(t, string(table))
	rename := "FCSStap=fsl_fcs_cereal,FCSPulse=fsl_fcs_legumes,FCSDairy=fsl_fcs_dairy,FCSPr=fsl_fcs_meat,FCSVeg=fsl_fcs_veg,FCSFruit=fsl_fcs_fruit,FCSFat=fsl_fcs_oil,FCSSugar=fsl_fcs_sugar"
	p = program(t, string(table), "-instrument", "fcs-strict", "-rename", rename)
	require.Zero(t, p.status, p.say)
	got = rows(t, p.out)
	for i, want := range names {
		if x, err := strconv.ParseFloat(want["expected_fcs_score"], 64); err == nil {
			y, err := strconv.ParseFloat(got[i]["points"], 64)
			require.NoError(t, err)
			assert.InDelta(t, x, y, 1e-9)
		}
	}

	p = program(t, "", "-instruments")
	assert.Zero(t, p.status)
	for name := range published {
		assert.Contains(t, p.out, name)
	}
}

// Whatever the table holds, no line is lost without a word, and no word of the
// table is in an error.
func TestWrongLines(t *testing.T) {
	in := header +
		"a,2,yes,yes,owned,3200,34,none,74,a_lot\n" +
		"b,SECRET,maybe,yes,owned,1,30,none,,\n" +
		"c,1,yes,yes,owned,1,130,none,,\n" +
		"d,1,yes\n" +
		"e,1,yes,yes,\"SECRET\"x,1,30,none,,\n" +
		"f,1,no,yes,castle,1,30,none,,\n" +
		"g,1,no,yes,owned,1,30,none,,\n"
	p := program(t, in, with("-keep-going", "-")...)
	assert.Equal(t, withGaps, p.status)
	got := rows(t, p.out)
	require.Len(t, got, 7)
	for i, want := range []string{"", "column size: it must be a whole number", "column members.1.age: it must be from 0 to 120", "it has 3 cells, and the header has 10", "at character", "column housing: it is none of the options", ""} {
		assert.Contains(t, got[i]["error"], want)
		assert.Equal(t, want == "", got[i]["error"] == "")
		assert.Equal(t, want == "", got[i]["points"] != "")
	}
	for _, want := range []string{
		"-: line 3, column size: it must be a whole number", "-: line 3, column alone: it must be yes or no",
		"-: line 4, column members.1.age: it must be from 0 to 120", "-: line 5: it has 3 cells", "-: line 6: ", "-: line 7, column housing: ",
		"7 households: 2 scored, 0 not scored since answers are missing, 5 lines wrong",
	} {
		assert.Contains(t, p.say, want)
	}
	assert.NotContains(t, p.say+p.out, "SECRET")
	assert.NotContains(t, p.say+p.out, "castle")

	// Without -keep-going the first one ends it.
	p = program(t, in, with("-")...)
	assert.Equal(t, failed, p.status)
	assert.Contains(t, p.say, "line 3 is wrong, and 1 before it are scored")
	assert.Len(t, rows(t, p.out), 1)

	for in, want := range map[string]string{
		"{\"hh\":\"a\"}\nnonsense SECRET\n": "line 2: it is not a JSON object",
		"{\"hh\":\"a\"}{}\n":                "line 1: something follows the object",
		"{\"income\":{\"x\":1}}\n":          "line 1, column income: an object is not an answer",
		"{\"members\":[{\"age\":1},2]}\n":   "column members: a list is either",
		"{\"housing\":[\"a b\"]}\n":         "options are words without spaces",
		"[]\n":                              "it is not a JSON object",
		strings.Repeat("x", longest+1):      "token too long",
	} {
		p := program(t, in, with("-from", "jsonl", "-lacking")...)
		assert.Equal(t, failed, p.status)
		assert.Contains(t, p.say, want)
		assert.NotContains(t, p.say, "SECRET")
	}
	for in, want := range map[string]string{"{}": "JSON must be a list", "[{}": "the list does not end", "[{},": "object 2"} {
		p := program(t, in, with("-from", "json")...)
		assert.Equal(t, failed, p.status, in)
		assert.Contains(t, p.say, want)
	}
}

// A household that a card refuses to score is in the output, with the reason.
func TestRefused(t *testing.T) {
	p := program(t, "rCSILessQlty,rCSIBorrow,rCSIMealNb,rCSIMealSize,rCSIMealAdult\n1,1,1,1,1\n1,NA,1,1,1\n1,-99,1,1,1\n8,1,1,1,1\n",
		"-instrument", "rcsi", "-missing", "-99", "-keep-going")
	assert.Equal(t, withGaps, p.status, "eight days of seven are wrong")
	got := rows(t, p.out)
	require.Len(t, got, 4)
	assert.Equal(t, "8", got[0]["points"])
	assert.Contains(t, got[1]["error"], "rCSIBorrow")
	assert.Contains(t, got[2]["error"], "rCSIBorrow")
	assert.Contains(t, got[3]["error"], "from 0 to 7")
	assert.Contains(t, p.say, "4 households: 1 scored, 2 not scored since answers are missing, 1 lines wrong")
}

func TestExport(t *testing.T) {
	dir := t.TempDir()
	key, out := filepath.Join(dir, "key"), filepath.Join(dir, "export.csv")
	args := with("-o", filepath.Join(dir, "scores.csv"), "-join", "testdata/outcomes.csv", "-key", key, "-export", out, "testdata/households.csv")
	run := func() (process, []map[string]string) {
		p := program(t, "", args...)
		require.Zero(t, p.status, p.say)
		b, err := os.ReadFile(out)
		require.NoError(t, err)
		assert.NotContains(t, string(b), "K0", "ids stay at home")
		return p, rows(t, string(b))
	}
	p, first := run()
	require.Len(t, first, 294)
	assert.Contains(t, p.say, "294 households joined, 6 have no outcomes, 0 outcomes have no score")
	assert.Contains(t, p.say, "warning: column consumption has more than 50 values")
	for _, f := range []string{key, out} {
		st, err := os.Stat(f)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	}
	outcome, err := os.ReadFile("testdata/outcomes.csv")
	require.NoError(t, err)
	seen := map[string]bool{}
	for i, want := range rows(t, string(outcome)) {
		assert.Equal(t, want["consumption"], first[i]["consumption"])
		assert.Len(t, first[i]["pseudonym"], 32)
		seen[first[i]["pseudonym"]] = true
	}
	assert.Len(t, seen, 294, "one pseudonym each")

	_, again := run()
	assert.Equal(t, first, again, "the same key, the same pseudonyms")
	require.NoError(t, os.Remove(key))
	_, other := run()
	assert.NotEqual(t, first[0]["pseudonym"], other[0]["pseudonym"], "another key, other pseudonyms")

	// An export that is not whole is taken away.
	p = program(t, "hh,size\nK001,2\nK002,x\n", append(args[:len(args)-1:len(args)-1], "-lacking", "-")...)
	assert.Equal(t, failed, p.status)
	assert.NoFileExists(t, out)

	require.NoError(t, os.Chmod(key, 0o644))
	p = program(t, "", args...)
	assert.Equal(t, failed, p.status)
	assert.Contains(t, p.say, "others may read the key")
	require.NoError(t, os.Chmod(key, 0o600))
	require.NoError(t, os.WriteFile(key, []byte("short"), 0o600))
	p = program(t, "", args...)
	assert.Equal(t, failed, p.status)
	assert.Contains(t, p.say, "no key of at least 32 bytes")

	// Small cells are counted and not named.
	few := filepath.Join(dir, "few.csv")
	require.NoError(t, os.WriteFile(few, []byte("hh,village\nK001,Tiny\nK002,Tiny\n"), 0o600))
	require.NoError(t, os.Remove(key))
	p = program(t, "", with("-o", os.DevNull, "-join", few, "-key", key, "-export", out, "testdata/households.csv")...)
	require.Zero(t, p.status, p.say)
	assert.Contains(t, p.say, "warning: 2 bands have fewer than 10 households")
	assert.Contains(t, p.say, "warning: column village with the band makes 2 cells of fewer than 10 households")
	assert.NotContains(t, p.say, "Tiny")

	require.NoError(t, os.WriteFile(few, []byte("hh,village\nK001,x\nK001,y\n"), 0o600))
	p = program(t, "", with("-join", few, "-key", key, "-export", out, "testdata/households.csv")...)
	assert.Equal(t, failed, p.status)
	assert.Contains(t, p.say, "line 3, column hh: it is empty, or the household is there before")
}

func TestReport(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.html")
	args := with("-o", os.DevNull, "-join", "testdata/outcomes.csv", "-poor-column", "poor", "-welfare-column", "consumption",
		"-weight-column", "weight", "-group-column", "region", "-report", path, "-title", "Example", "-samples", "100")
	p := program(t, "", append(args, "-share", "0.3", "testdata/households.csv")...)
	require.Zero(t, p.status, p.say)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	page := string(b)
	for _, want := range []string{"<bdi>Example</bdi>", "illustrative@1", "Exclusion error", "CGH", "294 households", "6 more households", "groups-plot"} {
		assert.True(t, strings.Contains(page, want), want)
	}
	assert.False(t, strings.Contains(page, "K0"))

	p = program(t, "", append(args, "-at", "99", "testdata/households.csv")...)
	assert.Equal(t, failed, p.status, "nobody has 99 points")
	assert.Contains(t, p.say, "nobody is selected")
}

func TestCite(t *testing.T) {
	p := program(t, "", "-card", "testdata/card.yaml", "-codebook", "testdata/codebook.csv", "-cite")
	require.Zero(t, p.status, p.say)
	path := filepath.Join(t.TempDir(), "card.html")
	q := program(t, "", "-card", "testdata/card.yaml", "-codebook", "testdata/codebook.csv", "-cite", "-o", path)
	require.Zero(t, q.status, q.say)
	html, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, want := range []string{"illustrative@1", "SHA-256 ", "older_member", "income_line", "4500", "made up", "somebody can hardly walk"} {
		assert.Contains(t, p.out, want)
		assert.True(t, strings.Contains(string(html), want), want)
	}
	q = program(t, "", "-instrument", "rcsi", "-cite")
	assert.Contains(t, q.out, "WFP")
}

// What the command line or the files get wrong is said, with what to do.
func TestMisuse(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	book := "testdata/codebook.csv"
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{nil, misused, "give a -card or an -instrument"},
		{[]string{"-nonsense"}, misused, "flag provided but not defined"},
		{[]string{"-card", "x"}, misused, "a card needs a -codebook"},
		{[]string{"-instrument", "x"}, misused, `there is no instrument "x"`},
		{[]string{"-instrument", "rcsi", "-codebook", "x"}, misused, "leave out -codebook"},
		{[]string{"-instrument", "rcsi", "-export", "x"}, misused, "-export needs"},
		{[]string{"-instrument", "rcsi", "-join", "x"}, misused, "-join needs -id-column"},
		{[]string{"-instrument", "rcsi", "-id-column", "i", "-join", "x"}, misused, "-join is for"},
		{[]string{"-instrument", "rcsi", "-report", "x"}, misused, "-report needs -poor-column"},
		{[]string{"-instrument", "rcsi", "-report", "x", "-poor-column", "p"}, misused, "one of -share, -top and -at"},
		{[]string{"-instrument", "rcsi", "-least", "0"}, misused, "-least"},
		{[]string{"-instrument", "rcsi", "-samples", "1"}, misused, "-samples"},
		{[]string{"-instrument", "rcsi", "-from", "xml"}, misused, "csv, json or jsonl"},
		{[]string{"-instrument", "rcsi", "-to", "json"}, misused, "csv or jsonl"},
		{[]string{"-instrument", "rcsi", "-rename", "x"}, misused, "QUESTION=COLUMN"},
		{[]string{"-instrument", "rcsi", "-rename", "x=y"}, misused, `no question is called "x"`},
		{[]string{"-instrument", "rcsi", "-missing", "a,,b"}, misused, "empty code"},
		{[]string{"-instrument", "rcsi", "a", "b"}, misused, "one table"},
		{[]string{"-instrument", "rcsi", "no/such"}, failed, "no/such"},
		{[]string{"-instrument", "rcsi", book}, failed, "there is no column rCSILessQlty"},
		{[]string{"-instrument", "rcsi", "-lacking", "-id-column", "x", book}, failed, "there is no column x"},
		{[]string{"-instrument", "rcsi", write("twice.csv", "a,a\n")}, failed, "two columns have this name"},
		{[]string{"-instrument", "rcsi", write("empty.csv", "")}, failed, "there is no header"},
		{[]string{"-card", "no.yaml", "-codebook", book}, failed, "no.yaml"},
		{[]string{"-card", write("bad.yaml", "id: x\nversion: 1\ncriteria: 3\n"), "-codebook", book}, failed, "line 3"},
		{[]string{"-card", write("bad.csv", "id,points,castle\nx,1,yes\n"), "-codebook", book}, failed, "castle"},
		{[]string{"-card", "testdata/card.yaml", "-codebook", write("book1.csv", "key,kinds\n")}, failed, `column "kinds"`},
		{[]string{"-card", "testdata/card.yaml", "-codebook", write("book2.csv", "key\n")}, failed, `there is no column "kind"`},
		{[]string{"-card", "testdata/card.yaml", "-codebook", write("book3.csv", "key,kind,options,min,max\na,number,,,\n,whole,,,\nb,one,,,\nc,whole,,9,1\n")}, failed, "book3.csv:2: the kind"},
		{[]string{"-card", "testdata/card.yaml", "-codebook", write("book4.csv", "key,kind\na,whole\na,whole\n")}, failed, "used twice"},
		{[]string{"-card", "testdata/card.yaml", "-questionnaire", write("form.json", "{}")}, failed, "form.json"},
		{with("-join", "testdata/outcomes.csv", "-report", "x", "-poor-column", "castle", "-share", "0.5", "testdata/households.csv"), failed, "no table has a column castle"},
		{with("-join", book, "-report", "x", "-poor-column", "castle", "-share", "0.5", "testdata/households.csv"), failed, "there is no column hh"},
	} {
		p := program(t, "", tt.args...)
		assert.Equal(t, tt.status, p.status, "%v: %s", tt.args, p.say)
		assert.Contains(t, p.say, tt.want, "%v", tt.args)
	}
	p := program(t, "", "-help")
	assert.Zero(t, p.status)
	assert.Contains(t, p.say, "Usage: score")
}

// A decision table of a committee is a card.
func TestDecisionTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.csv")
	require.NoError(t, os.WriteFile(path, []byte("id,points,size,housing\nlarge,2,>= 3,\nshelter,4,,collective\n"), 0o600))
	p := program(t, "", "-card", path, "-codebook", "testdata/codebook.csv", "-refused", "income=999999", "testdata/households.csv")
	require.Zero(t, p.status, p.say)
	table, err := os.ReadFile("testdata/households.csv")
	require.NoError(t, err)
	got := rows(t, p.out)
	for i, h := range rows(t, string(table)) {
		want := 0
		if n, err := strconv.Atoi(h["size"]); err == nil && n >= 3 {
			want += 2
		}
		if h["housing"] == "collective" {
			want += 4
		}
		assert.Equal(t, strconv.Itoa(want), got[i]["points"], h["hh"])
	}
}

// Without a terminal nothing but the summary is said.
func TestProgress(t *testing.T) {
	assert.Equal(t, "███████░░░░░░░░░░░░░░░░░░░░░░░  25%  1000 households, 3s left", bar(1000, 250, 1000, time.Second))
	assert.Equal(t, "1000 households", bar(1000, 250, 0, time.Second))
	p := program(t, "", with("-quiet", "testdata/households.csv")...)
	assert.Empty(t, p.say)
}
