package registration

import (
	"strings"
	"unicode/utf8"
)

// checkRNOKPP checks a Ukrainian taxpayer's number: ten digits, of which the
// first five count the days from 1899-12-31 to the birth date and the last is
// the sum weighted by -1 5 7 9 4 6 10 5 7, modulo 11, modulo 10 (as published
// by uk.wikipedia.org/wiki/РНОКПП and python-stdnum's stdnum.ua.rntrc, which
// agree). Births of 1900 to 2099 are taken; as both 10 and 0 are written 0, a
// few changes of one digit go unseen.
func checkRNOKPP(text string) (string, Problem) {
	s, p := digitsOf(text, 10)
	if p != 0 {
		return "", p
	}
	sum := weighted(s, -1, 5, 7, 9, 4, 6, 10, 5, 7)
	days := digitsValue(s[:5])
	const end = 73050 // 2100-01-01
	switch {
	case ((sum%11)+11)%11%10 != int(s[9]-'0'):
		return "", ProblemCheckDigit
	case days == 0 || days >= end:
		return "", ProblemDate
	}
	return s, 0
}

// checkUAPassport checks the number of a Ukrainian passport booklet: two
// Cyrillic letters and six digits, without a check digit. Latin letters that
// look like Cyrillic ones are taken for them.
func checkUAPassport(text string) (string, Problem) {
	s, p := compactID(text)
	if p != 0 {
		return "", p
	}
	if utf8.RuneCountInString(s) != 8 {
		return "", ProblemLength
	}
	letters, digits := 0, ""
	for i, r := range s {
		if letters == 2 {
			digits = s[i:]
			break
		}
		if r = cyrillicLookAlike(r); !strings.ContainsRune("АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ", r) {
			if r >= '0' && r <= '9' {
				return "", ProblemFormat
			}
			return "", ProblemCharacters
		}
		letters++
	}
	if !onlyDigits(digits) {
		return "", ProblemFormat
	}
	return strings.Map(cyrillicLookAlike, s), 0
}

// checkUAIDCard checks the number of a Ukrainian passport card: nine digits,
// without a check digit.
func checkUAIDCard(text string) (string, Problem) {
	s, p := compactID(text)
	switch {
	case p != 0:
		return "", p
	case !onlyDigits(s):
		return "", ProblemCharacters
	case len(s) != 9:
		return "", ProblemLength
	}
	return s, 0
}

// checkUNZR checks a number of the Ukrainian demographic register: the birth
// date as YYYYMMDD, a hyphen, five digits. The last is a check digit whose
// formula is not checked here, no authoritative publication of it being known.
func checkUNZR(text string) (string, Problem) {
	s, p := compactID(text)
	switch {
	case p != 0:
		return "", p
	case !onlyDigits(s):
		return "", ProblemCharacters
	case len(s) != 13:
		return "", ProblemLength
	}
	if y := digitsValue(s[:4]); y < 1900 || y > 2099 || !isCalendarDate(y, digitsValue(s[4:6]), digitsValue(s[6:8])) {
		return "", ProblemDate
	}
	return s[:8] + "-" + s[8:], 0
}

// checkKimlik checks a Turkish identity number (T.C. Kimlik No, Law 5490 on
// population services): eleven digits, the first not 0; the tenth is 7 times
// the odd places less the even ones of the first nine, the eleventh the sum of
// the first ten, both modulo 10. Numbers for foreigners, which begin with 99,
// follow the same formula.
func checkKimlik(text string) (string, Problem) {
	s, p := digitsOf(text, 11)
	if p != 0 {
		return "", p
	}
	tenth := weighted(s, 7, -1, 7, -1, 7, -1, 7, -1, 7) % 10
	sum := weighted(s, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) % 10
	switch {
	case s[0] == '0':
		return "", ProblemFormat
	case (tenth+10)%10 != int(s[9]-'0') || sum != int(s[10]-'0'):
		return "", ProblemCheckDigit
	}
	return s, 0
}

// checkPESEL checks a Polish number (Act of 24 September 2010 on population
// records): YYMMDD with 20, 40, 60 or 80 added to the month for births in the
// 2000s, 2100s, 2200s and 1800s, four digits, and what the sum weighted by
// 1 3 7 9 1 3 7 9 1 3 lacks to a multiple of 10.
func checkPESEL(text string) (string, Problem) {
	s, p := digitsOf(text, 11)
	if p != 0 {
		return "", p
	}
	if weighted(s, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1)%10 != 0 {
		return "", ProblemCheckDigit
	}
	year, month := digitsValue(s[:2]), digitsValue(s[2:4])
	century := [...]int{1900, 2000, 2100, 2200, 1800}[month/20]
	if !isCalendarDate(century+year, month%20, digitsValue(s[4:6])) {
		return "", ProblemDate
	}
	return s, 0
}

// checkCNP checks a Romanian personal number (Law 105/1996 on the registration
// of persons): sex and century, YYMMDD, county, order, and the sum weighted by
// 2 7 9 1 4 6 3 5 8 2 7 9 modulo 11, where 10 becomes 1.
func checkCNP(text string) (string, Problem) {
	s, p := digitsOf(text, 13)
	if p != 0 {
		return "", p
	}
	check := weighted(s, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
	if check == 10 {
		check = 1
	}
	if s[0] == '0' {
		return "", ProblemFormat
	}
	if check != int(s[12]-'0') {
		return "", ProblemCheckDigit
	}
	year, month, day := digitsValue(s[1:3]), digitsValue(s[3:5]), digitsValue(s[5:7])
	centuries := []int{1900, 1800, 2000} // by the first digit: 1 2, 3 4, 5 6
	if s[0] < '7' {
		centuries = centuries[(s[0]-'1')/2:][:1]
	}
	for _, c := range centuries { // residents, 7 8 9, in any
		if isCalendarDate(c+year, month, day) {
			return s, 0
		}
	}
	return "", ProblemDate
}

// checkEGN checks a Bulgarian number (ЕГН, Law on civil registration): YYMMDD
// with 20 added to the month for births in the 1800s and 40 in the 2000s,
// three digits, and the sum weighted by 2 4 8 5 10 9 7 3 6 modulo 11, modulo
// 10.
func checkEGN(text string) (string, Problem) {
	s, p := digitsOf(text, 10)
	if p != 0 {
		return "", p
	}
	if weighted(s, 2, 4, 8, 5, 10, 9, 7, 3, 6)%11%10 != int(s[9]-'0') {
		return "", ProblemCheckDigit
	}
	century, month := 1900, digitsValue(s[2:4])
	switch {
	case month > 40:
		century, month = 2000, month-40
	case month > 20:
		century, month = 1800, month-20
	}
	if !isCalendarDate(century+digitsValue(s[:2]), month, digitsValue(s[4:6])) {
		return "", ProblemDate
	}
	return s, 0
}
