package webchat

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// One session cannot fill the disk: photos have a budget by the hour.
func TestBudgetOfPhotos(t *testing.T) {
	const kb = 1 << 10
	m, a := newMemory(nil), &album{}
	now := time.Now()
	d := newTest(t, m, func(c *Config) {
		c.Uploads, c.MaxPhoto, c.PhotosPerHour = a, 20*kb, 60*kb
		c.Now = func() time.Time { return now }
	})
	srv, c := serve(t, d, m)
	chunked := func(r *http.Request) { r.ContentLength, r.Body = -1, io.NopCloser(r.Body) }
	send := func(size int, edit ...func(*http.Request)) *http.Response {
		res, _ := c.do("POST", "photo", jpegOf(size), edit...)
		return res
	}
	a.setFail(errBroken)
	for range 5 { // a bad line
		require.Equal(t, http.StatusServiceUnavailable, send(20*kb).StatusCode)
	}
	res, _ := c.do("POST", "photo", "<svg>")
	require.Equal(t, http.StatusUnsupportedMediaType, res.StatusCode)
	a.setFail(nil)
	require.Equal(t, http.StatusCreated, send(20*kb).StatusCode, "what was not kept costs nothing")
	require.Equal(t, http.StatusCreated, send(20*kb-1).StatusCode)
	require.Equal(t, http.StatusCreated, send(10*kb).StatusCode)
	res = send(10*kb, chunked)
	assert.Equal(t, http.StatusTooManyRequests, res.StatusCode, "of a size that is not told: as much as the largest")
	assert.Equal(t, "600", res.Header.Get("Retry-After"))
	res = send(11 * kb)
	assert.Equal(t, http.StatusTooManyRequests, res.StatusCode)
	assert.Equal(t, "60", res.Header.Get("Retry-After"), "a KiB a minute")
	require.Equal(t, http.StatusCreated, send(10*kb).StatusCode)
	assert.Len(t, a.photos(), 4, "60 KiB")
	assert.Equal(t, http.StatusTooManyRequests, send(kb).StatusCode)

	said, body := c.do("POST", "message", `{"client":"a","text":"x"}`)
	assert.Equal(t, http.StatusAccepted, said.StatusCode, body)
	other, _ := phone(t, srv, "/chat/").do("POST", "photo", jpegOf(20*kb))
	assert.Equal(t, http.StatusCreated, other.StatusCode, "another session has its own")
	now = now.Add(20 * time.Minute)
	assert.Equal(t, http.StatusCreated, send(10*kb, chunked).StatusCode)
}

// The hub may forget a photo that nobody named for long: a message that comes later
// is refused, so that the page sends the photo again.
func TestOldPhotosAreSentAgain(t *testing.T) {
	m := newMemory(nil)
	now := time.Now()
	d := newTest(t, m, func(c *Config) {
		c.Uploads = &album{}
		c.Now = func() time.Time { return now }
	})
	_, c := serve(t, d, m)
	upload := func() string {
		res, body := c.do("POST", "photo", jpegOf(100))
		require.Equal(t, http.StatusCreated, res.StatusCode, body)
		var got map[string]string
		require.NoError(t, json.Unmarshal([]byte(body), &got))
		return `{"client":"p","photo":"` + got["photo"] + `"}`
	}
	message := upload()
	now = now.Add(12 * time.Hour)
	res, body := c.do("POST", "message", message)
	assert.Equal(t, http.StatusBadRequest, res.StatusCode)
	assert.Contains(t, body, "send the photo again")
	message = upload()
	now = now.Add(12*time.Hour - time.Second)
	res, body = c.do("POST", "message", message)
	assert.Equal(t, http.StatusAccepted, res.StatusCode, body)
	assert.Len(t, m.heard(), 2)
}
