package webchat

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testStart = time.Unix(1_790_000_000, 0)

func TestTokenHoldsTheSessionAndNothingElseDoes(t *testing.T) {
	k := keyring{testKey}
	s := k.begin(nil, testStart)
	assert.Len(t, s.id, 22)
	token := k.token(s)
	got, ok := k.session(token)
	require.True(t, ok)
	assert.Equal(t, s, got)
	for i := range token {
		b := []byte(token)
		b[i] ^= 1
		_, ok := k.session(string(b))
		assert.False(t, ok, "byte %d changed", i)
	}
	_, ok = k.session(k.seal("photo", make([]byte, 24)))
	assert.False(t, ok, "sealed for something else")
	assert.NotEqual(t, s.id, k.begin(nil, testStart).id)
	nonce := []byte("0123456789abcdef")
	assert.Equal(t, k.begin(nonce, testStart), k.begin(nonce, testStart))
	assert.NotEqual(t, k.begin(nonce, testStart).id, keyring{make([]byte, 32)}.begin(nonce, testStart).id)
}
