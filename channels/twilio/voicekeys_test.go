package twilio

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/hubkit/hubkit/channels"
)

func TestKeys(t *testing.T) {
	two := asked{kind: choice, count: 2, page: 1}
	nine := asked{kind: choice, count: 9, page: 2, next: 1}
	many := asked{kind: choice, count: 25, page: 2, next: 3}
	some := asked{kind: several, count: 5, page: 1}
	much := asked{kind: several, count: 14, page: 1}
	open := asked{kind: typed, page: 1, count: 2, ways: []string{"age:dont_know", "age:refuse"}}
	more := channels.MoreID
	for _, c := range []struct {
		a    asked
		keys string
		want heard
	}{
		{two, "1", heard{text: "1"}},
		{two, "7", heard{text: "7"}}, // no option: the hub says so
		{two, "0", heard{text: "agent"}},
		{two, "9", heard{option: more(1)}},
		{two, "#", heard{option: more(1)}},
		{two, "", heard{option: more(1)}},
		{two, "*", heard{star: true}},
		{two, "*7", heard{text: "back"}},
		{two, "*8", heard{text: "language"}},
		{two, "*5", heard{text: "*5"}},
		{two, "A", heard{text: "A"}},
		{nine, "9", heard{text: "9"}},
		{nine, "#", heard{option: more(1)}}, // after the last page, the first
		{many, "9", heard{text: "9"}},
		{many, "05", heard{text: "5"}},
		{many, "25", heard{text: "25"}},
		{many, "26", heard{text: "26"}},
		{many, "0", heard{text: "agent"}},
		{many, "00", heard{text: "agent"}},
		{many, "*9", heard{option: more(2)}},
		{many, "*0", heard{text: "agent"}},
		{many, "", heard{option: more(3)}},
		{some, "13", heard{text: "1 3"}},
		{some, "1*3", heard{text: "1 3"}},
		{some, "135#", heard{text: "1 3 5"}},
		{some, "0", heard{text: "agent"}},
		{some, "9", heard{option: more(1)}},
		{much, "1*12", heard{text: "1 12"}},
		{much, "112", heard{text: "112"}},
		{much, "12", heard{text: "12"}},
		{much, "1*x", heard{text: "1*x"}},
		{open, "0", heard{text: "0"}},
		{open, "9", heard{text: "9"}},
		{open, "12*5", heard{text: "12.5"}},
		{open, "24*08*1991", heard{text: "24.08.1991"}},
		{open, "24081991", heard{text: "24081991"}},
		{open, "0671234567#", heard{text: "0671234567"}},
		{open, "*1", heard{option: "age:dont_know"}},
		{open, "*2#", heard{option: "age:refuse"}},
		{open, "*3", heard{text: "*3"}},
		{open, "*0", heard{text: "agent"}},
		{open, "*9", heard{option: more(1)}},
		{open, "*", heard{star: true}},
		{open, "", heard{option: more(1)}},
	} {
		assert.Equal(t, c.want, c.a.hear(c.keys), "%c of %d: %q", c.a.kind, c.a.count, c.keys)
	}
}

// Every option of every list can be chosen, on whatever page, by its number.
func TestEveryOptionHasItsKeys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 99).Draw(t, "options")
		i := rapid.IntRange(1, n).Draw(t, "chosen")
		keys := strconv.Itoa(i)
		one := asked{kind: choice, count: n, page: 1}
		if got := one.hear(keys); got.text != keys {
			t.Fatalf("%d of %d is heard as %v", i, n, got)
		}
		j := rapid.IntRange(1, n).Draw(t, "other")
		both := asked{kind: several, count: n, page: 1}
		sep := "*"
		if n < manyOptions {
			sep = ""
		}
		if got := both.hear(keys + sep + strconv.Itoa(j)); got.text != keys+" "+strconv.Itoa(j) {
			t.Fatalf("%d and %d of %d are heard as %v", i, j, n, got)
		}
	})
}

// A standing survives its URL.
func TestStandingComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z0-9:._&=+ їé-]{0,20}`)
		p := standing{
			turn: rapid.IntRange(0, 9999).Draw(t, "turn"), way: rapid.SampledFrom([]way{"", afterStar, turnPage, wishes}).Draw(t, "way"),
			lang: "uk", told: rapid.Bool().Draw(t, "told"), idle: rapid.IntRange(0, 99).Draw(t, "idle"), queue: text.Draw(t, "queue"),
			asked: asked{
				kind: rapid.SampledFrom([]kind{nothing, choice, several, typed}).Draw(t, "kind"), ref: text.Draw(t, "ref"),
				count: rapid.IntRange(0, 99).Draw(t, "count"), page: rapid.IntRange(0, 9).Draw(t, "page"), next: rapid.IntRange(0, 9).Draw(t, "next"),
				ways: rapid.SliceOfN(text, 1, 4).Draw(t, "ways"),
			},
		}
		got, err := standingOf(p.query())
		if err != nil {
			t.Fatal(err)
		}
		require.Equal(t, p, got)
	})
}

func FuzzKeys(f *testing.F) {
	for _, keys := range []string{"1", "#", "*", "*0", "12*5#", "24081991", "٣", "так", "*#*#", strings.Repeat("9", 300), "\x00", "1*12"} {
		f.Add(byte(choice), 3, 0, keys)
		f.Add(byte(several), 14, 0, keys)
		f.Add(byte(typed), 2, 2, keys)
	}
	f.Fuzz(func(t *testing.T, k byte, count, next int, keys string) {
		a := asked{kind: kind(k), count: count, page: 1, next: next, ways: []string{"a", "b"}}
		h := a.hear(keys)
		if h.star == (h.text != "" || h.option != "") {
			t.Fatalf("%q means %+v: star, words or an option, and one of them", keys, h)
		}
	})
}
