package dist

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"paperlab/lib/dist/native"
	"paperlab/lib/tensor"
)

// The backends.
const (
	// Gloo works in the processor's memory: what lies on a GPU goes there and back.
	Gloo = "gloo"
	// NCCL works on tensors where they lie, on GPUs, of which every rank needs one of its own. What lies in the processor's memory, small
	// things such as losses, stays gloo's, as with torch.distributed's default, cpu:gloo,cuda:nccl.
	NCCL = "nccl"
	// Auto is NCCL where all ranks can have it, else gloo.
	Auto = "auto"
)

// ErrBackend is in the chain of the error about a backend that there is not.
var ErrBackend = errors.New("it cannot be had here")

// Check refuses options that cannot be had.
func (o Options) Check() error {
	switch o.Backend {
	case "", Gloo, Auto:
	case NCCL:
		if _, err := o.seat(); err != nil {
			return fmt.Errorf("dist: %w", refused(err))
		}
	default:
		return fmt.Errorf("dist: backend %q: %w: there are %s, %s and %s", o.Backend, ErrBackend, Auto, Gloo, NCCL)
	}
	if o.Timeout < 0 {
		return fmt.Errorf("dist: timeout %v: a time above 0, or 0 for %v, is needed", o.Timeout, defaultTimeout)
	}
	return nil
}

// refused is the error of who asks for NCCL in vain.
func refused(why error) error {
	return fmt.Errorf("backend %s: %w: %w (%s and %s work everywhere)", NCCL, ErrBackend, why, Auto, Gloo)
}

// seat names the GPU of this process among those of all machines, as NCCL tells them apart. Its error says why there can be no NCCL.
func (o Options) seat() (string, error) {
	have := tensor.CUDADevices()
	switch {
	case have == 0:
		return "", errors.New("libtorch sees no CUDA device")
	case o.Device == tensor.CPU:
		return "", errors.New("it is for tensors on a GPU, and these are on the processor")
	case int(o.Device) >= have:
		return "", fmt.Errorf("libtorch sees %d CUDA devices, and %v is none of them", have, o.Device)
	}
	place, err := native.NCCLPlace(int(o.Device))
	if err != nil {
		return "", err
	}
	machine, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(machine)) + " " + place, err
}

// seat is what a rank tells the others of its GPU.
type seat struct {
	Place string `json:"place"`
	Why   string `json:"why"` // there can be no NCCL, empty where there can
}

// joinNCCL brings NCCL in where it is asked for and all ranks can have it.
func (g *Group) joinNCCL(ctx context.Context, o Options, store native.Store) error {
	if o.Backend != NCCL && o.Backend != Auto {
		return nil
	}
	var own seat
	place, err := o.seat()
	if own.Place = place; err != nil {
		own.Why = err.Error()
	}
	message, err := json.Marshal(own)
	if err != nil {
		return err
	}
	told, err := g.GatherBytes(ctx, message)
	if err != nil {
		return err
	}
	seats := make([]seat, len(told))
	for rank, message := range told {
		if err := json.Unmarshal(message, &seats[rank]); err != nil {
			return err
		}
	}
	if err := obstacle(seats); err != nil {
		if o.Backend == NCCL {
			return refused(err)
		}
		return nil
	}
	g.nccl = true
	return g.native.JoinNCCL(store, int(o.Device), g.timeout)
}

// obstacle says why the ranks cannot have NCCL.
func obstacle(seats []seat) error {
	taken := make(map[string]int)
	for rank, s := range seats {
		if s.Why != "" {
			return fmt.Errorf("rank %d: %s", rank, s.Why)
		}
		if other, is := taken[s.Place]; is {
			return fmt.Errorf("ranks %d and %d share a GPU", other, rank)
		}
		taken[s.Place] = rank
	}
	return nil
}
