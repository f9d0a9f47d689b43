package train_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"paperlab/lib/train"
)

func TestEveryScheduleTrainsAsTrainers(t *testing.T) {
	var all []struct {
		Schedule    string
		WarmupSteps int     `json:"warmup_steps"`
		WarmupRatio float64 `json:"warmup_ratio"`
		Losses      []float64
		UsedRates   []float64 `json:"used_rates"`
		Logged      []int
		Evaluated   []struct {
			Step  int
			Epoch float64
			Loss  float64 `json:"eval_loss"`
		}
	}
	if err := json.Unmarshal(read(t, "testdata/schedules.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, want := range all {
		t.Run(fmt.Sprintf("%s, %d steps, ratio %v", want.Schedule, want.WarmupSteps, want.WarmupRatio), func(t *testing.T) {
			task := readGolden(t).task(t)
			cfg := trainers
			cfg.Schedule, cfg.WarmupSteps, cfg.WarmupRatio = want.Schedule, want.WarmupSteps, want.WarmupRatio
			cfg.LogEvery, cfg.EvalEvery = 0.1, 7
			var got recorder
			if _, err := train.Fit(t.Context(), task, cfg, got.hook); err != nil {
				t.Fatal(err)
			}
			if len(got.losses) != len(want.Losses) || len(got.logged) != len(want.Logged) || len(got.evaluated) != len(want.Evaluated) {
				t.Fatalf("%d steps, %d logs, %d evaluations", len(got.losses), len(got.logged), len(got.evaluated))
			}
			for i := range want.Losses {
				near(t, "loss", i, got.losses[i], want.Losses[i])
				near(t, "learning rate", i, got.rates[i], want.UsedRates[i])
			}
			for i, step := range want.Logged {
				if got.logged[i].step != step {
					t.Errorf("log %d came after step %d, Trainer's after %d", i, got.logged[i].step, step)
				}
			}
			for i, e := range want.Evaluated {
				near(t, "evaluation loss", i, got.evaluated[i].loss, e.Loss)
				near(t, "evaluation epoch", i, got.evaluated[i].epoch, e.Epoch)
				if got.evaluated[i].step != e.Step {
					t.Errorf("evaluation %d came after step %d, Trainer's after %d", i, got.evaluated[i].step, e.Step)
				}
			}
		})
	}
}

func TestExamplesAreGroupedByLengthAsTrainersAre(t *testing.T) {
	var all []struct {
		Lengths            []int
		Size               int
		Permutation, Order []int
	}
	if err := json.Unmarshal(read(t, "testdata/groups.json"), &all); err != nil {
		t.Fatal(err)
	}
	for _, want := range all {
		t.Run(fmt.Sprintf("%d by %d", len(want.Lengths), want.Size), func(t *testing.T) {
			data := &measured{examples: curve(len(want.Lengths), 1), lengths: want.Lengths}
			task := train.Task[points]{Model: newMLP(t, 0), Training: data, Order: func(int, int) []int { return want.Permutation }}
			cfg := train.Config{Epochs: 1, BatchSize: want.Size, LearningRate: 0.01, GroupByLength: true}
			if _, err := train.Fit(t.Context(), task, cfg); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(data.seen) != fmt.Sprint(want.Order) {
				t.Errorf("order\n%v, the peer's\n%v", data.seen, want.Order)
			}
		})
	}
	unmeasured := train.Task[points]{Model: newMLP(t, 0), Training: curve(4, 1)}
	_, err := train.Fit(t.Context(), unmeasured, train.Config{Epochs: 1, BatchSize: 2, LearningRate: 0.01, GroupByLength: true})
	if err == nil {
		t.Error("examples without lengths were grouped by length")
	}
}
