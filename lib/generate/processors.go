package generate

import (
	"math"
	"slices"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// processor changes the scores [rows, vocabulary] of what may follow the ids written in each row, in place. Beam search gives
// log-probabilities, a single hypothesis logits. All rows have the same number of ids.
type processor func(s *tensor.Scope, scores *tensor.Tensor, written [][]int64)

// processors returns those that cfg asks for, in the order in which transformers applies them.
func processors(cfg Config, model t5.Config) []processor {
	var all []processor
	if cfg.RepetitionPenalty != 1 {
		all = append(all, repetitionPenalty(cfg.RepetitionPenalty))
	}
	if cfg.NoRepeatNgramSize > 0 {
		all = append(all, noRepeatNgram(cfg.NoRepeatNgramSize))
	}
	if cfg.MinLength > 0 {
		all = append(all, minLength(cfg.MinLength, model.EOSTokenID))
	}
	return all
}

// repetitionPenalty makes ids already written less likely, each once: a score below zero is multiplied by the penalty, another
// divided (RepetitionPenaltyLogitsProcessor; Keskar et al. 2019, CTRL).
func repetitionPenalty(penalty float64) processor {
	return func(s *tensor.Scope, scores *tensor.Tensor, written [][]int64) {
		ids := s.FromInt64s(slices.Concat(written...), int64(len(written)), int64(len(written[0])))
		score := s.Gather(scores, 1, ids)
		score = s.Where(s.Less(score, 0), s.MulScalar(score, penalty), s.DivScalar(score, penalty))
		s.Scatter(scores, 1, ids, score)
	}
}

// noRepeatNgram forbids ids that would complete an n-gram which is there already (NoRepeatNGramLogitsProcessor; Paulus et al. 2017).
func noRepeatNgram(n int) processor {
	return func(s *tensor.Scope, scores *tensor.Tensor, written [][]int64) {
		for row, ids := range written {
			if banned := completions(ids, n); len(banned) > 0 {
				count := int64(len(banned))
				s.Scatter(s.Select(scores, 0, int64(row)), 0, s.FromInt64s(banned, count), s.Full(math.Inf(-1), tensor.Float32, count))
			}
		}
	}
}

// completions returns the ids that followed the last n-1 of ids wherever those stood before.
func completions(ids []int64, n int) []int64 {
	var found []int64
	if len(ids) < n {
		return nil
	}
	last := ids[len(ids)-(n-1):]
	for end := n - 1; end < len(ids); end++ {
		if slices.Equal(ids[end-(n-1):end], last) {
			found = append(found, ids[end])
		}
	}
	return found
}

// minLength forbids the end before a length, the start token counted (MinLengthLogitsProcessor).
func minLength(length int, end int64) processor {
	return func(s *tensor.Scope, scores *tensor.Tensor, written [][]int64) {
		if len(written[0]) < length {
			s.Fill(s.Narrow(scores, 1, end, 1), math.Inf(-1))
		}
	}
}
