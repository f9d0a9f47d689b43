package safetensors

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// mapFile maps a regular file into memory, read-only. An empty file gives no bytes and nothing to unmap.
func mapFile(path string) ([]byte, error) {
	// Looked at before it is opened, because opening a named pipe waits for its writer.
	if stat, err := os.Stat(path); err != nil {
		return nil, bare(err)
	} else if !stat.Mode().IsRegular() {
		return nil, fmt.Errorf("not a regular file (%s)", stat.Mode().Type())
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, bare(err)
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return nil, bare(err)
	}
	if stat.Size() == 0 {
		return nil, nil
	}
	data, err := unix.Mmap(int(f.Fd()), 0, int(stat.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping %d bytes: %w", stat.Size(), err)
	}
	return data, nil
}

// bare takes the path out of an error of package os, because callers put it in front of every error.
func bare(err error) error {
	if e := (*os.PathError)(nil); errors.As(err, &e) {
		return e.Err
	}
	return err
}
