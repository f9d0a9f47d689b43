package evaluate

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"paperlab/lib/sentence"
)

// Measures are the means over the questions of a [Retrieval], each from 0 to 1, as InformationRetrievalEvaluator of
// sentence_transformers takes them. What stands beyond rank 10 counts for none but MAP, which looks at 100.
type Measures struct {
	Queries   int
	Accuracy  AtRanks // share of the questions with a relevant document among the first k
	Precision AtRanks // relevant documents among the first k, over k, be there so many or not
	Recall    AtRanks // share of a question's relevant documents among the first k
	MRR10     float64 // 1 / rank of the first relevant document
	NDCG10    float64 // relevant documents, each divided by log2(1 + rank), over the most that could be
	MAP100    float64 // mean, over the relevant documents, of the precision at their ranks
}

// AtRanks are the values of one measure within the first 1, 3, 5 and 10 documents.
type AtRanks [4]float64

var ranks = [4]int{1, 3, 5, 10}

// At gives the value within the first k documents: 1, 3, 5 or 10. For other k it is NaN.
func (a AtRanks) At(k int) float64 {
	for i, rank := range ranks {
		if rank == k {
			return a[i]
		}
	}
	return math.NaN()
}

// Names are the names of the measures that tables show, in the order of [Measures.Values].
func Names() []string {
	return []string{"accuracy@1", "accuracy@10", "mrr@10", "ndcg@10", "recall@10", "map@100"}
}

// Values are the measures of [Names].
func (m Measures) Values() []float64 {
	return []float64{m.Accuracy.At(1), m.Accuracy.At(10), m.MRR10, m.NDCG10, m.Recall.At(10), m.MAP100}
}

// AllNames are the names of all measures, in the order of [Measures.All], which is the peer's.
func AllNames() (names []string) {
	for _, k := range ranks {
		names = append(names, fmt.Sprintf("accuracy@%d", k))
	}
	for _, k := range ranks {
		names = append(names, fmt.Sprintf("precision@%d", k), fmt.Sprintf("recall@%d", k))
	}
	return append(names, "mrr@10", "ndcg@10", "map@100")
}

// All are the measures of [AllNames].
func (m Measures) All() (values []float64) {
	for _, part := range m.parts() {
		values = append(values, *part)
	}
	return values
}

// parts are the measures in the order of [AllNames].
func (m *Measures) parts() (parts []*float64) {
	for i := range ranks {
		parts = append(parts, &m.Accuracy[i])
	}
	for i := range ranks {
		parts = append(parts, &m.Precision[i], &m.Recall[i])
	}
	return append(parts, &m.MRR10, &m.NDCG10, &m.MAP100)
}

// Metrics are all measures by the names that a tracker keeps them by, behind a prefix: with "retrieval/", retrieval/mrr_10.
func (m Measures) Metrics(prefix string) map[string]float64 {
	metrics := map[string]float64{}
	values := m.All()
	for i, name := range AllNames() {
		metrics[prefix+strings.ReplaceAll(name, "@", "_")] = values[i]
	}
	return metrics
}

// MarshalJSON writes an object of the number of questions and all measures, by their names.
func (m Measures) MarshalJSON() ([]byte, error) {
	object := map[string]any{"queries": m.Queries}
	values := m.All()
	for i, name := range AllNames() {
		object[name] = values[i]
	}
	return json.Marshal(object)
}

// measure takes the measures of one question from its nearest documents, the nearest first.
func measure(hits []sentence.Hit, relevant map[int]bool) Measures {
	const near = 10
	one := Measures{Queries: 1}
	var found, gain, ideal float64
	for i, hit := range hits {
		if !relevant[hit.Index] {
			continue
		}
		rank := float64(i + 1)
		found++
		one.MAP100 += found / rank
		for j, k := range ranks {
			if i < k {
				one.Accuracy[j] = 1
				one.Precision[j] += 1 / float64(k)
				one.Recall[j] += 1 / float64(len(relevant))
			}
		}
		if i < near {
			one.MRR10 = max(one.MRR10, 1/rank)
			gain += 1 / math.Log2(1+rank)
		}
	}
	for i := range min(near, len(relevant)) {
		ideal += 1 / math.Log2(2+float64(i))
	}
	one.NDCG10 = gain / ideal
	one.MAP100 /= float64(min(depth, len(relevant)))
	return one
}

// mean returns the means over questions.
func mean(each []Measures) (m Measures) {
	for _, one := range each {
		m.Queries += one.Queries
		for i, part := range m.parts() {
			*part += *one.parts()[i]
		}
	}
	for _, part := range m.parts() {
		*part /= float64(m.Queries)
	}
	return m
}
