package cardfile_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/cardfile"
)

// The page holds every cell of the card, escaped, and asks for nothing from elsewhere.
func TestWriteHTML(t *testing.T) {
	s := goCard()
	s.Notes = `Not in use <script>alert("x")</script>`
	s.Title = hubkit.Text{"en": "A card", "uk": `Картка "№ 1" <b>`}
	c := scoring.MustNew(s, form.Shape())
	p := c.Page("uk")
	var b strings.Builder
	require.NoError(t, cardfile.WriteHTML(&b, p, "uk"))
	out := b.String()
	assert.True(t, strings.HasPrefix(out, "<!DOCTYPE html>\n<html lang=\"uk\">"))
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "+", "&#43;")
	for _, section := range p.Sections {
		for _, row := range section.Rows {
			for _, cell := range row {
				assert.Contains(t, out, ">"+escape.Replace(cell)+"</t")
			}
		}
	}
	assert.Contains(t, out, c.HashString())
	assert.Contains(t, out, "<title>Картка &#34;№ 1&#34; &lt;b&gt;</title>")
	for _, bad := range []string{"<script", "http:", "https:", "src=", "href="} {
		assert.NotContains(t, out, bad)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestWriteHTMLFails(t *testing.T) {
	err := cardfile.WriteHTML(broken{}, scoring.MustNew(goCard(), form.Shape()).Page("en"), "en")
	require.ErrorContains(t, err, "cardfile: the disk is full")
}
