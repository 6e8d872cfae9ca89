package main

import (
	"math/rand/v2"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/twilio"
	"github.com/hubkit/hubkit/conversation"
	"github.com/hubkit/hubkit/registration"
)

// questions walks the form in every language, again and again by other answers, and
// returns each question as WhatsApp shows it.
func questions(form *registration.Questionnaire) ([]twilio.Content, error) {
	words, err := channels.Words{}.Compile()
	if err != nil {
		return nil, err
	}
	var all []twilio.Content
	seen := map[string]bool{}
	typed := []string{"2", "7", "34", "1.3.2022", "+380501234567", "UA213223130000026007233566001"}
	at := time.Date(2024, 5, 1, 12, 0, 0, 0, time.UTC)
	for _, l := range form.Languages() {
		rnd := rand.New(rand.NewPCG(1, 1))
		for range 300 {
			iv := form.Begin(l)
			for range 500 {
				p := iv.Prompt()
				if p.Done {
					break
				}
				reply := registration.Reply{Text: typed[rnd.IntN(len(typed))], At: at}
				if n := len(p.Options); n > 0 && (!p.Open || rnd.IntN(4) == 0) {
					reply = registration.Reply{Option: p.Options[rnd.IntN(n)].ID, At: at}
				}
				if p.Key == "language" {
					reply.Option = "language:" + string(l)
				}
				iv.Hear(reply)
				m := conversation.Message(p)
				for page := 1; page == 1 || len(m.Options) > 9*(page-1)+1; page++ { // nine rows, and one for more
					m.Page = page
					r, err := channels.Render(twilio.Limits(), words, m)
					if err != nil {
						return nil, err
					}
					c, _, ok := twilio.Question(r)
					if !ok || p.Key == "_change" || seen[c.Hash()] { // which answers there are to change is each person's own
						continue
					}
					seen[c.Hash()] = true
					all = append(all, c)
				}
			}
		}
	}
	return all, nil
}
