package registration

import (
	"slices"
	"time"

	"github.com/hubkit/hubkit"
)

// Form is the closed set of question kinds, as JSON names them.
type Form string

// The question kinds. Each has a handle of the same name.
const (
	FormYesNo      Form = "yes_no"
	FormChoice     Form = "choice"
	FormChoices    Form = "choices"
	FormInteger    Form = "integer"
	FormDecimal    Form = "decimal"
	FormWords      Form = "words"
	FormDate       Form = "date"
	FormPhone      Form = "phone"
	FormAccount    Form = "account"
	FormNationalID Form = "national_id"
	FormLocation   Form = "location"
	FormPhoto      Form = "photo"
	FormDocument   Form = "document"
	FormNote       Form = "note"
	FormConsent    Form = "consent"
	FormLanguage   Form = "language"
	FormCalculated Form = "calculated"
)

// kinds says what kind of answer each form of question takes.
var kinds = map[Form]Kind{
	FormYesNo: KindBool, FormChoice: KindOne, FormChoices: KindMany, FormInteger: KindInteger, FormDecimal: KindDecimal,
	FormWords: KindWords, FormDate: KindDate, FormPhone: KindWords, FormAccount: KindWords, FormNationalID: KindWords,
	FormLocation: KindPlace, FormPhoto: KindFile, FormDocument: KindFile, FormNote: KindNone, FormConsent: KindConsent,
	FormLanguage: KindOne, FormCalculated: KindDecimal,
}

// Question is plain data: what is asked and what an answer must be. The typed
// handles (YesNo, Choice, Integer, …) carry it; write those.
type Question struct {
	Key     string      `json:"key"` // lower-case letters, digits and _, unique; programs and exports use it
	Form    Form        `json:"form"`
	Ask     hubkit.Text `json:"ask,omitempty"`
	Options []Option    `json:"options,omitempty"`

	Min      *float64 `json:"min,omitempty"`         // numbers: least value; words: fewest characters; choices: fewest options; dates: days since 1970-01-01
	Max      *float64 `json:"max,omitempty"`         // likewise the greatest
	Places   int      `json:"places,omitempty"`      // decimals: most digits after the point; 0 means any
	Past     bool     `json:"past,omitempty"`        // dates: not after the day of the reply
	Pattern  string   `json:"pattern,omitempty"`     // words: a regular expression (RE2) that the whole text must match
	Checks   []string `json:"checks,omitempty"`      // names of Checkers; one must accept
	Version  string   `json:"version,omitempty"`     // consent: of the notice
	Exclude  []string `json:"exclusive,omitempty"`   // choices: options that stand alone, such as "none"
	Compute  *Number  `json:"compute,omitempty"`     // calculated answers
	MaxBytes int64    `json:"max_bytes,omitempty"`   // photos and documents; 0 means any
	Accept   []string `json:"media_types,omitempty"` // photos and documents: MIME types, such as "application/pdf"
}

// Option is one answer of a Choice or Choices.
type Option struct {
	Key   string      `json:"key"`
	Label hubkit.Text `json:"label"`
	Short hubkit.Text `json:"short,omitempty"` // for buttons: at most 20 characters fit everywhere
	Also  []string    `json:"also,omitempty"`  // other words that people write for it, in any language
	If    *Condition  `json:"if,omitempty"`    // offered only if Yes (a choice filter)
}

// Opt is an option of a Choice or Choices.
func Opt(key string, label hubkit.Text) Option { return Option{Key: key, Label: label} }

// Shorter gives the option a label for buttons, where space is short.
func (o Option) Shorter(label hubkit.Text) Option { o.Short = label; return o }

// Or adds words that people write for the option beside its label, in any
// language: "woman" for "Female". They are never shown.
func (o Option) Or(words ...string) Option {
	o.Also = append(slices.Clip(o.Also), words...)
	return o
}

// When offers the option only if c is Yes, as in a cascading select: the
// districts of the region that was chosen.
func (o Option) When(c Condition) Option { o.If = &c; return o }

// part makes a question, and so every handle, a Part.
func (q Question) part() branch { return branch{Do: doAsk, Question: &q} }

// Data returns the question as plain data, from any handle.
func (q Question) Data() Question { return q }

func (q Question) state(s State) Condition {
	return Condition{&expr{Op: "state", Key: q.Key, Text: s.String()}}
}

// IsAnswered is Yes if there is an answer, else No.
func (q Question) IsAnswered() Condition { return q.state(Answered) }

// IsUnknown is Yes if the person said that they do not know, else No.
func (q Question) IsUnknown() Condition { return q.state(DontKnow) }

// IsRefused is Yes if the person preferred not to say, else No.
func (q Question) IsRefused() Condition { return q.state(Refused) }

// WasNotAsked is Yes if a condition made the question unnecessary, else No.
func (q Question) WasNotAsked() Condition { return q.state(NotAsked) }

// value is the answer as a number.
func (q Question) value() Number { return Number{&expr{Op: "value", Key: q.Key}} }

func (q Question) test(op, text string) Condition {
	return Condition{&expr{Op: op, Key: q.Key, Text: text}}
}

func bounds(q Question, lo, hi float64) Question {
	q.Min, q.Max = &lo, &hi
	return q
}

// YesNoQuestion is the handle of a question answered by yes or no.
type YesNoQuestion struct{ Question }

// YesNo asks for yes or no.
func YesNo(key string, ask hubkit.Text) YesNoQuestion {
	return YesNoQuestion{Question{Key: key, Form: FormYesNo, Ask: ask}}
}

// Yes is Yes if the answer is yes.
func (q YesNoQuestion) Yes() Condition { return q.test("yes", "") }

// No is Yes if the answer is no. (It is not the same as Not(q.Yes()), which is
// also Yes if the question was not asked.)
func (q YesNoQuestion) No() Condition { return q.value().Equals(0) }

// From reads the answer; ok is false unless it was answered.
func (q YesNoQuestion) From(a Answers) (yes, ok bool) { return a.Get(q.Key).Bool() }

// ConsentQuestion is the handle of a notice that a person agrees to.
type ConsentQuestion struct{ Question }

// Consent asks whether the person agrees to a notice. The version, which
// changes with the notice's meaning, is kept in the answer.
func Consent(key, version string, notice hubkit.Text) ConsentQuestion {
	return ConsentQuestion{Question{Key: key, Form: FormConsent, Ask: notice, Version: version}}
}

// Given is Yes if the person agreed.
func (q ConsentQuestion) Given() Condition { return q.test("yes", "") }

// From reads the answer and the version it was given to.
func (q ConsentQuestion) From(a Answers) (given bool, version string, ok bool) {
	return a.Get(q.Key).Consent()
}

// ChoiceQuestion is the handle of a question with one of several options.
type ChoiceQuestion struct{ Question }

// Choice asks for one option. The order of the options is theirs for AtLeast
// and AtMost, and the same on every channel.
func Choice(key string, ask hubkit.Text, options ...Option) ChoiceQuestion {
	return ChoiceQuestion{Question{Key: key, Form: FormChoice, Ask: ask, Options: options}}
}

// Is is Yes if one of these options was chosen.
func (q ChoiceQuestion) Is(options ...string) Condition {
	if len(options) == 1 {
		return q.test("is", options[0])
	}
	cs := make([]Condition, len(options))
	for i, o := range options {
		cs[i] = q.test("is", o)
	}
	return Any(cs...)
}

// AtLeast is Yes if the chosen option stands at or after this one in the list,
// as for levels of difficulty.
func (q ChoiceQuestion) AtLeast(option string) Condition { return q.test("at_least", option) }

// AtMost is Yes if the chosen option stands at or before this one in the list.
func (q ChoiceQuestion) AtMost(option string) Condition { return q.test("at_most", option) }

// From reads the key of the chosen option.
func (q ChoiceQuestion) From(a Answers) (option string, ok bool) { return a.Get(q.Key).Option() }

// Language asks in which language to go on, in the languages' own names, and
// goes on in it. It asks nothing if the interview began with a language chosen.
func Language(key string, ask hubkit.Text) ChoiceQuestion {
	return ChoiceQuestion{Question{Key: key, Form: FormLanguage, Ask: ask}}
}

// ChoicesQuestion is the handle of a question with any of several options.
type ChoicesQuestion struct{ Question }

// Choices asks for any of at most 64 options.
func Choices(key string, ask hubkit.Text, options ...Option) ChoicesQuestion {
	return ChoicesQuestion{Question{Key: key, Form: FormChoices, Ask: ask, Options: options}}
}

// Between bounds how many options may be chosen. Defaults to at least one.
func (q ChoicesQuestion) Between(least, most int) ChoicesQuestion {
	q.Question = bounds(q.Question, float64(least), float64(most))
	return q
}

// Alone says that these options exclude all others, such as "none of these".
func (q ChoicesQuestion) Alone(options ...string) ChoicesQuestion {
	q.Exclude = options
	return q
}

// Has is Yes if the option was chosen.
func (q ChoicesQuestion) Has(option string) Condition { return q.test("has", option) }

// Chosen is how many options were chosen.
func (q ChoicesQuestion) Chosen() Number { return Number{&expr{Op: "chosen", Key: q.Key}} }

// From reads the keys of the chosen options.
func (q ChoicesQuestion) From(a Answers) (options []string, ok bool) { return a.Get(q.Key).Options() }

// LocationQuestion is the handle of a question for a place.
type LocationQuestion struct{ Question }

// Location asks for a place, which is shared from the phone or written as
// "latitude, longitude" in degrees.
func Location(key string, ask hubkit.Text) LocationQuestion {
	return LocationQuestion{Question{Key: key, Form: FormLocation, Ask: ask}}
}

// From reads the place.
func (q LocationQuestion) From(a Answers) (p Place, ok bool) { return a.Get(q.Key).Place() }

// FileQuestion is the handle of a question for a photo or document.
type FileQuestion struct{ Question }

// Photo asks for a photo. The answer is a reference to it.
func Photo(key string, ask hubkit.Text) FileQuestion {
	return FileQuestion{Question{Key: key, Form: FormPhoto, Ask: ask}}
}

// Document asks for a document: a photo of it or a file. The answer is a reference to it.
func Document(key string, ask hubkit.Text) FileQuestion {
	return FileQuestion{Question{Key: key, Form: FormDocument, Ask: ask}}
}

// Largest bounds the size in bytes.
func (q FileQuestion) Largest(bytes int64) FileQuestion { q.MaxBytes = bytes; return q }

// Types lists the MIME types that are taken, such as "image/jpeg" or "application/pdf".
// Defaults to every image for a photo, and images and PDF for a document.
func (q FileQuestion) Types(mime ...string) FileQuestion { q.Accept = mime; return q }

// From reads the reference.
func (q FileQuestion) From(a Answers) (f File, ok bool) { return a.Get(q.Key).File() }

// Note says something and asks nothing. It is said together with the next question.
func Note(key string, say hubkit.Text) Question {
	return Question{Key: key, Form: FormNote, Ask: say}
}

// DateQuestion is the handle of a question for a day.
type DateQuestion struct{ Question }

// Date asks for a day of the Gregorian calendar.
func Date(key string, ask hubkit.Text) DateQuestion {
	return DateQuestion{Question{Key: key, Form: FormDate, Ask: ask}}
}

// Between bounds the day, both ends included. Only the dates of from and to count.
func (q DateQuestion) Between(from, to time.Time) DateQuestion {
	q.Question = bounds(q.Question, float64(day(from)), float64(day(to)))
	return q
}

// InPast refuses days after the day of the reply.
func (q DateQuestion) InPast() DateQuestion { q.Past = true; return q }

// Before is Yes if the day lies before t's.
func (q DateQuestion) Before(t time.Time) Condition { return q.value().LessThan(float64(day(t))) }

// OnOrAfter is Yes if the day is t's or later.
func (q DateQuestion) OnOrAfter(t time.Time) Condition { return q.value().AtLeast(float64(day(t))) }

// Days is the day as days since 1970-01-01.
func (q DateQuestion) Days() Number { return q.value() }

// From reads the day, at midnight UTC.
func (q DateQuestion) From(a Answers) (t time.Time, ok bool) { return a.Get(q.Key).Date() }

// day is the date of t, in t's own zone, as days since 1970-01-01.
func day(t time.Time) int64 {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
}
