package runs

import (
	"bytes"
	"context"
	"fmt"
	"image"
	_ "image/gif"  // to be recognized
	_ "image/jpeg" // to be recognized
	"image/png"

	"paperlab/tracker"
)

// Table adds a small table, such as a few papers with the summaries generated for them. A cell is nil, a bool, a number or a text.
func (r *Run) Table(ctx context.Context, key string, step int64, columns []string, rows [][]any) error {
	table := tracker.Table{Key: key, Step: step, Time: r.clock(), Session: r.session, Columns: columns, Rows: rows}
	return r.put(ctx, "add table to run", line{Table: &table})
}

// Image adds a picture, as PNG. The caption may be empty.
func (r *Run) Image(ctx context.Context, key string, step int64, picture image.Image, caption string) error {
	const op = "add image to run"
	if picture == nil {
		return &tracker.Error{Op: op, On: r.id, Err: fmt.Errorf("%w image %s: it is nil", tracker.ErrInvalid, key)}
	}
	var content bytes.Buffer
	if err := png.Encode(&content, picture); err != nil {
		return &tracker.Error{Op: op, On: r.id, Err: fmt.Errorf("%w image %s: %w", tracker.ErrInvalid, key, err)}
	}
	return r.ImageFile(ctx, key, step, content.Bytes(), caption)
}

// ImageFile adds a picture by the content of its PNG, JPEG or GIF file. The caption may be empty.
func (r *Run) ImageFile(ctx context.Context, key string, step int64, content []byte, caption string) error {
	const op = "add image to run"
	config, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil {
		return &tracker.Error{Op: op, On: r.id, Err: fmt.Errorf("%w image %s: %w", tracker.ErrInvalid, key, err), Advice: "give a PNG, JPEG or GIF file"}
	}
	picture := &picture{Content: content, Image: tracker.Image{
		Key: key, Step: step, Time: r.clock(), Session: r.session,
		MIME: "image/" + format, Width: config.Width, Height: config.Height, Caption: caption,
	}}
	return r.put(ctx, op, line{Image: picture})
}

// Histogram adds the distribution of values in so many bins of equal width, or in as many as suit them where bins is 0: see [Bins].
// NaN and infinities are not counted.
func (r *Run) Histogram(ctx context.Context, key string, step int64, values []float64, bins int) error {
	edges, counts := Bins(values, bins)
	return r.HistogramCounts(ctx, key, step, edges, counts)
}

// HistogramCounts adds a histogram that was counted already: how much lies between each edge and the next.
func (r *Run) HistogramCounts(ctx context.Context, key string, step int64, edges, counts []float64) error {
	histogram := tracker.Histogram{Key: key, Step: step, Time: r.clock(), Session: r.session, Edges: edges, Counts: counts}
	return r.put(ctx, "add histogram to run", line{Histogram: &histogram})
}
