package webchat_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/hubkit/hubkit"
	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/channels/webchat"
)

// hub stands for conversation.Hub and crm.Store in this example.
type hub struct{}

func (hub) Handle(_ context.Context, e channels.Event) ([]channels.Message, error) {
	if e.Kind == channels.Said {
		fmt.Println("heard:", e.Text)
	}
	return nil, nil
}

func (hub) After(context.Context, channels.Address, int64) ([]channels.Entry, error) {
	return nil, nil
}

func (hub) Wait(ctx context.Context, _ channels.Address, _ int64) error {
	<-ctx.Done()
	return ctx.Err()
}

// A chat below /chat/, which one other site may show in a frame.
func Example() {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // keep it: a new key ends every session

	web, err := webchat.New(webchat.Config{
		Backlog: hub{},
		Keys:    [][]byte{key},
		To:      channels.Address{Channel: "web", ID: "ua-cash"},
		Title:   hubkit.Text{"en": "Cash support", "uk": "Грошова допомога", "ru": "Денежная помощь"},
		Origins: []string{"https://www.example.org"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle("/chat/", web.Serve(hub{}))
	server := httptest.NewServer(mux)
	server.Config.RegisterOnShutdown(web.Close)
	defer server.Close()

	// What the page does: begin a session, and say something.
	res, err := http.Post(server.URL+"/chat/session", "application/json", strings.NewReader(`{}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer res.Body.Close()
	say, err := http.NewRequest(http.MethodPost, server.URL+"/chat/message", strings.NewReader(`{"client":"1","text":"Добрий день"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	say.Header.Set("Content-Type", "application/json")
	say.AddCookie(res.Cookies()[0])
	answer, err := http.DefaultClient.Do(say)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer answer.Body.Close()
	fmt.Println(answer.Status)
	// Output:
	// heard: Добрий день
	// 202 Accepted
}
