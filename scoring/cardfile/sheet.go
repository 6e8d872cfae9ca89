package cardfile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/hubkit/hubkit/scoring"
)

// unzipped is how large the content of a workbook may be, in bytes.
const unzipped = 64 << 20

// XLSX reads a decision table from a sheet of a workbook; "" is the first sheet.
// See Table. Cells are read as they are stored, not as they are shown.
func XLSX(r io.Reader, sheet string) ([]scoring.Criterion, error) {
	f, err := excelize.OpenReader(io.LimitReader(r, largest+1), excelize.Options{RawCellValue: true, UnzipSizeLimit: unzipped, UnzipXMLSizeLimit: unzipped})
	if err != nil {
		return nil, Mistakes{{Say: fmt.Sprintf("this is not a workbook of at most %d MB: save it as .xlsx", largest>>20)}}
	}
	defer func() { _ = f.Close() }()
	names := f.GetSheetList()
	if sheet == "" && len(names) > 0 {
		sheet = names[0]
	}
	if !slices.Contains(names, sheet) {
		return nil, Mistakes{{Say: fmt.Sprintf("the workbook has no sheet %q: it has %s", sheet, strings.Join(names, ", "))}}
	}
	rows, err := rowsOf(f, sheet)
	if err != nil {
		return nil, Mistakes{{Say: fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err)}}
	}
	return Table(rows)
}

// rowsOf reads a sheet as far as one row beyond the most that Table takes.
func rowsOf(f *excelize.File, sheet string) (rows [][]string, err error) {
	it, err := f.Rows(sheet)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, it.Close()) }()
	filled := 0
	for it.Next() && len(rows) < longest+2 {
		cells, err := it.Columns()
		if err != nil {
			return nil, err
		}
		if rows = append(rows, cells); len(cells) > 0 {
			filled = len(rows)
		}
	}
	return rows[:filled], it.Error()
}
