package registration

import (
	"errors"
	"strings"

	"github.com/hubkit/hubkit/registration/reply"
)

// Checker checks and normalises one written identifier: an account, a national
// id, a phone number. Checkers are pure and safe for concurrent use; a
// questionnaire names them, and New or Load is given those that are not built
// in.
//
// Built in are:
//
//	iban, iban:UA    account numbers, of any country or of one
//	card             payment card numbers
//	phone, phone:380 phone numbers, written in full or within one country
//	ua-rnokpp        Ukraine, taxpayer's number (РНОКПП)
//	ua-passport      Ukraine, passport booklet: two letters, six digits
//	ua-id-card       Ukraine, passport card: nine digits
//	ua-unzr          Ukraine, demographic register (УНЗР)
//	tr-kimlik        Türkiye, identity number
//	pl-pesel         Poland
//	ro-cnp           Romania
//	bg-egn           Bulgaria
type Checker interface {
	// Name is as a questionnaire's JSON names it: "iban", "ua-rnokpp".
	Name() string
	// Check returns text in canonical form, or a *CheckError. The canonical
	// form of a canonical form is itself.
	Check(text string) (canonical string, err error)
}

// Problem is what is wrong with an identifier, so that the next prompt can help.
type Problem uint8

// What can be wrong with an identifier.
const (
	ProblemCharacters Problem = iota + 1 // letters or signs that do not belong there
	ProblemLength                        // too few or too many characters
	ProblemCheckDigit                    // a check digit differs: mistyped
	ProblemCountry                       // an unknown country, another country, or none given
	ProblemFormat                        // the parts are not where they should be
	ProblemDate                          // the birth date in it is no date
)

// String returns a word for p, fit for statistics.
func (p Problem) String() string {
	names := [...]string{"", "characters", "length", "check digit", "country", "format", "date"}
	if p > 0 && int(p) < len(names) {
		return names[p]
	}
	return "unknown"
}

// CheckError says what is wrong with an identifier, without quoting it.
type CheckError struct {
	Checker string
	Problem Problem
}

// Error names the checker and the problem, never the identifier.
func (e *CheckError) Error() string { return e.Checker + ": wrong " + e.Problem.String() }

// CheckFunc makes a Checker of a function, which should return a *CheckError;
// any other error is replaced by one with ProblemFormat, lest it quote the
// identifier. Without a function it is a mistake that New reports.
func CheckFunc(name string, f func(string) (string, error)) Checker {
	return checkFunc{name, f}
}

type checkFunc struct {
	name string
	f    func(string) (string, error)
}

func (c checkFunc) Name() string { return c.name }

func (c checkFunc) Check(text string) (string, error) {
	canonical, err := c.f(text)
	if err == nil {
		return canonical, nil
	}
	problem := ProblemFormat
	if e, ok := errors.AsType[*CheckError](err); ok {
		problem = e.Problem
	}
	return "", &CheckError{c.name, problem}
}

// identifierRule is a built-in check: 0 means nothing is wrong.
type identifierRule func(text string) (canonical string, p Problem)

// builtinChecker returns the built-in checker of that name.
func builtinChecker(name string) (Checker, bool) {
	var r identifierRule
	kind, of, qualified := strings.Cut(name, ":")
	switch kind {
	case "iban":
		if _, known := ibanLength[of]; qualified && !known {
			return nil, false
		}
		r = func(s string) (string, Problem) { return checkIBAN(s, of) }
	case "phone":
		if qualified && !isCallingCode(of) {
			return nil, false
		}
		r = func(s string) (string, Problem) { return checkPhone(s, of) }
	default:
		r = map[string]identifierRule{
			"card":        checkCard,
			"ua-rnokpp":   checkRNOKPP,
			"ua-passport": checkUAPassport,
			"ua-id-card":  checkUAIDCard,
			"ua-unzr":     checkUNZR,
			"tr-kimlik":   checkKimlik,
			"pl-pesel":    checkPESEL,
			"ro-cnp":      checkCNP,
			"bg-egn":      checkEGN,
		}[name]
	}
	if r == nil {
		return nil, false
	}
	return CheckFunc(name, func(s string) (string, error) {
		canonical, p := r(s)
		if p != 0 {
			return "", &CheckError{name, p}
		}
		return canonical, nil
	}), true
}

// maxIdentifier is more bytes than anybody writes an identifier with.
const maxIdentifier = 200

// compactID folds an identifier to capitals and ASCII digits without spaces and
// the signs people put between groups.
func compactID(s string) (string, Problem) {
	if len(s) > maxIdentifier {
		return "", ProblemLength
	}
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/_,'\"", r) {
			return -1
		}
		return r
	}, reply.Fold(s))
	if s == "" {
		return "", ProblemLength
	}
	return strings.ToUpper(s), 0
}

// digitsOf compacts an identifier of n digits, taking the letters that look
// like 0 and 1 for them: a check digit tells if that was wrong.
func digitsOf(s string, n int) (string, Problem) {
	s, p := compactID(s)
	if p != 0 {
		return "", p
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case 'O', 'О': // Latin, Cyrillic
			return '0'
		case 'I', 'І', 'L':
			return '1'
		}
		return r
	}, s)
	switch {
	case !onlyDigits(s):
		return "", ProblemCharacters
	case len(s) != n:
		return "", ProblemLength
	}
	return s, 0
}

func onlyDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// weighted is the sum of the digits of s by their weights.
func weighted(s string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += int(s[i]-'0') * w
	}
	return sum
}

// digitsValue reads a few ASCII digits.
func digitsValue(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

func isCalendarDate(year, month, day int) bool {
	_, ok := reply.Days(year, month, day)
	return ok
}

func isCallingCode(s string) bool {
	return len(s) >= 1 && len(s) <= 3 && onlyDigits(s) && s[0] != '0'
}

// checkPhone checks the shape of an international number after ITU-T E.164: a
// calling code that does not begin with 0, and 8 to 15 digits in all. A number
// without + or 00 is national: it needs the default calling code, loses its
// trunk prefix (0; 8 in +7; none in +1; kept in +39) and, in +380, has nine
// digits. Whether a number is in use is for a phone library to know.
func checkPhone(text, code string) (string, Problem) {
	s, p := compactID(text)
	if p != 0 {
		return "", p
	}
	d, international := strings.CutPrefix(s, "+")
	if !onlyDigits(d) {
		return "", ProblemCharacters
	}
	if rest, ok := strings.CutPrefix(d, "00"); ok && !international {
		d, international = rest, true
	}
	if !international {
		if code == "" {
			return "", ProblemCountry
		}
		d = code + nationalNumber(d, code)
	}
	if sub, ok := strings.CutPrefix(d, "380"); ok {
		if len(sub) == 10 { // +380 (0)50
			sub = strings.TrimPrefix(sub, "0")
			d = "380" + sub
		}
		if len(sub) != 9 {
			return "", ProblemLength
		}
		if sub[0] == '0' {
			return "", ProblemFormat
		}
	}
	switch {
	case len(d) < 8 || len(d) > 15:
		return "", ProblemLength
	case d[0] == '0':
		return "", ProblemCountry
	}
	return "+" + d, 0
}

// nationalNumber takes the trunk prefix, or a calling code written without its plus,
// off a number.
func nationalNumber(d, code string) string {
	switch code {
	case "380":
		if len(d) == 12 && strings.HasPrefix(d, "380") {
			return d[3:]
		}
		if len(d) == 11 && strings.HasPrefix(d, "80") { // the trunk prefix before 2009
			return d[2:]
		}
	case "1":
		if len(d) == 11 && d[0] == '1' {
			return d[1:]
		}
		return d
	case "7":
		if len(d) == 11 && (d[0] == '8' || d[0] == '7') {
			return d[1:]
		}
		return d
	case "39":
		return d
	}
	return strings.TrimPrefix(d, "0")
}
