package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"paperlab/lib/evaluate"
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
	each, err := r.Each(ctx, queries, documents)
	if err != nil {
		return Measures{}, err
	}
	return mean(each), nil
}

// Each takes the measures of each question by itself, from the vectors of questions and documents, given one after the other.
func (r Retrieval) Each(ctx context.Context, queries, documents []float32) ([]Measures, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	dim := len(queries) / len(r.Queries)
	if dim == 0 || len(queries) != dim*len(r.Queries) || len(documents) != dim*len(r.Documents) {
		return nil, fmt.Errorf("evaluate: %d components for %d questions, %d for %d documents",
			len(queries), len(r.Queries), len(documents), len(r.Documents))
	}
	each := make([]Measures, len(r.Queries))
	for i, relevant := range r.Relevant {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("evaluate: question %d of %d: %w", i+1, len(r.Queries), err)
		}
		each[i] = measure(sentence.Best(queries[i*dim:(i+1)*dim], documents, depth), relevant)
	}
	return each, nil
}

// Hold embeds questions and documents by both models and compares what they find, question by question.
func (r Retrieval) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := r.each(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := r.each(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	o := Outcome{Texts: len(r.Documents)}
	for i, query := range r.Queries {
		o.Questions = append(o.Questions, Changed{Query: query, Before: earlier[i].NDCG10, After: later[i].NDCG10})
	}
	o.Measures, err = Pair(ctx, earlier, later, b)
	return o, err
}

// each takes the measures of each question by a model.
func (r Retrieval) each(ctx context.Context, encode Encoder) ([]Measures, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	vectors, err := encode(ctx, slices.Concat(r.Documents, r.Queries))
	if err != nil {
		return nil, err
	}
	split := len(vectors) / (len(r.Documents) + len(r.Queries)) * len(r.Documents)
	return r.Each(ctx, vectors[split:], vectors[:split])
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
