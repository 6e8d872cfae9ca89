package icu

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type (
	word   string
	count  int
	broken struct{}
)

func (broken) String() string { panic("broken") }

func TestFormat(t *testing.T) {
	const people = "{n, plural, =0 {ніхто} one {# людина} few {# людини} many {# людей} other {# особи}}"
	const dear = "{sex, select, f {Шановна} m {Шановний} true {Так} 3 {Три} other {Вітаємо}} {name}"
	type args = map[string]any
	tests := []struct {
		src  string
		args args
		want string
	}{
		{people, args{"n": 0}, "ніхто"},
		{people, args{"n": int8(1)}, "1 людина"},
		{people, args{"n": int16(22)}, "22 людини"},
		{people, args{"n": int32(11)}, "11 людей"},
		{people, args{"n": int64(-2)}, "-2 людини"},
		{people, args{"n": uint8(5)}, "5 людей"},
		{people, args{"n": uint16(31)}, "31 людина"},
		{people, args{"n": uint32(1_000_000)}, "1000000 людей"},
		{people, args{"n": uint64(math.MaxUint64)}, "18446744073709551615 людей"},
		{people, args{"n": uint(3)}, "3 людини"},
		{people, args{"n": 2.0}, "2 людини"},
		{people, args{"n": 2.5}, "2.5 особи"},
		{people, args{"n": float32(0.1)}, "0.1 особи"},
		{people, args{"n": 0.0}, "ніхто"},
		{people, args{"n": "21"}, "21 людина"},
		{people, args{"n": "21.0"}, "21.0 особи"},
		{people, args{"n": "0.00"}, "ніхто"},
		{people, args{"n": "багато"}, "багато особи"},
		{people, args{"n": count(4)}, "4 людини"},
		{people, args{"n": true}, "true особи"},
		{people, args{"n": nil}, " особи"},
		{people, nil, " особи"},
		{people, args{"n": math.NaN()}, "NaN особи"},
		{dear, args{"sex": "f", "name": "Олена"}, "Шановна Олена"},
		{dear, args{"sex": word("m"), "name": word("Іван")}, "Шановний Іван"},
		{dear, args{"sex": "x", "name": "ن"}, "Вітаємо ن"},
		{dear, args{"sex": true, "name": 1}, "Так 1"},
		{dear, args{"sex": 3, "name": time.Second}, "Три 1s"},
		{dear, args{"sex": false, "name": false}, "Вітаємо false"},
		{dear, nil, "Вітаємо "},
		{"{a} {a}", args{"a": "{a} '{' #"}, "{a} '{' # {a} '{' #"}, // values are never patterns
		{"{n, plural, other {'#' is #, '{'n'}'}}", args{"n": 7}, "# is 7, {n}"},
		{"{n, plural, other {it's '#'}}", args{"n": 7}, "it's #"},
		{"{s, select, other {a # b}}", nil, "a # b"},
		{"{s, select, f {{n, plural, one {her # child} other {her # children}}} other {{n, plural, one {# child} other {# children}}}}", args{"s": "f", "n": 2}, "her 2 children"},
		{"{n, plural, one {{m, plural, one {#-#} other {{n}/#}}} other {#}}", args{"n": 1, "m": 5}, "1/5"},
		{" { n , plural,\n\tone{#a}other{#b}\u200f} ", args{"n": 5}, " 5b "},
	}
	for _, tt := range tests {
		p, problems := Parse(tt.src)
		require.Empty(t, problems, tt.src)
		assert.Equal(t, tt.want, p.Format(RulesFor("uk"), tt.args), "%s %v", tt.src, tt.args)
	}
}

func TestFormatNeverPanics(t *testing.T) {
	p, _ := Parse("{v} {v, plural, other {#}} {v, select, other {x}}")
	for _, v := range []any{nil, broken{}, (*broken)(nil), []int{1}, func() {}, make(chan int), map[string]int{}, struct{}{}, complex(1, 2)} {
		assert.NotPanics(t, func() { p.Format(RulesFor("ar"), map[string]any{"v": v}) })
	}
}

func TestFormatAllocatesOnce(t *testing.T) {
	p, _ := Parse("{name}, {n, plural, one {# людина живе} few {# людини живуть} many {# людей живуть} other {# людини живуть}} з вами")
	uk, args := RulesFor("uk"), map[string]any{"n": 123456, "name": "Олена"}
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { p.Format(uk, args) }), 1.0)
}
