package telegram

import (
	"context"
	"errors"
	"regexp"
)

// Bot is what Telegram says about the bot.
type Bot struct {
	ID       int64  `json:"id"`       // as in the token: the To of events
	Username string `json:"username"` // for DeepLink
}

// Me asks Telegram about the bot: a start-up check of the token. The error is a
// *channels.Error.
func (d *Driver) Me(ctx context.Context) (Bot, error) {
	var b Bot
	if failed := d.call(ctx, "getMe", struct{}{}, &b); failed != nil {
		return Bot{}, failed
	}
	return b, nil
}

var (
	usernameOK = regexp.MustCompile(`^[A-Za-z0-9_]{4,32}$`)
	payloadOK  = regexp.MustCompile(`^[A-Za-z0-9_-]{0,64}$`)
)

// ErrLink is returned for a deep link that Telegram would not open.
var ErrLink = errors.New("telegram: a deep link needs the bot's username and a campaign of at most 64 letters, digits, - or _")

// DeepLink returns a link that opens the chat with a bot. campaign comes back as
// Event.Campaign when the person presses Start; anybody can change it, so it is no proof
// of anything.
func DeepLink(username, campaign string) (string, error) {
	if !usernameOK.MatchString(username) || !payloadOK.MatchString(campaign) {
		return "", ErrLink
	}
	link := "https://t.me/" + username
	if campaign != "" {
		link += "?start=" + campaign
	}
	return link, nil
}
