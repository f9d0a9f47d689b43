package export

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/google/renameio/v2"

	"paperlab/tracker"
	"paperlab/tracker/jsonlines"
)

// JSONLines writes everything that is kept of the runs with these IDs to a file, atomically, as package jsonlines
// describes, and returns how many points there were. A run that does not exist is an error.
func JSONLines(ctx context.Context, store tracker.Reader, path string, ids ...string) (points int64, err error) {
	err = writeFile(path, func(out io.Writer) error {
		points, err = jsonlines.Write(ctx, store, out, ids...)
		return err
	})
	return points, err
}

// writeFile lets write fill a file that takes its place when it is whole.
func writeFile(path string, write func(out io.Writer) error) error {
	fail := func(err error) error { return &tracker.Error{Op: "export runs", On: path, Err: err} }
	file, err := renameio.NewPendingFile(path, renameio.WithPermissions(0o644))
	if err != nil {
		// The name in it is one that nobody knows.
		var inner *fs.PathError
		if errors.As(err, &inner) {
			err = inner.Err
		}
		return &tracker.Error{Op: "export runs", On: path, Err: err, Advice: "see that the folder exists and that you may write to it"}
	}
	defer file.Cleanup()
	buffer := bufio.NewWriterSize(file, 1<<16)
	if err := write(buffer); err != nil {
		return fail(err)
	}
	if err := buffer.Flush(); err != nil {
		return fail(err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fail(err)
	}
	return nil
}
