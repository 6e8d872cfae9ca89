package registration

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func problemOf(t *testing.T, checker, text string) Problem {
	t.Helper()
	_, err := checkerNamed(t, checker).Check(text)
	if err == nil {
		return 0
	}
	e, ok := errors.AsType[*CheckError](err)
	require.True(t, ok)
	return e.Problem
}

// Check digits go from 02 to 98 (ISO 13616-1). 00, 01 and 99 leave 1 modulo 97
// just as 97, 98 and 02 do, and are refused all the same.
func TestIBANCheckDigitsHaveOneForm(t *testing.T) {
	twins := map[int]int{2: 99, 97: 0, 98: 1}
	for account := 86011117900; len(twins) > 0; account++ {
		n, ok := new(big.Int).SetString(fmt.Sprint(account, "232400"), 10) // N is 23, O is 24
		require.True(t, ok)
		check := 98 - int(n.Mod(n, big.NewInt(97)).Int64())
		twin, rare := twins[check]
		if !rare {
			continue
		}
		delete(twins, check)
		assert.Zero(t, problemOf(t, "iban", fmt.Sprintf("NO%02d%d", check, account)), "%02d", check)
		assert.Equal(t, ProblemCheckDigit, problemOf(t, "iban", fmt.Sprintf("NO%02d%d", twin, account)), "%02d", twin)
	}
}

// Births of 1900 to 2099 are taken, to the day.
func TestRNOKPPFirstAndLastDay(t *testing.T) {
	for born, want := range map[string]Problem{
		"1899-12-31": ProblemDate, "1900-01-01": 0, "2099-12-31": 0, "2100-01-01": ProblemDate,
	} {
		day, err := time.Parse(time.DateOnly, born)
		require.NoError(t, err)
		days := int(day.Sub(time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC)).Hours()) / 24
		s := fmt.Sprintf("%05d1234", days)
		s += strconv.Itoa(sumOf(s, 10, 5, 7, 9, 4, 6, 10, 5, 7) % 11 % 10) // -1 is 10 modulo 11
		assert.Equal(t, want, problemOf(t, "ua-rnokpp", s), born)
	}
}

// The first digit tells the century of birth: 29 February of a year 00 was only
// in 2000, so that 5 and 6 may have it, and 7, 8 and 9, which tell no century.
func TestCNPCenturies(t *testing.T) {
	number := func(first int, date string) string {
		s := fmt.Sprint(first, date, "12345")
		check := sumOf(s, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11
		if check == 10 {
			check = 1
		}
		return fmt.Sprint(s, check)
	}
	for first := 1; first <= 9; first++ {
		leap := ProblemDate
		if first >= 5 {
			leap = 0
		}
		assert.Equal(t, leap, problemOf(t, "ro-cnp", number(first, "000229")), "%d", first)
		assert.Zero(t, problemOf(t, "ro-cnp", number(first, "630615")), "%d", first)
		assert.Equal(t, ProblemDate, problemOf(t, "ro-cnp", number(first, "000230")), "%d", first)
	}
}
