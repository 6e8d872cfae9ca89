package registration

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// builtins are the names of all built-in checkers, one of each.
var builtins = []string{
	"iban", "iban:UA", "card", "phone", "phone:380", "phone:48", "phone:1", "phone:7", "phone:39",
	"ua-rnokpp", "ua-passport", "ua-id-card", "ua-unzr", "tr-kimlik", "pl-pesel", "ro-cnp", "bg-egn",
}

func checkerNamed(t require.TestingT, name string) Checker {
	c, ok := builtinChecker(name)
	require.Truef(t, ok, name)
	require.Equal(t, name, c.Name())
	return c
}

func TestCheckers(t *testing.T) {
	for _, c := range []struct {
		checker, text, want string
		problem             Problem
	}{
		// Examples of the SWIFT IBAN registry.
		{"iban", "GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", 0},
		{"iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", 0},
		{"iban", "UA213223130000026007233566001", "UA213223130000026007233566001", 0},
		{"iban", "FR14 2004 1010 0505 0001 3M02 606", "FR1420041010050500013M02606", 0},
		{"iban", "PL61 1090 1014 0000 0712 1981 2874", "PL61109010140000071219812874", 0},
		{"iban", "RO49AAAA1B31007593840000", "RO49AAAA1B31007593840000", 0},
		{"iban", "TR330006100519786457841326", "TR330006100519786457841326", 0},
		{"iban", "NO9386011117947", "NO9386011117947", 0},
		{"iban", "MD24AG000225100013104168", "MD24AG000225100013104168", 0},
		{"iban", "LB62 0999 0000 0001 0019 0122 9114", "LB62099900000001001901229114", 0},
		{"iban", "JO94CBJO0010000000000131000302", "JO94CBJO0010000000000131000302", 0},
		{"iban", "\u200fiban ua21 ٣٢٢٣١٣ 0000026007233566001", "UA213223130000026007233566001", 0},
		{"iban", "GB82ＷＥＳＴ1234-5698-7654-32", "GB82WEST12345698765432", 0},
		{"iban", "GB82WЕSТ12345698765432", "GB82WEST12345698765432", 0}, // Cyrillic Е and Т
		{"iban", "GB82WEST12345698765433", "", ProblemCheckDigit},
		{"iban", "GB82WEST1234569876543", "", ProblemLength},
		{"iban", "ZZ82WEST12345698765432", "", ProblemCountry},
		{"iban", "8282WEST12345698765432", "", ProblemFormat},
		{"iban", "GB82WЯST12345698765432", "", ProblemCharacters},
		{"iban", "", "", ProblemLength},
		{"iban", "UA", "", ProblemLength},
		{"iban", strings.Repeat("1", 300), "", ProblemLength},
		{"iban:UA", "UA213223130000026007233566001", "UA213223130000026007233566001", 0},
		{"iban:UA", "GB82WEST12345698765432", "", ProblemCountry},
		// Test numbers that card networks publish.
		{"card", "4111 1111 1111 1111", "4111111111111111", 0},
		{"card", "5555-5555-5555-4444", "5555555555554444", 0},
		{"card", "378282246310005", "378282246310005", 0},
		{"card", "٤١١١١١١١١١١١١١١١", "4111111111111111", 0},
		{"card", "4111111111111112", "", ProblemCheckDigit},
		{"card", "41111111111", "", ProblemLength},
		{"card", "4111x11111111111", "", ProblemCharacters},
		{"phone", "+380 50 123-45-67", "+380501234567", 0},
		{"phone", "00380501234567", "+380501234567", 0},
		{"phone", "＋٣٨٠٥٠١٢٣٤٥٦٧", "+380501234567", 0},
		{"phone", "+48 601 234 567", "+48601234567", 0},
		{"phone", "050 123 45 67", "", ProblemCountry},
		{"phone", "+1234567", "", ProblemLength},
		{"phone", "+1234567890123456", "", ProblemLength},
		{"phone", "+0501234567", "", ProblemCountry},
		{"phone", "+38050123456", "", ProblemLength},
		{"phone", "my number", "", ProblemCharacters},
		{"phone", "++380501234567", "", ProblemCharacters},
		{"phone:380", "(050) 123-45-67", "+380501234567", 0},
		{"phone:380", "٠٥٠١٢٣٤٥٦٧", "+380501234567", 0},
		{"phone:380", "50 123 45 67", "+380501234567", 0},
		{"phone:380", "380501234567", "+380501234567", 0},
		{"phone:380", "80501234567", "+380501234567", 0},
		{"phone:380", "+38 (0) 50 123 45 67", "+380501234567", 0},
		{"phone:380", "+380 (0) 50 123 45 67", "+380501234567", 0},
		{"phone:380", "+48601234567", "+48601234567", 0},
		{"phone:380", "050123456", "", ProblemLength},
		{"phone:380", "05012345678", "", ProblemLength},
		{"phone:48", "601234567", "+48601234567", 0},
		{"phone:1", "(202) 555-0123", "+12025550123", 0},
		{"phone:1", "1-202-555-0123", "+12025550123", 0},
		{"phone:7", "8 912 345-67-89", "+79123456789", 0},
		{"phone:39", "06 698 12345", "+390669812345", 0},
		// python-stdnum's example; day 17590 is 28 February 1948.
		{"ua-rnokpp", "1759013776", "1759013776", 0},
		{"ua-rnokpp", "17590 13776", "1759013776", 0},
		{"ua-rnokpp", "І759О13776", "1759013776", 0},
		{"ua-rnokpp", "1759013770", "", ProblemCheckDigit},
		{"ua-rnokpp", "0000000000", "", ProblemDate},
		{"ua-rnokpp", "175901377", "", ProblemLength},
		{"ua-rnokpp", "175901377a", "", ProblemCharacters},
		{"ua-passport", "АВ 123456", "АВ123456", 0},
		{"ua-passport", "ab123456", "АВ123456", 0}, // Latin a and b
		{"ua-passport", "ме №654321", "МЕ654321", 0},
		{"ua-passport", "ZZ123456", "", ProblemCharacters},
		{"ua-passport", "А1123456", "", ProblemFormat},
		{"ua-passport", "АВ12345А", "", ProblemFormat},
		{"ua-passport", "АВ12345", "", ProblemLength},
		{"ua-id-card", "001 234 567", "001234567", 0},
		{"ua-id-card", "12345678", "", ProblemLength},
		{"ua-id-card", "АВ1234567", "", ProblemCharacters},
		{"ua-unzr", "19900115-01234", "19900115-01234", 0},
		{"ua-unzr", "1990011501234", "19900115-01234", 0},
		{"ua-unzr", "19901315-01234", "", ProblemDate},
		{"ua-unzr", "19900115-0123", "", ProblemLength},
		{"tr-kimlik", "10000000146", "10000000146", 0}, // Atatürk's
		{"tr-kimlik", "10000000147", "", ProblemCheckDigit},
		{"tr-kimlik", "00000000000", "", ProblemFormat},
		{"pl-pesel", "44051401458", "44051401458", 0}, // the example of pl.wikipedia
		{"pl-pesel", "44051401359", "44051401359", 0},
		{"pl-pesel", "44051401457", "", ProblemCheckDigit},
		{"ro-cnp", "1630615123457", "1630615123457", 0}, // python-stdnum's
		{"ro-cnp", "1630615123458", "", ProblemCheckDigit},
		{"ro-cnp", "0630615123457", "", ProblemFormat},
		{"bg-egn", "7523169263", "7523169263", 0}, // python-stdnum's: born in 1875
		{"bg-egn", "7523169264", "", ProblemCheckDigit},
	} {
		got, err := checkerNamed(t, c.checker).Check(c.text)
		if c.problem == 0 {
			require.NoErrorf(t, err, "%s %q", c.checker, c.text)
			assert.Equalf(t, c.want, got, "%s %q", c.checker, c.text)
			continue
		}
		e, ok := errors.AsType[*CheckError](err)
		require.Truef(t, ok, "%s %q", c.checker, c.text)
		assert.Equalf(t, CheckError{c.checker, c.problem}, *e, "%s %q", c.checker, c.text)
		assert.Emptyf(t, got, "%s %q", c.checker, c.text)
	}
}

func TestUnknownCheckers(t *testing.T) {
	for _, name := range []string{"", "ibn", "iban:", "iban:XX", "iban:ua", "phone:", "phone:0", "phone:1234", "phone:x", "card:UA", "ua-rnokpp:1"} {
		_, ok := builtinChecker(name)
		assert.Falsef(t, ok, "%q", name)
	}
}

// withDate makes the number that a scheme gives a birth date, by its own
// formula written another way: the check digit is searched for.
func withDate(t require.TestingT, c Checker, prefix string) string {
	for d := '0'; d <= '9'; d++ {
		if s, err := c.Check(prefix + string(d)); err == nil {
			return s
		}
	}
	require.Failf(t, "no check digit", "%s", c.Name())
	return ""
}

// Numbers with birth dates: exactly one check digit fits, and a date that is
// not in the calendar is told from a mistyped digit.
func TestBirthDates(t *testing.T) {
	problem := func(name, text string) Problem {
		_, err := checkerNamed(t, name).Check(text)
		e, ok := errors.AsType[*CheckError](err)
		if !ok {
			return 0
		}
		return e.Problem
	}
	for _, c := range []struct{ name, prefix string }{
		{"pl-pesel", "4413310000"}, {"pl-pesel", "0222300000"}, {"ro-cnp", "163023112345"}, {"bg-egn", "752230926"}, {"bg-egn", "005330000"},
	} {
		problems := map[Problem]int{}
		for d := range 10 {
			problems[problem(c.name, fmt.Sprint(c.prefix, d))]++
		}
		assert.Equalf(t, map[Problem]int{ProblemDate: 1, ProblemCheckDigit: 9}, problems, "%s %s", c.name, c.prefix)
	}
	for _, c := range []struct{ name, prefix string }{
		{"pl-pesel", "0022290000"}, {"pl-pesel", "9981310000"}, {"ro-cnp", "500022912345"}, {"ro-cnp", "700022912345"}, {"bg-egn", "004229000"},
	} {
		withDate(t, checkerNamed(t, c.name), c.prefix)
	}
}

// The first five digits of a РНОКПП count days as the standard library does.
func TestRNOKPPDate(t *testing.T) {
	end := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 73050)
	assert.Equal(t, "2100-01-01", end.Format(time.DateOnly))
	born := time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 17590)
	assert.Equal(t, "1948-02-28", born.Format(time.DateOnly))
}

// Where a scheme promises it, every change of one digit is refused; where two
// remainders share a digit, only changes between those two pass.
func TestEveryChangedDigitIsRefused(t *testing.T) {
	remainder := map[string]func(string) int{
		"ua-rnokpp": func(s string) int { return sumOf(s, 10, 5, 7, 9, 4, 6, 10, 5, 7) % 11 }, // -1 is 10 modulo 11
		"bg-egn":    func(s string) int { return sumOf(s, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 },
		"ro-cnp":    func(s string) int { return sumOf(s, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11 },
	}
	for _, c := range []struct{ name, number string }{
		{"iban", "GB82WEST12345698765432"},
		{"iban", "UA213223130000026007233566001"},
		{"card", "4111111111111111"},
		{"card", "378282246310005"},
		{"tr-kimlik", "10000000146"},
		{"pl-pesel", "44051401458"},
		{"ua-rnokpp", "1759013776"},
		{"ro-cnp", "1630615123457"},
		{"bg-egn", "7523169263"},
	} {
		checker := checkerNamed(t, c.name)
		for i := range c.number {
			for d := byte('0'); d <= '9'; d++ {
				if c.number[i] < '0' || c.number[i] > '9' || c.number[i] == d {
					continue
				}
				changed := c.number[:i] + string(d) + c.number[i+1:]
				_, err := checker.Check(changed)
				if err != nil {
					continue
				}
				r, shared := remainder[c.name]
				assert.Truef(t, shared && r(changed) != r(c.number) && (r(changed) == 10 || r(c.number) == 10), "%s took %s", c.name, changed)
			}
		}
	}
}

func sumOf(s string, weights ...int) (sum int) {
	for i, w := range weights {
		sum += w * int(s[i]-'0')
	}
	return sum
}

// Numbers made with the scheme's formula, written out independently, are taken.
func TestNumbersByFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.StringMatching(`[1-6][0-9]{8}`).Draw(t, "digits")
		rnokpp := digits + fmt.Sprint(sumOf(digits, 10, 5, 7, 9, 4, 6, 10, 5, 7)%11%10)
		got, err := checkerNamed(t, "ua-rnokpp").Check(rnokpp)
		assert.NoError(t, err)
		assert.Equal(t, rnokpp, got)

		odd, even := sumOf(digits, 1, 0, 1, 0, 1, 0, 1, 0, 1), sumOf(digits, 0, 1, 0, 1, 0, 1, 0, 1, 0)
		tenth := (7*odd + 9*even) % 10 // -1 is 9 modulo 10
		kimlik := fmt.Sprint(digits, tenth, (odd+even+tenth)%10)
		_, err = checkerNamed(t, "tr-kimlik").Check(kimlik)
		assert.NoError(t, err)
	})
}

func TestCheckFunc(t *testing.T) {
	c := CheckFunc("x", func(s string) (string, error) {
		switch s {
		case "ok":
			return "OK", nil
		case "date":
			return "", &CheckError{Problem: ProblemDate}
		}
		return "", fmt.Errorf("cannot read %q", s)
	})
	assert.Equal(t, "x", c.Name())
	s, err := c.Check("ok")
	assert.NoError(t, err)
	assert.Equal(t, "OK", s)
	_, err = c.Check("date")
	assert.Equal(t, &CheckError{"x", ProblemDate}, err)
	_, err = c.Check("secret")
	assert.EqualError(t, err, "x: wrong format")
}

func FuzzCheckers(f *testing.F) {
	for _, s := range []string{
		"", "GB82WEST12345698765432", "\u200f٠٥٠١٢٣٤٥٦٧", "+380501234567", "00", "1759013776", "ав 123456", "АВ№123456", "19900115-01234", "🙂", "\xff", "+", "ßß123456", "ǅǅ123456", "İı", "IBANIBAN",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range builtins {
			c := checkerNamed(t, name)
			got, err := c.Check(text)
			if err != nil {
				e, ok := errors.AsType[*CheckError](err)
				if got != "" || !ok || e.Checker != name || e.Problem.String() == "unknown" {
					t.Fatalf("%s %q: %q, %v", name, text, got, err)
				}
				continue
			}
			again, err := c.Check(got)
			if err != nil || again != got {
				t.Fatalf("%s %q: %q, then %q, %v", name, text, got, again, err)
			}
		}
	})
}

func BenchmarkChecker(b *testing.B) {
	for _, c := range []struct{ name, text string }{{"iban", "UA213223130000026007233566001"}, {"ua-rnokpp", "1759013776"}, {"phone:380", "050 123-45-67"}} {
		b.Run(c.name, func(b *testing.B) {
			checker := checkerNamed(b, c.name)
			b.ReportAllocs()
			for b.Loop() {
				_, _ = checker.Check(c.text)
			}
		})
	}
}
