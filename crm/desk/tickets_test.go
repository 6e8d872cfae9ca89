package desk_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/desk"
)

// What a hub hands over is listed in the agent's words; a programme's own topic
// is shown as it is.
func TestTopicsInWords(t *testing.T) {
	for topic, says := range map[string][2]string{
		"deferred":    {"questions to ask in person", "запитання, які має поставити оператор"},
		"call-back":   {"waits to be called back", "чекає, що передзвонять"},
		"child-alone": {"a child without an adult", "дитина без дорослих"},
		"roof-repair": {"roof-repair", "roof-repair"},
	} {
		t.Run(topic, func(t *testing.T) {
			h := newHouse(t)
			p := olena()
			h.register(p)
			th, err := h.store.Thread(t.Context(), p.thread())
			require.NoError(t, err)
			k := crm.Ticket{ID: crm.NewID(), Queue: "help", Topic: topic, Thread: th.ID, Lang: p.lang, Opened: h.clock.Now()}
			_, err = h.store.Commit(t.Context(), crm.Change{By: crm.Actor{Kind: crm.Bot}, Thread: &th, Tickets: []crm.Ticket{k}})
			require.NoError(t, err)
			agent := h.person("olga", desk.Caseworker, "ua")
			for i, lang := range []string{"en", "uk"} {
				agent.post("language", "lang", lang)
				assert.Contains(t, agent.get("conversations").words(), says[i])
				assert.Contains(t, agent.get("p/ua/t/"+k.ID).words(), says[i])
			}
		})
	}
}
