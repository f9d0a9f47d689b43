package postgres

import (
	"context"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"paperlab/tracker"
)

// AddImage adds an image to the run; its content is kept with those of the artifacts.
func (s *Store) AddImage(ctx context.Context, run string, image tracker.Image, content io.Reader) (tracker.Image, error) {
	const op = "add image to run"
	if err := image.Normalize(); err != nil {
		return tracker.Image{}, explain(op, run, err)
	}
	err := s.withContent(ctx, op, run, content, func(tx pgx.Tx, seq int64, c *incoming) error {
		image.Hash, image.Size = c.hash, c.size
		_, err := tx.Exec(ctx, `
			INSERT INTO images (run, key, step, time, session, mime, width, height, caption, hash, size)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
			seq, image.Key, image.Step, image.Time.UnixMilli(), image.Session, image.MIME, image.Width, image.Height,
			image.Caption, image.Hash, image.Size)
		return err
	})
	if err != nil {
		return tracker.Image{}, err
	}
	return image, nil
}

// Images returns the run's images with this key, or all of them.
func (r reader) Images(ctx context.Context, run, key string) ([]tracker.Image, error) {
	const columns = "mime, width, height, caption, hash, size"
	return entries(ctx, r, "list images of run", run, key, "images", columns, func(row pgx.Row) (i tracker.Image, err error) {
		var at pgtype.Int8
		err = row.Scan(&i.Key, &i.Step, &at, &i.Session, &i.MIME, &i.Width, &i.Height, &i.Caption, &i.Hash, &i.Size)
		i.Time = timeOf(at)
		return i, err
	})
}
