package twilio

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/hubkit/hubkit"

	"github.com/hubkit/hubkit/channels/segments"
)

// Kind is the type of a content resource, as Twilio calls it.
type Kind string

// Kinds of content resources.
const (
	TextContent  Kind = "twilio/text"           // a text
	MediaContent Kind = "twilio/media"          // a file with a text
	ListPicker   Kind = "twilio/list-picker"    // a list that opens; in a session only
	QuickReply   Kind = "twilio/quick-reply"    // buttons that answer
	CallToAction Kind = "twilio/call-to-action" // buttons that open a page or call
	Card         Kind = "twilio/card"           // a text, a line under it, a file and buttons of any type
)

// Category is what a template is for. It decides the price, and whether it is approved.
type Category string

// Categories of templates.
const (
	Utility        Category = "UTILITY"        // about something the person asked for
	Marketing      Category = "MARKETING"      // anything else
	Authentication Category = "AUTHENTICATION" // a code to sign in with
)

// Content is one content resource in one language, as data. [Account.Sync] makes what
// is missing at Twilio, and [WhatsApp.Send] those of questions at their first use.
type Content struct {
	Kind     Kind
	Name     string            // what Template.Name calls it; empty for a question
	Lang     hubkit.Lang       // one resource for each language
	Category Category          // submitted for approval as this; empty: for sessions only
	Body     string            // the text, with {{variables}}
	Samples  map[string]string // a sample of each variable, for those who approve
	Subtitle string            // of a card
	Button   string            // that opens a list
	Items    []Item            // of a list
	Actions  []Action          // buttons
	Media    []string          // one URL
}

// Item is one row of a list. ID is what a tap brings back.
type Item struct{ ID, Title, Hint string }

// ActionType is what a button does.
type ActionType string

// Types of buttons.
const (
	Reply    ActionType = "QUICK_REPLY"  // answers with its ID
	Link     ActionType = "URL"          // opens a page
	Phone    ActionType = "PHONE_NUMBER" // calls a number
	CopyCode ActionType = "COPY_CODE"    // copies a code
)

// Action is one button. What beside Title is needed depends on the type.
type Action struct {
	Type  ActionType
	Title string
	ID    string // of a Reply
	URL   string // of a Link; may hold a variable
	Phone string // of a Phone, in E.164
	Code  string // of a CopyCode
}

// Lengths in UTF-16 units, and counts.
const (
	longestBody   = 1024
	longestText   = 1600
	longestTitle  = 20
	longestID     = 200
	longestValue  = 255
	mostItems     = 10
	mostActions   = 10
	mostInSession = 3
	mostVariables = 100
)

var (
	templateName = regexp.MustCompile(`^[a-z0-9_]{1,400}$`)
	variableName = regexp.MustCompile(`^[A-Za-z0-9_]{1,16}$`)
	variableSign = regexp.MustCompile(`\{\{(.*?)\}\}`)
	besideSign   = regexp.MustCompile(`\}\}\s*\{\{`)
	manySpaces   = regexp.MustCompile(` {5,}`)
)

// long reports whether s is empty where it may not be, or longer than limit.
func long(s string, needed bool, limit int) bool {
	return needed && strings.TrimSpace(s) == "" || !segments.UTF16.Fits(s, limit)
}

// Check returns everything that is wrong with c, before Twilio or those who approve
// say so one after the other.
func (c *Content) Check() error {
	var errs []error
	wrong := func(format string, args ...any) {
		name := c.Name
		if name == "" {
			name = "question"
		}
		errs = append(errs, fmt.Errorf("twilio: content %s (%s): "+format, append([]any{name, c.Lang}, args...)...))
	}
	if c.Name != "" && !templateName.MatchString(c.Name) {
		wrong("a Name is of a-z, 0-9 and _")
	}
	switch c.Category {
	case "", Utility, Marketing, Authentication:
	default:
		wrong("the Category is Utility, Marketing or Authentication")
	}
	body := longestBody
	if c.Kind == TextContent && c.Category == "" {
		body = longestText
	}
	if long(c.Body, c.Kind != MediaContent, body) {
		wrong("Body has 1 to %d characters", body)
	}
	c.checkKind(wrong)
	c.checkActions(wrong)
	c.checkVariables(wrong)
	return errors.Join(errs...)
}

// checkKind checks what belongs to the kind.
func (c *Content) checkKind(wrong func(string, ...any)) {
	actions, media := 0, 0
	switch c.Kind {
	case TextContent:
	case MediaContent:
		media = 1
		if len(c.Media) != 1 {
			wrong("it needs one Media")
		}
	case ListPicker:
		c.checkItems(wrong)
	case QuickReply, CallToAction:
		actions = mostActions
		if len(c.Actions) == 0 {
			wrong("it needs Actions")
		}
	case Card:
		actions, media = mostActions, 1
		if long(c.Subtitle, false, 60) {
			wrong("Subtitle has at most 60 characters")
		}
	default:
		wrong("unknown Kind %q", c.Kind)
		return
	}
	if c.Category == "" {
		actions = min(actions, mostInSession)
	}
	if len(c.Actions) > actions {
		wrong("%d Actions; at most %d are possible here", len(c.Actions), actions)
	}
	if len(c.Media) > media {
		wrong("%d Media; at most %d are possible here", len(c.Media), media)
	}
	if c.Kind != ListPicker && (len(c.Items) > 0 || c.Button != "") {
		wrong("Items and Button belong to a ListPicker")
	}
	if c.Kind != Card && c.Subtitle != "" {
		wrong("Subtitle belongs to a Card")
	}
}

func (c *Content) checkItems(wrong func(string, ...any)) {
	if c.Category != "" {
		wrong("a ListPicker cannot be approved: leave Category empty")
	}
	if len(c.Items) < 1 || len(c.Items) > mostItems {
		wrong("a ListPicker has 1 to %d Items", mostItems)
	}
	if long(c.Button, true, longestTitle) {
		wrong("Button has 1 to %d characters", longestTitle)
	}
	ids := map[string]bool{}
	for i, it := range c.Items {
		if long(it.ID, true, longestID) || ids[it.ID] {
			wrong("Items[%d].ID has 1 to %d characters, and each its own", i, longestID)
		}
		ids[it.ID] = true
		if long(it.Title, true, 24) || long(it.Hint, false, 72) {
			wrong("Items[%d]: Title has 1 to 24 characters, Hint at most 72", i)
		}
		if strings.Contains(it.ID+it.Title+it.Hint, "{{") {
			wrong("Items[%d]: a row holds no variable", i)
		}
	}
}

func (c *Content) checkActions(wrong func(string, ...any)) {
	links, phones := 0, 0
	for i, a := range c.Actions {
		if long(a.Title, true, longestTitle) || strings.Contains(a.Title, "{{") {
			wrong("Actions[%d].Title has 1 to %d characters and no variable", i, longestTitle)
		}
		ok := true
		switch a.Type {
		case Reply:
			ok = !long(a.ID, true, longestID) && c.Kind != CallToAction
		case Link:
			links++
			ok = strings.HasPrefix(a.URL, "https://") || strings.HasPrefix(a.URL, "http://")
		case Phone:
			phones++
			ok = phoneForm.MatchString(a.Phone)
		case CopyCode:
			ok = a.Code != ""
		default:
			ok = false
		}
		if !ok || c.Kind == QuickReply && a.Type != Reply {
			wrong("Actions[%d]: the type %q is not possible here, or lacks its ID, URL, Phone or Code", i, a.Type)
		}
	}
	if c.Kind == CallToAction && (links > 2 || phones > 1) {
		wrong("at most two Links and one Phone")
	}
}

func (c *Content) checkVariables(wrong func(string, ...any)) {
	used := map[string]bool{}
	texts := c.Body + "\n" + c.Subtitle
	for _, a := range c.Actions {
		texts += "\n" + a.URL
	}
	for _, m := range c.Media {
		texts += "\n" + m
	}
	for _, v := range variableSign.FindAllStringSubmatch(texts, -1) {
		used[v[1]] = true
		if !variableName.MatchString(v[1]) {
			wrong("{{%s}}: a variable's name has 1 to 16 letters, digits or _", v[1])
		}
	}
	if len(used) > mostVariables {
		wrong("%d variables; Twilio takes %d", len(used), mostVariables)
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		sample, ok := c.Samples[name]
		if !ok || long(sample, true, longestValue) || manySpaces.MatchString(sample) {
			wrong("{{%s}} needs a sample of 1 to %d characters, without five spaces in a row", name, longestValue)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Samples)) {
		if !used[name] {
			wrong("there is a sample for {{%s}}, which is nowhere", name)
		}
	}
	if c.Category == "" {
		return
	}
	if b := strings.TrimSpace(c.Body); strings.HasPrefix(b, "{{") || strings.HasSuffix(b, "}}") {
		wrong("Body may not begin or end with a variable: WhatsApp would reject it")
	}
	if besideSign.MatchString(c.Body) {
		wrong("Body has two variables side by side: WhatsApp would reject it")
	}
}

// wire is what is posted, without the friendly name.
type wire struct {
	Name      string            `json:"friendly_name,omitempty"`
	Language  string            `json:"language"`
	Variables map[string]string `json:"variables,omitempty"`
	Types     map[Kind]any      `json:"types"`
}

type wireItem struct {
	ID    string `json:"id"`
	Title string `json:"item"`
	Hint  string `json:"description,omitempty"`
}

type wireAction struct {
	Type  ActionType `json:"type"`
	Title string     `json:"title"`
	ID    string     `json:"id,omitempty"`
	URL   string     `json:"url,omitempty"`
	Phone string     `json:"phone,omitempty"`
	Code  string     `json:"code,omitempty"`
}

// wire returns c as it is posted. twilio-go's own types lack fields of a card.
func (c *Content) wire() wire {
	actions := make([]wireAction, len(c.Actions))
	for i, a := range c.Actions {
		actions[i] = wireAction(a)
	}
	var body any
	switch c.Kind {
	case ListPicker:
		items := make([]wireItem, len(c.Items))
		for i, it := range c.Items {
			items[i] = wireItem(it)
		}
		body = struct {
			Body   string     `json:"body"`
			Button string     `json:"button"`
			Items  []wireItem `json:"items"`
		}{c.Body, c.Button, items}
	case QuickReply, CallToAction:
		body = struct {
			Body    string       `json:"body"`
			Actions []wireAction `json:"actions"`
		}{c.Body, actions}
	case Card:
		body = struct {
			Title    string       `json:"title"`
			Subtitle string       `json:"subtitle,omitempty"`
			Media    []string     `json:"media,omitempty"`
			Actions  []wireAction `json:"actions,omitempty"`
		}{c.Body, c.Subtitle, c.Media, actions}
	case MediaContent:
		body = struct {
			Body  string   `json:"body,omitempty"`
			Media []string `json:"media"`
		}{c.Body, c.Media}
	default:
		body = struct {
			Body string `json:"body"`
		}{c.Body}
	}
	return wire{Language: language(c.Lang), Variables: c.Samples, Types: map[Kind]any{c.Kind: body}}
}

// Hash returns what tells c from every other content: of what is shown, not of its
// name. Two equal ones are one resource.
func (c *Content) Hash() string {
	b, err := json.Marshal(struct {
		wire
		Category Category
	}{c.wire(), c.Category})
	if err != nil {
		return "" // strings always encode
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// friendly returns the friendly name, which carries the hash: so a resource that was
// made before is found again, whoever made it.
func (c *Content) friendly(hash string) string {
	name := c.Name
	if name == "" {
		_, name, _ = strings.Cut(string(c.Kind), "/")
		name = "hubkit_" + strings.ReplaceAll(name, "-", "_")
	}
	return name + "_" + strings.ToLower(language(c.Lang)) + "_" + hash[:16]
}

// language returns Twilio's code of a language: base and region. A script is left out.
func language(l hubkit.Lang) string {
	subtags := strings.Split(string(l), "-")
	code := strings.ToLower(subtags[0])
	if code == "" {
		return "en" // a label is needed, and in a session nobody reads it
	}
	for _, sub := range subtags[1:] {
		if len(sub) == 2 {
			return code + "_" + strings.ToUpper(sub)
		}
	}
	return code
}

// pieces cuts a text into values of variables, without a space at a cut, where it
// would be lost. A run of spaces that Twilio would refuse is broken by one that does
// not break.
func pieces(text string) []string {
	text = manySpaces.ReplaceAllStringFunc(text, func(run string) string {
		return strings.ReplaceAll(run, "     ", "    \u00a0")
	})
	var all []string
	for !segments.UTF16.Fits(text, longestValue) {
		at, best, units := 0, 0, 0
		space := true // before the first character nothing is cut
		for {
			n := segments.Cluster(text[at:])
			next := text[at : at+n]
			blank := strings.TrimSpace(next) == ""
			if !space && !blank {
				best = at
			}
			units += segments.UTF16.Count(next)
			if units > longestValue {
				break
			}
			at, space = at+n, blank
		}
		if best == 0 {
			best = at // nothing but spaces, or one character without end
		}
		if best == 0 {
			best = len(segments.Split(text, segments.UTF16, longestValue)[0])
		}
		all = append(all, text[:best])
		text = text[best:]
	}
	return append(all, text)
}
