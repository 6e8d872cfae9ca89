package cardfile_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

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
