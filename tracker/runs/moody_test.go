package runs_test

import (
	"context"
	"io"

	"paperlab/tracker"
)

// mood is how a store takes a call that writes.
type mood int

const (
	works   mood = iota
	refuses      // as one does whose disk is full
	forgets      // to say that it has done it: its server went away between the commit and the answer
)

// moody is a store that takes each call as next says.
type moody struct {
	tracker.Store
	next func() mood
}

func (m *moody) take(do func() error) error {
	switch m.next() {
	case refuses:
		return &tracker.Error{Op: "write", Err: tracker.ErrFull}
	case forgets:
		if err := do(); err != nil {
			return err
		}
		return &tracker.Error{Op: "write", Err: io.ErrUnexpectedEOF}
	}
	return do()
}

func (m *moody) Log(ctx context.Context, run string, samples []tracker.Sample) error {
	return m.take(func() error { return m.Store.Log(ctx, run, samples) })
}

func (m *moody) AddText(ctx context.Context, run string, text tracker.Text) error {
	return m.take(func() error { return m.Store.AddText(ctx, run, text) })
}

func (m *moody) AddTable(ctx context.Context, run string, table tracker.Table) error {
	return m.take(func() error { return m.Store.AddTable(ctx, run, table) })
}

func (m *moody) AddHistogram(ctx context.Context, run string, h tracker.Histogram) error {
	return m.take(func() error { return m.Store.AddHistogram(ctx, run, h) })
}

func (m *moody) AddImage(ctx context.Context, run string, i tracker.Image, content io.Reader) (added tracker.Image, err error) {
	err = m.take(func() error {
		added, err = m.Store.AddImage(ctx, run, i, content)
		return err
	})
	return added, err
}

func (m *moody) UpdateRun(ctx context.Context, id string, change func(*tracker.Run) error) (run *tracker.Run, err error) {
	err = m.take(func() error {
		run, err = m.Store.UpdateRun(ctx, id, change)
		return err
	})
	return run, err
}
