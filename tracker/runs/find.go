package runs

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"paperlab/tracker"
)

// Find returns the ID of the run that a person means:
//
//	01k0z6v8mhk2t6gq6v0wz3n5tb   its ID
//	01k0z6                       the beginning of one ID only
//	baseline                     its name; of several runs that have it, the one that started last
//	latest                       the run that started last
//	best(eval/loss)              the run in which that series came lowest; best(rouge/rouge1, max): highest
//
// It fails with [tracker.ErrNotFound] where there is none, and with [tracker.ErrInvalid] where several IDs begin so. A
// run in the bin is found by its ID only.
func Find(ctx context.Context, store tracker.Store, what string) (string, error) {
	return find(ctx, store, what, tracker.RunFilter{})
}

// FindDeleted is [Find] among the runs in the bin.
func FindDeleted(ctx context.Context, store tracker.Store, what string) (string, error) {
	return find(ctx, store, what, tracker.RunFilter{Deleted: true})
}

var bestOf = regexp.MustCompile(`^best\(\s*(.+?)\s*(?:,\s*(min|max)\s*)?\)$`)

func find(ctx context.Context, store tracker.Store, what string, among tracker.RunFilter) (string, error) {
	if id, err := tracker.ParseID(what); err == nil {
		if run, err := store.Run(ctx, id); err == nil && (!among.Deleted || !run.Deleted.IsZero()) {
			return id, nil
		}
	}
	if alias := bestOf.FindStringSubmatch(what); alias != nil {
		return findBest(ctx, store, among, alias[1], alias[2] == "max")
	}
	all, err := store.Runs(ctx, among)
	if err != nil {
		return "", err
	}
	if what == "latest" && len(all) > 0 {
		return all[0].ID, nil
	}
	return findNamed(all, what, among)
}

func findBest(ctx context.Context, store tracker.Store, among tracker.RunFilter, key string, highest bool) (string, error) {
	if unquoted, err := strconv.Unquote(key); err == nil {
		key = unquoted
	}
	all, err := List(ctx, store, among)
	if err != nil {
		return "", err
	}
	choose := Best
	if highest {
		choose = Highest
	}
	best, err := choose(all, key)
	if err != nil {
		return "", err
	}
	return best.Run.ID, nil
}

func findNamed(all []*tracker.Run, what string, among tracker.RunFilter) (string, error) {
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
	if among.Deleted {
		missing.Op, missing.Advice = "find deleted run", "paperlab runs ls --deleted lists the runs that can be restored"
	}
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
