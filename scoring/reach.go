package scoring

// reach proves the groups and works out what the card can give at all.
func (p *prover) reach() {
	p.c.lo, p.c.hi = p.spec.Start, p.spec.Start
	for i := range p.c.terms {
		if t := &p.c.terms[i]; t.set < 0 {
			p.c.lo += t.lo
			p.c.hi += t.hi
		}
	}
	for i := range p.c.sets {
		s, g := &p.c.sets[i], &p.spec.Groups[i]
		at := "group " + g.ID
		if len(s.members) == 0 {
			p.fail("empty_group", at, "no criterion counts in it: put criteria into it with In, or take it out")
			continue
		}
		all := s.reach(p.c.terms)
		if g.Most != nil && all.hi <= *g.Most && !p.unbound {
			p.fail("cap_never_binds", at, "its cap of %s points can never bind, because its criteria give at most %s: lower the cap or take it out", number(*g.Most), number(all.hi))
		}
		if g.Least != nil && all.lo >= *g.Least && !p.unbound {
			p.fail("cap_never_binds", at, "its lower bound of %s points can never bind, because its criteria give at least %s", number(*g.Least), number(all.lo))
		}
		if s.hit == First || s.hit == Highest {
			p.shadows(s)
		}
		p.c.lo += min(max(all.lo, s.least), s.most)
		p.c.hi += min(max(all.hi, s.least), s.most)
	}
	p.c.lo, p.c.hi = round(p.c.lo), round(p.c.hi)
	if !finite(p.c.lo) || !finite(p.c.hi) {
		p.unbound = true
	}
}

// bands proves that every score has exactly one band, and every band a score.
func (p *prover) bands() {
	raw := p.spec.Bands
	if len(raw) == 0 {
		return
	}
	sound := true
	for i := range raw {
		sound = p.band(&raw[i]) && sound
	}
	if !sound {
		return
	}
	bs := complete(raw)
	for i := range bs {
		b := &bs[i]
		at := "band " + b.ID
		lo, hi := b.lower(), b.upper()
		if lo.x > hi.x || lo.x == hi.x && (lo.open || hi.open) {
			p.fail("band_empty", at, "no points lie in it: %s. Its ends are the wrong way round, or the bands are not written from the lowest to the highest", b)
			sound = false
		}
		if i > 0 {
			sound = p.neighbours(&bs[i-1], b) && sound
		}
	}
	if !sound || p.unbound {
		return
	}
	p.covered(bs)
}

// band checks one band by itself.
func (p *prover) band(b *Band) bool {
	at, ok := "band "+b.ID, true
	for _, x := range []*float64{b.AtLeast, b.MoreThan, b.AtMost, b.LessThan} {
		if x != nil {
			ok = p.finite("not_finite", at, "one of its ends", *x) && ok
		}
	}
	if b.AtLeast != nil && b.MoreThan != nil || b.AtMost != nil && b.LessThan != nil {
		p.fail("band_two_ends", at, "one end is given both as open and as closed: keep one")
		ok = false
	}
	return ok
}

// neighbours proves that b begins where a ends.
func (p *prover) neighbours(a, b *Band) bool {
	up, lo := a.upper(), b.lower()
	switch {
	case lo.x < a.lower().x || lo.x == a.lower().x && lo.open == a.lower().open:
		p.fail("band_order", "band "+b.ID, "it does not begin above the band %q: write the bands from the lowest to the highest", a.ID)
	case lo.x < up.x || lo.x == up.x && !lo.open && !up.open:
		p.fail("band_overlap", "band "+b.ID, "%s overlaps %s of the band %q: points in both would be in two bands", b, a, a.ID)
	case lo.x > up.x:
		p.fail("band_gap", "band "+b.ID, "between %s of the band %q and %s there is a gap: %s points would be in no band", a, a.ID, b, number((up.x+lo.x)/2))
	case lo.open && up.open:
		p.fail("band_gap", "band "+b.ID, "exactly %s points would be in no band, because neither %s of the band %q nor %s holds them", number(lo.x), a, a.ID, b)
	default:
		return true
	}
	return false
}

// covered proves the bands against what the card can give.
func (p *prover) covered(bs []Band) {
	first, last := bs[0].lower(), bs[len(bs)-1].upper()
	if lo := p.c.lo; lo < first.x || lo == first.x && first.open {
		p.fail("band_gap", "band "+bs[0].ID, "the card can give %s points, which lie below the lowest band %s", number(lo), &bs[0])
	}
	if hi := p.c.hi; hi > last.x || hi == last.x && last.open {
		p.fail("band_gap", "band "+bs[len(bs)-1].ID, "the card can give %s points, which lie above the highest band %s", number(hi), &bs[len(bs)-1])
	}
	for i := range bs {
		lo, hi := bs[i].lower(), bs[i].upper()
		if lo.x > p.c.hi || lo.x == p.c.hi && lo.open || hi.x < p.c.lo || hi.x == p.c.lo && hi.open {
			p.fail("band_unreachable", "band "+bs[i].ID, "nobody can ever be in %s, because the card gives from %s to %s points", &bs[i], number(p.c.lo), number(p.c.hi))
		}
	}
}
