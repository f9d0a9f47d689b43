package t5

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// defaults are those of transformers' T5Config, which are the original t5-small.
var defaults = Config{
	VocabSize: 32128, DModel: 512, DKV: 64, DFF: 2048, NumLayers: 6, NumDecoderLayers: 6, NumHeads: 8,
	RelativeAttentionNumBuckets: 32, RelativeAttentionMaxDistance: 128,
	DropoutRate: 0.1, LayerNormEpsilon: 1e-6, InitializerFactor: 1,
	FeedForwardProj: ReLU, TieWordEmbeddings: true,
	PadTokenID: 0, EOSTokenID: 1, DecoderStartTokenID: 0,
}

var named = map[string]Config{
	"t5-small":      defaults,
	"flan-t5-small": gated(512, 64, 1024, 8, 6),
	"flan-t5-base":  gated(768, 64, 2048, 12, 12),
	"t5-tiny":       tiny(),
	"t5-test":       test(),
}

// gated is a model of the T5 v1.1 family (Shazeer 2020; Chung et al. 2022 for flan-t5).
func gated(dModel, dKV, dFF, layers, heads int64) Config {
	c := defaults
	c.DModel, c.DKV, c.DFF, c.NumLayers, c.NumDecoderLayers, c.NumHeads = dModel, dKV, dFF, layers, layers, heads
	c.FeedForwardProj, c.TieWordEmbeddings = GatedGELU, false
	return c
}

// tiny is small enough to be trained from nothing in minutes on two processor cores. Its output layer is tied: an output layer of its
// own starts with logits so large (deviation sqrt(d_model)) that most of a short training goes into shrinking them.
func tiny() Config {
	c := gated(128, 32, 256, 2, 4)
	c.TieWordEmbeddings = true
	return c
}

// test is for unit tests: all parts of flan-t5, hardly any numbers, heads that together are narrower than the stream.
func test() Config {
	c := gated(16, 4, 32, 2, 3)
	c.VocabSize = 64
	return c
}

// Named returns the configuration of that name: one of the published models, whose weights Load reads, or one of ours to start
// from random weights ("t5-tiny", whose VocabSize is to be set to the tokenizer's, and "t5-test"). An unknown name is
// an error that lists those there are.
func Named(name string) (Config, error) {
	c, ok := named[name]
	if !ok {
		return Config{}, fmt.Errorf("t5: no configuration is named %q (there are %s)", name, strings.Join(slices.Sorted(maps.Keys(named)), ", "))
	}
	return c, nil
}
