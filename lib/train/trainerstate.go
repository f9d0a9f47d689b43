package train

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// trainerState is trainer_state.json, as TrainerState of transformers 4.49 writes and reads it.
type trainerState struct {
	BestMetric          *number           `json:"best_metric"`
	BestModelCheckpoint *string           `json:"best_model_checkpoint"`
	Epoch               number            `json:"epoch"`
	GlobalStep          int               `json:"global_step"`
	LogHistory          []logEntry        `json:"log_history"`
	LoggingSteps        int               `json:"logging_steps"`
	EvalSteps           int               `json:"eval_steps"`
	SaveSteps           int               `json:"save_steps"`
	MaxSteps            int               `json:"max_steps"`
	NumTrainEpochs      int               `json:"num_train_epochs"`
	TrainBatchSize      int               `json:"train_batch_size"`
	StatefulCallbacks   statefulCallbacks `json:"stateful_callbacks"`
}

// statefulCallbacks is what transformers' callbacks remember. Trainer cannot save a checkpoint after it has gone on from one that lacks
// them.
type statefulCallbacks struct {
	EarlyStopping earlyStopping  `json:"EarlyStoppingCallback"`
	Control       trainerControl `json:"TrainerControl"`
}

type earlyStopping struct {
	Args struct {
		Patience  int     `json:"early_stopping_patience"`
		Threshold float64 `json:"early_stopping_threshold"`
	} `json:"args"`
	Attributes struct {
		Counter int `json:"early_stopping_patience_counter"`
	} `json:"attributes"`
}

// trainerControl is what Trainer was about to do: nothing.
type trainerControl struct {
	Args struct {
		EpochStop    bool `json:"should_epoch_stop"`
		Evaluate     bool `json:"should_evaluate"`
		Log          bool `json:"should_log"`
		Save         bool `json:"should_save"`
		TrainingStop bool `json:"should_training_stop"`
	} `json:"args"`
	Attributes struct{} `json:"attributes"`
}

// logEntry is one line of the log, numbers by name.
type logEntry map[string]number

// UnmarshalJSON leaves out what is no number: other programs log more.
func (e *logEntry) UnmarshalJSON(data []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return err
	}
	*e = logEntry{}
	for name, raw := range all {
		var n number
		if json.Unmarshal(raw, &n) == nil {
			(*e)[name] = n
		}
	}
	return nil
}

func (t *trainer[B]) trainerState() trainerState {
	// Intervals that are not of steps have transformers' default there: it divides by them.
	steps := func(i Interval) int {
		if n := i.steps(t.plan.steps); n > 0 {
			return n
		}
		return 500
	}
	hf := trainerState{
		Epoch: number(t.plan.epochs(t.state.Step)), GlobalStep: t.state.Step, LogHistory: t.state.history,
		LoggingSteps: steps(t.cfg.LogEvery), EvalSteps: steps(t.cfg.EvalEvery), SaveSteps: steps(t.cfg.SaveEvery),
		MaxSteps: t.plan.steps, NumTrainEpochs: ceil(t.plan.steps, t.plan.groups), TrainBatchSize: t.cfg.BatchSize,
	}
	if hf.LogHistory == nil {
		hf.LogHistory = []logEntry{}
	}
	if b := t.state.Best; b.Step > 0 {
		hf.BestMetric = &b.Value
	}
	if dir := t.keptBest(); dir != "" {
		hf.BestModelCheckpoint = &dir
	}
	early := &hf.StatefulCallbacks.EarlyStopping
	early.Args.Patience, early.Args.Threshold, early.Attributes.Counter = t.cfg.Patience, t.cfg.Threshold, t.state.Stale
	return hf
}

// isTransformers says whether a folder is a checkpoint that Trainer of transformers wrote: with its state, which it writes last, and
// without ours.
func isTransformers(dir string) bool {
	has := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	return has(trainerStateFile) && !has(manifestFile) && !has(progressFile)
}

// bareNumber matches, beside strings, what Python writes for numbers that JSON does not have.
var bareNumber = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|-?Infinity|NaN`)

// readTrainerState reads a trainer_state.json of ours or of transformers.
func readTrainerState(dir string) (hf trainerState, err error) {
	path := filepath.Join(dir, trainerStateFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return hf, err
	}
	data = bareNumber.ReplaceAllFunc(data, func(match []byte) []byte {
		if match[0] == '"' {
			return match
		}
		return fmt.Appendf(nil, "%q", match)
	})
	if err := json.Unmarshal(data, &hf); err != nil {
		return hf, fmt.Errorf("%s: %w", path, err)
	}
	if hf.GlobalStep < 0 {
		return hf, fmt.Errorf("%s: step %d", path, hf.GlobalStep)
	}
	return hf, nil
}

// state is what a training goes on with from a checkpoint of transformers.
func (hf trainerState) state(dir string) state {
	s := state{
		Step: hf.GlobalStep, Attended: hf.GlobalStep, history: hf.LogHistory, Stale: hf.StatefulCallbacks.EarlyStopping.Attributes.Counter,
	}
	for _, entry := range hf.LogHistory {
		if _, evaluated := entry["eval_loss"]; evaluated {
			s.Evaluations++
		}
	}
	if hf.BestMetric == nil || hf.BestModelCheckpoint == nil {
		return s
	}
	folder := folder{dir: filepath.Dir(dir)}
	s.Best = best{Value: *hf.BestMetric, Loss: *hf.BestMetric, Dir: *hf.BestModelCheckpoint}.beside(dir)
	s.Best.Step = folder.stepOf(s.Best.Dir)
	for _, entry := range hf.LogHistory {
		if loss, ok := entry["eval_loss"]; ok && int(entry["step"]) == s.Best.Step {
			s.Best.Loss = loss
		}
	}
	if s.Best.Step < 1 {
		s.Best = best{}
	}
	return s
}
