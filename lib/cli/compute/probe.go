package compute

import (
	"fmt"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
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
				Torch: verdict(probeTorch()), FAISS: verdict(probeFAISS()),
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

func probeFAISS() error {
	index, err := faiss.NewFlatL2(2)
	if err != nil {
		return err
	}
	defer index.Close()
	if err := index.Add([]float32{0, 0, 3, 4}); err != nil {
		return err
	}
	distances, ids, err := index.Search([]float32{3, 3}, 1)
	if err != nil {
		return err
	}
	if ids[0] != 1 || distances[0] != 1 {
		return fmt.Errorf("a search found %v at %v, not 1 at 1", ids, distances)
	}
	return nil
}
