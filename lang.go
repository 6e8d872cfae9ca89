package hubkit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// Lang is a language tag as BCP 47 writes it: "en", "uk", "fa-AF". A tag that
// comes from outside goes through [ParseLang] first; one written by a
// programme is checked with [Lang.Check] when its texts are compiled.
type Lang string

// ErrLang is in the error of every tag that names no language.
var ErrLang = errors.New("not a language tag")

// aliases are codes that people and platforms write, and the tags meant.
var aliases = map[string]Lang{
	"ua":  "uk",    // the country's code
	"prs": "fa-AF", // ISO 639-3 for Dari, which CLDR files under Persian
}

// ParseLang reads a tag as people and platforms write it and returns the
// canonical one: "EN" is "en", "en_US" is "en-US", "iw" is "he", "UA" is "uk",
// "prs" is "fa-AF". Anything that names no language gives an error with
// [ErrLang]; the error does not repeat what was given, which may be anybody's
// text.
func ParseLang(s string) (Lang, error) {
	if l, ok := aliases[strings.ToLower(s)]; ok {
		return l, nil
	}
	tag, err := language.Parse(s)
	if base, _, _ := tag.Raw(); err != nil || base.String() == "und" {
		return "", ErrLang
	}
	return Lang(tag.String()), nil
}

// Check reports whether l is a canonical tag, and if not, what to write
// instead. Its error has [ErrLang].
func (l Lang) Check() error {
	want, err := ParseLang(string(l))
	switch {
	case err != nil:
		return fmt.Errorf("%q: %w: write a BCP 47 tag such as \"en\", \"uk\" or \"fa-AF\"", string(l), ErrLang)
	case want != l:
		return fmt.Errorf("%q: %w as this library spells it: write %q", string(l), ErrLang, string(want))
	}
	return nil
}

// Base returns the language without region or script: "fa" for "fa-AF". Two
// tags of one base are the same language for a channel's hint.
func (l Lang) Base() Lang {
	for i := range len(l) {
		if l[i] == '-' {
			return l[:i]
		}
	}
	return l
}

// RTL reports whether l is written from right to left, by its script: Arabic,
// Hebrew, N'Ko, Thaana, Syriac, Adlam, Hanifi Rohingya, Mandaic and Samaritan.
func (l Lang) RTL() bool {
	directions.RLock()
	rtl, ok := directions.known[l]
	directions.RUnlock()
	if ok {
		return rtl
	}
	rtl = l.rtl()
	directions.Lock()
	defer directions.Unlock()
	if len(directions.known) < mostDirections {
		directions.known[l] = rtl
	}
	return rtl
}

// directions remembers how tags are written, which takes a while to find out
// and is asked for every message; the first ones only, as a tag may be anything.
var directions = struct {
	sync.RWMutex
	known map[Lang]bool
}{known: map[Lang]bool{}}

const mostDirections = 1000

func (l Lang) rtl() bool {
	if a, ok := aliases[strings.ToLower(string(l))]; ok {
		l = a
	}
	tag := language.Make(string(l))
	script, sure := tag.Script()
	switch script.String() {
	case "Adlm", "Arab", "Aran", "Hebr", "Mand", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa":
		return true
	}
	if sure == language.Exact {
		return false
	}
	switch l.Base() { // whose usual script the tables do not know
	case "arc", "ayl", "azb":
		return true
	}
	return false
}

// Endonym returns the language's name in that language, as a menu shows it
// (with a capital where the script has them): "Українська", "دری". A region
// without a name of its own is called by its base language; a language that
// is not in the table, by its tag.
//
// The names are those of Unicode CLDR 48.
func (l Lang) Endonym() string {
	if s, ok := endonyms[l]; ok {
		return s
	}
	for _, p := range l.parents() {
		if s, ok := endonyms[p]; ok {
			return s
		}
	}
	return string(l)
}

var endonyms = map[Lang]string{
	"am": "አማርኛ", "ar": "العربية", "az": "Azərbaycan", "be": "Беларуская", "bg": "Български", "bn": "বাংলা",
	"ckb": "کوردیی ناوەندی", "cs": "Čeština", "de": "Deutsch", "en": "English", "es": "Español", "et": "Eesti",
	"fa": "فارسی", "fa-AF": "دری", "fr": "Français", "ha": "Hausa", "he": "עברית", "hi": "हिन्दी", "ht": "Kreyòl Ayisyen",
	"hu": "Magyar", "hy": "Հայերեն", "id": "Indonesia", "it": "Italiano", "ka": "ქართული", "kk": "Қазақ тілі",
	"km": "ខ្មែរ", "ku": "Kurdî (kurmancî)", "ky": "Кыргызча", "ln": "Lingála", "lt": "Lietuvių", "lv": "Latviešu",
	"mg": "Malagasy", "my": "မြန်မာ", "ne": "नेपाली", "nl": "Nederlands", "om": "Oromoo", "pa": "ਪੰਜਾਬੀ",
	"pl": "Polski", "ps": "پښتو", "pt": "Português", "rn": "Ikirundi", "ro": "Română", "ru": "Русский", "rw": "Ikinyarwanda",
	"sd": "سنڌي", "sk": "Slovenčina", "sn": "ChiShona", "so": "Soomaali", "sq": "Shqip", "sr": "Српски", "sw": "Kiswahili",
	"ta": "தமிழ்", "tg": "Тоҷикӣ", "th": "ไทย", "ti": "ትግርኛ", "tr": "Türkçe", "uk": "Українська", "ur": "اردو",
	"uz": "O‘zbek", "vi": "Tiếng Việt", "wo": "Wolof", "yo": "Èdè Yorùbá", "zh": "中文", "zu": "IsiZulu",
}

// parents returns the tags that BCP 47 and CLDR put above l, nearest first:
// "es-419" and "es" for "es-MX"; nothing for "en", and nothing that is written
// in another script.
func (l Lang) parents() []Lang {
	tag, err := language.Parse(string(l))
	if err != nil {
		return nil
	}
	var out []Lang
	for tag = tag.Parent(); tag != language.Und; tag = tag.Parent() {
		out = append(out, Lang(tag.String()))
	}
	return out
}

// Fallback names, for a language, the languages to try next, in order, when a
// message is not written in it: {"ps": {"fa-AF", "en"}}.
//
// A chain is the whole chain: it is not continued with the chains of its
// members. A chain exists only if a programme writes it: nothing falls from
// Ukrainian to Russian by itself. A language without an entry tries its BCP 47
// parents (fa for fa-AF) and nothing else; an empty entry forbids even that.
type Fallback map[Lang][]Lang

// Check reports, all at once, every tag that is none, and every chain that
// returns to its own language or names one twice.
func (f Fallback) Check() error {
	var errs []error
	for _, l := range sorted(f) {
		if err := l.Check(); err != nil {
			errs = append(errs, fmt.Errorf("fall-back of %w", err))
		}
		for i, next := range f[l] {
			switch err := next.Check(); {
			case err != nil:
				errs = append(errs, fmt.Errorf("fall-back of %q to %w", string(l), err))
			case next == l:
				errs = append(errs, fmt.Errorf("fall-back of %q goes in a circle: take %q out of its own chain", string(l), string(l)))
			case slices.Contains(f[l][:i], next):
				errs = append(errs, fmt.Errorf("fall-back of %q names %q twice: remove one", string(l), string(next)))
			}
		}
	}
	return errors.Join(errs...)
}

// chain returns the languages to try for l, beginning with l.
func (f Fallback) chain(l Lang) []Lang {
	next, ok := f[l]
	if !ok {
		next = l.parents()
	}
	return append([]Lang{l}, next...)
}

// sorted returns the keys of m in order, so that errors come in the same order
// each time.
func sorted[V any](m map[Lang]V) []Lang {
	out := make([]Lang, 0, len(m))
	for l := range m {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}
