package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/channels"
	"github.com/hubkit/hubkit/crm"
)

const (
	killDir     = "HUBKIT_TEST_KILL_DIR"
	killWorkers = 8
)

// TestKilled kills a process that commits, with SIGKILL and at random moments,
// again and again on one database. Whatever the process acknowledged is there
// afterwards, and nothing is there twice although each new process repeats
// what came last, as a provider repeats its webhook.
func TestKilled(t *testing.T) {
	least, most := 30, 90
	if testing.Short() {
		most = least
	}
	dir := t.TempDir()
	acked := map[string]bool{}
	kills := 0
	for start := time.Now(); kills < least || (kills < most && time.Since(start) < 15*time.Second); kills++ {
		killOnce(t, dir, acked)
	}
	s, b := openStore(t, dir)
	require.NoError(t, b.Check(t.Context()))
	_, err := s.Verify(t.Context())
	require.NoError(t, err)
	there := 0
	for w := range killWorkers {
		n := 0
		var last string
		for x, err := range s.Interactions(t.Context(), webThread(w), crm.Page{}) {
			require.NoError(t, err)
			if x.In != nil {
				last = fmt.Sprintf("%d-%d", w, n)
				require.Equal(t, last, x.In.ID, "each inbound once, in order")
				delete(acked, last)
				n++
				there++
				continue
			}
			require.Equal(t, "re "+last, x.Out.Message.Text, "each answered once")
			last = "nothing"
		}
		assert.Equal(t, "nothing", last, "every inbound was answered")
		th, err := s.Thread(t.Context(), webThread(w))
		require.NoError(t, err)
		assert.Equal(t, strconv.Itoa(n-1), string(th.State), "state and interactions were written together")
	}
	assert.Empty(t, acked, "acknowledged, and lost")
	t.Logf("%d kills, %d inbounds", kills, there)
}

// killOnce runs a process until some of its commits were acknowledged, kills
// it, and notes what it acknowledged.
func killOnce(t *testing.T, dir string, acked map[string]bool) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestKillChild$", "-test.count=1")
	child.Env = append(os.Environ(), killDir+"="+dir)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var (
		left  = rand.IntN(200) // acknowledgements until the kill
		r     = bufio.NewReader(out)
		lines int
	)
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			break // a line that was cut acknowledges nothing
		}
		if len(line) > 4 && line[:4] == "ack " {
			acked[line[4:len(line)-1]] = true
			lines++
		}
		if lines == left+1 {
			require.NoError(t, child.Process.Kill())
		}
	}
	require.Error(t, child.Wait())
	require.Greater(t, lines, 0, "the process died by itself")
}

// TestKillChild is the process that TestKilled kills.
func TestKillChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("run by TestKilled")
	}
	ctx := t.Context()
	s, _ := openStore(t, dir)
	var wg sync.WaitGroup
	for w := range killWorkers {
		wg.Go(func() {
			th, err := s.Thread(ctx, webThread(w))
			if err != nil {
				panic(err)
			}
			n, _ := strconv.Atoi(string(th.State)) // repeats the last one
			for ; ; n++ {
				id := fmt.Sprintf("%d-%d", w, n)
				th.State = []byte(strconv.Itoa(n))
				r, err := s.Commit(ctx, crm.Change{
					By: bot, Inbound: said(w, id, "Привіт"), Thread: &th,
					Outbox: []crm.Outgoing{{Pull: n%2 == 0, Message: channels.Message{Text: "re " + id}}},
				})
				switch {
				case err != nil:
					panic(errors.Join(err, ctx.Err()))
				case r.Duplicate && r.Replies[0].Message.Text != "re "+id:
					panic("a repeated inbound is answered otherwise")
				case r.Duplicate:
					continue
				}
				th.Rev = r.Rev
				fmt.Println("ack " + id)
			}
		})
	}
	wg.Wait()
}
