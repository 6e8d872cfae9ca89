package cardfile_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/cardfile"
)

// workbook puts rows on a second sheet; numbers are numbers.
func workbook(t *testing.T, rows [][]string) *bytes.Buffer {
	t.Helper()
	f := excelize.NewFile()
	_, err := f.NewSheet("Card")
	require.NoError(t, err)
	for i, row := range rows {
		for j, cell := range row {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			require.NoError(t, err)
			var x float64
			if _, err := fmt.Sscanf(cell, "%g", &x); err == nil && !strings.ContainsAny(cell, "->< ") {
				require.NoError(t, f.SetCellValue("Card", at, x))
				continue
			}
			require.NoError(t, f.SetCellValue("Card", at, cell))
		}
	}
	b, err := f.WriteToBuffer()
	require.NoError(t, err)
	return b
}

// A table means the same in a workbook as in CSV.
func TestXLSX(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(decisions)).ReadAll()
	require.NoError(t, err)
	want, err := cardfile.Table(rows)
	require.NoError(t, err)
	got, err := cardfile.XLSX(workbook(t, rows), "Card")
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestXLSXMistakes(t *testing.T) {
	book := workbook(t, [][]string{{"id", "points", "size"}, {"a", "1", "many or few"}, {"b", "x", "3"}}).Bytes()
	for sheet, say := range map[string]string{"Card": `line 3, column "points"`, "Other": "it has Sheet1, Card", "": "the table is empty"} {
		_, err := cardfile.XLSX(bytes.NewReader(book), sheet)
		var all cardfile.Mistakes
		require.ErrorAs(t, err, &all)
		assert.ErrorContains(t, err, say)
	}
	for _, in := range []string{"", "id,points\n", string(book[:len(book)/2])} {
		_, err := cardfile.XLSX(strings.NewReader(in), "")
		assert.ErrorContains(t, err, "not a workbook")
	}
}

// A sheet that shows something else than what a program reads of it is refused with
// the cell: it would lose a condition, or have another one.
func TestXLSXShowsWhatItHolds(t *testing.T) {
	for name, tc := range map[string]struct {
		prepare func(f *excelize.File) error
		line    int
		say     string // "" where it is read
	}{
		"nothing special": {func(*excelize.File) error { return nil }, 0, ""},
		"merged cells": {func(f *excelize.File) error {
			return errors.Join(f.SetCellValue("Sheet1", "D2", "rent"), f.MergeCell("Sheet1", "D2", "D3"))
		}, 2, "the cells D2:D3 are merged"},
		"a title over the table":          {func(f *excelize.File) error { return f.MergeCell("Sheet1", "A1", "D1") }, 1, "A1:D1"},
		"a formula that was not computed": {func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "D3", `="camp"`) }, 3, "the formula in D3"},
		"the same below the table":        {func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "D5", `="camp"`) }, 5, "the formula in D5"},
		"the same beside the table":       {func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "F2", `="camp"`) }, 2, "the formula in F2"},
		"a range that became a day":       {shown(16, ""), 3, "the cell C3 holds a day or an hour"},
		"a day with a year":               {shown(14, ""), 3, "C3"},
		"hours":                           {shown(0, `[h]:mm`), 3, "C3"},
		"hours in capitals":               {shown(0, `[H]`), 3, "C3"},
		"a day in words":                  {shown(0, `[$-422]d\ mmmm;@`), 3, "C3"},
		"a day in East Asia":              {shown(0, `yyyy"年"`), 3, "C3"},
		"decimals":                        {shown(2, ""), 0, ""},
		"money":                           {shown(0, `#,##0.00\ "грн, щодня dd"`), 0, ""},
		"red below zero":                  {shown(0, `0.00;[Red]-0.00`), 0, ""},
		"an escaped letter":               {shown(0, `0.0\d`), 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := excelize.NewFile()
			for i, row := range [][]any{{"id", "points", "income", "housing"}, {"a", 3, "< 100"}, {"b", 2, 45787}} {
				require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
			}
			require.NoError(t, tc.prepare(f))
			b, err := f.WriteToBuffer()
			require.NoError(t, err)
			cs, err := cardfile.XLSX(b, "")
			if tc.say == "" {
				require.NoError(t, err)
				want := scoring.Criteria(scoring.Add(3, "a", income.Value().LessThan(100)), scoring.Add(2, "b", income.Value().Compare("==", r.Constant(45787))))
				assert.Equal(t, asJSON(t, want), asJSON(t, cs))
				return
			}
			var all cardfile.Mistakes
			require.ErrorAs(t, err, &all)
			require.Len(t, all, 1)
			assert.Equal(t, tc.line, all[0].Line)
			assert.Contains(t, all[0].Say, tc.say)
		})
	}
}

// shown gives C3 a format.
func shown(builtin int, custom string) func(*excelize.File) error {
	return func(f *excelize.File) error {
		style := &excelize.Style{NumFmt: builtin}
		if custom != "" {
			style.CustomNumFmt = &custom
		}
		id, err := f.NewStyle(style)
		return errors.Join(err, f.SetCellStyle("Sheet1", "C3", "C3", id))
	}
}

// A number is read as it is stored, with the decimals that its format does not show.
func TestXLSXNumbersAreNotRounded(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{{"id", "points", "income"}, {"a", 2.55, 5400.75}} {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	whole, err := f.NewStyle(&excelize.Style{NumFmt: 3}) // 5,401
	require.NoError(t, err)
	require.NoError(t, f.SetCellStyle("Sheet1", "B2", "C2", whole))
	b, err := f.WriteToBuffer()
	require.NoError(t, err)
	cs, err := cardfile.XLSX(b, "")
	require.NoError(t, err)
	assert.Equal(t, asJSON(t, scoring.Criteria(scoring.Add(2.55, "a", income.Value().Compare("==", r.Constant(5400.75))))), asJSON(t, cs))
}

// A formula that a spreadsheet program has computed is read as its value.
func TestXLSXFormulas(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{{"id", "points", "income"}, {"a", 4, "< 100"}} {
		require.NoError(t, f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row))
	}
	require.NoError(t, f.SetCellFormula("Sheet1", "B2", "2*2"))
	b, err := f.WriteToBuffer()
	require.NoError(t, err)
	cs, err := cardfile.XLSX(b, "")
	require.NoError(t, err)
	require.Len(t, cs, 1)
	assert.Equal(t, 4.0, cs[0].Points)
}
