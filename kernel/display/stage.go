package display

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// stage is where the displays of a cell go, and what of them is yet to be drawn.
type stage struct {
	publisher Publisher
	mu        sync.Mutex
	open      []flusher
}

// flusher is something shown whose newest state may not be drawn.
type flusher interface{ Flush() error }

func stageFrom(ctx context.Context) *stage {
	if s, ok := ctx.Value(stageKey{}).(*stage); ok {
		return s
	}
	return &stage{publisher: nowhere{}}
}

func (s *stage) add(f flusher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = append(s.open, f)
}

func (s *stage) remove(f flusher) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.open, f); i >= 0 {
		s.open = slices.Delete(s.open, i, i+1)
	}
}

// Flush draws the newest state of everything that was shown with this context. A kernel calls it when a cell is done,
// before it says so; what an interrupted cell has not brought to its end then says that it was interrupted.
func Flush(ctx context.Context) (err error) {
	s := stageFrom(ctx)
	s.mu.Lock()
	open := slices.Clone(s.open)
	s.mu.Unlock()
	for _, f := range open {
		err = errors.Join(err, f.Flush())
	}
	return err
}
