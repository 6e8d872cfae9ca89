package desk_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// screen is one page in a real browser.
type screen struct {
	t   *testing.T
	h   *house
	ctx context.Context
	dir string
	axe string // axe-core's script; "" when it is not there
}

// browse starts the browser that HUBKIT_TEST_BROWSER names, or skips the test.
// HUBKIT_TEST_AXE names axe-core's script (npm axe-core 4.14, axe.min.js), by
// which every page is checked. Screenshots go to HUBKIT_TEST_SCREENSHOTS, or
// to a directory that is deleted.
func browse(t *testing.T, h *house) *screen {
	t.Helper()
	binary := os.Getenv("HUBKIT_TEST_BROWSER")
	if binary == "" {
		t.Skip("HUBKIT_TEST_BROWSER names no browser")
	}
	s := &screen{t: t, h: h, dir: os.Getenv("HUBKIT_TEST_SCREENSHOTS")}
	if s.dir == "" {
		s.dir = t.TempDir()
	}
	if file := os.Getenv("HUBKIT_TEST_AXE"); file != "" {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		s.axe = string(b)
	} else {
		t.Log("HUBKIT_TEST_AXE names no axe-core: pages are not checked for accessibility")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "en"), chromedp.UserDataDir(t.TempDir()),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	s.ctx = ctx
	s.size(1280, 800)
	s.theme("light")
	messages := chromedp.Console(ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() {
				t.Errorf("the page failed: %s", m)
			}
		}
	}()
	return s
}

func (s *screen) do(steps ...chromedp.Action[chromedp.Void]) {
	s.t.Helper()
	require.NoError(s.t, chromedp.Do(s.ctx, steps...))
}

func (s *screen) size(w, h int64) {
	s.t.Helper()
	s.do(chromedp.EmulateViewport(w, h))
}

// until waits for a condition in the page, also across a reload.
func (s *screen) until(js string) {
	s.t.Helper()
	var ok bool
	var err error
	for end := time.Now().Add(time.Minute); !ok && time.Now().Before(end); {
		if ok, err = chromedp.Run(s.ctx, chromedp.Evaluate[bool](js)); !ok {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if !ok {
		s.shot("failed")
		body, _ := chromedp.Run(s.ctx, chromedp.Evaluate[string]("location.href + ' ' + document.body.innerText"))
		require.FailNow(s.t, "the page never came so far", "%s\n%v\n%s", js, err, body)
	}
}

func (s *screen) see(words string) {
	s.t.Helper()
	s.until(fmt.Sprintf("document.body.innerText.includes(%q)", words))
}

// open goes to a page of the desk and waits until it stands.
func (s *screen) open(path string) {
	s.t.Helper()
	s.do(chromedp.Navigate(s.h.url + path))
	s.until(`document.readyState === 'complete'`)
}

// press clicks the button or link that says words, and waits for the page after it.
func (s *screen) press(words string) {
	s.t.Helper()
	s.until(fmt.Sprintf(`(() => {
		const b = [...document.querySelectorAll('button, a, summary')].find(b => b.getClientRects().length && b.innerText.trim() === %q)
		if (b) { window.leaving = true; b.click() }
		return !!b
	})()`, words))
}

// left waits until the page that was pressed on is gone.
func (s *screen) left() {
	s.t.Helper()
	s.until(`!window.leaving && document.readyState === 'complete'`)
}

// write types into a field.
func (s *screen) write(selector, words string) {
	s.t.Helper()
	s.do(chromedp.Focus(chromedp.CSS(selector)))
	_, err := chromedp.Call(s.ctx, input.InsertText, input.InsertTextParams{Text: words})
	require.NoError(s.t, err)
}

// key presses one key, with Ctrl if asked.
func (s *screen) key(key, code string, vk int64, ctrl bool) {
	s.t.Helper()
	text := key
	mods := int64(0)
	if ctrl {
		mods, text = 2, ""
	}
	if len(key) > 1 && key != "Enter" {
		text = ""
	}
	if key == "Enter" && !ctrl {
		text = "\r"
	}
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		p := input.DispatchKeyEventParams{Type: kind, Key: key, Code: code, WindowsVirtualKeyCode: vk, NativeVirtualKeyCode: vk, Modifiers: mods}
		if kind == input.DispatchKeyEventTypeKeyDown {
			p.Text = text
		}
		_, err := chromedp.Call(s.ctx, input.DispatchKeyEvent, p)
		require.NoError(s.t, err)
	}
}

// theme is "light" or "dark"; nothing moves, so that screenshots are steady.
func (s *screen) theme(name string) {
	s.t.Helper()
	_, err := chromedp.Call(s.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(s.t, err)
}

func (s *screen) shot(name string) {
	s.t.Helper()
	shot, err := chromedp.Run(s.ctx, chromedp.CaptureScreenshot())
	require.NoError(s.t, err)
	require.NoError(s.t, os.WriteFile(filepath.Join(s.dir, name+".png"), shot, 0o600))
}

// good checks a page as it stands, on a phone and wide, light and dark: nothing
// runs over the edge, and axe-core finds no violation.
func (s *screen) good(name string) {
	s.t.Helper()
	for _, size := range []struct {
		name string
		w, h int64
	}{{"phone", 360, 740}, {"wide", 1280, 800}} {
		s.size(size.w, size.h)
		for _, theme := range []string{"light", "dark"} {
			s.theme(theme)
			s.shot(name + "-" + size.name + "-" + theme)
			if s.axe != "" {
				found, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](s.axe+`
				;axe.run(document, {resultTypes: ['violations']}).then(r => !r.passes.length ? 'nothing was checked' : JSON.stringify(
					r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')), null, 1))`, chromedp.EvalAwaitPromise))
				require.NoError(s.t, err)
				assert.Equal(s.t, "[]", found, "%s %s %s", name, size.name, theme)
			}
		}
		over, err := chromedp.Run(s.ctx, chromedp.Evaluate[string](`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`))
		require.NoError(s.t, err)
		assert.Equal(s.t, "0", over, "%s runs over the edge on %s", name, size.name)
	}
	s.theme("light")
	s.size(1280, 800)
}

// path is where the browser is, below the desk.
func (s *screen) path() string {
	s.t.Helper()
	at, err := chromedp.Run(s.ctx, chromedp.Evaluate[string]("location.href"))
	require.NoError(s.t, err)
	u, err := url.Parse(at)
	require.NoError(s.t, err)
	return strings.TrimPrefix(u.RequestURI(), "/desk/")
}
