package sentence_test

import (
	"context"
	"fmt"

	"paperlab/lib/sentence"
	"paperlab/lib/sentence/loss"
	"paperlab/lib/tensor"
)

func Example() {
	m, err := sentence.Load("testdata/tiny", tensor.CPU) // or the folder of all-MiniLM-L6-v2
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	ctx, texts := context.Background(), []string{"energy and heat", "a graph", "the stars of a galaxy"}
	vectors, err := m.Encode(ctx, texts, sentence.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	query, err := m.Embed(ctx, "A graph")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, hit := range sentence.Best(query, vectors, 1) {
		fmt.Printf("%.2f %s\n", hit.Similarity, texts[hit.Index])
	}
	// Output: 1.00 a graph
}

// One step of gradient descent, by hand; package train does this in earnest.
func ExampleRanking() {
	m, err := sentence.Load("testdata/tiny", tensor.CPU)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	pairs, err := m.Pairs(context.Background(), []string{"hot gas", "dark space"}, []string{"heat", "black holes"})
	if err != nil {
		fmt.Println(err)
		return
	}

	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	learner := sentence.Ranking{Model: m, Scale: loss.Scale}
	batch := pairs.Batch(s, []int{0, 1})
	before := learner.Loss(s, batch)
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	if err := tensor.Backward(before); err != nil {
		fmt.Println(err)
		return
	}
	values, gradients := learner.Parameters().Flat()
	s.Copy(values, s.Sub(values, s.MulScalar(gradients, 0.001)))
	falls := s.Sub(before, learner.Loss(s, batch))
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	difference, err := falls.Item()
	fmt.Println("the loss falls:", difference > 0, err)
	// Output: the loss falls: true <nil>
}
