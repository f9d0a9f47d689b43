package tracker

import (
	"fmt"
	"maps"
	"time"
)

// Run is one execution of a program and what is known about it. It is a plain value without a lock: whoever holds one
// must not change it while another goroutine reads it.
type Run struct {
	ID      string // lower-case ULID, see [NewID]
	Project string
	Name    string
	Group   string // runs that belong together, such as the seeds of one setting; may be empty
	Parent  string // ID of the run that started this one; may be empty

	Status    Status
	Started   time.Time
	Ended     time.Time // zero while running
	Heartbeat time.Time // last sign of life from the owner; zero without an owner
	Deleted   time.Time // when it was put into the bin; zero: it was not. [Store.GC] empties the bin
	Session   int64     // 1 at first, one more each time the run is resumed
	Owner     *Owner    // nil if no process keeps the run alive: it then runs until someone ends it

	Params Params
	Tags   map[string]string
	Notes  string

	Source  Source
	Machine Machine
}

// Source is where a run came from.
type Source struct {
	Command string // command line, quoted for a shell
	Dir     string // working directory
	Commit  string // git commit that was checked out; empty outside a repository
	Diff    string // what differed from that commit in tracked files; empty if nothing did
}

// Machine is what a run ran on.
type Machine struct {
	Host string
	CPU  string
	GPU  string            // names, separated by commas; empty if there is none
	Env  map[string]string // versions of Go and of the modules in the program, and the like
}

// Owner is the process that keeps a run alive by heartbeats. A process ID comes round again and means nothing on
// another machine, therefore the other two.
type Owner struct {
	PID  int
	Born uint64 // when the process started, in clock ticks after its machine booted
	Boot string // the boot of that machine and the PID namespace: PIDs compare only within one
}

// Normalize brings a run into the form in which every store keeps it, or says what is wrong with it: valid UTF-8, typed
// parameters, maps that are not nil, times in UTC to the millisecond.
func (r *Run) Normalize() error {
	id, err := ParseID(r.ID)
	if err != nil {
		return err
	}
	if r.Parent != "" {
		if r.Parent, err = ParseID(r.Parent); err != nil {
			return fmt.Errorf("parent: %w", err)
		}
	}
	if _, err := ParseStatus(string(r.Status)); err != nil {
		return err
	}
	if r.Session < 1 {
		return fmt.Errorf("%w session %d: the first is 1", ErrInvalid, r.Session)
	}
	if r.ID = id; len(r.Project) > MaxKey {
		return fmt.Errorf("%w project %.40q...: %d bytes, at most %d are kept", ErrInvalid, r.Project, len(r.Project), MaxKey)
	}
	if r.Params, err = NewParams(r.Params); err != nil {
		return err
	}
	if r.Tags, err = cleanMap(r.Tags); err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	if r.Machine.Env, err = cleanMap(r.Machine.Env); err != nil {
		return fmt.Errorf("environment: %w", err)
	}
	for _, text := range []*string{
		&r.Project, &r.Name, &r.Group, &r.Notes,
		&r.Source.Command, &r.Source.Dir, &r.Source.Commit, &r.Source.Diff,
		&r.Machine.Host, &r.Machine.CPU, &r.Machine.GPU,
	} {
		*text = CleanText(*text)
	}
	cleanTimes(&r.Started, &r.Ended, &r.Heartbeat, &r.Deleted)
	return nil
}

// cleanTimes brings times to what stores keep of them.
func cleanTimes(times ...*time.Time) {
	for _, t := range times {
		*t = t.Truncate(time.Millisecond).UTC()
	}
}

// Normalized returns a copy of the run in that form, and leaves the run as it is.
func (r *Run) Normalized() (*Run, error) {
	clean := *r
	if err := clean.Normalize(); err != nil {
		return nil, err
	}
	return &clean, nil
}

// Changed returns the run as change leaves a copy of it, normalized. It refuses another ID. An error from change is returned
// as it is.
func (r *Run) Changed(change func(*Run) error) (*Run, error) {
	draft := *r
	draft.Params, draft.Tags, draft.Machine.Env = maps.Clone(r.Params), maps.Clone(r.Tags), maps.Clone(r.Machine.Env)
	if err := change(&draft); err != nil {
		return nil, err
	}
	if draft.ID != r.ID {
		return nil, fmt.Errorf("%w change of the run's ID to %q", ErrInvalid, draft.ID)
	}
	return draft.Normalized()
}

func cleanMap(m map[string]string) (map[string]string, error) {
	clean := make(map[string]string, len(m))
	for key, value := range m {
		key, err := CleanKey(key)
		if err != nil {
			return nil, err
		}
		clean[key] = CleanText(value)
	}
	return clean, nil
}
