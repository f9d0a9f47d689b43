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

// Three runs: a learning rate, an optimizer, and what came of them.
func ExampleParallelCoordinates() {
	p, err := plots.ParallelCoordinates([]plots.Axis{
		{Name: "learning rate", Values: []float64{1e-5, 1e-4, 1e-3}, Log: true},
		{Name: "optimizer", Texts: []string{"adamw", "adamw", "sgd"}},
		{Name: "loss", Values: []float64{2.1, 1.7, 3.4}},
	}, plots.Options{Title: "Sweep"})
	if err != nil {
		log.Fatal(err)
	}
	png, err := plots.PNG(p)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(http.DetectContentType(png))
	// Output: image/png
}

// Four vectors of three dimensions, as an embedding model gives them, one after the other.
func ExampleEmbeddingMap() {
	vectors := []float32{1, 0, 0, 2, 0, 0, 3, 0, 0.1, 4, 0, 0}
	p, err := plots.EmbeddingMap(vectors, []string{"one", "two", "three", "four"}, nil, plots.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.X.Label.Text)
	// Output: component 1 (100 %)
}
