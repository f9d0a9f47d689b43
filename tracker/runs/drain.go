package runs

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"paperlab/tracker"
)

// Drain writes to the store what earlier processes could not (see [ErrSpooled]), of all runs that are in it. [Start] and
// [Resume] do so, and a handle from [Attach] for its own run. Nothing is written twice, also where a process was killed while it
// drained: what the store has already, the same to the millisecond, is left out. Files of processes that live are left to them.
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
		if err := json.Unmarshal(first, &l); err != nil {
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

// missing returns what is in all, by its identity, more often than in the store: of n equal ones the last so many.
func missing[T any, K comparable](all []T, identity func(T) K, inStore map[K]int) (rest []T) {
	for _, v := range all {
		if k := identity(v); inStore[k] > 0 {
			inStore[k]--
			continue
		}
		rest = append(rest, v)
	}
	return rest
}

type series struct {
	key     string
	context tracker.Context
}

// value identifies a point of a series.
type value struct {
	series
	session, step, time int64
	bits                uint64
}

func identity(s series, p tracker.Point) value {
	bits := math.Float64bits(p.Value)
	if math.IsNaN(p.Value) {
		bits = math.Float64bits(math.NaN())
	}
	return value{s, p.Session, p.Step, p.Time.UnixMilli(), bits}
}

func identityOfSample(s tracker.Sample) value { return identity(series{s.Key, s.Context}, s.Point) }

func missingSamples(ctx context.Context, store tracker.Store, run string, samples []tracker.Sample) ([]tracker.Sample, error) {
	wanted := map[value]bool{}
	logged := map[series]bool{}
	for _, s := range samples {
		wanted[identityOfSample(s)] = true
		logged[series{s.Key, s.Context}] = true
	}
	found := map[value]int{}
	for s := range logged {
		err := store.EachPoints(ctx, run, s.key, s.context, func(points []tracker.Point) error {
			for _, p := range points {
				if k := identity(s, p); wanted[k] {
					found[k]++
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return missing(samples, identityOfSample, found), nil
}

func missingConsole(ctx context.Context, store tracker.Store, run string, chunks []tracker.Console) ([]tracker.Console, error) {
	if len(chunks) == 0 {
		return nil, nil
	}
	found := map[tracker.Console]int{}
	name := func(c tracker.Console) tracker.Console {
		c.Time = time.UnixMilli(c.Time.UnixMilli()) // times compare by their parts
		return c
	}
	for next := int64(0); ; {
		written, after, err := store.Console(ctx, run, next)
		if err != nil {
			return nil, err
		}
		if len(written) == 0 || after == next {
			break
		}
		for _, c := range written {
			found[name(c)]++
		}
		next = after
	}
	return missing(chunks, name, found), nil
}

// missingMedia compares texts, tables, images and histograms by their JSON.
func missingMedia(ctx context.Context, store tracker.Store, run string, lines []line) ([]line, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	found := map[string]int{}
	texts, err1 := store.Texts(ctx, run, "")
	for _, t := range texts {
		found[identityOfLine(line{Text: &t})]++
	}
	tables, err2 := store.Tables(ctx, run, "")
	for _, t := range tables {
		found[identityOfLine(line{Table: &t})]++
	}
	histograms, err3 := store.Histograms(ctx, run, "")
	for _, h := range histograms {
		found[identityOfLine(line{Histogram: &h})]++
	}
	images, err4 := store.Images(ctx, run, "")
	for _, i := range images {
		found[identityOfLine(line{Image: &picture{Image: i}})]++
	}
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return nil, err
	}
	return missing(lines, identityOfLine, found), nil
}

// identityOfLine is a line's JSON, in which an image's content is its hash.
func identityOfLine(l line) string {
	if l.Image != nil {
		i := *l.Image
		if i.Content != nil {
			sum := sha256.Sum256(i.Content)
			i.Hash, i.Size = hex.EncodeToString(sum[:]), int64(len(i.Content))
			i.Content = nil
		}
		l.Image = &i
	}
	name, err := json.Marshal(l)
	if err != nil {
		return err.Error() // of a table that came out of the store, or went through Normalize: there is none
	}
	return string(name)
}
