package compute

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"paperlab/lib/nn"
	"paperlab/lib/t5"
)

// tokenizedExample is one line of a file of tokenised examples.
type tokenizedExample struct {
	InputIDs []int `json:"input_ids"`
	Labels   []int `json:"labels"` // nn.IgnoredLabel where nothing is to be predicted
}

// readTokenized reads examples of token ids for a model, one object a line.
func readTokenized(path string, model t5.Config) (*t5.Examples, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("--tokenized: %w", err)
	}
	defer f.Close()
	decoder := json.NewDecoder(bufio.NewReader(f))
	var inputs, targets [][]int
	for n := 1; ; n++ {
		var example tokenizedExample
		err := decoder.Decode(&example)
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = example.check(model.VocabSize)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: example %d: %w", path, n, err)
		}
		inputs, targets = append(inputs, example.InputIDs), append(targets, example.Labels)
	}
	if len(inputs) == 0 {
		return nil, fmt.Errorf("%s holds no examples", path)
	}
	return t5.NewExamples(inputs, targets, int(model.PadTokenID))
}

// check refuses ids that the model does not have.
func (e tokenizedExample) check(vocabulary int64) error {
	if len(e.InputIDs) == 0 || len(e.Labels) == 0 {
		return errors.New(`"input_ids" and "labels" need an id at least`)
	}
	for _, id := range e.InputIDs {
		if id < 0 || int64(id) >= vocabulary {
			return fmt.Errorf("input id %d is not in the model's vocabulary of %d", id, vocabulary)
		}
	}
	for _, id := range e.Labels {
		if id != nn.IgnoredLabel && (id < 0 || int64(id) >= vocabulary) {
			return fmt.Errorf("label %d is neither in the model's vocabulary of %d nor %d", id, vocabulary, nn.IgnoredLabel)
		}
	}
	return nil
}
