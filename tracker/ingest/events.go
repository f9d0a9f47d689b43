package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"paperlab/tracker"
	"paperlab/tracker/tfevents"
)

// Events brings the event files of a folder, and of those below it, into the store: each folder that holds some is a
// run of the project, called by its path, and each file in it a session of the run. done is called after each run with
// what was added.
//
// A run's ID follows from its first file, its name and the first things in it: it stays the same when the folder is
// moved or its files grow. Scalars, texts, histograms, images and hyperparameters are kept, and the rest is counted
// ([Run.LeftOut]). The run ends as the files say, or has finished with the last event. A damaged file is an error after
// all others were read.
func Events(ctx context.Context, store tracker.Store, root, project string, done func(*Run)) error {
	tree := &eventTree{store: store, root: root, project: project, folders: map[string]*eventFolder{}}
	err := tree.read(ctx, tracker.Finished)
	tree.report(func(_ string, run *Run) { done(run) })
	return err
}

// Follow does what [Events] does, and then reads at each tick what was written since, until the context ends. Meanwhile
// the runs are running; done is called each time for those to which something was added, and for all at the end.
func Follow(ctx context.Context, store tracker.Store, root, project string, ticks <-chan time.Time, done func(*Run)) error {
	tree := &eventTree{store: store, root: root, project: project, folders: map[string]*eventFolder{}}
	for {
		before := tree.added()
		if err := tree.read(ctx, tracker.Running); err != nil && ctx.Err() == nil {
			return errors.Join(err, tree.finish(ctx))
		}
		tree.report(func(path string, run *Run) {
			if run.added != before[path] {
				done(run)
			}
		})
		select {
		case <-ctx.Done():
			err := tree.finish(ctx)
			tree.report(func(_ string, run *Run) { done(run) })
			return err
		case <-ticks:
		}
	}
}

// eventTree is a folder with runs in it and below it.
type eventTree struct {
	store         tracker.Store
	root, project string
	folders       map[string]*eventFolder // by their paths
}

// read brings what is new.
func (t *eventTree) read(ctx context.Context, status tracker.Status) error {
	if err := t.find(); err != nil {
		return err
	}
	if len(t.folders) == 0 {
		return fmt.Errorf("%w: no event files in it or below it", tracker.ErrNotFound)
	}
	var failures []error
	for _, path := range slices.Sorted(maps.Keys(t.folders)) {
		if err := t.folders[path].read(ctx, status); err != nil {
			failures = append(failures, err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return errors.Join(failures...)
}

// find adds folders that are new.
func (t *eventTree) find() error {
	return filepath.WalkDir(t.root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || !tfevents.IsEventFile(path) {
			return err
		}
		folder := filepath.Dir(path)
		if t.folders[folder] != nil {
			return nil
		}
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(t.root, folder)
		if err != nil || name == "." {
			name = filepath.Base(absolute)
		}
		t.folders[folder] = &eventFolder{store: t.store, files: tfevents.OpenFolder(folder), source: tracker.Run{
			Project: t.project, Name: filepath.ToSlash(name), Session: 1, Params: tracker.Params{}, Source: tracker.Source{Dir: absolute},
		}}
		return err
	})
}

func (t *eventTree) added() map[string]Added {
	added := map[string]Added{}
	for path, folder := range t.folders {
		if folder.run != nil {
			added[path] = folder.run.added
		}
	}
	return added
}

// report calls done for each run that there is, in order of their paths.
func (t *eventTree) report(done func(path string, run *Run)) {
	for _, path := range slices.Sorted(maps.Keys(t.folders)) {
		if run := t.folders[path].run; run != nil {
			done(path, run)
		}
	}
}

// finish ends the runs that were followed, although the context has ended.
func (t *eventTree) finish(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	var failures []error
	for _, folder := range t.folders {
		failures = append(failures, folder.close(ctx, tracker.Finished))
	}
	return errors.Join(failures...)
}

// eventFolder is a run that is read from event files.
type eventFolder struct {
	store  tracker.Store
	files  *tfevents.Folder
	source tracker.Run
	run    *Run // nil until there is something to keep
	first  string
	last   time.Time
	end    *tfevents.End
}

// read brings what is new in the run's files.
func (f *eventFolder) read(ctx context.Context, status tracker.Status) error {
	err := f.files.Read(ctx, func(number int, e tfevents.Event) error { return f.event(ctx, number, e) })
	return errors.Join(err, f.close(ctx, status))
}

// close writes what was gathered and brings the run up to date.
func (f *eventFolder) close(ctx context.Context, status tracker.Status) error {
	if f.run == nil {
		return nil
	}
	if err := f.run.Flush(ctx); err != nil {
		return err
	}
	f.source.Status, f.source.Ended = status, f.last
	if f.end != nil {
		if !f.end.Ended.IsZero() { // PyTorch leaves it out
			f.source.Ended = f.end.Ended
		}
		switch f.end.Status {
		case tfevents.Failure:
			f.source.Status = tracker.Failed
		case tfevents.Success:
			f.source.Status = tracker.Finished
		}
	}
	switch {
	case !f.source.Status.Ended():
		f.source.Ended = time.Time{}
	case f.source.Ended.Before(f.source.Started): // the file is made a moment after its first event
		f.source.Ended = f.source.Started
	}
	f.run.unread = f.files.Unread()
	return f.run.Complete(ctx, &f.source)
}

func (f *eventFolder) event(ctx context.Context, number int, e tfevents.Event) error {
	if f.first == "" {
		f.first, f.source.Started = f.files.Files()[number], e.Time
	}
	if len(e.Values) == 0 {
		return nil
	}
	if f.run == nil {
		if err := f.begin(ctx, e); err != nil {
			return err
		}
	}
	session := int64(number) + 1
	f.source.Session = max(f.source.Session, session)
	if e.Time.After(f.last) {
		f.last = e.Time
	}
	for _, value := range e.Values {
		err := f.value(ctx, session, e, value)
		if errors.Is(err, tracker.ErrInvalid) {
			f.run.LeaveOut(err.Error())
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin opens the run with the first event that holds something.
func (f *eventFolder) begin(ctx context.Context, e tfevents.Event) (err error) {
	value := e.Values[0]
	origin := fmt.Sprintf("tfevents:%s:%d:%d:%d:%s:%v",
		f.first, f.source.Started.UnixMicro(), e.Time.UnixMicro(), e.Step, value.Tag, value.Data)
	f.source.ID, err = ID(f.source.Started, origin)
	if err != nil {
		return err
	}
	f.source.Status = tracker.Running
	f.run, err = Begin(ctx, f.store, &f.source)
	return err
}

func (f *eventFolder) value(ctx context.Context, session int64, e tfevents.Event, value tfevents.Value) error {
	key, labels := tfevents.SeriesOf(value.Tag)
	if _, err := tracker.CleanKey(key); err != nil {
		return err
	}
	switch data := value.Data.(type) {
	case tfevents.Scalar:
		point := tracker.Point{Step: e.Step, Time: e.Time, Session: session, Value: float64(data)}
		return f.run.Point(ctx, tracker.Sample{Key: key, Context: labels, Point: point})
	case tfevents.Text:
		// PyTorch's writer puts this behind the tag that it is given.
		key = strings.TrimSuffix(value.Tag, "/text_summary")
		return f.run.Text(ctx, tracker.Text{Key: key, Step: e.Step, Time: e.Time, Session: session, Body: string(data)})
	case tfevents.Histogram:
		return f.run.Histogram(ctx, tracker.Histogram{
			Key: value.Tag, Step: e.Step, Time: e.Time, Session: session, Edges: data.Edges, Counts: data.Counts})
	case tfevents.Image:
		image := tracker.Image{Key: value.Tag, Step: e.Step, Time: e.Time, Session: session,
			MIME: http.DetectContentType(data.Content), Width: data.Width, Height: data.Height}
		return f.run.Image(ctx, image, strings.NewReader(string(data.Content)))
	case tfevents.HParams:
		for key, param := range data.Params {
			params, err := tracker.NewParams(map[string]any{key: param})
			if err != nil {
				return err
			}
			maps.Copy(f.source.Params, params)
		}
		f.source.Group = data.Group
	case tfevents.End:
		f.end = &data
	default:
		if !strings.HasPrefix(value.Tag, "_hparams_/") {
			f.run.LeaveOut("value of TensorBoard's plugin " + or(value.Plugin, "unknown"))
		}
	}
	return nil
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
