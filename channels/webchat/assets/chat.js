// The page: it shows what the line brings, and says what is tapped and typed.
(() => {
  const $ = id => document.getElementById(id)
  const settings = JSON.parse($('settings').textContent)
  const log = $('log')
  const text = $('text')
  const sheet = $('sheet')
  const few = 6 // as many options are shown at once; more open a sheet

  let words = settings.words
  let wanted = settings.lang
  let notice = '' // a word shown across the page until something is done
  let state = ''

  function make(tag, className, content) {
    const el = document.createElement(tag)
    if (className) el.className = className
    if (content) el.textContent = content
    return el
  }

  // spoken is an element with text of any language in it.
  function spoken(tag, className, content) {
    const el = make(tag, className, content)
    el.dir = 'auto'
    return el
  }

  function button(className, content, tapped) {
    const el = make('button', className, content)
    el.type = 'button'
    el.addEventListener('click', tapped)
    return el
  }

  // linked is text with its web addresses as links.
  function linked(tag, content) {
    const el = spoken(tag, 'text')
    content.split(/(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]»”])/).forEach((part, i) => {
      if (i % 2 === 0) {
        el.append(part)
        return
      }
      const a = make('a', '', part)
      a.href = part
      a.target = '_blank'
      a.rel = 'noopener noreferrer'
      el.append(a)
    })
    return el
  }

  // --- words and languages

  function relabel() {
    document.documentElement.lang = wanted
    for (const el of document.querySelectorAll('[data-word]')) el.textContent = words[el.dataset.word]
    for (const el of document.querySelectorAll('[data-hint]')) el.placeholder = words[el.dataset.hint]
    for (const el of document.querySelectorAll('[data-label]')) {
      el.setAttribute('aria-label', words[el.dataset.label])
      if (el.title) el.title = words[el.dataset.label]
    }
    document.title = words.title
    showState()
  }

  // follow brings the page's own words into the language of the conversation.
  async function follow(lang) {
    if (!lang || lang === wanted || !settings.languages.includes(lang)) return
    wanted = lang
    try {
      const res = await fetch('words?lang=' + encodeURIComponent(lang))
      if (!res.ok) throw new Error('words')
      const other = await res.json()
      if (wanted !== other.lang) return
      words = other.words
      document.documentElement.dir = other.dir
      relabel()
      grow()
    } catch {
      wanted = document.documentElement.lang // the next message tries again
    }
  }

  // word is an element whose word follows the language.
  function word(el, id) {
    el.dataset.word = id
    el.textContent = words[id]
    return el
  }

  // --- the state of the line

  function showState() {
    const say = notice || (state === 'open' ? '' : state)
    if ($('state').dataset.say === say + words[say]) return
    $('state').dataset.say = say + words[say]
    $('state').textContent = say ? words[say] : ''
    $('state').className = say
    if (say === 'elsewhere') $('state').append(word(button('', '', () => line.here()), 'here'))
  }

  function notify(id) {
    notice = id
    showState()
  }

  // --- the log: every child has data-at, its place in the conversation

  const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 80
  function toEnd() {
    log.scrollTop = log.scrollHeight
    $('newer').hidden = true
  }

  function place(el, at) {
    el.dataset.at = at
    let next = null
    for (let before = log.lastElementChild; before && Number(before.dataset.at) > at; before = before.previousElementSibling) next = before
    log.insertBefore(el, next)
    dim()
  }

  // dim marks the options of questions that are past: still there to be tapped,
  // since people change their minds.
  function dim() {
    let past = false
    for (let el = log.lastElementChild; el; el = el.previousElementSibling) {
      el.classList.toggle('past', past)
      if (el.classList.contains('ours') || el.querySelector('.options')) past = true
    }
  }

  function showEntry(entry) {
    const follows = nearEnd()
    const el = make('article', 'theirs')
    el.dataset.ref = entry.ref
    if (entry.lang) el.lang = entry.lang
    if (entry.heading) el.append(spoken('p', 'heading', entry.heading))
    for (const m of entry.media || []) el.append(showMedia(m))
    if (entry.text) el.append(linked('p', entry.text))
    if (entry.options && entry.options.length) el.append(showOptions(entry))
    place(el, entry.seq)
    // The first message asks for the language, perhaps in several at once: until
    // it is answered the browser's own wish is the better guess.
    if (el !== log.firstElementChild) follow(entry.lang)
    if (!follows) $('newer').hidden = false
    // A long text is read from its beginning, not from its end.
    else log.scrollTop = Math.min(log.scrollHeight, el.offsetTop - 12)
    if (!nearEnd()) $('newer').hidden = false // its answers are further down
  }

  function showMedia(m) {
    const safe = /^(https?:\/\/|\/(?![/\\])|[\w-]+[\w./-]*$)/i.test(m.url)
    const kind = safe ? (m.type || '').split('/')[0] : 'text'
    if (kind === 'image') {
      const img = make('img', 'media')
      img.src = m.url
      img.alt = m.name || ''
      img.loading = 'lazy'
      return img
    }
    if (kind === 'audio') {
      const audio = make('audio', 'media')
      audio.src = m.url
      audio.controls = true
      audio.preload = 'none'
      return audio
    }
    const a = spoken('a', 'media', m.name || m.url.split('/').pop())
    if (safe) a.href = m.url
    a.target = '_blank'
    a.rel = 'noopener noreferrer'
    return a
  }

  // --- options

  function showOptions(entry) {
    const el = make('div', 'options')
    el.setAttribute('role', 'group')
    el.setAttribute('aria-label', entry.heading || entry.text || '')
    if (entry.several) el.append(word(make('p', 'quiet'), 'several'))
    if (entry.options.length > few && sheet.showModal) {
      el.append(word(button('chief', '', () => openSheet(entry)), 'choose'))
    } else {
      fill(el, entry, entry.several || entry.options.length > few, () => {})
    }
    return el
  }

  // fill adds the options as buttons or, of a question with several, as boxes to tick.
  function fill(el, entry, numbered, done) {
    if (entry.several) {
      fillSeveral(el, entry, done)
      return
    }
    entry.options.forEach((o, i) => {
      const b = button('option', '', () => {
        done()
        answer(entry, { option: o.id }, o.label)
      })
      b.dataset.option = o.id
      label(b, o, numbered && !entry.open ? i + 1 : 0, numbered)
      el.append(b)
    })
  }

  const longest = 100 // Limits().Buttons.Label: what fits is shown whole

  function label(el, o, number, whole) {
    if (number) el.append(make('span', 'number', String(number)))
    const both = make('span', 'label')
    both.append(spoken('span', '', !whole && o.short && o.label.length > longest ? o.short : o.label))
    if (o.hint) both.append(spoken('small', 'quiet', o.hint))
    el.append(both)
  }

  function fillSeveral(el, entry, done) {
    const boxes = entry.options.map((o, i) => {
      const tick = make('input')
      tick.type = 'checkbox'
      tick.value = i + 1
      const row = make('label', 'option tick')
      row.append(tick)
      label(row, o, entry.open ? 0 : i + 1, true)
      el.append(row)
      return tick
    })
    const chosen = () => boxes.filter(b => b.checked)
    const send = word(button('chief', '', () => {
      const ticked = chosen()
      if (!ticked.length) return
      done()
      // Numbers are understood on every channel, whatever the language.
      answer(entry, { text: ticked.map(b => b.value).join(', ') }, ticked.map(b => entry.options[b.value - 1].label).join(', '))
    }), 'send')
    send.disabled = true
    el.addEventListener('change', () => { send.disabled = !chosen().length })
    el.append(send)
  }

  function answer(entry, body, shown) {
    line.say(Object.assign(body, { inReplyTo: entry.ref }), shown)
  }

  function openSheet(entry) {
    $('sheet-title').textContent = entry.text || entry.heading || ''
    sheet.lang = entry.lang || wanted
    const rows = $('rows')
    rows.textContent = ''
    fill(rows, entry, true, () => sheet.close())
    $('search').value = ''
    const many = entry.options.length > 12
    $('search').hidden = !many
    sheet.classList.toggle('tall', many) // it keeps its height while the search narrows the list
    sheet.showModal()
    $('sheet-title').focus()
    rows.scrollTop = 0
  }

  const plain = s => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  $('search').addEventListener('input', () => {
    const look = plain($('search').value.trim())
    for (const row of $('rows').querySelectorAll('.option')) row.hidden = !plain(row.textContent).includes(look)
  })
  for (const d of document.querySelectorAll('dialog')) {
    d.addEventListener('click', e => (e.target === d || e.target.closest('[data-close]')) && d.close())
  }

  // --- our own messages

  function showItem(item) {
    let el = log.querySelector('[data-item="' + item.id + '"]')
    if (!el) {
      el = make('article', 'ours')
      el.dataset.item = item.id
      el.append(word(make('span', 'unseen'), 'you'))
      if (item.photo) {
        const img = make('img', 'media')
        img.src = item.photo
        img.alt = words.photo
        el.append(img)
      }
      if (item.label) el.append(spoken('p', 'text', item.label))
      el.append(make('p', 'quiet'))
      place(el, item.after + 0.5)
      toEnd()
      const question = item.body.inReplyTo && log.querySelector('[data-ref="' + CSS.escape(item.body.inReplyTo) + '"]')
      if (question) mark(question, item.body.option)
    }
    el.dataset.state = item.state
    const foot = el.lastElementChild
    foot.textContent = ''
    if (item.state === 'sent') foot.append('✓')
    foot.append(word(make('span', item.state === 'sent' ? 'unseen' : ''), item.state))
    if (item.state === 'waiting' && item.progress) {
      const bar = make('progress')
      bar.value = item.progress
      bar.setAttribute('aria-label', words.photo)
      foot.append(bar)
    }
    if (item.state === 'failed') {
      foot.append(word(button('', '', () => line.retry(item)), 'again'), word(button('', '', () => line.takeBack(item)), 'remove'))
    }
  }

  // mark shows which option of a question was tapped last.
  function mark(question, option) {
    for (const b of question.querySelectorAll('[data-option]')) {
      if (b.dataset.option === option) b.setAttribute('aria-pressed', 'true')
      else b.removeAttribute('aria-pressed')
    }
  }

  function goneItem(item) {
    const el = log.querySelector('[data-item="' + item.id + '"]')
    if (el) el.remove()
    dim()
    text.focus()
  }

  // --- writing

  const line = Line(settings, {
    entry: showEntry,
    item: showItem,
    gone: goneItem,
    state(s) {
      state = s
      showState()
    },
    fresh() { log.textContent = '' },
    caught() { log.setAttribute('aria-busy', 'false') },
  })

  function grow() {
    text.style.height = 'auto'
    text.style.height = Math.min(text.scrollHeight, innerHeight / 3) + 'px'
    $('send').disabled = !text.value.trim()
    text.dir = text.value ? 'auto' : document.documentElement.dir // an empty field has no letters to go by
  }

  function submit() {
    const typed = text.value.trim()
    if (!typed) return
    if (Array.from(typed).length > settings.maxText) {
      notify('long')
      return
    }
    line.say({ text: typed }, typed)
    text.value = ''
    line.draft.drop('draft')
    notify('')
    grow()
  }

  $('composer').addEventListener('submit', e => {
    e.preventDefault()
    submit()
    text.focus()
  })
  text.addEventListener('keydown', e => {
    if (e.key !== 'Enter' || e.shiftKey || e.isComposing) return
    e.preventDefault()
    submit()
  })
  text.addEventListener('input', () => {
    line.draft.put('draft', text.value)
    notify('')
    grow()
  })
  log.addEventListener('scroll', () => { if (nearEnd()) $('newer').hidden = true })
  $('newer').addEventListener('click', toEnd)

  // A banner or a keyboard that takes room takes it from the top: what stands at
  // the lower edge stays there.
  let edge = 0
  const hold = () => { edge = log.scrollTop + log.clientHeight }
  log.addEventListener('scroll', hold)
  new ResizeObserver(() => {
    log.scrollTop = edge - log.clientHeight
    hold()
  }).observe(log)

  // --- location, photos, erasing

  if (navigator.geolocation && window.isSecureContext) $('location').hidden = false
  $('location').addEventListener('click', () => {
    $('location').disabled = true
    const done = () => { $('location').disabled = false }
    navigator.geolocation.getCurrentPosition(({ coords: c }) => {
      done()
      notify('')
      const round = x => Math.round(x * 1e6) / 1e6
      const at = { lat: round(c.latitude), lon: round(c.longitude), accuracy: Math.round(c.accuracy) || 0 }
      line.say({ location: at }, '📍 ' + at.lat + ', ' + at.lon)
    }, () => {
      done()
      notify('nolocation')
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 })
  })

  // shrink draws the photo anew, at most 1600 pixels wide or high: small enough
  // for a bad line, and without the place and time a camera writes into it.
  async function shrink(file) {
    const url = URL.createObjectURL(file)
    try {
      const img = new Image()
      await new Promise((done, fail) => {
        img.onload = done
        img.onerror = fail
        img.src = url
      })
      const scale = Math.min(1, 1600 / Math.max(img.naturalWidth, img.naturalHeight))
      const canvas = make('canvas')
      canvas.width = Math.max(1, Math.round(img.naturalWidth * scale))
      canvas.height = Math.max(1, Math.round(img.naturalHeight * scale))
      const pen = canvas.getContext('2d')
      pen.fillStyle = '#fff'
      pen.fillRect(0, 0, canvas.width, canvas.height)
      pen.drawImage(img, 0, 0, canvas.width, canvas.height)
      return canvas.toDataURL('image/jpeg', 0.8)
    } finally {
      URL.revokeObjectURL(url)
    }
  }
  if ($('photo')) {
    $('photo').addEventListener('click', () => $('file').click())
    $('file').addEventListener('change', async () => {
      const file = $('file').files[0]
      $('file').value = ''
      if (!file) return
      try {
        line.say({}, '', await shrink(file))
        notify('')
      } catch {
        notify('nophoto')
      }
    })
  }

  $('erase').addEventListener('click', () => $('sure').showModal ? $('sure').showModal() : line.erase())
  $('erased').addEventListener('click', () => {
    line.draft.drop('draft')
    line.erase()
  })

  $('composer').hidden = false
  text.value = line.draft.get('draft') || ''
  grow()
  line.run()
})()
