package targeting

import "slices"

// Passing is the share of each group that would be selected at each of several
// cut-offs: the table that a programme discusses before it fixes one.
type Passing struct {
	CutOffs    []float64   // as they were given
	Groups     []string    // in the order of their names
	Households []int       // of each group, unweighted
	Shares     [][]float64 // by group, then by cut-off
}

// Passing counts by Group, or all together without groups. Small
// groups are in it: withhold them before it is published.
func (s Sample) Passing(cutOffs ...float64) (Passing, error) {
	if err := s.Check(); err != nil {
		return Passing{}, err
	}
	if len(cutOffs) == 0 {
		return Passing{}, whole("cutOffs", "there is none")
	}
	if err := finite("cutOffs", cutOffs); err != nil {
		return Passing{}, err
	}
	column := s.Group
	if column == nil {
		column = make([]string, len(s.Score))
	}
	names, of := groups(column)
	p := Passing{CutOffs: slices.Clone(cutOffs), Groups: names, Households: make([]int, len(names)), Shares: make([][]float64, len(names))}
	for i := range p.Shares {
		p.Shares[i] = make([]float64, len(cutOffs))
	}
	all := make([]float64, len(names))
	for i, w := range s.weights() {
		g := of[i]
		p.Households[g]++
		all[g] += w
		for j, c := range cutOffs {
			if s.in(int32(i), c) {
				p.Shares[g][j] += w
			}
		}
	}
	for g := range p.Shares {
		if all[g] == 0 {
			return Passing{}, undefined("passing", "a group has no weight")
		}
		for j := range p.Shares[g] {
			p.Shares[g][j] /= all[g]
		}
	}
	return p, nil
}
