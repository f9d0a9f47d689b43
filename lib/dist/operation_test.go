package dist_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
)

func init() {
	roles["operations"] = operations
	roles["reduce for ever"] = reduceForEver
	roles["canceled"] = canceled
}

// exchange says what the operations on tensors give, of which testdata/rank.py begins the same in the same order.
func exchange(ctx context.Context, g *dist.Group) (said string, err error) {
	s := tensor.NewScope(device)
	defer s.Close()
	own := float32(g.Rank() + 1)
	sum, first := s.FromFloat32s([]float32{own, 10 * own}, 2), s.FromFloat32s([]float32{own, -own}, 2)
	all, err := g.AllGather(ctx, s, s.FromInt64s([]int64{int64(g.Rank()), 7}, 2))
	if err = errors.Join(err, g.AllReduce(ctx, sum), g.Broadcast(ctx, first, 1)); err != nil {
		return "", err
	}
	sums, err := sum.Float32s()
	if err != nil {
		return "", err
	}
	firsts, err := first.Float32s()
	if err != nil {
		return "", err
	}
	gathered, err := all.Int64s()
	return fmt.Sprint(sums, firsts, gathered), err
}

// operations prints what every operation gives.
func operations(ctx context.Context, g *dist.Group) error {
	exchanged, err := exchange(ctx, g)
	if err = errors.Join(err, g.Barrier(ctx)); err != nil {
		return err
	}
	floats, err := g.GatherFloats(ctx, []float64{math.Pi * float64(g.Rank()), math.Inf(-1)})
	if err != nil {
		return err
	}
	messages, err := g.GatherBytes(ctx, []byte(strings.Repeat("x", 5*g.Rank())))
	if err != nil {
		return err
	}
	shared, err := g.Share(ctx, fmt.Appendf(nil, "of rank %d", g.Rank()))
	fmt.Printf("%d %s %v %s %s\n", g.Size(), exchanged, floats, messages, shared)
	return err
}

func TestEveryRankHasTheSameResults(t *testing.T) {
	want := map[int]string{
		2: "2 [3 30] [2 -2] [0 7 1 7] [[0 -Inf] [3.141592653589793 -Inf]] [ xxxxx] of rank 0",
		3: "3 [6 60] [2 -2] [0 7 1 7 2 7] [[0 -Inf] [3.141592653589793 -Inf] [6.283185307179586 -Inf]] [ xxxxx xxxxxxxxxx] of rank 0",
	}
	for size, want := range want {
		t.Run(fmt.Sprintf("of %d, with a store beside them", size), func(t *testing.T) {
			check(t, launch(t, "operations", size), want)
		})
		t.Run(fmt.Sprintf("of %d, with rank 0's store", size), func(t *testing.T) {
			port := freePort(t)
			var ranks []*rank
			for r := range size {
				ranks = append(ranks, start(t, exec.CommandContext(t.Context(), os.Args[0]), append(variables(r, size, port), roleVariable+"=operations")...))
			}
			check(t, ranks, want)
		})
	}
}

func check(t *testing.T, ranks []*rank, want string) {
	t.Helper()
	for i, r := range ranks {
		if said, err := r.end(t); err != nil || strings.TrimSpace(said) != want {
			t.Errorf("rank %d: %v, said\n%swant\n%s", i, err, said, want)
		}
	}
}

func TestAProcessAloneNeedsNobody(t *testing.T) {
	var alone *dist.Group
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	one := s.FromFloat32s([]float32{1}, 1)
	if err := errors.Join(alone.AllReduce(t.Context(), one), alone.Broadcast(t.Context(), one, 0), alone.Barrier(t.Context()), alone.Close()); err != nil {
		t.Error(err)
	}
	all, err := alone.AllGather(t.Context(), s, one)
	if err != nil || all.String() != "float32[1 1]" || alone.Rank() != 0 || alone.Size() != 1 {
		t.Errorf("%v, %v, rank %d of %d", all, err, alone.Rank(), alone.Size())
	}
	if messages, err := alone.GatherBytes(t.Context(), []byte("me")); err != nil || len(messages) != 1 || string(messages[0]) != "me" {
		t.Errorf("%q, %v", messages, err)
	}
}

// reduceForEver says "ready" once, and what an all-reduce fails with, and the one after that.
func reduceForEver(ctx context.Context, g *dist.Group) error {
	s := tensor.NewScope(device)
	defer s.Close()
	t := s.Zeros(tensor.Float32, 1<<16)
	for i := 0; ; i++ {
		if err := g.AllReduce(ctx, t); err != nil {
			again := g.Barrier(ctx)
			fmt.Printf("lost %v, timeout %v, then dead %v: %v\n", errors.Is(err, dist.ErrLost), errors.Is(err, dist.ErrTimeout), errors.Is(again, dist.ErrDead), err)
			return nil
		}
		if i == 10 {
			fmt.Println("ready")
		}
	}
}

func TestTheOthersEndWhenARankIsKilled(t *testing.T) {
	checkOthersEnd(t, launch(t, "reduce for ever", 3))
}

// checkOthersEnd kills rank 1.
func checkOthersEnd(t *testing.T, ranks []*rank) {
	t.Helper()
	for _, r := range ranks {
		if said := r.line(t); said != "ready" {
			t.Fatal(said)
		}
	}
	if err := ranks[1].Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for i, r := range ranks {
		if i == 1 {
			continue
		}
		said, err := r.end(t)
		if err != nil || !strings.HasPrefix(said, "lost true, timeout false, then dead true: dist: rank ") {
			t.Errorf("rank %d: %v: %s", i, err, said)
		}
	}
}

// canceled has rank 0 wait for a rank that does not come until its context ends.
func canceled(ctx context.Context, g *dist.Group) error {
	if err := g.Barrier(ctx); err != nil || g.Rank() == 1 {
		// Rank 1 lets itself be waited for.
		_, err = os.Stdin.Read(make([]byte, 1))
		return err
	}
	waiting, cancel := context.WithCancel(ctx)
	go cancel()
	err := g.Barrier(waiting)
	fmt.Printf("canceled %v, then dead %v, closed %v\n", errors.Is(err, context.Canceled), errors.Is(g.Barrier(ctx), dist.ErrDead), g.Close())
	return nil
}

func TestAnOperationThatIsCanceledEndsTheGroup(t *testing.T) {
	ranks := launch(t, "canceled", 2)
	if said := ranks[0].line(t); said != "canceled true, then dead true, closed <nil>" {
		t.Error(said)
	}
}

func TestTheOthersEndWhenARankIsStopped(t *testing.T) {
	ranks := launch(t, "reduce for ever", 2, "DIST_TEST_TIMEOUT=1s")
	for _, r := range ranks {
		if said := r.line(t); said != "ready" {
			t.Fatal(said)
		}
	}
	if err := ranks[1].Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	said, err := ranks[0].end(t)
	if err != nil || !strings.HasPrefix(said, "lost false, timeout true, then dead true: dist: rank 0 of 2: ") {
		t.Errorf("%v: %s", err, said)
	}
}
