// What pages do beyond links and forms. Without it everything still works.
'use strict'
{
  const all = (selector, within = document) => [...within.querySelectorAll(selector)]
  const one = (selector, within = document) => within.querySelector(selector)
  const user = document.body.dataset.user

  // Drafts: what is written and not sent survives a reload, in this tab only.
  const draftKey = form => ['draft', user, location.pathname.replace(/\/(reply|note|decide)$/, ''), form.dataset.draft].join(' ')
  const keep = form => {
    const key = draftKey(form)
    const fields = all('textarea', form)
    const kept = JSON.parse(sessionStorage.getItem(key) || 'null')
    if (kept) fields.forEach(f => { if (typeof kept[f.name] === 'string') f.value = kept[f.name] })
    const first = fields.map(f => f.defaultValue).join('\0')
    form.addEventListener('input', () => {
      if (fields.map(f => f.value).join('\0') === first) sessionStorage.removeItem(key)
      else sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map(f => [f.name, f.value]))))
    })
  }
  const drafts = (within = document) => all('form[data-draft]', within).forEach(keep)
  // A draft ends when the page that follows its sending is there: a failed one comes back to it.
  document.addEventListener('submit', e => {
    const form = e.target
    if (form.hasAttribute('data-signout')) return sessionStorage.clear()
    if (form.dataset.sent && e.submitter && e.submitter.value === 'confirm') sessionStorage.setItem('sent', draftKey({ dataset: { draft: form.dataset.sent } }))
    if (form.dataset.draft && !form.dataset.draft.startsWith('decide')) sessionStorage.setItem('sent', draftKey(form))
  })
  const sent = sessionStorage.getItem('sent')
  if (sent) {
    sessionStorage.removeItem('sent')
    if (document.body.dataset.page === 'case' || document.body.dataset.page === 'ticket') {
      if (!one('.problem[role=alert]')) sessionStorage.removeItem(sent)
    }
  }
  if (user) drafts()

  // The conversation, live.
  const log = one('.log')
  const end = () => { log.scrollTop = log.scrollHeight }
  const pane = one('[data-live]')
  if (log) end()
  if (pane && window.EventSource) {
    let seq = Number(pane.dataset.seq)
    const stream = new EventSource(pane.dataset.live)
    const lost = one('[data-line]', pane)
    stream.onopen = () => { lost.hidden = true }
    stream.onerror = () => { lost.hidden = false }
    stream.addEventListener('line', e => {
      if (Number(e.lastEventId) <= seq) return
      seq = Number(e.lastEventId)
      const near = log.scrollHeight - log.scrollTop - log.clientHeight < 80
      all('[data-nothing]', log).forEach(n => n.remove())
      log.insertAdjacentHTML('beforeend', JSON.parse(e.data))
      if (near) end()
    })
    stream.addEventListener('holder', e => {
      const box = one('[data-holder]', pane)
      const written = one('[data-reply]', box)
      const text = written && written.value
      const focused = written && document.activeElement === written
      box.innerHTML = JSON.parse(e.data)
      drafts(box)
      const now = one('[data-reply]', box)
      if (now && text) now.value = text
      if (now && focused) now.focus()
    })
    window.addEventListener('pagehide', () => stream.close())
  }
  const news = one('[data-news]')
  if (news && window.EventSource) {
    const stream = new EventSource(news.dataset.news)
    stream.addEventListener('changed', () => { one('[data-changed]').hidden = false })
    window.addEventListener('pagehide', () => stream.close())
  }

  // A filter shows at once what is chosen.
  all('[data-filter]').forEach(f => f.addEventListener('change', () => f.requestSubmit()))
  // A link to give away is whole.
  all('[data-absolute]').forEach(c => { c.textContent = new URL(c.textContent, location.href).href })

  // Keys.
  const help = one('#help')
  all('[data-help]').forEach(b => b.addEventListener('click', () => help.showModal()))
  const rows = all('[data-list] tbody tr')
  let at = -1
  const go = by => {
    if (!rows.length) return
    if (at >= 0) rows[at].classList.remove('here')
    at = Math.min(rows.length - 1, Math.max(0, at + by))
    rows[at].classList.add('here')
    one('a', rows[at]).focus()
  }
  const focus = selector => { const f = one(selector); if (f) f.focus(); return !!f }
  const keys = {
    j: () => go(1), k: () => go(-1), r: () => focus('[data-reply]'), n: () => focus('[data-note]'),
    d: () => focus('[data-decide] a, [data-decide] button'), '/': () => focus('[data-filter] select, [data-filter] input:not([type=hidden])'),
    q: () => { const a = one('.top nav a'); if (a) a.click() }, '?': () => help && help.showModal()
  }
  document.addEventListener('keydown', e => {
    const writing = e.target.closest('input:not([type=checkbox]), textarea, select, dialog')
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target.form) {
      e.preventDefault()
      return e.target.form.requestSubmit(one('button.main', e.target.form) || undefined)
    }
    if (e.key === 'Escape' && writing && !e.target.closest('dialog')) return e.target.blur()
    if (writing || e.ctrlKey || e.metaKey || e.altKey || !keys[e.key]) return
    e.preventDefault()
    keys[e.key]()
  })
}
