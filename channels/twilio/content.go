package twilio

import "github.com/hubkit/hubkit/channels"

// contents knows the content resources of an account.
type contents struct {
	table channels.Table
}
