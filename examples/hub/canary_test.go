package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What people say is found nowhere in clear: not in the database's files while
// the hub is open, after kill -9 or when it is closed, nor in its logs,
// metrics and health page, in no encoding.
func TestNothingPersonalIsInClear(t *testing.T) {
	hub := openHub(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var canaries []string
	var people []*person
	var group sync.WaitGroup
	for i := range full(12, 5) {
		p := newPerson(uint64(5000+i), hub.url, &client)
		group.Go(func() {
			assert.NoError(t, p.walk(ctx))
		})
		people = append(people, p)
	}
	group.Wait()
	for i, p := range people {
		// Then they ask for a person, and write what no form asks for.
		n := strconv.Itoa(7000 + i)
		words := []string{
			"Ждана Ґалаґанівна Їжакевич-Щупак" + n, "Ѳеофанъ Хмѣлевской" + n, "Żółćisława Þórðardóttir" + n,
			"вул. Кульбабова-Заїржавлена, буд. " + n + "-ї", "мій номер 067 99 " + n + " 55", "Mögłaŭ" + n + "@example.org", "شحاتة-زغلولة" + n,
		}
		require.NoError(t, p.say(ctx, message{Option: "menu/start:person"}))
		for _, w := range words {
			require.NoError(t, p.say(ctx, message{Text: w}))
		}
		photo := "Знімок-Їжакевич" + n
		status, b, err := p.ask(ctx, "POST", "photo", []byte("\xff\xd8\xff\xe0"+strings.Repeat(photo, 10)))
		require.NoError(t, err)
		require.Equal(t, http.StatusCreated, status)
		var sent struct{ Photo string }
		require.NoError(t, json.Unmarshal(b, &sent))
		require.NoError(t, p.say(ctx, message{Photo: sent.Photo}))
		require.NoError(t, p.reload(ctx))
		canaries = append(append(canaries, words...), photo)
		canaries = append(canaries, p.story.phone, strings.TrimPrefix(p.story.phone, "+38"), p.story.account, p.story.account[4:], p.id, p.token)
	}
	// Words that no step expects, and requests that are refused, with words in them.
	stranger := newPerson(5999, hub.url, &client)
	require.NoError(t, stranger.arrive(ctx))
	for i, body := range []string{
		`{"client":"a","text":"Непроханка-Лихоносова 1"}`, `{"client":"Непроханка-Лихоносова 2","text":"x"}`, `{"Непроханка-Лихоносова 3":1}`, `{"client":"a","text":"Непроханка-Лихоносова 4`,
	} {
		status, _, _, err := stranger.once(ctx, "POST", "message", []byte(body))
		require.NoError(t, err)
		require.Equal(t, i > 0, status >= 400)
	}
	_, _, _, err := stranger.once(ctx, "GET", "messages?after="+url.QueryEscape("Непроханка-Лихоносова 5"), nil)
	require.NoError(t, err)
	canaries = append(canaries, "Непроханка-Лихоносова", stranger.id)

	look := func(when string) {
		t.Helper()
		var files []string
		require.NoError(t, filepath.WalkDir(hub.data, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files = append(files, path)
			}
			return err
		}))
		require.Greater(t, len(files), 5, "the database, its key and the photos")
		var all []byte
		for _, f := range files {
			b, err := os.ReadFile(f)
			require.NoError(t, err)
			all = append(append(all, b...), 0, 0, 0, 0)
			assertAbsent(t, b, canaries, when+": "+filepath.Base(f))
		}
		require.Contains(t, string(all), "reference-cash", "the search looks where the data is")
	}
	pages := hub.get("/metrics") + hub.get("/healthz") + hub.get("/")
	for _, suffix := range []string{"-wal", "-shm"} {
		require.FileExists(t, filepath.Join(hub.data, "hub.db"+suffix))
	}
	look("open")
	hub.kill()
	look("killed")
	hub.start()
	require.NoError(t, hub.stop())
	look("closed")
	assertAbsent(t, []byte(pages), canaries, "pages")
	assertAbsent(t, []byte(hub.logs.String()), canaries, "logs")
	checkEverything(t, hub.data, people)
}

// The search itself finds what is there, in every encoding and at any place.
func TestTheSearchFindsCanaries(t *testing.T) {
	const canary = "Їжакевич-Щупак7001"
	for name, write := range encodings {
		for pad := range 4 {
			for _, form := range write(strings.Repeat("я", pad) + canary + "!!!!") {
				assert.NotEmpty(t, found([]byte("xx"+form+"yy"), canary), "%s at %d", name, pad)
			}
		}
	}
	assert.Empty(t, found([]byte("Їжакевич-Щупак7002"), canary))
}

func assertAbsent(t *testing.T, where []byte, canaries []string, place string) {
	t.Helper()
	for i, c := range canaries {
		for _, how := range found(where, c) {
			assert.Fail(t, "something personal is in clear", "canary %d as %s in %s", i, how, place)
		}
	}
}

// found lists the encodings in which b holds s.
func found(b []byte, s string) (how []string) {
	for name, write := range encodings {
		for _, form := range write(s) {
			if bytes.Contains(b, []byte(form)) {
				how = append(how, name)
				break
			}
		}
	}
	return how
}

// encodings are the ways in which a text may lie somewhere.
var encodings = map[string]func(string) []string{
	"UTF-8":      func(s string) []string { return []string{s} },
	"UTF-16":     func(s string) []string { return []string{wide(s, 0), wide(s, 1)} },
	"hex":        func(s string) []string { h := hex.EncodeToString([]byte(s)); return []string{h, strings.ToUpper(h)} },
	"JSON":       func(s string) []string { return []string{escaped(s)} },
	"URL":        func(s string) []string { return []string{url.QueryEscape(s), url.PathEscape(s)} },
	"Go":         func(s string) []string { return []string{strings.Trim(strconv.QuoteToASCII(s), `"`)} },
	"lower case": func(s string) []string { return []string{strings.ToLower(s), strings.ToUpper(s)} },
	"base64":     base64Forms,
}

// base64Forms are the parts of any base64 of s that do not depend on what stands beside it.
func base64Forms(s string) (forms []string) {
	for shift := range 3 {
		b := []byte(s)[(3-shift)%3:]
		b = b[:len(b)/3*3]
		forms = append(forms, base64.StdEncoding.EncodeToString(b), base64.URLEncoding.EncodeToString(b))
	}
	return forms
}

func wide(s string, low int) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		pair := []byte{byte(u), byte(u >> 8)}
		b = append(b, pair[low], pair[1-low])
	}
	return string(b)
}

func escaped(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		if u < 0x80 {
			b.WriteByte(byte(u))
		} else {
			fmt.Fprintf(&b, `\u%04x`, u)
		}
	}
	return b.String()
}
