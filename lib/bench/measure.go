package main

import (
	"context"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"paperlab/lib/bench/table"
	"paperlab/lib/console"
	"paperlab/lib/tensor"
)

// measurement is our half of a row: what it reads, and the work itself, which finds that in a folder.
type measurement struct {
	needs []input
	run   func(ctx context.Context, folder string) (table.Sample, error)
}

// measurements are ours by name.
var measurements = map[string]measurement{
	"t5-fp32":          {[]input{t5Weights, t5Examples}, t5Step(tensor.Float32)},
	"t5-bf16":          {[]input{t5Weights, t5Examples}, t5Step(tensor.BFloat16)},
	"beams-fp32":       {[]input{t5Weights, longText}, beams(tensor.Float32)},
	"beams-bf16":       {[]input{t5Weights, longText}, beams(tensor.BFloat16)},
	"encode-fp32":      {[]input{miniLM, texts}, encode(texts, tensor.Float32, 2)},
	"encode-bf16":      {[]input{miniLM, texts}, encode(texts, tensor.BFloat16, 2)},
	"encode-one":       {[]input{miniLM, query}, encode(query, tensor.Float32, 50)},
	"mnrl-fp32":        {[]input{miniLM, texts}, rankingStep(tensor.Float32)},
	"mnrl-bf16":        {[]input{miniLM, texts}, rankingStep(tensor.BFloat16)},
	"search-one":       {[]input{flatIndex, questions}, neighbours(flatIndex, 1)},
	"search-batch":     {[]input{flatIndex, questions}, neighbours(flatIndex, 256)},
	"search-large":     {[]input{largeIndex, questions}, neighbours(largeIndex, 1)},
	"prepare-articles": {[]input{t5Tokenizer, articles}, prepareArticles},
	"rouge":            {[]input{pairs}, scorePairs(false)},
	"rouge-stem":       {[]input{pairs}, scorePairs(true)},
	"op-eager":         {nil, addition},
}

func measureCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "measure NAME FOLDER",
		Short:   "Do one of our measurements with the inputs in a folder and print it as a JSON line",
		Example: "  bench measure t5-fp32 /tmp/inputs",
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, ok := measurements[args[0]]
			if !ok {
				return console.Usage(fmt.Errorf("no measurement is named %q (there are %s)", args[0], strings.Join(slices.Sorted(maps.Keys(measurements)), ", ")))
			}
			// libtorch keeps a team of threads for each OS thread that computes.
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			sample, err := m.run(cmd.Context(), args[1])
			if err != nil {
				return err
			}
			if sample.PeakMB, err = peakMB(); err != nil {
				return err
			}
			return console.JSON(cmd.OutOrStdout(), sample)
		},
	}
}

// best does work once to warm up, then rounds times, and returns the seconds that one of its units took in the fastest.
func best(ctx context.Context, rounds int, units float64, work func() error) (seconds float64, err error) {
	if err := work(); err != nil {
		return 0, err
	}
	fastest := time.Duration(math.MaxInt64)
	for range rounds {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		begin := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		fastest = min(fastest, time.Since(begin))
	}
	return fastest.Seconds() / units, nil
}

// peakMB is the peak resident set of this process, in MiB.
func peakMB() (float64, error) {
	peak, err := console.PeakMemory()
	if err != nil {
		return 0, fmt.Errorf("bench: %w", err)
	}
	return float64(peak) / (1 << 20), nil
}
