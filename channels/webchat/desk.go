package webchat

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// recordWithin bounds one call of the hub and one reading of a small body.
const recordWithin = 30 * time.Second

// desk is the driver with the hub behind it: where requests of people arrive.
type desk struct {
	*Driver
	hub channels.Handler
}

// known answers 401 unless the request names a session that is alive.
func (d *desk) known(serve func(http.ResponseWriter, *http.Request, session)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s, ok := d.find(r)
		if !ok {
			refuse(w, errUnknown)
			return
		}
		serve(w, r, s)
	}
}

// body reads a JSON body of at most limit bytes within recordWithin.
func (d *desk) body(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if t, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || t != "application/json" {
		return nil, errType
	}
	if r.ContentLength > limit {
		return nil, errTooLarge
	}
	readWithin(w, recordWithin)
	b, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return nil, errTooLarge
	}
	if err != nil {
		return nil, badRequest("the body ended early")
	}
	return b, nil
}

// readWithin bounds the reading of a body; the server forgets the deadline with
// its end. Writers that know no deadlines, as in tests, are left alone.
func readWithin(w http.ResponseWriter, d time.Duration) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(d))
}

// handle passes one event to the hub. What was read whole is recorded even when
// the line drops meanwhile: the context loses the request's end, not its values.
func (d *desk) handle(r *http.Request, e channels.Event) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), recordWithin)
	defer cancel()
	if _, err := d.hub.Handle(ctx, e); err != nil {
		d.cfg.Logger.WarnContext(ctx, "web chat: event not recorded", "event", e.ID, "error", plain(err))
		wait := 2 * time.Second
		if later, ok := errors.AsType[*channels.Error](err); ok {
			wait = max(wait, later.After)
		}
		return busy(wait)
	}
	return nil
}

// plain names an error without its words, which may hold what a person wrote.
func plain(err error) string {
	if e, ok := errors.AsType[*channels.Error](err); ok {
		return e.Error()
	}
	for {
		below := errors.Unwrap(err)
		if below == nil {
			return fmt.Sprintf("%T", err)
		}
		err = below
	}
}

func (d *Driver) event(s session, client string, kind channels.EventKind) channels.Event {
	return channels.Event{
		ID:   eventID(s.id, client),
		Kind: kind,
		From: address(s),
		To:   d.cfg.To,
		At:   d.cfg.Now(),
	}
}

func address(s session) channels.Address { return channels.Address{Channel: name, ID: s.id} }

// started tells the hub of a new session, or of a one-time link in one that was kept.
// "." begins no client id, so that no message can stand for the beginning.
func (d *desk) started(r *http.Request, s session, campaign string) error {
	id := "."
	if strings.HasPrefix(campaign, onceMark) {
		id += campaign
	}
	e := d.event(s, id, channels.Started)
	e.Campaign = campaign
	return d.handle(r, e)
}

// message answers POST message with 202 and nothing else: the reply comes by the stream.
func (d *desk) message(w http.ResponseWriter, r *http.Request, s session) {
	body, err := d.body(w, r, int64(6*d.cfg.MaxText+4096))
	if err != nil {
		refuse(w, err)
		return
	}
	m, err := decodeSaid(body, d.cfg.MaxText)
	if err != nil {
		refuse(w, err)
		return
	}
	e := d.event(s, m.Client, channels.Said)
	e.Text, e.Option, e.InReplyTo, e.Location = m.Text, m.Option, m.InReplyTo, m.Location.location()
	if m.Photo != "" {
		photo, ok := d.photoOf(s, m.Photo)
		if !ok {
			refuse(w, badRequest("photo is not what POST photo returned in this session within 12 hours: send the photo again"))
			return
		}
		e.Media = []channels.Media{photo}
	}
	if wait := d.pace.take(s.id, e.At); wait > 0 {
		refuse(w, tooMany(wait))
		return
	}
	if err := d.handle(r, e); err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

// photo answers POST photo: the body is the image itself. The answer's ref goes
// into POST message; it is signed for this session, so that nobody can make the
// hub fetch another address.
func (d *desk) photo(w http.ResponseWriter, r *http.Request, s session) {
	if r.ContentLength > d.cfg.MaxPhoto {
		refuse(w, errTooLarge)
		return
	}
	if wait := d.pace.take(s.id, d.cfg.Now()); wait > 0 {
		refuse(w, tooMany(wait))
		return
	}
	size := r.ContentLength
	if size < 0 { // not told: as much as it may be
		size = d.cfg.MaxPhoto
	}
	if wait := d.bytes.takeSome(s.id, kib(size), d.cfg.Now()); wait > 0 {
		refuse(w, tooMany(wait))
		return
	}
	kept := false
	defer func() {
		if !kept { // a line that breaks costs nothing
			d.bytes.giveBack(s.id, kib(size))
		}
	}()
	readWithin(w, 5*time.Minute)
	body := bufio.NewReaderSize(http.MaxBytesReader(w, r.Body, d.cfg.MaxPhoto), 512)
	first, err := body.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		refuse(w, photoError(err))
		return
	}
	kind := http.DetectContentType(first)
	if kind != "image/jpeg" && kind != "image/png" && kind != "image/webp" {
		refuse(w, errPhoto)
		return
	}
	media, err := d.cfg.Uploads.Save(r.Context(), kind, body)
	if err != nil {
		d.cfg.Logger.WarnContext(r.Context(), "web chat: photo not kept", "error", plain(err))
		refuse(w, photoError(err))
		return
	}
	kept = true
	b, err := json.Marshal(upload{media, d.cfg.Now()})
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_ = json.NewEncoder(w).Encode(map[string]string{"photo": d.keys.seal("photo "+s.id, b)})
}

// kib rounds bytes up to KiB, in which photos are counted.
func kib(bytes int64) int64 { return (bytes + 1023) >> 10 }

func photoError(err error) error {
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return errTooLarge
	}
	return busy(2 * time.Second)
}

// upload is a photo that no message named yet.
type upload struct {
	Media channels.Media
	At    time.Time
}

// uploadKept is how long a message may come after its photo.
const uploadKept = 12 * time.Hour

func (d *Driver) photoOf(s session, sealed string) (channels.Media, bool) {
	var u upload
	b, ok := d.keys.unseal("photo "+s.id, sealed)
	ok = ok && json.Unmarshal(b, &u) == nil && d.cfg.Now().Sub(u.At) < uploadKept
	return u.Media, ok
}

// messages answers GET messages?after=, for lines on which no stream comes through.
func (d *desk) messages(w http.ResponseWriter, r *http.Request, s session) {
	after, err := seqAfter(r)
	if err != nil {
		refuse(w, err)
		return
	}
	if wait := d.reads.take(s.id, d.cfg.Now()); wait > 0 {
		refuse(w, tooMany(wait))
		return
	}
	entries, err := d.cfg.Backlog.After(r.Context(), address(s), after)
	if err != nil {
		d.cfg.Logger.WarnContext(r.Context(), "web chat: backlog not read", "error", plain(err))
		refuse(w, busy(2*time.Second))
		return
	}
	out := make([]shown, 0, len(entries))
	for _, e := range entries {
		out = append(out, show(e))
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string][]shown{"entries": out}) // the line may be gone
}

// seqAfter reads where the page has come to: Last-Event-ID, or ?after=, or the beginning.
func seqAfter(r *http.Request) (int64, error) {
	s := r.Header.Get("Last-Event-ID")
	if s == "" {
		s = r.URL.Query().Get("after")
	}
	if s == "" {
		return 0, nil
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, badRequest("after and Last-Event-ID are sequence numbers: 0 or more")
	}
	return n, nil
}
