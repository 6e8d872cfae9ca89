package registration_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration"
)

// A questionnaire in two languages, and the mistakes of one that was written in haste.
func Example() {
	seeking := registration.YesNo("seeking", hubkit.Text{"en": "Do you need cash support?", "uk": "Вам потрібна грошова допомога?"})
	size := registration.Integer("size", hubkit.Text{"en": "How many people live with you?", "uk": "Скільки людей живе з вами?"}).Between(1, 25)
	form, err := registration.New(registration.Spec{
		ID: "ua-cash", Version: "1", Languages: []hubkit.Lang{"en", "uk"},
		Parts: registration.Parts(seeking, registration.When(seeking.Yes(), size)),
	})
	fmt.Println(form.ID(), err)

	_, err = registration.New(registration.Spec{
		ID: "ua-cash", Languages: []hubkit.Lang{"en", "uk"},
		Parts: registration.Parts(
			registration.YesNo("seeking", hubkit.Text{"en": "Do you need cash support?"}),
			registration.When(size.AtLeast(8), registration.Note("large", hubkit.Text{"en": "A large household.", "uk": "Велика родина."})),
		),
	})
	fmt.Println(err)
	// Output:
	// ua-cash <nil>
	// registration: the questionnaire has 3 mistakes:
	//   - the questionnaire has no Version: answers must be traceable to what was asked
	//   - seeking: uk: there is no text in this language: write one, or name a fall-back
	//   - part 2: condition "value" on "size": no question has this key
}

var (
	wasDisplaced   = registration.YesNo("displaced", hubkit.Text{"en": "Were you displaced?"})
	displacedSince = registration.Date("since", hubkit.Text{"en": "Since when?"}).InPast()
	people         = registration.Integer("people", hubkit.Text{"en": "How many are you?"}).Between(1, 9)
	howOld         = registration.Integer("how_old", hubkit.Text{"en": "How old?"}).Between(0, 120)
	household      = registration.Repeat("household", hubkit.Text{"en": "Person {n}"}, howOld).Times(people)
	short          = registration.MustNew(registration.Spec{
		ID: "short", Version: "1", Languages: []hubkit.Lang{"en"},
		Parts: registration.Parts(
			wasDisplaced, registration.When(wasDisplaced.Yes(), displacedSince),
			people, household,
			registration.When(household.Any(howOld.AtMost(5)), registration.Note("infants", hubkit.Text{"en": "We have food for small children."})),
			registration.Summary(nil),
		),
	})
)

// The loop of an interview: say the prompt, hear the reply. Here the person
// answers no, so that the question under When is never asked.
func ExampleInterview() {
	iv := short.Begin("en")
	for _, reply := range []string{"No", "two", "34", "young", "4", "send"} {
		p := iv.Prompt()
		fmt.Println(strings.TrimSpace(p.Heading + " " + p.Text))
		if h := iv.Hear(registration.Reply{Text: reply}); h.Say != "" {
			fmt.Println("  " + reply + " → " + h.Say)
		}
	}
	fmt.Println(iv.Outcome())
	// Output:
	// Were you displaced?
	// How many are you?
	// Person 1 How old?
	// Person 2 How old?
	//   young → Please write a whole number in digits, for example 4.
	// Person 2 How old?
	// Please check your answers:
	// Were you displaced?: No
	// How many are you?: 2
	//
	// Person 1
	// How old?: 34
	//
	// Person 2
	// How old?: 4
	// complete
}

// An interview goes on where it was, days later and on another machine.
func ExampleQuestionnaire_Resume() {
	iv := short.Begin("en")
	iv.Hear(registration.Reply{Text: "no"})
	stored := iv.AppendState(nil)

	iv, err := short.Resume(stored)
	fmt.Println(iv.Prompt().Text, err)
	_, err = short.Resume(stored[:len(stored)-1])
	fmt.Println(errors.Is(err, registration.ErrState))
	// Output:
	// How many are you? <nil>
	// true
}

// What is known is not asked again.
func ExampleQuestionnaire_Continue() {
	known := registration.Of(map[string]registration.Value{"displaced": registration.BoolValue(false), "people": registration.IntValue(1)})
	iv, err := short.Continue("en", known)
	fmt.Println(iv.Prompt().Heading, iv.Prompt().Text, err)
	// Output: Person 1 How old? <nil>
}

// An earlier answer can be changed; what depends on it follows.
func ExampleInterview_Change() {
	iv := short.Begin("en")
	for _, s := range []string{"no", "1", "34"} {
		iv.Hear(registration.Reply{Text: s})
	}
	if err := iv.Change("displaced", -1); err != nil {
		fmt.Println(err)
	}
	iv.Hear(registration.Reply{Text: "yes"})
	fmt.Println(iv.Prompt().Text)
	iv.Hear(registration.Reply{Text: "24.02.2022"})
	fmt.Println(iv.Prompt().Key)
	// Output:
	// Since when?
	// _summary
}

// Members of a roster are looked at through its handle.
func ExampleRosterPart() {
	answers := registration.Of(map[string]registration.Value{
		"household": registration.RowsValue(
			registration.Of(map[string]registration.Value{"how_old": registration.IntValue(71)}),
			registration.Of(map[string]registration.Value{"how_old": registration.IntValue(3)}),
		),
	})
	for person := range household.From(answers) {
		years, _ := howOld.From(person)
		fmt.Println(years)
	}
	older, _ := household.Count(howOld.AtLeast(60)).Bind(short.Shape())
	fmt.Println(older.Eval(answers).Known())
	// Output:
	// 71
	// 3
	// 1 true
}

// A condition is Unknown only as long as the answers do not decide it.
func ExampleCondition() {
	c := registration.Any(wasDisplaced.Yes(), household.Any(howOld.AtMost(5)))
	test, _ := c.Bind(short.Shape())
	fmt.Println(test.Eval(registration.Of(nil)))
	fmt.Println(test.Eval(registration.Of(map[string]registration.Value{"displaced": registration.BoolValue(true)})))
	b, _ := json.Marshal(wasDisplaced.Yes())
	fmt.Println(string(b))
	// Output:
	// unknown
	// yes
	// {"op":"yes","key":"displaced"}
}

// Answers come back from JSON as they went.
func ExampleAnswers() {
	iv := short.Begin("en")
	for _, s := range []string{"yes", "24.02.2022", "1", "34"} {
		iv.Hear(registration.Reply{Text: s})
	}
	b, _ := json.Marshal(iv.Answers())
	fmt.Println(string(b))
	var back registration.Answers
	err := json.Unmarshal(b, &back)
	fmt.Println(back.Equal(iv.Answers()), err)
	// Output:
	// {"displaced":true,"since":{"date":"2022-02-24"},"people":1,"household":{"rows":[{"how_old":34}]}}
	// true <nil>
}

// A checker of one's own, for an identifier that is not built in.
func ExampleChecker() {
	card := registration.CheckFunc("camp-card", func(text string) (string, error) {
		digits, ok := strings.CutPrefix(strings.ToUpper(strings.TrimSpace(text)), "C-")
		if !ok || len(digits) != 4 {
			return "", &registration.CheckError{Checker: "camp-card", Problem: registration.ProblemFormat}
		}
		return "C-" + digits, nil
	})
	form := registration.MustNew(registration.Spec{
		ID: "camp", Version: "1", Languages: []hubkit.Lang{"en"}, Checkers: []registration.Checker{card},
		Parts: registration.Parts(registration.NationalID("card", hubkit.Text{"en": "The number on your card?"}, "camp-card")),
	})
	iv := form.Begin("en")
	fmt.Println(iv.Hear(registration.Reply{Text: "1234"}).Say)
	iv.Hear(registration.Reply{Text: "c-1234"})
	fmt.Println(iv.Answers().Get("card").Words())
	// Output:
	// This number does not look right. Please check every letter and digit and write it again.
	// C-1234 true
}

// dots is the smallest foreign language: its source names a yes-or-no question.
type dots struct{}

func (dots) Language() string { return "dots" }

func (dots) Compile(source string, scope *registration.Shape) (registration.Program, error) {
	if _, ok := scope.Find(source); !ok {
		return nil, errors.New("it names no question")
	}
	return dot(source), nil
}

type dot string

func (d dot) Eval(a registration.Answers) registration.Value { return a.Get(string(d)) }
func (d dot) Reads() []string                                { return []string{string(d)} }

// Conditions in another language, such as XLSForm's, are Foreign; their
// evaluator is passed to New.
func ExampleForeign() {
	form := registration.MustNew(registration.Spec{
		ID: "foreign", Version: "1", Languages: []hubkit.Lang{"en"}, Evaluators: []registration.Evaluator{dots{}},
		Parts: registration.Parts(wasDisplaced, registration.When(registration.Foreign("dots", "displaced"), displacedSince), people),
	})
	iv := form.Begin("en")
	iv.Hear(registration.Reply{Text: "yes"})
	fmt.Println(iv.Prompt().Text)
	// Output: Since when?
}
