package desk

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/crm"
)

const (
	pageRows = 50  // of a list
	mostScan = 200 // read in search of them: what is sealed cannot be asked of an index
)

// statuses in the order of an agent's day.
var statuses = []crm.Status{
	crm.Submitted, crm.InReview, crm.MoreInfo, crm.Appealed, crm.Validated, crm.WaitingList, crm.Approved, crm.Rejected,
	crm.Paused, crm.Completed, crm.Draft, crm.ScreenedOut, crm.Withdrawn, crm.Closed,
}

// filter is what the queue shows.
type filter struct {
	Programme string
	Status    crm.Status // "" all
	Band      string
	Lang      hubkit.Lang
	Mine      bool
	Newest    bool
	After     crm.Cursor
}

// everyStatus is the value of the form for all of them.
const everyStatus = "all"

func (v *visit) filter() (f filter, err error) {
	q := v.r.URL.Query()
	f = filter{Band: q.Get("band"), Lang: hubkit.Lang(q.Get("lang")), Mine: q.Get("mine") != "", Newest: q.Get("order") == "newest"}
	visible := v.d.visible(v.agent)
	if f.Programme = q.Get("programme"); f.Programme == "" && len(visible) > 0 {
		f.Programme = visible[0].ID
	}
	if _, ok := v.d.programme(v.agent, f.Programme); !ok && len(visible) > 0 {
		return f, crm.ErrNotFound
	}
	switch s := crm.Status(q.Get("status")); {
	case s == "" && f.Mine:
		f.Status = crm.InReview
	case s == "":
		f.Status = crm.Submitted
	case slices.Contains(statuses, s):
		f.Status = s
	case s != everyStatus:
		return f, &refusal{http.StatusBadRequest, "err_form"}
	}
	f.After, err = cursor(q.Get("after"))
	return f, err
}

// cursor reads a place in a list as cursorText writes it.
func cursor(s string) (c crm.Cursor, err error) {
	if s == "" {
		return c, nil
	}
	at, id, ok := strings.Cut(s, "_")
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || !ok || len(id) > 80 {
		return c, &refusal{http.StatusBadRequest, "err_form"}
	}
	return crm.Cursor{At: time.UnixMilli(ms), ID: id}, nil
}

func cursorText(c crm.Cursor) string { return strconv.FormatInt(c.At.UnixMilli(), 10) + "_" + c.ID }

// with is the queue's address with another place to read on from.
func (f filter) with(after string) string {
	q := url.Values{"programme": {f.Programme}, "status": {string(f.Status)}}
	if f.Status == "" {
		q.Set("status", everyStatus)
	}
	for _, p := range []struct {
		key, value string
		set        bool
	}{{"band", f.Band, f.Band != ""}, {"lang", string(f.Lang), f.Lang != ""}, {"mine", "1", f.Mine}, {"order", "newest", f.Newest}, {"after", after, after != ""}} {
		if p.set {
			q.Set(p.key, p.value)
		}
	}
	return "?" + q.Encode()
}

// queueView is the list of registrations.
type queueView struct {
	Filter     filter
	Programmes []choice
	Statuses   []choice
	Bands      []choice
	Languages  []choice
	Rows       []queueRow
	More       string // address of what follows; "" at the end
	First      string // address of the beginning, on later pages
	Searched   bool   // the search stopped before the page was full
	Nothing    bool   // the agent has no programme at all
}

type choice struct {
	Value, Name string
	Chosen      bool
}

type queueRow struct {
	Path    string
	Short   string
	Form    string
	Status  string
	Class   crm.Status
	Band    string
	Points  string
	Between string // bounds, where they differ
	Lang    hubkit.Lang
	Since   string
	At      string
	Who     string // who holds it
}

func (d *Desk) queuePage(v *visit) error {
	f, err := v.filter()
	if err != nil {
		return err
	}
	view := queueView{Filter: f}
	view.choices(v)
	if len(view.Programmes) == 0 {
		view.Nothing = true
		return v.show(http.StatusOK, "queue", v.t("nav_queue"), view)
	}
	if err := v.record(f.Programme, "list"); err != nil {
		return err
	}
	scanned := 0
	var last crm.Cursor
	query := crm.RegistrationQuery{Programme: f.Programme, Status: f.Status, Band: f.Band, Desc: f.Newest, After: f.After}
	if !f.Mine && f.Lang == "" {
		query.Limit = pageRows + 1
	}
	for r, err := range d.store.Registrations(v.r.Context(), query) {
		if err != nil {
			return err
		}
		if len(view.Rows) == pageRows {
			view.More = f.with(cursorText(last))
			break
		}
		if scanned == mostScan {
			view.More, view.Searched = f.with(cursorText(last)), true
			break
		}
		scanned++
		last = crm.Cursor{At: r.At, ID: r.ID}
		holder := holderOf(&r)
		if (f.Mine && holder.ID != v.agent.ID) || (f.Lang != "" && r.Lang != f.Lang) {
			continue
		}
		view.Rows = append(view.Rows, v.queueRow(&r, holder))
	}
	if f.After != (crm.Cursor{}) {
		view.First = f.with("")
	}
	return v.show(http.StatusOK, "queue", v.t("nav_queue"), view)
}

// holderOf is the agent who took a registration under review and has it still.
func holderOf(r *crm.Registration) crm.Actor {
	switch r.Status {
	case crm.InReview, crm.MoreInfo, crm.Validated:
	default:
		return crm.Actor{}
	}
	for _, t := range slices.Backward(r.History) {
		if t.By.Kind == crm.Agent {
			return t.By
		}
	}
	return crm.Actor{}
}

func (v *visit) queueRow(r *crm.Registration, holder crm.Actor) queueRow {
	row := queueRow{
		Path: casePath(r.Programme, r.ID), Short: short(r.ID), Form: v.formTitle(r.Form.ID), Status: v.t("status_" + string(r.Status)), Class: r.Status,
		Lang: r.Lang, Since: v.since(r.At), At: v.when(r.At),
	}
	if s := r.Score; s != nil {
		row.Band, row.Points = v.bandName(s), points(s.Points)
		if s.Lo != s.Hi {
			row.Between = points(s.Lo) + "–" + points(s.Hi)
		}
	}
	if holder != (crm.Actor{}) {
		row.Who = v.who(holder)
	}
	return row
}

func (v *visit) formTitle(id string) string {
	if q := v.d.forms.byID[id]; q != nil {
		if s := nearest(q.Title(), v.lang, q.Languages()); s != "" {
			return s
		}
	}
	return id
}

// short is the end of an id, enough to speak of it.
func short(id string) string {
	if len(id) > 6 {
		return id[len(id)-6:]
	}
	return id
}

func casePath(programme, id string) string {
	return "p/" + url.PathEscape(programme) + "/r/" + url.PathEscape(id)
}

func ticketPath(programme, id string) string {
	return "p/" + url.PathEscape(programme) + "/t/" + url.PathEscape(id)
}

// choices fills the filter's lists.
func (q *queueView) choices(v *visit) {
	f := q.Filter
	var langs []hubkit.Lang
	for _, p := range v.d.visible(v.agent) {
		q.Programmes = append(q.Programmes, choice{p.ID, v.d.nameOf(p.ID, v.lang), p.ID == f.Programme})
		if p.ID == f.Programme {
			langs = p.Languages
		}
	}
	for _, s := range statuses {
		q.Statuses = append(q.Statuses, choice{string(s), v.t("status_" + string(s)), s == f.Status})
	}
	seen := map[string]bool{}
	for _, card := range v.d.inOrder {
		for _, b := range slices.Backward(card.Bands()) {
			if !seen[b.ID] {
				seen[b.ID] = true
				q.Bands = append(q.Bands, choice{b.ID, card.BandTitle(b.ID, v.lang), b.ID == f.Band})
			}
		}
	}
	for _, l := range langs {
		q.Languages = append(q.Languages, choice{string(l), l.Endonym(), l == f.Lang})
	}
}
