package figure_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/tracker"
	"paperlab/tracker/figure"
	"paperlab/tracker/runs"
	"paperlab/tracker/storetest"
)

// training logs a run of ten steps, two an epoch, and returns its ID.
func training(t *testing.T, store tracker.Store, name string, values ...string) string {
	t.Helper()
	run, err := runs.Start(t.Context(), store, runs.Options{Name: name})
	if err != nil {
		t.Fatal(err)
	}
	for step := int64(1); step <= 10; step++ {
		point := map[string]float64{}
		for _, key := range values {
			point[key] = 3 / float64(step)
		}
		if _, epochs := point["train/epoch"]; epochs {
			point["train/epoch"] = float64(step) / 2
		}
		if err := run.Log(t.Context(), step, point); err != nil {
			t.Fatal(err)
		}
	}
	if err := run.Finish(t.Context(), tracker.Finished); err != nil {
		t.Fatal(err)
	}
	return run.ID()
}

func TestEveryFigureOfARunIsDrawnInEveryFormat(t *testing.T) {
	store := storetest.New(t)
	full := training(t, store, "full", "train/loss", "eval/loss", "train/learning_rate", "train/grad_norm", "process/memory_mb", "train/epoch")
	bare := training(t, store, "bare", "train/loss")
	for _, kind := range figure.Kinds() {
		for ending, magic := range map[string]string{".png": "\x89PNG", ".svg": "<?xml", ".pdf": "%PDF"} {
			path := filepath.Join(t.TempDir(), string(kind)+ending)
			if err := figure.Save(t.Context(), store, kind, []string{full, bare}, figure.Options{}, path); err != nil {
				t.Errorf("%s%s: %v", kind, ending, err)
				continue
			}
			if data, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(data, []byte(magic)) {
				t.Errorf("%s%s begins with %q, %v", kind, ending, data[:min(8, len(data))], err)
			}
		}
	}
}

func TestTheAxisCountsEpochsWhereTheyWereLogged(t *testing.T) {
	store := storetest.New(t)
	full := training(t, store, "full", "train/loss", "train/epoch")
	p, err := figure.Draw(t.Context(), store, figure.Loss, []string{full}, figure.Options{Epochs: true})
	if err != nil {
		t.Fatal(err)
	}
	if p.X.Label.Text != "epoch" || p.X.Max > 6 {
		t.Errorf("axis %q up to %v, want epochs up to 5", p.X.Label.Text, p.X.Max)
	}
	bare := training(t, store, "bare", "train/loss")
	if _, err := figure.Draw(t.Context(), store, figure.Loss, []string{bare}, figure.Options{Epochs: true}); err == nil || !strings.Contains(err.Error(), "train/epoch") {
		t.Errorf("a run without epochs: %v", err)
	}
}

func TestWhatCannotBeDrawnIsAnError(t *testing.T) {
	store := storetest.New(t)
	id := training(t, store, "run", "train/loss")
	if _, err := figure.Draw(t.Context(), store, "pie", []string{id}, figure.Options{}); err == nil {
		t.Error("an unknown figure was drawn")
	}
	if _, err := figure.Draw(t.Context(), store, figure.Loss, []string{"01arz3ndektsv4rrffq69g5fav"}, figure.Options{}); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an unknown run: %v", err)
	}
}

func TestAnySeriesIsDrawn(t *testing.T) {
	store := storetest.New(t)
	full, bare := training(t, store, "full", "rouge/rouge1"), training(t, store, "bare", "train/loss")
	p, err := figure.Series(t.Context(), store, "rouge/rouge1", []string{full, bare}, figure.Options{LogX: true, Smoothing: 0.5, TimeWeighted: true})
	if err != nil || p.Y.Label.Text != "rouge/rouge1" || p.Y.Max < 3 {
		t.Fatalf("%+v, %v", p, err)
	}
	var svg bytes.Buffer
	if err := figure.Write(&svg, p, "svg"); err != nil || !strings.Contains(svg.String(), ">full<") {
		t.Errorf("%v", err)
	}
	path := filepath.Join(t.TempDir(), "rouge.pdf")
	if err := figure.SaveAs(p, figure.Options{}, path); err != nil {
		t.Error(err)
	}
	if _, err := figure.Series(t.Context(), store, "rouge/rouge1", []string{"01arz3ndektsv4rrffq69g5fav"}, figure.Options{}); !errors.Is(err, tracker.ErrNotFound) {
		t.Errorf("an unknown run: %v", err)
	}
}

func TestRougeIsDrawnByEpochOrByRun(t *testing.T) {
	store := storetest.New(t)
	full := training(t, store, "full", "train/epoch", "eval/rouge1", "eval/rougeL")
	final := training(t, store, "final", "rouge/rouge1")
	late, err := runs.Start(t.Context(), store, runs.Options{Name: "late"})
	if err != nil {
		t.Fatal(err)
	}
	// The evaluation at the end of an epoch comes after the last step whose loss was logged.
	if err := errors.Join(late.Log(t.Context(), 8, map[string]float64{"train/epoch": 4}), late.Log(t.Context(), 10, map[string]float64{"rouge/rouge1": 0.5})); err != nil {
		t.Fatal(err)
	}
	if err := late.Finish(t.Context(), tracker.Finished); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		ids  []string
		want []string
	}{
		{[]string{full}, []string{"epoch 0.5", "epoch 5", "rouge1", "rougeL", "F-measure"}},
		{[]string{final}, []string{"step 1", "step 10", "rouge1"}},
		{[]string{late.ID()}, []string{"epoch 5", "rouge1"}},
		{[]string{full, final}, []string{"rouge1", "rougeL", "full", "final"}},
	} {
		p, err := figure.Draw(t.Context(), store, figure.Rouge, c.ids, figure.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var svg bytes.Buffer
		if err := figure.Write(&svg, p, "svg"); err != nil {
			t.Fatal(err)
		}
		for _, text := range c.want {
			if !strings.Contains(svg.String(), ">"+text+"<") {
				t.Errorf("%q is missing", text)
			}
		}
		if strings.Contains(svg.String(), ">rougeLsum<") {
			t.Error("a measure has a place that no run logged")
		}
	}
}
