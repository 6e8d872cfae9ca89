package desk

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/hubkit/hubkit/crm"
)

// ticketsView is the list of conversations that wait for people, or are theirs.
type ticketsView struct {
	Programmes []choice
	Programme  string
	Mine       bool
	Rows       []ticketRow
	More       string
	First      string
	Nothing    bool
}

type ticketRow struct {
	Path, Topic, Who, Since, At, Lang, Channel string
	Mine                                       bool
}

func (d *Desk) ticketsPage(v *visit) error {
	q := v.r.URL.Query()
	view := ticketsView{Programme: q.Get("programme"), Mine: q.Get("mine") != ""}
	visible := d.visible(v.agent)
	if len(visible) == 0 {
		view.Nothing = true
		return v.show(http.StatusOK, "conversations", v.t("nav_conversations"), view)
	}
	if view.Programme == "" {
		view.Programme = visible[0].ID
	}
	if !slices.ContainsFunc(visible, func(p Programme) bool { return p.ID == view.Programme }) {
		return crm.ErrNotFound
	}
	for _, p := range visible {
		view.Programmes = append(view.Programmes, choice{p.ID, d.nameOf(p.ID, v.lang), p.ID == view.Programme})
	}
	after, err := cursor(q.Get("after"))
	if err != nil {
		return err
	}
	if err := v.record(view.Programme, "list.conversations"); err != nil {
		return err
	}
	at := func(after string) string {
		q := url.Values{"programme": {view.Programme}}
		if view.Mine {
			q.Set("mine", "1")
		}
		if after != "" {
			q.Set("after", after)
		}
		return "?" + q.Encode()
	}
	query := crm.TicketQuery{Programme: view.Programme, Limit: pageRows + 1, After: after}
	if view.Mine {
		query.Owner = v.agent.ID
	}
	var last crm.Cursor
	for k, err := range d.store.Tickets(v.r.Context(), query) {
		if err != nil {
			return err
		}
		if len(view.Rows) == pageRows {
			view.More = at(cursorText(last))
			break
		}
		last = crm.Cursor{At: k.Opened, ID: k.ID}
		row := ticketRow{Path: ticketPath(view.Programme, k.ID), Topic: k.Topic, Since: v.since(k.Opened), At: v.when(k.Opened), Channel: k.Thread.Address.Channel, Mine: k.Owner == v.agent.ID}
		if row.Topic == "" {
			row.Topic = k.Queue
		}
		if k.Lang != "" {
			row.Lang = k.Lang.Endonym()
		}
		if k.Owner != "" {
			row.Who = v.who(crm.Actor{Kind: crm.Agent, ID: k.Owner})
		}
		view.Rows = append(view.Rows, row)
	}
	if after != (crm.Cursor{}) {
		view.First = at("")
	}
	return v.show(http.StatusOK, "conversations", v.t("nav_conversations"), view)
}

// ticketView is a conversation by itself.
type ticketView struct {
	Seat  seat
	Topic string
	Note  string
	Since string
	Regs  []queueRow
	Talk  talkView
}

// ticketPage shows a conversation, and which registrations it speaks of.
func (d *Desk) ticketPage(v *visit) error {
	s, err := v.sit()
	if err != nil {
		return err
	}
	ctx := v.r.Context()
	k, err := d.store.Ticket(ctx, s.Programme, s.ID)
	if err != nil {
		return err
	}
	if err := v.record(s.Programme, "read", s.ID); err != nil {
		return err
	}
	view := ticketView{Seat: s.seat, Topic: k.Topic, Note: k.Note, Since: v.since(k.Opened), Talk: v.talkOf(s)}
	if view.Topic == "" {
		view.Topic = k.Queue
	}
	for r, err := range d.store.Registrations(ctx, crm.RegistrationQuery{Programme: s.Programme, Thread: s.ThreadID, Desc: true, Limit: 5}) {
		if err != nil {
			return err
		}
		view.Regs = append(view.Regs, v.queueRow(&r, holderOf(&r)))
	}
	return v.show(http.StatusOK, "ticket", v.t("conversation"), view)
}
