package evaluate

import (
	"fmt"
	"strings"
)

// Names are the measures' names, in the order of [Measures.Values].
func Names() []string {
	return []string{"accuracy@1", "accuracy@10", "mrr@10", "ndcg@10", "recall@10", "map@100"}
}

// Values are the measures in the order of [Names].
func (m Measures) Values() []float64 {
	var values []float64
	for _, part := range m.parts() {
		values = append(values, *part)
	}
	return values
}

// Metrics are the measures by the names that a tracker keeps them by, behind a prefix: with "retrieval/", retrieval/mrr_10.
func (m Measures) Metrics(prefix string) map[string]float64 {
	metrics := map[string]float64{}
	for i, name := range Names() {
		metrics[prefix+strings.ReplaceAll(name, "@", "_")] = m.Values()[i]
	}
	return metrics
}

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
