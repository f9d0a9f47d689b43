package plots_test

import (
	"fmt"
	"log"
	"net/http"

	"paperlab/plots"
)

// The loss of one run, by epoch, as an image for a notebook.
func Example() {
	train := plots.Series{X: []float64{1, 2, 3, 4, 5, 6}, Y: []float64{4.1, 3.2, 2.9, 2.4, 2.2, 2.1}}
	validation := plots.Series{X: []float64{3, 6}, Y: []float64{3.0, 2.3}}

	p, err := plots.Loss([]plots.Series{train}, []plots.Series{validation}, plots.Options{
		Title:         "flan-t5-small on 6 papers",
		Smoothing:     0.6,
		StepsPerEpoch: 3,
	})
	if err != nil {
		log.Fatal(err)
	}
	png, err := plots.PNG(p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Y.Label.Text, "against", p.X.Label.Text, "as", http.DetectContentType(png))
	// Output: loss against epoch as image/png
}

func ExampleSmooth() {
	fmt.Printf("%.2f\n", plots.Smooth([]float64{4, 2, 3, 1}, 0.5))
	// Output: [4.00 2.67 2.86 1.87]
}
