package runs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"paperlab/tracker"
)

// Drain writes to the store what earlier processes could not (see [ErrSpooled]), of all runs that are in it. [Start],
// [Create] and [Resume] do so, and a handle from [Attach] for its own run. Nothing is written twice, also where a
// process was killed while it drained: what the store has already, the same to the millisecond, is left out. Files of
// processes that live are left to them.
func Drain(ctx context.Context, store tracker.Store) error {
	var failures []error
	for _, path := range spooled("") {
		run, err := tracker.ParseID(filepath.Base(path)[:min(26, len(filepath.Base(path)))])
		if err != nil {
			continue
		}
		switch _, err := store.Run(ctx, run); {
		case errors.Is(err, tracker.ErrNotFound): // it is in another store, or gone
			failures = append(failures, removeEmpty(path))
		case err != nil:
			return errors.Join(append(failures, err)...)
		default:
			failures = append(failures, drainFile(ctx, store, run, path))
		}
	}
	return errors.Join(failures...)
}

// drainRun drains the files of one run, at last that of its handle.
func drainRun(ctx context.Context, store tracker.Store, run string, own *spool) error {
	for _, path := range spooled(run) {
		if own.file != nil && path == own.path {
			continue
		}
		if err := drainFile(ctx, store, run, path); err != nil {
			return err
		}
	}
	if own.file == nil || own.size == 0 {
		return nil
	}
	lines, err := readLines(own.path)
	if err != nil {
		return err
	}
	if err := drain(ctx, store, run, lines); err != nil {
		return err
	}
	return own.clear()
}

// drainFile drains a file whose process is gone, and removes it.
func drainFile(ctx context.Context, store tracker.Store, run, path string) error {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil // somebody else was here
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil // its process lives, or somebody else drains it
	}
	lines, err := readLines(path)
	if err == nil {
		err = drain(ctx, store, run, lines)
	}
	if err == nil {
		err = os.Remove(path)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return &tracker.Error{Op: "drain", On: path, Err: err, Advice: "it is kept, and tried again by the next run"}
	}
	return nil
}

// removeEmpty removes a file that a process left in which nothing waits.
func removeEmpty(path string) error {
	if info, err := os.Stat(path); err != nil || info.Size() > 0 {
		return nil
	}
	return drainFile(context.Background(), nil, "", path)
}

// readLines reads a spool file. A last line without its end was never acknowledged.
func readLines(path string) (lines []line, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	for number := 1; ; number++ {
		first, rest, whole := bytes.Cut(text, []byte("\n"))
		if !whole {
			return lines, nil
		}
		var l line
		err := json.Unmarshal(first, &l)
		if err == nil {
			err = l.normalize()
		}
		if err != nil {
			return nil, fmt.Errorf("%w line %d: %w", tracker.ErrCorrupt, number, err)
		}
		lines, text = append(lines, l), rest
	}
}

// drain writes lines to the store, but for those that are there.
func drain(ctx context.Context, store tracker.Store, run string, lines []line) error {
	var samples []tracker.Sample
	var console []tracker.Console
	var rest, last []line
	for _, l := range lines {
		switch {
		case l.Samples != nil:
			samples = append(samples, l.Samples...)
		case l.Console != nil:
			console = append(console, l.Console...)
		case l.Tag != nil, l.End != nil: // may be said again
			last = append(last, l)
		default:
			rest = append(rest, l)
		}
	}
	samples, err := missingSamples(ctx, store, run, samples)
	if err != nil {
		return err
	}
	if len(samples) > 0 { // all or none
		if err := store.Log(ctx, run, samples); err != nil {
			return err
		}
	}
	if console, err = missingConsole(ctx, store, run, console); err != nil {
		return err
	}
	if len(console) > 0 {
		if err := store.AddConsole(ctx, run, console); err != nil {
			return err
		}
	}
	if rest, err = missingMedia(ctx, store, run, rest); err != nil {
		return err
	}
	for _, l := range append(rest, last...) {
		if err := l.apply(ctx, store, run); err != nil {
			return err
		}
	}
	return nil
}
