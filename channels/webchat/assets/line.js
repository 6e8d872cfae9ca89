'use strict'

// box keeps small values in a storage area of the browser, and only until the
// page closes where the browser forbids that or has no room.
function box(area) {
  const prefix = 'chat:' + location.pathname + ':'
  const memory = new Map()
  let store = null
  try {
    store = window[area]
    store.getItem('')
  } catch {
    store = null
  }
  return {
    get(key) {
      if (memory.has(key)) return memory.get(key)
      try {
        return JSON.parse(store.getItem(prefix + key))
      } catch {
        return null
      }
    },
    put(key, value) {
      try {
        store.setItem(prefix + key, JSON.stringify(value))
        memory.delete(key)
      } catch {
        memory.set(key, value)
      }
    },
    drop(key) {
      memory.delete(key)
      try {
        store.removeItem(prefix + key)
      } catch { /* nothing was kept */ }
    },
    watch(key, changed) {
      addEventListener('storage', e => e.key === prefix + key && changed())
    },
  }
}

function randomID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')
}

// Line is the line to the server: one session, what waits to be sent, and the
// stream of what is said. It knows nothing of the page but the functions in on:
//   entry(e)    the programme said e
//   item(i)     one of our own messages appeared or changed
//   gone(i)     one of our own messages was taken back
//   state(s)    'connecting', 'open', 'offline' or 'elsewhere'
//   fresh()     the conversation begins anew
//   caught()    everything said so far has arrived
//
// An item is {id, body, label, after, state, photo}: id is the same at every
// try, so that a message whose answer was lost is not said twice. Waiting items
// outlive the page; what was said and heard lives as long as the tab.
function Line(settings, on) {
  const phone = box('localStorage')
  const tab = box('sessionStorage')
  const linked = () => (/^#(go-[\w-]{1,60})$/.exec(location.hash) || [])[1]
  const campaign = linked() || new URLSearchParams(location.search).get('c') || ''
  const history = tab.get('history') || []
  let seq = history.reduce((max, h) => Math.max(max, h.seq || 0), 0)
  // In another site's frame, or where cookies are off, a token stands for the cookie.
  let bearer = window.top !== window.self || Boolean(phone.get('token'))
  let opened = 0 // when the session was opened
  let opening = null
  let pumping = false
  let listening = false
  let moved = false
  let caught = false
  let up = false // the stream is open, or the last poll was answered
  let cut = null // ends the stream that is open
  let pollUntil = 0 // streams do not come through: ask again and again instead
  let hurry = 0 // something was said a moment ago: ask at short intervals
  const sleepers = new Set()

  function sleep(ms, firm) {
    return new Promise(done => {
      const wake = () => {
        clearTimeout(timer)
        sleepers.delete(wake)
        done()
      }
      const timer = setTimeout(wake, ms)
      if (!firm) sleepers.add(wake)
    })
  }
  const kick = () => sleepers.forEach(wake => wake())
  const backoff = n => Math.min(30000, 1000 * 2 ** n) * (0.5 + Math.random() / 2)
  const retryAfter = res => 1000 * (parseInt(res.headers.get('Retry-After'), 10) || 0)

  function headers(more) {
    const token = bearer && phone.get('token')
    return Object.assign(token ? { Authorization: 'Bearer ' + token } : {}, more)
  }

  async function call(method, path, body) {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), 20000)
    try {
      return await fetch(path, {
        method, body, signal: stop.signal, cache: 'no-store',
        headers: headers(body && { 'Content-Type': 'application/json' }),
      })
    } finally {
      clearTimeout(timer)
    }
  }

  function remember(thing) {
    const at = history.findIndex(h => h.id && h.id === thing.id)
    if (at >= 0) history[at] = thing
    else history.push(thing)
    if (history.length > 200) history.splice(0, history.length - 200)
    tab.put('history', history)
  }

  function forget() {
    history.length = 0
    seq = 0
    tab.drop('history')
  }

  // --- the session

  function open() {
    if (!opening) opening = start().finally(() => { opening = null })
    return opening
  }

  async function start() {
    // The nonce makes a repeated request begin the same session.
    const nonce = phone.get('nonce') || randomID()
    phone.put('nonce', nonce)
    for (let n = 0; ; n++) {
      let wait = 0
      try {
        const res = await call('POST', 'session', JSON.stringify({ nonce, bearer, campaign, fresh: Boolean(phone.get('fresh')) }))
        if (res.ok) {
          const answer = await res.json()
          if (answer.token) phone.put('token', answer.token)
          phone.drop('nonce')
          phone.drop('fresh')
          // A link that was told is spent, and a secret: it leaves the address bar and the history.
          if (linked()) window.history.replaceState(null, '', location.pathname + location.search)
          if (answer.new) {
            forget()
            on.fresh()
            phone.put('waiting', waiting().map(i => Object.assign(i, { after: 0 })))
            waiting().forEach(i => on.item(i))
          }
          opened = Date.now()
          return
        }
        wait = retryAfter(res)
      } catch {
        on.state('offline')
      }
      await sleep(wait || backoff(n), wait > 0)
    }
  }

  // lost says how long to wait after the server did not know the session.
  function lost() {
    const soon = Date.now() - opened < 60000
    const wait = soon && bearer ? 10000 : 0
    if (soon) bearer = true // the cookie did not come back
    opened = 0
    return wait
  }

  // erase forgets the conversation. Where the line is down and the cookie cannot
  // be taken back now, the next page asks for a fresh session.
  async function erase() {
    phone.put('fresh', true)
    await call('DELETE', 'session').catch(() => {})
    for (const key of ['waiting', 'token', 'nonce']) phone.drop(key)
    forget()
    phone.put('erased', Date.now())
    location.reload()
  }

  // --- what we say

  const waiting = () => phone.get('waiting') || []

  function update(item) {
    phone.put('waiting', waiting().map(i => i.id === item.id ? item : i))
    on.item(item)
  }

  function say(body, label, photo) {
    const item = { id: randomID(), body, label, photo, after: seq, state: 'waiting' }
    phone.put('waiting', waiting().concat(item))
    on.item(item)
    kick()
    pump()
  }

  function retry(item) {
    update(Object.assign(item, { state: 'waiting' }))
    pump()
  }

  function takeBack(item) {
    phone.put('waiting', waiting().filter(i => i.id !== item.id))
    on.gone(item)
  }

  // pump sends what waits, in order, one at a time.
  async function pump() {
    if (pumping) return
    pumping = true
    try {
      for (let n = 0, item; (item = waiting().find(i => i.state === 'waiting'));) {
        if (!opened) await open()
        let res = null
        try {
          res = await deliver(item)
          if (up) on.state('open')
        } catch {
          on.state('offline')
        }
        if (res && res.status === 202) {
          n = 0
          hurry = Date.now()
          phone.put('waiting', waiting().filter(i => i.id !== item.id))
          const said = Object.assign(item, { state: 'sent' })
          remember(Object.assign({}, said, said.photo ? { photo: null, label: said.label || '📷' } : {}))
          on.item(said)
        } else if (res && res.status === 401) {
          await sleep(lost(), true)
        } else if (res && res.status >= 400 && res.status < 500 && res.status !== 408 && res.status !== 429) {
          update(Object.assign(item, { state: 'failed', ref: null }))
        } else {
          const wait = res ? retryAfter(res) : 0
          await sleep(wait || backoff(n++), wait > 0)
        }
      }
    } finally {
      pumping = false
    }
  }

  async function deliver(item) {
    const body = Object.assign({ client: item.id }, item.body)
    if (item.photo) {
      if (!item.ref) {
        const res = await upload(item)
        if (res.status !== 201) return res
        item.ref = JSON.parse(res.text).photo
        update(item)
      }
      body.photo = item.ref
    }
    return call('POST', 'message', JSON.stringify(body))
  }

  // upload uses XMLHttpRequest because fetch cannot tell how far it has come.
  function upload(item) {
    const [kind, data] = item.photo.slice('data:'.length).split(';base64,')
    const blob = new Blob([Uint8Array.from(atob(data), c => c.charCodeAt(0))], { type: kind })
    return new Promise((done, fail) => {
      const x = new XMLHttpRequest()
      x.open('POST', 'photo')
      const head = headers({ 'Content-Type': blob.type })
      for (const key of Object.keys(head)) x.setRequestHeader(key, head[key])
      x.timeout = 300000
      x.upload.onprogress = e => e.lengthComputable && on.item(Object.assign({}, item, { progress: e.loaded / e.total }))
      x.onload = () => done({
        status: x.status, text: x.responseText,
        headers: { get: key => x.getResponseHeader(key) },
      })
      x.onerror = x.ontimeout = () => fail(new Error('upload'))
      x.send(blob)
    })
  }

  // --- what is said to us

  function hear(entry) {
    if (entry.seq <= seq) return
    seq = entry.seq
    remember(entry)
    on.entry(entry)
  }

  function connected() {
    up = true
    on.state('open')
    if (!caught) {
      caught = true
      setTimeout(on.caught, 300)
    }
  }

  async function listen() {
    if (listening) return
    listening = true
    moved = false
    for (let n = 0; !moved;) {
      const polling = !window.ReadableStream || Date.now() < pollUntil
      try {
        if (!opened) await open()
        await (polling ? poll() : stream())
        n = 0
      } catch (failure) {
        if (moved) break
        if (failure.status === 503 && !polling) { // no room for a stream: ask again and again
          pollUntil = Date.now() + Math.max(failure.wait, 30000)
          continue
        }
        if (failure.wait) {
          await sleep(failure.wait, true)
          continue
        }
        // A proxy may hold streams back while plain requests come through.
        if (n > 0 && await poll().then(() => true, () => false)) {
          pollUntil = Date.now() + 120000
          n = 0
          continue
        }
        up = false
        on.state('offline')
        await sleep(backoff(n++))
      }
    }
    listening = false
  }

  function refused(res) {
    return Object.assign(new Error('refused'), {
      status: res.status,
      wait: res.status === 401 ? 1 + lost() : retryAfter(res),
    })
  }

  async function poll() {
    const res = await call('GET', 'messages?after=' + seq)
    if (!res.ok) throw refused(res)
    const { entries } = await res.json()
    entries.forEach(hear)
    connected()
    if (entries.length) hurry = Date.now()
    await sleep(Date.now() - hurry < 30000 ? 2500 : 12000)
  }

  // stream reads server-sent events with fetch and not with EventSource, which
  // can neither send the token, nor see the signs of life, nor the status.
  async function stream() {
    const stop = cut = new AbortController()
    let timer = setTimeout(() => stop.abort(), 20000)
    let retry = 3000
    let told = false // at least one byte came
    try {
      const res = await fetch('stream?after=' + seq, { headers: headers(), signal: stop.signal, cache: 'no-store' })
      if (!res.ok) throw refused(res)
      const reader = res.body.getReader()
      const decoder = new TextDecoder()
      let text = ''
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        if (!told) connected()
        told = true
        clearTimeout(timer)
        timer = setTimeout(() => stop.abort(), settings.heartbeat * 2.2 + 5000)
        const frames = (text + decoder.decode(value, { stream: true })).split('\n\n')
        text = frames.pop()
        for (const frame of frames) {
          const field = {}
          for (const line of frame.split('\n')) {
            const at = line.indexOf(':')
            if (at > 0) field[line.slice(0, at)] = line.slice(at + 1).trim()
          }
          if (field.retry) retry = parseInt(field.retry, 10) || retry
          if (field.event === 'moved') {
            moved = true
            up = false
            on.state('elsewhere')
            return
          }
          if (!field.event && field.data) hear(JSON.parse(field.data))
        }
      }
    } catch (failure) {
      if (!told) throw failure
    } finally {
      clearTimeout(timer)
      stop.abort()
      cut = null
    }
    if (!told) throw new Error('silent')
    up = false
    on.state('connecting')
    await sleep(retry * (0.3 + Math.random() * 0.7))
  }

  // again looks whether the line is back, at once.
  function again() {
    kick()
    pump()
    if (document.visibilityState === 'visible') listen()
  }
  addEventListener('online', () => {
    if (cut) cut.abort()
    again()
  })
  addEventListener('hashchange', () => linked() && location.reload()) // another link, in the same tab
  addEventListener('offline', () => on.state('offline'))
  addEventListener('pageshow', e => e.persisted && again())
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again())
  phone.watch('erased', () => {
    forget()
    location.reload()
  })

  return {
    say, retry, takeBack, erase, draft: tab,
    here() {
      on.state('connecting')
      listen()
    },
    // run shows what this tab remembers, and then talks.
    run() {
      history.forEach(h => h.seq ? on.entry(h) : on.item(h))
      waiting().forEach(i => on.item(i))
      on.state('connecting')
      listen()
      pump()
    },
  }
}
