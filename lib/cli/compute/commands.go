package compute

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
	"paperlab/lib/train"
)

// NewRun starts the record of a training of the given name with its parameters, and returns the hook that fills it. It is main's:
// the library knows no tracker.
type NewRun func(ctx context.Context, name string, params map[string]any) (train.Hook, error)

// Commands returns the computing verbs. A nil newRun trains without a record.
func Commands(newRun NewRun) []*cobra.Command {
	group := func(name string, verbs ...*cobra.Command) *cobra.Command {
		cmd := &cobra.Command{Use: name, Short: cli.Short(name)}
		cmd.AddCommand(verbs...)
		return cmd
	}
	return []*cobra.Command{
		initialise(),
		group("train", trainSummarize(newRun), trainSearch(newRun)),
		group("eval", evalSummarize(), evalSearch()),
		summarize(),
		group("index", indexBuild(), indexSearch(), indexInfo()),
		embed(),
		probe(),
	}
}

// machine is the flags that say where and how a verb computes.
type machine struct {
	device, precision string
	threads           int
}

func (m *machine) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&m.device, "device", "auto", "auto, cpu, cuda or cuda:N")
	cmd.Flags().StringVar(&m.precision, "precision", "fp32", "fp32, or bf16: matrix products in bfloat16, the rest in fp32")
	cmd.Flags().IntVar(&m.threads, "threads", runtime.NumCPU(), "threads of one operation on the processor")
}

// prepare returns the device and the type of matrix products, and sets the threads.
func (m *machine) prepare() (tensor.Device, tensor.DType, error) {
	precisions := map[string]tensor.DType{"fp32": tensor.Float32, "bf16": tensor.BFloat16}
	precision, ok := precisions[m.precision]
	if !ok {
		return 0, 0, console.Usage(fmt.Errorf("--precision %q is neither fp32 nor bf16", m.precision))
	}
	device, err := tensor.ParseDevice(m.device)
	if err != nil {
		return 0, 0, err
	}
	if err := tensor.SetThreads(m.threads); err != nil {
		return 0, 0, console.Usage(fmt.Errorf("--threads: %w", err))
	}
	return device, precision, nil
}

// required is the usage error of a flag that has no default.
func required(verb, flag string) error {
	return console.Usage(fmt.Errorf("%s needs --%s", verb, flag))
}
