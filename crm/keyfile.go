package crm

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// KeyFile is the Sealer that needs nothing but the standard library: a random
// master key in a file that only its owner may read. Under it lie one wrapping
// key for each programme, one index key for each programme and field (HKDF
// with SHA-256), and random data keys of 32 bytes for each subject
// (AES-256-GCM with random nonces; blind indexes are HMAC-SHA256 cut to 16
// bytes). Who has the file and the database can read everything; who has only
// the database, nothing. Without the file the data is lost: back it up, and
// not beside the database. Safe for concurrent use.
type KeyFile struct {
	path   string      // "" when the key is not from a file
	known  atomic.Bool // master is there
	mu     sync.Mutex  // guards becoming known
	master []byte
	wraps  sync.Map // programme → cipher.AEAD
	blinds sync.Map // programme|field → *sync.Pool of HMACs
}

// KeyFileError says what is wrong with a key file, and what to do.
type KeyFileError struct {
	Path   string
	Reason string
	Err    error
}

// Error names the file and what to do.
func (e *KeyFileError) Error() string {
	s := "crm: key file " + e.Path + ": " + e.Reason
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *KeyFileError) Unwrap() error { return e.Err }

const (
	keyFileMark = "hubkit-key-1 "
	keySize     = 32
)

// OpenKeyFile reads the key file at path. When there is none, one with a fresh
// random key and mode 0600 is made as soon as the key is to seal or index
// something: New refuses to go on over data that was sealed with a file that is
// missing, and leaves nothing in its place.
func OpenKeyFile(path string) (*KeyFile, error) {
	k := &KeyFile{path: path}
	err := k.ready(false)
	if errors.Is(err, fs.ErrNotExist) {
		if dir, err := os.Stat(filepath.Dir(path)); err != nil || !dir.IsDir() {
			return nil, &KeyFileError{Path: path, Reason: "its directory is not there: make it first", Err: err}
		}
		return k, nil
	}
	if err != nil {
		return nil, err
	}
	return k, nil
}

// ready reads the file unless it was read before, and with fresh it makes one
// that is missing.
func (k *KeyFile) ready(fresh bool) error {
	if k.known.Load() {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.known.Load() {
		return nil
	}
	master, err := readKeyFile(k.path)
	if fresh && errors.Is(err, fs.ErrNotExist) {
		if err := makeKeyFile(k.path); err != nil {
			return err
		}
		master, err = readKeyFile(k.path) // perhaps another process was first
	}
	if err != nil {
		return err
	}
	k.master = master
	k.known.Store(true)
	return nil
}

func readKeyFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, &KeyFileError{Path: path, Reason: "cannot be read", Err: err}
	}
	if info, err := os.Stat(path); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return nil, &KeyFileError{Path: path, Reason: fmt.Sprintf("others may read it (mode %04o): chmod 600 it, and consider the key known", info.Mode().Perm())}
	}
	text, ok := strings.CutPrefix(strings.TrimSpace(string(b)), strings.TrimSpace(keyFileMark)+" ")
	master, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil || len(master) != keySize {
		return nil, &KeyFileError{Path: path, Reason: "is not a hubkit key: restore it from its backup"}
	}
	return master, nil
}

// NewKeyFile returns a KeyFile of this 32-byte master key, for tests and for
// keys that come from elsewhere, such as a mounted secret.
func NewKeyFile(master []byte) (*KeyFile, error) {
	if len(master) != keySize {
		return nil, &KeyFileError{Reason: fmt.Sprintf("a master key has %d bytes, not %d", keySize, len(master))}
	}
	k := &KeyFile{master: bytes.Clone(master)}
	k.known.Store(true)
	return k, nil
}

// makeKeyFile writes a new key whole or not at all, and never over another:
// two processes that start together end with one key.
func makeKeyFile(path string) error {
	fail := func(err error) error {
		return &KeyFileError{Path: path, Reason: "cannot be made", Err: err}
	}
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails, by its documentation
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*")
	if err != nil {
		return fail(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(keyFileMark + base64.StdEncoding.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return fail(err)
	}
	if err := os.Link(f.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fail(err)
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // some file systems cannot; the key is then as durable as they make it
		_ = dir.Close()
	}
	return nil
}

// Format keeps the key out of whatever is printed.
func (k *KeyFile) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte("crm.KeyFile(hidden)")) }

// NewKey implements Sealer.
func (k *KeyFile) NewKey(_ context.Context, subject string) (cipher.AEAD, []byte, error) {
	if err := k.ready(true); err != nil {
		return nil, nil, err
	}
	wrap, err := k.wrap(subject)
	if err != nil {
		return nil, nil, err
	}
	dek := make([]byte, keySize)
	_, _ = rand.Read(dek) // never fails, by its documentation
	defer clear(dek)
	key, err := newGCM(dek)
	if err != nil {
		return nil, nil, err
	}
	return key, wrap.Seal(nil, nil, dek, bound(Keys, subject)), nil
}

// OpenKey implements Sealer.
func (k *KeyFile) OpenKey(_ context.Context, subject string, wrapped []byte) (cipher.AEAD, error) {
	err := k.ready(false)
	if errors.Is(err, fs.ErrNotExist) { // what was wrapped, was wrapped with another
		return nil, &KeyFileError{Path: k.path, Reason: "is missing: restore it from its backup", Err: ErrSealed}
	}
	if err != nil {
		return nil, err
	}
	wrap, err := k.wrap(subject)
	if err != nil {
		return nil, err
	}
	dek, err := wrap.Open(nil, nil, wrapped, bound(Keys, subject))
	if err != nil {
		return nil, ErrSealed
	}
	defer clear(dek)
	return newGCM(dek)
}

// Index implements Sealer.
func (k *KeyFile) Index(_ context.Context, programme, field, value string) (x [16]byte, err error) {
	if err := k.ready(true); err != nil {
		return x, err
	}
	name := programme + "|" + field
	pool, ok := k.blinds.Load(name)
	if !ok {
		key, err := hkdf.Key(sha256.New, k.master, nil, "hubkit/index/1|"+name, keySize)
		if err != nil {
			return x, err
		}
		// An HMAC that is reset has its key's blocks ready: half the cost of a new one.
		pool, _ = k.blinds.LoadOrStore(name, &sync.Pool{New: func() any { return hmac.New(sha256.New, key) }})
	}
	h := pool.(*sync.Pool).Get().(hash.Hash)
	defer pool.(*sync.Pool).Put(h)
	h.Reset()
	h.Write([]byte(value))
	var sum [sha256.Size]byte
	copy(x[:], h.Sum(sum[:0]))
	return x, nil
}

// wrap returns the wrapping key of the programme that subject begins with.
func (k *KeyFile) wrap(subject string) (cipher.AEAD, error) {
	programme, _, _ := strings.Cut(subject, "/")
	if w, ok := k.wraps.Load(programme); ok {
		return w.(cipher.AEAD), nil
	}
	b, err := hkdf.Key(sha256.New, k.master, nil, "hubkit/wrap/1|"+programme, keySize)
	if err != nil {
		return nil, err
	}
	w, err := newGCM(b)
	if err != nil {
		return nil, err
	}
	k.wraps.Store(programme, w)
	return w, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
