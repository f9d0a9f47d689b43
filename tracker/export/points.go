package export

import (
	"context"

	"paperlab/tracker"
)

// eachPiece calls do with the points of the runs with these IDs, by run, key and context, oldest session first, a piece
// of a series at a time, and returns how many there were.
func eachPiece(
	ctx context.Context, store tracker.Reader, ids []string, do func(*tracker.Run, tracker.Series, []tracker.Point) error,
) (points int64, err error) {
	for _, id := range ids {
		run, err := store.Run(ctx, id)
		if err != nil {
			return points, err
		}
		all, err := store.Series(ctx, id)
		if err != nil {
			return points, err
		}
		for _, series := range all {
			err := store.EachPoints(ctx, id, series.Key, series.Context, func(piece []tracker.Point) error {
				points += int64(len(piece))
				if err := do(run, series, piece); err != nil {
					return err
				}
				return ctx.Err()
			})
			if err != nil {
				return points, err
			}
		}
	}
	return points, nil
}
