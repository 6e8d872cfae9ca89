package main

import (
	"bufio"
	"crypto/sha256"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// mostMemory is what the program may take at its peak, however long the table.
const mostMemory = 96 << 20

// Many households stream through: 650,000 in the long run, a tenth otherwise.
// Speed is given in the time that the SHA-256 of 64 KiB takes on the machine.
func TestStream(t *testing.T) {
	n := 65_000
	if os.Getenv("HUBKIT_TEST_LONG") != "" {
		n = 650_000
	}
	table, err := os.ReadFile("testdata/households.csv")
	require.NoError(t, err)
	header, lines, _ := strings.Cut(string(table), "\n")

	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, with("-quiet", "-")...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	in, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	start := time.Now()
	require.NoError(t, cmd.Start())
	go func() {
		w := bufio.NewWriter(in)
		_, _ = io.WriteString(w, header+"\n")
		for done := 0; done < n; done += 300 {
			_, _ = io.WriteString(w, lines)
		}
		_ = w.Flush()
		_ = in.Close()
	}()
	written := -1 // the header
	for s := bufio.NewScanner(out); s.Scan(); written++ {
	}
	require.NoError(t, cmd.Wait())
	took := time.Since(start)
	assert.Equal(t, (n+299)/300*300, written)

	if u, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		peak := u.Maxrss << 10
		t.Logf("%d households in %v (%v of processor, %.2f yardsticks each), peak memory %d MiB", written, took.Round(time.Millisecond),
			cmd.ProcessState.UserTime().Round(time.Millisecond), float64(cmd.ProcessState.UserTime())/float64(written)/float64(yardstick()), peak>>20)
		assert.Less(t, peak, int64(mostMemory))
	}
}

// yardstick is the time of the SHA-256 of 64 KiB, the best of many.
func yardstick() time.Duration {
	data := make([]byte, 64<<10)
	best := time.Hour
	for range 200 {
		start := time.Now()
		sha256.Sum256(data)
		best = min(best, time.Since(start))
	}
	return best
}
