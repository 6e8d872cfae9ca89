package telegram

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Config says which bot speaks.
type Config struct {
	// Token is the bot's, from BotFather. Required.
	Token string
	// Secret proves webhooks: 24 to 256 letters, digits, - and _. Defaults to one made
	// from the token, the same in every process.
	Secret string
	// Name is the channel's name. Defaults to "telegram".
	Name string
	// BaseURL defaults to https://api.telegram.org; a Bot API server of one's own
	// has another.
	BaseURL string
	// Client defaults to one without a time limit: the context's deadline rules. It
	// never follows redirects, which would carry the token to another host.
	Client *http.Client
}

// Driver is a Telegram bot: a channels.Driver and channels.Receiver. It is safe for
// concurrent use.
type Driver struct {
	cfg    Config
	bot    string // the bot's id: the To of every event
	client http.Client
}

// Limits of the Bot API.
const (
	longestText    = 4096 // UTF-16 units, the strict reading
	longestCaption = 1024
	longestData    = 64 // bytes
	largestPhoto   = 5 << 20
	largestFile    = 20 << 20
)

var (
	tokenOK  = regexp.MustCompile(`^[0-9]+:[A-Za-z0-9_-]+$`)
	secretOK = regexp.MustCompile(`^[A-Za-z0-9_-]{24,256}$`)
)

// New returns a driver, or everything that is wrong with c.
func New(c Config) (*Driver, error) {
	var errs []error
	if !tokenOK.MatchString(c.Token) {
		errs = append(errs, errors.New("telegram: Config.Token is written 123456:letters, as BotFather gives it"))
	}
	if c.Secret == "" {
		c.Secret = hex.EncodeToString(keyed(c.Token, "webhook secret"))
	}
	if !secretOK.MatchString(c.Secret) {
		errs = append(errs, errors.New("telegram: Config.Secret needs 24 to 256 letters, digits, - or _; leave it empty for one made from the token"))
	}
	c.Name = cmp.Or(c.Name, "telegram")
	c.BaseURL = strings.TrimSuffix(cmp.Or(c.BaseURL, "https://api.telegram.org"), "/")
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		errs = append(errs, errors.New("telegram: Config.BaseURL is written https://host"))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	bot, _, _ := strings.Cut(c.Token, ":")
	d := &Driver{cfg: c, bot: bot}
	if c.Client != nil {
		d.client = *c.Client
	}
	d.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return d, nil
}

// keyed returns a digest of s that only who knows the token can make.
func keyed(token, s string) []byte {
	h := hmac.New(sha256.New, []byte(token))
	h.Write([]byte(s))
	return h.Sum(nil)
}

// Name returns Config.Name.
func (d *Driver) Name() string { return d.cfg.Name }

// Limits returns Telegram's. Text is counted in UTF-16 units. The number of buttons is
// ours: Telegram documents none, and more than fit a screen are not found.
func (d *Driver) Limits() channels.Limits {
	return channels.Limits{
		Text: longestText, Unit: channels.UTF16,
		Buttons: channels.Menu{Max: 10, Label: 60},
		List:    channels.Menu{Max: 24, Label: 60},
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
	chat, err := strconv.ParseInt(r.To.ID, 10, 64)
	switch {
	case r.From != "" && r.From != d.bot: // another bot's message must not leave as this one's
		return channels.Receipt{}, &channels.Error{Cause: channels.Misconfigured, Code: "from"}
	case err != nil || chat <= 0: // groups are negative
		return channels.Receipt{}, &channels.Error{Cause: channels.Unreachable, Code: "chat"}
	}
	ms, failed := compose(r)
	if failed != nil {
		return channels.Receipt{}, failed
	}
	var receipt channels.Receipt
	for i := range ms {
		ms[i].ChatID = chat
		var sent struct {
			MessageID int64 `json:"message_id"`
			Date      int64 `json:"date"`
		}
		failed := d.call(ctx, ms[i].method(), &ms[i], &sent)
		if failed == nil && sent.MessageID <= 0 {
			failed = &channels.Error{Cause: channels.Unknown, Code: "no message_id"}
		}
		if failed != nil {
			if i > 0 && !failed.Cause.Final() {
				failed = &channels.Error{Cause: channels.Unknown, Code: failed.Code, Err: failed}
			}
			return receipt, failed
		}
		receipt = channels.Receipt{ID: d.messageID(chat, sent.MessageID), At: time.Unix(sent.Date, 0).UTC()}
		if sent.Date <= 0 {
			receipt.At = time.Time{}
		}
	}
	return receipt, nil
}

// messageID returns an id that is unique per bot, where Telegram's is per chat. The chat's
// own id would be the person's address, and ids are logged: only a keyed mark of it is in it.
func (d *Driver) messageID(chat, message int64) string {
	mark := keyed(d.cfg.Token, "chat "+strconv.FormatInt(chat, 10))
	return strconv.FormatInt(message, 10) + "." + base64.RawURLEncoding.EncodeToString(mark[:9])
}
