package crm

import (
	"bufio"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/hubkit/hubkit/channels"
)

// Files keeps photos and documents, each sealed under a key of its own in a folder
// beside the database; the keys are in the store, sealed like everything else, so
// that forgetting a key forgets the file. A file belongs to whom a Change names it
// for, in Inbound or Media, and is forgotten with them, by Store.Forget, ForgetAbout
// and Prune; what nobody named, and the bytes without a key, Sweep removes. It is
// what web chat's Uploads and the desk's Files want. Safe for concurrent use, also
// by several processes.
type Files struct {
	s    *Store
	keys *facts
	dir  string
}

// Errors of Files.
var (
	// ErrNoFile says that a reference names no file, or one that was forgotten.
	ErrNoFile = errors.New("crm: there is no such file, or it was forgotten")
	// ErrFileDamaged says that a file is not what was saved: cut off, or altered.
	ErrFileDamaged = errors.New("crm: the file is damaged: restore the files' folder from a copy")
)

// filePrefix begins the references of files, which stand in Media.URL.
const filePrefix = "file:"

// chunk is how much of a file is sealed at once, in bytes.
const chunk = 64 << 10

// partPrefix begins the names of files that are still being written.
const partPrefix = ".part-"

// fileKey is what the store keeps of a file.
type fileKey struct {
	Key  []byte
	Type string // MIME
	Size int64
	At   int64 // when it was saved
}

// OpenFiles keeps files in a folder, which is made if it is not there. It removes
// what a killed process left half written there.
func OpenFiles(s *Store, dir string) (*Files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("crm: files: %w", err)
	}
	f := &Files{s: s, keys: s.fileKeys(), dir: dir}
	return f, f.each(func(e os.DirEntry) error {
		if !strings.HasPrefix(e.Name(), partPrefix) {
			return nil
		}
		if dead, err := abandoned(e); err != nil || !dead {
			return err
		}
		return f.unlink(e)
	})
}

// Save seals r to its end and returns the reference to it. After an error nothing
// is kept. A file that no Change names in the end goes with a Sweep.
func (f *Files) Save(ctx context.Context, mime string, r io.Reader) (channels.Media, error) {
	id := NewID()
	key := make([]byte, 32)
	rand.Read(key)
	size, err := f.write(id, key, r)
	if err != nil {
		return channels.Media{}, err
	}
	b, err := json.Marshal(fileKey{key, mime, size, f.s.now().UnixMilli()})
	if err == nil {
		err = f.keys.Put(ctx, id, string(b))
	}
	if err != nil {
		return channels.Media{}, errors.Join(err, os.Remove(f.path(id)))
	}
	return channels.Media{URL: filePrefix + id, Type: mime, Size: size}, nil
}

func (f *Files) path(id string) string { return filepath.Join(f.dir, id) }

// write seals r into a new file, which has its name only when it is whole.
func (f *Files) write(id string, key []byte, r io.Reader) (size int64, err error) {
	part, err := os.CreateTemp(f.dir, partPrefix+"*")
	if err != nil {
		return 0, fmt.Errorf("crm: files: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, part.Close(), os.Remove(part.Name()))
		}
	}()
	aead, err := fileCipher(key)
	if err != nil {
		return 0, err
	}
	in := bufio.NewReaderSize(r, chunk)
	plain, sealed := make([]byte, chunk), make([]byte, 0, chunk+aead.Overhead())
	for n := uint64(0); ; n++ {
		read, err := io.ReadFull(in, plain)
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err
		}
		_, more := in.Peek(1)
		if more != nil && !errors.Is(more, io.EOF) {
			return 0, more
		}
		size += int64(read)
		sealed = aead.Seal(sealed[:0], chunkNonce(n, more != nil), plain[:read], []byte(id))
		if _, err := part.Write(sealed); err != nil {
			return 0, err
		}
		if more != nil {
			break
		}
	}
	if err := part.Sync(); err != nil {
		return 0, err
	}
	if err := part.Close(); err != nil {
		return 0, err
	}
	if err := os.Rename(part.Name(), f.path(id)); err != nil {
		return 0, err
	}
	return size, syncDir(f.dir)
}

// syncDir makes the names in a folder durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func fileCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// chunkNonce numbers a chunk and says whether it is the last: a file that was cut
// off, or whose chunks changed places, does not open. The key is used for one file.
func chunkNonce(n uint64, last bool) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce, n)
	if last {
		nonce[11] = 1
	}
	return nonce
}

// File is an open file. Reading it gives [ErrFileDamaged] where it is not what was saved.
type File struct {
	Type string // MIME, as it was saved
	Size int64  // bytes

	file *os.File
	in   *bufio.Reader
	aead cipher.AEAD
	id   string
	n    uint64
	rest []byte
	buf  []byte
	done bool
}

// fileID is the id in a Media.URL; false where it names no file of ours.
func fileID(ref string) (string, bool) {
	id, ok := strings.CutPrefix(ref, filePrefix)
	return id, ok && validID(id) && !strings.ContainsAny(id, `\.`)
}

// Open opens the file that a Media.URL names. The error is [ErrNoFile] for what is
// no reference to a file, or to one that was forgotten. Close it.
func (f *Files) Open(ctx context.Context, ref string) (*File, error) {
	id, ok := fileID(ref)
	if !ok {
		return nil, ErrNoFile
	}
	b, err := f.keys.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	if b == "" {
		return nil, ErrNoFile
	}
	var k fileKey
	if err := json.Unmarshal([]byte(b), &k); err != nil {
		return nil, ErrFileDamaged
	}
	aead, err := fileCipher(k.Key)
	if err != nil {
		return nil, ErrFileDamaged
	}
	file, err := os.Open(f.path(id))
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, ErrFileDamaged
		}
		return nil, fmt.Errorf("crm: files: %w", err)
	}
	return &File{
		Type: k.Type, Size: k.Size, file: file, in: bufio.NewReaderSize(file, chunk+aead.Overhead()), aead: aead, id: id,
		buf: make([]byte, chunk+aead.Overhead()),
	}, nil
}

// Read reads what was saved.
func (f *File) Read(p []byte) (int, error) {
	for len(f.rest) == 0 {
		if f.done {
			return 0, io.EOF
		}
		n, err := io.ReadFull(f.in, f.buf)
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, ErrFileDamaged
		}
		_, more := f.in.Peek(1)
		f.done = more != nil
		f.rest, err = f.aead.Open(f.buf[:0], chunkNonce(f.n, f.done), f.buf[:n], []byte(f.id))
		if err != nil {
			return 0, ErrFileDamaged
		}
		f.n++
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// Close closes the file.
func (f *File) Close() error { return f.file.Close() }

// Forget forgets the file that a Media.URL names: first its key, so that no copy of
// the folder can be read any more. Forgetting it again changes nothing.
func (f *Files) Forget(ctx context.Context, ref string) error {
	id, ok := fileID(ref)
	if !ok {
		return ErrNoFile
	}
	if err := f.keys.Put(ctx, id, ""); err != nil {
		return err
	}
	if err := os.Remove(f.path(id)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("crm: files: %w", err)
	}
	return nil
}
