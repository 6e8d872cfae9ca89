package reply_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/registration/reply"
)

// Whoever writes yes and then that they do not want it has not agreed; nor has
// whoever writes no and then that they do refused.
func TestYesBesideARefusalIsNoYes(t *testing.T) {
	e := reply.New(reply.Spec{Kind: reply.YesNo, Langs: threeLangs, Options: 2})
	for lang, said := range map[hubkit.Lang][]string{
		"en": {
			"yes I do not", "sure, I do not", "ok, I don't", "of course I am not", "yes we don't", "no, I do", "no, I am", "no, it is",
			"no, we are", "👍 ok, I don't", "I do, no", "yes, I do, I don't", "так, I don't",
		},
		"uk": {"так, не хочу", "добре, не потрібно", "звісно не потрібна", "так, не потрібні", "ні, хочу", "ні, потрібна", "ні, потрібно", "не хочу, так"},
		"ru": {"да не хочу", "Да не нужно", "конечно, не хочу", "да не нужна", "да, не надо", "конечно не нужна", "нет, хочу", "нет, нужна", "так, не нужна"},
		"ar": {"نعم لا اريد", "نعم، لا أريد", "لا، اريد", "لا نريد، نعم"},
	} {
		for _, s := range said {
			u := e.Understand(lang, s, 0, nil)
			assert.Falsef(t, u.OK, "%s %q: %+v", lang, s, u)
			assert.Equalf(t, reply.SeveralOptions, u.Why, "%s %q: %v", lang, s, u.Why)
		}
	}
	for lang, said := range map[hubkit.Lang]map[string]int64{
		"en": {"no, I don't": 1, "no I dont": 1, "no, we are not": 1, "yes, I do": 0, "yes we are, thanks": 0, "I do, yes": 0, "no, thanks": 1, "ok please": 0},
		"uk": {"ні, не хочу": 1, "ні, не потрібно, дякую": 1, "так, потрібна": 0, "хочу, так": 0, "так, прошу": 0},
		"ru": {"нет, не нужна": 1, "нет не надо": 1, "да, хочу": 0, "да, нужна, спасибо": 0},
		"ar": {"لا، لا اريد": 1, "لا لا أريد": 1, "نعم أريد": 0, "لا شكرا": 1},
	} {
		for s, want := range said {
			u := e.Understand(lang, s, 0, nil)
			assert.Truef(t, u.OK, "%s %q: %v", lang, s, u.Why)
			assert.Equalf(t, want, u.N, "%s %q", lang, s)
		}
	}
	for _, s := range []string{"I do not", "не хочу", "لا أريد"} { // alone they answer nothing here: to what?
		assert.Equalf(t, reply.NotUnderstood, e.Understand("en", s, 0, nil).Why, "%q", s)
	}
}
