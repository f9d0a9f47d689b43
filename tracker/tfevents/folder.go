package tfevents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// IsEventFile tells by the name whether a file is one, as TensorBoard does.
func IsEventFile(name string) bool { return strings.Contains(filepath.Base(name), "tfevents") }

// Folder reads the event files of one folder in the order of their names, and goes on where it stopped when they have
// grown. Files in folders below are not its own. It is not safe for concurrent use.
type Folder struct {
	path  string
	tags  tags
	files []*file
}

// file is how far one file was read.
type file struct {
	name   string
	offset int64
	size   int64 // when it was last read
	err    error // what is wrong with it, for good
}

// OpenFolder returns the reader of a folder. No file stays open between its calls.
func OpenFolder(path string) *Folder { return &Folder{path: path, tags: tags{}} }

// Files returns the names of the files found so far, in the order of the numbers by which [Folder.Read] calls them.
func (f *Folder) Files() []string {
	names := make([]string, len(f.files))
	for i, file := range f.files {
		names[i] = file.name
	}
	return names
}

// Unread returns how many bytes at the ends of the files are no whole records yet.
func (f *Folder) Unread() int64 {
	unread := int64(0)
	for _, file := range f.files {
		if file.err == nil {
			unread += file.size - file.offset
		}
	}
	return unread
}

// Read calls do with each event that was not read yet; number 0 is the first file. An error of do, or the end of the
// context, ends it at once, and the event counts as read. A damaged file is given up with an error that names file and
// offset, after the others were read.
func (f *Folder) Read(ctx context.Context, do func(number int, event Event) error) error {
	if err := f.find(); err != nil {
		return err
	}
	var damaged []error
	for number, file := range f.files {
		if file.err != nil {
			continue
		}
		err := f.readFile(ctx, file, func(e Event) error { return do(number, e) })
		if err != nil && file.err == nil {
			return err
		}
		damaged = append(damaged, err)
	}
	return errors.Join(damaged...)
}

// find adds files that are new, behind those that are known: their numbers stay.
func (f *Folder) find() error {
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		known := slices.ContainsFunc(f.files, func(file *file) bool { return file.name == entry.Name() })
		if !known && entry.Type().IsRegular() && IsEventFile(entry.Name()) {
			f.files = append(f.files, &file{name: entry.Name()})
		}
	}
	return nil
}

func (f *Folder) readFile(ctx context.Context, file *file, do func(Event) error) error {
	path := filepath.Join(f.path, file.name)
	opened, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		file.err = err // whoever removed it does not want it read
		return nil
	}
	if err != nil {
		return err
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil || info.Size() == file.size {
		return err
	}
	if _, err := opened.Seek(file.offset, io.SeekStart); err != nil {
		return err
	}
	r := resume(opened, file.offset, f.tags)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		event, err := r.Next()
		file.offset = r.Offset()
		switch {
		case err == io.EOF:
			file.size = file.offset + int64(len(r.buffer))
			return nil
		case err != nil:
			file.err = fmt.Errorf("%s: %w", path, err)
			return file.err
		}
		if err := do(event); err != nil {
			return err
		}
	}
}
