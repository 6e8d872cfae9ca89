package viber

import (
	"context"
	"net/url"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// Account is what Viber says about the bot.
type Account struct {
	Name        string   `json:"name"`              // people see it
	URI         string   `json:"uri"`               // for Config.Bot and DeepLink
	Webhook     string   `json:"webhook"`           // where it posts now
	Events      []string `json:"event_types"`       // what it posts
	Subscribers int      `json:"subscribers_count"` // people who may be written to
}

// AccountInfo asks Viber about the bot: a start-up check of the token. The error is a
// *channels.Error.
func (d *Driver) AccountInfo(ctx context.Context) (Account, error) {
	var a Account
	if failed := d.call(ctx, "get_account_info", struct{}{}, &a); failed != nil {
		return Account{}, failed
	}
	return a, nil
}

// events are what SetWebhook asks for; messages always come.
var events = []string{"delivered", "seen", "failed", "subscribed", "unsubscribed", "conversation_started"}

// SetWebhook tells Viber where to post, replacing what was set: a bot has one webhook.
// Viber calls that URL before it answers, so the server must be listening. Names and
// photos of people are asked not to be sent. The error is a *channels.Error.
func (d *Driver) SetWebhook(ctx context.Context, webhook string) error {
	if u, err := url.Parse(webhook); err != nil || u.Host == "" {
		return &channels.Error{Cause: channels.Misconfigured, Code: "webhook URL"}
	}
	in := struct {
		URL       string   `json:"url"`
		Events    []string `json:"event_types"`
		SendName  bool     `json:"send_name"`
		SendPhoto bool     `json:"send_photo"`
	}{URL: webhook, Events: events}
	if failed := d.call(ctx, "set_webhook", in, &struct{}{}); failed != nil {
		return failed
	}
	return nil
}

// DeepLink returns a link that opens the conversation with a bot, by its URI. campaign
// comes back as Event.Campaign; anybody can change it, so it is no proof of anything.
func DeepLink(uri, campaign string) string {
	link := "viber://pa?chatURI=" + query(uri)
	if campaign != "" {
		link += "&context=" + query(campaign)
	}
	return link
}

// query escapes a value; a plus sign for a space is of forms only.
func query(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
