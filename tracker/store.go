package tracker

import (
	"context"
	"io"
	"time"
)

// Store keeps runs and what they log. Package storetest says in tests what every store does.
//
// All methods may be called from several goroutines. A method that writes returns when what it wrote is durable, or
// with an error and nothing written. Text that is not valid UTF-8 is kept as [CleanText] makes it; times are kept to the
// millisecond. Errors are of type *[Error]; a run that does not exist gives [ErrNotFound], input that cannot be kept
// [ErrInvalid].
type Store interface {
	Reader

	// UpdateProject lets change alter the project of this name, all or nothing, and returns it as it then is. Where there
	// is none it makes one: change then sees ID 0, and may set an ID that is free. Renaming it moves its runs along; a
	// name or an ID that is taken gives [ErrExists]. change may be called again, as that of UpdateRun.
	UpdateProject(ctx context.Context, name string, change func(*Project) error) (Project, error)

	// CreateRun adds a run, and its project if that is missing. It fails with [ErrExists] if there is one with this ID.
	CreateRun(ctx context.Context, run *Run) error
	// UpdateRun lets change alter the run, all or nothing, while no other writer can, and returns the run as it then is.
	// An error from change leaves the run as it was and is returned. change must not call the store, nor change the ID;
	// it is called again, with what there is then, where another writer came in between.
	UpdateRun(ctx context.Context, id string, change func(*Run) error) (*Run, error)
	// Heartbeat notes that the run's owner is alive. A run that was taken for crashed is running again.
	Heartbeat(ctx context.Context, id string, at time.Time) error

	// Log adds points to the run, all or none, keeping their order within each series.
	Log(ctx context.Context, run string, samples []Sample) error
	// AddText adds a text to the run.
	AddText(ctx context.Context, run string, text Text) error
	// AddTable adds a table to the run.
	AddTable(ctx context.Context, run string, table Table) error
	// AddImage adds an image to the run, with the content read to its end, and returns it with Hash and Size.
	AddImage(ctx context.Context, run string, image Image, content io.Reader) (Image, error)
	// AddHistogram adds a histogram to the run.
	AddHistogram(ctx context.Context, run string, histogram Histogram) error
	// AddConsole adds to what the run wrote to its terminal.
	AddConsole(ctx context.Context, run string, chunks []Console) error
	// SaveArtifact keeps the content, read to its end, under this name.
	SaveArtifact(ctx context.Context, run, name string, at time.Time, content io.Reader) (Artifact, error)
	// RemoveArtifact takes all versions of this name out of the run; [Store.GC] gives their space back.
	RemoveArtifact(ctx context.Context, run, name string) error

	// GC removes for good the runs that were put into the bin before this time and the projects put there that have no run
	// left, then the contents that nothing refers to, and gives the space back.
	GC(ctx context.Context, before time.Time) (Collected, error)
	// Check looks for damage and returns what it finds, a sentence each. The error says why it could not look.
	Check(ctx context.Context) ([]string, error)
	// Backup makes a copy in a new SQLite file, of the store as it was at one moment while others go on writing. It
	// refuses to overwrite ([ErrExists]), and leaves nothing at path when it fails.
	Backup(ctx context.Context, path string) error

	// Close waits for what is going on and lets go of the store. Nothing may be called afterwards.
	Close() error
}

// Reader is the half of a [Store] that changes nothing.
type Reader interface {
	// Projects returns all projects by their IDs, those in the bin too.
	Projects(ctx context.Context) ([]Project, error)
	// Run returns the run with this ID, also one that is in the bin.
	Run(ctx context.Context, id string) (*Run, error)
	// Runs returns the runs that the filter lets through, the one that started last first. Their Source.Diff, which may
	// be long, is left empty.
	Runs(ctx context.Context, filter RunFilter) ([]*Run, error)

	// Series returns the summaries of all series of these runs, sorted by run, key and context. Runs that do not exist
	// have none.
	Series(ctx context.Context, runs ...string) ([]Series, error)
	// Points returns all points of one series, ordered by session, step, and the order in which they were logged; none
	// if the run has no such series.
	Points(ctx context.Context, run, key string, context Context) ([]Point, error)
	// EachPoints gives the points of one series, as Points orders them and as they were at one moment, in pieces of at
	// most 10,000. The piece is used again for the next: yield must not keep it. An error from yield ends it and is
	// returned.
	EachPoints(ctx context.Context, run, key string, context Context, yield func([]Point) error) error

	// Texts returns the run's texts with this key, or all of them if key is empty, in the order in which they were added.
	Texts(ctx context.Context, run, key string) ([]Text, error)
	// Tables returns the run's tables as Texts does its texts.
	Tables(ctx context.Context, run, key string) ([]Table, error)
	// Images returns the run's images as Texts does its texts.
	Images(ctx context.Context, run, key string) ([]Image, error)
	// Histograms returns the run's histograms as Texts does its texts.
	Histograms(ctx context.Context, run, key string) ([]Histogram, error)
	// Console returns what the run wrote to its terminal since the place after, 0 being the beginning, and the place where
	// to go on.
	Console(ctx context.Context, run string, after int64) (chunks []Console, next int64, err error)
	// Artifacts returns the run's artifacts in the order in which they were saved.
	Artifacts(ctx context.Context, run string) ([]Artifact, error)
	// OpenArtifact opens the content with this hash; the caller closes it.
	OpenArtifact(ctx context.Context, hash string) (io.ReadCloser, error)

	// Search returns the IDs of the runs, the one that started last first, in which all these words, or words that
	// contain them, occur together: in the run's project, name, group, notes and tags, or in one of its texts. Case does not
	// matter for A to Z. Runs in the bin are not found.
	Search(ctx context.Context, words string) ([]string, error)
	// Changes returns the IDs of the runs in which anything changed after the revision since, their points included, and
	// the revision from which to ask again; it is since itself as long as nothing at all changed, projects included.
	// Since 0 all runs have changed. A run may be named again although it did not change, but none is left out. Heartbeats
	// are no changes.
	Changes(ctx context.Context, since int64) (runs []string, now int64, err error)
}

// RunFilter chooses runs. An empty field lets all of them through, but for those in the bin.
type RunFilter struct {
	IDs     []string
	Project string
	Status  Status
	Deleted bool // only those in the bin
}

// Collected is what [Store.GC] removed.
type Collected struct {
	Runs   int
	Points int64
	Bytes  int64 // by which what the store takes on the disk became smaller
}
