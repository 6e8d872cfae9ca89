package instruments_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	r "github.com/hubkit/hubkit/registration"
	"github.com/hubkit/hubkit/scoring"
	"github.com/hubkit/hubkit/scoring/instruments"
)

// What is not known of all sectors is no score and no band, and what is known of one
// stands while the others are not known.
func TestMSNINothingKnown(t *testing.T) {
	one := instruments.LSG("wash", instruments.Severity{Key: "water", Most: 3})
	for _, in := range []instruments.Instrument{instruments.MSNI(), one} {
		c := card(t, in)
		for name, v := range map[string]r.Value{"missing": r.StateValue(r.Missing), "refused": r.StateValue(r.Refused), "don't know": r.StateValue(r.DontKnow), "not asked": r.StateValue(r.NotAsked)} {
			pairs := map[string]r.Value{}
			for _, sl := range in.Items {
				pairs[sl.Key] = v
			}
			_, err := c.Score(r.Of(pairs))
			var unknown *scoring.UnknownError
			require.ErrorAs(t, err, &unknown, "%s: %s", in.Name, name)
			assert.Equal(t, []string{"any_known"}, unknown.Criteria)
			for _, n := range []int64{1, 2, 3} {
				pairs[in.Items[0].Key] = r.IntValue(n)
				s, err := c.Score(r.Of(pairs))
				require.NoError(t, err, "%s: %s", in.Name, name)
				assert.EqualValues(t, n, s.Points)
			}
		}
	}
	assert.Equal(t, "[1, 3)", card(t, instruments.MSNI()).Bands()[0].String())
	s, err := card(t, one).Score(r.Of(map[string]r.Value{"water": r.IntValue(5)}))
	require.NoError(t, err)
	assert.Equal(t, 3.0, s.Points)
}

// A number that an instrument does not have makes no other instrument.
func TestInstrumentsThatAreNone(t *testing.T) {
	for _, most := range []int{-1, 0, 6} {
		in := instruments.LSG("wash", instruments.Severity{Key: "water", Most: 5}, instruments.Severity{Key: "soap", Most: most})
		_, err := in.Card()
		require.ErrorIs(t, err, instruments.ErrNoInstrument, "%d", most)
		assert.ErrorContains(t, err, `"soap"`)
		assert.ErrorContains(t, err, "from 1 to 5")
		_, err = in.Rename(map[string]string{"water": "w"})
		require.ErrorIs(t, err, instruments.ErrNoInstrument)
		_, err = scoring.New(in.Spec, nil)
		require.Error(t, err)
	}
	_, err := instruments.LSG("wash").Card()
	require.ErrorIs(t, err, instruments.ErrNoInstrument)
	for _, level := range []int{-1, 0, 5, 7} {
		for _, in := range []instruments.Instrument{instruments.WGSS(level), instruments.WGSSHumind(level)} {
			_, err := in.Card()
			require.ErrorIs(t, err, instruments.ErrNoInstrument, "%d", level)
		}
	}
	_, err = instruments.LCSStrict(instruments.Strategies{Stress: []string{"s"}}, 3).Card()
	require.ErrorIs(t, err, instruments.ErrNoInstrument)
}

// What a household says of one item, in every state, while the others are complete:
// IMPACT counts a yes without a frequency as none, Strict refuses it.
func TestHHSNotKnown(t *testing.T) {
	states := map[string]r.Value{"missing": r.StateValue(r.Missing), "refused": r.StateValue(r.Refused), "don't know": r.StateValue(r.DontKnow), "not asked": r.StateValue(r.NotAsked)}
	items, frequencies := maps.Clone(states), maps.Clone(states)
	items["yes"], items["no"] = r.BoolValue(true), r.BoolValue(false)
	points := map[string]float64{"rarely": 1, "sometimes": 1, "often": 2}
	for f := range points {
		frequencies[f] = r.OptionValue(f)
	}
	impact, strict := card(t, instruments.HHSIMPACT(false)), card(t, instruments.HHSStrict(false))
	for i, item := range items {
		for f, often := range frequencies {
			a := r.Of(map[string]r.Value{
				"HHSNoFood": r.BoolValue(true), "HHSNoFood_FR": r.OptionValue("often"), "HHSBedHung": item, "HHSBedHung_FR": often,
				"HHSNotEat": r.BoolValue(false), "HHSNotEat_FR": r.StateValue(r.NotAsked),
			})
			want, known := 2.0, points[f] > 0
			if i == "yes" {
				want += points[f]
			}
			s, err := strict.Score(a)
			require.Equal(t, i == "no" || i == "yes" && known, !refused(t, err), "%s, %s", i, f)
			if err == nil {
				require.Equal(t, want, s.Points, "%s, %s", i, f)
			}
			s, err = impact.Score(a)
			require.Equal(t, i == "no" || i == "yes" || i == "not asked", !refused(t, err), "%s, %s", i, f)
			if err == nil {
				require.Equal(t, want, s.Points, "%s, %s", i, f)
			}
		}
	}
}

// Ages go up to 120, as humind has them; the set is for those from 5 years on.
func TestWGSSAges(t *testing.T) {
	for _, in := range []instruments.Instrument{instruments.WGSS(3), instruments.WGSSHumind(3)} {
		c := card(t, in)
		for age, want := range map[int64]r.Truth{0: r.No, 4: r.No, 5: r.Yes, 120: r.Yes} {
			s, err := c.Score(r.Of(map[string]r.Value{"age": r.IntValue(age), "seeing": r.OptionValue("cannot")}))
			require.NoError(t, err)
			assert.Equal(t, want, s.Eligible, "%s, %d", in.Name, age)
		}
		for _, age := range []int64{-1, 121} {
			_, err := c.Score(r.Of(map[string]r.Value{"age": r.IntValue(age), "seeing": r.OptionValue("cannot")}))
			var bad *scoring.AnswersError
			require.ErrorAs(t, err, &bad, "%s, %d", in.Name, age)
		}
	}
}

// An indicator that cannot change the result need not be known.
func TestCompositesDecided(t *testing.T) {
	o := r.OptionValue
	s, err := card(t, instruments.CARIECMEN()).Score(r.Of(map[string]r.Value{"fcs_cat": o("poor"), "lcs_cat": o("none"), "ecmen": o("above")}))
	require.NoError(t, err, "the rCSI counts where the FCS is acceptable")
	assert.Equal(t, 2.5, s.Points)
	_, err = card(t, instruments.CARIECMEN()).Score(r.Of(map[string]r.Value{"fcs_cat": o("acceptable"), "lcs_cat": o("none"), "ecmen": o("above")}))
	var unknown *scoring.UnknownError
	require.ErrorAs(t, err, &unknown)
	assert.Equal(t, []string{"rCSI"}, unknown.Reads)
}
