// Package webchat is a chat on a web page: for a cheap phone with two bars of
// signal, on any site by one script tag, and the simulator of every dialog.
//
//	web, err := webchat.New(webchat.Config{Backlog: store.Backlog("ua"), Keys: [][]byte{key}})
//	mux.Handle("/chat/", web.Serve(hub)) // or channels.Channel.Webhook, which returns the same
//	server.RegisterOnShutdown(web.Close)
//
// On another site: <script src="https://hub.example.org/chat/embed.js" async></script>,
// with that site among Config.Origins.
//
// # Ideas
//
// Being committed is being delivered. The driver pushes nothing and keeps no
// log: the page pulls what channels.Backlog holds, by sequence number, over
// server-sent events or, where a proxy holds those back, by asking again.
//
// Nothing is said twice. The page gives every message its own id, keeps the
// message until it is accepted, and tries again with the same id, also after a
// reload. Event.ID is a digest of session and id, so the hub's inbox knows a
// repetition. Event.InReplyTo is the Ref of the message that was tapped.
// Several options ticked at once arrive as their numbers, "1, 3".
//
// A session is 128 random bits and a date, signed: there is no table of
// sessions, and Config.Revoked ends one before its time. On its own page the token is an HttpOnly, SameSite=Strict cookie that
// scripts cannot read. In another site's frame such cookies do not come back,
// so there the page keeps the token in its storage, which browsers partition
// by site, and sends it in a header. No URL holds a token. A request to begin
// a session carries a nonce, so that repeating it begins the same session.
// What a page remembers of a conversation lives as long as its tab; "erase from
// this phone" begins a fresh session and forgets the rest, for phones that
// people share. Photos are drawn anew before they leave: at most 1600 pixels,
// without the place and time that a camera writes into them.
//
// The page's own words follow the language of the conversation after its first
// message; before, and where a message has no Lang, they follow the browser.
//
// # Errors
//
// New joins all that is wrong with its Config. Requests are refused with RFC 9457
// problem details: 400 not understood, 401 begin a new session, 403 another
// site, 405 method, 413 too large, 415 wrong type, 429 and 503 later, with
// Retry-After. A refusal never repeats what was sent.
//
// # Design
//
// Refused: WebSocket (proxies and weak lines break it more often, and a
// dependency); EventSource (shows neither status nor signs of life, sends no
// header); a framework or a build step for the page (it must stay small and
// readable); sessions in a table (a token needs none); a session per network
// address (many people share one); external fonts, scripts or pictures.
package webchat
