package bert_test

import (
	"fmt"

	"paperlab/lib/bert"
	"paperlab/lib/nn"
	"paperlab/lib/tensor"
)

// Two texts of token ids, the second one shorter, become a vector for each token.
func Example() {
	m, err := bert.Load("testdata/tiny", tensor.CPU)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer m.Close()
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	ids, mask := nn.Pad(s, [][]int{{2, 17, 40, 3}, {2, 8, 3}}, 0)
	hidden := m.Forward(s, ids, mask, nil)
	fmt.Println(hidden, s.Err())
	// Output: float32[2 4 16] <nil>
}
