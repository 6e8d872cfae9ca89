package twiliotest

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/hubkit/hubkit/channels/channelstest"
)

// Config says whose account the fake keeps; the zero value is a good start.
type Config struct {
	AccountSID string // defaults to AC and zeros
	AuthToken  string // signs webhooks, and signs in unless APIKey is set
	APIKey     string // must sign in, if it is set
	APISecret  string
	Now        func() time.Time // defaults to time.Now
}

// Fake is Twilio, in process. It is safe for concurrent use.
type Fake struct {
	AccountSID, AuthToken string

	user, secret string
	now          func() time.Time

	mu            sync.Mutex
	faults        map[string][]fault
	requests      map[string]int
	complaints    []string
	serial        int
	messages      []*Message
	calls         []*Call
	conversations []*Conversation
	contents      []*Content
	files         map[string]file
	routes        []route
}

// New returns a fake account that has sent nothing.
func New(cfg Config) *Fake {
	f := &Fake{
		AccountSID: cfg.AccountSID, AuthToken: cfg.AuthToken, now: cfg.Now,
		faults: map[string][]fault{}, requests: map[string]int{}, files: map[string]file{},
	}
	if f.AccountSID == "" {
		f.AccountSID = "AC00000000000000000000000000000000"
	}
	if f.AuthToken == "" {
		f.AuthToken = "0123456789abcdef0123456789abcdef"
	}
	if f.now == nil {
		f.now = time.Now
	}
	f.user, f.secret = f.AccountSID, f.AuthToken
	if cfg.APIKey != "" {
		f.user, f.secret = cfg.APIKey, cfg.APISecret
	}
	f.routes = append(f.messageRoutes(), f.contentRoutes()...)
	f.routes = append(append(f.routes, f.callRoutes()...), f.conversationRoutes()...)
	f.routes = append(f.routes, f.mediaRoutes()...)
	return f
}

// SID returns a well-formed SID made of any name: the same for the same name.
func SID(kind, name string) string {
	sum := sha256.Sum256([]byte(name))
	return kind + hex.EncodeToString(sum[:16])
}

// newSID returns the next SID of a kind. The caller holds the lock.
func (f *Fake) newSID(kind string) string {
	f.serial++
	return fmt.Sprintf("%s%032x", kind, f.serial)
}

// kept is the host where files are kept.
const kept = "media.twiliocdn.com"

// route is one call that the fake knows.
type route struct {
	resource string // what Fault and Requests name: "Messages"
	method   string
	host     string // the product: "api"
	path     *regexp.Regexp
	// serve answers with the lock held; args are the path's groups.
	serve func(c *call, args []string)
}

// call is one request and its answer.
type call struct {
	f    *Fake
	r    *http.Request
	form url.Values // of the query, or of the body of a form
	body []byte
	w    *httptest.ResponseRecorder
}

// fault is one way in which the next request fails.
type fault struct {
	fault        channelstest.Fault
	status, code int // where fault is not set
}

// Resources whose requests can be made to fail, and are counted.
const (
	Messages  = "Messages"  // creating a message
	Lists     = "Lists"     // listing messages
	Contents  = "Content"   // creating a content resource
	Searches  = "Searches"  // listing content resources
	Files     = "Files"     // what people sent
	Approvals = "Approvals" // submitting for approval, and asking how it stands
)

// Fault makes the next messages fail, one for each fault; channelstest.Works lets one through.
func (f *Fake) Fault(faults ...channelstest.Fault) { f.FaultOn(Messages, faults...) }

// FaultOn makes the next requests for a resource fail, one for each fault.
func (f *Fake) FaultOn(resource string, faults ...channelstest.Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, one := range faults {
		f.faults[resource] = append(f.faults[resource], fault{fault: one})
	}
}

// Refuse makes the next request for a resource fail with a status of HTTP and a code of
// Twilio's; code 0 answers with a page of HTML, as a proxy does.
func (f *Fake) Refuse(resource string, status, code int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[resource] = append(f.faults[resource], fault{status: status, code: code})
}

// Requests returns how many requests for a resource came, taken or not.
func (f *Fake) Requests(resource string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.requests[resource]
}

// Complaints returns what was wrong with the requests that were refused for their
// form: a driver should make none.
func (f *Fake) Complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.complaints...)
}

// ServeHTTP answers a request to /HOST/PATH, or to /PATH of a host of Twilio.
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	host, path := r.Host, r.URL.EscapedPath()
	if first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); strings.HasSuffix(first, ".twilio.com") || first == kept {
		host, path = first, "/"+rest
	}
	product, _, _ := strings.Cut(host, ".")
	c := &call{f: f, r: r, body: body, w: httptest.NewRecorder()}
	f.mu.Lock()
	one := f.serve(c, product, path)
	f.mu.Unlock()
	switch one.fault {
	case channelstest.TakenDrop:
		panic(http.ErrAbortHandler)
	case channelstest.TakenSilence:
		<-r.Context().Done()
		return
	}
	for k, vs := range c.w.Header() {
		w.Header()[k] = vs
	}
	w.WriteHeader(c.w.Code)
	_, _ = w.Write(c.w.Body.Bytes()) // the client may be gone
}

// serve finds the route and answers, or fails as ordered.
func (f *Fake) serve(c *call, product, path string) fault {
	if product == "media" {
		f.keep(c, path)
		return fault{}
	}
	user, secret, _ := c.r.BasicAuth()
	if user != f.user || secret != f.secret {
		c.refuse(http.StatusUnauthorized, 20003, "Authenticate")
		return fault{}
	}
	for _, rt := range f.routes {
		if rt.host != product || rt.method != c.r.Method {
			continue
		}
		args := rt.path.FindStringSubmatch(path)
		if args == nil {
			continue
		}
		f.requests[rt.resource]++
		var one fault
		if ordered := f.faults[rt.resource]; len(ordered) > 0 {
			one, f.faults[rt.resource] = ordered[0], ordered[1:]
		}
		if c.fail(one) {
			return one
		}
		if c.read() {
			rt.serve(c, args[1:])
		}
		if one.fault == channelstest.TakenServerError {
			c.w = httptest.NewRecorder()
			c.refuse(http.StatusInternalServerError, 20500, "Internal server error")
		}
		return one
	}
	c.complain(http.StatusNotFound, 20404, "no such resource: "+c.r.Method+" "+path)
	return fault{}
}

// fail answers for a fault that takes nothing, and reports whether it did.
func (c *call) fail(one fault) bool {
	switch one.fault {
	case channelstest.Works:
		switch {
		case one.status == 0:
			return false
		case one.code == 0:
			c.html(one.status)
		default:
			c.refuse(one.status, one.code, "ordered by the test")
		}
	case channelstest.TakenServerError, channelstest.TakenDrop, channelstest.TakenSilence:
		return false
	case channelstest.Throttle:
		c.w.Header().Set("Retry-After", fmt.Sprint(int(channelstest.ThrottleAfter.Seconds())))
		c.refuse(http.StatusTooManyRequests, 20429, "Too many requests")
	case channelstest.Denied:
		c.refuse(http.StatusUnauthorized, 20003, "Authenticate")
	case channelstest.NoSuchPerson:
		c.refuse(http.StatusBadRequest, 21211, "The 'To' number "+c.quote()+" is not a valid phone number")
	case channelstest.SaidNo:
		c.refuse(http.StatusBadRequest, 21610, "Attempt to send to unsubscribed recipient "+c.quote())
	case channelstest.BadContent:
		c.refuse(http.StatusBadRequest, 21617, "The concatenated message body exceeds the 1600 character limit: "+c.quote())
	case channelstest.OutsideWindow:
		c.refuse(http.StatusBadRequest, 63016, "Outside the allowed window: "+c.quote())
	default: // Down and ServerError
		c.html(http.StatusServiceUnavailable)
	}
	return true
}

// quote returns the request's body: Twilio's words quote what they are about.
func (c *call) quote() string { s, _ := url.QueryUnescape(string(c.body)); return s }

// read decodes a form, and reports whether it could.
func (c *call) read() bool {
	var err error
	source := c.r.URL.RawQuery
	if c.r.Method == http.MethodPost && strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if source != "" {
			c.complain(http.StatusBadRequest, 20001, "a form is posted without a query")
			return false
		}
		source = string(c.body)
	}
	if c.form, err = url.ParseQuery(source); err != nil {
		c.complain(http.StatusBadRequest, 20001, "the form cannot be read")
		return false
	}
	return true
}

// only refuses fields that are not listed, and those given twice unless they end in "*".
func (c *call) only(fields ...string) bool {
	for key, values := range c.form {
		known := false
		for _, field := range fields {
			if name, repeated := strings.CutSuffix(field, "*"); name == key {
				known = repeated || len(values) == 1
			}
		}
		if !known {
			c.complain(http.StatusBadRequest, 20001, "unknown or repeated field "+key)
			return false
		}
	}
	return true
}

// refuse answers as Twilio does.
func (c *call) refuse(status, code int, words string) {
	c.w.Header().Set("Twilio-Request-Id", fmt.Sprintf("RQ%032x", c.f.serial))
	c.answer(status, map[string]any{
		"code": code, "message": words, "status": status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", code),
	})
}

// complain refuses a request for its form.
func (c *call) complain(status, code int, words string) {
	c.f.complaints = append(c.f.complaints, words)
	c.refuse(status, code, words)
}

func (c *call) html(status int) {
	c.w.Header().Set("Content-Type", "text/html")
	c.w.WriteHeader(status)
	_, _ = c.w.WriteString("<html><body>upstream error</body></html>") // a recorder takes all
}

func (c *call) answer(status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(err.Error())
	}
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_, _ = c.w.Write(b) // a recorder takes all
}
