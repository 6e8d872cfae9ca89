package registration

import "strings"

// ibanLength is the length of each country's account numbers, as in the IBAN
// registry (ISO 13616-1, kept by SWIFT) at the end of 2024, release 99, with
// Honduras and Yemen. A country that joined later is refused with
// ProblemCountry.
var ibanLength = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
	"IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
	"SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

// checkIBAN checks length and check digits after ISO 13616-1: the number with
// its first four characters at the end, letters as 10 to 35, leaves 1 modulo
// 97. country, if not empty, is the only one taken.
func checkIBAN(text, country string) (string, Problem) {
	s, p := compactID(text)
	if p != 0 {
		return "", p
	}
	s = strings.TrimPrefix(strings.Map(latinLookAlike, s), "IBAN")
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "", ProblemCharacters
		}
	}
	if len(s) < 5 {
		return "", ProblemLength
	}
	length, known := ibanLength[s[:2]]
	switch {
	case onlyDigits(s[:1]) || onlyDigits(s[1:2]) || !onlyDigits(s[2:4]):
		return "", ProblemFormat
	case !known || country != "" && s[:2] != country:
		return "", ProblemCountry
	case len(s) != length:
		return "", ProblemLength
	case s[2:4] < "02" || s[2:4] > "98" || mod97(s[4:]+s[:4]) != 1:
		return "", ProblemCheckDigit
	}
	return s, 0
}

// mod97 is the remainder of ISO/IEC 7064, MOD 97-10, letters as 10 to 35.
func mod97(s string) (m int) {
	for i := range len(s) {
		if c := s[i]; c <= '9' {
			m = (m*10 + int(c-'0')) % 97
		} else {
			m = (m*100 + int(c-'A') + 10) % 97
		}
	}
	return m
}

// Capitals that look alike in Cyrillic and Latin script, in the same order.
const (
	cyrillicCapitals = "АВЕІКМНОРСТХ"
	latinCapitals    = "ABEIKMHOPCTX"
)

func latinLookAlike(r rune) rune {
	if i := strings.IndexRune(cyrillicCapitals, r); i >= 0 {
		return rune(latinCapitals[i/2])
	}
	return r
}

func cyrillicLookAlike(r rune) rune {
	if i := strings.IndexRune(latinCapitals, r); i >= 0 {
		return []rune(cyrillicCapitals)[i]
	}
	return r
}

// checkCard checks a payment card number after ISO/IEC 7812-1: 12 to 19
// digits, the last by Luhn's formula.
func checkCard(text string) (string, Problem) {
	s, p := compactID(text)
	switch {
	case p != 0:
		return "", p
	case !onlyDigits(s):
		return "", ProblemCharacters
	case len(s) < 12 || len(s) > 19:
		return "", ProblemLength
	case !luhn(s):
		return "", ProblemCheckDigit
	}
	return s, 0
}

// luhn checks the last digit after ISO/IEC 7812-1, annex B: every second digit
// from the right doubled, the digits of the products summed, modulo 10.
func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
