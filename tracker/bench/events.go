package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"paperlab/tracker/tfevents"
)

// writeEvents writes 100,000 scalars into an event file, as far as the system takes them. The seconds are those of one.
func writeEvents(_ context.Context, folder string) (r result, err error) {
	r.Seconds, err = best(many, func() error { return writeFile(folder) })
	return r, err
}

func writeFile(folder string) (err error) {
	now := time.Now()
	file, err := os.Create(filepath.Join(folder, tfevents.FileName(now, "bench", "1")))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	w, err := tfevents.NewWriter(file, now)
	if err != nil {
		return err
	}
	for step := range many {
		if err := w.Scalar("loss", int64(step), now, valueAt(step)); err != nil {
			return err
		}
	}
	return nil
}

// readEvents reads such a file. The answer is how many scalars are in it, and their sum.
func readEvents(ctx context.Context, folder string) (r result, err error) {
	if err := writeFile(folder); err != nil {
		return r, err
	}
	r.Seconds, err = best(many, func() error {
		r.Answer = []float64{0, 0}
		return tfevents.OpenFolder(folder).Read(ctx, func(_ int, event tfevents.Event) error {
			for _, v := range event.Values {
				if scalar, ok := v.Data.(tfevents.Scalar); ok {
					r.Answer[0]++
					r.Answer[1] += float64(scalar)
				}
			}
			return nil
		})
	})
	return r, err
}
