package hubkit_test

import (
	"fmt"
	"slices"

	"github.com/hubkit/hubkit"
)

func ExampleText_Compile() {
	people := hubkit.Text{
		"en": "{n, plural, =1 {You live alone.} other {You live with # people.}}",
		"uk": "{n, plural, =1 {Ви живете на самоті.} one {З вами живе # людина.} few {З вами живуть # людини.} many {З вами живуть # людей.} other {З вами живе # людини.}}",
	}
	said, err := people.Compile([]hubkit.Lang{"en", "uk"}, nil, "n")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range []int{1, 3, 21} {
		s, used := said.In("uk", hubkit.Args{"n": n})
		fmt.Println(used, s)
	}
	// Output:
	// uk Ви живете на самоті.
	// uk З вами живуть 3 людини.
	// uk З вами живе 21 людина.
}

// Mistakes are found when a programme starts, all at once, with their place.
func ExampleText_Compile_mistakes() {
	text := hubkit.Text{
		"en": "Dear {name}, {n, plural, other {# people}}",
		"uk": "{імʼя}, дякуємо",
	}
	_, err := text.Compile([]hubkit.Lang{"en", "uk", "ar"}, nil, "name", "n")
	fmt.Println(err)
	// Output:
	// en, character 14, at "{n, plural, other {#…": the plural form "one" is missing, which this language needs for numbers such as 1: add one {…}
	// uk, character 1, at "{імʼя}, дякуємо": {імʼя} is not a variable of this message: use {name}, {n}, spelled exactly so
	// ar: there is no text in this language: write one, or name a fall-back
}

// A chain is data that the programme writes; nothing falls back by itself.
func ExampleFallback() {
	hello := hubkit.Text{"en": "Hello", "fa": "سلام"}
	said, err := hello.Compile([]hubkit.Lang{"en", "fa-AF", "ps"}, hubkit.Fallback{"ps": {"fa-AF", "en"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, want := range []hubkit.Lang{"fa-AF", "ps"} {
		_, used := said.In(want, nil)
		fmt.Println(want, "is answered in", used)
	}
	// Output:
	// fa-AF is answered in fa
	// ps is answered in en
}

// Check is for a room, a test or a tool that has many texts.
func ExampleCheck() {
	entries := []hubkit.Entry{
		{ID: "menu/stop", Text: hubkit.Text{"en": "Stop", "uk": "Припинити повідомлення"}, Limit: 20, Context: "button"},
		{ID: "menu/help", Text: hubkit.Text{"en": "Help"}},
	}
	fmt.Println(hubkit.Check(slices.Values(entries), []hubkit.Lang{"en", "uk"}, nil))
	// Output:
	// menu/stop: uk: the text has 22 characters, and 20 are the most here: shorten it
	// menu/help: uk: there is no text in this language: write one, or name a fall-back
}

func ExampleLang_Endonym() {
	for _, l := range []hubkit.Lang{"uk", "fa-AF", "so"} {
		fmt.Println(l.Endonym(), l.RTL())
	}
	// Output:
	// Українська false
	// دری true
	// Soomaali false
}

func ExampleEscape() {
	fmt.Println(hubkit.Escape("Use {braces} and п'ять"))
	// Output: Use '{'braces'}' and п'ять
}
