package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/require"
)

// hosts are the documents by the host that they describe.
var hosts = map[string][]string{
	"api.twilio.com":           {"twilio_api_v2010.json"},
	"content.twilio.com":       {"twilio_content_v1.json", "twilio_content_v2.json"},
	"conversations.twilio.com": {"twilio_conversations_v1.json"},
	"messaging.twilio.com":     {"twilio_messaging_v1.json", "twilio_messaging_v2.json"},
	"lookups.twilio.com":       {"twilio_lookups_v2.json"},
}

// checker is a transport that holds each request against the documents before the
// fake answers it.
type checker struct {
	fake    http.Handler
	routers map[string][]routers.Router

	mu     sync.Mutex
	faults []string
	seen   map[string]int // method and path pattern
}

var loadOnce = sync.OnceValues(func() (map[string][]routers.Router, error) {
	dir := filepath.Join(os.Getenv("HUBKIT_TEST_NPM"), "node_modules/@twilio/cli-core/src/services/twilio-api")
	out := map[string][]routers.Router{}
	for host, files := range hosts {
		for _, f := range files {
			doc, err := openapi3.NewLoader().LoadFromFile(filepath.Join(dir, f))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
			tighten(doc)
			r, err := gorillamux.NewRouter(doc)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f, err)
			}
			out[host] = append(out[host], r)
		}
	}
	return out, nil
})

func newChecker(t *testing.T, fake http.Handler) *checker {
	t.Helper()
	if os.Getenv("HUBKIT_TEST_NPM") == "" {
		t.Skip("HUBKIT_TEST_NPM names no folder with the npm packages twilio, sms-segments-calculator and @twilio/cli-core")
	}
	rs, err := loadOnce()
	require.NoError(t, err)
	return &checker{fake: fake, routers: rs, seen: map[string]int{}}
}

// RoundTrip checks r and has the fake answer it.
func (c *checker) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	pattern, err := c.check(r, body)
	c.mu.Lock()
	if err != nil {
		c.faults = append(c.faults, fmt.Sprintf("%s %s: %v", r.Method, r.URL.Path, err))
	}
	c.seen[r.Method+" "+pattern]++
	c.mu.Unlock()
	in := r.Clone(r.Context())
	in.URL = &url.URL{Path: "/" + r.URL.Host + r.URL.Path, RawPath: "/" + r.URL.Host + r.URL.EscapedPath(), RawQuery: r.URL.RawQuery}
	in.RequestURI, in.Host = in.URL.RequestURI(), "fake"
	in.Body = io.NopCloser(bytes.NewReader(body))
	w := httptest.NewRecorder()
	c.fake.ServeHTTP(w, in)
	if err := c.answer(r, w); err != nil {
		c.mu.Lock()
		c.faults = append(c.faults, fmt.Sprintf("the fake answers %s %s: %v", r.Method, r.URL.Path, err))
		c.mu.Unlock()
	}
	return w.Result(), nil
}

// answer holds what the fake answered against the documents: a driver that passes
// with a fake of another shape has passed nothing.
func (c *checker) answer(r *http.Request, w *httptest.ResponseRecorder) error {
	if w.Code >= 300 {
		return nil // the documents describe no errors
	}
	for _, router := range c.routers[r.URL.Host] {
		route, path, err := router.FindRoute(r)
		if err != nil {
			continue
		}
		return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, PathParams: path, Route: route},
			Status:                 w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())),
			Options: &openapi3filter.Options{MultiError: true},
		})
	}
	return nil
}

// check holds one request against the documents of its host.
func (c *checker) check(r *http.Request, body []byte) (pattern string, err error) {
	err = fmt.Errorf("no document describes the host %s", r.URL.Host)
	for _, router := range c.routers[r.URL.Host] {
		in := r.Clone(r.Context())
		in.Body = io.NopCloser(bytes.NewReader(body))
		var (
			route *routers.Route
			path  map[string]string
		)
		if route, path, err = router.FindRoute(in); err != nil {
			continue
		}
		err = openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
			Request: in, PathParams: path, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, MultiError: true},
		})
		if err == nil {
			err = beyond(r, body, route)
		}
		return route.Path, err
	}
	return r.URL.Path, err
}

// beyond checks what kin-openapi does not: unknown fields of forms and queries, a
// single field sent twice, and fields that hold JSON.
func beyond(r *http.Request, body []byte, route *routers.Route) error {
	op := route.Operation
	known := map[string]bool{}
	for _, p := range append(slices.Clone(route.PathItem.Parameters), op.Parameters...) {
		if p.Value.In == "query" {
			known[p.Value.Name] = true
		}
	}
	for key := range r.URL.Query() {
		if !known[key] {
			return fmt.Errorf("unknown query key %s", key)
		}
	}
	if op.RequestBody == nil {
		return nil
	}
	form := op.RequestBody.Value.Content["application/x-www-form-urlencoded"]
	if form == nil {
		return nil
	}
	fields, err := url.ParseQuery(string(body))
	if err != nil {
		return err
	}
	for key, values := range fields {
		p := form.Schema.Value.Properties[key]
		if p == nil {
			return fmt.Errorf("unknown form field %s", key)
		}
		if len(values) > 1 && !p.Value.Type.Is("array") {
			return fmt.Errorf("the field %s is sent %d times", key, len(values))
		}
		switch key {
		case "Attributes", "ContentVariables", "Channel", "Routing", "MediaProperties", "RoutingProperties", "PreEngagementData":
			var object map[string]any
			if err := json.Unmarshal([]byte(values[0]), &object); err != nil {
				return fmt.Errorf("the field %s is not a JSON object", key)
			}
		}
	}
	return nil
}

// tighten makes a document as strict as its words: groups of which one field is
// needed, and no fields in JSON bodies that it does not name.
func tighten(doc *openapi3.T) {
	for _, item := range doc.Paths.Map() {
		for _, op := range item.Operations() {
			if op.RequestBody == nil || op.RequestBody.Value == nil {
				continue
			}
			for kind, media := range op.RequestBody.Value.Content {
				if media.Schema == nil || media.Schema.Value == nil {
					continue
				}
				if kind == "application/json" {
					closed(media.Schema, map[*openapi3.Schema]bool{})
				}
				schema := media.Schema.Value
				for _, group := range conditional(item, op) {
					var any openapi3.SchemaRefs
					for _, field := range group {
						if name := wire(schema, field); name != "" {
							any = append(any, openapi3.NewSchemaRef("", &openapi3.Schema{Required: []string{name}}))
						}
					}
					if len(any) > 0 {
						schema.AllOf = append(schema.AllOf, openapi3.NewSchemaRef("", &openapi3.Schema{AnyOf: any}))
					}
				}
			}
		}
	}
}

// conditional reads x-twilio.conditional: lists of fields of which one is needed.
func conditional(_ *openapi3.PathItem, op *openapi3.Operation) (groups [][]string) {
	b, err := json.Marshal(op.Extensions["x-twilio"])
	if err != nil {
		return nil
	}
	var x struct{ Conditional [][]string }
	_ = json.Unmarshal(b, &x) // most operations have none
	return x.Conditional
}

// wire finds the field that a snake_case name means.
func wire(s *openapi3.Schema, snake string) string {
	plain := func(s string) string {
		return strings.ToLower(strings.NewReplacer("_", "", ".", "").Replace(s))
	}
	for name := range s.Properties {
		if plain(name) == plain(snake) {
			return name
		}
	}
	return ""
}

// closed refuses fields that a schema with properties does not name.
func closed(ref *openapi3.SchemaRef, done map[*openapi3.Schema]bool) {
	if ref == nil || ref.Value == nil || done[ref.Value] {
		return
	}
	s := ref.Value
	done[s] = true
	if len(s.Properties) > 0 && s.AdditionalProperties.Schema == nil {
		no := false
		s.AdditionalProperties.Has = &no
	}
	for _, p := range s.Properties {
		closed(p, done)
	}
	closed(s.Items, done)
	for _, list := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
		for _, p := range list {
			closed(p, done)
		}
	}
}

// The checker itself refuses what it should: else a green suite would mean nothing.
func TestTheCheckerRefuses(t *testing.T) {
	c := newChecker(t, http.NotFoundHandler())
	account := "AC" + strings.Repeat("a", 32)
	messages := "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Messages.json"
	for _, x := range []struct{ what, method, url, kind, body, want string }{
		{"a good message", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&Body=hi", ""},
		{"no To", "POST", messages, "f", "From=%2B15550100&Body=hi", "To"},
		{"no sender", "POST", messages, "f", "To=%2B380501234567&Body=hi", "anyOf"},
		{"no content", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100", "anyOf"},
		{"an unknown field", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&Body=hi&Boddy=x", "unknown form field Boddy"},
		{"a field twice", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&Body=hi&Body=x", "2 times"},
		{"variables that are no object", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&ContentSid=HX" + strings.Repeat("a", 32) + "&ContentVariables=[]", "JSON object"},
		{"a bad SID", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&ContentSid=HX1", "ContentSid"},
		{"a bad enum", "POST", messages, "f", "To=%2B380501234567&From=%2B15550100&Body=hi&ScheduleType=later", "ScheduleType"},
		{"an unknown path", "POST", "https://api.twilio.com/2010-04-01/Accounts/" + account + "/Massages.json", "f", "", "no matching"},
		{"an unknown host", "GET", "https://example.com/", "", "", "no document"},
		{"an unknown query key", "GET", messages + "?Fromm=x", "", "", "unknown query key"},
		{"content without a language", "POST", "https://content.twilio.com/v1/Content", "j", `{"types":{"twilio/text":{"body":"hi"}}}`, "language"},
		{"content with an unknown type", "POST", "https://content.twilio.com/v1/Content", "j", `{"language":"en","types":{"twilio/list":{"body":"hi"}}}`, "twilio/list"},
		{"good content", "POST", "https://content.twilio.com/v1/Content", "j", `{"language":"en","types":{"twilio/list-picker":{"body":"hi","button":"b","items":[{"id":"1","item":"a"}]}}}`, ""},
		{"an item without an id", "POST", "https://content.twilio.com/v1/Content", "j", `{"language":"en","types":{"twilio/list-picker":{"body":"hi","button":"b","items":[{"item":"a"}]}}}`, "id"},
	} {
		r := httptest.NewRequest(x.method, x.url, strings.NewReader(x.body))
		if x.method == http.MethodGet {
			r = httptest.NewRequest(x.method, x.url, nil)
		}
		switch x.kind {
		case "f":
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		case "j":
			r.Header.Set("Content-Type", "application/json")
		}
		_, err := c.check(r, []byte(x.body))
		if x.want == "" {
			require.NoError(t, err, x.what)
		} else {
			require.ErrorContains(t, err, x.want, x.what)
		}
	}
}
