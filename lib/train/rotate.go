package train

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// rotate removes the oldest checkpoints but for limit of them, as Trainer of transformers does: the best stays whatever its age, and
// the newest stays even where limit is 1 and the best is another. A limit of 0 keeps all. (At the very end Trainer saves once before the
// last evaluation of an epoch and once after it, and the first time still keeps the best of then: where the last evaluation is the
// best, it may have kept an older checkpoint in place of the newest but one. Here the best of the end counts.)
func (f *folder) rotate(limit int, best string) error {
	steps, err := stepsIn(f.dir)
	if err != nil || limit == 0 {
		return err
	}
	n, bestStep := len(steps), f.stepOf(best)
	if i := slices.Index(steps, bestStep); i >= 0 && i < n-1 {
		// The best counts as the newest but one.
		steps = slices.Insert(slices.Delete(steps, i, i+1), n-2, bestStep)
		limit = max(limit, 2)
	}
	return f.remove(steps[:max(0, n-limit)])
}

// keepOnly removes all checkpoints but one of them, as Trainer does after a training with a limit of 1.
func (f *folder) keepOnly(checkpoint string) error {
	steps, err := stepsIn(f.dir)
	kept := f.stepOf(checkpoint)
	if err != nil || kept < 0 {
		return err
	}
	return f.remove(slices.DeleteFunc(steps, func(step int) bool { return step == kept }))
}

// remove takes checkpoints away so that none is ever seen half: each is moved first.
func (f *folder) remove(steps []int) error {
	for _, step := range steps {
		going, err := os.MkdirTemp(f.dir, partialPrefix)
		if err == nil {
			err = errors.Join(os.Rename(f.checkpoint(step), filepath.Join(going, "checkpoint")), os.RemoveAll(going))
		}
		if err != nil {
			return fmt.Errorf("train: remove %s: %w", f.checkpoint(step), err)
		}
	}
	return nil
}
