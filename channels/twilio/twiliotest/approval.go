package twiliotest

import (
	"net/http"
	"strings"
)

// Approve decides about a content resource that was submitted: status is "approved",
// "rejected", with a reason, "paused" or "disabled".
func (f *Fake) Approve(sid, status, reason string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if c := f.content(sid); c != nil {
		c.Status, c.Reason = status, reason
	}
}

// submit takes a content resource for approval.
func (f *Fake) submit(c *call, args []string) {
	var in struct {
		Name                string `json:"name"`
		Category            string `json:"category"`
		AllowCategoryChange *bool  `json:"allow_category_change"`
		SendTTL             int    `json:"send_ttl_seconds"`
	}
	o := f.content(args[0])
	err := strict(c.body, &in)
	switch {
	case o == nil:
		c.refuse(http.StatusNotFound, 20404, "no such content")
		return
	case err != nil:
		c.complain(http.StatusBadRequest, 20001, err.Error())
		return
	case !nameForm.MatchString(in.Name):
		c.complain(http.StatusBadRequest, 20001, "a template's name is of a-z, 0-9 and _")
		return
	case in.Category != "UTILITY" && in.Category != "MARKETING" && in.Category != "AUTHENTICATION":
		c.complain(http.StatusBadRequest, 20001, "category is UTILITY, MARKETING or AUTHENTICATION")
		return
	case o.Status != "unsubmitted":
		c.complain(http.StatusBadRequest, 20001, "it was submitted before")
		return
	}
	if kind, _, _ := o.text(); kind == "twilio/list-picker" {
		c.complain(http.StatusBadRequest, 20001, "a list picker cannot be approved")
		return
	}
	if words := o.unapprovable(); words != "" {
		c.complain(http.StatusBadRequest, 20001, words)
		return
	}
	o.Status, o.Category = "received", in.Category
	c.answer(http.StatusCreated, map[string]any{
		"name": in.Name, "category": in.Category, "content_type": "", "status": o.Status, "rejection_reason": "", "allow_category_change": true,
	})
}

// unapprovable returns why WhatsApp would not approve the variables of a content.
func (o *Content) unapprovable() string {
	_, body, _ := o.text()
	body = strings.TrimSpace(body)
	at := variable.FindAllStringIndex(body, -1)
	for i, one := range at {
		switch {
		case one[0] == 0, one[1] == len(body):
			return "a template neither begins nor ends with a variable"
		case i > 0 && strings.TrimSpace(body[at[i-1][1]:one[0]]) == "":
			return "two variables of a template are side by side"
		}
	}
	for _, raw := range o.Types {
		for _, m := range variable.FindAllSubmatch(raw, -1) {
			if o.Variables[string(m[1])] == "" {
				return "the variable " + string(m[1]) + " of a template has no sample"
			}
		}
	}
	return ""
}

func (f *Fake) approval(c *call, args []string) {
	o := f.content(args[0])
	if o == nil {
		c.refuse(http.StatusNotFound, 20404, "no such content")
		return
	}
	c.answer(http.StatusOK, map[string]any{
		"sid": o.SID, "account_sid": f.AccountSID, "url": "https://content.twilio.com/v1/Content/" + o.SID + "/ApprovalRequests",
		"whatsapp": map[string]any{
			"type": "whatsapp", "name": o.Name, "category": o.Category, "status": o.Status, "rejection_reason": o.Reason, "allow_category_change": true,
		},
	})
}
