package dist_test

import (
	"context"
	"fmt"
	"log"

	"paperlab/lib/dist"
	"paperlab/lib/tensor"
)

// The same program works alone and as one of several ranks.
func Example() {
	ctx := context.Background()
	group, err := dist.FromEnv(ctx, dist.Options{})
	if err != nil {
		log.Fatal(err)
	}
	defer group.Close()
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	one := s.FromFloat32s([]float32{1}, 1)
	if err := group.AllReduce(ctx, one); err != nil {
		log.Fatal(err)
	}
	sum, err := one.Item()
	fmt.Println(sum == float64(group.Size()), err)
	// Output: true <nil>
}
