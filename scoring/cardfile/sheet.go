package cardfile

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/hubkit/hubkit/scoring"
)

// unzipped is how large the content of a workbook may be, in bytes.
const unzipped = 64 << 20

// XLSX reads a decision table from a sheet of a workbook; "" is the first sheet.
// See Table. Numbers are read as they are stored, with all their decimals.
//
// What a sheet shows and a program does not read is refused with its cell: merged
// cells, a formula that was not computed, and a day or an hour, which is what
// spreadsheet programs make of "5-10".
func XLSX(r io.Reader, sheet string) ([]scoring.Criterion, error) {
	t := &table{}
	return t.xlsx(r, sheet)
}

func (t *table) xlsx(r io.Reader, sheet string) ([]scoring.Criterion, error) {
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
	var hidden Mistakes
	if err == nil && len(rows) <= longest+1 {
		hidden, err = notRead(f, sheet, rows)
	}
	switch {
	case err != nil:
		return nil, Mistakes{{Say: fmt.Sprintf("the sheet %q cannot be read: %v", sheet, err)}}
	case len(hidden) > 0:
		return nil, hidden
	}
	return t.criteria(rows, func(i int) int { return i + 1 })
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

// notRead lists the cells whose meaning would be lost, or be another one.
func notRead(f *excelize.File, sheet string, rows [][]string) (ms Mistakes, err error) {
	merged, err := f.GetMergeCells(sheet, true)
	if err != nil {
		return nil, err
	}
	for _, m := range merged {
		_, line, err := excelize.CellNameToCoordinates(m.GetStartAxis())
		if err != nil {
			return nil, err
		}
		ms = append(ms, &Mistake{Line: line, Say: fmt.Sprintf("the cells %s are merged, and only the first of them would count: take the merge apart and fill in each line", m[0])})
	}
	if len(ms) > 0 {
		slices.SortStableFunc(ms, func(a, b *Mistake) int { return a.Line - b.Line })
		return ms, nil
	}
	_, _ = f.GetStyle(-1) // so that f.Styles is read; there is no such style
	for i, cells := range rows {
		for j, cell := range cells {
			at, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return nil, err
			}
			if strings.TrimSpace(cell) == "" {
				formula, err := f.GetCellFormula(sheet, at)
				switch {
				case err != nil:
					return nil, err
				case formula != "":
					ms = append(ms, &Mistake{Line: i + 1, Say: fmt.Sprintf("the formula in %s has no value: save the file in a spreadsheet program, or write the value", at)})
				}
				continue
			}
			if _, number := finite(cell); !number {
				continue
			}
			style, err := f.GetCellStyle(sheet, at)
			switch {
			case err != nil:
				return nil, err
			case isTime(f, style):
				ms = append(ms, &Mistake{Line: i + 1, Say: fmt.Sprintf("the cell %s holds a day or an hour, which is what a spreadsheet makes of 5-10: format the cell as text and type it again", at)})
			}
		}
	}
	return ms, nil
}

// isTime says whether a style shows a number as a day or an hour.
func isTime(f *excelize.File, style int) bool {
	if f.Styles == nil || f.Styles.CellXfs == nil || style < 0 || style >= len(f.Styles.CellXfs.Xf) || f.Styles.CellXfs.Xf[style].NumFmtID == nil {
		return false
	}
	id := *f.Styles.CellXfs.Xf[style].NumFmtID
	if f.Styles.NumFmts != nil {
		for _, n := range f.Styles.NumFmts.NumFmt {
			if n != nil && n.NumFmtID == id {
				return timeCode.MatchString(notShown.ReplaceAllString(n.FormatCode, ""))
			}
		}
	}
	// The formats that have no code in the file: of the West, of East Asia, of Thailand.
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58 || id >= 71 && id <= 81
}

var (
	// notShown are the parts of a format that are words, colours or languages.
	notShown = regexp.MustCompile(`(?i)"[^"]*"|\\.|_.|\[[^\]hms][^\]]*\]|\[[hms][^\]]*[^\]hms][^\]]*\]`)
	timeCode = regexp.MustCompile(`(?i)[ymdhs]`)
)
