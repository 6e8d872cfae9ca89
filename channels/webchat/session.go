package webchat

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// cookieName holds the token of a page that is not in another site's frame.
const cookieName = "chat_session"

var b64 = base64.RawURLEncoding.Strict()

// session is one anonymous person at one phone: 128 random bits and a date.
type session struct {
	id    string // 22 characters, the ID of the address
	since time.Time
}

// keyring signs with its first key and verifies with all.
type keyring [][]byte

// seal signs b for one use, so that no signature serves for another.
func (k keyring) seal(use string, b []byte) string {
	return b64.EncodeToString(append(bytes.Clone(b), mac(k[0], use, b)...))
}

// unseal returns what was sealed for use, or false.
func (k keyring) unseal(use, sealed string) ([]byte, bool) {
	b, err := b64.DecodeString(sealed)
	if err != nil || len(b) < sha256.Size {
		return nil, false
	}
	b, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	ok := 0
	for _, key := range k {
		ok |= subtle.ConstantTimeCompare(sum, mac(key, use, b))
	}
	return b, ok == 1
}

func mac(key []byte, use string, b []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(use + "\x00"))
	h.Write(b)
	return h.Sum(nil)
}

// token is what the cookie or the page's storage holds: id, date, signature.
func (k keyring) token(s session) string {
	id, err := b64.DecodeString(s.id)
	if err != nil {
		panic("webchat: a session id is always base64") // ids are only made here
	}
	return k.seal("session", binary.BigEndian.AppendUint64(id, uint64(s.since.Unix())))
}

func (k keyring) session(token string) (session, bool) {
	b, ok := k.unseal("session", token)
	if !ok || len(b) != 24 {
		return session{}, false
	}
	return session{
		id:    b64.EncodeToString(b[:16]),
		since: time.Unix(int64(binary.BigEndian.Uint64(b[16:])), 0),
	}, true
}

// begin makes the session of a nonce: the same nonce, tried again because the
// answer was lost, makes the same session and not a second person.
func (k keyring) begin(nonce []byte, now time.Time) session {
	if len(nonce) == 0 {
		nonce = make([]byte, 16)
		_, _ = rand.Read(nonce) // crypto/rand never fails
	}
	return session{id: b64.EncodeToString(mac(k[0], "nonce", nonce)[:16]), since: now}
}

// find returns the session a request names, by header or by cookie.
func (d *Driver) find(r *http.Request) (session, bool) {
	if t, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return d.alive(t)
	}
	for _, c := range r.CookiesNamed(cookieName) {
		if s, ok := d.alive(c.Value); ok {
			return s, true
		}
	}
	return session{}, false
}

func (d *Driver) alive(token string) (session, bool) {
	if len(token) > 128 {
		return session{}, false
	}
	s, ok := d.keys.session(token)
	return s, ok && d.cfg.Now().Sub(s.since) < d.cfg.Session && !d.revoked(s)
}

func (d *Driver) revoked(s session) bool {
	return d.cfg.Revoked != nil && d.cfg.Revoked(address(s))
}

// opening is the body of POST session.
type opening struct {
	Nonce    string `json:"nonce"`    // 16 random bytes in base64url, the same at every try
	Bearer   bool   `json:"bearer"`   // in another site's frame, where cookies do not come back
	Fresh    bool   `json:"fresh"`    // a new session, also where an old one is alive
	Campaign string `json:"campaign"` // from the link that led here
}

// onceMark begins a campaign that is a one-time link.
const onceMark = "go-"

// Link returns the address of a chat page that opens with a campaign. It stands behind
// the #, where neither servers nor other sites see it: a one-time link, whose campaign
// begins with "go-", is a secret. The hub hears of one also where the phone has a
// conversation already.
func Link(page, campaign string) string { return page + "#" + campaign }

// open answers POST session: a session that is alive is kept and made young
// again, otherwise a new one begins and the hub hears that it started.
func (d *desk) open(w http.ResponseWriter, r *http.Request) {
	body, err := d.body(w, r, 1024)
	if err != nil {
		refuse(w, err)
		return
	}
	var o opening
	if err := strict(body, &o); err != nil {
		refuse(w, err)
		return
	}
	nonce, err := b64.DecodeString(o.Nonce)
	if err != nil || (len(nonce) != 0 && len(nonce) != 16) {
		refuse(w, badRequest("nonce is 16 random bytes in base64url, or left out"))
		return
	}
	if len(o.Campaign) > 64 {
		refuse(w, badRequest("campaign is longer than 64 bytes"))
		return
	}

	s, kept := d.find(r)
	kept = kept && !o.Fresh
	s.since = d.cfg.Now()
	if !kept {
		if wait := d.doors.take("", s.since); wait > 0 {
			refuse(w, busy(wait))
			return
		}
		if s = d.keys.begin(nonce, s.since); d.revoked(s) {
			s = d.keys.begin(nil, s.since)
		}
	}
	if campaign := clean(o.Campaign); !kept || strings.HasPrefix(campaign, onceMark) {
		if kept { // a new one came through the door
			if wait := d.pace.take(s.id, s.since); wait > 0 {
				refuse(w, tooMany(wait))
				return
			}
		}
		if err := d.started(r, s, campaign); err != nil {
			refuse(w, err)
			return
		}
	}

	answer := struct {
		New   bool   `json:"new"`
		Token string `json:"token,omitempty"`
	}{New: !kept}
	if o.Bearer {
		answer.Token = d.keys.token(s)
	} else {
		http.SetCookie(w, d.cookie(r, d.keys.token(s), int(d.cfg.Session/time.Second)))
	}
	w.Header().Set("Content-Type", "application/json")
	if !kept {
		w.WriteHeader(http.StatusCreated)
	}
	_ = json.NewEncoder(w).Encode(answer) // the line may be gone: the page asks again
}

// leave answers DELETE session: this phone forgets the session.
func (d *desk) leave(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, d.cookie(r, "", -1))
	w.WriteHeader(http.StatusNoContent)
}

func (d *Driver) cookie(r *http.Request, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name:     cookieName,
		Value:    value,
		Path:     r.URL.Path[:strings.LastIndexByte(r.URL.Path, '/')+1],
		MaxAge:   age,
		Secure:   r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
		HttpOnly: true,
		SameSite: http.SameSiteStrictMode,
	}
}
