package crm

import (
	"time"

	"github.com/hubkit/hubkit"
)

// Person is one human being a programme knows of. Everything but the ids is
// sealed at rest.
type Person struct {
	ID        string
	Programme string
	Rev       int64 // 0 when new; Commit fails with ErrStale when it is not the stored one

	Name      string // as the person writes it
	LatinName string // for payment lists and borders; may be empty
	Sex       string // ISO/IEC 5218 as a word chosen by the programme; may be empty
	Birth     string // "1961-04-23", "1961-04" or "1961"; may be empty
	Estimated bool   // the birth date is an estimate
	Lang      hubkit.Lang
	// Find lists normalised values by which Store.Find finds the person, by
	// field: {"phone": "+380…", "tax_id": "…"}. They are sealed with the person,
	// and beside it only a keyed blind index is kept. Never put a value of few
	// possibilities here (sex, region): an index would give it away.
	Find map[string]string
	// More is whatever else the programme keeps, as JSON; sealed.
	More []byte

	At time.Time // of the last change; set by the store
}

// Household is the group that one registration is about, in the manner of
// UNHCR's proGres: members are persons, and each has a part in it.
type Household struct {
	ID      string
	Size    int // as declared; members may be fewer while answers are missing
	Members []Member
}

// Member is one person's part in a Household.
type Member struct {
	Person   string // Person.ID
	Relation string // to the head: "head", "spouse", "child", …
	// Collector is "primary" or "alternate" for who may collect for the
	// household, else "".
	Collector string
}
