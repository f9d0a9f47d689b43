package t5

import (
	"encoding/json"
	"fmt"

	"paperlab/lib/hub/modelconfig"
)

// Config describes a T5 model by the names of its config.json (transformers' T5Config). Fields of a config.json that are
// not listed here are kept, and written again.
type Config struct {
	VocabSize                    int64   `json:"vocab_size"`
	DModel                       int64   `json:"d_model"` // width of the residual stream
	DKV                          int64   `json:"d_kv"`    // width of one attention head
	DFF                          int64   `json:"d_ff"`    // hidden width of the feed-forward blocks
	NumLayers                    int64   `json:"num_layers"`
	NumDecoderLayers             int64   `json:"num_decoder_layers"` // num_layers where a config.json leaves it out
	NumHeads                     int64   `json:"num_heads"`
	RelativeAttentionNumBuckets  int64   `json:"relative_attention_num_buckets"`
	RelativeAttentionMaxDistance int64   `json:"relative_attention_max_distance"`
	DropoutRate                  float64 `json:"dropout_rate"`
	LayerNormEpsilon             float64 `json:"layer_norm_epsilon"`
	InitializerFactor            float64 `json:"initializer_factor"`
	FeedForwardProj              string  `json:"feed_forward_proj"`   // [GatedGELU] or [ReLU]
	TieWordEmbeddings            bool    `json:"tie_word_embeddings"` // the output layer is the embedding, scaled by d_model^-0.5
	PadTokenID                   int64   `json:"pad_token_id"`
	EOSTokenID                   int64   `json:"eos_token_id"`
	DecoderStartTokenID          int64   `json:"decoder_start_token_id"` // pad_token_id where a config.json leaves it out

	others map[string]json.RawMessage
}

// The feed-forward blocks that are known, by their names in config.json.
const (
	GatedGELU = "gated-gelu" // T5 v1.1 and flan-t5
	ReLU      = "relu"       // the original T5
)

// plain is Config without its methods, for encoding/json.
type plain Config

// UnmarshalJSON reads a config.json. What it leaves out has transformers' defaults; a field that asks for an architecture
// that this package does not compute is an error that names the field.
func (c *Config) UnmarshalJSON(data []byte) error {
	const missing = -1
	read := defaults
	read.NumDecoderLayers, read.DecoderStartTokenID = missing, missing
	var err error
	if read.others, err = modelconfig.Decode(data, (*plain)(&read)); err != nil {
		return fmt.Errorf("t5: %w", err)
	}
	if read.NumDecoderLayers == missing {
		read.NumDecoderLayers = read.NumLayers
	}
	if read.DecoderStartTokenID == missing {
		read.DecoderStartTokenID = read.PadTokenID
	}
	architecture, err := read.architecture()
	if err != nil {
		return err
	}
	if err := modelconfig.Require(read.others, architecture); err != nil {
		return fmt.Errorf("t5: %w", err)
	}
	*c = read
	return nil
}

// MarshalJSON writes a config.json as transformers does: keys in order, the fields that were read and are not known here
// included.
func (c Config) MarshalJSON() ([]byte, error) {
	fixed, err := c.architecture()
	if err != nil {
		return nil, err
	}
	fixed["architectures"] = []string{"T5ForConditionalGeneration"}
	return modelconfig.Encode(plain(c), c.others, fixed)
}

// architecture returns the fields that follow from this package's architecture and from feed_forward_proj.
func (c Config) architecture() (map[string]any, error) {
	act, gated := "relu", false
	switch c.FeedForwardProj {
	case GatedGELU:
		act, gated = "gelu_new", true
	case ReLU:
	default:
		return nil, fmt.Errorf("t5: config.json: feed_forward_proj is %q, where only %q and %q are known", c.FeedForwardProj, GatedGELU, ReLU)
	}
	return map[string]any{"model_type": "t5", "is_encoder_decoder": true, "is_gated_act": gated, "dense_act_fn": act}, nil
}

// Validate returns an error that names the first field whose value no model can have, nil where New accepts the
// configuration.
func (c Config) Validate() error {
	if _, err := c.architecture(); err != nil {
		return err
	}
	const widest, deepest = 1 << 24, 1 << 10
	for _, f := range []struct {
		name             string
		value, from, end int64
	}{
		{"vocab_size", c.VocabSize, 1, widest},
		{"d_model", c.DModel, 1, widest},
		{"d_kv", c.DKV, 1, widest},
		{"d_ff", c.DFF, 1, widest},
		{"num_heads", c.NumHeads, 1, widest},
		{"num_layers", c.NumLayers, 1, deepest},
		{"num_decoder_layers", c.NumDecoderLayers, 1, deepest},
		// Half of the buckets are for each direction, half of those for near positions: fewer than 4 leave none.
		{"relative_attention_num_buckets", c.RelativeAttentionNumBuckets, 4, widest},
		{"relative_attention_max_distance", c.RelativeAttentionMaxDistance, c.RelativeAttentionNumBuckets/2 + 1, widest},
		{"pad_token_id", c.PadTokenID, 0, c.VocabSize - 1},
		{"eos_token_id", c.EOSTokenID, 0, c.VocabSize - 1},
		{"decoder_start_token_id", c.DecoderStartTokenID, 0, c.VocabSize - 1},
	} {
		if f.value < f.from || f.value > f.end {
			return fmt.Errorf("t5: config: %s is %d, not from %d to %d", f.name, f.value, f.from, f.end)
		}
	}
	if !(c.DropoutRate >= 0 && c.DropoutRate < 1) {
		return fmt.Errorf("t5: config: dropout_rate is %g, not in [0, 1)", c.DropoutRate)
	}
	if !(c.LayerNormEpsilon > 0) {
		return fmt.Errorf("t5: config: layer_norm_epsilon is %g, not above 0", c.LayerNormEpsilon)
	}
	return nil
}
