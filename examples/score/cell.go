package main

import (
	"flag"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/registration"
)

// codes say which cells are states and not answers: by column, "" for all.
type codes map[string]map[string]registration.State

func (c codes) set(column, code string, st registration.State) {
	if c[column] == nil {
		c[column] = map[string]registration.State{}
	}
	c[column][code] = st
}

func (c codes) flags(f *flag.FlagSet) {
	c.set("", "NA", registration.Missing)
	for _, x := range []struct {
		name, what string
		state      registration.State
	}{
		{"missing", "a missing answer; empty cells, NA and null always are", registration.Missing},
		{"dont-know", "a person who did not know", registration.DontKnow},
		{"refused", "a person who refused", registration.Refused},
		{"not-asked", "a question that did not apply", registration.NotAsked},
	} {
		c.set("", strings.ReplaceAll(x.name, "-", "_"), x.state)
		f.Func(x.name, "codes for "+x.what+": CODE,… or COLUMN=CODE,…", func(s string) error {
			for code := range strings.SplitSeq(s, ",") {
				column, in, ok := strings.Cut(code, "=")
				if !ok {
					column, in = "", code
				}
				if in == "" {
					return fmt.Errorf("there is an empty code in %q", s)
				}
				c.set(column, in, x.state)
			}
			return nil
		})
	}
}

// state is that of a cell, if it is no answer.
func (c codes) state(column, cell string) (registration.State, bool) {
	if cell == "" {
		return registration.Missing, true
	}
	if st, ok := c[column][cell]; ok {
		return st, true
	}
	st, ok := c[""][cell]
	return st, ok
}

// answer reads a cell as its slot wants it, or says what is wrong. It never says
// what the cell holds.
func answer(sl *registration.Slot, cell string) (v registration.Value, say string) {
	switch sl.Kind {
	case registration.KindBool, registration.KindConsent:
		switch strings.ToLower(cell) {
		case "yes", "true", "1":
			return registration.BoolValue(true), ""
		case "no", "false", "0":
			return registration.BoolValue(false), ""
		}
		return v, "it must be yes or no"
	case registration.KindInteger:
		n, err := strconv.ParseInt(strings.TrimSuffix(cell, ".0"), 10, 64) // pandas writes 3.0
		if err != nil {
			return v, "it must be a whole number"
		}
		return registration.IntValue(n), within(sl, float64(n))
	case registration.KindDecimal:
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, "it must be a number, with a point before the decimals"
		}
		return registration.DecimalValue(x), within(sl, x)
	case registration.KindDate:
		t, err := time.Parse(time.DateOnly, cell)
		if err != nil {
			return v, "it must be a day such as 2022-02-24"
		}
		return registration.DateValue(t.Year(), t.Month(), t.Day()), ""
	case registration.KindOne:
		if len(sl.Options) > 0 && !slices.Contains(sl.Options, cell) {
			return v, "it is none of the options " + strings.Join(sl.Options, ", ")
		}
		return registration.OptionValue(cell), ""
	case registration.KindMany:
		if cell == "none" && !slices.Contains(sl.Options, cell) {
			return registration.OptionsValue(), ""
		}
		for k := range strings.FieldsSeq(cell) {
			if len(sl.Options) > 0 && !slices.Contains(sl.Options, k) {
				return v, "one of them is none of the options " + strings.Join(sl.Options, ", ")
			}
		}
		return registration.OptionsValue(strings.Fields(cell)...), ""
	case registration.KindWords:
		return registration.WordsValue(cell), ""
	}
	return v, "answers of this kind have no form in a table: " + sl.Kind.String()
}

// within says whether a number is in its range, which an instrument may leave open.
func within(sl *registration.Slot, x float64) string {
	if x < sl.Min || x > sl.Max {
		return fmt.Sprintf("it must be from %g to %g", sl.Min, sl.Max)
	}
	return ""
}
