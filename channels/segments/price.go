package segments

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Money is an amount in millionths of its currency.
type Money int64

// String writes the amount with six decimals or fewer: "0.0455".
func (m Money) String() string {
	sign := ""
	if m < 0 {
		sign, m = "-", -m
	}
	s := fmt.Sprintf("%s%d.%06d", sign, m/1e6, m%1e6)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// Prices is what a segment costs, by the beginning of the number it goes to. hubkit
// has no prices of its own: they are in your contract.
type Prices struct {
	Currency string            // "USD"
	Segment  map[string]string // "+380" → "0.0455"; the longest beginning counts, and "" is for all others
}

// Errors of a price table.
var (
	// ErrPrice says that a price is not an amount such as "0.0455".
	ErrPrice = errors.New("segments: a price is an amount such as 0.0455, with six decimals at most")
	// ErrNoPrice says that the table has no price for a number.
	ErrNoPrice = errors.New("segments: the table has no price for where this goes: add its calling code")
)

// Estimate returns what s costs as an SMS to a number: its segments times the price
// of one. Provider's fees and taxes are not in it.
func (p Prices) Estimate(to, s string) (Money, error) {
	for n := len(to); n >= 0; n-- {
		price, ok := p.Segment[to[:n]]
		if !ok {
			continue
		}
		one, err := parseMoney(price)
		if err != nil {
			return 0, err
		}
		n := Money(Measure(s).Segments)
		if one > math.MaxInt64/n {
			return 0, fmt.Errorf("%w: that of %d segments is too large to be one", ErrPrice, n)
		}
		return one * n, nil
	}
	return 0, ErrNoPrice
}

func parseMoney(s string) (Money, error) {
	whole, part, point := strings.Cut(s, ".")
	if whole == "" || point && part == "" || len(whole) > 9 || len(part) > 6 || strings.ContainsAny(s, "+-") {
		return 0, ErrPrice
	}
	n, err := strconv.ParseUint(whole+part+strings.Repeat("0", 6-len(part)), 10, 63)
	if err != nil {
		return 0, ErrPrice
	}
	return Money(n), nil
}
