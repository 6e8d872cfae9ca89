package broadcast_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/broadcast"
)

func campaign() broadcast.Campaign {
	return broadcast.Campaign{
		ID: "second-instalment", Programme: "ua", Purpose: "messages", Channels: []string{"whatsapp", "sms"},
		Text: hubkit.Text{"en": "Your second payment of {amount} UAH is on its way.", "uk": "Другу виплату {amount} грн надіслано."},
	}
}

func TestCheckAcceptsACampaign(t *testing.T) {
	require.NoError(t, campaign().Check([]hubkit.Lang{"en", "uk"}, nil, "amount"))
}

func TestCheckReportsEverything(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		change func(*broadcast.Campaign)
		want   string
	}{
		"id":       {func(c *broadcast.Campaign) { c.ID = "" }, "needs an ID"},
		"purpose":  {func(c *broadcast.Campaign) { c.Purpose = "" }, "no Purpose"},
		"channel":  {func(c *broadcast.Campaign) { c.Channels = nil }, "no channel"},
		"silence":  {func(c *broadcast.Campaign) { c.Text = nil }, "says nothing"},
		"deadline": {func(c *broadcast.Campaign) { c.NotBefore, c.NotAfter = at, at }, "ends before it begins"},
		"policy":   {func(c *broadcast.Campaign) { c.Unknown = "hope" }, `"hope" is no policy`},
		"language": {func(c *broadcast.Campaign) { delete(c.Text, "uk") }, "uk"},
		"variable": {func(c *broadcast.Campaign) { c.Text["en"] = "{sum}" }, "sum"},
	} {
		t.Run(name, func(t *testing.T) {
			bad := campaign()
			c.change(&bad)
			err := bad.Check([]hubkit.Lang{"en", "uk"}, nil, "amount")
			require.ErrorIs(t, err, broadcast.ErrCampaign)
			require.ErrorContains(t, err, c.want)
		})
	}
}

func TestHashIsOfTheWholeCampaign(t *testing.T) {
	a, b := campaign(), campaign()
	require.Equal(t, a.Hash(), b.Hash())
	b.Text["uk"] += "!"
	require.NotEqual(t, a.Hash(), b.Hash())
	c := campaign()
	c.NotAfter = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	require.NotEqual(t, a.Hash(), c.Hash())
}
