package webchat

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// town is a server that can be cut off and brought back on the same port.
type town struct {
	t       *testing.T
	addr    string
	handler http.Handler
	srv     *httptest.Server
}

func (s *town) up() {
	s.t.Helper()
	var l net.Listener
	require.Eventually(s.t, func() (ok bool) {
		var err error
		l, err = net.Listen("tcp", s.addr)
		return err == nil
	}, time.Minute, 10*time.Millisecond)
	s.addr = l.Addr().String()
	s.srv = httptest.NewUnstartedServer(s.handler)
	s.srv.Listener.Close()
	s.srv.Listener = l
	s.srv.Start()
}

// down cuts every line at once and refuses new ones.
func (s *town) down() {
	s.srv.CloseClientConnections()
	s.srv.Listener.Close()
	s.srv.CloseClientConnections()
	s.srv.Close()
}

// tab is one page in a browser, 360 pixels wide.
type tab struct {
	t   *testing.T
	ctx context.Context
	dir string
}

// browse starts the browser that HUBKIT_TEST_BROWSER names, or skips the test.
// Screenshots go to HUBKIT_TEST_SCREENSHOTS, or to a directory that is deleted.
func browse(t *testing.T) *tab {
	t.Helper()
	binary := os.Getenv("HUBKIT_TEST_BROWSER")
	if binary == "" {
		t.Skip("HUBKIT_TEST_BROWSER names no browser")
	}
	dir := os.Getenv("HUBKIT_TEST_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "uk"), chromedp.UserDataDir(t.TempDir()),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	b := &tab{t: t, ctx: ctx, dir: dir}
	b.prepare()
	return b
}

// another opens a second tab in the same browser.
func (b *tab) another() *tab {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	other := &tab{t: b.t, ctx: ctx, dir: b.dir}
	other.prepare()
	return other
}

func (b *tab) prepare() {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(360, 720, chromedp.EmulateScale(2)))
	b.theme("light")
	messages := chromedp.Console(b.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() {
				b.t.Errorf("the page failed: %s", m)
			}
		}
	}()
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	require.NoError(b.t, chromedp.Do(b.ctx, steps...))
}

// until waits for a condition in the page, also across a reload.
func (b *tab) until(js string) {
	b.t.Helper()
	var ok bool
	var err error
	for end := time.Now().Add(time.Minute); !ok && time.Now().Before(end); {
		if ok, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool]("Boolean("+js+")")); !ok {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if !ok {
		b.shot("failed")
		body, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
		require.FailNow(b.t, "the page never came so far", "%s\n%v\n%s", js, err, body)
	}
}

func (b *tab) see(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// tap clicks the last visible button or option that says text.
func (b *tab) tap(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(() => {
		const said = b => [b.title, b.innerText.trim(), ...[...b.querySelectorAll('.label > :first-child')].map(l => l.innerText.trim())]
		const all = [...document.querySelectorAll('button, label.option')]
			.filter(b => b.getClientRects().length && !b.disabled && said(b).includes(%q))
		if (all.length) all[all.length - 1].click()
		return all.length > 0
	})()`, text))
}

func (b *tab) write(text string) {
	b.t.Helper()
	b.do(chromedp.Focus(chromedp.CSS("#text")))
	_, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text}) // as a phone's keyboard does
	require.NoError(b.t, err)
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13,
		})
		require.NoError(b.t, err)
	}
}

func (b *tab) shot(name string) {
	b.t.Helper()
	shot, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(b.dir, name+".png"), shot, 0o600))
}

// accessible runs axe-core, when HUBKIT_TEST_AXE names its script, on what the
// page shows now.
func (b *tab) accessible() {
	b.t.Helper()
	file := os.Getenv("HUBKIT_TEST_AXE")
	if file == "" {
		return
	}
	script, err := os.ReadFile(file)
	require.NoError(b.t, err)
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](string(script)+`
		;axe.run(document, {resultTypes: ['violations']}).then(r => JSON.stringify(
			r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')), null, 1))`, chromedp.EvalAwaitPromise))
	require.NoError(b.t, err)
	assert.Equal(b.t, "[]", found)
}

// theme is "light" or "dark"; nothing moves, so that screenshots are steady.
func (b *tab) theme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"},
		},
	})
	require.NoError(b.t, err)
}

// at tells the page where it is.
func (b *tab) at(lat, lon float64) {
	b.t.Helper()
	_, err := chromedp.CallBrowser(b.ctx, browser.SetPermission, browser.SetPermissionParams{
		Permission: &browser.PermissionDescriptor{Name: "geolocation"}, Setting: browser.PermissionSettingGranted,
	})
	require.NoError(b.t, err)
	accuracy := 20.0
	_, err = chromedp.Call(b.ctx, emulation.SetGeolocationOverride, emulation.SetGeolocationOverrideParams{
		Latitude: &lat, Longitude: &lon, Accuracy: &accuracy,
	})
	require.NoError(b.t, err)
}

// picture is a PNG with edges, so that it is worth pressing.
func picture(t *testing.T, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(x / 12), uint8(y / 8), uint8((x/100 + y/100) % 2 * 90), 255})
		}
	}
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

func sizeOf(t *testing.T, photo string) (w, h int) {
	t.Helper()
	c, err := jpeg.DecodeConfig(strings.NewReader(photo))
	require.NoError(t, err)
	return c.Width, c.Height
}
