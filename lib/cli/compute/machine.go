package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
)

// machine is the flags that say where and how a verb computes.
type machine struct {
	device, precision string
	threads           int
}

func (m *machine) flags(cmd *cobra.Command) {
	m.deviceFlag(cmd)
	cmd.Flags().StringVar(&m.precision, "precision", "fp32", "fp32, or bf16: matrix products in bfloat16, the rest in fp32")
	cli.Count(cmd, &m.threads, "threads", 0, 0, "threads of one operation on the processor (0: $OMP_NUM_THREADS, else all processors)")
}

func (m *machine) deviceFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.device, "device", "auto", "auto, cpu, cuda or cuda:N")
}

// place is where a model lies, and the type of its matrix products.
type place struct {
	device    tensor.Device
	precision tensor.DType
}

// prepare returns the place that the flags name, and sets the threads.
func (m *machine) prepare() (place, error) {
	precision, err := tensor.ParsePrecision(m.precision)
	if err != nil {
		return place{}, console.Usage(fmt.Errorf("--precision: %w", err))
	}
	device, err := tensor.ParseDevice(m.device)
	if err != nil {
		return place{}, console.Usage(fmt.Errorf("--device: %w", err))
	}
	if m.threads > 0 {
		if err := tensor.SetThreads(m.threads); err != nil {
			return place{}, fmt.Errorf("--threads: %w", err)
		}
	}
	return place{device, precision}, nil
}
