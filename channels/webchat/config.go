package webchat

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// Config is what New needs. Only Backlog and Keys are required.
type Config struct {
	// Backlog is where the committed messages are read: crm.Store has one.
	Backlog channels.Backlog

	// Keys sign session tokens and photo references, 32 random bytes or more
	// each. The first signs, all verify: to change the key, put the new one in
	// front and drop the old one after Session. A lost key ends every session.
	Keys [][]byte

	// Revoked says that the session of an address is over, before its time: a
	// phone was stolen, a link went astray. Its requests are refused as those of a
	// session that ended, its stream ends at the next sign of life, and the page
	// begins another conversation. It is asked at every request, so it answers from
	// memory. Nil: none is. To end every session at once, change Keys.
	Revoked func(channels.Address) bool

	// To is put into every Event and so chooses the programme. Its Channel
	// defaults to "web".
	To channels.Address

	// Title stands above the conversation. Defaults to "Chat" in the page's languages.
	Title hubkit.Text

	// Languages are those the page's own words are shown in; the first is for
	// people whose browser wants none of them. Messages may be in any language.
	// Defaults to the languages of Title, and without a Title to en, uk, ru, ar, fr, es.
	Languages []hubkit.Lang

	// Words adds languages to the page's own words, or says them differently,
	// by the ID of the Entry in Driver.Texts without its "webchat/".
	Words map[string]hubkit.Text

	// Origins are the sites that may show the chat in a frame, such as
	// "https://www.example.org". Defaults to none but the chat's own.
	Origins []string

	// Uploads keeps photos. Nil switches photos off.
	Uploads Uploads

	MaxText    int   // runes of one typed text; defaults to 4000
	MaxPhoto   int64 // bytes of one photo, after the page made it smaller; defaults to 8 MiB
	MaxStreams int   // open streams in this process; defaults to 10000

	Session   time.Duration // how long a session lives when nobody comes back; defaults to 30 days
	Heartbeat time.Duration // silence on a stream before a sign of life; defaults to 25 seconds
	Patience  time.Duration // how long one write may take before a slow reader is dropped; defaults to 15 seconds

	PerMinute    int // messages a minute one session may send, in bursts of the same size; defaults to 60. Looking for answers has a pace of its own: 1200 a minute, or PerMinute if that is more
	NewPerMinute int // sessions a minute that may begin, all together; defaults to 6000

	// PhotosPerHour is how many bytes of photos one session may send in an hour, at
	// once or little by little. At least MaxPhoto; defaults to five times that.
	PhotosPerHour int64

	Logger *slog.Logger     // defaults to slog.Default; never sees a text, an address or a token
	Now    func() time.Time // defaults to time.Now
}

// Uploads keeps the photos people send. Save reads r to its end and returns
// what identifies the photo to the rest of the hub; r ends with an error when
// the photo is too large or the line broke, and then nothing may be kept.
// Save is called concurrently. A photo that no message has named 12 hours later
// is not asked for any more, and may be forgotten.
type Uploads interface {
	Save(ctx context.Context, mime string, r io.Reader) (channels.Media, error)
}

func (c *Config) setDefaults() {
	if c.To.Channel == "" {
		c.To.Channel = name
	}
	if c.Languages == nil {
		c.Languages = titled(c.Title)
	}
	c.MaxText = or(c.MaxText, 4000)
	c.MaxPhoto = or(c.MaxPhoto, 8<<20)
	c.MaxStreams = or(c.MaxStreams, 10_000)
	c.Session = or(c.Session, 30*24*time.Hour)
	c.Heartbeat = or(c.Heartbeat, 25*time.Second)
	c.Patience = or(c.Patience, 15*time.Second)
	c.PerMinute = or(c.PerMinute, 60)
	c.NewPerMinute = or(c.NewPerMinute, 6000)
	c.PhotosPerHour = or(c.PhotosPerHour, 5*c.MaxPhoto)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// check reports everything that is wrong at once.
func (c *Config) check() error {
	var errs []error
	bad := func(format string, a ...any) { errs = append(errs, fmt.Errorf("webchat: "+format, a...)) }
	if c.Backlog == nil {
		bad("Backlog is missing: give the store whose messages the page shows")
	}
	if len(c.Keys) == 0 {
		bad("Keys is empty: give at least one key of 32 random bytes")
	}
	for i, k := range c.Keys {
		if len(k) < 32 {
			bad("Keys[%d] has %d bytes: a key needs at least 32", i, len(k))
		}
	}
	for _, o := range c.Origins {
		u, err := url.Parse(o)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.Scheme+"://"+u.Host != o {
			bad("Origins: %q is not an origin such as https://www.example.org (scheme and host, no path)", o)
		}
	}
	if len(c.Languages) == 0 {
		bad("Languages is empty: name at least one")
	}
	for name, n := range map[string]int64{
		"MaxText": int64(c.MaxText), "MaxPhoto": c.MaxPhoto, "MaxStreams": int64(c.MaxStreams),
		"Session": int64(c.Session), "Heartbeat": int64(c.Heartbeat), "Patience": int64(c.Patience),
		"PerMinute": int64(c.PerMinute), "NewPerMinute": int64(c.NewPerMinute), "PhotosPerHour": c.PhotosPerHour,
	} {
		if n < 0 {
			bad("%s is negative", name)
		}
	}
	if c.PhotosPerHour < c.MaxPhoto {
		bad("PhotosPerHour is less than MaxPhoto: the largest photo would never be taken")
	}
	return errors.Join(errs...)
}

func or[T int | int64 | time.Duration](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}
