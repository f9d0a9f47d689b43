package train

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"

	"paperlab/lib/tensor"
)

// state is what a training remembers from step to step, beside weights, moments and generators.
type state struct {
	Step           int  `json:"step"`      // steps made
	EpochEnd       int  `json:"epoch_end"` // the last step after which an epoch's end was seen to
	NotFinite      int  `json:"not_finite"`
	SinceLogged    sum  `json:"since_logged"`
	SinceEvaluated sum  `json:"since_evaluated"`
	Total          sum  `json:"total"`
	Best           best `json:"best"`

	history []map[string]number // log_history of trainer_state.json
}

// sum adds up losses of steps.
type sum struct {
	Loss  number `json:"loss"`
	Steps int    `json:"steps"`
}

func (s *sum) add(loss float64) {
	s.Loss += number(loss)
	s.Steps++
}

// mean is NaN where there were no steps.
func (s sum) mean() float64 { return float64(s.Loss) / float64(s.Steps) }

// best is the evaluation with the lowest loss; Step is 0 where there was none.
type best struct {
	Step int    `json:"step"`
	Loss number `json:"loss"`
	Dir  string `json:"dir"`
}

// beatenBy says whether loss is better; of equal losses the earlier stays, and NaN is never better.
func (b best) beatenBy(loss float64) bool {
	if b.Step == 0 {
		return loss < math.Inf(1)
	}
	return loss < float64(b.Loss)
}

// beside finds the best model next to the checkpoint that names it: the folder of both may have been moved. Where it is gone, nothing is
// best yet.
func (b best) beside(checkpoint string) best {
	if b.Dir == "" {
		return best{}
	}
	b.Dir = filepath.Join(filepath.Dir(checkpoint), filepath.Base(b.Dir))
	if _, err := os.Stat(b.Dir); err != nil {
		return best{}
	}
	return b
}

// count takes in a step's loss.
func (s *state) count(loss float64) {
	s.Step++
	for _, sum := range []*sum{&s.SinceLogged, &s.SinceEvaluated, &s.Total} {
		sum.add(loss)
	}
}

// record and recordEvaluation write down what was logged, by the names of Trainer.

func (s *state) record(e Logged) {
	s.history = append(s.history, map[string]number{
		"loss": number(e.Loss), "grad_norm": number(e.GradNorm), "learning_rate": number(e.LearningRate),
		"epoch": number(e.Epoch), "step": number(e.Step),
	})
}

func (s *state) recordEvaluation(e Evaluated, of Evaluation) {
	entry := map[string]number{
		"eval_loss": number(e.Loss), "eval_runtime": number(e.Runtime.Seconds()), "epoch": number(e.Epoch), "step": number(e.Step),
		"eval_samples_per_second": number(float64(of.Samples) / e.Runtime.Seconds()),
		"eval_steps_per_second":   number(float64(of.Batches) / e.Runtime.Seconds()),
	}
	for name, value := range e.Metrics {
		entry["eval_"+name] = number(value)
	}
	s.history = append(s.history, entry)
}

// progress is training.json, what only Paperlab reads of a checkpoint.
type progress struct {
	Config        Config             `json:"config"`
	Examples      int                `json:"examples"`
	State         state              `json:"state"`
	OptimizerStep int64              `json:"optimizer_step"`
	Random        tensor.RandomState `json:"random"`
}

// trainerState is trainer_state.json, as TrainerState of transformers 4.49 writes and reads it.
type trainerState struct {
	BestMetric          *number             `json:"best_metric"`
	BestModelCheckpoint *string             `json:"best_model_checkpoint"`
	Epoch               number              `json:"epoch"`
	GlobalStep          int                 `json:"global_step"`
	LogHistory          []map[string]number `json:"log_history"`
	LoggingSteps        int                 `json:"logging_steps"`
	MaxSteps            int                 `json:"max_steps"`
	NumTrainEpochs      int                 `json:"num_train_epochs"`
	TrainBatchSize      int                 `json:"train_batch_size"`
}

func (t *trainer[B]) trainerState() trainerState {
	hf := trainerState{
		Epoch: number(t.plan.epochs(t.state.Step)), GlobalStep: t.state.Step, LogHistory: t.state.history,
		LoggingSteps: t.cfg.LogEvery, MaxSteps: t.plan.steps, NumTrainEpochs: t.cfg.Epochs, TrainBatchSize: t.cfg.BatchSize,
	}
	if hf.LogHistory == nil {
		hf.LogHistory = []map[string]number{}
	}
	if b := t.state.Best; b.Step > 0 {
		hf.BestMetric, hf.BestModelCheckpoint = &b.Loss, &b.Dir
	}
	return hf
}

// number is a float64 whose JSON has "NaN", "Infinity" and "-Infinity" for what JSON has no numbers for.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	switch v := float64(n); {
	case math.IsNaN(v):
		return []byte(`"NaN"`), nil
	case math.IsInf(v, 0):
		return []byte(map[bool]string{true: `"Infinity"`, false: `"-Infinity"`}[v > 0]), nil
	default:
		return json.Marshal(v)
	}
}

func (n *number) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) != nil {
		return json.Unmarshal(data, (*float64)(n))
	}
	v, err := strconv.ParseFloat(text, 64)
	*n = number(v)
	return err
}
