package tensor

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/sugarme/gotch/libtch"

	"paperlab/lib/tensor/native"
)

// Device is where a tensor's memory lies: [CPU], or CUDA device n as Device(n).
type Device int

// CPU is the processor.
const CPU Device = -1

// ParseDevice reads "cpu", "cuda", "cuda:N" or "auto" (the first CUDA device, else the processor). A CUDA device that
// this machine or this build of libtorch lacks is an error.
func ParseDevice(name string) (Device, error) {
	switch {
	case name == "auto" || name == "":
		if CUDADevices() > 0 {
			return Device(0), nil
		}
		return CPU, nil
	case name == "cpu":
		return CPU, nil
	case name == "cuda":
		name = "cuda:0"
	}
	index, ok := strings.CutPrefix(name, "cuda:")
	n, err := strconv.Atoi(index)
	if !ok || err != nil || n < 0 {
		return CPU, fmt.Errorf("tensor: device %q is none of auto, cpu, cuda, cuda:N", name)
	}
	if have := CUDADevices(); n >= have {
		return CPU, fmt.Errorf("tensor: device %q: libtorch sees %d CUDA devices here (use cpu or auto)", name, have)
	}
	return Device(n), nil
}

// CUDADevices is the number of CUDA devices that libtorch can use.
func CUDADevices() int { return int(libtch.AtcCudaDeviceCount()) }

// MemoryUsed returns the bytes that the tensors of this process hold on a CUDA device, which PyTorch calls
// torch.cuda.memory_allocated: neither what libtorch keeps for later nor other programs' are among them. The processor, or a
// device that is not there, is an error. It may be called while others compute.
func (d Device) MemoryUsed() (int64, error) {
	if d < 0 {
		return 0, fmt.Errorf("tensor: memory of %v: only a CUDA device has its own", d)
	}
	if have := CUDADevices(); int(d) >= have {
		return 0, fmt.Errorf("tensor: memory of %v: libtorch sees %d CUDA devices here", d, have)
	}
	used, err := native.CUDAMemory(int(d))
	if err != nil {
		return 0, fmt.Errorf("tensor: memory of %v: %w", d, err)
	}
	return used, nil
}

// String returns "cpu" or "cuda:N", which [ParseDevice] reads.
func (d Device) String() string {
	if d < 0 {
		return "cpu"
	}
	return fmt.Sprintf("cuda:%d", int(d))
}
