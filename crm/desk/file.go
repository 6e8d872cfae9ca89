package desk

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/delivery"
	"github.com/hubkit/hubkit/crm"
)

// sentFile is a file that somebody sent, and where it can be looked at.
type sentFile struct{ Name, Path string }

// filePath leads to a file of a seat, from the seat's own page; "" where files cannot
// be opened.
func (v *visit) filePath(s seat, rest string) string {
	if v.d.files == nil {
		return ""
	}
	return s.ID + "/" + rest
}

// trouble says what is wrong with a message that left, on a channel that pushes; ""
// where nothing is.
func (v *visit) trouble(s seat, ref string) string {
	ch := v.d.channels[s.ThreadID.Address.Channel]
	if ch == nil || ch.Limits().Pulled {
		return ""
	}
	d, err := v.d.store.Delivery(v.r.Context(), ref)
	if err != nil { // it left in a response, or was long ago
		return ""
	}
	switch d.State {
	case delivery.Failed, delivery.Undelivered, delivery.Expired:
		return v.t("not_arrived")
	case delivery.Held, delivery.Unknown:
		return v.t("in_doubt")
	}
	return ""
}

// saidFile shows a file that came with a message of the conversation.
func (d *Desk) saidFile(v *visit) error {
	s, err := v.seat()
	if err != nil {
		return err
	}
	seq, err1 := strconv.ParseInt(v.r.PathValue("seq"), 10, 64)
	n, err2 := strconv.Atoi(v.r.PathValue("n"))
	if err1 != nil || err2 != nil || seq < 1 || n < 0 || s.ThreadID == (crm.ThreadID{}) {
		return crm.ErrNotFound
	}
	for x, err := range d.store.Interactions(v.r.Context(), s.ThreadID, crm.Page{After: seq - 1, Limit: 1}) {
		if err != nil {
			return err
		}
		if x.Seq == seq && x.In != nil && n < len(x.In.Media) {
			return v.file(s, x.In.Media[n])
		}
	}
	return crm.ErrNotFound
}

// mediaFile shows a file that answered a question, wherever it was sent from.
func (d *Desk) mediaFile(v *visit) error {
	s, err := v.seat()
	if err != nil {
		return err
	}
	for m, err := range d.store.Media(v.r.Context(), s.Programme, s.ID) {
		if err != nil {
			return err
		}
		if m.ID == v.r.PathValue("media") {
			return v.file(s, m.Media)
		}
	}
	return crm.ErrNotFound
}

// shownInPage are the types that a browser shows and nothing in them runs; all others
// are given to be kept.
var shownInPage = map[string]bool{"image/jpeg": true, "image/png": true, "image/webp": true}

// file serves one file, and puts on record who looked at it.
func (v *visit) file(s seat, m channels.Media) error {
	if v.d.files == nil {
		return crm.ErrNotFound
	}
	in, err := v.d.files(v.r.Context(), m)
	if errors.Is(err, crm.ErrNoFile) {
		return crm.ErrNotFound
	}
	if err != nil {
		return err
	}
	defer in.Close()
	if err := v.record(s.Programme, "read.file", s.ID); err != nil {
		return err
	}
	h := v.w.Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if h.Set("Content-Type", m.Type); !shownInPage[m.Type] {
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment")
	}
	if _, err := io.Copy(v.w, in); err != nil {
		v.d.log.WarnContext(v.r.Context(), "desk: a file broke off", "programme", s.Programme, "error", plainly(err))
		panic(http.ErrAbortHandler) // the browser must not take half a document for a whole one
	}
	return nil
}

// plainly names an error of a file without its path.
func plainly(err error) string {
	if errors.Is(err, crm.ErrFileDamaged) {
		return crm.ErrFileDamaged.Error()
	}
	return "the line or the disk failed"
}
