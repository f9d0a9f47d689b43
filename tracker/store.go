package tracker

import (
	"context"
	"io"
	"time"
)

// Store keeps runs and what they log. Package storetest says in tests what every store does.
//
// All methods may be called from several goroutines. A method that writes returns when what it wrote is durable, or
// with an error and nothing written. Text that is not valid UTF-8 is kept with U+FFFD for each bad byte; times are kept
// to the millisecond. Errors are of type *[Error]; a run that does not exist gives [ErrNotFound], input that cannot be
// kept [ErrInvalid].
type Store interface {
	// CreateRun adds a run. It fails with [ErrExists] if there is one with this ID.
	CreateRun(ctx context.Context, run *Run) error
	// Run returns the run with this ID.
	Run(ctx context.Context, id string) (*Run, error)
	// Runs returns the runs that the filter lets through, the one that started last first. Their Source.Diff, which may
	// be long, is left empty.
	Runs(ctx context.Context, filter RunFilter) ([]*Run, error)
	// UpdateRun lets change alter the run, all or nothing, while no other writer can, and returns the run as it then is.
	// An error from change leaves the run as it was and is returned. change must not call the store, nor change the ID.
	UpdateRun(ctx context.Context, id string, change func(*Run) error) (*Run, error)
	// Heartbeat notes that the run's owner is alive. A run that was taken for crashed is running again.
	Heartbeat(ctx context.Context, id string, at time.Time) error

	// Log adds points to the run, all or none, keeping their order within each series.
	Log(ctx context.Context, run string, samples []Sample) error
	// Series returns the summaries of all series of these runs, sorted by run, key and context. Runs that do not exist
	// have none.
	Series(ctx context.Context, runs ...string) ([]Series, error)
	// Points returns all points of one series, ordered by session, step, and the order in which they were logged; none
	// if the run has no such series.
	Points(ctx context.Context, run, key string, context Context) ([]Point, error)

	// AddText adds a text to the run.
	AddText(ctx context.Context, run string, text Text) error
	// Texts returns the run's texts with this key, or all of them if key is empty, in the order in which they were added.
	Texts(ctx context.Context, run, key string) ([]Text, error)

	// SaveArtifact keeps the content, read to its end, under this name.
	SaveArtifact(ctx context.Context, run, name string, at time.Time, content io.Reader) (Artifact, error)
	// Artifacts returns the run's artifacts in the order in which they were saved.
	Artifacts(ctx context.Context, run string) ([]Artifact, error)
	// OpenArtifact opens the content with this hash; the caller closes it.
	OpenArtifact(ctx context.Context, hash string) (io.ReadCloser, error)

	// Search returns the IDs of the runs, the one that started last first, in which all these words, or words that
	// contain them, occur together: in the run's project, name, group, notes and tags, or in one of its texts. Case does not
	// matter for A to Z.
	Search(ctx context.Context, words string) ([]string, error)

	// Close waits for what is going on and lets go of the store. Nothing may be called afterwards.
	Close() error
}

// RunFilter chooses runs. An empty field lets all of them through.
type RunFilter struct {
	IDs     []string
	Project string
	Status  Status
}
