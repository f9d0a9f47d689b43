package tracker

import (
	"fmt"
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
