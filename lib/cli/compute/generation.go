package compute

import (
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
	cli.Count(cmd, &g.MinLength, "min-length", g.MinLength, 0, "tokens before which a summary may not end")
	cli.Count(cmd, &g.NumBeams, "num-beams", g.NumBeams, 1, "beams of the search (1: greedy)")
	f.Float64Var(&g.RepetitionPenalty, "repetition-penalty", g.RepetitionPenalty, "scores of tokens already written are divided by this (1: off)")
	cli.Count(cmd, &g.NoRepeatNgramSize, "no-repeat-ngram-size", g.NoRepeatNgramSize, 0, "so many tokens in a row come only once (0: off)")
	f.Float64Var(&g.LengthPenalty, "length-penalty", g.LengthPenalty, "power of the length that a beam's score is divided by")
	f.BoolVar(&g.EarlyStopping, "early-stopping", g.EarlyStopping, "stop as soon as every beam has ended")
}

// validate finds wrong values before anything is computed.
func (g *generation) validate() error { return console.Usage(g.Validate()) }
