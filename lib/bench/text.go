package main

import (
	"context"
	"path/filepath"

	"paperlab/lib/bench/table"
	"paperlab/lib/rouge"
	"paperlab/lib/tokenize"
)

// prepareArticles turns articles into 256 ids each. The answer is the number and the sum of the ids.
func prepareArticles(ctx context.Context, folder string) (sample table.Sample, err error) {
	const length = 256
	all, err := readLines[string](filepath.Join(folder, string(articles)))
	if err != nil {
		return sample, err
	}
	tokenizer, err := tokenize.LoadFile(filepath.Join(folder, string(t5Tokenizer), "tokenizer.json"))
	if err != nil {
		return sample, err
	}
	bytes := 0
	for _, article := range all {
		bytes += len(article)
	}
	var ids [][]int
	sample.Seconds, err = best(ctx, 1, float64(bytes)/1e6, func() (err error) {
		ids, err = tokenizer.EncodeBatch(ctx, all, length)
		return err
	})
	count, sum := 0, 0
	for _, article := range ids {
		count += len(article)
		for _, id := range article {
			sum += id
		}
	}
	sample.Answer = []float64{float64(count), float64(sum)}
	return sample, err
}

// scorePairs computes ROUGE of short texts. The answer is the mean F-measures.
func scorePairs(stem bool) func(context.Context, string) (table.Sample, error) {
	return func(ctx context.Context, folder string) (sample table.Sample, err error) {
		all, err := readLines[[2]string](filepath.Join(folder, string(pairs)))
		if err != nil {
			return sample, err
		}
		references, predictions := make([]string, len(all)), make([]string, len(all))
		for i, pair := range all {
			references[i], predictions[i] = pair[0], pair[1]
		}
		var scores []rouge.Scores
		sample.Seconds, err = best(ctx, 3, float64(len(all)), func() (err error) {
			scorer := rouge.Scorer{Stem: stem}
			scores, err = scorer.ScoreAll(ctx, references, predictions)
			return err
		})
		mean := rouge.Mean(scores)
		sample.Answer = []float64{mean.Rouge1.FMeasure, mean.Rouge2.FMeasure, mean.RougeL.FMeasure, mean.RougeLsum.FMeasure}
		return sample, err
	}
}
