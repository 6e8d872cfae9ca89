package twilio

import (
	"net/url"
	"strconv"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// standing is where a call stands. It travels in the query of every URL that a document
// gives to Twilio and is remembered nowhere else: Twilio's signature covers the URL,
// so nobody else can make one. It holds nothing of a person.
type standing struct {
	turn  int         // of the next event of this call, from 1; 0 before the first document
	way   way         // what the request is for; none: keys or speech
	lang  hubkit.Lang // last spoken
	told  bool        // the keys that work everywhere were explained
	idle  int         // pages turned in a row without a key
	queue string      // of the desk being called
	asked
}

// way says what a request is for, other than to bring an answer.
type way string

// Ways.
const (
	afterStar way = "star"    // a key after star alone
	turnPage  way = "more"    // silence on a long list: the next page
	askAgain  way = "again"   // silence after star
	toPerson  way = "person"  // what comes next cannot be spoken
	dialled   way = "dialled" // a desk was rung
	wishes    way = "wish"    // the key that asks to be called back
	whispers  way = "whisper" // to a person of a desk, before the call is theirs
	accepts   way = "accept"  // the key with which they take it
	begins    way = "begin"   // a call that we made was answered
)

// query writes p.
func (p *standing) query() url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	count := func(name string, n int) {
		if n != 0 {
			q.Set(name, strconv.Itoa(n))
		}
	}
	count("t", p.turn)
	set("w", string(p.way))
	set("l", string(p.lang))
	if p.told {
		q.Set("k", "1")
	}
	count("i", p.idle)
	set("d", p.queue)
	if p.kind != nothing {
		q.Set("a", string(rune(p.kind)))
	}
	set("q", p.ref)
	count("n", p.count)
	count("p", p.page)
	count("x", p.next)
	for _, id := range p.ways {
		q.Add("o", id)
	}
	return q
}

// standingOf reads what query wrote. A URL of ours that cannot be read is of another
// version of this program, and malformed.
func standingOf(q url.Values) (standing, error) {
	p := standing{way: way(q.Get("w")), lang: hubkit.Lang(q.Get("l")), told: q.Get("k") == "1", queue: q.Get("d")}
	p.ref, p.ways = q.Get("q"), q["o"]
	for name, n := range map[string]*int{"t": &p.turn, "i": &p.idle, "n": &p.count, "p": &p.page, "x": &p.next} {
		if s := q.Get(name); s != "" {
			var ok bool
			if *n, ok = number(s); !ok {
				return standing{}, channels.ErrMalformed
			}
		}
	}
	switch a := q.Get("a"); kind(first(a)) {
	case nothing:
	case choice, several, typed:
		p.kind = kind(a[0])
	default:
		return standing{}, channels.ErrMalformed
	}
	return p, nil
}

// first returns the first byte of s, and 0 of "".
func first(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}
