package compute

import (
	"errors"
	"math"

	"github.com/spf13/cobra"

	"paperlab/lib/cli"
	"paperlab/lib/console"
	"paperlab/lib/generate"
)

// generation is the flags of the search for a summary: HF's arguments of generate with dashes, and the study's values.
type generation struct{ generate.Config }

func (g *generation) flags(cmd *cobra.Command) {
	g.Config = generate.Study()
	f := cmd.Flags()
	cli.Count(cmd, &g.MaxLength, "max-length", g.MaxLength, 2, "tokens of a summary, at most, the start token included")
	cli.Count(cmd, &g.MaxNewTokens, "max-new-tokens", 0, 0, "the same without the start token (0: --max-length holds)")
	cli.Count(cmd, &g.MinLength, "min-length", g.MinLength, 0, "tokens before which a summary may not end")
	cli.Count(cmd, &g.MinNewTokens, "min-new-tokens", 0, 0, "the same without the start token (0: --min-length holds)")
	cli.Count(cmd, &g.NumBeams, "num-beams", g.NumBeams, 1, "beams of the search (1: greedy)")
	f.Float64Var(&g.RepetitionPenalty, "repetition-penalty", g.RepetitionPenalty, "scores of tokens already written are divided by this (1: off)")
	cli.Count(cmd, &g.NoRepeatNgramSize, "no-repeat-ngram-size", g.NoRepeatNgramSize, 0, "so many tokens in a row come only once (0: off)")
	f.Float64Var(&g.LengthPenalty, "length-penalty", g.LengthPenalty, "power of the length that a beam's score is divided by")
	f.Var((*stopping)(&g.EarlyStopping), "early-stopping", "stop as soon as every beam has ended: true, false (when better ones are unlikely) or never")
	f.BoolVar(&g.DoSample, "do-sample", false, "draw tokens by their probabilities")
	f.Float64Var(&g.Temperature, "temperature", g.Temperature, "scores are divided by this before tokens are drawn")
	cli.Count(cmd, &g.TopK, "top-k", g.TopK, 0, "draw from so many of the likeliest tokens (0: from all)")
	f.Float64Var(&g.TopP, "top-p", g.TopP, "draw from the fewest tokens that together have this probability")
}

// validate finds wrong values before anything is computed, and says in a Config's words what its zeros, which stand for defaults, do not.
func (g *generation) validate() error {
	if g.DoSample && g.Temperature == 0 {
		return console.Usage(console.Hint(errors.New("--temperature 0: scores cannot be divided by it"), "without --do-sample the likeliest tokens are taken"))
	}
	if g.TopP == 0 {
		g.TopP = math.SmallestNonzeroFloat64 // the likeliest token alone, as transformers has it
	}
	return console.Usage(g.Validate())
}

// stopping is a pflag.Value.
type stopping generate.Stopping

func (s *stopping) Set(text string) error {
	read, err := generate.ParseStopping(text)
	*s = stopping(read)
	return err
}

func (s *stopping) String() string { return generate.Stopping(*s).String() }

func (s *stopping) Type() string { return "stopping" }
