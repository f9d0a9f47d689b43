package cli

import (
	"context"
	"errors"

	"paperlab/tracker"
)

// kept is what a run logged beside numbers: artifacts, and how many there are of each key of the others.
type kept struct {
	texts, tables, images, histograms map[string]int
	artifacts                         []tracker.Artifact
}

func readKept(ctx context.Context, store tracker.Store, id string) (*kept, error) {
	texts, err1 := store.Texts(ctx, id, "")
	tables, err2 := store.Tables(ctx, id, "")
	images, err3 := store.Images(ctx, id, "")
	histograms, err4 := store.Histograms(ctx, id, "")
	artifacts, err5 := store.Artifacts(ctx, id)
	return &kept{
		texts:      counts(texts, func(t tracker.Text) string { return t.Key }),
		tables:     counts(tables, func(t tracker.Table) string { return t.Key }),
		images:     counts(images, func(i tracker.Image) string { return i.Key }),
		histograms: counts(histograms, func(h tracker.Histogram) string { return h.Key }),
		artifacts:  artifacts,
	}, errors.Join(err1, err2, err3, err4, err5)
}

// counts is nil for nothing.
func counts[T any](all []T, key func(T) string) map[string]int {
	var found map[string]int
	for _, one := range all {
		if found == nil {
			found = map[string]int{}
		}
		found[key(one)]++
	}
	return found
}
