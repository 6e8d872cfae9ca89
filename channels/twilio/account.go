package twilio

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Config says which account is used and how it is reached. AccountSID and AuthToken
// are needed; without PublicURL nothing can come in.
type Config struct {
	// AccountSID is the account that sends: AC and 32 hexadecimal digits.
	AccountSID string
	// AuthToken is the account's primary token. It is always needed: webhooks are
	// signed with it, whatever authenticates requests.
	AuthToken string
	// PreviousToken is, while the token is being changed, the one before: webhooks
	// signed with either are believed.
	PreviousToken string
	// APIKey and APISecret authenticate requests in place of the token.
	APIKey, APISecret string
	// Region and Edge choose where requests go: "ie1", "dublin". TWILIO_REGION and
	// TWILIO_EDGE of the environment are not read.
	Region, Edge string
	// BaseURL is for tests: a request to https://HOST/PATH goes to BaseURL/HOST/PATH.
	BaseURL string
	// PublicURL is scheme and host, and the path before /webhooks/ if there is one, as
	// Twilio calls the hub: HUB_PUBLIC_URL. Signatures are checked against it, never
	// against what a proxy made of the request, and status callbacks go there. Without
	// it every webhook is refused.
	PublicURL string
	// HTTP lends its Transport and Timeout. Defaults to http.DefaultTransport and 30 s:
	// an answer that is not waited for is a message in doubt. Its redirects and cookies
	// are not used.
	HTTP *http.Client
	// Table remembers content and template ids across restarts. Defaults to memory.
	Table channels.Table
	// Now defaults to time.Now.
	Now func() time.Time
	// Logger defaults to slog.Default().
	Logger *slog.Logger
}

// Account is one Twilio account, from which the channels are made. It is safe for
// concurrent use.
type Account struct {
	cfg      Config
	user     string // of basic authentication
	secret   string
	base     *url.URL // of BaseURL; nil without
	public   public
	tokens   [][]byte // that sign webhooks
	macs     [][]byte // keys of references, of the same tokens
	trip     http.RoundTripper
	timeout  time.Duration
	now      func() time.Time
	log      *slog.Logger
	contents *contents
}

// sidForm is what every SID looks like, behind its two letters.
var sidForm = regexp.MustCompile(`^[A-Z]{2}[0-9a-fA-F]{32}$`)

// isSID reports whether s is a SID of a kind. Nothing else is put into a path: an
// unchecked "../" would reach another resource.
func isSID(kind, s string) bool { return strings.HasPrefix(s, kind) && sidForm.MatchString(s) }

var (
	regionForm = regexp.MustCompile(`^[a-z]{2}[0-9]{1,2}$`)
	edgeForm   = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
)

// NewAccount checks cfg without calling Twilio. The error lists everything that is
// wrong with it, and shows no secret.
func NewAccount(cfg Config) (*Account, error) {
	var errs []error
	wrong := func(format string, args ...any) {
		errs = append(errs, fmt.Errorf("twilio: Config."+format, args...))
	}
	if !isSID("AC", cfg.AccountSID) {
		wrong("AccountSID is AC and 32 hexadecimal digits: copy it from the console")
	}
	if cfg.AuthToken == "" {
		wrong("AuthToken is empty: webhooks are signed with it, also where an API key sends")
	}
	a := &Account{cfg: cfg, user: cfg.AccountSID, secret: cfg.AuthToken, trip: http.DefaultTransport, timeout: 30 * time.Second, now: cfg.Now, log: cfg.Logger}
	switch {
	case cfg.APIKey == "" && cfg.APISecret == "":
	case cfg.APISecret == "":
		wrong("APIKey needs its APISecret")
	case !isSID("SK", cfg.APIKey):
		wrong("APIKey is SK and 32 hexadecimal digits, the SID of the key")
	default:
		a.user, a.secret = cfg.APIKey, cfg.APISecret
	}
	if cfg.Region != "" && !regionForm.MatchString(cfg.Region) {
		wrong("Region is a name such as ie1, not %q", cfg.Region)
	}
	if cfg.Edge != "" && !edgeForm.MatchString(cfg.Edge) {
		wrong("Edge is a name such as dublin, not %q", cfg.Edge)
	}
	if cfg.BaseURL != "" {
		u, err := url.Parse(strings.TrimRight(cfg.BaseURL, "/"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" || u.Fragment != "" {
			wrong("BaseURL is scheme, host and perhaps a path: http://127.0.0.1:4100")
		}
		a.base = u
	}
	if cfg.PublicURL != "" {
		var err error
		if a.public, err = parsePublic(cfg.PublicURL); err != nil {
			wrong("PublicURL %w", err)
		}
	}
	if cfg.HTTP != nil {
		if cfg.HTTP.Transport != nil {
			a.trip = cfg.HTTP.Transport
		}
		switch {
		case cfg.HTTP.Timeout < 0:
			wrong("HTTP.Timeout is %s; leave it 0 for 30 s", cfg.HTTP.Timeout)
		case cfg.HTTP.Timeout > 0:
			a.timeout = cfg.HTTP.Timeout
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for _, token := range []string{cfg.AuthToken, cfg.PreviousToken} {
		if token != "" {
			a.tokens = append(a.tokens, []byte(token))
			mac := hmac.New(sha256.New, []byte(token))
			mac.Write([]byte("hubkit: references in status callbacks"))
			a.macs = append(a.macs, mac.Sum(nil))
		}
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.log == nil {
		a.log = slog.Default()
	}
	table := cfg.Table
	if table == nil {
		table = &memory{}
	}
	a.contents = &contents{table: table}
	return a, nil
}

// LogValue shows the account's SID and nothing secret.
func (a *Account) LogValue() slog.Value { return slog.StringValue("twilio:" + a.cfg.AccountSID) }
