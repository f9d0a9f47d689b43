package compute

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
	"paperlab/lib/vector"
	"paperlab/lib/vector/faiss"
)

// probe is the hidden verb with which doctor asks whether the libraries work.
func probe() *cobra.Command {
	return &cobra.Command{
		Use: "probe", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			threads, err := tensor.Threads()
			if err != nil {
				return err
			}
			return console.JSON(cmd.OutOrStdout(), cli.Probe{
				Threads: threads, CUDADevices: tensor.CUDADevices(),
				Torch: verdict(probeTorch()), FAISS: verdict(probeFAISS(cmd.Context())),
			})
		},
	}
}

func verdict(err error) string {
	if err != nil {
		return err.Error()
	}
	return cli.Works
}

func probeTorch() error {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	product := s.MatMul(s.Full(2, tensor.Float32, 1, 3), s.Full(3, tensor.Float32, 3, 1))
	if s.Err() != nil {
		return s.Err()
	}
	if v, err := product.Item(); err != nil || v != 18 {
		return fmt.Errorf("a product is %v (%v), not 18", v, err)
	}
	return nil
}

func probeFAISS(ctx context.Context) error {
	index, err := faiss.New(vector.Spec{Dim: 2}, "Flat")
	if err != nil {
		return err
	}
	defer index.Close()
	if err := index.Add(ctx, []int64{0, 1}, []float32{0, 0, 3, 4}); err != nil {
		return err
	}
	found, err := index.Search(ctx, []float32{3, 3}, 1)
	if err != nil {
		return err
	}
	if want := (vector.Neighbour{ID: 1, Distance: 1}); found[0][0] != want {
		return fmt.Errorf("a search found %+v, not %+v", found[0][0], want)
	}
	return nil
}
