package symbols_test

import (
	"fmt"

	"paperlab/kernel/interp/symbols"
)

func Example() {
	fmt.Println(symbols.Lookup("gonum.org/v1/gonum/mat"), symbols.Lookup("example.com/mat"))
	declaration, _, _ := symbols.Doc("gonum.org/v1/gonum/floats", "Sum")
	fmt.Println(declaration)
	// Output:
	// true false
	// func Sum(s []float64) float64
}
