package desk

import (
	"strings"
)

// What templates ask of a visit and its parts.

// Who is the agent's id, by which drafts are kept apart in a shared browser.
func (v *visit) Who() string { return v.agent.ID }

// AgentName is the agent's own.
func (v *visit) AgentName() string { return v.agent.Name }

// RoleName is the agent's role in words.
func (v *visit) RoleName() string { return v.t("role_" + string(v.agent.Role)) }

// Here is the page's own path below the desk, to come back to.
func (v *visit) Here() string {
	here := strings.TrimPrefix(v.r.URL.RequestURI(), "/")
	if v.r.Method != "GET" || !followable(here) {
		return ""
	}
	return here
}

// Languages are those of the desk.
func (v *visit) Languages() []choice {
	var cs []choice
	for _, l := range v.d.langs {
		cs = append(cs, choice{string(l), l.Endonym(), l == v.lang})
	}
	return cs
}

// Roles are those that an account may have.
func (v *visit) Roles() []choice {
	var cs []choice
	for _, r := range roles {
		cs = append(cs, choice{string(r), v.t("role_" + string(r)), false})
	}
	return cs
}

// AllProgrammes are those that an administrator gives out.
func (v *visit) AllProgrammes() []choice {
	var cs []choice
	for _, p := range v.d.visible(v.agent) {
		cs = append(cs, choice{p.ID, v.d.nameOf(p.ID, v.lang), false})
	}
	return cs
}

// Everywhere says whether the administrator may give out all programmes.
func (v *visit) Everywhere() bool { return v.agent.sees(Everything) }

// Word is the id of the title.
func (e *refusal) Word() string { return e.word }

// Why is the id of the explanation.
func (e *refusal) Why() string { return e.word + "_why" }

// Width is of the interval on the scale, wide enough to be seen.
func (s *scoreView) Width() int { return max(1, s.PercentHi-s.PercentLo) }

// Mark is where the points stand on the scale.
func (s *scoreView) Mark() float64 { return min(98.6, max(0, float64(s.Percent)-0.7)) }
