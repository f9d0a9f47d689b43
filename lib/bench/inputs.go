package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"paperlab/lib/bench/table"
	"paperlab/lib/t5"
	"paperlab/lib/tensor"
)

// input is a file or folder that measurements read, by its name in the folder of inputs.
type input string

const (
	t5Weights   input = "flan-t5-small"  // random weights: speed does not depend on them
	t5Examples  input = "t5.jsonl"       // 16 examples to train on and 4 to validate: input_ids (256), labels (64)
	longText    input = "long.jsonl"     // one text of 1,024 ids
	t5Tokenizer input = "t5"             // tokenizer.json
	miniLM      input = "MiniLM"         // all-MiniLM-L6-v2
	query       input = "query.jsonl"    // one short text
	texts       input = "texts.jsonl"    // 128 titles with their abstracts
	pairs       input = "pairs.jsonl"    // 3,000 times [reference, prediction], 88 characters each
	articles    input = "articles.jsonl" // 2,000 articles of 27,000 characters
	flatIndex   input = "flat.faiss"     // 20,000 vectors of 384 components, of length 1
	largeIndex  input = "large.faiss"    // 100,000 of them
	questions   input = "questions.npy"  // 256 more
)

// makers make the inputs below a folder.
var makers = map[input]func(ctx context.Context, path string) error{
	t5Weights:  makeWeights,
	t5Examples: makeExamples,
	longText: func(_ context.Context, path string) error {
		return writeLines(path, [][]int{randomIDs(newRandom(), 1024)})
	},
	t5Tokenizer: linkTokenizer,
	miniLM:      linkMiniLM,
	query: func(_ context.Context, path string) error {
		return writeLines(path, []string{"general relativity and the bending of light"})
	},
	texts:      makeTexts,
	pairs:      makePairs,
	articles:   makeArticles,
	flatIndex:  func(ctx context.Context, path string) error { return makeIndex(ctx, path, 20_000) },
	largeIndex: func(ctx context.Context, path string) error { return makeIndex(ctx, path, 100_000) },
	questions:  makeQuestions,
}

// errNeeds is in the chain of the error of an input that this machine lacks the data for.
var errNeeds = errors.New("needs")

// prepare makes the inputs that rows need. Rows whose inputs cannot be had here come back as missing.
func prepare(ctx context.Context, progress io.Writer, chosen []table.Row, folder string) ([]table.Row, error) {
	chosen = slices.Clone(chosen)
	made := map[input]error{}
	for i, row := range chosen {
		for _, in := range measurements[row.Ours].needs {
			if _, known := made[in]; !known {
				fmt.Fprintf(progress, "making %s\n", in)
				made[in] = makers[in](ctx, filepath.Join(folder, string(in)))
			}
			if err := made[in]; errors.Is(err, errNeeds) {
				chosen[i].Missing = err.Error()
			} else if err != nil {
				return nil, fmt.Errorf("bench: input %s: %w", in, err)
			}
		}
	}
	return chosen, nil
}

func inputsCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "inputs FOLDER",
		Short:   "Make the inputs of all measurements, to run some by hand",
		Example: "  bench inputs /tmp/inputs",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			left, err := prepare(cmd.Context(), cmd.ErrOrStderr(), rows, args[0])
			for _, row := range left {
				if row.Missing != "" {
					fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", row.Work, row.Missing)
				}
			}
			return err
		},
	}
}

func makeWeights(_ context.Context, path string) error {
	config, err := t5.Named("flan-t5-small")
	if err != nil {
		return err
	}
	model, err := t5.New(config, tensor.CPU, seed)
	if err != nil {
		return err
	}
	defer model.Close()
	return model.Save(path)
}

// example is a line of t5.jsonl.
type example struct {
	InputIDs []int `json:"input_ids"`
	Labels   []int `json:"labels"`
}

func makeExamples(_ context.Context, path string) error {
	random := newRandom()
	examples := make([]example, 20)
	for i := range examples {
		examples[i] = example{randomIDs(random, 256), randomIDs(random, 64)}
	}
	return writeLines(path, examples)
}

const seed = 42

func newRandom() *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// randomIDs returns n ids with the end token last.
func randomIDs(random *rand.Rand, n int) []int {
	const end, first, vocabulary = 1, 2, 32_100
	ids := make([]int, n)
	for i := range ids {
		ids[i] = first + random.IntN(vocabulary-first)
	}
	ids[n-1] = end
	return ids
}

func linkTokenizer(_ context.Context, path string) error {
	data := os.Getenv("PAPERLAB_DATA")
	if data == "" {
		return fmt.Errorf("%w T5's vocabulary: set PAPERLAB_DATA to a folder with tokenizer-t5/tokenizer-whitespacesplit.json", errNeeds)
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	return link(filepath.Join(data, "tokenizer-t5", "tokenizer-whitespacesplit.json"), filepath.Join(path, "tokenizer.json"))
}

func linkMiniLM(_ context.Context, path string) error {
	return link(filepath.Join(".build", "all-MiniLM-L6-v2"), path)
}

// link lets path name what is at target.
func link(target, path string) error {
	target, err := filepath.EvalSymlinks(target)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%w what is not there: %w", errNeeds, err)
	} else if err != nil {
		return err
	}
	if target, err = filepath.Abs(target); err != nil {
		return err
	}
	return os.Symlink(target, path)
}

// writeLines writes values as JSON lines.
func writeLines[T any](path string, values []T) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	encoder := json.NewEncoder(file)
	for _, v := range values {
		if err := encoder.Encode(v); err != nil {
			return err
		}
	}
	return nil
}

// readLines reads what writeLines wrote.
func readLines[T any](path string) (values []T, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	for decoder := json.NewDecoder(file); ; {
		var v T
		if err := decoder.Decode(&v); errors.Is(err, io.EOF) {
			return values, nil
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		values = append(values, v)
	}
}
