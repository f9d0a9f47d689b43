package compute

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/renameio/v2"
)

// fingerprint is what the files of a model look like from outside: their names, places on the disk, sizes and times. It spares
// reading them again to know whether they are the same as before.
type fingerprint struct {
	sum    [sha256.Size]byte
	newest time.Time // when something of it changed last
}

// fingerprintOf looks at all files below a folder, where links lead too.
func fingerprintOf(dir string) (f fingerprint, err error) {
	root, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return f, err
	}
	seen := sha256.New()
	err = filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := os.Stat(path)
		if err != nil || info.IsDir() {
			return err
		}
		// The change time is the system's own: whoever sets the other one back changes this one.
		s, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			return fmt.Errorf("%s: its place on the disk is not known", path)
		}
		changed := time.Unix(s.Ctim.Unix())
		if changed.After(f.newest) {
			f.newest = changed
		}
		_, err = fmt.Fprintf(seen, "%q %d %d %d %d %d\n", path, s.Dev, s.Ino, s.Size, s.Mtim.Nano(), s.Ctim.Nano())
		return err
	})
	seen.Sum(f.sum[:0])
	return f, err
}

// settled is how long a file has to be left alone before its times tell a later change apart: clocks of file systems are coarse.
const settled = 2 * time.Second

// remembered returns the hash of files that look like this, and else computes it and remembers it in a folder, for the next process.
// A cache that cannot be used costs time and nothing else.
func (f fingerprint) remembered(folder string, now time.Time, compute func() (string, error)) (string, error) {
	path := filepath.Join(folder, hex.EncodeToString(f.sum[:]))
	if known, err := os.ReadFile(path); err == nil && len(known) == 2*sha256.Size {
		return string(known), nil
	}
	hash, err := compute()
	if err != nil || now.Sub(f.newest) < settled {
		return hash, err
	}
	if os.MkdirAll(folder, 0o755) == nil {
		_ = renameio.WriteFile(path, []byte(hash), 0o644)
	}
	return hash, nil
}
