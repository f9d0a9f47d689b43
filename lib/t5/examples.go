package t5

import (
	"context"
	"errors"
	"fmt"

	"paperlab/lib/nn"
	"paperlab/lib/tensor"
	"paperlab/lib/tokenize"
)

// Examples is a data set of tokenised texts and the summaries to learn from them. It is safe for concurrent reading.
type Examples struct {
	inputs, targets [][]int
	pad             int
}

// Preparation says how texts become examples. Lengths are in tokens with </s>, 0 for no limit.
type Preparation struct {
	Prefix              string // put before each text: "summarize: "
	MaxInput, MaxTarget int
}

// Prepare tokenises texts and their summaries over all cores. It fails where there are not as many of either, or none.
func Prepare(ctx context.Context, tok *tokenize.Tokenizer, texts, summaries []string, how Preparation) (*Examples, error) {
	if len(texts) != len(summaries) || len(texts) == 0 {
		return nil, fmt.Errorf("t5: %d texts with %d summaries: as many of either, and at least one, are needed", len(texts), len(summaries))
	}
	prefixed := make([]string, len(texts))
	for i, text := range texts {
		prefixed[i] = how.Prefix + text
	}
	inputs, errIn := tok.EncodeBatch(ctx, prefixed, how.MaxInput)
	targets, errOut := tok.EncodeBatch(ctx, summaries, how.MaxTarget)
	if err := errors.Join(errIn, errOut); err != nil {
		return nil, err
	}
	return NewExamples(inputs, targets, tok.PadID())
}

// NewExamples makes a data set of token ids, one input and one target an example, neither padded. Label entries that are
// nn.IgnoredLabel stay so. An empty input or target is an error that gives its number.
func NewExamples(inputs, targets [][]int, pad int) (*Examples, error) {
	if len(inputs) != len(targets) {
		return nil, fmt.Errorf("t5: %d inputs with %d targets", len(inputs), len(targets))
	}
	for i := range inputs {
		if len(inputs[i]) == 0 || len(targets[i]) == 0 {
			return nil, fmt.Errorf("t5: example %d has no tokens", i)
		}
	}
	return &Examples{inputs: inputs, targets: targets, pad: pad}, nil
}

// Len is the number of examples.
func (e *Examples) Len() int { return len(e.inputs) }

// Inputs returns the token ids of the inputs, which the caller must not change.
func (e *Examples) Inputs() [][]int { return e.inputs }

// Length is the number of tokens of an input, by which examples may be grouped.
func (e *Examples) Length(index int) int { return len(e.inputs[index]) }

// Tokens counts the labels of the examples at indices, of which a batch's loss is the mean.
func (e *Examples) Tokens(indices []int) int {
	n := 0
	for _, index := range indices {
		for _, id := range e.targets[index] {
			if id != nn.IgnoredLabel {
				n++
			}
		}
	}
	return n
}

// Batch pads the examples at indices to the longest of them. (The study pads to the limits; what is masked changes no loss and takes
// only time.)
func (e *Examples) Batch(s *tensor.Scope, indices []int) Batch {
	inputs, targets := make([][]int, len(indices)), make([][]int, len(indices))
	for i, index := range indices {
		inputs[i], targets[i] = e.inputs[index], e.targets[index]
	}
	ids, mask := nn.Pad(s, inputs, e.pad)
	labels, _ := nn.Pad(s, targets, nn.IgnoredLabel)
	return Batch{InputIDs: ids, AttentionMask: mask, Labels: labels}
}
