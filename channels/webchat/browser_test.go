package webchat

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// regions are more options than a page shows at once.
func regions() (options []channels.Option) {
	for i, r := range strings.Split("Вінницька,Волинська,Дніпропетровська,Донецька,Житомирська,Закарпатська,Запорізька,Івано-Франківська,Київська,Кіровоградська,Луганська,Львівська,Миколаївська,Одеська,Полтавська,Рівненська,Сумська,Тернопільська,Харківська,Херсонська,Хмельницька,Черкаська,Чернівецька,Чернігівська", ",") {
		options = append(options, channels.Option{ID: fmt.Sprintf("region:%d", i+1), Label: r + " область"})
	}
	return options
}

// interview is a small registration: it shows every kind of question and counts answers.
func interview() func(channels.Event) []channels.Message {
	var mu sync.Mutex
	step := map[string]int{}
	arabic := map[string]bool{}
	return func(e channels.Event) []channels.Message {
		mu.Lock()
		defer mu.Unlock()
		n := step[e.From.ID]
		step[e.From.ID]++
		uk := func(m channels.Message) []channels.Message {
			m.Lang = "uk"
			return []channels.Message{m}
		}
		if arabic[e.From.ID] {
			return []channels.Message{{
				Lang: "ar", Heading: "سؤال 2 من 5", Text: "من يعيش معك؟", Several: true,
				Options: []channels.Option{{ID: "who:child", Label: "طفل دون 5 سنوات"}, {ID: "who:old", Label: "شخص فوق 60 سنة", Hint: "بما في ذلك أنت"}},
			}}
		}
		switch n {
		case 0:
			return []channels.Message{{
				Lang: "en", Text: "Choose your language\nОберіть мову\nاختر لغتك",
				Options: []channels.Option{
					{ID: "lang:en", Label: "English"}, {ID: "lang:uk", Label: "Українська"}, {ID: "lang:ar", Label: "العربية"},
				},
			}}
		case 1:
			if e.Option == "lang:ar" {
				arabic[e.From.ID] = true
				return []channels.Message{
					{Lang: "ar", Text: "أهلاً بك. هنا يمكنك التسجيل للحصول على مساعدة نقدية. لا أحد يطلب منك المال."},
					{
						Lang: "ar", Heading: "سؤال 1 من 5", Text: "كم شخصًا يعيش معك؟ (WFP, 2026)",
						Options: []channels.Option{{ID: "n:1", Label: "أنا وحدي"}, {ID: "n:2", Label: "من 2 إلى 4"}, {ID: "n:5", Label: "5 أو أكثر"}},
					},
				}
			}
			return append(uk(channels.Message{Text: "Вітаємо! Тут можна зареєструватися на грошову допомогу. Це безкоштовно, і ніхто не має права брати з вас гроші за реєстрацію. Ваші відповіді бачать лише працівники організації. Докладніше: https://help.example/uk."}),
				uk(channels.Message{
					Heading: "Питання 1 з 5", Text: "Вам потрібна грошова допомога?",
					Options: []channels.Option{{ID: "cash:yes", Label: "Так"}, {ID: "cash:no", Label: "Ні"}},
				})...)
		case 2:
			return uk(channels.Message{Heading: "Питання 2 з 5", Text: "У якій області ви зараз живете?", Options: regions()})
		case 3:
			return uk(channels.Message{
				Heading: "Питання 3 з 5", Text: "Хто є у вашій родині?", Several: true,
				Options: []channels.Option{
					{ID: "who:child", Label: "Дитина до 5 років"},
					{ID: "who:old", Label: "Людина від 60 років"},
					{ID: "who:dis", Label: "Людина з інвалідністю", Hint: "зокрема без оформленої групи"},
					{ID: "who:preg", Label: "Вагітна жінка"},
				},
			})
		case 4:
			return uk(channels.Message{
				Heading: "Питання 4 з 5", Text: "Як вас звати?", Open: true,
				Options: []channels.Option{{ID: "name:skip", Label: "Не хочу казати"}},
			})
		case 5:
			return uk(channels.Message{Heading: "Питання 5 з 5", Text: "Де ви живете? Напишіть адресу або надішліть фото документа."})
		default:
			return uk(channels.Message{Text: fmt.Sprintf("Дякуємо! Відповідь %d отримано.", n-5)})
		}
	}
}

func allSaid(events []channels.Event) (out []string) {
	for _, e := range events {
		if e.Kind == channels.Said {
			out = append(out, e.Option+e.Text)
		}
	}
	return out
}

func TestBrowserWalksARegistration(t *testing.T) {
	tab := browse(t)
	m := newMemory(interview())
	d := newTest(t, m, func(c *Config) {
		c.Title = hubkit.Text{"en": "Cash support", "uk": "Грошова допомога", "ar": "المساعدة النقدية"}
		c.Uploads = &album{}
	})
	var lost atomic.Int32 // messages that the hub records, but whose answers never arrive
	var busy atomic.Bool  // messages are put off
	serve := d.Serve(m)
	s := &town{t: t, addr: "127.0.0.1:0", handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/message") && lost.Add(-1) >= 0 {
			serve.ServeHTTP(httptest.NewRecorder(), r)
			panic(http.ErrAbortHandler)
		}
		if strings.HasSuffix(r.URL.Path, "/message") && busy.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		serve.ServeHTTP(w, r)
	})}
	s.up()
	t.Cleanup(func() { d.Close(); s.down() })

	tab.do(chromedp.Navigate("http://" + s.addr + "/chat/"))
	tab.see("Оберіть мову")
	tab.until(`document.querySelector('#text').placeholder === 'Повідомлення'`)
	tab.shot("01-language")
	tab.accessible()
	tab.tap("Українська")
	tab.see("Вам потрібна грошова допомога?")
	tab.shot("02-yes-no")
	tab.tap("Так")
	tab.see("У якій області")
	tab.tap("Вибрати зі списку")
	tab.until(`document.querySelector('#sheet').open`)
	tab.shot("03-list")
	tab.accessible()
	tab.do(chromedp.SendKeys(chromedp.CSS("#search"), "хар"))
	tab.shot("04-list-search")
	tab.tap("Харківська область")
	tab.see("Хто є у вашій родині?")

	t.Log("reload in the middle")
	tab.do(chromedp.Reload())
	tab.see("Хто є у вашій родині?")
	tab.see("Харківська область")
	tab.until(`document.querySelectorAll('article.theirs').length === 5 && document.querySelectorAll('article.ours').length === 3`)
	tab.tap("Дитина до 5 років")
	tab.tap("Вагітна жінка")
	tab.shot("05-several")
	tab.accessible()
	tab.tap("Надіслати")
	tab.see("Як вас звати?")

	t.Log("the line breaks: what is written waits")
	s.down()
	tab.see("Немає зв’язку")
	tab.write("Ївга <script>alert(1)</script> П’ятниця")
	tab.see("Очікує надсилання")
	tab.shot("06-offline")
	tab.accessible()
	s.up()
	tab.see("Питання 5 з 5")
	tab.until(`!document.querySelector('[data-state=waiting]')`)

	t.Log("the line breaks again, in the worst place: recorded, and the answer lost")
	lost.Store(2)
	tab.write("Харків, вул. Сумська, 1")
	tab.see("Відповідь 1 отримано")
	tab.until(`document.querySelector('#state').textContent === ''`)
	tab.until(`!document.querySelector('[data-state=waiting]')`)
	s.down()
	tab.see("Немає зв’язку")
	tab.write("і ще одне")
	tab.see("Очікує надсилання")
	s.up()
	tab.see("Відповідь 2 отримано")
	tab.until(`!document.querySelector('[data-state=waiting]')`)
	tab.shot("07-end")

	heard := m.heard()
	assert.Equal(t, []string{
		"lang:uk", "cash:yes", "region:19", "1, 4", "Ївга <script>alert(1)</script> П’ятниця", "Харків, вул. Сумська, 1", "і ще одне",
	}, allSaid(heard), "each exactly once, in order")
	assert.Equal(t, "ref-3", heard[2].InReplyTo)
	repeated := 0
	for _, n := range m.seen {
		repeated += n - 1
	}
	assert.Equal(t, 2, repeated, "the lost answer was asked for again with the same id")

	t.Log("what waits survives a reload")
	busy.Store(true)
	tab.write("до побачення")
	tab.see("Очікує надсилання")
	tab.do(chromedp.Reload())
	tab.see("Очікує надсилання")
	assert.Len(t, m.heard(), len(heard))
	busy.Store(false)
	tab.see("Відповідь 3 отримано")
	tab.until(`!document.querySelector('[data-state=waiting]')`)
	assert.Equal(t, "до побачення", m.heard()[len(heard)].Text)
	assert.Len(t, m.heard(), len(heard)+1)

	t.Log("an old option can still be tapped")
	tab.tap("Ні")
	tab.see("Відповідь 4 отримано")
	last := m.heard()[len(m.heard())-1]
	assert.Equal(t, "cash:no", last.Option)
	assert.Equal(t, "ref-3", last.InReplyTo)

	t.Log("erase from this phone")
	tab.tap("Стерти з цього телефону")
	tab.until(`document.querySelector('#sure').open`)
	tab.shot("08-erase")
	tab.accessible()
	tab.do(chromedp.Click(chromedp.CSS("#erased")))
	tab.until(`document.querySelectorAll('article').length === 1 && !document.body.innerText.includes('Ївга')`)
	assert.Equal(t, channels.Started, m.heard()[len(m.heard())-1].Kind)
}

func TestBrowserRightToLeft(t *testing.T) {
	tab := browse(t)
	m := newMemory(interview())
	_, c := serve(t, newTest(t, m, nil), m)
	tab.do(chromedp.Navigate(c.base))
	tab.tap("العربية")
	tab.see("كم شخصًا")
	tab.until(`document.documentElement.dir === 'rtl' && document.documentElement.lang === 'ar'`)
	tab.until(`document.querySelector('#text').placeholder === 'رسالة'`)
	tab.write("نحن خمسة, WFP card 77")
	tab.see("من يعيش معك؟")
	tab.until(`!document.querySelector('[data-state=waiting]')`)
	tab.until(`(() => {
		const log = document.querySelector('#log').getBoundingClientRect()
		const theirs = document.querySelector('.theirs').getBoundingClientRect()
		const ours = document.querySelector('.ours').getBoundingClientRect()
		return log.right - theirs.right < 20 && ours.left - log.left < 20
	})()`)
	tab.shot("10-arabic")
	tab.theme("dark")
	tab.shot("11-arabic-dark")
	tab.accessible()
}

func TestBrowserEmbedsInAnotherSite(t *testing.T) {
	tab := browse(t)
	m := newMemory(interview())
	host := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="uk"><title>NGO</title><h1>Наша організація</h1><p>Текст сторінки.</p>
			<script src="%s" async data-campaign="site"></script>`, r.URL.Query().Get("chat"))
	}))
	t.Cleanup(host.Close)
	d := newTest(t, m, func(c *Config) { c.Origins = []string{host.URL} })
	_, c := serve(t, d, m)
	// Another name for the same machine makes it another site, where cookies do not come back.
	chat := strings.Replace(c.base, "127.0.0.1", "localhost", 1)
	tab.do(chromedp.Navigate(host.URL + "/?chat=" + chat + "embed.js"))
	tab.see("Напишіть нам")
	tab.shot("12-embed-closed")
	tab.tap("Напишіть нам")
	require.Eventually(t, func() bool { return len(m.heard()) == 2 && d.Streams() == 1 }, time.Minute, 10*time.Millisecond)
	assert.Equal(t, "site", m.heard()[1].Campaign)
	tab.until(`document.activeElement.textContent === 'Закрити'`)
	tab.shot("13-embed-open")
	tab.do(chromedp.KeyEvent("\x1b"))
	tab.until(`document.activeElement.textContent === 'Напишіть нам'`)
}

func TestBrowserSharesLocationAndPhoto(t *testing.T) {
	tab := browse(t)
	m, a := newMemory(nil), &album{}
	_, c := serve(t, newTest(t, m, func(c *Config) { c.Uploads = a }), m)
	photo := filepath.Join(t.TempDir(), "roof.png")
	require.NoError(t, os.WriteFile(photo, picture(t, 3000, 2000), 0o600))
	tab.at(49.99, 36.23)
	tab.do(chromedp.Navigate(c.base), chromedp.Click(chromedp.CSS("#location")))
	tab.see("49.99, 36.23")
	a.setFail(errBroken)
	tab.do(chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{photo}))
	tab.until(`document.querySelector('.ours[data-state=waiting] img')`)
	require.Eventually(t, func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.begun == 1
	}, time.Minute, 10*time.Millisecond)
	tab.do(chromedp.Reload())
	tab.until(`document.querySelector('.ours[data-state=waiting] img')`)
	a.setFail(nil)
	tab.until(`document.querySelectorAll('.ours[data-state=sent]').length === 2`)
	tab.shot("14-photo")
	heard := m.heard()
	require.Len(t, heard, 4)
	require.Len(t, a.photos(), 1)
	assert.Equal(t, &channels.Location{Lat: 49.99, Lon: 36.23, Accuracy: 20}, heard[2].Location)
	require.Len(t, heard[3].Media, 1)
	w, h := sizeOf(t, a.photos()[0])
	assert.Equal(t, []int{1600, 1067}, []int{w, h}, "made smaller before it left")
}

func TestBrowserWhereStreamsDoNotComeThrough(t *testing.T) {
	tab := browse(t)
	m := newMemory(interview())
	serve := newTest(t, m, nil).Serve(m)
	var streams atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/stream") {
			streams.Add(1)
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		serve.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	tab.do(chromedp.Navigate(srv.URL + "/chat/"))
	tab.tap("Українська")
	tab.tap("Так")
	tab.see("У якій області")
	tab.until(`document.querySelector('#state').textContent === ''`)
	assert.LessOrEqual(t, streams.Load(), int32(2), "no storm of attempts")
	assert.Equal(t, []string{"lang:uk", "cash:yes"}, allSaid(m.heard()))
}

func TestBrowserWhenTheServerForgetsTheSession(t *testing.T) {
	tab := browse(t)
	m := newMemory(interview())
	first := newTest(t, m, nil)
	second := newTest(t, m, func(c *Config) { c.Keys = [][]byte{make([]byte, 32)} })
	s := &town{t: t, addr: "127.0.0.1:0", handler: first.Serve(m)}
	s.up()
	t.Cleanup(func() { second.Close(); s.down() })
	tab.do(chromedp.Navigate("http://" + s.addr + "/chat/"))
	tab.tap("Українська")
	tab.see("Вам потрібна грошова допомога?")
	first.Close()
	s.down()
	tab.write("ще тут")
	tab.see("Очікує надсилання")
	s.handler = second.Serve(m)
	s.up()
	tab.see("Вітаємо!")
	tab.until(`document.querySelectorAll('article.ours').length === 1 && document.querySelector('.ours').dataset.state === 'sent'`)
	heard := m.heard()
	assert.Equal(t, []string{"lang:uk", "ще тут"}, allSaid(heard), "what waited is said in the new session, once")
	assert.NotEqual(t, heard[0].From, heard[len(heard)-1].From)
}

func TestBrowserInTwoTabs(t *testing.T) {
	one := browse(t)
	m := newMemory(interview())
	d := newTest(t, m, nil)
	_, c := serve(t, d, m)
	one.do(chromedp.Navigate(c.base))
	one.tap("Українська")
	one.see("Вам потрібна грошова допомога?")
	two := one.another()
	two.do(chromedp.Navigate(c.base))
	two.see("Вам потрібна грошова допомога?")
	one.see("Чат відкрито в іншому вікні.")
	one.shot("15-elsewhere")
	assert.Equal(t, 1, d.Streams())
	one.tap("Продовжити тут")
	two.see("Чат відкрито в іншому вікні.")
	two.tap("Так") // talking goes on from both; listening is for one
	one.see("У якій області")
	two.tap("Стерти з цього телефону")
	two.do(chromedp.Click(chromedp.CSS("#erased")))
	one.until(`!document.body.innerText.includes('У якій області') && document.querySelectorAll('article').length <= 1`)
}

func TestBrowserShowsEverything(t *testing.T) {
	tab := browse(t)
	m := newMemory(func(e channels.Event) []channels.Message {
		if e.Kind != channels.Started {
			return nil
		}
		long := strings.Repeat("довгий текст підпису, ", 6)
		image := channels.Media{URL: "/photo.png", Type: "image/png", Name: "Мапа"}
		return []channels.Message{
			{Lang: "uk", Text: strings.Repeat("Найдовше", 30) + " <b>не жирний</b> & https://help.example/" + strings.Repeat("дуже-довгий-шлях/", 9), Media: []channels.Media{image}},
			{Lang: "uk", Text: "Файл і звук", Media: []channels.Media{
				{URL: "https://help.example/rules.pdf", Type: "application/pdf", Name: "Правила.pdf"},
				{URL: "javascript:alert(1)", Type: "text/html", Name: "Пастка"},
				{URL: "/sound.ogg", Type: "audio/ogg"},
			}},
			{Lang: "uk", Text: "Оберіть", Options: []channels.Option{
				{ID: "a", Label: long, Hint: long},
				{ID: "b", Label: strings.Repeat("слово", 30)},
				{ID: "c", Label: long, Short: "Коротко"},
				{ID: "d", Label: "Тимчасовий захист (МТП)", Short: "МТП"},
			}},
			{Lang: "ar", Heading: "1/2", Text: "اختر", Open: true, Options: []channels.Option{{ID: "skip", Label: "تخطي"}}},
			{Lang: "uk", Text: "Які області?", Several: true, Options: regions()},
		}
	})
	d := newTest(t, m, nil)
	serve := d.Serve(m)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/photo.png" {
			_, _ = w.Write(picture(t, 900, 300))
			return
		}
		serve.ServeHTTP(w, r)
	}))
	t.Cleanup(func() { d.Close(); srv.Close() })
	tab.do(chromedp.Navigate(srv.URL + "/chat/"))
	tab.see("Які області?")
	fits := `(log => document.documentElement.scrollWidth <= innerWidth && log.scrollWidth <= log.clientWidth)(document.querySelector('#log'))`
	for _, width := range []int64{320, 360, 1200} {
		tab.do(chromedp.EmulateViewport(width, 640, chromedp.EmulateScale(1)))
		tab.until(fits)
	}
	tab.do(chromedp.EmulateViewport(360, 2000, chromedp.EmulateScale(1)))
	tab.until(`document.querySelector('img.media').naturalWidth === 900`)
	tab.until(`[...document.querySelectorAll('a.media')].map(a => a.getAttribute('href')).join() === 'https://help.example/rules.pdf,'`)
	tab.until(`document.querySelectorAll('.text a').length === 1 && !document.querySelector('.text b')`)
	tab.until(`[...document.querySelectorAll('button')].every(b => !b.offsetParent || b.offsetHeight >= 44 && b.offsetWidth >= 44)`)
	tab.see("Коротко")
	tab.see("Тимчасовий захист (МТП)")
	tab.shot("16-everything")
	tab.accessible()
	tab.tap("Вибрати зі списку")
	tab.tap("Київська область")
	tab.tap("Одеська область")
	tab.shot("17-several-sheet")
	tab.accessible()
	tab.tap("Надіслати")
	tab.until(`!document.querySelector('#sheet').open && document.querySelector('.ours[data-state=sent]')`)
	heard := m.heard()
	assert.Equal(t, "9, 14", heard[len(heard)-1].Text)
	assert.Equal(t, "ref-5", heard[len(heard)-1].InReplyTo)
}
