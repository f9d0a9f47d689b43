package pgvector_test

import (
	"context"
	"fmt"
	"os"

	"paperlab/lib/vector"
	"paperlab/lib/vector/pgvector"
)

// It needs a server, whose address DATABASE_URL holds.
func ExampleOpen() {
	ctx := context.Background()
	index, err := pgvector.Open(ctx, os.Getenv("DATABASE_URL"), "papers", vector.Spec{Dim: 2, Metric: vector.InnerProduct})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer index.Close()
	if err := index.Add(ctx, []int64{1, 2}, []float32{1, 0, 0.6, 0.8}); err != nil {
		fmt.Println(err)
		return
	}
	found, err := index.Search(ctx, []float32{0, 1}, 1)
	fmt.Println(found, err)
}
