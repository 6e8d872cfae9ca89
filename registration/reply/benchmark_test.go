package reply_test

import (
	"crypto/sha256"
	"testing"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// twelve has twelve options in four languages: the size of a list of regions.
var twelve = func() *reply.Expect {
	names := [][4]string{
		{"Kyiv region", "Київська область", "Киевская область", "منطقة كييف"},
		{"Kharkiv region", "Харківська область", "Харьковская область", "منطقة خاركيف"},
		{"Kherson region", "Херсонська область", "Херсонская область", "منطقة خيرسون"},
		{"Odesa region", "Одеська область", "Одесская область", "منطقة أوديسا"},
		{"Lviv region", "Львівська область", "Львовская область", "منطقة لفيف"},
		{"Poltava region", "Полтавська область", "Полтавская область", "منطقة بولتافا"},
		{"Sumy region", "Сумська область", "Сумская область", "منطقة سومي"},
		{"Dnipro region", "Дніпропетровська область", "Днепропетровская область", "منطقة دنيبرو"},
		{"Donetsk region", "Донецька область", "Донецкая область", "منطقة دونيتسك"},
		{"Luhansk region", "Луганська область", "Луганская область", "منطقة لوغانسك"},
		{"Mykolaiv region", "Миколаївська область", "Николаевская область", "منطقة ميكولايف"},
		{"Other region", "Інша область", "Другая область", "منطقة أخرى"},
	}
	return reply.New(reply.Spec{Kind: reply.One, Langs: threeLangs, Options: 12, Labels: labels(names...)})
}()

func BenchmarkUnderstand(b *testing.B) {
	for _, c := range []struct {
		name string
		e    *reply.Expect
		lang hubkit.Lang
		text string
	}{
		{"exact", twelve, "uk", "Миколаївська область"},
		{"number", twelve, "uk", "11"},
		{"folded", twelve, "uk", "миколаївська область!"},
		{"arabic-number", twelve, "ar", "\u200f١١"},
		{"loose", twelve, "ru", "николаевская-область"},
		{"typo", twelve, "uk", "миколаївска область"},
		{"unknown", twelve, "uk", "не розумію вас зовсім"},
		{"yes-word", yesNo, "uk", "ага, дякую"},
		{"integer", people, "uk", "5"},
		{"integer-words", people, "uk", "двадцять п'ять років"},
		{"decimal", amount, "uk", "1 234,50 грн"},
		{"date", when, "uk", "24 лютого 2022 року"},
		{"several", needs, "uk", "1,3 5"},
		{"several-labels", needs, "uk", "їжа, вода та ліки"},
		{"words", words, "uk", "Шевченко Олена Петрівна"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.e.Understand(c.lang, c.text, today, nil)
			}
		})
	}
	b.Run("sha256-64KiB", func(b *testing.B) { // the yardstick
		data := make([]byte, 64<<10)
		for b.Loop() {
			sha256.Sum256(data)
		}
	})
}

// What people send most must not allocate.
func TestFastRepliesDoNotAllocate(t *testing.T) {
	for _, c := range []struct {
		e    *reply.Expect
		text string
	}{{twelve, "Миколаївська область"}, {twelve, "منطقة سومي"}, {twelve, "11"}, {people, "5"}, {amount, "120"}, {needs, "3"}, {needs, "Вода"}, {yesNo, "Так"}} {
		n := testing.AllocsPerRun(100, func() { c.e.Understand("uk", c.text, today, nil) })
		if n != 0 {
			t.Errorf("%q: %v allocations", c.text, n)
		}
	}
}
