package desk

import (
	"encoding/json"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
)

// scoreView is a score for people: the points, between which bounds the truth
// lies, and a reason for each.
type scoreView struct {
	Card, Band     string
	Points, Lo, Hi float64
	Open           bool // Lo differs from Hi: something is not known
	Reasons        []reasonView
	Rules          []reasonView
	Unexplained    bool // the card is not known here: figures without words
	Percent        int  // where Points lies between the card's least and most
	PercentLo      int
	PercentHi      int
}

// reasonView is one reason.
type reasonView struct {
	Say            string
	Points, Lo, Hi float64
	Unknown        bool
	Met            bool // of a rule
	Masked         bool
	Source         string
}

func (v *visit) score(s *crm.Score) *scoreView {
	if s == nil {
		return nil
	}
	view := &scoreView{Card: s.Card, Band: s.Band, Points: s.Points, Lo: s.Lo, Hi: s.Hi, Open: s.Lo != s.Hi}
	var reasons []scoring.Reason
	if err := json.Unmarshal(s.Reasons, &reasons); err != nil {
		reasons = nil
	}
	card := v.d.cards[s.Hash]
	if card == nil {
		view.Unexplained = true
		for i, r := range reasons {
			if r.Points != 0 || r.Truth == registration.Unknown {
				view.Reasons = append(view.Reasons, reasonView{
					Say: v.t("criterion", "n", i+1), Points: r.Points, Lo: r.Lo, Hi: r.Hi, Unknown: r.Truth == registration.Unknown,
				})
			}
		}
		view.place(min(0, s.Lo), max(1, s.Hi))
		return view
	}
	view.Band = card.BandTitle(s.Band, v.lang)
	full := scoring.Score{Card: s.Card, Hash: card.Hash(), Points: s.Points, Lo: s.Lo, Hi: s.Hi, Band: s.Band, Reasons: reasons}
	for _, e := range card.Explain(full, v.lang, string(v.agent.Role)) {
		r := reasonView{
			Say: e.Say, Points: e.Points, Lo: e.Lo, Hi: e.Hi, Unknown: e.Truth == registration.Unknown, Met: e.Truth == registration.Yes,
			Masked: e.Masked, Source: e.Source,
		}
		if e.Masked {
			r.Say = v.t("masked")
		}
		if e.Rule {
			view.Rules = append(view.Rules, r)
		} else {
			view.Reasons = append(view.Reasons, r)
		}
	}
	lo, hi := card.Range()
	view.place(lo, hi)
	return view
}

// place says where the points lie on a scale.
func (s *scoreView) place(lo, hi float64) {
	at := func(x float64) int {
		if hi <= lo {
			return 0
		}
		return int(min(100, max(0, (x-lo)/(hi-lo)*100)))
	}
	s.Percent, s.PercentLo, s.PercentHi = at(s.Points), at(s.Lo), at(s.Hi)
}

// bandName is a band in words, for lists.
func (v *visit) bandName(s *crm.Score) string {
	if card := v.d.cards[s.Hash]; card != nil {
		return card.BandTitle(s.Band, v.lang)
	}
	return s.Band
}
