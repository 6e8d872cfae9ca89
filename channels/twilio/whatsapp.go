package twilio

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
)

// WhatsAppConfig says how WhatsApp messages leave. From or MessagingService is needed.
type WhatsAppConfig struct {
	// From is the number of the WhatsApp sender, as +15550100.
	From string
	// MessagingService is MG…, if its sender pool holds the WhatsApp sender.
	MessagingService string
	// WrittenBodies puts the text of a question into its content resource in place of
	// variables: one resource for each text, which stays at Twilio. Only where no text
	// holds anything personal.
	WrittenBodies bool
}

// WhatsApp sends and receives WhatsApp messages. It is safe for concurrent use.
type WhatsApp struct {
	sender
	written bool
}

// WhatsApp returns the account's channel for WhatsApp, a [channels.Driver] with the
// name "whatsapp". The error lists everything that is wrong with cfg.
func (a *Account) WhatsApp(cfg WhatsAppConfig) (*WhatsApp, error) {
	s, err := a.newSender(whatsappName, whatsappPrefix, cfg.From, cfg.MessagingService, phoneForm)
	if err != nil {
		return nil, err
	}
	s.reworded = true // nobody says what is listed of a content or a template
	return &WhatsApp{s, cfg.WrittenBodies}, nil
}

// Limits returns [Limits].
func (w *WhatsApp) Limits() channels.Limits { return limits }

// Limits returns those of WhatsApp in a session, where nothing needs approval: what
// [Question] is given is rendered within them.
func Limits() channels.Limits { return limits }

var limits = channels.Limits{
	// WhatsApp counts UTF-16 units where we looked; a character of several is safe.
	Text: 1600, Unit: channels.UTF16,
	Buttons: channels.Menu{Max: 3, Label: 20, Body: longestBody},
	List:    channels.Menu{Max: 10, Label: 24, Hint: 72, Body: longestBody},
	Window:  24 * time.Hour, Templates: true, Files: true, Places: true,
}

// Send makes one attempt at sending. What can be tapped needs a content resource,
// which is created at its first use; where that fails, nothing is sent.
func (w *WhatsApp) Send(ctx context.Context, r channels.Rendered) (channels.Receipt, error) {
	p, err := w.params(&r)
	if err != nil {
		return channels.Receipt{}, err
	}
	switch {
	case r.Template != nil:
		sid, err := w.a.template(ctx, r.Template.Name, r.Lang)
		if err != nil {
			return channels.Receipt{}, err
		}
		p.SetContentSid(sid)
		if len(r.Template.Vars) > 0 {
			p.SetContentVariables(variables(r.Template.Vars))
		}
		return w.create(ctx, p)
	case len(r.Media) > 1:
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Code: "21623", Err: errors.New("WhatsApp carries one file in a message")}
	case len(r.Media) == 0:
		c, vars, ok := Question(r)
		if !ok {
			break
		}
		if w.written && !strings.Contains(r.Body(), "{{") {
			c.Body, c.Samples, vars = r.Body(), nil, nil
		}
		sid, err := w.a.ensure(ctx, &c)
		if err != nil {
			return channels.Receipt{}, unsent(err)
		}
		p.SetContentSid(sid)
		if len(vars) > 0 {
			p.SetContentVariables(variables(vars))
		}
		receipt, err := w.create(ctx, p)
		var e *channels.Error
		if errors.As(err, &e) && e.Code == "21655" {
			// Somebody has deleted it: the next attempt makes it anew.
			w.a.contents.forget(ctx, w.a, &c)
			return channels.Receipt{}, &channels.Error{Cause: channels.Unavailable, Code: e.Code, Err: e.Err}
		}
		return receipt, err
	}
	body := r.Body()
	if len(r.Media) > 0 {
		p.SetMediaUrl(urls(r.Media))
		body = beside(&r)
	}
	if strings.TrimSpace(body) != "" {
		p.SetBody(body)
	}
	if p.Body == nil && p.MediaUrl == nil {
		return channels.Receipt{}, &channels.Error{Cause: channels.Rejected, Err: channels.ErrEmpty}
	}
	return w.create(ctx, p)
}

// beside returns the text under a picture, where nothing can be tapped: choices are
// written, with the numbers that they have everywhere.
func beside(r *channels.Rendered) string {
	b := r.Body()
	if r.Form != channels.Buttons && r.Form != channels.List && r.Form != channels.Paged {
		return b
	}
	for i, o := range r.Shown {
		line := o.Label
		if o.Hint != "" {
			line += " (" + o.Hint + ")"
		}
		if _, more := channels.ParseMore(o.ID); !more && !r.Message.Open {
			line = strconv.Itoa(r.First+i) + ". " + line
		}
		b += "\n" + line
	}
	return b
}

// unsent returns an error of making a content: whatever became of that, nobody was
// told anything.
func unsent(err error) error {
	var e *channels.Error
	if errors.As(err, &e) && !e.Cause.NotSent() {
		return &channels.Error{Cause: channels.Unavailable, After: e.After, Code: e.Code, Err: e.Err}
	}
	return err
}

// Question returns the content resource that shows a rendered question on WhatsApp,
// and the values of its variables; ok is false for one that needs none.
//
// The text is given in variables, so that one resource for a list of options and a
// language serves for ever, and none holds what was said to one person.
func Question(r channels.Rendered) (c Content, vars map[string]string, ok bool) {
	switch r.Form {
	case channels.Buttons:
		c.Kind = QuickReply
		for _, o := range r.Shown {
			c.Actions = append(c.Actions, Action{Type: Reply, Title: o.Label, ID: o.ID})
		}
	case channels.List, channels.Paged:
		c.Kind, c.Button = ListPicker, r.Open
		for _, o := range r.Shown {
			c.Items = append(c.Items, Item{ID: o.ID, Title: o.Label, Hint: o.Hint})
		}
	default:
		return Content{}, nil, false
	}
	c.Lang = r.Lang
	vars, c.Samples = map[string]string{}, map[string]string{}
	for i, piece := range pieces(r.Body()) {
		name := strconv.Itoa(i + 1)
		c.Body += "{{" + name + "}}"
		vars[name], c.Samples[name] = piece, "…"
	}
	return c, vars, true
}

// variables encodes the values of variables. An apostrophe is written as its number,
// because Twilio has refused the sign.
func variables(vars map[string]string) string {
	b, err := json.Marshal(vars)
	if err != nil {
		return "" // strings always encode
	}
	return strings.ReplaceAll(string(b), "'", `\u0027`)
}

// ErrTemplate is in the error of a message whose template is not known.
var ErrTemplate = errors.New("twilio: there is no approved template of that name in that language: see Account.Sync")

// template returns the SID of the template that a name stands for in a language.
func (a *Account) template(ctx context.Context, name string, lang hubkit.Lang) (string, error) {
	if isSID("HX", name) {
		return name, nil
	}
	base, _, _ := strings.Cut(string(lang), "-")
	for _, l := range []hubkit.Lang{lang, hubkit.Lang(base)} {
		sid, err := a.contents.table.Get(ctx, a.templateKey(name, l))
		if err != nil {
			return "", &channels.Error{Cause: channels.Unavailable, Err: err}
		}
		if isSID("HX", sid) {
			return sid, nil
		}
	}
	return "", &channels.Error{Cause: channels.Rejected, Err: ErrTemplate}
}
