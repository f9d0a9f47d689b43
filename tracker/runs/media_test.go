package runs_test

import (
	"bytes"
	"errors"
	"image"
	"image/jpeg"
	"io"
	"math"
	"reflect"
	"slices"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/runs"
)

func TestPicturesTablesAndHistogramsAreLogged(t *testing.T) {
	store, ctx := open(t), t.Context()
	run := start(t, store, runs.Options{})
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 4)), nil); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"Image":     run.Image(ctx, "attention", 1, image.NewGray(image.Rect(0, 0, 3, 2)), "first layer"),
		"ImageFile": run.ImageFile(ctx, "photo", 1, photo.Bytes(), ""),
		"Table":     run.Table(ctx, "summaries", 1, []string{"paper", "rouge"}, [][]any{{"a", 0.5}, {"b", math.NaN()}}),
		"Histogram": run.Histogram(ctx, "gradients", 1, []float64{0, 1, 2, 2, math.NaN()}, 2),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	images, err := store.Images(ctx, run.ID(), "")
	if err != nil || len(images) != 2 {
		t.Fatalf("got %v, %v", images, err)
	}
	slices.SortFunc(images, func(a, b tracker.Image) int { return a.Width - b.Width })
	if i := images[0]; i.MIME != "image/png" || i.Width != 3 || i.Height != 2 || i.Caption != "first layer" || i.Step != 1 || i.Session != 1 {
		t.Errorf("got %+v", i)
	}
	if i := images[1]; i.MIME != "image/jpeg" || i.Width != 8 || i.Height != 4 || i.Size != int64(photo.Len()) {
		t.Errorf("got %+v", i)
	}
	content, err := store.OpenArtifact(ctx, images[1].Hash)
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	if got, err := io.ReadAll(content); err != nil || !bytes.Equal(got, photo.Bytes()) {
		t.Errorf("the photo came back as %d bytes, %v", len(got), err)
	}
	tables, err := store.Tables(ctx, run.ID(), "summaries")
	if err != nil || len(tables) != 1 || tables[0].Rows[0][1] != 0.5 {
		t.Errorf("got %v, %v", tables, err)
	}
	histograms, err := store.Histograms(ctx, run.ID(), "gradients")
	if err != nil || len(histograms) != 1 || !reflect.DeepEqual(histograms[0].Counts, []float64{1, 3}) {
		t.Errorf("got %v, %v", histograms, err)
	}
}

func TestWhatIsNoPictureTableOrHistogramIsRefused(t *testing.T) {
	run, ctx := start(t, open(t), runs.Options{}), t.Context()
	for name, err := range map[string]error{
		"no picture":            run.ImageFile(ctx, "i", 1, []byte("<svg/>"), ""),
		"nil":                   run.Image(ctx, "i", 1, nil, ""),
		"a picture of nothing":  run.Image(ctx, "i", 1, image.NewGray(image.Rect(0, 0, 0, 0)), ""),
		"a row that is short":   run.Table(ctx, "t", 1, []string{"a", "b"}, [][]any{{1}}),
		"a list in a cell":      run.Table(ctx, "t", 1, []string{"a"}, [][]any{{[]int{1}}}),
		"edges that fall":       run.HistogramCounts(ctx, "h", 1, []float64{1, 0}, []float64{1}),
		"an empty key":          run.Histogram(ctx, "", 1, []float64{1}, 0),
		"a context of nonsense": run.LogBatch(ctx, []tracker.Sample{{Key: "x", Context: "?%"}}),
	} {
		if !errors.Is(err, tracker.ErrInvalid) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// The expected counts and edges are numpy.histogram's.
func TestBins(t *testing.T) {
	many := make([]float64, 1000)
	for i := range many {
		many[i] = float64(i%37) * float64(i%11)
	}
	for _, c := range []struct {
		name   string
		values []float64
		bins   int
		edges  []float64 // the first and the last
		counts []float64
	}{
		{"two bins, the last closed", []float64{0, 1, 2, 2}, 2, []float64{0, 2}, []float64{1, 3}},
		{"an edge belongs to the bin above", []float64{0, 1, 2, 3, 4}, 4, []float64{0, 4}, []float64{1, 1, 1, 2}},
		{"one value", []float64{5}, 0, []float64{4.5, 5.5}, []float64{1}},
		{"equal values in three bins", []float64{5, 5}, 3, []float64{4.5, 5.5}, []float64{0, 2, 0}},
		{"none", nil, 0, []float64{0, 1}, []float64{0}},
		{"what is no number", []float64{math.NaN(), math.Inf(1), 1, 2}, 2, []float64{1, 2}, []float64{1, 1}},
		{"the widest range", []float64{-math.MaxFloat64, math.MaxFloat64}, 2, []float64{-math.MaxFloat64, math.MaxFloat64}, []float64{1, 1}},
		{"as many as suit", many, 0, []float64{0, 360}, []float64{269, 145, 114, 87, 77, 62, 52, 49, 37, 29, 27, 19, 17, 9, 7}},
		{"as many as suit few", []float64{1, 2, 3, 4, 5, 6, 7, 8}, 0, []float64{1, 8}, []float64{2, 2, 2, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			edges, counts := runs.Bins(c.values, c.bins)
			if !reflect.DeepEqual(counts, c.counts) || edges[0] != c.edges[0] || edges[len(edges)-1] != c.edges[1] || len(edges) != len(counts)+1 {
				t.Errorf("got %v %v", edges, counts)
			}
		})
	}
	if _, counts := runs.Bins([]float64{0, 1e-300, 2e-300, 3e-300, 1e300}, 0); len(counts) > 512 {
		t.Errorf("%d bins", len(counts))
	}
}
