package sentence

import (
	"errors"
	"fmt"

	"paperlab/lib/tensor"
)

// pooling says how the hidden states of a text become one vector; with several of these, theirs are joined in this order
// (models/Pooling.py of sentence_transformers).
type pooling struct {
	CLS  bool // the first token's
	Max  bool // the largest of each component
	Mean bool // their average

	withoutPrompt bool // the prompt's tokens are passed over, the first token's states aside
}

// poolingConfig is a pooling's config.json.
type poolingConfig struct {
	Width        int   `json:"word_embedding_dimension"`
	CLS          bool  `json:"pooling_mode_cls_token"`
	Mean         bool  `json:"pooling_mode_mean_tokens"`
	Max          bool  `json:"pooling_mode_max_tokens"`
	MeanSqrtLen  bool  `json:"pooling_mode_mean_sqrt_len_tokens"`
	WeightedMean bool  `json:"pooling_mode_weightedmean_tokens"`
	LastToken    bool  `json:"pooling_mode_lasttoken"`
	Prompt       *bool `json:"include_prompt"`
}

func (c poolingConfig) pooling() (pooling, error) {
	p := pooling{CLS: c.CLS, Max: c.Max, Mean: c.Mean, withoutPrompt: c.Prompt != nil && !*c.Prompt}
	for name, asked := range map[string]bool{
		"pooling_mode_mean_sqrt_len_tokens": c.MeanSqrtLen, "pooling_mode_weightedmean_tokens": c.WeightedMean, "pooling_mode_lasttoken": c.LastToken,
	} {
		if asked {
			return p, fmt.Errorf("pooling: %s is asked for, where mean, max and the first token's are known", name)
		}
	}
	if p.modes() == 0 {
		return p, errors.New("pooling: the configuration asks for none")
	}
	return p, nil
}

// config describes p for hidden states of a width.
func (p pooling) config(width int) poolingConfig {
	include := !p.withoutPrompt
	return poolingConfig{Width: width, CLS: p.CLS, Mean: p.Mean, Max: p.Max, Prompt: &include}
}

// modes is the number of vectors that are joined.
func (p pooling) modes() int {
	n := 0
	for _, asked := range []bool{p.CLS, p.Max, p.Mean} {
		if asked {
			n++
		}
	}
	return n
}

// pool returns [batch, modes x width] for hidden states [batch, length, width] and their mask [batch, length].
func (p pooling) pool(s *tensor.Scope, hidden, mask *tensor.Tensor) *tensor.Tensor {
	const beyond = -1e9 // what padding counts as in a maximum
	present := s.Unsqueeze(s.Cast(mask, hidden.DType()), -1)
	var pooled []*tensor.Tensor
	if p.CLS {
		pooled = append(pooled, s.Select(hidden, 1, 0))
	}
	if p.Max {
		pooled = append(pooled, s.MaxDim(s.MaskedFill(hidden, s.Equal(present, 0), beyond), 1))
	}
	if p.Mean {
		const fewest = 1e-9 // so that a text of padding alone has a mean
		tokens := s.ClampMin(s.SumDim(present, 1, false), fewest)
		pooled = append(pooled, s.Div(s.SumDim(s.Mul(hidden, present), 1, false), tokens))
	}
	if len(pooled) == 1 {
		return pooled[0]
	}
	return s.Cat(1, pooled...)
}

// passing returns a mask [batch, length] without the first passed tokens.
func passing(s *tensor.Scope, mask *tensor.Tensor, passed int64) *tensor.Tensor {
	if passed == 0 {
		return mask
	}
	batch, length := mask.Dim(0), mask.Dim(1)
	passed = min(passed, length-1)
	return s.Cat(1, s.Zeros(mask.DType(), batch, passed), s.Narrow(mask, 1, passed, length-passed))
}

// poolEach is pool for hidden states [tokens, width] of texts of these lengths, one after the other without padding. The first
// passed tokens of each count for nothing but CLS.
func (p pooling) poolEach(s *tensor.Scope, hidden *tensor.Tensor, lengths []int64, passed int64) *tensor.Tensor {
	var vectors []*tensor.Tensor
	from := int64(0)
	for _, n := range lengths {
		if p.CLS {
			vectors = append(vectors, s.Select(hidden, 0, from))
		}
		text := s.Narrow(hidden, 0, from+min(passed, n-1), max(n-passed, 1))
		if p.Max {
			vectors = append(vectors, s.MaxDim(text, 0))
		}
		if p.Mean {
			vectors = append(vectors, s.MeanDim(text, 0, false))
		}
		from += n
	}
	return s.Reshape(s.Cat(0, vectors...), int64(len(lengths)), -1)
}
