package desk

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

// Every word that a template or the code asks for exists, and none is left over.
func TestWordsAreThere(t *testing.T) {
	asked := map[string]bool{}
	find := func(file string, forms ...string) {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, f := range forms {
			for _, m := range regexp.MustCompile(f).FindAllStringSubmatch(string(b), -1) {
				asked[m[1]] = true
			}
		}
	}
	templates, err := fs.Glob(embedded, "templates/*")
	require.NoError(t, err)
	for _, f := range templates {
		find(f, `\bt "([a-z_]+[a-z])"`)
	}
	sources, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, f := range sources {
		if f == "words.go" || regexp.MustCompile(`_test\.go$`).MatchString(f) {
			continue
		}
		find(f, `v\.t\("([a-z_]+[a-z])"`, `[pP]roblem\w* ?:?= "([a-z_]+)"`, `return f, "([a-z_]+)"`, `return "([a-z_]+_missing|too_long)"`, `Problem: "([a-z_]+)"`, `problem = "([a-z_]+)"`, `Warns = "([a-z_]+)"`)
		b, err := os.ReadFile(f)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"(err_[a-z]+)"`).FindAllStringSubmatch(string(b), -1) {
			asked[m[1]], asked[m[1]+"_why"] = true, true
		}
		for _, m := range regexp.MustCompile(`Refuses = "([a-z_]+)"`).FindAllStringSubmatch(string(b), -1) {
			asked["refuses_"+m[1]] = true
		}
	}
	for _, s := range statuses {
		asked["status_"+string(s)], asked["do_"+string(s)] = true, true
	}
	for _, r := range roles {
		asked["role_"+string(r)] = true
	}
	for _, k := range []crm.ActorKind{crm.Bot, crm.Agent, crm.Beneficiary, crm.System} {
		asked["actor_"+string(k)] = true
	}
	for _, topic := range []string{"desk", "help", "not_understood", "deferred", "call_back", "child_alone"} {
		asked["topic_"+topic] = true
	}
	for id := range asked {
		assert.Contains(t, ownWords, id)
	}
	for id := range ownWords {
		assert.True(t, asked[id], "nobody says %q", id)
	}
}

func TestEveryStatusHasAPlace(t *testing.T) {
	for _, r := range crm.Rules() {
		assert.Contains(t, statuses, r.From)
		assert.Contains(t, statuses, r.To)
	}
}

// People are told of every decision in each of the three languages.
func TestDraftsSpeakEveryLanguage(t *testing.T) {
	for _, s := range []crm.Status{crm.MoreInfo, crm.Approved, crm.WaitingList, crm.Rejected, crm.Paused, crm.Closed, crm.Completed, crm.Validated, crm.Withdrawn, backToBot} {
		for _, l := range []hubkit.Lang{"en", "uk", "ru"} {
			assert.NotEmpty(t, ownDrafts[s][l], "%s in %s", s, l)
		}
	}
	drafts, err := newDrafts(map[crm.Status]hubkit.Text{crm.Approved: {"ar": "تمت الموافقة"}, crm.InReview: {"en": "We read it now."}})
	require.NoError(t, err)
	s, used := drafts[crm.Approved].In("ar", nil)
	assert.Equal(t, "تمت الموافقة", s)
	assert.Equal(t, hubkit.Lang("ar"), used)
	_, used = drafts[crm.Approved].In("fr", nil)
	assert.Equal(t, hubkit.Lang("en"), used)
	_, err = newDrafts(map[crm.Status]hubkit.Text{crm.Approved: {"en": "{broken"}})
	require.Error(t, err)
}

func TestFollowable(t *testing.T) {
	for _, ok := range []string{"", "p/ua/r/1?x=y", "?status=all&after=1_2", "users"} {
		assert.True(t, followable(ok), ok)
	}
	for _, bad := range []string{"/x", "//x", "a//b", "../x", "http://x", "javascript:x", "a b", "a\nb", `\x`, "?lang=\u202e"} {
		assert.False(t, followable(bad), bad)
	}
}

func TestCursorText(t *testing.T) {
	for _, bad := range []string{"x", "1", "_", "1e3_x", "9999999999999999999999_x"} {
		_, err := cursor(bad)
		require.Error(t, err, bad)
	}
	c, err := cursor("1700000000000_abc")
	require.NoError(t, err)
	assert.Equal(t, "1700000000000_abc", cursorText(c))
}

func FuzzWords(f *testing.F) {
	for _, s := range []string{"Привіт\r\nсвіте", "سلام \u200f!", "👩‍👩‍👧\x00", "\xff\xfe", " a\tb ", "\x1b[2J"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		w := words(s)
		if w != words(w) {
			t.Errorf("words of words differ: %q", s)
		}
		if slices.ContainsFunc([]rune(w), func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }) {
			t.Errorf("a control is left of %q", s)
		}
	})
}

// FuzzFollow: whatever is followed stays on the desk.
func FuzzFollow(f *testing.F) {
	for _, s := range []string{"p/ua/r/1", "//evil", "\\\\evil", "http:evil", "..", "?next=//x", "%2f%2fevil"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if followable(s) && regexp.MustCompile(`^(/|\\|[a-zA-Z][a-zA-Z0-9+.-]*:)`).MatchString(s) {
			t.Errorf("%q leads away", s)
		}
	})
}
