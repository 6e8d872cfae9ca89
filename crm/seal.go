package crm

import (
	"context"
	"crypto/cipher"
	"errors"
)

// Sealer makes and opens data keys, one for each subject, and computes blind
// indexes. KeyFile is the one that comes with the package; a key service is
// another. It does no storage: the wrapped keys are rows of the table Keys,
// written in the same batch as the first thing they seal, and a subject is
// forgotten by removing its row. All methods are safe for concurrent use and
// are called before a Change is queued, never by the writer.
type Sealer interface {
	// NewKey makes a random data key for a subject. It returns the key as an AEAD
	// that chooses its own nonces (NonceSize is 0), as
	// cipher.NewGCMWithRandomNonce does, and wrapped for storage.
	NewKey(ctx context.Context, subject string) (key cipher.AEAD, wrapped []byte, err error)
	// OpenKey unwraps what NewKey wrapped for the same subject; ErrSealed when it
	// cannot.
	OpenKey(ctx context.Context, subject string, wrapped []byte) (cipher.AEAD, error)
	// Index is the keyed blind index of a normalised value: equal values have
	// equal indexes within one programme and field, and nothing else can be
	// learned without the key.
	Index(ctx context.Context, programme, field, value string) ([16]byte, error)
}

// ErrSealed is returned when something cannot be opened: the key was
// destroyed, is another one, or the row was altered or moved.
var ErrSealed = errors.New("crm: cannot be opened: wrong or destroyed key, or altered data")

// bound is what a sealed value is bound to, so that it opens in its own row
// only. Row begins with the programme.
func bound(t Table, row string) []byte {
	const version = "hubkit/1"
	b := make([]byte, 0, len(version)+len(t)+len(row)+2)
	b = append(b, version...)
	b = append(b, '|')
	b = append(b, t...)
	b = append(b, '|')
	return append(b, row...)
}
