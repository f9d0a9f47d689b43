package tensor_test

import (
	"fmt"

	"paperlab/lib/tensor"
)

// One step of gradient descent on a straight line: the gradient of mean((x w - y)²) lands in the memory given to SetGrad.
func Example() {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	w, grad := s.Leaf(s.FromFloat32s([]float32{1}, 1, 1)), s.Zeros(tensor.Float32, 1, 1)
	if err := tensor.SetGrad(w, grad); err != nil {
		fmt.Println(err)
		return
	}

	x, y := s.FromFloat32s([]float32{1, 2, 3}, 3, 1), s.FromFloat32s([]float32{2, 4, 6}, 3, 1)
	loss := s.Mean(s.Pow(s.Sub(s.Linear(x, w, nil), y), 2))
	if s.Err() != nil {
		fmt.Println(s.Err())
		return
	}
	if err := tensor.Backward(loss); err != nil {
		fmt.Println(err)
		return
	}
	value, _ := loss.Item()
	slope, _ := grad.Item()
	fmt.Printf("loss %.4f, gradient %.4f\n", value, slope)
	// Output: loss 4.6667, gradient -9.3333
}

// An error names the operation and its operands; what came after it did nothing.
func ExampleScope_Err() {
	s := tensor.NewScope(tensor.CPU)
	defer s.Close()
	product := s.MatMul(s.Zeros(tensor.Float32, 2, 3), s.Zeros(tensor.Float32, 4, 5))
	s.Softmax(s.Add(product, product), -1)
	fmt.Println(s.Err())
	// Output: tensor: matmul(float32[2 3], float32[4 5]): mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)
}
