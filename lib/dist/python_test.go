package dist_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
	"paperlab/peers"
)

func init() { roles["with Python"] = withPython }

// withPython does what testdata/rank.py does.
func withPython(ctx context.Context, g *dist.Group) error {
	exchanged, err := exchange(ctx, g)
	if err != nil {
		return err
	}
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	large := s.Full(float64(g.Rank()+1), tensor.Float32, 1<<20)
	if err := errors.Join(g.AllReduce(ctx, large), g.Barrier(ctx)); err != nil {
		return err
	}
	mean, err := s.Mean(large).Item()
	fmt.Println(exchanged, mean)
	return err
}

// TestRanksOfPythonAreAmongThem mixes these ranks with ones of torch.distributed, of which either may serve the store.
func TestRanksOfPythonAreAmongThem(t *testing.T) {
	for name, language := range map[string][]string{"Python serves": {"python", "go"}, "Go serves": {"go", "python", "go"}} {
		t.Run(name, func(t *testing.T) {
			port, size := freePort(t), len(language)
			var ranks []*rank
			for r, language := range language {
				cmd := exec.CommandContext(t.Context(), os.Args[0])
				env := append(variables(r, size, port), roleVariable+"=with Python")
				if language == "python" {
					cmd = peers.Command(t, peers.Study, "testdata/rank.py")
					env = append(env, cmd.Env...)
				}
				ranks = append(ranks, start(t, cmd, env...))
			}
			check(t, ranks, map[int]string{2: "[3 30] [2 -2] [0 7 1 7] 3", 3: "[6 60] [2 -2] [0 7 1 7 2 7] 6"}[size])
		})
	}
}

// TestTorchrunStartsTheRanks runs under the launcher of PyTorch, which serves the store and starts anew what fails.
func TestTorchrunStartsTheRanks(t *testing.T) {
	torchrun := filepath.Join(filepath.Dir(peers.Python(t, peers.Study)), "torchrun")
	cmd := exec.CommandContext(t.Context(), torchrun, "--no-python", "--nproc-per-node=2", "--max-restarts=1", "--monitor-interval=0.1",
		"--master-addr=127.0.0.1", fmt.Sprintf("--master-port=%d", freePort(t)), os.Args[0])
	said, err := start(t, cmd, roleVariable+"=second time").end(t)
	if err != nil || strings.Count(said, "of attempt 1: [3 30]\n") != 2 {
		t.Errorf("%v: both ranks of attempt 1 should say what they have:\n%s", err, said)
	}
}

func init() { roles["second time"] = secondTime }

// secondTime fails when it is started first, after a rendezvous.
func secondTime(ctx context.Context, g *dist.Group) error {
	attempt := os.Getenv("TORCHELASTIC_RESTART_COUNT")
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	own := float32(g.Rank() + 1)
	sum := s.FromFloat32s([]float32{own, 10 * own}, 2)
	if err := g.AllReduce(ctx, sum); err != nil {
		return err
	}
	if attempt == "0" {
		return errors.New("the first time fails")
	}
	sums, err := sum.Float32s()
	fmt.Printf("of attempt %s: %v\n", attempt, sums)
	return err
}
