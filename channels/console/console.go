package console

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// ErrOver is returned by a handler beside its last messages when the conversation is
// over: they are printed and Run returns nil.
var ErrOver = errors.New("console: the conversation is over")

// Config says where a console reads and writes; its zero value is the terminal.
type Config struct {
	In  io.Reader // defaults to os.Stdin
	Out io.Writer // defaults to os.Stdout
	// Name is the channel's name. Defaults to "console".
	Name string
	// Person is the id of whoever types. Defaults to "person".
	Person string
	// Prompt stands before what is typed. Defaults to "> ".
	Prompt string
	// MaxLine is the longest line in bytes; a longer one is refused with TooLong and
	// not handed on. Defaults to 16 KiB.
	MaxLine int
	// TooLong is printed for a line over MaxLine. Defaults to a sentence in English.
	TooLong string
	// Words adds languages to the connecting words, as in channels.Config.
	Words channels.Words
	// Logger defaults to slog.Default().
	Logger *slog.Logger
	// Now defaults to time.Now.
	Now func() time.Time
}

// Console is a driver that prints, and a conversation with whoever types. Send is safe
// for concurrent use; Run is called once at a time.
type Console struct {
	cfg     Config
	run     string // makes ids unique over restarts
	channel *channels.Channel

	mu      sync.Mutex // guards Out, and sent
	sent    int
	pending bool // a prompt is on the screen
}

// New returns a console. The error lists what is wrong with cfg.
func New(cfg Config) (*Console, error) {
	c := &Console{cfg: cfg, run: rand.Text()}
	if cfg.In == nil {
		c.cfg.In = os.Stdin
	}
	if cfg.Out == nil {
		c.cfg.Out = os.Stdout
	}
	if cfg.Name == "" {
		c.cfg.Name = "console"
	}
	if cfg.Person == "" {
		c.cfg.Person = "person"
	}
	if cfg.Prompt == "" {
		c.cfg.Prompt = "> "
	}
	if cfg.MaxLine == 0 {
		c.cfg.MaxLine = 16 << 10
	}
	if cfg.MaxLine < 0 {
		return nil, fmt.Errorf("console: Config.MaxLine is %d; leave it 0 for the default", cfg.MaxLine)
	}
	if cfg.TooLong == "" {
		c.cfg.TooLong = "This line is too long. Please write a shorter one."
	}
	if cfg.Now == nil {
		c.cfg.Now = time.Now
	}
	var err error
	c.channel, err = channels.New(c, channels.Config{Words: cfg.Words, Logger: cfg.Logger, Now: c.cfg.Now})
	return c, err
}

// Name returns the channel's name.
func (c *Console) Name() string { return c.cfg.Name }

// Limits returns none: everything is numbered text of any length.
func (c *Console) Limits() channels.Limits { return channels.Limits{} }

// Send prints the message, with a blank line after it.
func (c *Console) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	if err := ctx.Err(); err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Err: err}
	}
	var b strings.Builder
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pending { // a message between two replies, such as a reminder
		b.WriteByte('\n')
	}
	b.WriteString(channels.Clean(r.Body()))
	for _, m := range r.Media {
		b.WriteString("\n[" + channels.Clean(first(m.Name, m.Type, m.URL)) + "]")
	}
	b.WriteString("\n\n")
	if c.pending {
		b.WriteString(c.cfg.Prompt)
	}
	if _, err := io.WriteString(c.cfg.Out, b.String()); err != nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Unknown, Err: err}
	}
	c.sent++
	return channels.Receipt{ID: c.run + "-out-" + strconv.Itoa(c.sent), At: c.cfg.Now()}, nil
}

func first(ss ...string) string {
	for _, s := range ss {
		if s != "" {
			return s
		}
	}
	return ""
}

// Run tells h that the conversation has started, then hands it each line typed, and
// prints what it replies. It returns nil at the end of input, when ctx ends, and when
// h says [ErrOver].
//
// A read from a terminal cannot be interrupted: when ctx ends first, the one goroutine
// that reads goes with the next line, or with the program.
func (c *Console) Run(ctx context.Context, h channels.Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if over, err := c.turn(ctx, h, channels.Event{ID: c.run + "-0", Kind: channels.Started}); over || err != nil {
		return err
	}
	lines := make(chan line)
	go c.read(ctx, lines)
	for n := 1; ; n++ {
		if err := c.ask(); err != nil {
			return err
		}
		var l line
		select {
		case <-ctx.Done():
			return c.write("\n")
		case l = <-lines:
		}
		c.answered()
		switch {
		case errors.Is(l.err, io.EOF):
			return c.write("\n")
		case l.err != nil:
			return fmt.Errorf("console: read: %w", l.err)
		case l.long:
			if err := c.write(c.cfg.TooLong + "\n"); err != nil {
				return err
			}
			continue
		}
		over, err := c.turn(ctx, h, channels.Event{ID: c.run + "-" + strconv.Itoa(n), Kind: channels.Said, Text: channels.Clean(l.text)})
		if over || err != nil {
			return err
		}
	}
}

// turn gives one event to the handler and prints the replies.
func (c *Console) turn(ctx context.Context, h channels.Handler, e channels.Event) (over bool, err error) {
	e.From = channels.Address{Channel: c.cfg.Name, ID: c.cfg.Person}
	e.To = channels.Address{Channel: c.cfg.Name, ID: "hub"}
	e.At = c.cfg.Now()
	e.Session = c.run
	replies, err := h.Handle(ctx, e)
	over = errors.Is(err, ErrOver)
	if err != nil && !over {
		if ctx.Err() != nil {
			return true, nil
		}
		return false, err
	}
	for _, m := range replies {
		if _, err := c.channel.Send(ctx, m); err != nil {
			if ctx.Err() != nil {
				return true, nil
			}
			return over, err
		}
	}
	return over, nil
}

// ask writes the prompt.
func (c *Console) ask() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = true
	_, err := io.WriteString(c.cfg.Out, c.cfg.Prompt)
	return err
}

func (c *Console) answered() {
	c.mu.Lock()
	c.pending = false
	c.mu.Unlock()
}

func (c *Console) write(s string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pending = false
	_, err := io.WriteString(c.cfg.Out, s)
	return err
}

// line is what was read: a text, a line over MaxLine, or an error.
type line struct {
	text string
	long bool
	err  error
}

// read sends lines until ctx or the input ends.
func (c *Console) read(ctx context.Context, lines chan<- line) {
	in := bufio.NewReader(c.cfg.In)
	for {
		l := next(in, c.cfg.MaxLine)
		select {
		case lines <- l:
		case <-ctx.Done():
			return
		}
		if l.err != nil {
			return
		}
	}
}

// next reads one line of at most limit bytes. The rest of a longer one is skipped,
// never kept. A last line without an end counts.
func next(in *bufio.Reader, limit int) line {
	var l line
	var b []byte
	for {
		piece, err := in.ReadSlice('\n')
		if len(b)+len(piece) > limit+2 {
			l.long, b = true, nil
		}
		if !l.long {
			b = append(b, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		l.text = strings.TrimRight(string(b), "\r\n")
		l.long = l.long || len(l.text) > limit
		if err != nil && (l.text == "" && !l.long || !errors.Is(err, io.EOF)) {
			l.err = err
		}
		return l
	}
}
