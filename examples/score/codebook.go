package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/hubkit/hubkit/registration"
)

// kinds are the words of a codebook.
var kinds = map[string]registration.Kind{
	"yes_no": registration.KindBool, "whole": registration.KindInteger, "decimal": registration.KindDecimal,
	"words": registration.KindWords, "date": registration.KindDate, "one": registration.KindOne, "many": registration.KindMany,
}

// mostMembers is how many members a household of a codebook may have.
const mostMembers = 60

// readCodebook makes the shape of answers from a CSV table: key, kind, options
// (with spaces between), min, max. The key of what members are asked is
// members.age.
func readCodebook(path string) (*registration.Shape, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	header, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: there is no header: %w", path, err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	known := []string{"key", "kind", "options", "min", "max"}
	place := map[string]int{}
	for i, h := range header {
		if !slices.Contains(known, h) {
			return nil, fmt.Errorf("%s:1: column %q is not one of %s", path, h, strings.Join(known, ", "))
		}
		place[h] = i
	}
	for _, h := range known[:2] {
		if _, ok := place[h]; !ok {
			return nil, fmt.Errorf("%s:1: there is no column %q", path, h)
		}
	}
	var slots []registration.Slot
	members := map[string][]registration.Slot{}
	var rosters []string
	var errs []error
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		sl, say := slot(func(name string) string {
			if i, ok := place[name]; ok && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		})
		if say != "" {
			errs = append(errs, fmt.Errorf("%s:%d: %s", path, line, say))
			continue
		}
		if roster, key, of := strings.Cut(sl.Key, "."); of {
			sl.Key = key
			if members[roster] == nil {
				rosters = append(rosters, roster)
			}
			members[roster] = append(members[roster], sl)
			continue
		}
		slots = append(slots, sl)
	}
	for _, roster := range rosters {
		shape, err := registration.NewShape(members[roster]...)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %s: %w", path, roster, err))
			continue
		}
		slots = append(slots, registration.Slot{Key: roster, Kind: registration.KindRows, Rows: shape, MaxRows: mostMembers})
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	shape, err := registration.NewShape(slots...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return shape, nil
}

// slot reads one line of a codebook, or says what is wrong with it.
func slot(cell func(string) string) (sl registration.Slot, say string) {
	sl.Key = cell("key")
	sl.Kind = kinds[cell("kind")]
	sl.Options = strings.Fields(cell("options"))
	if sl.Key == "" {
		return sl, "there is no key"
	}
	if sl.Kind == registration.KindNone {
		return sl, fmt.Sprintf("the kind of %q is none of yes_no, whole, decimal, words, date, one and many", sl.Key)
	}
	if chosen := sl.Kind == registration.KindOne || sl.Kind == registration.KindMany; chosen != (len(sl.Options) > 0) {
		return sl, fmt.Sprintf("%q: options belong to the kinds one and many, which need them", sl.Key)
	}
	least, most := cell("min"), cell("max")
	if least == "" && most == "" {
		return sl, ""
	}
	var err1, err2 error
	sl.Min, err1 = strconv.ParseFloat(least, 64)
	sl.Max, err2 = strconv.ParseFloat(most, 64)
	if err1 != nil || err2 != nil || !(sl.Min < sl.Max) {
		return sl, fmt.Sprintf("%q: min and max are two numbers, the smaller first, or both empty", sl.Key)
	}
	return sl, ""
}
