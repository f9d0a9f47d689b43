package runs

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"

	"paperlab/tracker"
)

// Log adds one value to each of the named series. The values are durable when it returns. Where the store refuses them they
// are kept in a spool file, and the error says so: see [ErrSpooled]. What else a run takes is kept likewise.
func (r *Run) Log(ctx context.Context, step int64, values map[string]float64) error {
	samples := make([]tracker.Sample, 0, len(values))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		samples = append(samples, tracker.Sample{Key: key, Point: tracker.Point{Step: step, Value: values[key]}})
	}
	return r.LogBatch(ctx, samples)
}

// LogBatch adds many points, all or none, which is much faster than one call for each. Their session is that of the run,
// whatever they say, and their time now if they have none. The slice is left as it is.
func (r *Run) LogBatch(ctx context.Context, samples []tracker.Sample) error {
	if len(samples) == 0 {
		return r.writable("log to run")
	}
	now := r.clock()
	stamped := slices.Clone(samples)
	for i := range stamped {
		stamped[i].Session = r.session
		if stamped[i].Time.IsZero() {
			stamped[i].Time = now
		}
	}
	return r.put(ctx, "log to run", line{Samples: stamped})
}

// Text adds a text, such as a summary that the model generated at this step.
func (r *Run) Text(ctx context.Context, key string, step int64, body string) error {
	text := tracker.Text{Key: key, Step: step, Time: r.clock(), Session: r.session, Body: body}
	return r.put(ctx, "add text to run", line{Text: &text})
}

// Artifact keeps a copy of the file at path under a name of its own, a relative path with slashes. Equal contents are
// kept once. Where the store refuses it, it is not kept.
func (r *Run) Artifact(ctx context.Context, name, path string) (artifact tracker.Artifact, err error) {
	const op = "save artifact of run"
	if err := r.writable(op); err != nil {
		return tracker.Artifact{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return tracker.Artifact{}, &tracker.Error{Op: op, On: r.id, Err: err}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return tracker.Artifact{}, &tracker.Error{Op: op, On: r.id, Err: err}
	}
	if !info.Mode().IsRegular() {
		notAFile := &os.PathError{Op: "save", Path: path, Err: errors.New("not a file")}
		return tracker.Artifact{}, &tracker.Error{Op: op, On: r.id, Err: notAFile, Advice: "save the files of a folder one by one"}
	}
	return r.store.SaveArtifact(ctx, r.id, name, r.clock(), file)
}
