package registration_test

import (
	"slices"
	"testing"

	r "github.com/hubkit/hubkit/registration"
)

// script is one whole registration by taps, numbers and exact labels.
var script = []r.Reply{
	{Text: "2"},
	{Text: "Погоджуюся"},
	{Option: "seeking:yes"},
	{Text: "Київ"},
	{Text: "1"},
	{Text: "Так"},
	{Text: "24.02.2022"},
	{Text: "2"},
	{Text: "34"},
	{Option: "sex:f"},
	{Text: "Ні"},
	{Text: "Трохи"},
	{Text: "70"},
	{Text: "2"},
	{Text: "Не знаю"},
	{Text: "1"},
	{Text: "1500"},
	{Option: "needs:food"},
	{Option: "needs:_done"},
	{Text: "Олена"},
}

func BenchmarkInterview(b *testing.B) {
	q := form(b)
	b.Run("memory", func(b *testing.B) {
		b.ReportAllocs()
		var iv *r.Interview
		var p r.Prompt
		i := len(script)
		for b.Loop() {
			if i == len(script) {
				iv, i = q.Begin(""), 0
			}
			if h := iv.Hear(script[i]); h.Outcome != r.Accepted && h.Outcome != r.Added {
				b.Fatalf("reply %d to %s: %v %s", i, p.Key, h.Outcome, h.Say)
			}
			iv.PromptInto(&p)
			i++
		}
	})
	b.Run("stored", func(b *testing.B) {
		b.ReportAllocs()
		begin := q.Begin("").AppendState(nil)
		state := slices.Clone(begin)
		i := 0
		for b.Loop() {
			if i == len(script) {
				state, i = append(state[:0], begin...), 0
			}
			iv, err := q.Resume(state)
			if err != nil {
				b.Fatal(err)
			}
			iv.Hear(script[i])
			_ = iv.Prompt()
			state = iv.AppendState(state[:0])
			i++
		}
	})
}
