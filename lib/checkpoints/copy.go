package checkpoints

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Copied says what [Copy] did. Sizes are in bytes.
type Copied struct {
	Files, Bytes int64 // of the source in all
	Already      int64 // files that were there before, with the same content
}

// String is a line about the copy.
func (c Copied) String() string {
	return fmt.Sprintf("%d files, %.1f MB, SHA-256 verified (%d were there already)", c.Files, float64(c.Bytes)/1e6, c.Already)
}

// partialSuffix ends the name of a file that is not yet copied whole.
const partialSuffix = ".partial"

// Copy copies the files of a folder and of those in it to another folder, which is made where it is missing; what else is
// there stays. A file gets its name once it is on disk and was read back with the SHA-256 of the source. What is there with
// the same content is not copied again, and what a call that was interrupted left half done is continued. Progress, if not
// nil, is called on Copy's goroutine with the bytes done and in all. Links and other files that are not plain are an error,
// as is a copy into the folder itself.
func Copy(ctx context.Context, src, dst string, progress func(done, total int64)) (Copied, error) {
	files, total, err := list(src)
	if err == nil {
		err = apart(src, dst)
	}
	if err != nil {
		return Copied{}, fmt.Errorf("checkpoints: copy: %w", err)
	}
	if progress == nil {
		progress = func(int64, int64) {}
	}
	copied := Copied{Files: int64(len(files)), Bytes: total}
	var done int64
	for _, file := range files {
		already, err := copyFile(ctx, filepath.Join(src, file.path), filepath.Join(dst, file.path))
		if err != nil {
			return copied, fmt.Errorf("checkpoints: copy: %w", err)
		}
		if already {
			copied.Already++
		}
		done += file.size
		progress(done, total)
	}
	return copied, nil
}

// file is one to copy, its path from the source's folder.
type file struct {
	path string
	size int64
}

func list(src string) (files []file, total int64, err error) {
	err = filepath.WalkDir(src, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if !info.Mode().IsRegular() {
			return fmt.Errorf("%s is no plain file: replace or remove it", path)
		}
		rel, err := filepath.Rel(src, path)
		files, total = append(files, file{rel, info.Size()}), total+info.Size()
		return err
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s holds no files", src)
	}
	return files, total, err
}

// apart refuses a destination that lies in the source.
func apart(src, dst string) error {
	from, err := filepath.Abs(src)
	if err != nil {
		return err
	}
	to, err := filepath.Abs(dst)
	if err != nil {
		return err
	}
	if rel, err := filepath.Rel(from, to); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return fmt.Errorf("%s lies in %s: name a place outside of it", dst, src)
	}
	return nil
}

// copyFile copies a file unless it is there already.
func copyFile(ctx context.Context, src, dst string) (already bool, err error) {
	want, err := sum(ctx, src)
	if err != nil {
		return false, err
	}
	got, err := sum(ctx, dst)
	if err == nil && bytes.Equal(got, want) {
		return true, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	partial := dst + partialSuffix
	if err := appendRest(ctx, src, partial); err != nil {
		return false, err
	}
	if got, err = sum(ctx, partial); err != nil {
		return false, err
	}
	if !bytes.Equal(got, want) {
		// What an earlier call left was of another file, or the disk does not keep what it is given: the next call begins anew.
		return false, errors.Join(fmt.Errorf("%s: SHA-256 %x, want %x of %s: call again", partial, got, want, src), os.Remove(partial))
	}
	return false, os.Rename(partial, dst)
}

// appendRest writes to the partial copy what it lacks of the source, and waits until all of it is on disk.
func appendRest(ctx context.Context, src, partial string) (err error) {
	in, err := os.Open(src)
	if err != nil {
		return err
	}
	defer in.Close()
	if err := os.MkdirAll(filepath.Dir(partial), 0o755); err != nil {
		return err
	}
	out, err := os.OpenFile(partial, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	there, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := in.Seek(there, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.Copy(out, reader{ctx, in}); err != nil {
		return err
	}
	return out.Sync()
}

// sum is the SHA-256 of a file.
func sum(ctx context.Context, path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, reader{ctx, f}); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return hash.Sum(nil), nil
}

// reader ends with the context.
type reader struct {
	ctx context.Context
	io.Reader
}

// Read implements io.Reader.
func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}
