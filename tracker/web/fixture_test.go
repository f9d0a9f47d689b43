package web_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"paperlab/tracker"
)

// id makes the n-th run's identifier.
func id(n int) string { return fmt.Sprintf("01kn%022d", n) }

// addRun adds a finished run.
func addRun(t testing.TB, store tracker.Store, n int, name string, change func(*tracker.Run)) *tracker.Run {
	t.Helper()
	started := now.Add(-time.Duration(100-n) * time.Hour)
	run := &tracker.Run{
		ID: id(n), Project: "summarize", Name: name, Status: tracker.Finished, Started: started, Ended: started.Add(41 * time.Minute), Session: 1,
		Params: tracker.Params{"model": "flan-t5-small", "batch_size": int64(4), "epochs": int64(5), "warmup": 0.1},
		Tags:   map[string]string{},
	}
	if change != nil {
		change(run)
	}
	must(t, store.CreateRun(t.Context(), run))
	return run
}

// logSeries logs a value a step, every so many steps, three seconds a step.
func logSeries(t testing.TB, store tracker.Store, run *tracker.Run, key string, points, every int, value func(step float64) float64) {
	t.Helper()
	samples := make([]tracker.Sample, points)
	for i := range samples {
		step := (i + 1) * every
		samples[i] = tracker.Sample{Key: key, Point: tracker.Point{Step: int64(step), Time: run.Started.Add(time.Duration(step) * 3 * time.Second), Session: 1, Value: value(float64(step))}}
	}
	must(t, store.Log(t.Context(), run.ID, samples))
}

// study fills a store as a small study of learning rates does: twelve runs, of which one diverged and one crashed.
func study(t testing.TB, store tracker.Store) []*tracker.Run {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	var all []*tracker.Run
	for i, rate := range []float64{1e-5, 2e-5, 5e-5, 1e-4, 3e-4, 1e-3} {
		for seed := range 2 {
			n := i*2 + seed + 1
			run := addRun(t, store, n, fmt.Sprintf("t5-lr%g-seed%d", rate, seed+1), func(r *tracker.Run) {
				r.Params["lr"], r.Params["seed"] = rate, int64(seed+1)
				r.Group = fmt.Sprintf("lr %g", rate)
				if n == 11 {
					r.Status = tracker.Crashed
				}
			})
			train(t, store, run, rate, random, n == 12)
			all = append(all, run)
		}
	}
	return all
}

const steps = 800

func train(t testing.TB, store tracker.Store, run *tracker.Run, rate float64, random *rand.Rand, diverges bool) {
	t.Helper()
	speed, floor := 4*math.Sqrt(rate/5e-5), 1.9+0.25*math.Abs(math.Log10(rate/1e-4))
	loss := func(step float64) float64 { return floor + 2.2*math.Exp(-speed*step/steps) }
	logSeries(t, store, run, "train/loss", steps, 1, func(step float64) float64 {
		if diverges && step > 600 {
			return math.NaN()
		}
		return loss(step) + 0.18*random.NormFloat64()*math.Exp(-step/2/steps)
	})
	logSeries(t, store, run, "train/learning_rate", steps, 1, func(step float64) float64 {
		return rate * min(step/80, (steps-step)/(steps-80))
	})
	logSeries(t, store, run, "train/grad_norm", steps, 1, func(step float64) float64 {
		if diverges && step > 590 {
			return math.Inf(1)
		}
		return 1.2*math.Exp(random.NormFloat64()*0.3) + 2*math.Exp(-step/60)
	})
	logSeries(t, store, run, "train/epoch", steps, 1, func(step float64) float64 { return step * 5 / steps })
	logSeries(t, store, run, "eval/loss", 5, 160, func(step float64) float64 { return loss(step) + 0.22 + 0.02*random.Float64() })
	for i, kind := range []string{"rouge1", "rouge2", "rougeL"} {
		logSeries(t, store, run, "rouge/"+kind, 5, 160, func(step float64) float64 {
			return (0.42 - 0.13*float64(i)) * (1 - 0.55*math.Exp(-speed*step/steps*1.3)) * (2 / floor) * (1 + 0.01*random.Float64())
		})
	}
}

// detail gives a run everything that a run can have.
func detail(t testing.TB, store tracker.Store, run *tracker.Run) {
	t.Helper()
	_, err := store.UpdateRun(t.Context(), run.ID, func(r *tracker.Run) error {
		r.Notes = "Best of the sweep so far.\nWarm-up helps at this rate; try 8 epochs next."
		r.Tags = map[string]string{"best": "yes", "dataset": "arxiv-cs"}
		r.Source = tracker.Source{
			Command: "paperlab train summarize --model flan-t5-small --learning-rate 1e-4 --epochs 5", Dir: "/home/ada/papers", Commit: "8f3c2a91d0e4b7756a1c",
			Diff: "diff --git a/train.go b/train.go\nindex 83db48f..bf269f4 100644\n--- a/train.go\n+++ b/train.go\n@@ -12,7 +12,7 @@ func main() {\n \tconfig := train.Config{\n-\t\tLearningRate: 5e-5,\n+\t\tLearningRate: 1e-4,\n \t\tEpochs: 5,\n",
		}
		r.Machine = tracker.Machine{Host: "ada-desktop", CPU: "AMD Ryzen 9 9950X", GPU: "NVIDIA H100", Env: map[string]string{"go": "go1.26.8", "gonum.org/v1/plot": "v0.17.0", "libtorch": "2.1.2", "paperlab": "v1.0.0"}}
		return nil
	})
	must(t, err)
	for epoch := range 5 {
		step, at := int64((epoch+1)*160), run.Started.Add(time.Duration(epoch+1)*8*time.Minute)
		must(t, store.AddText(t.Context(), run.ID, tracker.Text{Key: "eval/summary", Step: step, Time: at, Session: 1, Body: fmt.Sprintf("We show that sparse attention (epoch %d) keeps the quality of the full one at a quarter of its memory, on three corpora of long documents.", epoch+1)}))
		must(t, store.AddTable(t.Context(), run.ID, tracker.Table{Key: "eval/summaries", Step: step, Time: at, Session: 1, Columns: []string{"name", "reference", "summary", "rouge1"}, Rows: [][]any{
			{"1706.03762", "The dominant sequence transduction models are based on recurrent networks; we propose the Transformer.", "We propose a network of attention alone.", 0.41 + 0.01*float64(epoch)},
			{"1910.10683", "Transfer learning has emerged as a powerful technique in natural language processing.", "Every language problem becomes text to text.", 0.37 + 0.01*float64(epoch)},
		}}))
		must(t, store.AddHistogram(t.Context(), run.ID, histogram(epoch, step, at)))
	}
	_, err = store.AddImage(t.Context(), run.ID, tracker.Image{Key: "attention", Step: 800, Time: run.Ended, Session: 1, MIME: "image/png", Width: 240, Height: 160, Caption: "layer 3, head 5"}, picture(t))
	must(t, err)
	must(t, store.AddConsole(t.Context(), run.ID, []tracker.Console{
		{Time: run.Started, Session: 1, Stream: "stderr", Text: "loading flan-t5-small\n"},
		{Time: run.Started, Session: 1, Stream: "stderr", Text: "epoch 1  10%\repoch 1  55%\repoch 1 100%\n"},
		{Time: run.Started, Session: 1, Stream: "stdout", Text: "eval loss 2.31, rouge1 0.389\nepoch 2 100%\neval loss 2.18, rouge1 0.402\n"},
	}))
	_, err = store.SaveArtifact(t.Context(), run.ID, "reports/summary.html", run.Ended, strings.NewReader("<script>document.title='taken over'</script>"))
	must(t, err)
	_, err = store.SaveArtifact(t.Context(), run.ID, "model/config.json", run.Ended, strings.NewReader(`{"d_model": 512}`))
	must(t, err)
	for i, source := range []string{"import \"paperlab/lib/train\"\n\nconfig := train.Config{LearningRate: 1e-4, Epochs: 5}", "result, err := train.Fit(ctx, task, config)"} {
		must(t, store.AddText(t.Context(), run.ID, tracker.Text{Key: "source/cell", Step: int64(i + 1), Time: run.Started, Session: 1, Body: source}))
	}
	logSeries(t, store, run, "system/cpu_percent", 240, 10, func(step float64) float64 { return 92 + 5*math.Sin(step/40) })
	for gpu, load := range []float64{93, 88} {
		var samples []tracker.Sample
		for i := range 240 {
			at := int64(i+1) * 10
			samples = append(samples, tracker.Sample{Key: "system/gpu_percent", Context: tracker.Context(fmt.Sprintf("gpu=%d", gpu)), Point: tracker.Point{
				Step: at, Time: run.Started.Add(time.Duration(at) * time.Second), Session: 1, Value: load + 4*math.Sin(float64(i)/3),
			}})
		}
		must(t, store.Log(t.Context(), run.ID, samples))
	}
	logSeries(t, store, run, "system/memory_mb", 240, 10, func(step float64) float64 { return 1800 + 500*(1-math.Exp(-step/200)) })
}

func histogram(epoch int, step int64, at time.Time) tracker.Histogram {
	h := tracker.Histogram{Key: "gradients/encoder", Step: step, Time: at, Session: 1}
	for i := range 41 {
		h.Edges = append(h.Edges, float64(i-20)/20)
	}
	for i := range 40 {
		x := (float64(i) - 19.5) / 20
		h.Counts = append(h.Counts, math.Round(1000*math.Exp(-x*x*float64(4+6*epoch))))
	}
	return h
}

func picture(t testing.TB) *bytes.Buffer {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 240, 160))
	for x := range 240 {
		for y := range 160 {
			v := uint8(255 * math.Exp(-math.Pow(float64(x)/240-float64(y)/160, 2)*20))
			img.Set(x, y, color.RGBA{R: v, G: uint8(int(v) * 2 / 3), B: 255 - v, A: 255})
		}
	}
	var b bytes.Buffer
	must(t, png.Encode(&b, img))
	return &b
}
