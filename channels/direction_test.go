package channels

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What isolates hold, and isolates in them, says nothing of a line's direction;
// a closing sign that closes nothing is ignored (UAX #9, BD9 and P2).
func TestMarkLinesLooksPastIsolates(t *testing.T) {
	const open, closed = "\u2068", "\u2069"
	for _, c := range []struct {
		name, line string
		mark       bool
	}{
		{"one in another", open + "1 " + open + "2" + closed + " Olena" + closed + " نعم", false},
		{"one in another, then Latin", open + "1 " + open + "2" + closed + " نعم" + closed + " Olena", true},
		{"one after another", open + "Olena" + closed + open + "Ivan" + closed + " نعم", false},
		{"every way to open", "\u2066Olena\u2067Ivan" + closed + open + "Anna" + closed + closed + " نعم", false},
		{"closing nothing", closed + open + "Olena" + closed + " نعم", false},
		{"closing nothing, then Latin", closed + closed + "Olena نعم", true},
		{"never closed", open + open + "نعم" + closed + " نعم", true},
	} {
		want := c.line
		if c.mark {
			want = rlm + c.line
		}
		assert.Equal(t, want, markLines(c.line), c.name)
	}
}
