package targeting_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/scoring/targeting"
)

// Two villages by hand: 1, 3 and 5, 7, 5, 7, with means 2 and 6 around 14/3. Within
// them 6/4, between them 64/3; the usual size is 8/3, so that the correlation is
// (64/3 - 3/2) / (64/3 + 5/3 x 3/2) = 119/143; the size weighted by size is 10/3.
func TestClusterEffectByHand(t *testing.T) {
	x, village := []float64{1, 3, 5, 7, 5, 7}, []string{"a", "a", "b", "b", "b", "b"}
	icc, err := targeting.ICC(x, village)
	require.NoError(t, err)
	assert.InDelta(t, 119.0/143, icc, 1e-12)
	effect, err := targeting.ClusterEffect(x, village)
	require.NoError(t, err)
	assert.InDelta(t, 1+7.0/3*119/143, effect, 1e-12)
	_, err = targeting.ClusterEffect(x, []string{"a", "a", "a", "a", "a", "a"})
	require.Error(t, err, "one village says nothing")
}
