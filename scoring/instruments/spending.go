package instruments

import (
	"errors"
	"fmt"
	"math"
)

// Spending is what a household spends and receives, in one currency. Values in
// kind are what they are worth. What is missing is 0, as in WFP's scripts.
type Spending struct {
	FoodBought, FoodGiven, FoodGrown float64 // in 7 days
	BoughtMonth, GivenMonth          float64 // other than food, in 1 month
	BoughtHalfYear, GivenHalfYear    float64 // other than food, in 6 months
	Cash                             float64 // humanitarian cash received in 3 months
	People                           int     // in the household
}

// Basket holds the parameters of a programme, frozen: the minimum expenditure
// baskets per head and month, and what share of humanitarian cash is consumed.
// WFP's script takes the median of the survey at hand as the share, so that
// other households change the class of this one; at the time of a conversation it
// must be a number that is fixed and named.
type Basket struct {
	MEB, SMEB float64 // minimum expenditure basket, and the survival one
	CashShare float64 // percent
}

// ErrSpending says that expenditure or baskets are no possible numbers.
var ErrSpending = errors.New("instruments: impossible expenditure, household size or basket")

const month = 30.0 / 7 // weeks in a month, as WFP's scripts have it

func (s Spending) check() error {
	for _, x := range []float64{s.FoodBought, s.FoodGiven, s.FoodGrown, s.BoughtMonth, s.GivenMonth, s.BoughtHalfYear, s.GivenHalfYear, s.Cash} {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("%w: an amount is negative or no number", ErrSpending)
		}
	}
	if s.People < 1 {
		return fmt.Errorf("%w: a household has at least one person", ErrSpending)
	}
	return nil
}

// ECMEN is the Economic Capacity to Meet Essential Needs per head and month.
// Excluding assistance (for assessments), it counts food bought and grown and
// what else was bought, less the cash that was received and consumed, and may be
// negative. Including assistance (for monitoring), it counts everything.
// WFP, scripts of January 2026, Apache-2.0.
func ECMEN(s Spending, b Basket, including bool) (perHead float64, class string, err error) {
	if err := s.check(); err != nil {
		return 0, "", err
	}
	if !(b.SMEB > 0 && b.MEB >= b.SMEB && !math.IsInf(b.MEB, 0) && b.CashShare >= 0 && b.CashShare <= 100) {
		return 0, "", fmt.Errorf("%w: the SMEB must be above 0 and not above the MEB, the share from 0 to 100", ErrSpending)
	}
	total := (s.FoodBought+s.FoodGrown)*month + s.BoughtMonth + s.BoughtHalfYear/6
	if including {
		total += s.FoodGiven*month + s.GivenMonth + s.GivenHalfYear/6
	} else {
		total -= s.Cash / 3 * b.CashShare / 100
	}
	perHead = total / float64(s.People)
	if math.IsInf(perHead, 0) || math.IsNaN(perHead) {
		return 0, "", fmt.Errorf("%w: the amounts together are too large for a number", ErrSpending)
	}
	switch { // strictly above, as the scripts have it
	case perHead > b.MEB:
		class = "above"
	case perHead > b.SMEB:
		class = "between"
	default:
		class = "below"
	}
	return perHead, class, nil
}

// FES is the Food Expenditure Share, of all sources, and its class for CARI: 1
// below 50 %, 2 below 65 %, 3 below 75 %, 4 from 75 % on. A household that spends
// nothing has none: ok is false.
// WFP, scripts of January 2026, Apache-2.0.
func FES(s Spending) (share float64, class int, ok bool, err error) {
	if s.People == 0 {
		s.People = 1 // the share does not need it
	}
	if err := s.check(); err != nil {
		return 0, 0, false, err
	}
	food := (s.FoodBought + s.FoodGiven + s.FoodGrown) * month
	other := s.BoughtMonth + s.GivenMonth + (s.BoughtHalfYear+s.GivenHalfYear)/6
	switch {
	case math.IsInf(food+other, 0):
		return 0, 0, false, fmt.Errorf("%w: the amounts together are too large for a number", ErrSpending)
	case food+other == 0:
		return 0, 0, false, nil
	}
	share = food / (food + other)
	class = 1
	for _, edge := range []float64{0.5, 0.65, 0.75} {
		if share >= edge {
			class++
		}
	}
	return share, class, true, nil
}
