package crm_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/crmtest"
)

func exampleStore() *crm.Store {
	key, err := crm.NewKeyFile(make([]byte, 32)) // a program opens a file: crm.OpenKeyFile
	if err != nil {
		panic(err)
	}
	store, err := crm.New(context.Background(), crm.Config{Backend: crmtest.NewMemory(), Sealer: key})
	if err != nil {
		panic(err)
	}
	return store
}

// One turn of a conversation, and the same webhook a second time.
func ExampleStore_Commit() {
	ctx := context.Background()
	store := exampleStore()
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "c7f0"}}
	event := channels.Event{ID: "m1", From: id.Address, Text: "Привіт"}
	for range 2 {
		thread, err := store.Thread(ctx, id)
		if err != nil {
			panic(err)
		}
		thread.Lang, thread.State = "uk", []byte("asked for the household's size")
		result, err := store.Commit(ctx, crm.Change{
			By: crm.Actor{Kind: crm.Bot, ID: "hub"}, Inbound: &event, Thread: &thread,
			Outbox: []crm.Outgoing{{Pull: true, Message: channels.Message{Text: "Скільки людей живе разом з вами?"}}},
		})
		if err != nil {
			panic(err)
		}
		fmt.Println(result.Duplicate, result.Replies[0].Message.Text)
	}
	// Output:
	// false Скільки людей живе разом з вами?
	// true Скільки людей живе разом з вами?
}

// A score informs; a human decides, and says why.
func ExampleRegistration_Move() {
	var (
		reg = crm.Registration{ID: crm.NewID(), Programme: "ua", Score: &crm.Score{Points: 17, Band: "high"}}
		bot = crm.Actor{Kind: crm.Bot, ID: "hub"}
		ann = crm.Actor{Kind: crm.Agent, ID: "ann"}
		now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	)
	fmt.Println(reg.Move(crm.Submitted, bot, "", now))
	fmt.Println(reg.Move(crm.InReview, ann, "", now))
	err := reg.Move(crm.Approved, bot, "17 points", now)
	fmt.Println(errors.Is(err, crm.ErrTransition), err)
	fmt.Println(reg.Move(crm.Approved, ann, "documents checked, 17 points", now), reg.Status)
	// Output:
	// <nil>
	// <nil>
	// true crm: bot may not move a registration from in_review to approved: only agent may
	// <nil> approved
}

// What a page offers an agent who looks at an appeal.
func ExampleStatus_Next() {
	fmt.Println(crm.Appealed.Next(crm.Agent))
	fmt.Println(crm.Appealed.Next(crm.Beneficiary))
	// Output:
	// [in_review approved rejected withdrawn]
	// [withdrawn]
}

// The web chat's side: messages by number, resumed where the line broke.
func ExampleStore_Backlog() {
	ctx := context.Background()
	store := exampleStore()
	id := crm.ThreadID{Programme: "ua", Address: channels.Address{Channel: "web", ID: "c7f0"}}
	_, err := store.Commit(ctx, crm.Change{
		By: crm.Actor{Kind: crm.Bot, ID: "hub"}, Thread: &crm.Thread{ID: id},
		Outbox: []crm.Outgoing{
			{Pull: true, Message: channels.Message{Text: "one"}}, {Pull: true, Message: channels.Message{Text: "two"}},
		},
	})
	if err != nil {
		panic(err)
	}
	backlog := store.Backlog("ua")
	entries, err := backlog.After(ctx, id.Address, 0)
	fmt.Println(entries[0].Text, entries[1].Text, err)
	entries, err = backlog.After(ctx, id.Address, entries[0].Seq)
	fmt.Println(entries[0].Text, len(entries), err)
	// Output:
	// one two <nil>
	// two 1 <nil>
}
