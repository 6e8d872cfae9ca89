package telegram

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit/channels"
)

// Open returns the content of a received file, whose Media.URL begins "telegram:file/".
// The caller closes it. Reading more than 20 MB, the most that Telegram gives a bot, is an
// error. The error is a *channels.Error: Rejected for what is no such file, or is too large.
func (d *Driver) Open(ctx context.Context, m channels.Media) (io.ReadCloser, error) {
	id, ok := strings.CutPrefix(m.URL, fileScheme)
	if !ok || id == "" {
		return nil, &channels.Error{Cause: channels.Rejected, Code: "not a telegram:file/ URL"}
	}
	var f struct {
		Path string `json:"file_path"`
		Size int64  `json:"file_size"`
	}
	failed := d.call(ctx, "getFile", struct {
		ID string `json:"file_id"`
	}{id}, &f)
	switch {
	case failed != nil:
		return nil, failed
	case f.Size > largestFile:
		return nil, &channels.Error{Cause: channels.Rejected, Code: "over 20 MB"}
	case f.Path == "" || path.IsAbs(f.Path) || path.Clean(f.Path) != f.Path || strings.HasPrefix(f.Path, ".."):
		// A Bot API server in local mode names a file of its own disk.
		return nil, &channels.Error{Cause: channels.Misconfigured, Code: "file_path"}
	}
	where := d.cfg.BaseURL + "/file/bot" + d.cfg.Token + "/" + (&url.URL{Path: f.Path}).EscapedPath()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return nil, &channels.Error{Cause: channels.Misconfigured, Code: "URL"}
	}
	res, err := d.client.Do(req)
	if err != nil {
		return nil, &channels.Error{Cause: channels.CauseOf(err), Err: redacted(err)}
	}
	if res.StatusCode != http.StatusOK {
		res.Body.Close()
		failed := channels.HTTPError(res.StatusCode, res.Header, time.Now())
		if failed == nil {
			failed = &channels.Error{Cause: channels.Misconfigured, Code: strconv.Itoa(res.StatusCode)}
		}
		return nil, failed
	}
	return http.MaxBytesReader(nil, res.Body, largestFile), nil
}
