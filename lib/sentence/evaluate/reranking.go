package evaluate

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"

	"paperlab/lib/evaluate"
	"paperlab/lib/sentence"
)

// Reranking is a test without judgements of a whole collection: each question comes with candidates and how good each is.
type Reranking []Candidates

// Candidates are the texts to be put in order for one question. A higher score is better; 0 is of no use.
type Candidates struct {
	Query  string
	Texts  []string
	Scores []float64
}

// ReadReranking reads a test in the layout of SciRepEval's search task (Singh et al. 2023): JSON lines with query and
// candidates, each of title, abstract and score. Questions with fewer than two candidates, or none of any use, are left out.
func ReadReranking(path string) (Reranking, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var test Reranking
	decoder := json.NewDecoder(bufio.NewReader(f))
	for record := 1; ; record++ {
		var line struct {
			Query      string `json:"query"`
			Candidates []struct {
				Title    string  `json:"title"`
				Abstract string  `json:"abstract"`
				Score    float64 `json:"score"`
			} `json:"candidates"`
		}
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			if len(test) == 0 {
				return nil, fmt.Errorf("%s: no question has two candidates, one of them of use", path)
			}
			return test, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: record %d: %w", path, record, err)
		}
		question := Candidates{Query: line.Query}
		for _, c := range line.Candidates {
			question.Texts = append(question.Texts, strings.TrimSpace(c.Title+" "+c.Abstract))
			question.Scores = append(question.Scores, c.Score)
		}
		if len(question.Texts) > 1 && slices.Max(question.Scores) > 0 {
			test = append(test, question)
		}
	}
}

// NDCG10 embeds the texts and returns the mean nDCG@10 of the questions: see [Reranking.Each].
func (t Reranking) NDCG10(ctx context.Context, m *sentence.Model, o sentence.Options) (float64, error) {
	each, err := t.Each(ctx, Using(m, o))
	if err != nil {
		return 0, err
	}
	var sum float64
	for _, ndcg := range each {
		sum += ndcg
	}
	return sum / float64(len(t)), nil
}

// Each embeds the texts and returns the nDCG@10 of each question: of its candidates in the order of their cosines with it, gains
// being the scores themselves (Jarvelin & Kekalainen 2002) and texts with equal cosines sharing theirs (McSherry & Najork 2008), as
// scikit-learn's ndcg_score has it. It stops with ctx's error when that ends.
func (t Reranking) Each(ctx context.Context, encode Encoder) ([]float64, error) {
	if len(t) == 0 {
		return nil, errors.New("evaluate: a test needs a question at least")
	}
	var texts []string
	for _, question := range t {
		texts = append(append(texts, question.Query), question.Texts...)
	}
	vectors, err := encode(ctx, texts)
	if err != nil {
		return nil, err
	}
	dim := len(vectors) / len(texts)
	each := make([]float64, len(t))
	for i, question := range t {
		n := (1 + len(question.Texts)) * dim
		each[i] = question.ndcg(sentence.Best(vectors[:dim], vectors[dim:n], len(question.Texts)))
		vectors = vectors[n:]
	}
	return each, nil
}

// Hold embeds questions and candidates by both models and compares the orders that they put them in, question by question.
func (t Reranking) Hold(ctx context.Context, before, after Encoder, b evaluate.Bootstrap) (Outcome, error) {
	earlier, err := t.Each(ctx, before)
	if err != nil {
		return Outcome{}, fmt.Errorf("baseline: %w", err)
	}
	later, err := t.Each(ctx, after)
	if err != nil {
		return Outcome{}, fmt.Errorf("fine-tuned model: %w", err)
	}
	var o Outcome
	differences := make([]float64, len(t))
	ndcg := Paired{Measure: "ndcg@10"}
	for i, question := range t {
		o.Texts += len(question.Texts)
		o.Questions = append(o.Questions, Changed{Query: question.Query, Before: earlier[i], After: later[i]})
		differences[i] = later[i] - earlier[i]
		ndcg.Before += earlier[i] / float64(len(t))
		ndcg.After += later[i] / float64(len(t))
	}
	ndcg.Difference, err = b.Mean(ctx, differences)
	o.Measures = []Paired{ndcg}
	return o, err
}

func (c Candidates) ndcg(hits []sentence.Hit) float64 {
	found := make([]float64, len(hits))
	for begin := 0; begin < len(hits); {
		end, sum := begin, 0.0
		for ; end < len(hits) && hits[end].Similarity == hits[begin].Similarity; end++ {
			sum += c.Scores[hits[end].Index]
		}
		for i := begin; i < end; i++ {
			found[i] = sum / float64(end-begin)
		}
		begin = end
	}
	ideal := slices.SortedFunc(slices.Values(c.Scores), func(a, b float64) int { return cmp.Compare(b, a) })
	return gain(found) / gain(ideal)
}

// gain adds up the first ten scores, each divided by log2(1 + rank).
func gain(scores []float64) (sum float64) {
	for i, score := range scores[:min(10, len(scores))] {
		sum += score / math.Log2(2+float64(i))
	}
	return sum
}
