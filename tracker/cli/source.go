package cli

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/ingest"
	"paperlab/tracker/jsonlines"
	"paperlab/tracker/mlflow"
	"paperlab/tracker/tfevents"
	"paperlab/tracker/trackio"
)

// bring imports what lies at a path.
type bring func(ctx context.Context, store tracker.Store, path, project string, done func(*ingest.Run)) error

// source is a kind of thing that can be imported.
type source struct {
	name string
	bring
}

// Kinds that are named in two places.
const (
	eventFiles  = "event files"
	ourDatabase = "a database of Paperlab"
)

// recognize tells by what is in it, not by its name, what a file or folder is.
func recognize(ctx context.Context, path string) (source, error) {
	if strings.Contains(path, "://") {
		return source{ourDatabase, bringDatabase}, nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return source{}, &tracker.Error{Op: "import", On: path, Err: err}
	}
	var found source
	if info.IsDir() {
		found, err = recognizeFolder(ctx, path)
	} else {
		found, err = recognizeFile(ctx, path)
	}
	if err == nil && found.bring == nil {
		err = &tracker.Error{
			Op: "import", On: path, Err: fmt.Errorf("%w source: nothing that is known here", tracker.ErrInvalid),
			Advice: "want a folder with event files, an SQLite file of MLflow, Trackio or Paperlab, or JSON lines of paperlab runs export",
		}
	}
	return found, err
}

func recognizeFolder(ctx context.Context, path string) (source, error) {
	hasEvents := false
	err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && tfevents.IsEventFile(path) {
			hasEvents = true
			return filepath.SkipAll
		}
		return err
	})
	if err != nil {
		return source{}, &tracker.Error{Op: "import", On: path, Err: err}
	}
	if hasEvents {
		return source{eventFiles, ingest.Events}, nil
	}
	databases, err := trackioFiles(ctx, path)
	if err != nil || len(databases) == 0 {
		return source{}, err
	}
	return source{"Trackio's folder", func(ctx context.Context, store tracker.Store, _, _ string, done func(*ingest.Run)) error {
		for _, file := range databases {
			if err := trackio.Import(ctx, store, file, done); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
		}
		return nil
	}}, nil
}

func trackioFiles(ctx context.Context, folder string) (files []string, err error) {
	all, err := filepath.Glob(filepath.Join(folder, "*.db"))
	if err != nil {
		return nil, err
	}
	for _, file := range all {
		if is, err := asks(ctx, file, trackio.IsDatabase); err == nil && is {
			files = append(files, file)
		}
	}
	return files, nil
}

func recognizeFile(ctx context.Context, path string) (source, error) {
	begin, err := beginning(path)
	if err != nil {
		return source{}, &tracker.Error{Op: "import", On: path, Err: err}
	}
	switch {
	case jsonlines.Is(begin):
		return source{"JSON lines", bringJSONLines}, nil
	case tfevents.IsEventFile(path):
		return source{}, &tracker.Error{
			Op: "import", On: path, Err: fmt.Errorf("%w source: an event file alone is no run", tracker.ErrInvalid),
			Advice: "give the folder that it is in: " + filepath.Dir(path),
		}
	case !bytes.HasPrefix(begin, []byte("SQLite format 3\x00")):
		return source{}, nil
	case bytes.HasSuffix(begin, []byte("PAPb")): // the application ID in the file's header
		return source{ourDatabase, bringDatabase}, nil
	}
	for _, kind := range []struct {
		name string
		is   func(context.Context, *sql.DB) (bool, error)
		read func(context.Context, tracker.Store, string, func(*ingest.Run)) error
	}{
		{"MLflow's database", mlflow.IsDatabase, mlflow.Import},
		{"Trackio's database", trackio.IsDatabase, trackio.Import},
	} {
		is, err := asks(ctx, path, kind.is)
		if err != nil {
			return source{}, &tracker.Error{Op: "import", On: path, Err: err}
		}
		if is {
			return source{kind.name, func(ctx context.Context, store tracker.Store, path, _ string, done func(*ingest.Run)) error {
				return kind.read(ctx, store, path, done)
			}}, nil
		}
	}
	return source{}, nil
}

func beginning(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	begin := make([]byte, 72) // up to the end of an SQLite header's application ID
	n, err := io.ReadFull(file, begin)
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		err = nil
	}
	return begin[:n], err
}

// asks puts a question to an SQLite file, without changing it.
func asks(ctx context.Context, path string, question func(context.Context, *sql.DB) (bool, error)) (bool, error) {
	db, err := ingest.OpenDatabase(path)
	if err != nil {
		return false, err
	}
	defer db.Close()
	return question(ctx, db)
}

func bringJSONLines(ctx context.Context, store tracker.Store, path, _ string, done func(*ingest.Run)) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return jsonlines.Read(ctx, store, file, done)
}

// following reads event files again at each tick.
func following(ticks <-chan time.Time) bring {
	return func(ctx context.Context, store tracker.Store, path, project string, done func(*ingest.Run)) error {
		return ingest.Follow(ctx, store, path, project, ticks, done)
	}
}
