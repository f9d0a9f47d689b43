package train

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"unsafe"

	"paperlab/lib/optim"
	"paperlab/lib/safetensors"
	"paperlab/lib/tensor"
)

// The files of a checkpoint beside those that Task.Save writes and the manifest.
const (
	optimizerFile    = "optimizer.safetensors" // AdamW's moments, laid out as nn.Parameters.Flat
	trainerStateFile = "trainer_state.json"
	progressFile     = "training.json"
)

// errNotSaved marks the failure of a checkpoint, which is not tried again.
var errNotSaved = errors.New("the checkpoint was not saved")

// save writes a checkpoint of the current step where there is none yet, lets old ones go, and tells the hooks.
func (t *trainer[B]) save(ctx context.Context) error {
	if t.folder == nil {
		return nil
	}
	others, err := t.otherRandom(ctx)
	if err != nil {
		return fmt.Errorf("train: step %d: %w: %w", t.state.Step, errNotSaved, err)
	}
	if !t.leads() {
		t.checkpoint, t.saved = t.folder.checkpoint(t.state.Step), t.state.Step
		return nil
	}
	if t.folder.stepOf(t.checkpoint) != t.state.Step {
		dir, err := t.folder.add(t.state.Step, func(dir string) error { return t.write(dir, others) })
		if err != nil {
			return fmt.Errorf("train: step %d: %w: %w", t.state.Step, errNotSaved, err)
		}
		t.checkpoint, t.saved = dir, t.state.Step
		// Copies of all weights and moments would lie about until as much again was allocated.
		debug.FreeOSMemory()
	}
	if err := t.folder.rotate(t.cfg.SaveLimit, t.keptBest()); err != nil {
		return err
	}
	return t.hooks.tell(ctx, Saved{Step: t.state.Step, Dir: t.checkpoint, Best: t.state.Best.Step == t.state.Step})
}

// write puts everything that a training is resumed from into a folder.
func (t *trainer[B]) write(dir string, others []tensor.RandomState) error {
	var err error
	if t.task.Save != nil {
		err = t.task.Save(dir)
	} else {
		err = t.task.Model.Parameters().Save(filepath.Join(dir, "model.safetensors"))
	}
	if err != nil {
		return err
	}
	moments, err := t.optimizer.State()
	if err != nil {
		return err
	}
	if err := writeMoments(filepath.Join(dir, optimizerFile), moments); err != nil {
		return err
	}
	random, err := t.random.State()
	if err != nil {
		return err
	}
	own := progress{Config: t.cfg, Examples: t.plan.examples, State: t.state, OptimizerStep: moments.Step, Random: random, OtherRanks: others}
	if err := writeJSON(filepath.Join(dir, progressFile), own); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, trainerStateFile), t.trainerState())
}

// resume puts the training where the checkpoint in Config.Resume left it, and says in started what it goes on from. What it returns is for
// the other ranks.
func (t *trainer[B]) resume(started *Started) (own progress, err error) {
	dir := filepath.Clean(t.cfg.Resume)
	if t.cfg.Resume != Latest {
		err = Verify(dir)
	} else {
		dir, started.Broken, err = t.folder.latest()
	}
	if err != nil {
		return own, err
	}
	started.FreshMoments = isTransformers(dir)
	if started.FreshMoments {
		err = t.loadTransformers(dir)
	} else {
		own, err = t.load(dir)
	}
	if err != nil {
		return own, fmt.Errorf("train: resume from %s: %w", dir, err)
	}
	own.State = t.state
	started.Resumed, started.Step, t.checkpoint = dir, t.state.Step, dir
	debug.FreeOSMemory()
	return own, nil
}

// loadTransformers takes weights and state of a checkpoint of transformers. Its optimizer and generators are pickles: the
// moments start at zero, and the generators from the seed.
func (t *trainer[B]) loadTransformers(dir string) error {
	hf, err := readTrainerState(dir)
	if err != nil {
		return err
	}
	if err := t.loadWeights(dir); err != nil {
		return err
	}
	t.state = hf.state(dir)
	return nil
}

func (t *trainer[B]) load(dir string) (own progress, err error) {
	if err := readJSON(filepath.Join(dir, progressFile), &own); err != nil {
		return own, err
	}
	if own.State.Step < 0 || own.OptimizerStep < 0 {
		return own, fmt.Errorf("%s: step %d, of the optimizer %d", progressFile, own.State.Step, own.OptimizerStep)
	}
	if err := t.checkSame(own); err != nil {
		return own, err
	}
	hf, err := readTrainerState(dir)
	if err != nil {
		return own, err
	}
	moments, err := readMoments(filepath.Join(dir, optimizerFile))
	if err != nil {
		return own, err
	}
	moments.Step = own.OptimizerStep
	if err := t.optimizer.Restore(moments); err != nil {
		return own, err
	}
	if err := t.loadWeights(dir); err != nil {
		return own, err
	}
	t.state = own.State
	t.state.history = hf.LogHistory
	t.state.Best = t.state.Best.beside(dir)
	return own, t.random.Restore(own.Random)
}

// checkSame refuses a checkpoint whose steps were cut otherwise: the position in the data would mean something else.
func (t *trainer[B]) checkSame(own progress) error {
	for _, n := range []struct {
		name        string
		was, is     int64
		whenOrdered bool
	}{
		{"training examples", int64(own.Examples), int64(t.plan.examples), true},
		{"examples a batch", int64(own.Config.BatchSize), int64(t.cfg.BatchSize), true},
		{"batches a step", int64(own.Config.Accumulation), int64(t.cfg.Accumulation), true},
		{"processes", int64(max(1, own.Config.Ranks)), int64(t.cfg.Ranks), true},
		{"seed of shuffling", own.Config.DataSeed, t.cfg.DataSeed, t.task.Order == nil},
	} {
		if n.was != n.is && n.whenOrdered {
			return fmt.Errorf("%s: %d there, %d now (use the old number, or start anew)", n.name, n.was, n.is)
		}
	}
	if own.Config.GroupByLength != t.cfg.GroupByLength {
		return errors.New("examples were grouped by length there and are not now, or the other way round")
	}
	return nil
}

func (t *trainer[B]) loadWeights(dir string) (err error) {
	w, err := safetensors.OpenFolder(dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	return t.task.Model.Parameters().Load(w, nil)
}

// loadBest loads the best model's weights, and nothing else of its checkpoint.
func (t *trainer[B]) loadBest() error {
	b := t.state.Best
	if t.keptBest() == "" || b.Step == t.state.Step {
		return nil
	}
	if !t.leads() {
		return t.shareWeights(context.Background())
	}
	if err := Verify(b.Dir); err != nil {
		return fmt.Errorf("train: the best model: %w", err)
	}
	if err := t.loadWeights(b.Dir); err != nil {
		return fmt.Errorf("train: the best model: %s: %w", b.Dir, err)
	}
	if t.several() {
		return t.shareWeights(context.Background())
	}
	return nil
}

// Names of the moments in [optimizerFile], as in torch.optim.AdamW's state.
const momentsName, squaresName = "exp_avg", "exp_avg_sq"

func writeMoments(path string, s optim.State) error {
	tensors := make([]safetensors.Tensor, 0, 2)
	for _, m := range []struct {
		name   string
		values []float32
	}{{momentsName, s.Moments}, {squaresName, s.Squares}} {
		// On amd64 float32 values are the little-endian bytes that the file holds.
		data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(m.values))), 4*len(m.values))
		tensors = append(tensors, safetensors.Tensor{Name: m.name, DType: safetensors.F32, Shape: []int64{int64(len(m.values))}, Data: data})
	}
	return safetensors.Write(path, tensors, map[string]string{"format": "pt"})
}

func readMoments(path string) (s optim.State, err error) {
	w, err := safetensors.Open(path)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	if s.Moments, err = w.Float32s(momentsName); err != nil {
		return s, err
	}
	s.Squares, err = w.Float32s(squaresName)
	return s, err
}

func writeJSON(path string, value any) error {
	data, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}

func readJSON(path string, value any) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(data, value); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
