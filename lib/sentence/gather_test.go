package sentence_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/dist/store"
	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/train"
)

// gatherVariable holds the mini-batch of a process that is one of several ranks.
const gatherVariable = "SENTENCE_TEST_GATHER"

// trained is what a training with gathered embeddings leaves behind.
type trained struct {
	Losses  []float64
	Weights []float32
}

// fourSteps trains the tiny model, without dropout, on six pairs with hard negatives.
func fourSteps(t *testing.T, r sentence.Ranking, batch int) (after trained) {
	t.Helper()
	r.Model, r.Scale = withDropout(t, 0), loss.Scale
	watch := func(_ context.Context, e train.Event) error {
		if step, ok := e.(train.Step); ok {
			after.Losses = append(after.Losses, step.Loss)
		}
		return nil
	}
	config := train.Config{MaxSteps: 4, BatchSize: batch, LearningRate: 1e-3, MaxGradNorm: 1}
	if _, err := r.Train(t.Context(), pairs(t, r.Model, goldenTexts(t)[12:18]), nil, config, watch); err != nil {
		t.Fatal(err)
	}
	values, _ := r.Parameters().Flat()
	var err error
	if after.Weights, err = values.Float32s(); err != nil {
		t.Fatal(err)
	}
	return after
}

// TestTextsAreRankedAmongThoseOfAllRanks runs itself as two ranks, of three pairs each, against one process with a batch of six.
func TestTextsAreRankedAmongThoseOfAllRanks(t *testing.T) {
	if mini := os.Getenv(gatherVariable); mini != "" {
		beARank(t, mini)
		return
	}
	want := fourSteps(t, sentence.Ranking{}, 6)
	for _, mini := range []int{0, 2} {
		t.Run(fmt.Sprintf("mini-batches of %d", mini), func(t *testing.T) {
			for rank, got := range twoRanks(t, mini) {
				for i, l := range got.Losses {
					if math.Abs(l-want.Losses[i]) > 1e-4*want.Losses[i] {
						t.Errorf("rank %d: step %d: loss %v, want %v", rank, i+1, l, want.Losses[i])
					}
				}
				for i, w := range got.Weights {
					// A step moves a weight by the learning rate, whatever its gradient: where that is nearly nothing, rounding decides.
					if math.Abs(float64(w-want.Weights[i])) > 1e-3 {
						t.Fatalf("rank %d: weight %d is %v, want %v", rank, i, w, want.Weights[i])
					}
				}
			}
		})
	}
}

func beARank(t *testing.T, mini string) {
	t.Helper()
	size, err := strconv.Atoi(mini)
	if err != nil {
		t.Fatal(err)
	}
	group, err := dist.FromEnv(t.Context(), dist.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer group.Close()
	after := fourSteps(t, sentence.Ranking{Gather: group, MiniBatch: size}, 3)
	if err := json.NewEncoder(os.Stdout).Encode(after); err != nil {
		t.Fatal(err)
	}
}

func twoRanks(t *testing.T, mini int) [2]trained {
	t.Helper()
	server, err := store.Serve("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	var ranks [2]*exec.Cmd
	for rank := range ranks {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestTextsAreRankedAmongThoseOfAllRanks$", "-test.v")
		cmd.Env = append(os.Environ(), gatherVariable+"="+strconv.Itoa(mini), "OMP_NUM_THREADS=1", "TORCHELASTIC_USE_AGENT_STORE=True",
			"RANK="+strconv.Itoa(rank), "WORLD_SIZE=2", "MASTER_ADDR=127.0.0.1", "MASTER_PORT="+strconv.Itoa(server.Port()))
		cmd.Stdout = new(bytes.Buffer)
		cmd.Stderr = cmd.Stdout
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ranks[rank] = cmd
	}
	var all [2]trained
	for rank, cmd := range ranks {
		err := cmd.Wait()
		said := cmd.Stdout.(*bytes.Buffer).String()
		_, line, found := strings.Cut(said, "\n{")
		if err != nil || !found || json.NewDecoder(strings.NewReader("{"+line)).Decode(&all[rank]) != nil || len(all[rank].Losses) != 4 {
			t.Fatalf("rank %d: %v\n%s", rank, err, said)
		}
	}
	return all
}
