package cardfile

import (
	"fmt"
	"html/template"
	"io"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/scoring"
)

// WriteHTML writes a card's page as one HTML file that needs nothing else: to be
// put on a web site, printed, or filed with the decision. The language is that of
// the titles and reasons on it; all of the card's words are escaped.
func WriteHTML(w io.Writer, p scoring.Page, l hubkit.Lang) error {
	err := page.Execute(w, struct {
		scoring.Page
		Lang hubkit.Lang
	}{p, l})
	if err != nil {
		return fmt.Errorf("cardfile: %w", err)
	}
	return nil
}

var page = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Title}}</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #767676; padding: .3rem .5rem; text-align: start; vertical-align: top; overflow-wrap: anywhere; }
th { background: #f0f0f0; }
.cite { overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; } }
</style>
</head>
<body>
<h1 dir="auto">{{.Title}}</h1>
<p class="cite">{{.Cite}}</p>
{{- with .Notes}}
<p dir="auto">{{.}}</p>
{{- end}}
{{- range .Sections}}
<h2>{{.Name}}</h2>
<div class="wide" tabindex="0" role="region" aria-label="{{.Name}}">
<table>
{{- if index .Columns 0}}
<thead><tr>{{range .Columns}}<th scope="col">{{.}}</th>{{end}}</tr></thead>
{{- end}}
<tbody>
{{- range .Rows}}
<tr>{{range $i, $cell := .}}{{if $i}}<td dir="auto">{{$cell}}</td>{{else}}<th scope="row" dir="auto">{{$cell}}</th>{{end}}{{end}}</tr>
{{- end}}
</tbody>
</table>
</div>
{{- end}}
</body>
</html>
`))
