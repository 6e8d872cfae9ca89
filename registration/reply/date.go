package reply

import (
	"strings"
)

// The first and last year a date may have.
const (
	firstYear = 1900
	lastYear  = 2100
)

// Days returns the days from 1970-01-01 to a day of the Gregorian calendar, and
// false if there is no such day. It is the count that Understand returns for
// dates and takes as today.
func Days(year, month, day int) (int64, bool) {
	if month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	y := int64(year)
	if month <= 2 {
		y--
	}
	era := floor(y, 400)
	yearOfEra := y - era*400
	dayOfYear := int64((153*((month+9)%12)+2)/5 + day - 1)
	return era*146097 + yearOfEra*365 + yearOfEra/4 - yearOfEra/100 + dayOfYear - 719468, true
}

func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// foreignYears says how a language's own calendar confuses Gregorian years.
type foreignYears uint8

const (
	gregorianOnly foreignYears = iota
	solarHijri                 // 1403 is 2024: two digits cannot tell, four can
	ethiopic                   // 2016 is 2024: four digits cannot tell either
)

// date reads the answer to a Date question.
func (r *reading) date(s string) Understood {
	t := cut(s)
	if days, ok := r.relative(t); ok {
		if r.today == 0 {
			return refuse(NotUnderstood)
		}
		return Understood{OK: true, Kind: Value, N: r.today - days, Rule: "relative", Guess: -1}
	}
	var nums []int // tokens
	month := 0
	for i := 0; i < len(t.toks); {
		if strings.Trim(t.gap(i), " .,/-،:()\"'") != "" {
			return refuse(NotUnderstood)
		}
		if t.toks[i].digits {
			nums = append(nums, i)
			i++
			continue
		}
		x, n := r.phrase(t, i, isMonth|isDateWord|isAbout)
		switch {
		case n == 0:
			return refuse(NotUnderstood)
		case x.roles&isAbout != 0:
			return refuse(Approximate)
		case x.roles&isMonth != 0 && month != 0:
			return refuse(AmbiguousDate)
		case x.roles&isMonth != 0:
			month = x.month
		}
		i += n
	}
	if len(nums) > 3 || strings.Trim(t.gap(len(t.toks)), " .,،") != "" {
		return refuse(NotUnderstood)
	}
	if month != 0 {
		return r.namedMonth(t, nums, month)
	}
	return r.numeric(t, nums)
}

// relative reads today, yesterday and "3 days ago" as days before today.
func (r *reading) relative(t text) (days int64, ok bool) {
	if len(t.toks) == 0 || len(t.toks) > 6 {
		return 0, false
	}
	if x, n := r.phrase(t, 0, isToday|isYesterday|isBefore); n == len(t.toks) && n > 0 {
		switch {
		case x.roles&isToday != 0:
			return 0, true
		case x.roles&isYesterday != 0:
			return 1, true
		}
		return 2, true
	}
	count, unit, ago := int64(-1), int64(0), false
	for i := 0; i < len(t.toks); {
		if t.gap(i) != " " && t.gap(i) != "" {
			return 0, false
		}
		if t.toks[i].digits {
			if count >= 0 || len(t.word(i)) > 3 {
				return 0, false
			}
			count = number(t.word(i))
			i++
			continue
		}
		if x, n := r.phrase(t, i, isDay|isWeek|isAgo); n > 0 {
			if x.roles&isAgo != 0 {
				if ago {
					return 0, false
				}
				ago = true
			} else if unit == 0 {
				unit = 1
				if x.roles&isWeek != 0 {
					unit = 7
				}
			} else {
				return 0, false
			}
			if x.n > 0 && x.roles&isNumeral != 0 { // a dual: two days
				count = x.n
			}
			i += n
			continue
		}
		n, next, words := r.numerals(t, i)
		if !words || count >= 0 {
			return 0, false
		}
		count, i = n, next
	}
	if count < 0 {
		count = 1
	}
	return count * unit, ago && unit > 0
}

// namedMonth reads day and year around a month's name.
func (r *reading) namedMonth(t text, nums []int, month int) Understood {
	if len(nums) < 2 {
		return refuse(IncompleteDate)
	}
	if len(nums) > 2 {
		return refuse(AmbiguousDate)
	}
	day, year := t.word(nums[0]), t.word(nums[1])
	if len(day) == 4 || len(day) == 2 && number(day) > 31 {
		day, year = year, day
	}
	if len(day) > 2 {
		return refuse(NotUnderstood)
	}
	return r.day(year, month, int(number(day)), true)
}

// numeric reads a date of digits only.
func (r *reading) numeric(t text, nums []int) Understood {
	switch len(nums) {
	case 1:
		return r.compact(t.word(nums[0]))
	case 2:
		return refuse(IncompleteDate)
	case 0:
		return refuse(NotUnderstood)
	}
	a, b, c := t.word(nums[0]), t.word(nums[1]), t.word(nums[2])
	if nums[2] != nums[0]+2 { // words between
		return refuse(NotUnderstood)
	}
	if len(a) == 4 && len(b) <= 2 && len(c) <= 2 {
		return r.day(a, int(number(b)), int(number(c)), false)
	}
	if len(a) > 2 || len(b) > 2 {
		return refuse(NotUnderstood)
	}
	x, y, z := int(number(a)), int(number(b)), int(number(c))
	dots := strings.HasPrefix(t.gap(nums[1]), ".")
	if len(c) == 2 && x > 31 { // 90-01-15
		return r.day(a, y, z, false)
	}
	if len(c) == 2 && t.gap(nums[1]) == "-" && !r.dayFirst && z <= 31 && z > 0 && x != z {
		return refuse(AmbiguousDate) // 15-01-16: which is the year?
	}
	switch {
	case dots || r.dayFirst || x == y || x > 12:
	case y > 12:
		x, y = y, x
	case r.own == nil || r.own.bothOrders:
		return refuse(AmbiguousDate)
	}
	return r.day(c, y, x, false)
}

// compact reads eight digits: year first or day first, if only one is a day.
func (r *reading) compact(s string) Understood {
	if len(s) == 4 || len(s) <= 2 {
		return refuse(IncompleteDate)
	}
	if len(s) != 8 {
		return refuse(NotUnderstood)
	}
	a := r.day(s[:4], int(number(s[4:6])), int(number(s[6:])), false)
	b := r.day(s[4:], int(number(s[2:4])), int(number(s[:2])), false)
	switch {
	case a.OK && b.OK && a.N != b.N:
		return refuse(AmbiguousDate)
	case a.OK:
		return a
	}
	return b
}

// day checks a date. Two-digit years are the latest ones not after today.
func (r *reading) day(year string, month, day int, named bool) Understood {
	own := gregorianOnly
	if r.own != nil {
		own = r.own.years
	}
	y := int(number(year))
	switch {
	case len(year) == 2 && own != gregorianOnly, own == ethiopic && !named:
		return refuse(AmbiguousDate)
	case len(year) == 2:
		if _, ok := Days(2000, month, day); !ok { // a leap year: no century has the day
			return refuse(ImpossibleDate)
		}
		if r.today == 0 {
			return refuse(AmbiguousDate)
		}
		y += 2000
		if n, _ := Days(y, month, min(day, daysIn(y, month))); n > r.today {
			y -= 100
		}
	case len(year) != 4:
		return refuse(NotUnderstood)
	}
	n, ok := Days(y, month, day)
	if !ok || y < firstYear || y > lastYear {
		return refuse(ImpossibleDate)
	}
	return Understood{OK: true, Kind: Value, N: n, Rule: "date", Guess: -1}
}
