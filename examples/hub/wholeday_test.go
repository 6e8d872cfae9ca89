package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
)

// A whole day in one browser: a person registers in Ukrainian, an agent signs
// in for the first time, reads the score's reasons, asks for one more document,
// approves with a message, and the person sees each step in the chat.
func TestBrowserFromChatToDecision(t *testing.T) {
	hub := openHub(t)
	b := browse(t)
	b.do(chromedp.Navigate(hub.url() + "/chat/"))
	b.tap("Українська")
	b.tap("Заявка на грошову допомогу")
	replies := [][2]string{
		{"Чи погоджуєтеся", "Погоджуюся"},
		{"грошова допомога?", "Так"},
		{"18 років", "Так"},
		{"області", "Львівська область"},
		{"через війну", "Ні"},
		{"Скільки людей", "1"},
		{"Скільки вам років", "67"},
		{"стать", "Жіноча"},
		{"тривалу хворобу", "Так"},
		{"труднощі", "Ні, жодних труднощів"},
		{"доросла", "Так"},
		{"минулого місяця", "3000"},
		{"житлі", "Власне житло"},
		{"документів", "1"},
		{"номером", "067 123 45 67"},
		{"IBAN", "Пропустити"},
	}
	for asked := ""; !strings.Contains(asked, "перевірте свої відповіді"); {
		now := b.question(asked)
		asked = now
		for _, r := range replies {
			if strings.Contains(now, r[0]) {
				b.write(r[1])
				break
			}
		}
	}
	b.tap("Надіслати")
	b.see("Наша команда")

	link := regexp.MustCompile(`/desk/welcome/\S+`).FindString(hub.logs.String())
	require.NotEmpty(t, link, "the first start prints the way in")
	b.do(chromedp.EmulateViewport(1280, 800))
	b.do(chromedp.Navigate(hub.url() + link))
	b.fill("[name=name]", "Ольга")
	b.fill("[name=login]", "olha")
	b.fill("[name=password]", "довгий і таємний пароль")
	b.fill("[name=again]", "довгий і таємний пароль")
	b.press("form button.main")
	b.see("чека")
	b.shot("23-desk-queue")
	b.press("tbody a")
	b.see("віком від 60 років")
	b.see("постійного лікування")
	b.until(`[...document.querySelectorAll('.line.in')].pop().innerText.includes('Надіслати')`) // a tap, as the person saw it
	b.shot("24-desk-case")
	page := b.value("location.href")

	b.decide("more_information", "Потрібен паспорт")
	b.do(chromedp.Navigate(hub.url() + "/chat/"))
	b.see("фото вашого документа")
	b.write("Паспорт КА123456")
	b.see("Паспорт КА123456")
	b.shot("25-asked-for-a-document")

	b.do(chromedp.Navigate(page))
	b.see("Паспорт КА123456")
	b.decide("approved", "Документ є, потреба велика")
	b.do(chromedp.Navigate(hub.url() + "/chat/"))
	b.see("схвалено")
	b.shot("26-approved")

	require.NoError(t, hub.stop())
	for r, err := range openData(t, hub.data).Registrations(context.Background(), crm.RegistrationQuery{Programme: programme.ID}) {
		require.NoError(t, err)
		require.Equal(t, crm.Approved, r.Status)
		require.Len(t, r.Decisions(), 1)
	}
}

// question waits for another question than before, and returns what it says.
func (b *browser) question(before string) string {
	b.t.Helper()
	const last = `(() => {
		const all = document.querySelectorAll('#log article')
		const a = all[all.length - 1]
		return a && !a.matches('.ours') ? a.innerText : ''
	})()`
	b.until(fmt.Sprintf(`%s !== '' && %s !== %q`, last, last, before))
	return b.value(last)
}

// fill types into a field of a form.
func (b *browser) fill(field, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`!!document.querySelector(%q)`, field))
	b.value(fmt.Sprintf(`(document.querySelector(%q).select && document.querySelector(%q).select(), '')`, field, field))
	b.do(chromedp.Focus(chromedp.CSS(field)))
	_, err := chromedp.Call(b.ctx, input.InsertText, input.InsertTextParams{Text: text})
	require.NoError(b.t, err)
}

// press presses a form's button and waits for the next page.
func (b *browser) press(button string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (e) { window.before = 1; e.click() } return !!e })()`, button))
	b.until(`!window.before && document.readyState === 'complete'`)
}

// decide takes the case to a status as an agent does: review, reason, preview, send.
func (b *browser) decide(to, reason string) {
	b.t.Helper()
	b.press(`form:has(input[name=to][value=in_review]) button`)
	b.press(fmt.Sprintf(`a[href*="to=%s"]`, to))
	b.fill("[name=reason]", reason)
	b.press(`button[value=preview]`)
	b.press(`button[value=confirm]`)
}
