package train

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"paperlab/lib/safetensors"
)

// manifestFile lists the other files of a checkpoint. It is written last: a folder without it is no whole checkpoint.
const manifestFile = "manifest.json"

// ErrBroken is in the chain of the error about a checkpoint that is not whole.
var ErrBroken = errors.New("the checkpoint is broken")

// manifest maps the slash-separated paths of a checkpoint's files to what they hold.
type manifest struct {
	Files map[string]fileSum `json:"files"`
}

type fileSum struct {
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Verify reads a checkpoint and compares its files with its manifest. Of a checkpoint of transformers, which has none, the state and the
// weights' headers are read. The error about one that is not whole has [ErrBroken] in its chain.
func Verify(dir string) error {
	if isTransformers(dir) {
		if err := verifyTransformers(dir); err != nil {
			return fmt.Errorf("train: %s: %w: %w", dir, ErrBroken, err)
		}
		return nil
	}
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("train: %s: no such checkpoint", dir)
	}
	if _, err := os.Stat(filepath.Join(dir, manifestFile)); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("train: %s: %w: it has no %s (the folder of a checkpoint is named %sSTEP)", dir, ErrBroken, manifestFile, checkpointPrefix)
	}
	var m manifest
	if err := readJSON(filepath.Join(dir, manifestFile), &m); err != nil {
		return fmt.Errorf("train: %s: %w: %w", dir, ErrBroken, err)
	}
	for name, want := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(name)) {
			return fmt.Errorf("train: %s: %w: its manifest names %q", dir, ErrBroken, name)
		}
		got, err := sumFile(filepath.Join(dir, filepath.FromSlash(name)), false)
		if err != nil {
			return fmt.Errorf("train: %s: %w: %w", dir, ErrBroken, err)
		}
		if got != want {
			return fmt.Errorf("train: %s: %w: %s has changed since it was written (%d bytes, then %d)", dir, ErrBroken, name, got.Size, want.Size)
		}
	}
	return nil
}

func verifyTransformers(dir string) error {
	if _, err := readTrainerState(dir); err != nil {
		return err
	}
	w, err := safetensors.OpenFolder(dir)
	if err != nil {
		return err
	}
	return w.Close()
}

// seal writes the manifest of a folder, with every file of it on disk.
func seal(dir string) error {
	m := manifest{Files: map[string]fileSum{}}
	var folders []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			folders = append(folders, path)
			return nil
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		m.Files[filepath.ToSlash(name)], err = sumFile(path, true)
		return err
	})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestFile)
	if err := writeJSON(path, m); err != nil {
		return err
	}
	for _, path := range append(folders, path) {
		if err := sync(path); err != nil {
			return err
		}
	}
	return nil
}

func sumFile(path string, toDisk bool) (sum fileSum, err error) {
	file, err := os.Open(path)
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	hash := sha256.New()
	if sum.Size, err = io.Copy(hash, file); err != nil {
		return sum, err
	}
	sum.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if toDisk {
		err = file.Sync()
	}
	return sum, err
}

// sync puts a file or a folder's entries on disk.
func sync(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
