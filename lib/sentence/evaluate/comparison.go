package evaluate

import "fmt"

// Result is the measures of one model.
type Result struct {
	Name     string
	Measures Measures
}

// Comparison is the measures of several models in one test.
type Comparison []Result

// Table returns the measures, one model a row.
func (c Comparison) Table() (header []string, rows [][]string) {
	for _, result := range c {
		row := []string{result.Name}
		for _, value := range result.Measures.Values() {
			row = append(row, fmt.Sprintf("%.4f", value))
		}
		rows = append(rows, row)
	}
	return append([]string{"model"}, Names()...), rows
}
