package generate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// Sequence is one generated text.
type Sequence struct {
	// IDs are as transformers returns them, unpadded: the start token first, the end token last where the text came to its end.
	IDs []int
	// Score is the sum of the ids' log-probabilities over the power LengthPenalty of their number, the start token left out. Of
	// beams it is transformers' sequences_scores, in which penalties for repetition count; of greedy search and of samples
	// they do not, nor does the temperature.
	Score float64
}

// Generate writes texts for each input (token ids with their end token, not padded), all in one batch: NumReturnSequences an input,
// the best first, those of the first input before those of the second. It stops between two tokens when ctx is done, with an error
// that wraps ctx's. The goroutine stays on its OS thread meanwhile. Several goroutines may generate with one model.
func Generate(ctx context.Context, m *t5.Model, inputs [][]int, cfg Config) ([]Sequence, error) {
	return run(ctx, m, inputs, cfg, nil)
}

// Stream is Generate for one input and one text that is followed alone (NumBeams 1), and tells each of its ids, the start token
// left out, as soon as it is chosen. An error of each ends it.
func Stream(ctx context.Context, m *t5.Model, input []int, cfg Config, each func(id int) error) (Sequence, error) {
	if err := cfg.Validate(); err != nil {
		return Sequence{}, err
	}
	if cfg.width() > 1 {
		return Sequence{}, fmt.Errorf("generate: num_beams is %d and num_return_sequences %d: only one text can be streamed, without beams",
			cfg.NumBeams, cfg.NumReturnSequences)
	}
	out, err := run(ctx, m, [][]int{input}, cfg, each)
	if err != nil {
		return Sequence{}, err
	}
	return out[0], nil
}

func run(ctx context.Context, m *t5.Model, inputs [][]int, cfg Config, each func(id int) error) (out []Sequence, err error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if len(inputs) == 0 {
		return nil, nil
	}
	if err := checkInputs(inputs, m.Config().VocabSize); err != nil {
		return nil, err
	}
	err = tensor.NoGrad(func() (err error) {
		out, err = generate(ctx, m, inputs, cfg.withDefaults(), each)
		return err
	})
	return out, err
}

// checkInputs refuses what would fail, on some devices fatally, only in the embedding.
func checkInputs(inputs [][]int, vocabulary int64) error {
	for i, input := range inputs {
		if len(input) == 0 {
			return fmt.Errorf("generate: text %d has no ids", i)
		}
		for _, id := range input {
			if id < 0 || int64(id) >= vocabulary {
				return fmt.Errorf("generate: text %d: id %d is not in the model's vocabulary of %d (another model's tokenizer?)", i, id, vocabulary)
			}
		}
	}
	return nil
}

// search decides how texts go on: some follow one hypothesis alone, others several beams of a text. A row is one hypothesis:
// text x width + its number.
type search interface {
	// choose picks from logits [rows, vocabulary], which it may overwrite, what follows the ids written in each row: the next
	// row's token, and the hypothesis of the same text that it goes on from. Texts that have come to their end get anything.
	choose(s *tensor.Scope, logits *tensor.Tensor, written [][]int64) (tokens, parents []int64, err error)
	// done says whether all texts have come to their end.
	done() bool
	// best returns every text's sequences; written holds those that have not come to an end.
	best(written [][]int64) []Sequence
}

// generate searches for texts; each, if not nil, is told every id of the first row.
func generate(ctx context.Context, m *t5.Model, inputs [][]int, cfg Config, each func(id int) error) ([]Sequence, error) {
	s := tensor.NewScope(m.Parameters().Device())
	defer s.Close()
	decoder := m.Read(s, inputs, cfg.width(), cfg.MaxLength-1)
	if s.Err() != nil {
		return nil, fmt.Errorf("generate: reading %d texts: %w", len(inputs), s.Err())
	}
	find := newSearch(cfg, m.Config(), len(inputs))

	rows := len(inputs) * cfg.width()
	tokens, parents := slices.Repeat([]int64{m.Config().DecoderStartTokenID}, rows), make([]int64, rows)
	written := extend(make([][]int64, rows), tokens, parents, cfg.width())
	for !find.done() && len(written[0]) < cfg.MaxLength {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("generate: stopped after %d of at most %d ids: %w", len(written[0]), cfg.MaxLength, err)
		}
		step := s.Child()
		logits := step.Cast(decoder.Step(step, tokens, parents), tensor.Float32)
		var err error
		tokens, parents, err = find.choose(step, logits, written)
		step.Close()
		if err != nil {
			return nil, fmt.Errorf("generate: id %d: %w", len(written[0]), err)
		}
		written = extend(written, tokens, parents, cfg.width())
		if each != nil {
			if err := each(int(tokens[0])); err != nil {
				return nil, fmt.Errorf("generate: telling id %d: %w", len(written[0])-1, err)
			}
		}
	}
	return find.best(written), nil
}

// ErrNotNumbers is in the chain of the error that stops a search which can compare nothing any more.
var ErrNotNumbers = errors.New("the model's scores are not numbers (NaN): its weights are damaged, or a training diverged")

func newSearch(cfg Config, model t5.Config, texts int) search {
	if cfg.NumBeams == 1 {
		return newSingle(cfg, model, texts*cfg.width())
	}
	return newBeams(cfg, model, texts)
}

// extend returns every row's parent's ids with the row's new one behind them.
func extend(written [][]int64, tokens, parents []int64, width int) [][]int64 {
	longer := make([][]int64, len(written))
	for row := range longer {
		parent := written[row-row%width+int(parents[row])]
		longer[row] = append(slices.Grow(slices.Clone(parent), 1), tokens[row])
	}
	return longer
}

func newSequence(ids []int64, score float64) Sequence {
	out := make([]int, len(ids))
	for i, id := range ids {
		out[i] = int(id)
	}
	return Sequence{IDs: out, Score: score}
}

// perLength divides a sum of log-probabilities by the length of what was generated, to the power of the penalty.
func perLength(sum float64, generated int, penalty float64) float64 {
	return sum / math.Pow(float64(generated), penalty)
}
