package segments

import "unicode/utf8"

// Encoding is the alphabet in which an SMS travels.
type Encoding uint8

// Encodings of an SMS.
const (
	GSM7 Encoding = iota // 7 bits a sign; the signs ^{}\[~]|€ and form feed cost two
	UCS2                 // 16 bits a UTF-16 code unit; one sign outside GSM-7 is enough
)

// String returns "GSM-7" or "UCS-2".
func (e Encoding) String() string {
	if e == GSM7 {
		return "GSM-7"
	}
	return "UCS-2"
}

// Sizes of a lone segment and of one among several, in septets and in UTF-16
// units (3GPP TS 23.038 and 23.040: a header of six bytes joins several).
const (
	gsmAlone, gsmJoined = 160, 153
	ucsAlone, ucsJoined = 70, 67
)

// SMSSize says what a text costs as an SMS.
type SMSSize struct {
	Encoding Encoding
	Units    int // septets in GSM-7, UTF-16 code units in UCS-2
	Segments int // 1 for the empty text, as providers count it
}

// Measure counts the segments of s as an SMS. A character is never divided
// between two segments, so a text of many emoji may take one more segment than
// its units alone would need. Only a character larger than a segment is divided,
// between code points. It does not allocate.
func Measure(s string) SMSSize {
	var p packer
	for at := 0; at < len(s); {
		if at = p.letters(s, at); at < len(s) {
			at += p.add(s[at:])
		}
	}
	return p.size()
}

// letters packs the plain letters of s from at on, as far as the one after each
// shows that it stands alone, and returns where it stopped.
func (p *packer) letters(s string, at int) int {
	if at == len(s) {
		return at
	}
	r, n := utf8.DecodeRuneInString(s[at:])
	for alone(r) {
		next := at + n
		if next == len(s) {
			p.letter(r)
			return next
		}
		after, size := utf8.DecodeRuneInString(s[next:])
		if !alone(after) {
			break
		}
		p.letter(r)
		at, r, n = next, after, size
	}
	return at
}

// letter packs a character of one UTF-16 unit.
func (p *packer) letter(r rune) {
	if !p.wide {
		if septets := gsmSeptets(r); septets > 0 {
			p.gsm.add(septets, gsmJoined)
		} else {
			p.wide = true
		}
	}
	p.ucs.add(1, ucsJoined)
}

// smsPrefix returns the length in bytes of the longest beginning of s that
// takes at most limit segments.
func smsPrefix(s string, limit int) int {
	var p packer
	for at := 0; at < len(s); {
		n := p.add(s[at:])
		if p.size().Segments > limit {
			return at
		}
		at += n
	}
	return len(s)
}

// packer fills segments in both alphabets at once, until the first sign outside
// GSM-7 decides for UCS-2.
type packer struct {
	wide     bool
	gsm, ucs fill
}

// add packs the first character of s and returns its length in bytes.
func (p *packer) add(s string) int {
	n := 1
	if s[0] == '\r' || s[0] == '\n' {
		// A carriage return and a line feed are two signs on the wire.
		p.gsm.add(1, gsmJoined)
		p.ucs.add(1, ucsJoined)
		return n
	}
	n = Cluster(s)
	if !p.wide {
		r, size := utf8.DecodeRuneInString(s)
		if septets := gsmSeptets(r); septets > 0 && size == n {
			p.gsm.add(septets, gsmJoined)
		} else {
			p.wide = true
		}
	}
	if units := utf16Len(s[:n]); units <= ucsJoined {
		p.ucs.add(units, ucsJoined)
		return n
	}
	for _, r := range s[:n] { // larger than a segment: divided between code points
		p.ucs.add(utf16Units(r), ucsJoined)
	}
	return n
}

func (p *packer) size() SMSSize {
	if p.wide {
		return SMSSize{UCS2, p.ucs.units, p.ucs.segments(ucsAlone)}
	}
	return SMSSize{GSM7, p.gsm.units, p.gsm.segments(gsmAlone)}
}

// fill counts all units, the segments that are full, and what the open one holds.
type fill struct{ units, full, open int }

// add puts n units that belong together into the open segment or, where they do not
// fit, into a new one. n is at most room.
func (f *fill) add(n, room int) {
	f.units += n
	if f.open+n > room {
		f.full++
		f.open = 0
	}
	f.open += n
}

func (f *fill) segments(alone int) int {
	if f.units <= alone {
		return 1
	}
	return f.full + 1
}

// gsmSeptets returns what r costs in GSM-7: 1, 2 for the extension table, and 0
// when it is not in the alphabet.
func gsmSeptets(r rune) int {
	if r < 0x80 {
		return int(gsmASCII[r])
	}
	switch r {
	case '€':
		return 2
	case '£', '¥', 'è', 'é', 'ù', 'ì', 'ò', 'Ç', 'Ø', 'ø', 'Å', 'å', 'Δ', 'Φ', 'Γ', 'Λ', 'Ω', 'Π', 'Ψ', 'Σ', 'Θ', 'Ξ',
		'Æ', 'æ', 'ß', 'É', '¤', '¡', 'Ä', 'Ö', 'Ñ', 'Ü', '§', '¿', 'ä', 'ö', 'ñ', 'ü', 'à':
		return 1
	}
	return 0
}

// gsmASCII is the part of GSM-7 that is in ASCII (3GPP TS 23.038, 6.2.1).
var gsmASCII = func() (t [0x80]uint8) {
	for r := ' '; r < 0x7F; r++ {
		t[r] = 1
	}
	t['\n'], t['\r'] = 1, 1
	t['`'] = 0
	for _, r := range "^{}\\[~]|\f" {
		t[r] = 2
	}
	return t
}()
