package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"paperlab/tracker"
)

// Added is how much an import added to a run, without what was there already.
type Added struct {
	Points int64
	Others int64 // texts, tables, histograms, images, pieces of console output, artifacts
}

// Run is a run that is being imported. It is not safe for concurrent use.
type Run struct {
	store   tracker.Store
	id      string
	name    string
	existed bool
	had     *holdings // nil for a new run
	batch   []tracker.Sample
	console []tracker.Console // as the batch, not yet written
	added   Added
	left    map[string]int
	unread  int64
}

// Begin creates the run, or takes up the one with this ID: then it fills in the parameters and tags that this one
// lacks, and ends it if it was imported while it ran. Points are written in large batches: see [Run.Flush].
func Begin(ctx context.Context, store tracker.Store, run *tracker.Run) (*Run, error) {
	r := &Run{store: store, id: run.ID, name: run.Name}
	err := store.CreateRun(ctx, run)
	if !errors.Is(err, tracker.ErrExists) {
		return r, err
	}
	r.existed, r.had = true, &holdings{store: store, run: run.ID}
	return r, r.Complete(ctx, run)
}

// Complete brings what the store knows of the run up to date with what its source says now.
func (r *Run) Complete(ctx context.Context, source *tracker.Run) error {
	known, err := r.store.Run(ctx, r.id)
	if err != nil || !complete(known, source) {
		return err
	}
	_, err = r.store.UpdateRun(ctx, r.id, func(run *tracker.Run) error {
		complete(run, source)
		return nil
	})
	return err
}

// complete reports whether it changed anything.
func complete(run, source *tracker.Run) (changed bool) {
	params, tags := maps.Clone(source.Params), maps.Clone(source.Tags)
	maps.Copy(params, run.Params)
	maps.Copy(tags, run.Tags)
	changed = len(params) > len(run.Params) || len(tags) > len(run.Tags)
	if params != nil {
		run.Params = params
	}
	if tags != nil {
		run.Tags = tags
	}
	if source.Session > run.Session {
		run.Session, changed = source.Session, true
	}
	// A run with an owner is alive here, whatever an older export says.
	if run.Owner == nil && source.Status.Ended() && (!run.Status.Ended() || run.Ended.Before(source.Ended)) {
		run.Status, run.Ended, changed = source.Status, source.Ended, true
	}
	return changed
}

// ID returns the run's ID.
func (r *Run) ID() string { return r.id }

// Name returns the run's name where it came from.
func (r *Run) Name() string { return r.name }

// LeftOut says how much of each kind could not be kept.
func (r *Run) LeftOut() map[string]int { return r.left }

// LeaveOut counts something that could not be kept.
func (r *Run) LeaveOut(what string) {
	if r.left == nil {
		r.left = map[string]int{}
	}
	r.left[what]++
}

// Unread returns how many bytes at the end of the run's files were not whole yet: importing again goes on there.
func (r *Run) Unread() int64 { return r.unread }

// Existed reports whether the run was in the store already.
func (r *Run) Existed() bool { return r.existed }

// Added returns what was added so far. Points and console output count once they are flushed.
func (r *Run) Added() Added { return r.added }

const batchSize = 20_000

// Point adds a point.
func (r *Run) Point(ctx context.Context, sample tracker.Sample) error {
	if r.had != nil {
		there, err := r.had.point(ctx, sample)
		if there || err != nil {
			return err
		}
	}
	r.batch = append(r.batch, sample)
	if len(r.batch) < batchSize {
		return nil
	}
	return r.Flush(ctx)
}

// Flush writes the points and the console output that were added and not yet written. It must be called at the end.
func (r *Run) Flush(ctx context.Context) error {
	if len(r.batch) > 0 {
		if err := r.store.Log(ctx, r.id, r.batch); err != nil {
			return err
		}
		r.added.Points += int64(len(r.batch))
		r.batch = r.batch[:0]
	}
	if len(r.console) > 0 {
		if err := r.store.AddConsole(ctx, r.id, r.console); err != nil {
			return err
		}
		r.added.Others += int64(len(r.console))
		r.console = r.console[:0]
	}
	return nil
}

// other adds what is not a point, unless the run has it: the mark says what it is.
func (r *Run) other(ctx context.Context, mark string, add func() error) error {
	if r.had != nil {
		there, err := r.had.other(ctx, mark)
		if there || err != nil {
			return err
		}
	}
	if err := add(); err != nil {
		return err
	}
	r.added.Others++
	return nil
}

// Text adds a text.
func (r *Run) Text(ctx context.Context, text tracker.Text) error {
	if err := text.Normalize(); err != nil {
		return err
	}
	return r.other(ctx, markText(text), func() error { return r.store.AddText(ctx, r.id, text) })
}

// Table adds a table.
func (r *Run) Table(ctx context.Context, table tracker.Table) error {
	if err := table.Normalize(); err != nil {
		return err
	}
	return r.other(ctx, markTable(table), func() error { return r.store.AddTable(ctx, r.id, table) })
}

// Histogram adds a histogram.
func (r *Run) Histogram(ctx context.Context, histogram tracker.Histogram) error {
	if err := histogram.Normalize(); err != nil {
		return err
	}
	return r.other(ctx, markHistogram(histogram), func() error { return r.store.AddHistogram(ctx, r.id, histogram) })
}

// Console adds a piece of console output.
func (r *Run) Console(ctx context.Context, chunk tracker.Console) error {
	if err := chunk.Normalize(); err != nil {
		return err
	}
	if r.had != nil {
		there, err := r.had.other(ctx, markConsole(chunk))
		if there || err != nil {
			return err
		}
	}
	r.console = append(r.console, chunk)
	if len(r.console) < consoleSize {
		return nil
	}
	return r.Flush(ctx)
}

const consoleSize = 1000

// Image adds an image with its content. A hash that the image names must be the content's.
func (r *Run) Image(ctx context.Context, image tracker.Image, content io.Reader) error {
	if err := image.Normalize(); err != nil {
		return err
	}
	if image.Hash == "" {
		whole, err := io.ReadAll(content)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(whole)
		image.Hash, content = hex.EncodeToString(sum[:]), bytes.NewReader(whole)
	}
	return r.other(ctx, markImage(image), func() error {
		kept, err := r.store.AddImage(ctx, r.id, image, content)
		return checkHash(err, kept.Hash, image.Hash, image.Key)
	})
}

// File adds a file as an artifact. It is read twice, the first time for its hash.
func (r *Run) File(ctx context.Context, name string, at time.Time, content io.ReadSeeker) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return r.Artifact(ctx, tracker.Artifact{Name: name, Hash: hex.EncodeToString(sum.Sum(nil)), Time: at}, content)
}

// Artifact adds an artifact whose hash is known.
func (r *Run) Artifact(ctx context.Context, artifact tracker.Artifact, content io.Reader) error {
	return r.other(ctx, markArtifact(artifact), func() error {
		kept, err := r.store.SaveArtifact(ctx, r.id, artifact.Name, artifact.Time, content)
		return checkHash(err, kept.Hash, artifact.Hash, artifact.Name)
	})
}

func checkHash(err error, got, want, name string) error {
	if err == nil && got != want {
		return fmt.Errorf("%w content of %s: its hash is %s, not %s", tracker.ErrCorrupt, name, got, want)
	}
	return err
}
