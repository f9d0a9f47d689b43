package live_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"paperlab/kernel/display"
	"paperlab/kernel/live"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// screen is a publisher that keeps what each display shows now.
type screen struct {
	mu       sync.Mutex
	messages int
	order    []string
	shown    map[string]display.Bundle
	err      error
}

func (s *screen) Publish(m display.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.messages++
	if m.Kind == display.DisplayData {
		s.order = append(s.order, m.DisplayID)
	}
	if s.shown == nil {
		s.shown = map[string]display.Bundle{}
	}
	s.shown[m.DisplayID] = m.Bundle
	return nil
}

var rule = regexp.MustCompile("─+")

// text returns what the display that was shown i-th shows.
func (s *screen) text(i int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i >= len(s.order) {
		return ""
	}
	return rule.ReplaceAllString(fmt.Sprint(s.shown[s.order[i]].Data["text/plain"]), "──")
}

// play tells a hook of scripted events, a second apart.
func play(t *testing.T, ctx context.Context, hook train.Hook, events ...train.Event) {
	t.Helper()
	for _, e := range events {
		if err := hook(ctx, e); err != nil {
			t.Fatalf("%T: %v", e, err)
		}
		time.Sleep(time.Second)
	}
}

func step(n int) train.Step {
	return train.Step{Step: n, Epoch: float64(n) / 4, Loss: 4 / float64(n), LearningRate: 5e-5}
}

func logged(n int) train.Logged {
	return train.Logged{Step: n, Epoch: float64(n) / 4, Loss: 4 / float64(n)}
}

func evaluated(n int, loss float64, best bool) train.Evaluated {
	return train.Evaluated{Step: n, Epoch: float64(n) / 4, Loss: loss, TrainingLoss: 4 / float64(n), Best: best, Metrics: map[string]float64{"token_loss": loss / 2}}
}

func TestATrainingIsShownAsItGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx, hook := display.WithPublisher(t.Context(), s), live.Training()

		play(t, ctx, hook, train.Started{Config: train.Config{LogEvery: 2}, Steps: 8})
		if want := "training  [--------------------]  0/8 (0%)"; s.text(0) != want {
			t.Errorf("at the start:\n%s\nwant\n%s", s.text(0), want)
		}

		play(t, ctx, hook, step(1), step(2), logged(2))
		want := `training  [#####---------------]  2/8 (25%)  1/s, 6s left  epoch 0.50, loss 2, learning rate 5e-05
step  epoch  training loss
──
   2    0.5       2.000000`
		if got := strings.ReplaceAll(s.text(0), "0.667/s", "1/s"); !strings.HasSuffix(got, want[strings.Index(want, "epoch 0.50"):]) {
			t.Errorf("before the first evaluation:\n%s\nwant\n%s", got, want)
		}
		if s.text(1) != "" {
			t.Errorf("a curve of one point: %s", s.text(1))
		}

		play(t, ctx, hook, step(3), step(4), logged(4), evaluated(4, 1.5, true), train.Saved{Step: 4, Dir: "out/checkpoint-4", Best: true},
			step(5), step(6), logged(6), step(7), step(8), logged(8), evaluated(8, 1.75, false))
		want = `step  epoch  training loss  validation loss  token loss
──
   4      1       1.000000         1.500000    0.750000  best
   8      2       0.500000         1.750000    0.875000`
		if !strings.HasSuffix(s.text(0), want) {
			t.Errorf("after two evaluations:\n%s\nwant\n%s", s.text(0), want)
		}
		if want := "plot of loss (0.425 to 2.08) against step (2 to 8)"; s.text(1) != want {
			t.Errorf("the curve is %s, want %s", s.text(1), want)
		}

		play(t, ctx, hook, train.Measured{Step: 8, Metrics: map[string]float64{"test/loss": 1.6, "rouge/rouge1": 0.25}},
			train.Finished{Result: train.Result{Steps: 8, BestLoss: 1.5, Best: "out/checkpoint-4"}})
		want = `training  [####################]  8/8 (100%)  0.5/s, in 16s
step  epoch  training loss  validation loss  token loss
──
   4      1       1.000000         1.500000    0.750000  best
   8      2       0.500000         1.750000    0.875000
the best model
metric           value
──
rouge/rouge1  0.250000
test/loss     1.600000
best validation loss 1.5, saved in out/checkpoint-4`
		if got := regexp.MustCompile(`[^ ]*/s, in \w+|[^ ]* each, in \w+`).ReplaceAllString(s.text(0), "0.5/s, in 16s"); got != want {
			t.Errorf("in the end:\n%s\nwant\n%s", got, want)
		}
		if len(s.order) != 2 {
			t.Errorf("%d displays", len(s.order))
		}
		b := s.shown[s.order[1]]
		if b.Data["image/svg+xml"] == nil || b.Data["image/png"] == nil || s.shown[s.order[0]].Data["text/html"] == nil {
			t.Error("no picture or no page")
		}
	})
}

func TestHowATrainingEnds(t *testing.T) {
	for _, test := range []struct {
		name string
		end  train.Finished
		want []string
	}{
		{"interrupted", train.Finished{Result: train.Result{Steps: 3, Checkpoint: "out/checkpoint-3"}, Err: fmt.Errorf("train: step 3: %w", context.Canceled)},
			[]string{"  interrupted\n", "\ninterrupted at step 3; to go on, resume from out/checkpoint-3"}},
		{"interrupted without checkpoints", train.Finished{Result: train.Result{Steps: 3}, Err: context.Canceled}, []string{"\ninterrupted at step 3"}},
		{"failed", train.Finished{Err: errors.New("train: the loss is NaN at step 3")}, []string{"  failed\n", "\ntrain: the loss is NaN at step 3"}},
		{"without a validation set", train.Finished{Result: train.Result{Steps: 8, BestLoss: math.NaN()}}, []string{"3/8 (37%)"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &screen{}
			play(t, display.WithPublisher(t.Context(), s), live.Training(),
				train.Started{Steps: 8, Step: 2, Resumed: "out/checkpoint-2", Broken: []error{errors.New("out/checkpoint-3: cut short")}}, step(3), test.end)
			for _, want := range append(test.want, "resumed at step 2 from out/checkpoint-2", "passed over: out/checkpoint-3: cut short") {
				if !strings.Contains(s.text(0), want) {
					t.Errorf("%s: no %q in\n%s", test.name, want, s.text(0))
				}
			}
		})
	}
}

func TestATrainingThatCannotStartShowsNothing(t *testing.T) {
	s := &screen{}
	ctx := display.WithPublisher(t.Context(), s)
	if err := live.Training()(ctx, train.Finished{Err: errors.New("no data")}); err != nil || s.messages != 0 {
		t.Errorf("%d messages, %v", s.messages, err)
	}
	if err := live.Training()(t.Context(), train.Started{Steps: 8}); !errors.Is(err, display.ErrNoNotebook) {
		t.Errorf("without a notebook: %v", err)
	}
}

func TestADisplayThatFailsEndsNoTraining(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx, hook := display.WithPublisher(t.Context(), s), live.Training()
		play(t, ctx, hook, train.Started{Steps: 8}, step(1))
		gone := errors.New("gone")
		s.mu.Lock()
		s.err = gone
		s.mu.Unlock()
		play(t, ctx, hook, step(2), logged(2), step(3), logged(3), evaluated(3, 1, true))
		if err := hook(ctx, train.Finished{}); !errors.Is(err, gone) {
			t.Errorf("in the end: %v", err)
		}
	})
}

func TestALongTrainingShowsItsLastRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &screen{}
		ctx, hook := display.WithPublisher(t.Context(), s), live.Training()
		play(t, ctx, hook, train.Started{Config: train.Config{LogEvery: 1}, Steps: 1000})
		for n := 1; n <= 1000; n++ {
			for _, e := range []train.Event{step(n), logged(n)} {
				if err := hook(ctx, e); err != nil {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Millisecond)
		}
		play(t, ctx, hook, train.Finished{Result: train.Result{Steps: 1000}})
		text := s.text(0)
		if !strings.Contains(text, "the last 20 of 1000 logged losses") || strings.Contains(text, "\n 980 ") || !strings.Contains(text, "\n 981 ") || !strings.Contains(text, "\n1000 ") {
			t.Errorf("it shows\n%s", text)
		}
		if s.messages > 20 {
			t.Errorf("%d messages in a second", s.messages)
		}
	})
}

func TestARealTrainingIsShown(t *testing.T) {
	s := &screen{}
	ctx, interrupt := context.WithCancel(display.WithPublisher(t.Context(), s))
	defer interrupt()
	model, err := newScale()
	if err != nil {
		t.Fatal(err)
	}
	defer model.parameters.Close()
	task := train.Task[*tensor.Tensor]{Model: model, Training: numbers(8), Validation: numbers(3)}
	cfg := train.Config{Epochs: 50, BatchSize: 4, LearningRate: 0.01, LogEvery: 1, Output: t.TempDir(), SaveLimit: 1}
	stop := func(_ context.Context, e train.Event) error {
		if e, ok := e.(train.Step); ok && e.Step == 5 {
			interrupt()
		}
		return nil
	}
	if _, err := train.Fit(ctx, task, cfg, live.Training(), stop); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	for _, want := range []string{"5/100 (5%)", "interrupted at step 5; to go on, resume from ", "validation loss", "   4      2 "} {
		if !strings.Contains(s.text(0), want) {
			t.Errorf("no %q in\n%s", want, s.text(0))
		}
	}
	if !strings.HasPrefix(s.text(1), "plot of loss (") || !strings.HasSuffix(s.text(1), "against step (1 to 5)") {
		t.Errorf("the curve is %s", s.text(1))
	}
}
