package tracker

import (
	"fmt"
	"maps"
	"time"
)

// Project is what runs are filed under; MLflow calls it an experiment. A run names its project, and [Store.CreateRun]
// makes a project that is missing.
type Project struct {
	ID      int64 // given by the store, never given twice
	Name    string
	Created time.Time
	Deleted time.Time // when it was put into the bin; zero: it was not
	Tags    map[string]string
}

// Normalize brings a project into the form in which every store keeps it, or says what is wrong with it.
func (p *Project) Normalize() (err error) {
	p.Name = CleanText(p.Name)
	if len(p.Name) > MaxKey {
		return fmt.Errorf("%w project name %.40q...: %d bytes, at most %d are kept", ErrInvalid, p.Name, len(p.Name), MaxKey)
	}
	if p.ID < 0 {
		return fmt.Errorf("%w project ID %d: it must be positive", ErrInvalid, p.ID)
	}
	if p.Tags, err = cleanMap(p.Tags); err != nil {
		return fmt.Errorf("tags: %w", err)
	}
	cleanTimes(&p.Created, &p.Deleted)
	return nil
}

// Changed returns the project as change leaves a copy of it, normalized, created now where it was not before. It refuses another ID for
// one that has one. An error from change is returned as it is.
func (p Project) Changed(change func(*Project) error, now time.Time) (Project, error) {
	after := p
	if after.Tags = maps.Clone(p.Tags); after.Tags == nil {
		after.Tags = map[string]string{}
	}
	if err := change(&after); err != nil {
		return Project{}, err
	}
	if p.ID != 0 && after.ID != p.ID {
		return Project{}, fmt.Errorf("%w change of the project's ID to %d", ErrInvalid, after.ID)
	}
	if after.Created.IsZero() {
		after.Created = now
	}
	err := after.Normalize()
	return after, err
}
