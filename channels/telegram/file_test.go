package telegram

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hubkit/hubkit/channels"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOpen(t *testing.T) {
	p := newProvider(t)
	p.files["AgAC"] = `{"ok":true,"result":{"file_id":"AgAC","file_size":9,"file_path":"photos/дах 1.jpg"}}`
	f, err := p.driver(t).Open(t.Context(), channels.Media{URL: "telegram:file/AgAC"})
	require.NoError(t, err)
	content, err := io.ReadAll(f)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	assert.Equal(t, "content of photos/дах 1.jpg", string(content))
}

func TestOpenRefuses(t *testing.T) {
	p := newProvider(t)
	say := func(path, size string) string {
		return `{"ok":true,"result":{"file_size":` + size + `,"file_path":"` + path + `"}}`
	}
	p.files["large"] = say("a", "20971521")
	p.files["local"] = say("/var/lib/telegram/a", "1")
	p.files["up"] = say("../bot"+token+"/getMe", "1")
	p.files["inside"] = say("a/../../b", "1")
	p.files["none"] = say("", "1")
	for url, want := range map[string]channels.Cause{
		"https://hub.example/x": channels.Rejected, "telegram:file/": channels.Rejected, "": channels.Rejected,
		"telegram:file/unknown": channels.Rejected, "telegram:file/large": channels.Rejected, "telegram:file/local": channels.Misconfigured,
		"telegram:file/up": channels.Misconfigured, "telegram:file/inside": channels.Misconfigured, "telegram:file/none": channels.Misconfigured,
	} {
		f, err := p.driver(t).Open(t.Context(), channels.Media{URL: url})
		assert.Nil(t, f)
		assert.Equal(t, want, channels.CauseOf(err), url)
	}
}

func TestAFileLongerThanItSaidIsAnError(t *testing.T) {
	status := http.StatusOK
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/getFile") {
			_, _ = io.WriteString(w, `{"ok":true,"result":{"file_size":1,"file_path":"a"}}`)
			return
		}
		w.WriteHeader(status)
		for range 21 {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	}))
	defer srv.Close()
	d, err := New(Config{Token: token, BaseURL: srv.URL})
	require.NoError(t, err)
	f, err := d.Open(t.Context(), channels.Media{URL: "telegram:file/a"})
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, f)
	var long *http.MaxBytesError
	require.True(t, errors.As(err, &long), "never a file that was cut silently")
	assert.Equal(t, int64(20<<20), n)
	require.NoError(t, f.Close())

	for status1, want := range map[int]channels.Cause{404: channels.Rejected, 429: channels.Throttled, 503: channels.Unknown, 302: channels.Misconfigured} {
		status = status1
		f, err := d.Open(t.Context(), channels.Media{URL: "telegram:file/a"})
		assert.Nil(t, f)
		assert.Equal(t, want, channels.CauseOf(err), "%d", status1)
	}
}
