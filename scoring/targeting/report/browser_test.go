package report_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInBrowser opens the page in the browser that HUBKIT_TEST_BROWSER names: it
// fits a screen and a phone, loads nothing, and axe-core (HUBKIT_TEST_AXE) has
// nothing to say. HUBKIT_TEST_SCREENSHOTS keeps pictures of it.
func TestInBrowser(t *testing.T) {
	binary := os.Getenv("HUBKIT_TEST_BROWSER")
	if binary == "" {
		t.Skip("HUBKIT_TEST_BROWSER names no browser")
	}
	path := filepath.Join(t.TempDir(), "report.html")
	require.NoError(t, os.WriteFile(path, []byte(write(t, full(t))), 0o600))

	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(t.TempDir()),
	)
	alloc, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	ask := func(js string) string {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](js, chromedp.EvalAwaitPromise))
		require.NoError(t, err)
		return got
	}
	for name, size := range map[string][2]int64{"screen": {1280, 900}, "phone": {360, 740}} {
		require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(size[0], size[1]), chromedp.Navigate("file://"+path)))
		assert.Equal(t, "0", ask(`String(document.documentElement.scrollWidth - document.documentElement.clientWidth)`), "it runs over the edge of a %s", name)
		assert.Equal(t, "0", ask(`String(performance.getEntriesByType('resource').length)`), "it loads nothing")
		// No two labels of a plot lie over each other.
		assert.Equal(t, "[]", ask(`JSON.stringify([...document.querySelectorAll('svg')].flatMap(svg => {
			const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
			return boxes.flatMap(([a, p], i) => boxes.slice(i + 1).filter(([b, q]) =>
				p.left < q.right - 1 && q.left < p.right - 1 && p.top < q.bottom - 1 && q.top < p.bottom - 1).map(([b]) => a + ' over ' + b));
		}))`), name)
		if dir := os.Getenv("HUBKIT_TEST_SCREENSHOTS"); dir != "" {
			shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(90))
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "report-"+name+".jpg"), shot, 0o600))
		}
		if file := os.Getenv("HUBKIT_TEST_AXE"); file != "" {
			script, err := os.ReadFile(file)
			require.NoError(t, err)
			assert.Equal(t, "[]", ask(string(script)+`
				;axe.run(document, {resultTypes: ['violations']}).then(r => !r.passes.length ? 'nothing was checked' : JSON.stringify(
				r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')), null, 1))`), name)
		}
	}
}
