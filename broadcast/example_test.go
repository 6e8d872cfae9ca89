package broadcast_test

import (
	"fmt"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/broadcast"
)

// A campaign is checked before anybody is asked to approve it.
func ExampleCampaign_Check() {
	c := broadcast.Campaign{
		ID: "cholera-1", Programme: "sy", Purpose: "messages", Channels: []string{"sms"},
		Text: hubkit.Text{"en": "Boil water before you drink it.", "ar": "اغلِ الماء قبل شربه."},
	}
	fmt.Println(c.Check([]hubkit.Lang{"en", "ar"}, nil))
	// Output: <nil>
}
