package main

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBallot asks: 60 grants, which cut-off, and who loses.
func TestBallot(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other.yaml")
	card, err := os.ReadFile("testdata/card.yaml")
	require.NoError(t, err)
	changed := strings.NewReplacer("version: \"1\"", "version: \"2\"", "id: walking\n    points: 2", "id: walking\n    points: 3").Replace(string(card))
	require.NoError(t, os.WriteFile(other, []byte(changed), 0o600))
	list := filepath.Join(dir, "list.tsv")
	out, page := filepath.Join(dir, "selection.csv"), filepath.Join(dir, "report.html")
	args := with("-o", os.DevNull, "-budget", "60", "-area-column", "housing", "-selection", out, "-list", list, "-against", other)
	in := "testdata/households.csv"

	p := program(t, "", append(args, in)...)
	require.Zero(t, p.status, p.say)
	assert.Contains(t, p.say, "are level and wait for a lottery: publish the list's hash ")
	read := func() []map[string]string {
		b, err := os.ReadFile(out)
		require.NoError(t, err)
		return rows(t, string(b))
	}
	public, err := os.ReadFile(list)
	require.NoError(t, err)
	assert.Contains(t, p.say, fmt.Sprintf("the list's hash %x, draw", sha256.Sum256(public)))
	undecided := 0
	for _, h := range read() {
		if h["why"] == "undecided" {
			undecided++
		}
	}
	assert.NotZero(t, undecided)

	p = program(t, "", append(args, "-lottery", "4 1 6 6 2", in)...)
	require.Zero(t, p.status, p.say)
	assert.Contains(t, p.say, "illustrative@1: 60 of ")
	assert.Contains(t, p.say, "illustrative@2: 60 of ")
	assert.Contains(t, p.say, "against the first card ")
	assert.NotContains(t, p.say, "wait for a lottery")

	// Everybody above the cut-off is in, nobody below it, and who is barred is not
	// on the list.
	scores := map[string]map[string]string{}
	for _, s := range rows(t, program(t, "", with(in)...).out) {
		scores[s["id"]] = s
	}
	var in60 []float64
	var out60 []float64
	for _, h := range read() {
		assert.NotEqual(t, "no", scores[h["id"]]["eligible"])
		assert.Equal(t, scores[h["id"]]["points"], h["points"])
		x, err := strconv.ParseFloat(h["points"], 64)
		require.NoError(t, err)
		if h["selected"] == "yes" {
			in60 = append(in60, x)
		} else {
			out60 = append(out60, x)
		}
	}
	require.Len(t, in60, 60)
	assert.GreaterOrEqual(t, slices.Min(in60), slices.Max(out60))
	eligible := 0
	for _, s := range scores {
		if s["eligible"] != "no" {
			eligible++
		}
	}
	assert.Equal(t, eligible, len(in60)+len(out60))

	// Low scores first, and a page with everything.
	p = program(t, "", append(args, "-lottery", "x", "-low-is-needier", in)...)
	require.Zero(t, p.status, p.say)
	for _, h := range read() {
		if h["rank"] == "1" {
			assert.Equal(t, "0", h["points"])
		}
	}
	p = program(t, "", append(args, "-lottery", "x", "-join", "testdata/outcomes.csv", "-poor-column", "poor", "-share", "0.3", "-samples", "0", "-report", page, in)...)
	require.Zero(t, p.status, p.say)
	b, err := os.ReadFile(page)
	require.NoError(t, err)
	for _, want := range []string{`id="selection"`, `id="cards"`, "illustrative@2"} {
		assert.True(t, strings.Contains(string(b), want), want)
	}
}

func TestBallotMisuse(t *testing.T) {
	for _, tt := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"-lottery", "x"}, misused, "need a -budget"},
		{[]string{"-budget", "-1"}, misused, "above 0"},
		{[]string{"-budget", "NaN"}, misused, "above 0"},
		{[]string{"-budget", "9", "-against", "no.yaml", "testdata/households.csv"}, failed, "no.yaml"},
		{[]string{"-budget", "9", "-against", "testdata/card.yaml", "testdata/households.csv"}, failed, "two are called illustrative@1"},
		{[]string{"-budget", "9", "-area-column", "castle", "testdata/households.csv"}, failed, "no table has a column castle"},
		{[]string{"-budget", "9", "-cost-column", "housing", "testdata/households.csv"}, failed, "line 3, column housing: the cost of a grant"},
	} {
		p := program(t, "", with(append([]string{"-o", os.DevNull}, tt.args...)...)...)
		assert.Equal(t, tt.status, p.status, "%v: %s", tt.args, p.say)
		assert.Contains(t, p.say, tt.want, "%v", tt.args)
	}
	p := program(t, "", "-instrument", "rcsi", "-budget", "5")
	assert.Contains(t, p.say, "-budget needs -id-column")
	p = program(t, "", "-instrument", "rcsi", "-budget", "5", "-id-column", "x", "-against", "y")
	assert.Contains(t, p.say, "-against compares cards")
}
