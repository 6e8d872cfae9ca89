package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tables writes files and returns their directory.
func tables(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// figures are those at a glance of a report.
func figures(t testing.TB, path string) (of map[string]string, page string) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	of = map[string]string{}
	for _, m := range regexp.MustCompile(`class="name">([^<]*)</span> <span class="figure">([^<]*)<`).FindAllStringSubmatch(string(b), -1) {
		of[m[1]] = m[2]
	}
	return of, string(b)
}

// Whom the card's own rules bar gets no grant, so that the report counts them
// among the missed. Of 80 households the 40 large ones are poor and have 5 points,
// and 20 of those are not displaced.
func TestReportOfTheBarred(t *testing.T) {
	var list strings.Builder
	list.WriteString("hh,size,displaced,poor\n")
	for i := range 80 {
		size, displaced, poor := 2, "yes", 0
		if i%2 == 0 {
			size, poor = 7, 1
		}
		if i%4 == 0 {
			displaced = "no"
		}
		fmt.Fprintf(&list, "h%d,%d,%s,%d\n", i, size, displaced, poor)
	}
	dir := tables(t, map[string]string{
		"card.yaml":    "id: c\nversion: \"1\"\ncriteria:\n  - {id: large, points: 5, if: {size: \">= 6\"}}\nrules:\n  - {id: displaced, if: {displaced: yes}}\n",
		"codebook.csv": "key,kind,options,min,max\nsize,whole,,1,30\ndisplaced,yes_no,,,\n",
		"list.csv":     list.String(),
	})
	page := filepath.Join(dir, "report.html")
	p := program(t, "", "-card", dir+"/card.yaml", "-codebook", dir+"/codebook.csv", "-o", os.DevNull,
		"-poor-column", "poor", "-at", "5", "-samples", "0", "-report", page, dir+"/list.csv")
	require.Zero(t, p.status, p.say)
	got, text := figures(t, page)
	// 20 of 40 poor are reached, and nobody else. Of 1,600 pairs of a poor household
	// and another, 800 are won and 800 are lost: the barred come last.
	assert.Equal(t, map[string]string{"Selected": "25.0%", "Exclusion error": "50.0%", "Inclusion error": "0.0%", "AUC": "0.50"}, got)
	assert.True(t, strings.Contains(text, "20 households of the sample are barred by the card&#39;s own rules"))
}
