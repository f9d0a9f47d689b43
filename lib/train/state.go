package train

import (
	"math"
	"os"
	"path/filepath"

	"paperlab/lib/tensor"
)

// state is what a training remembers from step to step, beside weights, moments and generators.
type state struct {
	Step           int  `json:"step"`     // steps made
	Attended       int  `json:"attended"` // the last step after which evaluation and checkpoint were seen to
	NotFinite      int  `json:"not_finite"`
	Evaluations    int  `json:"evaluations"`
	Stale          int  `json:"stale"` // evaluations in a row that were no better than the best before them
	SinceLogged    sum  `json:"since_logged"`
	SinceEvaluated sum  `json:"since_evaluated"`
	Total          sum  `json:"total"`
	Best           best `json:"best"`

	GradNorm number `json:"grad_norm"` // of the last step, before it was clipped

	history []logEntry // log_history of trainer_state.json
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

// best is the best evaluation; Step is 0 where there was none.
type best struct {
	Step  int    `json:"step"`
	Value number `json:"value"` // of the metric that chooses
	Loss  number `json:"loss"`
	Dir   string `json:"dir"` // its checkpoint, empty where it has none
}

// beatenBy says whether a value is better; of equal ones the earlier stays, and NaN is never better.
func (b best) beatenBy(value float64, better string) bool {
	sign := 1.0
	if better == Greater {
		sign = -1
	}
	if b.Step == 0 {
		return sign*value < math.Inf(1)
	}
	return sign*value < sign*float64(b.Value)
}

// beside finds the best model next to the checkpoint that names it: the folder of both may have been moved. Where it is gone, nothing is
// best yet.
func (b best) beside(checkpoint string) best {
	if b.Dir == "" {
		return b
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
	s.history = append(s.history, logEntry{
		"loss": number(e.Loss), "grad_norm": number(e.GradNorm), "learning_rate": number(e.LearningRate),
		"epoch": number(e.Epoch), "step": number(e.Step),
	})
}

func (s *state) recordEvaluation(e Evaluated, of Evaluation) {
	entry := logEntry{
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

	OtherRanks []tensor.RandomState `json:"other_ranks,omitempty"` // the generators of ranks 1 and up
}
