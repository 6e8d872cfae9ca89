package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// progress is a bar on a terminal, and nothing anywhere else. It counts what is
// read.
type progress struct {
	io.Reader
	to          io.Writer // nil without a terminal
	read, size  int64
	began, last time.Time
	shown       bool
}

func newProgress(to io.Writer, in io.Reader, size int64, quiet bool) *progress {
	p := &progress{Reader: in, size: size, began: time.Now()}
	if f, ok := to.(*os.File); ok && !quiet {
		if st, err := f.Stat(); err == nil && st.Mode()&os.ModeCharDevice != 0 {
			p.to = to
		}
	}
	return p
}

// Read counts.
func (p *progress) Read(b []byte) (int, error) {
	n, err := p.Reader.Read(b)
	p.read += int64(n)
	return n, err
}

// tick shows that n households are done, a few times a second.
func (p *progress) tick(n int) {
	if p.to == nil || n%256 != 0 {
		return
	}
	now := time.Now()
	if now.Sub(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	fmt.Fprintf(p.to, "\r%s\x1b[K", bar(n, p.read, p.size, now.Sub(p.began)))
}

// bar draws the bar.
func bar(n int, read, size int64, took time.Duration) string {
	if size == 0 || read == 0 {
		return fmt.Sprintf("%d households", n)
	}
	const cells = 30
	part := min(1, float64(read)/float64(size))
	full := int(part * cells)
	left := time.Duration(float64(took) * (1 - part) / part).Round(time.Second)
	return fmt.Sprintf("%s%s %3.0f%%  %d households, %v left", strings.Repeat("█", full), strings.Repeat("░", cells-full), 100*part, n, left)
}

// end takes the bar away.
func (p *progress) end() {
	if p.shown {
		p.shown = false
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
