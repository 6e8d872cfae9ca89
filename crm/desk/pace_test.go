package desk

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPace(t *testing.T) {
	now := time.Unix(0, 0)
	p := newPace(3, time.Minute, func() time.Time { return now })
	for range 3 {
		_, ok := p.take("a")
		require.True(t, ok)
	}
	wait, ok := p.take("a")
	assert.False(t, ok)
	assert.Equal(t, time.Minute, wait)
	_, ok = p.take("b")
	assert.True(t, ok, "another key has its own")
	p.back("a")
	_, ok = p.take("a")
	assert.True(t, ok, "what was no guess comes back")
	now = now.Add(30 * time.Second)
	wait, ok = p.take("a")
	assert.False(t, ok)
	assert.Equal(t, 30*time.Second, wait)
	now = now.Add(time.Hour)
	for range 3 {
		_, ok = p.take("a")
		assert.True(t, ok)
	}
	_, ok = p.take("a")
	assert.False(t, ok, "never more than the burst")
}

// Many sources cannot fill the memory.
func TestPaceIsBounded(t *testing.T) {
	now := time.Unix(0, 0)
	p := newPace(3, time.Minute, func() time.Time { return now })
	for i := range mostBuckets + 10 {
		p.take(strconv.Itoa(i))
	}
	assert.LessOrEqual(t, len(p.buckets), mostBuckets)
}

func TestPasswords(t *testing.T) {
	d := &Desk{hashing: make(chan struct{}, 1)}
	ctx := t.Context()
	secret, err := d.hash(ctx, "соняшники ростуть у полі")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(secret, "$argon2id$v=19$m=19456,t=2,p=1$"), "OWASP's parameters")
	ok, err := d.matches(ctx, "соняшники ростуть у полі", secret)
	require.NoError(t, err)
	assert.True(t, ok)
	for password, secret := range map[string]string{
		"соняшники": secret, "": secret, strings.Repeat("a", 300): secret, "x": "", "y": "$argon2id$v=19$m=19456,t=2,p=1$$", "z": "$2y$10$abc",
		"any": unknownSecret,
	} {
		ok, err := d.matches(ctx, password, secret)
		require.NoError(t, err)
		assert.False(t, ok, password)
	}
	d.hashing <- struct{}{} // somebody is hashing
	gone, cancel := context.WithCancel(ctx)
	cancel()
	_, err = d.matches(gone, "x", secret)
	require.ErrorIs(t, err, context.Canceled, "who left does not wait")
}

// One character is no password however often it is repeated, in any script.
func TestPasswordOK(t *testing.T) {
	for _, bad := range []string{
		"", "short", strings.Repeat("a", 12), strings.Repeat("я", 12), strings.Repeat("ي", 40), strings.Repeat("🌻", 12),
		"соняшники\xff\xfe\xfd", strings.Repeat("соняшник", 40), "OLGA@HUB.EXAMPLE",
	} {
		assert.False(t, passwordOK(bad, "olga@hub.example"), bad)
	}
	for _, ok := range []string{"ячмінь росте", "яяяяяяяяяяяа", "aaaaaaaaaaaя", "🌻🌻🌻🌻🌻🌻🌻🌻🌻🌻🌻🌼"} {
		assert.True(t, passwordOK(ok, "olga@hub.example"), ok)
	}
}

func TestBrowser(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0": "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1":          "Safari, iPhone",
		"curl/8": "", "": "",
	} {
		assert.Equal(t, want, browser(agent))
	}
}
