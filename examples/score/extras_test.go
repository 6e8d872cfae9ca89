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
	assert.True(t, strings.Contains(text, "20 households are barred by the card&#39;s own rules"))
}

// Of food consumption the lower score is the needier one, without anybody having to
// say so: the grant and the report are for those who eat least.
func TestFoodConsumptionIsLowForTheNeedy(t *testing.T) {
	const food = "FCSStap,FCSPulse,FCSDairy,FCSPr,FCSVeg,FCSFruit,FCSFat,FCSSugar"
	var list strings.Builder
	list.WriteString("hh,poor," + food + "\n")
	for i := range 30 { // 0 to 2 days of staples and the poor, 5 to 7 of everything and the others
		if i < 15 {
			fmt.Fprintf(&list, "h%d,1,%d,0,0,0,0,0,0,0\n", i, i%3)
		} else {
			fmt.Fprintf(&list, "h%d,0%s\n", i, strings.Repeat(fmt.Sprintf(",%d", 5+i%3), 8))
		}
	}
	dir := tables(t, map[string]string{"list.csv": list.String()})
	page, out := filepath.Join(dir, "report.html"), filepath.Join(dir, "selection.csv")
	args := []string{
		"-instrument", "fcs-strict", "-id-column", "hh", "-o", os.DevNull, "-budget", "5", "-selection", out,
		"-poor-column", "poor", "-at", "21", "-samples", "0", "-report", page,
	}
	fates := func() map[string]string {
		b, err := os.ReadFile(out)
		require.NoError(t, err)
		of := map[string]string{}
		for _, h := range rows(t, string(b)) {
			of[h["id"]] = h["why"]
		}
		return of
	}
	p := program(t, "", append(args, dir+"/list.csv")...)
	require.Zero(t, p.status, p.say)
	got := fates()
	assert.Equal(t, "chosen", got["h0"], "who ate nothing")
	assert.Equal(t, "beyond", got["h29"])
	of, text := figures(t, page)
	assert.Equal(t, map[string]string{"Selected": "50.0%", "Exclusion error": "0.0%", "Inclusion error": "0.0%", "AUC": "1.00"}, of)
	assert.True(t, strings.Contains(text, "up to 21"))

	// Whoever says otherwise is believed.
	p = program(t, "", append(args, "-low-is-needier=false", dir+"/list.csv")...)
	require.Zero(t, p.status, p.say)
	assert.Equal(t, "beyond", fates()["h0"])
	of, _ = figures(t, page)
	assert.Equal(t, "0.00", of["AUC"])
}

// A household of which one thing is not known is left out, whatever else is.
func TestReportLeavesOutWhatIsNotKnown(t *testing.T) {
	var list strings.Builder
	list.WriteString("hh,poor,welfare,weight,rCSILessQlty,rCSIBorrow,rCSIMealNb,rCSIMealSize,rCSIMealAdult\n")
	for i := range 40 {
		poor, welfare, weight := fmt.Sprint(i%2), fmt.Sprint(i), "1"
		switch i {
		case 0:
			poor = ""
		case 1:
			welfare = ""
		case 2:
			weight = ""
		}
		fmt.Fprintf(&list, "h%d,%s,%s,%s,%d,0,0,0,0\n", i, poor, welfare, weight, 7*(i%2))
	}
	dir := tables(t, map[string]string{"list.csv": list.String()})
	page := filepath.Join(dir, "report.html")
	p := program(t, "", "-instrument", "rcsi", "-o", os.DevNull, "-poor-column", "poor", "-welfare-column", "welfare", "-weight-column", "weight",
		"-at", "7", "-samples", "0", "-report", page, dir+"/list.csv")
	require.Zero(t, p.status, p.say)
	_, text := figures(t, page)
	assert.True(t, strings.Contains(text, "37 households that have a score"))
	assert.True(t, strings.Contains(text, "3 more households have a score and are left out"))
}

// Every instrument on the list is one that can be had.
func TestEveryInstrumentCanBeHad(t *testing.T) {
	list := program(t, "", "-instruments").out
	for name, in := range published {
		assert.Contains(t, list, name+" ")
		_, err := in.Card()
		assert.NoError(t, err, name)
	}
	assert.Contains(t, list, "wgss-dis3")
}
