package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/hubkit/hubkit/crm"
	"github.com/hubkit/hubkit/crm/sqlite"
)

// serveHub makes this test's own binary the hub: it is what a process runs.
const serveHub = "HUBKIT_TEST_SERVE"

func TestMain(m *testing.M) {
	if os.Getenv(serveHub) == "" {
		os.Exit(m.Run())
	}
	go func() { // no hub outlives its test
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	main()
}

// long says whether the full figures are asked for.
var long = os.Getenv("HUBKIT_TEST_LONG") != ""

// mostMemory is what a hub may take at its peak, in MiB: 300 MB.
var mostMemory = 286

// full is n in the long run and short otherwise.
func full(n, short int) int {
	if long {
		return n
	}
	return short
}

// process is a hub in a process of its own, which can be killed and started
// again on the same data and address.
type process struct {
	t    testing.TB
	data string
	addr string
	env  []string    // beside the test's own
	logs *transcript // of all its lives

	cmd    *exec.Cmd
	exited chan struct{} // closed after err is set
	err    error
}

// newProcess is a hub that is not started yet.
func newProcess(t testing.TB, data string) *process {
	t.Helper()
	p := &process{t: t, data: data, addr: freeAddress(t), logs: &transcript{}}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the hub said:\n%s", p.logs.tail())
		}
	})
	return p
}

// openHub is a hub that is open, on new data.
func openHub(t testing.TB) *process {
	t.Helper()
	p := newProcess(t, filepath.Join(t.TempDir(), "data"))
	p.start()
	return p
}

// freeAddress is one that no connection's own end can take meanwhile: it is
// below the range from which systems give those.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := net.JoinHostPort("127.0.0.1", strconv.Itoa(20_000+rand.IntN(12_000)))
		if l, err := net.Listen("tcp", addr); err == nil {
			require.NoError(t, l.Close())
			return addr
		}
	}
	t.Fatal("no port is free")
	return ""
}

func (p *process) url() string { return "http://" + p.addr }

// launch starts the hub and does not wait until it is open.
func (p *process) launch() (opened <-chan struct{}) {
	p.t.Helper()
	p.cmd = exec.Command(os.Args[0], "-addr", p.addr, "-data", p.data)
	p.cmd.Env = append(append(os.Environ(), serveHub+"=1", "HUB_PUBLIC_URL="), p.env...)
	opened = p.logs.waitFor("The hub is open.")
	p.cmd.Stdout, p.cmd.Stderr = p.logs, p.logs
	_, err := p.cmd.StdinPipe() // closed by our death
	require.NoError(p.t, err)
	require.NoError(p.t, p.cmd.Start())
	cmd, exited := p.cmd, make(chan struct{})
	p.exited = exited
	go func() {
		err := cmd.Wait()
		p.err = err
		close(exited)
	}()
	return opened
}

func (p *process) start() {
	p.t.Helper()
	opened := p.launch()
	select {
	case <-opened:
	case <-p.exited:
		require.FailNow(p.t, "the hub did not open", p.logs.tail())
	case <-time.After(time.Minute):
		require.FailNow(p.t, "the hub took more than a minute to open", p.logs.tail())
	}
}

// kill is kill -9.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill() // it may have ended by itself
	<-p.exited
	p.cmd = nil
}

// stop is SIGTERM; it returns how the process ended.
func (p *process) stop() error {
	p.t.Helper()
	require.NoError(p.t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.exited:
	case <-time.After(time.Minute):
		require.FailNow(p.t, "the hub did not stop within a minute", p.logs.tail())
	}
	p.cmd = nil
	return p.err
}

// get reads a page of the hub.
func (p *process) get(path string) string {
	p.t.Helper()
	res, err := http.Get(p.url() + path)
	require.NoError(p.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	require.Equal(p.t, http.StatusOK, res.StatusCode, "%s", b)
	return string(b)
}

// gauge reads one line of /metrics.
func (p *process) gauge(name string) int {
	p.t.Helper()
	for line := range strings.Lines(p.get("/metrics")) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.Atoi(strings.TrimSpace(value))
			require.NoError(p.t, err)
			return n
		}
	}
	require.FailNow(p.t, "no such metric", name)
	return 0
}

// memory is the resident memory of the process in MiB: now, and its peak.
// It is zero where there is no /proc.
func (p *process) memory() (now, peak int) {
	p.t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var n int
		if _, err := fmt.Sscanf(lines.Text(), "VmRSS: %d kB", &n); err == nil {
			now = n >> 10
		}
		if _, err := fmt.Sscanf(lines.Text(), "VmHWM: %d kB", &n); err == nil {
			peak = n >> 10
		}
	}
	return now, peak
}

// openData opens the data of a hub that is closed, and checks that the
// database is sound and the audit whole.
func openData(t testing.TB, data string) *crm.Store {
	t.Helper()
	ctx := context.Background()
	b, err := sqlite.Open(ctx, filepath.Join(data, "hub.db"), sqlite.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, b.Close()) })
	require.NoError(t, b.Check(ctx))
	key, err := crm.OpenKeyFile(filepath.Join(data, "hub.key"))
	require.NoError(t, err)
	s, err := crm.New(ctx, crm.Config{Backend: b, Sealer: key})
	require.NoError(t, err)
	head, err := s.Verify(ctx)
	require.NoError(t, err)
	require.Positive(t, head.Seq)
	return s
}

// transcript keeps what a process writes, and tells who waits for a phrase.
type transcript struct {
	mu     sync.Mutex
	text   bytes.Buffer
	from   int // where the present wait began
	phrase string
	seen   chan struct{}
}

func (l *transcript) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, err := l.text.Write(b)
	if l.seen != nil && bytes.Contains(l.text.Bytes()[l.from:], []byte(l.phrase)) {
		close(l.seen)
		l.seen = nil
	}
	return n, err
}

// waitFor returns what is closed when the phrase is written from now on.
func (l *transcript) waitFor(phrase string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.phrase, l.from, l.seen = phrase, l.text.Len(), make(chan struct{})
	return l.seen
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// tail is its last words.
func (l *transcript) tail() string {
	s := l.String()
	return s[max(0, len(s)-4000):]
}
