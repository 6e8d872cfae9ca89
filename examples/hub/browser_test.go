package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// A real browser on a small phone walks a whole registration in Ukrainian, by
// taps and typing, with reloads and two losses of the connection.
func TestBrowserRegisters(t *testing.T) {
	hub := openHub(t)
	b := browse(t)
	b.do(chromedp.Navigate(hub.url() + "/"))
	b.shot("01-front")
	b.do(chromedp.Navigate(hub.url() + "/chat"))
	b.asked("Виберіть мову")
	b.shot("02-language")
	b.tap("Українська")
	b.asked("Вітаємо! Чим можемо допомогти?")
	b.shot("03-menu")
	b.write(`<script>document.title="lost"</script><img src=x onerror="document.title='lost'">`)
	b.see("<script>document.title")
	b.asked("Чим можемо допомогти?")
	b.shot("04-not-understood")
	b.tap("Заявка на грошову допомогу")
	b.asked("огоджує")
	b.shot("05-consent")
	b.tap("Далі нижче")
	b.shot("05-consent-end")
	b.tap("Погоджуюся")
	b.asked("грошова допомога?")
	b.tap("Так")
	b.asked("18 років")
	b.shot("06-yes-no")
	b.write("так")
	b.asked("області")
	b.shot("07-regions")
	b.write("киевская область") // in another language than the one spoken
	b.asked("через війну")
	b.do(chromedp.Reload())
	b.asked("через війну")
	b.tap("Так")
	b.asked("виїхали")
	b.shot("08-date")

	// The hub dies while the answer is on its way.
	hub.kill()
	b.write("15 березня 2022")
	b.see("Немає зв’язку")
	b.see("Очікує надсилання")
	b.shot("09-no-connection")
	b.do(chromedp.Reload()) // fails: the phone shows its own page, or the chat's
	hub.start()
	b.do(chromedp.Navigate(hub.url() + "/chat/"))
	b.asked("Скільки людей")
	b.shot("10-back-again")
	b.write("дві")
	for i, m := range []struct{ age, sex string }{{"34", "Жіноча"}, {"0", "Чоловіча"}} {
		b.asked([]string{"Скільки вам років?", "Скільки років цій людині?"}[i])
		b.see(fmt.Sprintf("Людина %d", i+1))
		b.write(m.age)
		b.asked("стать")
		b.tap(m.sex)
		if i == 0 {
			b.asked("вагітні")
			b.shot("11-pregnant")
			b.tap("Ні")
			b.asked("зором")
			b.shot("12-first-of-six")
			b.tap("Так, деякі труднощі")
			b.asked("слухом")

			// The phone loses its line.
			b.offline(true)
			b.tap("Ні, жодних труднощів")
			b.until("!!document.querySelector('article.ours[data-state=waiting]')")
			b.shot("13-offline")
			b.offline(false)
			b.asked("ходьбою")
			b.until("!document.querySelector('article.ours[data-state=waiting]')")
			for _, next := range []string{"запам’ятовуванням", "доглядом", "спілкуванні"} {
				b.tap("Ні, жодних труднощів")
				b.asked(next)
			}
			b.tap("Зовсім не можу (не може)")
		}
		b.asked("тривал")
		b.tap("Не знаю")
	}
	b.asked("доросла")
	b.tap("Так")
	b.asked("минулого місяця")
	b.write("4 200,50")
	b.asked("житлі")
	b.shot("14-housing")
	b.tap("Вибрати зі списку")
	b.until("document.querySelector('#sheet').open")
	b.shot("14-housing-list")
	b.tap("У рідних або друзів")
	b.asked("документів")
	b.tick("Паспорт або ID-картка")
	b.tick("Довідка переселенця (ВПО)")
	b.shot("15-documents")
	b.tap("Надіслати")
	b.asked("номером")
	b.do(chromedp.Reload())
	b.asked("номером")
	b.write("067 123 45 67")
	b.asked("IBAN")
	b.write("UA21 3223 1300 0002 6007 2335 6600 2") // one digit is wrong
	b.asked("IBAN")
	b.shot("16-wrong-iban")
	b.write("UA21 3223 1300 0002 6007 2335 6600 1")
	b.asked("Надіслати")
	b.shot("17-summary")
	b.top()
	b.shot("18-summary-top")
	b.tap("Надіслати")
	b.see("Наша команда")
	b.asked("Чим можемо допомогти?")
	b.shot("19-sent")
	b.theme("dark")
	b.shot("20-sent-dark")
	b.tap("Ваші права та ваші дані")
	b.see("Допомога безкоштовна")
	b.shot("21-rights-dark")
	b.theme("light")
	b.write("статус")
	b.see("отримали")
	b.write("أحتاج إلى مساعدة")
	b.see("أحتاج")
	b.asked("Чим можемо допомогти?")
	b.shot("22-arabic-words")
	assert.NotEqual(t, "lost", b.value("document.title"), "what a person writes is never run")
	assert.Equal(t, "0", b.value("String(document.querySelectorAll('#log script, #log img').length)"))
	assert.Equal(t, "true", b.value("String(document.documentElement.scrollWidth <= 360)"), "nothing is wider than the phone")
	assert.Equal(t, "720 0", b.value("document.documentElement.scrollHeight + ' ' + scrollY"), "the page itself never scrolls")

	require.NoError(t, hub.stop())
	s := openData(t, hub.data)
	n := 0
	for r, err := range s.Registrations(context.Background(), crm.RegistrationQuery{Programme: programme.ID}) {
		require.NoError(t, err)
		n++
		assert.Equal(t, crm.Submitted, r.Status)
		var got map[string]any
		require.NoError(t, json.Unmarshal(r.Answers, &got))
		dropUnasked(got)
		members := got["members"].(map[string]any)["rows"].([]any)
		for _, m := range members {
			dropUnasked(m.(map[string]any))
		}
		one := func(s string) any { return map[string]any{"one": s} }
		unknown := map[string]any{"state": "dont_know"}
		none := one("none")
		assert.Equal(t, map[string]any{
			"language": one("uk"), "consent": map[string]any{"consent": true, "version": "1"}, "seeking_cash": true, "adult": true,
			"region": one("UA32"), "displaced": true, "displaced_since": map[string]any{"date": "2022-03-15"}, "household_size": 2.0,
			"members": map[string]any{"rows": []any{
				map[string]any{
					"age": 34.0, "sex": one("f"), "pregnant": false, "seeing": one("some"), "hearing": none, "walking": none,
					"remembering": none, "self_care": none, "communicating": one("cannot"), "chronic_illness": unknown,
				},
				map[string]any{"age": 0.0, "sex": one("m"), "chronic_illness": unknown},
			}},
			"only_adult": true, "income": map[string]any{"decimal": "4200.5"}, "housing": one("hosted"),
			"documents": map[string]any{"many": []any{"passport", "displacement"}}, "phone": "+380671234567", "account": "UA213223130000026007233566001",
		}, got)
	}
	require.Equal(t, 1, n)
}

// browser is one page on a phone 360 pixels wide.
type browser struct {
	t   *testing.T
	ctx context.Context
}

// The page at / is found by everybody: axe-core, whose script HUBKIT_TEST_AXE
// names, has nothing to say against it, on a phone and wide, light and dark.
func TestFrontIsAccessible(t *testing.T) {
	file := os.Getenv("HUBKIT_TEST_AXE")
	if file == "" {
		t.Skip("HUBKIT_TEST_AXE names no axe-core")
	}
	axe, err := os.ReadFile(file)
	require.NoError(t, err)
	hub := openHub(t)
	b := browse(t)
	for _, width := range []int64{360, 1280} {
		b.do(chromedp.EmulateViewport(width, 720))
		for _, theme := range []string{"light", "dark"} {
			b.theme(theme)
			b.do(chromedp.Navigate(hub.url() + "/"))
			found, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](string(axe)+`
			;axe.run(document, {resultTypes: ['violations']}).then(r => !r.passes.length ? 'nothing was checked' : JSON.stringify(
				r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')), null, 1))`, chromedp.EvalAwaitPromise))
			require.NoError(t, err)
			assert.Equal(t, "[]", found, "%d %s", width, theme)
		}
	}
}

// browse starts the browser that HUBKIT_TEST_BROWSER names, or skips the test.
func browse(t *testing.T) *browser {
	t.Helper()
	binary := os.Getenv("HUBKIT_TEST_BROWSER")
	if binary == "" {
		t.Skip("HUBKIT_TEST_BROWSER names no browser")
	}
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(binary), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("accept-lang", "uk"), chromedp.UserDataDir(t.TempDir()))...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(alloc)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
	})
	b := &browser{t: t, ctx: ctx}
	b.do(chromedp.EmulateViewport(360, 720, chromedp.EmulateScale(2)))
	b.theme("light")
	return b
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil && !strings.Contains(err.Error(), "ERR_CONNECTION_REFUSED") {
		require.NoError(b.t, err)
	}
}

// value evaluates what is a string.
func (b *browser) value(js string) string {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](js))
	require.NoError(b.t, err)
	return v
}

// until waits for a condition in the page, also across a reload.
func (b *browser) until(js string) {
	b.t.Helper()
	var ok bool
	var err error
	for end := time.Now().Add(time.Minute); !ok && time.Now().Before(end); {
		if ok, err = chromedp.Run(b.ctx, chromedp.Evaluate[bool](js)); !ok {
			time.Sleep(20 * time.Millisecond)
		}
	}
	if !ok {
		b.shot("failed")
		require.FailNow(b.t, "the page never came so far", "%s\n%v\n%s", js, err, b.value("document.body.innerText"))
	}
}

func (b *browser) see(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// asked waits until the last thing said holds text.
func (b *browser) asked(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(() => {
		const all = document.querySelectorAll('#log article')
		const last = all[all.length - 1]
		return !!last && !last.matches('.ours') && last.innerText.includes(%q)
	})()`, text))
}

// labels finds buttons and options that say text and can be used, in js.
const labels = `(() => {
	const said = b => [b.title, b.innerText.trim(), ...[...b.querySelectorAll('.label > :first-child')].map(l => l.innerText.trim())]
	const all = [...document.querySelectorAll('button, label.option')].filter(b => b.getClientRects().length && !b.disabled && said(b).includes(%q))
	if (all.length) all[all.length - 1].click()
	return all.length > 0
})()`

// tap taps the last button or option that says text.
func (b *browser) tap(text string) { b.t.Helper(); b.until(fmt.Sprintf(labels, text)) }

// tick is tap, of one of several.
func (b *browser) tick(text string) { b.t.Helper(); b.tap(text) }

// write types a text, as a phone's keyboard does, and sends it.
func (b *browser) write(text string) {
	b.t.Helper()
	b.until("document.querySelector('#text').getClientRects().length > 0")
	b.do(chromedp.Focus(chromedp.CSS("#text")))
	_, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text})
	require.NoError(b.t, err)
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, input.DispatchKeyEventTypeKeyUp} {
		_, err := chromedp.Call(b.ctx, input.DispatchKeyEvent, input.DispatchKeyEventParams{
			Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13, NativeVirtualKeyCode: 13,
		})
		require.NoError(b.t, err)
	}
}

// offline takes the line from the phone, or gives it back.
func (b *browser) offline(off bool) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Offline: off, DownloadThroughput: -1, UploadThroughput: -1}},
	})
	require.NoError(b.t, err)
	_, err = chromedp.Call(b.ctx, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: off, DownloadThroughput: -1, UploadThroughput: -1})
	require.NoError(b.t, err)
}

// top scrolls to where the last thing said begins.
func (b *browser) top() {
	b.t.Helper()
	b.value("[...document.querySelectorAll('#log article')].pop().scrollIntoView(), ''")
}

// theme is "light" or "dark"; nothing moves, so that screenshots are steady.
func (b *browser) theme(name string) {
	b.t.Helper()
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	require.NoError(b.t, err)
}

// shot keeps a screenshot where HUBKIT_TEST_SCREENSHOTS says.
func (b *browser) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("HUBKIT_TEST_SCREENSHOTS")
	if dir == "" {
		return
	}
	require.NoError(b.t, os.MkdirAll(dir, 0o700))
	png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	require.NoError(b.t, err)
	require.NoError(b.t, os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600))
}
