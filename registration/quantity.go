package registration

import "github.com/hubkit/hubkit"

// IntegerQuestion is the handle of a question for a whole number.
type IntegerQuestion struct{ Question }

// Integer asks for a whole number.
func Integer(key string, ask hubkit.Text) IntegerQuestion {
	return IntegerQuestion{Question{Key: key, Form: FormInteger, Ask: ask}}
}

// Between bounds the number, both ends included. It also bounds what a score
// can be while the answer is unknown.
func (q IntegerQuestion) Between(least, most int) IntegerQuestion {
	q.Question = bounds(q.Question, float64(least), float64(most))
	return q
}

// AtLeast is Yes if the number is n or more.
func (q IntegerQuestion) AtLeast(n int) Condition { return q.value().AtLeast(float64(n)) }

// AtMost is Yes if the number is n or less.
func (q IntegerQuestion) AtMost(n int) Condition { return q.value().AtMost(float64(n)) }

// Is is Yes if the number is n.
func (q IntegerQuestion) Is(n int) Condition { return q.value().Equals(float64(n)) }

// Value is the answer as a Number, for sums and comparisons.
func (q IntegerQuestion) Value() Number { return q.value() }

// From reads the answer; ok is false unless it was answered.
func (q IntegerQuestion) From(a Answers) (n int, ok bool) {
	v, ok := a.Get(q.Key).Int()
	return int(v), ok
}

// DecimalQuestion is the handle of a question for a number with decimals.
type DecimalQuestion struct{ Question }

// Decimal asks for a number that may have decimals, such as an amount of
// money. It is kept digit by digit, never rounded.
func Decimal(key string, ask hubkit.Text) DecimalQuestion {
	return DecimalQuestion{Question{Key: key, Form: FormDecimal, Ask: ask}}
}

// Between bounds the number, both ends included. It also bounds what a score
// can be while the answer is unknown.
func (q DecimalQuestion) Between(least, most float64) DecimalQuestion {
	q.Question = bounds(q.Question, least, most)
	return q
}

// Digits bounds the digits after the decimal point, such as 2 for money.
func (q DecimalQuestion) Digits(most int) DecimalQuestion { q.Places = most; return q }

// AtLeast is Yes if the number is f or more.
func (q DecimalQuestion) AtLeast(f float64) Condition { return q.value().AtLeast(f) }

// AtMost is Yes if the number is f or less.
func (q DecimalQuestion) AtMost(f float64) Condition { return q.value().AtMost(f) }

// LessThan is Yes if the number is less than f.
func (q DecimalQuestion) LessThan(f float64) Condition { return q.value().LessThan(f) }

// Value is the answer as a Number, for sums and comparisons.
func (q DecimalQuestion) Value() Number { return q.value() }

// From reads the answer; ok is false unless it was answered.
func (q DecimalQuestion) From(a Answers) (f float64, ok bool) { return a.Get(q.Key).Float() }

// CalculatedNumber is the handle of an answer that is computed, not asked.
type CalculatedNumber struct{ Question }

// Calculated is an answer computed from earlier ones, such as the number of
// dependants. Where what it needs is unknown, it is missing.
func Calculated(key string, n Number) CalculatedNumber {
	return CalculatedNumber{Question{Key: key, Form: FormCalculated, Compute: &n}}
}

// AtLeast is Yes if the number is f or more.
func (q CalculatedNumber) AtLeast(f float64) Condition { return q.value().AtLeast(f) }

// AtMost is Yes if the number is f or less.
func (q CalculatedNumber) AtMost(f float64) Condition { return q.value().AtMost(f) }

// Value is the answer as a Number.
func (q CalculatedNumber) Value() Number { return q.value() }

// From reads the number.
func (q CalculatedNumber) From(a Answers) (f float64, ok bool) { return a.Get(q.Key).Float() }

// WordsQuestion is the handle of a question answered in the person's own words,
// or by a text of a known form: a phone number, an account, a national id.
type WordsQuestion struct{ Question }

// Words asks for a text.
func Words(key string, ask hubkit.Text) WordsQuestion {
	return WordsQuestion{Question{Key: key, Form: FormWords, Ask: ask}}
}

// Phone asks for a telephone number and keeps it as E.164 ("+380501234567").
// callingCode ("380") makes national numbers international; without one the
// person must write the number with its country code.
func Phone(key, callingCode string, ask hubkit.Text) WordsQuestion {
	check := "phone"
	if callingCode != "" {
		check += ":" + callingCode
	}
	return WordsQuestion{Question{Key: key, Form: FormPhone, Ask: ask, Checks: []string{check}}}
}

// Account asks for the number of a bank account or card. checks are names of
// Checkers, of which one must accept; defaults to "iban" and "card".
func Account(key string, ask hubkit.Text, checks ...string) WordsQuestion {
	if len(checks) == 0 {
		checks = []string{"iban", "card"}
	}
	return WordsQuestion{Question{Key: key, Form: FormAccount, Ask: ask, Checks: checks}}
}

// NationalID asks for the number of an identity document. checks are names of
// Checkers ("ua-rnokpp"), of which one must accept.
func NationalID(key string, ask hubkit.Text, checks ...string) WordsQuestion {
	return WordsQuestion{Question{Key: key, Form: FormNationalID, Ask: ask, Checks: checks}}
}

// Length bounds the number of characters. Defaults to 1 to 1,000.
func (q WordsQuestion) Length(least, most int) WordsQuestion {
	q.Question = bounds(q.Question, float64(least), float64(most))
	return q
}

// Matching demands that the whole text matches a regular expression in RE2 syntax.
func (q WordsQuestion) Matching(pattern string) WordsQuestion { q.Pattern = pattern; return q }

// Checked demands that one of the named Checkers accepts the text.
func (q WordsQuestion) Checked(by ...string) WordsQuestion { q.Checks = by; return q }

// Is is Yes if the answer is exactly s.
func (q WordsQuestion) Is(s string) Condition { return q.test("is", s) }

// From reads the answer.
func (q WordsQuestion) From(a Answers) (s string, ok bool) { return a.Get(q.Key).Words() }
