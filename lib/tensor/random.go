package tensor

import (
	"errors"
	"fmt"
	"sync"

	"paperlab/lib/tensor/native"
)

// libtorch has one random generator a device in the whole process; this is who may use it.
var generator struct {
	sync.Mutex
	holder string
}

// ErrRandomHeld is in the chain of the error of [HoldRandom] while another holds the generators.
var ErrRandomHeld = errors.New("the process has one random generator and it is in use (let the other training end, or start a second process)")

// Random is the right to libtorch's random generators, which dropout and initialisation draw from. The process has one such right:
// two trainings that drew from the same generator in turns would neither be repeatable. One goroutine uses it.
type Random struct {
	device   Device
	released bool
}

// HoldRandom takes the right for a named holder, on device d; [ErrRandomHeld] where somebody has it.
func HoldRandom(holder string, d Device) (*Random, error) {
	generator.Lock()
	defer generator.Unlock()
	if generator.holder != "" {
		return nil, fmt.Errorf("tensor: random generator for %s: held by %s: %w", holder, generator.holder, ErrRandomHeld)
	}
	generator.holder = holder
	return &Random{device: d}, nil
}

// Release gives the right back; a second call does nothing.
func (r *Random) Release() {
	generator.Lock()
	defer generator.Unlock()
	if !r.released {
		r.released, generator.holder = true, ""
	}
}

// Seed starts the generators of all devices anew (torch.manual_seed).
func (r *Random) Seed(seed int64) error {
	if err := native.Seed(seed); err != nil {
		return fmt.Errorf("tensor: seed %d: %w", seed, err)
	}
	return nil
}

// RandomState is a copy of the generators' states, for checkpoints.
type RandomState struct {
	CPU  []byte `json:"cpu"`
	CUDA []byte `json:"cuda,omitempty"`
}

// State copies the state of the processor's generator and of the held CUDA device's.
func (r *Random) State() (RandomState, error) {
	var state RandomState
	var err error
	if state.CPU, err = native.RandomState(native.CPU); err == nil && r.device >= 0 {
		state.CUDA, err = native.RandomState(int(r.device))
	}
	if err != nil {
		return state, fmt.Errorf("tensor: random state on %v: %w", r.device, err)
	}
	return state, nil
}

// Restore puts a copied state back. A state without the held CUDA device's part leaves that generator as it is.
func (r *Random) Restore(state RandomState) error {
	err := native.RandomRestore(native.CPU, state.CPU)
	if err == nil && r.device >= 0 && state.CUDA != nil {
		err = native.RandomRestore(int(r.device), state.CUDA)
	}
	if err != nil {
		return fmt.Errorf("tensor: restore random state on %v: %w", r.device, err)
	}
	return nil
}
