package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Parameters of argon2id: 19 MiB, two passes, one lane, as the OWASP Password
// Storage Cheat Sheet gives them. They are written beside each hash, so that a
// later version may raise them.
const (
	argonTime   = 2
	argonMemory = 19 << 10 // KiB
	argonLanes  = 1
	argonSalt   = 16
	argonKey    = 32
)

// leastPassword is in characters, after OWASP ASVS 2.1.1; mostPassword, in
// bytes, bounds the work.
const (
	leastPassword = 12
	mostPassword  = 256
)

// passwordOK says whether a new password may be used for a login.
func passwordOK(password, login string) bool {
	first, _ := utf8.DecodeRuneInString(password)
	return utf8.RuneCountInString(password) >= leastPassword && len(password) <= mostPassword && utf8.ValidString(password) &&
		!strings.EqualFold(password, login) && strings.Trim(password, string(first)) != ""
}

// hash returns what is kept of a password.
func (d *Desk) hash(ctx context.Context, password string) (string, error) {
	if err := d.hashTurn(ctx); err != nil {
		return "", err
	}
	defer d.hashDone()
	salt := make([]byte, argonSalt)
	_, _ = rand.Read(salt) // it never fails
	key := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// unknownSecret is compared with where there is no account, so that both take
// the same time.
const unknownSecret = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// matches says whether a password is the one that was hashed.
func (d *Desk) matches(ctx context.Context, password, secret string) (bool, error) {
	if err := d.hashTurn(ctx); err != nil {
		return false, err
	}
	defer d.hashDone()
	var version int
	var memory, passes uint32
	var lanes uint8
	parts := strings.Split(secret, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || len(password) > mostPassword {
		return false, nil
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return false, nil
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return false, nil
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) < 16 || passes == 0 || lanes == 0 || memory > 1<<20 {
		return false, nil
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1 && secret != unknownSecret, nil
}

// hashTurn waits until few enough passwords are being hashed: each takes 19 MiB.
func (d *Desk) hashTurn(ctx context.Context) error {
	select {
	case d.hashing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Desk) hashDone() { <-d.hashing }

// newToken returns a random token of 256 bits, and under what it is kept.
func newToken() (token, kept string) {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // it never fails
	token = base64.RawURLEncoding.EncodeToString(b)
	return token, keptAs(token)
}

// keptAs is the hash of a token: only that is stored.
func keptAs(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
