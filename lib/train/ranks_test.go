package train_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/dist/store"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
	"paperlab/peers"
)

// rankVariable holds, for a process that is one of several ranks, what it is to do.
const rankVariable = "TRAIN_TEST_RANK"

// order is what a rank is told.
type order struct {
	Config   train.Config
	Dropout  float64
	Examples int
	InOrder  bool        // whether the examples come as they are numbered
	Metric   string      // measured on rank 0 alone: the number of its evaluation, or "failing"
	Own      bool        // whether the model computes its gradients itself
	Stop     map[int]int // the step after which a rank's context is cancelled
	Kill     map[int]int // the step after which a rank kills itself
	Refuse   map[int]int // the number of batches of a rank after which it has no memory
	Backend  string      // for ranks of a GPU each; empty: on the processor
}

// report is what it says in the end.
type report struct {
	Losses, Evaluated []float64
	Seen              []int // examples trained on
	Weights           []float32
	Started           int
	Steps             int
	Early             bool
	Saved             int
	Err               string
	Canceled, Lost    bool
	NoMemory          bool
	Checkpoint        string
}

// TestMain lets the test binary be a rank.
func TestMain(m *testing.M) {
	if text := os.Getenv(rankVariable); text != "" {
		os.Args = append(os.Args[:1], "-test.run=^TestBeingARank$", "-test.v")
	}
	os.Exit(m.Run())
}

func TestBeingARank(t *testing.T) {
	text := os.Getenv(rankVariable)
	if text == "" {
		return // this process is none
	}
	var o order
	err := json.Unmarshal([]byte(text), &o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	options := dist.Options{Backend: o.Backend, Device: tensor.CPU}
	if o.Backend != "" {
		if options.Device, err = tensor.ParseDevice("cuda:" + os.Getenv("RANK")); err != nil {
			t.Fatal(err)
		}
	}
	group, err := dist.FromEnv(ctx, options)
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	var log recorder
	at := func(e train.Event) error {
		if s, ok := e.(train.Step); ok {
			if step, given := o.Stop[group.Rank()]; given && s.Step == step {
				cancel()
			}
			if step, given := o.Kill[group.Rank()]; given && s.Step == step {
				return syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
		}
		return nil
	}
	m := newMLPOn(t, options.Device, o.Dropout)
	if group.Rank() > 0 { // rank 0's weights count
		flat, _ := m.parameters.Flat()
		s := tensor.NewScope(options.Device)
		s.Fill(flat, 7)
		s.Close()
	}
	seen := &measured{examples: curve(o.Examples, 1)}
	task := train.Task[points]{Model: m, Training: seen, Validation: curve(10, 2), Group: group}
	if o.InOrder {
		task.Order = inOrder
	}
	if from, given := o.Refuse[group.Rank()]; given {
		task.Training = &greedyBatches{examples: seen.examples, from: from}
	}
	if o.Metric != "" {
		evaluations := 0.0
		task.Metrics = func(context.Context) (map[string]float64, error) {
			if evaluations++; o.Metric == "failing" {
				return nil, errors.New("the metric fails")
			}
			return map[string]float64{o.Metric: evaluations + 100*float64(group.Rank())}, nil
		}
	}
	if o.Own {
		task.Model = &twice{mlp: m}
	}
	result, err := train.Fit(ctx, task, o.Config, log.hook, eventHook(at))
	r := report{Losses: log.losses, Seen: seen.seen, Weights: m.values(t), Started: log.started.Step, Steps: result.Steps, Early: result.Early, Saved: len(log.saved),
		Canceled: errors.Is(err, context.Canceled), Lost: errors.Is(err, dist.ErrLost), NoMemory: errors.Is(err, tensor.ErrNoMemory), Checkpoint: result.Checkpoint}
	for _, e := range log.evaluated {
		r.Evaluated = append(r.Evaluated, e.loss)
	}
	if err != nil {
		r.Err = err.Error()
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		t.Fatal(err)
	}
}

// several runs a training with so many ranks and returns what each said; nil for one that was killed.
func several(t *testing.T, size int, o order) []*report {
	t.Helper()
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	text, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	var ranks []*exec.Cmd
	for rank := range size {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), rankVariable+"="+string(text), "OMP_NUM_THREADS=1", "TORCHELASTIC_USE_AGENT_STORE=True",
			"RANK="+strconv.Itoa(rank), "WORLD_SIZE="+strconv.Itoa(size), "MASTER_ADDR=127.0.0.1", "MASTER_PORT="+strconv.Itoa(server.Port()))
		cmd.Stdout = new(bytes.Buffer)
		cmd.Stderr = cmd.Stdout
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ranks = append(ranks, cmd)
	}
	reports := make([]*report, size)
	for rank, cmd := range ranks {
		// How a rank ended is in its report; one that was killed has none.
		_ = cmd.Wait()
		for line := range strings.Lines(cmd.Stdout.(*bytes.Buffer).String()) {
			if strings.HasPrefix(line, "{") {
				reports[rank] = new(report)
				if err := json.Unmarshal([]byte(line), reports[rank]); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, killed := o.Kill[rank]; (reports[rank] == nil) != killed {
			t.Fatalf("rank %d said\n%s", rank, cmd.Stdout)
		}
	}
	return reports
}

// together is a configuration of 12 steps, of which two make an epoch of 24 examples with two ranks.
func together(output string) train.Config {
	return train.Config{
		MaxSteps: 12, BatchSize: 3, EvalBatchSize: 4, Accumulation: 2, LearningRate: 0.02, WarmupSteps: 4, WeightDecay: 0.1, MaxGradNorm: 0.5,
		LogEvery: 3, Seed: 7, Output: output, SaveLimit: 3,
	}
}

func TestTwoRanksEqualOneProcessThatAccumulatesTheSameBatches(t *testing.T) {
	for name, own := range map[string]bool{"gradients from the loss": false, "gradients of the model's own": true} {
		t.Run(name, func(t *testing.T) {
			m := newMLP(t, 0)
			cfg := together("")
			cfg.Accumulation *= 2
			var want recorder
			alone := train.Task[points]{Model: m, Training: curve(24, 1), Validation: curve(10, 2)}
			if _, err := train.Fit(t.Context(), alone, cfg, want.hook); err != nil {
				t.Fatal(err)
			}
			for rank, r := range several(t, 2, order{Config: together(""), Examples: 24, Own: own}) {
				if r.Err != "" || len(r.Losses) != 12 || len(r.Evaluated) != 6 {
					t.Fatalf("rank %d: %+v", rank, r)
				}
				for i, loss := range r.Losses {
					if math.Abs(loss-want.losses[i]) > 1e-6*want.losses[i] {
						t.Errorf("rank %d: step %d: loss %v, want %v", rank, i+1, loss, want.losses[i])
					}
				}
				for i, loss := range r.Evaluated {
					if math.Abs(loss-want.evaluated[i].loss) > 1e-5*loss {
						t.Errorf("rank %d: evaluation %d: loss %v, want %v", rank, i+1, loss, want.evaluated[i].loss)
					}
				}
				for i, w := range m.values(t) {
					if math.Abs(float64(r.Weights[i]-w)) > 1e-5 {
						t.Fatalf("rank %d: weight %d is %v, want %v", rank, i, r.Weights[i], w)
					}
				}
			}
		})
	}
}

// TestRanksThatAreResumedEqualOnesThatWereNot has three ranks, with dropout and 25 examples, which are completed to 27.
func TestRanksThatAreResumedEqualOnesThatWereNot(t *testing.T) {
	o := order{Config: together(t.TempDir()), Dropout: 0.2, Examples: 25}
	straight := several(t, 3, o)
	same := func(part string, ranks []*report, losses []float64) {
		t.Helper()
		for rank, r := range ranks {
			if r.Err != "" || !slices.Equal(r.Weights, straight[0].Weights) || !slices.Equal(r.Losses, losses) {
				t.Errorf("%s: rank %d: %s; losses %v, want %v; weights equal %v", part, rank, r.Err, r.Losses, losses, slices.Equal(r.Weights, straight[0].Weights))
			}
		}
	}
	same("straight", straight, straight[0].Losses)
	if straight[0].Saved == 0 || straight[1].Saved != 0 {
		t.Errorf("rank 0 told of %d checkpoints, rank 1 of %d", straight[0].Saved, straight[1].Saved)
	}

	o.Config.Output = t.TempDir()
	o.Stop = map[int]int{1: 5} // rank 1 alone is interrupted
	for rank, r := range several(t, 3, o) {
		if !r.Canceled || !(r.Steps == 5 || r.Steps == 6) {
			t.Errorf("interrupted: rank %d: %d steps, %s", rank, r.Steps, r.Err)
		}
	}
	o.Stop, o.Config.Resume = nil, train.Latest
	o.Kill = map[int]int{2: 9}
	killed := several(t, 3, o)
	for rank, r := range killed[:2] {
		if !r.Lost || r.Steps > 10 || r.Started < 5 {
			t.Errorf("beside one that was killed: rank %d: step %d to %d, %s", rank, r.Started, r.Steps, r.Err)
		}
	}
	o.Kill = nil
	last := several(t, 3, o)
	same("resumed", last, straight[0].Losses[last[0].Started:])
	if entries, err := filepath.Glob(filepath.Join(o.Config.Output, ".*")); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestAFailureOfOneRankEndsAllAndSparesTheCheckpoints has rank 1 fail in step 4, after the checkpoint of step 2.
func TestAFailureOfOneRankEndsAllAndSparesTheCheckpoints(t *testing.T) {
	o := order{Config: together(t.TempDir()), Examples: 24, Refuse: map[int]int{1: 7}}
	for rank, r := range several(t, 2, o) {
		if r.NoMemory != (rank == 1) || r.Lost != (rank == 0) || !strings.Contains(r.Err, "step 4") || filepath.Base(r.Checkpoint) != checkpoint(2) {
			t.Errorf("rank %d: checkpoint %q: %s", rank, r.Checkpoint, r.Err)
		}
	}
	o.Refuse, o.Config.Resume = nil, train.Latest
	for rank, r := range several(t, 2, o) {
		if r.Err != "" || r.Started != 2 || r.Steps != 12 {
			t.Errorf("with memory again: rank %d: step %d to %d: %s", rank, r.Started, r.Steps, r.Err)
		}
	}
}

// TestRankZeroMeasuresForAll stops early by a metric that rises, with less of it meant as better.
func TestRankZeroMeasuresForAll(t *testing.T) {
	o := order{Config: together(t.TempDir()), Examples: 24, Metric: "words"}
	o.Config.Metric, o.Config.Better, o.Config.Patience = "words", train.Less, 2
	for rank, r := range several(t, 2, o) {
		if r.Err != "" || !r.Early || r.Steps != 6 {
			t.Errorf("rank %d: %d steps, early %v: %s", rank, r.Steps, r.Early, r.Err)
		}
	}
	o.Metric, o.Config.Output = "failing", t.TempDir()
	for rank, r := range several(t, 2, o) {
		if !strings.Contains(r.Err, "the metric fails") || r.Lost {
			t.Errorf("rank %d: %s", rank, r.Err)
		}
	}
}

// inOrder shuffles nothing.
func inOrder(_, n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// TestRanksShareExamplesAsUnderTrainer has the batches of each rank from the class that Trainer of transformers 4.49 shares them with.
func TestRanksShareExamplesAsUnderTrainer(t *testing.T) {
	const batch = 3
	cases := []struct{ examples, ranks int }{{25, 2}, {13, 3}, {1, 3}}
	args := []string{"testdata/shard.py", strconv.Itoa(batch)}
	for _, c := range cases {
		args = append(args, fmt.Sprintf("%d/%d", c.examples, c.ranks))
	}
	var all [][][]int
	if err := json.Unmarshal([]byte(peers.Output(t, peers.Command(t, peers.Study, args...))), &all); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		want := all[i]
		o := order{Config: train.Config{Epochs: 1, BatchSize: batch, LearningRate: 1e-3, EvalEvery: train.Never}, Examples: c.examples, InOrder: true}
		for rank, r := range several(t, c.ranks, o) {
			if r.Err != "" || !slices.Equal(r.Seen, want[rank]) {
				t.Errorf("%d examples: rank %d of %d: %s: trained on %v, want %v", c.examples, rank, c.ranks, r.Err, r.Seen, want[rank])
			}
		}
	}
}

func TestACheckpointOfOtherRanksIsRefused(t *testing.T) {
	o := order{Config: together(t.TempDir()), Examples: 24}
	o.Config.MaxSteps = 2
	several(t, 2, o)
	m := newMLP(t, 0)
	cfg := o.Config
	cfg.Resume = train.Latest
	_, err := train.Fit(t.Context(), train.Task[points]{Model: m, Training: curve(24, 1)}, cfg)
	if err == nil || !strings.Contains(err.Error(), "processes: 2 there, 1 now") {
		t.Errorf("error %v", err)
	}
}
