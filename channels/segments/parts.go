package segments

// Part is one segment of an SMS as it travels.
type Part struct {
	Text  string
	Units int // septets in GSM-7, UTF-16 code units in UCS-2
}

// Parts divides s into the segments that it travels in: what the person's phone
// puts together again. To divide a text into several messages, use [Split].
func Parts(s string) []Part {
	size := Measure(s)
	room := gsmJoined
	switch {
	case size.Segments == 1:
		return []Part{{s, size.Units}}
	case size.Encoding == UCS2:
		room = ucsJoined
	}
	var (
		out   = make([]Part, 0, size.Segments)
		begin int
		units int
	)
	add := func(at, cost int) {
		if units+cost > room {
			out = append(out, Part{s[begin:at], units})
			begin, units = at, 0
		}
		units += cost
	}
	for at := 0; at < len(s); {
		n, cost := 1, 1
		if s[at] != '\r' && s[at] != '\n' {
			n = Cluster(s[at:])
			if cost = utf16Len(s[at : at+n]); size.Encoding == GSM7 {
				cost = gsmSeptets(rune1(s[at:]))
			}
		}
		if cost <= room {
			add(at, cost)
		} else {
			for i, r := range s[at : at+n] { // as Measure divides it
				add(at+i, utf16Units(r))
			}
		}
		at += n
	}
	return append(out, Part{s[begin:], units})
}

func rune1(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}
