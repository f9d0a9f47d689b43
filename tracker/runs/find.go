package runs

import (
	"context"
	"fmt"
	"strings"

	"paperlab/tracker"
)

// Find returns the ID of the run that a person means: by its ID, by the beginning of one ID only, or by a name, of which
// the run that started last is meant. It fails with [tracker.ErrNotFound] where there is none, and with
// [tracker.ErrInvalid] where several IDs begin so.
func Find(ctx context.Context, store tracker.Store, what string) (string, error) {
	if id, err := tracker.ParseID(what); err == nil {
		if _, err := store.Run(ctx, id); err == nil {
			return id, nil
		}
	}
	all, err := store.Runs(ctx, tracker.RunFilter{})
	if err != nil {
		return "", err
	}
	var begin []string
	for _, run := range all {
		if run.Name == what {
			return run.ID, nil
		}
		if what != "" && strings.HasPrefix(run.ID, strings.ToLower(what)) {
			begin = append(begin, run.ID)
		}
	}
	missing := &tracker.Error{Op: "find run", On: what, Err: tracker.ErrNotFound, Advice: "paperlab runs ls lists the runs"}
	switch len(begin) {
	case 0:
		return "", missing
	case 1:
		return begin[0], nil
	}
	missing.Err = fmt.Errorf("%w beginning of an ID: %d begin so, such as %s and %s", tracker.ErrInvalid, len(begin), begin[0], begin[1])
	missing.Advice = "give more of it"
	return "", missing
}
