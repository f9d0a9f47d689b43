package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
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

// peakMB is the peak resident set of this process, in MiB. (That of getrusage begins with what the parent had when it
// started it.)
func peakMB() (float64, error) {
	const path = "/proc/self/status"
	status, err := os.ReadFile(path)
	if err != nil {
		return 0, fmt.Errorf("bench: peak memory: %w", err)
	}
	for scanner := bufio.NewScanner(bytes.NewReader(status)); scanner.Scan(); {
		if fields := strings.Fields(scanner.Text()); len(fields) > 1 && fields[0] == "VmHWM:" {
			kilobytes, err := strconv.ParseFloat(fields[1], 64)
			return kilobytes / 1024, err
		}
	}
	return 0, fmt.Errorf("bench: peak memory: no VmHWM in %s", path)
}
