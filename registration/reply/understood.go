package reply

// MaxLength is how many bytes of a reply are considered, for every kind. It
// holds more than 2,000 Cyrillic or Arabic letters, the longest message that
// any of the channels delivers whole.
const MaxLength = 4096

// Got is what a reply was understood as.
type Got uint8

// What a reply was understood as.
const (
	Nothing Got = iota // not understood
	Option             // one option, its index in N
	Set                // options, their indexes in Set, ascending
	Value              // what was typed: see Understood
)

// Understood is what a reply was taken for.
type Understood struct {
	// OK says that the reply has one reading. Nothing else may be stored
	// without asking.
	OK   bool
	Kind Got
	// N is an option's index, an integer, or a date's days since 1970-01-01.
	N int64
	// Set holds the indexes chosen in a Many question, ascending; shared, to be
	// copied before it is changed.
	Set []int
	// Text is a decimal in canonical form ("1234.5"), or the words.
	Text string
	// Rule names how it was understood: "exact", "number", "label", "loose",
	// "yesno", "emoji", "numeral" (a number word), "digits", "grouped", "unit",
	// "decimal", "date", "relative", "several", "text"; with a Guess "typo" or
	// "part". The names are stable and fit for statistics.
	Rule string
	// Guess is the option it might have been, -1 if none: ask "did you mean".
	Guess int
	// Why says why a reply was not understood; Clear when OK.
	Why Why
}

// Why says why a reply was not understood, so that the next prompt can help.
type Why uint8

// Why a reply was not understood.
const (
	Clear            Why = iota // it was understood
	NotUnderstood               // no rule knows it
	Empty                       // nothing, or only invisible characters
	TwoNumbers                  // several numbers, or a range, where one is asked
	OutOfList                   // an option number beyond the list
	AmbiguousDate               // day and month, or the century, cannot be told
	AmbiguousDecimal            // 1.234 may be 1234
	SeveralOptions              // more than one option where one is asked, or "13" for 1 and 3
	TooLong                     // beyond MaxLength, or more digits than a number has
	Signed                      // a number with a sign
	Approximate                 // about, more than, less than
	Fraction                    // a fraction where a whole number is asked
	IncompleteDate              // no day, month or year
	ImpossibleDate              // a day that is in no calendar, or not within 1900-2100
	Currency                    // an amount in dollars, euros, …; hryvnias are taken
)

// String returns a word for w, fit for statistics.
func (w Why) String() string {
	names := [...]string{
		"clear", "not understood", "empty", "two numbers", "out of list", "ambiguous date",
		"ambiguous decimal", "several options", "too long", "signed", "approximate", "fraction",
		"incomplete date", "impossible date", "currency",
	}
	if int(w) < len(names) {
		return names[w]
	}
	return "unknown"
}

// refuse is a reply that is not taken, with the reason.
func refuse(w Why) Understood { return Understood{Guess: -1, Why: w} }
