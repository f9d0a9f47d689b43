package runs

import (
	"context"
	"fmt"
	"strings"

	"paperlab/tracker"
)

// Find returns the ID of the run that a person means: by its ID, by the beginning of one ID only, or by a name, of which the run that
// started last is meant. It fails with tracker.ErrNotFound where there is none.
func Find(ctx context.Context, store tracker.Store, what string) (string, error) {
	all, err := store.Runs(ctx, tracker.RunFilter{})
	if err != nil {
		return "", err
	}
	var begin []string
	for _, run := range all {
		switch {
		case run.ID == strings.ToLower(what):
			return run.ID, nil
		case strings.HasPrefix(run.ID, strings.ToLower(what)):
			begin = append(begin, run.ID)
		}
	}
	for _, run := range all {
		if run.Name == what {
			return run.ID, nil
		}
	}
	switch len(begin) {
	case 1:
		return begin[0], nil
	case 0:
		return "", fmt.Errorf("run %q: no run has this ID or name: %w", what, tracker.ErrNotFound)
	}
	return "", fmt.Errorf("run %q: %d runs have IDs that begin so, such as %s and %s (give more of it)", what, len(begin), begin[0], begin[1])
}
