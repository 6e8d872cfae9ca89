package segments_test

import (
	"fmt"

	"github.com/hubkit/hubkit/channels/segments"
)

func ExampleSplit() {
	text := "Your request is received. We will write to you within two weeks. Nothing is asked of you until then."
	for _, part := range segments.Split(text, segments.Graphemes, 70) {
		fmt.Println(part)
	}
	// Output:
	// Your request is received. We will write to you within two weeks.
	// Nothing is asked of you until then.
}

func ExampleMeasure() {
	for _, s := range []string{"Yes", "Так", "Price: 10 €"} {
		m := segments.Measure(s)
		fmt.Println(m.Encoding, m.Units, m.Segments)
	}
	// Output:
	// GSM-7 3 1
	// UCS-2 3 1
	// GSM-7 12 1
}
