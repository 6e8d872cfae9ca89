package viber

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/hubkit/hubkit/channels"
)

// Config says which bot speaks, and as whom.
type Config struct {
	// Token is the bot's, from Viber's admin panel. Required: it also proves webhooks.
	Token string
	// Sender is the name over every message, at most 28 characters. Required.
	Sender string
	// Avatar is the URL of the picture beside it; may be empty.
	Avatar string
	// Bot is the bot's URI. It is the To of events, by which a hub with several
	// programmes chooses. May be empty.
	Bot string
	// Name is the channel's name. Defaults to "viber".
	Name string
	// ShowTaps lets a tap appear in the chat, as the option's id. By default it is silent.
	ShowTaps bool
	// BaseURL defaults to https://chatapi.viber.com.
	BaseURL string
	// Client defaults to one without a time limit: the context's deadline rules. It
	// never follows redirects, which would carry the token to another host.
	Client *http.Client
}

// Driver is a Viber bot: a channels.Driver and channels.Receiver. It is safe for
// concurrent use.
type Driver struct {
	cfg    Config
	client http.Client
}

// Limits of Viber.
const (
	longestSender  = 28
	longestText    = 7000
	longestCaption = 512
	longestURL     = 2000
	longestName    = 256
	largestRequest = 30 << 10 // bytes of JSON
	largestPicture = 1 << 20
	largestVideo   = 26 << 20
	largestFile    = 50 << 20
)

// New returns a driver, or everything that is wrong with c.
func New(c Config) (*Driver, error) {
	var errs []error
	if c.Token == "" {
		errs = append(errs, errors.New("viber: Config.Token is missing: Viber's admin panel shows it"))
	}
	if n := utf8.RuneCountInString(c.Sender); n == 0 || n > longestSender {
		errs = append(errs, errors.New("viber: Config.Sender is the name people see, of 1 to 28 characters"))
	}
	c.Name = cmp.Or(c.Name, "viber")
	c.BaseURL = strings.TrimSuffix(cmp.Or(c.BaseURL, "https://chatapi.viber.com"), "/")
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		errs = append(errs, errors.New("viber: Config.BaseURL is written https://host"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	d := &Driver{cfg: c}
	if c.Client != nil {
		d.client = *c.Client
	}
	d.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return d, nil
}

// Name returns Config.Name.
func (d *Driver) Name() string { return d.cfg.Name }

// Limits returns Viber's. Text is counted in UTF-16 units, the strictest reading of what
// Viber calls characters; a text above a keyboard is shorter, because a whole request is at
// most 30 KB. A keyboard has 24 rows, of which one is kept for a button that shares.
func (d *Driver) Limits() channels.Limits {
	return channels.Limits{
		Text: longestText, Unit: channels.UTF16,
		Buttons: channels.Menu{Max: 6, Label: 60, Body: 4000},
		List:    channels.Menu{Max: 23, Label: 60, Body: 4000},
		Files:   true, Places: true, Reopens: true,
	}
}

// Send makes one attempt at sending one message. Media that cannot carry the text leave
// before it as messages of their own; when a later one fails after one has left, a cause
// that would have everything repeated becomes Unknown.
func (d *Driver) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Err: err}
	}
	switch {
	case r.From != "" && r.From != d.cfg.Bot: // another bot's message must not leave as this one's
		return channels.Receipt{}, &channels.Error{Cause: channels.Misconfigured, Code: "from"}
	case r.To.ID == "":
		return channels.Receipt{}, &channels.Error{Cause: channels.Unreachable, Code: "receiver"}
	}
	ms, failed := d.compose(r)
	if failed != nil {
		return channels.Receipt{}, failed
	}
	var receipt channels.Receipt
	for i := range ms {
		ms[i].Receiver = r.To.ID
		id, failed := d.sendOne(ctx, &ms[i])
		if failed != nil {
			if i > 0 && !failed.Cause.Final() {
				failed = &channels.Error{Cause: channels.Unknown, Code: failed.Code, Err: failed}
			}
			return receipt, failed
		}
		receipt = channels.Receipt{ID: id, At: time.Now()}
	}
	return receipt, nil
}

// sendOne sends one of Viber's messages and returns its token.
func (d *Driver) sendOne(ctx context.Context, m *outgoing) (string, *channels.Error) {
	var out accepted
	failed := d.call(ctx, "send_message", m, &out)
	if failed != nil && failed.Code == tooOld && m.MinAPIVersion > 0 {
		// Refused, so nobody was told: a question without its button is better than none.
		m.withoutShare()
		failed = d.call(ctx, "send_message", m, &out)
	}
	switch {
	case failed != nil:
		return "", failed
	case out.MessageToken == "" || out.MessageToken == "0":
		return "", &channels.Error{Cause: channels.Unknown, Code: "no message_token"}
	}
	return out.MessageToken.String(), nil
}
