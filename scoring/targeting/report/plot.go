package report

import (
	"fmt"
	"html"
	"html/template"
	"math"
	"strconv"
	"strings"
)

// plot is a drawing in SVG: axes with labels, and what is drawn between them.
// Text stays text, so that it can be read out, searched and enlarged; series
// differ by dashes and marks and not by colour alone.
type plot struct {
	title, desc string // for those who do not see it
	x, y        axis
	names       []string // of the places on a y axis of names, from the top
	body        strings.Builder
}

// axis runs from lo to hi, in units that label tells.
type axis struct {
	label  string
	lo, hi float64
	share  bool // ticks are percentages
}

// The drawing, in units of SVG; the plot lies within its margins.
const (
	width, height       = 640.0, 380.0
	right, top, bottom  = 24.0, 32.0, 56.0
	narrowLeft, nameEnd = 64.0, 150.0
)

func (p *plot) left() float64 {
	if p.names != nil {
		return nameEnd
	}
	return narrowLeft
}

// tall is the height, which grows with the names.
func (p *plot) tall() float64 {
	if p.names == nil {
		return height
	}
	return top + bottom + 34*float64(len(p.names))
}

func (p *plot) px(x float64) float64 {
	return p.left() + (x-p.x.lo)/(p.x.hi-p.x.lo)*(width-right-p.left())
}

func (p *plot) py(y float64) float64 {
	if p.names != nil {
		return top + 34*(y+0.5)
	}
	return p.tall() - bottom - (y-p.y.lo)/(p.y.hi-p.y.lo)*(p.tall()-top-bottom)
}

func (p *plot) add(format string, a ...any) { fmt.Fprintf(&p.body, format+"\n", a...) }

// n writes a coordinate.
func n(x float64) string { return strconv.FormatFloat(math.Round(x*10)/10, 'f', -1, 64) }

// The series, by class: style.css gives each a colour and a dash.
const (
	first  = "s1"
	second = "s2"
)

type point struct{ x, y float64 }

// line draws a line through points.
func (p *plot) line(class string, points []point) {
	d := make([]string, len(points))
	for i, q := range points {
		d[i] = n(p.px(q.x)) + "," + n(p.py(q.y))
	}
	p.add(`<polyline class="line %s" points="%s"/>`, class, strings.Join(d, " "))
}

// beside writes the name of a line beside its point that is nearest to x.
func (p *plot) beside(class, name string, points []point, x, dx, dy float64, anchor string) {
	var best point
	for i, q := range points {
		if i == 0 || math.Abs(q.x-x) < math.Abs(best.x-x) {
			best = q
		}
	}
	p.text(class+" name", p.px(best.x)+dx, p.py(best.y)+dy, anchor, name)
}

// bar draws a bar that stands on y from.
func (p *plot) bar(class string, x0, x1, from, to float64) {
	p.add(`<rect class="bar %s" x="%s" y="%s" width="%s" height="%s"/>`, class, n(p.px(x0)), n(p.py(to)), n(p.px(x1)-p.px(x0)), n(p.py(from)-p.py(to)))
}

// rule draws a vertical line with its name: where the cut is.
func (p *plot) rule(x float64, name string) {
	p.add(`<line class="rule" x1="%[1]s" x2="%[1]s" y1="%[2]s" y2="%[3]s"/>`, n(p.px(x)), n(top), n(p.tall()-bottom))
	anchor, dx := "start", -4.0
	if p.px(x) > width*0.6 {
		anchor, dx = "end", 4
	}
	p.text("name", p.px(x)+dx, top-10, anchor, name)
}

// mark draws a mark: round for the first series, square for the second.
func (p *plot) mark(class string, x, y float64) {
	if class == second {
		p.add(`<rect class="mark %s" x="%s" y="%s" width="10" height="10"/>`, class, n(p.px(x)-5), n(p.py(y)-5))
		return
	}
	p.add(`<circle class="mark %s" cx="%s" cy="%s" r="6"/>`, class, n(p.px(x)), n(p.py(y)))
}

// span draws how sure a mark is.
func (p *plot) span(class string, x0, x1, y float64) {
	p.add(`<line class="span %s" x1="%s" x2="%s" y1="%[4]s" y2="%[4]s"/>`, class, n(p.px(x0)), n(p.px(x1)), n(p.py(y)))
}

func (p *plot) text(class string, x, y float64, anchor, s string) {
	p.add(`<text class="%s" x="%s" y="%s" text-anchor="%s">%s</text>`, class, n(x), n(y), anchor, html.EscapeString(s))
}

// svg returns the drawing. id is unique on the page.
func (p *plot) svg(id string) template.HTML {
	body := p.body.String()
	p.body.Reset()
	h := p.tall()
	p.add(`<svg class="plot" role="img" aria-labelledby="%[1]s-t %[1]s-d" viewBox="0 0 %[2]s %[3]s" xmlns="http://www.w3.org/2000/svg">`, id, n(width), n(h))
	p.add(`<title id="%s-t">%s</title>`, id, html.EscapeString(p.title))
	p.add(`<desc id="%s-d">%s</desc>`, id, html.EscapeString(p.desc))
	for _, t := range ticks(p.x.lo, p.x.hi, 8) {
		p.add(`<line class="grid" x1="%[1]s" x2="%[1]s" y1="%[2]s" y2="%[3]s"/>`, n(p.px(t)), n(top), n(h-bottom))
		p.text("tick", p.px(t), h-bottom+18, "middle", p.x.tick(t))
	}
	if p.names == nil {
		for _, t := range ticks(p.y.lo, p.y.hi, 6) {
			p.add(`<line class="grid" x1="%s" x2="%s" y1="%[3]s" y2="%[3]s"/>`, n(p.left()), n(width-right), n(p.py(t)))
			p.text("tick", p.left()-8, p.py(t)+4, "end", p.y.tick(t))
		}
		p.add(`<text class="label" transform="translate(16 %s) rotate(-90)" text-anchor="middle">%s</text>`, n((top+h-bottom)/2), html.EscapeString(p.y.label))
	}
	for i, name := range p.names {
		p.text("tick", p.left()-10, p.py(float64(i))+4, "end", short(name, 20))
	}
	p.add(`<path class="axis" d="M%s %sV%sH%s"/>`, n(p.left()), n(top), n(h-bottom), n(width-right))
	p.text("label", (p.left()+width-right)/2, h-12, "middle", p.x.label)
	return template.HTML(p.body.String() + body + "</svg>") // every text in it went through EscapeString
}

// short shortens a name for the axis; the table beside the plot has all of it.
func short(s string, most int) string {
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most-1]) + "…"
}

func (a axis) tick(x float64) string {
	if a.share {
		return strconv.FormatFloat(math.Round(x*1e4)/100, 'f', -1, 64) + "%"
	}
	return number(x)
}

// ticks are about most round numbers from lo to hi.
func ticks(lo, hi float64, most int) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((hi-lo)/float64(most))))
	for _, m := range []float64{1, 2, 5, 10} {
		if (hi-lo)/(step*m) <= float64(most) {
			step *= m
			break
		}
	}
	var out []float64
	for i := math.Ceil(lo/step-1e-9) + 0; i*step <= hi+step*1e-9; i++ {
		out = append(out, i*step+0) // -0 is 0
	}
	return out
}

// number writes a figure with as many digits as say something.
func number(x float64) string {
	if a := math.Abs(x); a >= 1e15 || a > 0 && a < 1e-4 {
		return strconv.FormatFloat(x, 'g', 4, 64)
	}
	return strconv.FormatFloat(math.Round(x*1e4)/1e4, 'f', -1, 64)
}

// count writes a whole number with thin spaces between thousands.
func count(x float64) string {
	s := strconv.FormatFloat(math.Abs(math.Round(x)), 'f', 0, 64)
	var b strings.Builder
	if math.Round(x) < 0 {
		b.WriteString("−")
	}
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString(" ")
		}
		b.WriteRune(c)
	}
	return b.String()
}

func percent(x float64) string { return strconv.FormatFloat(math.Round(x*1e3)/10, 'f', 1, 64) + "%" }
