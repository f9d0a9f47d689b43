package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"paperlab/lib/sentence"
)

// Retrieval is a test: questions, documents, and which of the documents answer each question.
type Retrieval struct {
	Queries, Documents []string
	Relevant           []map[int]bool // for each query the numbers of its documents
}

// KnownItems is the test in which question i is answered by document i and by no other: titles that have to find their abstracts.
func KnownItems(queries, documents []string) (Retrieval, error) {
	relevant := make([]map[int]bool, len(queries))
	for i := range queries {
		relevant[i] = map[int]bool{i: true}
	}
	r := Retrieval{queries, documents, relevant}
	return r, r.check()
}

// SameGroup is the test in which question i is answered by every document of group groups[i], its own included: titles that
// have to find the papers of their category.
func SameGroup(queries, documents, groups []string) (Retrieval, error) {
	if len(groups) != len(documents) || len(queries) > len(documents) {
		return Retrieval{}, fmt.Errorf("evaluate: %d questions, %d documents, %d groups: each document needs a group, each question a document",
			len(queries), len(documents), len(groups))
	}
	members := map[string]map[int]bool{}
	for i, group := range groups {
		if members[group] == nil {
			members[group] = map[int]bool{}
		}
		members[group][i] = true
	}
	relevant := make([]map[int]bool, len(queries))
	for i := range queries {
		relevant[i] = members[groups[i]]
	}
	r := Retrieval{queries, documents, relevant}
	return r, r.check()
}

// Sample returns the test with n of its questions, drawn at random by the seed, or with all where there are fewer. The
// documents stay.
func (r Retrieval) Sample(n int, seed uint64) Retrieval {
	n = max(0, min(n, len(r.Queries)))
	sample := Retrieval{Documents: r.Documents}
	for _, i := range rand.New(rand.NewPCG(seed, 0)).Perm(len(r.Queries))[:n] {
		sample.Queries, sample.Relevant = append(sample.Queries, r.Queries[i]), append(sample.Relevant, r.Relevant[i])
	}
	return sample
}

// Measures are the means over the questions of a [Retrieval], each from 0 to 1. What stands beyond rank 10 counts for none
// but MAP, which looks at 100.
type Measures struct {
	Queries    int     `json:"queries"`
	Accuracy1  float64 `json:"accuracy@1"`  // share of the questions whose first document is relevant
	Accuracy10 float64 `json:"accuracy@10"` // share of those with a relevant one among the first 10
	MRR10      float64 `json:"mrr@10"`      // 1 / rank of the first relevant document
	NDCG10     float64 `json:"ndcg@10"`     // relevant documents, each divided by log2(1 + rank), over the most that could be
	Recall10   float64 `json:"recall@10"`   // share of a question's relevant documents that are found
	MAP100     float64 `json:"map@100"`     // mean, over the relevant documents, of the precision at their ranks
}

// depth is how far the longest measure looks.
const depth = 100

// Measure embeds questions and documents and takes the measures. It stops with ctx's error when that ends.
func (r Retrieval) Measure(ctx context.Context, m *sentence.Model, o sentence.Options) (Measures, error) {
	if err := r.check(); err != nil {
		return Measures{}, err
	}
	documents, err := m.Encode(ctx, r.Documents, o)
	if err != nil {
		return Measures{}, err
	}
	queries, err := m.Encode(ctx, r.Queries, o)
	if err != nil {
		return Measures{}, err
	}
	return r.MeasureVectors(ctx, queries, documents)
}

// MeasureVectors takes the measures from the vectors of questions and documents, given one after the other.
func (r Retrieval) MeasureVectors(ctx context.Context, queries, documents []float32) (Measures, error) {
	if err := r.check(); err != nil {
		return Measures{}, err
	}
	dim := len(queries) / len(r.Queries)
	if dim == 0 || len(queries) != dim*len(r.Queries) || len(documents) != dim*len(r.Documents) {
		return Measures{}, fmt.Errorf("evaluate: %d components for %d questions, %d for %d documents",
			len(queries), len(r.Queries), len(documents), len(r.Documents))
	}
	var sum Measures
	for i, relevant := range r.Relevant {
		if err := ctx.Err(); err != nil {
			return Measures{}, fmt.Errorf("evaluate: question %d of %d: %w", i+1, len(r.Queries), err)
		}
		sum.add(measure(sentence.Best(queries[i*dim:(i+1)*dim], documents, depth), relevant))
	}
	return sum.mean(), nil
}

// check refuses a test that no model can pass.
func (r Retrieval) check() error {
	if len(r.Queries) == 0 || len(r.Documents) == 0 {
		return errors.New("evaluate: a test needs a question and a document at least")
	}
	if len(r.Relevant) != len(r.Queries) {
		return fmt.Errorf("evaluate: %d questions, answers to %d", len(r.Queries), len(r.Relevant))
	}
	for i, relevant := range r.Relevant {
		if len(relevant) == 0 {
			return fmt.Errorf("evaluate: question %d has no relevant document", i+1)
		}
		for document := range relevant {
			if document < 0 || document >= len(r.Documents) {
				return fmt.Errorf("evaluate: question %d: document %d of %d", i+1, document, len(r.Documents))
			}
		}
	}
	return nil
}

// measure takes the measures of one question.
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
		if i == 0 {
			one.Accuracy1 = 1
		}
		if i < near {
			one.MRR10 = max(one.MRR10, 1/rank)
			one.Accuracy10 = 1
			one.Recall10++
			gain += 1 / math.Log2(1+rank)
		}
	}
	for i := range min(near, len(relevant)) {
		ideal += 1 / math.Log2(2+float64(i))
	}
	one.NDCG10 = gain / ideal
	one.Recall10 /= float64(len(relevant))
	one.MAP100 /= float64(min(depth, len(relevant)))
	return one
}

func (m *Measures) add(one Measures) {
	m.Queries += one.Queries
	for i, part := range m.parts() {
		*part += *one.parts()[i]
	}
}

func (m Measures) mean() Measures {
	for _, part := range m.parts() {
		*part /= float64(m.Queries)
	}
	return m
}

// parts are the measures in the order of [Names].
func (m *Measures) parts() []*float64 {
	return []*float64{&m.Accuracy1, &m.Accuracy10, &m.MRR10, &m.NDCG10, &m.Recall10, &m.MAP100}
}
