package export

import (
	"context"
	"fmt"
	"io"

	"paperlab/tracker"
	"paperlab/tracker/tfevents"
)

func writeTexts(ctx context.Context, store tracker.Reader, run string, w *tfevents.Writer) error {
	texts, err := store.Texts(ctx, run, "")
	if err != nil {
		return err
	}
	for _, t := range texts {
		if err := w.Text(t.Key, t.Step, t.Time, t.Body); err != nil {
			return err
		}
	}
	return nil
}

// maxImage is the largest image that is written: TensorBoard holds all it shows in memory.
const maxImage = 64 << 20

func writeImages(ctx context.Context, store tracker.Reader, run string, w *tfevents.Writer) error {
	images, err := store.Images(ctx, run, "")
	if err != nil {
		return err
	}
	for _, i := range images {
		content, err := readImage(ctx, store, i)
		if err != nil {
			return err
		}
		if err := w.Image(i.Key, i.Step, i.Time, tfevents.Image{Width: i.Width, Height: i.Height, Content: content}); err != nil {
			return err
		}
	}
	return nil
}

func readImage(ctx context.Context, store tracker.Reader, i tracker.Image) ([]byte, error) {
	if i.Size > maxImage {
		return nil, fmt.Errorf("%w image %s: %d bytes, at most %d go into an event file", tracker.ErrInvalid, i.Key, i.Size, maxImage)
	}
	content, err := store.OpenArtifact(ctx, i.Hash)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return io.ReadAll(content)
}

func writeHistograms(ctx context.Context, store tracker.Reader, run string, w *tfevents.Writer) error {
	histograms, err := store.Histograms(ctx, run, "")
	if err != nil {
		return err
	}
	for _, h := range histograms {
		if err := w.Histogram(h.Key, h.Step, h.Time, tfevents.Histogram{Edges: h.Edges, Counts: h.Counts}); err != nil {
			return err
		}
	}
	return nil
}
