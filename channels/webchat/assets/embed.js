// The chat on any site, by one tag:
//   <script src="https://hub.example.org/chat/embed.js" async></script>
// data-label changes the button's words, data-lang the language, data-campaign
// says where people come from, data-colour the button's colour.
(function () {
  'use strict'
  var script = document.currentScript
  var words = /*words*/ {}
  var data = script.dataset
  var query = new URLSearchParams()
  if (data.lang) query.set('lang', data.lang)
  if (data.campaign) query.set('c', data.campaign)
  var url = script.src.replace(/embed\.js.*$/, '') + '?' + query

  function make(tag, style, attributes) {
    var el = document.createElement(tag)
    Object.assign(el.style, style)
    Object.keys(attributes).forEach(function (key) { el.setAttribute(key, attributes[key]) })
    return el
  }

  function start() {
    var colour = data.colour || '#0a6349'
    var face = { font: '600 16px/1.2 system-ui, sans-serif', color: '#fff', background: colour, border: '0', cursor: 'pointer', minHeight: '48px' }
    var open = make('button', Object.assign({ position: 'fixed', insetBlockEnd: '16px', insetInlineEnd: '16px', zIndex: '2147483000', padding: '12px 20px', borderRadius: '24px', boxShadow: '0 2px 10px #0005' }, face),
      { type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', lang: words.lang, dir: words.dir })
    open.textContent = data.label || words.open
    var panel = null
    var close = make('button', Object.assign({ width: '100%', flex: 'none' }, face), { type: 'button' })
    close.textContent = words.close

    function show(on) {
      if (on && !panel) {
        // The frame is made at the first tap: until then the chat costs the page nothing.
        panel = make('div', { position: 'fixed', insetBlockEnd: '0', insetInlineEnd: '0', zIndex: '2147483001', width: 'min(100vw, 420px)', height: 'min(100vh, 720px)', display: 'flex', flexDirection: 'column', background: '#fff', boxShadow: '0 0 24px #0006' },
          { role: 'dialog', 'aria-label': words.title, lang: words.lang, dir: words.dir })
        panel.append(make('iframe', { flex: '1', width: '100%', border: '0' }, { src: url, title: words.title, allow: 'geolocation' }), close)
        document.body.append(panel)
      }
      panel.style.display = on ? 'flex' : 'none'
      open.style.display = on ? 'none' : ''
      open.setAttribute('aria-expanded', String(on))
      ;(on ? close : open).focus()
    }
    open.addEventListener('click', function () { show(true) })
    close.addEventListener('click', function () { show(false) })
    document.addEventListener('keydown', function (e) {
      if (e.key === 'Escape' && panel && panel.style.display !== 'none') show(false)
    })
    document.body.append(open)
  }
  if (document.body) start()
  else addEventListener('DOMContentLoaded', start)
})()
