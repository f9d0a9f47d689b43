package compute

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/console"
	"paperlab/lib/dist"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// Ranks is a process's place among those that train together, for the record of what they do: rank 0 keeps it, the others add their
// machines to it. The zero value is a process alone.
type Ranks struct {
	Rank int
	// Share hands the record's id from rank 0 to the others; every rank calls it once, when the training starts, the others with
	// whatever text. Nil where there are no others.
	Share func(ctx context.Context, id string) (string, error)
}

// ranks is the flags of a training that several processes share, and their group.
type ranks struct {
	backend string
	timeout time.Duration
	group   *dist.Group // nil for a process alone
}

func (r *ranks) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&r.backend, "backend", dist.Auto, "how several processes talk: nccl, for a GPU each; gloo; or auto, nccl where it can be had")
	cmd.Flags().DurationVar(&r.timeout, "rank-timeout", 30*time.Minute, "how long one of several processes waits for the others")
}

// join makes the training one of several, where the environment says so (torchrun, paperlab launch): those but rank 0 show nothing.
func (t *training) join(cmd *cobra.Command, on *machine) error {
	member, err := dist.FromVariables(os.LookupEnv)
	if err != nil {
		return console.Usage(err)
	}
	if n := tensor.CUDADevices(); n > 0 && member.Size > 1 && (on.device == "auto" || on.device == "cuda") {
		on.device = fmt.Sprintf("cuda:%d", member.LocalRank%n)
	}
	options := dist.Options{Backend: t.ranks.backend, Timeout: t.ranks.timeout}
	if options.Device, err = tensor.ParseDevice(on.device); err != nil {
		return console.Usage(fmt.Errorf("--device: %w", err))
	}
	if err := options.Check(); err != nil || member.Size == 1 {
		return console.Usage(err)
	}
	if member.Rank > 0 {
		cmd.SetOut(io.Discard)
		cmd.SetErr(io.Discard)
	} else if err := t.takeUp(member.Attempt); err != nil {
		return err
	}
	t.Ranks = member.Size
	t.ranks.group, err = dist.Join(cmd.Context(), member, options)
	return err
}

// takeUp has a training that was started anew go on from its last checkpoint. The first time, the checkpoints of another are moved out of the
// way, lest they be taken for its own.
func (t *training) takeUp(attempt int) error {
	if t.dryRun || t.Output == "" {
		return nil
	}
	if attempt == 0 {
		if t.Resume == "" {
			return train.SetAside(t.Output)
		}
		return nil
	}
	dirs, err := train.Checkpoints(t.Output)
	if slices.ContainsFunc(dirs, func(dir string) bool { return train.Verify(dir) == nil }) {
		t.Resume = train.Latest
	}
	return err
}

// leads says whether this process shows, writes and measures.
func (r *ranks) leads() bool { return r.group.Rank() == 0 }

// among is what the record is told.
func (r *ranks) among() Ranks {
	if r.group == nil {
		return Ranks{}
	}
	return Ranks{Rank: r.group.Rank(), Share: func(ctx context.Context, id string) (string, error) {
		shared, err := r.group.Share(ctx, []byte(id))
		return string(shared), err
	}}
}

// leave ends the process's part in the group.
func (r *ranks) leave() {
	// Whatever is wrong with the group by now was said by what failed in it.
	_ = r.group.Close()
}
