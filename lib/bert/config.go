package bert

import (
	"encoding/json"
	"fmt"

	"paperlab/lib/hub/modelconfig"
)

// Config describes a BERT by the names of its config.json (transformers' BertConfig). Fields of a config.json that are not
// listed here are kept, and written again.
type Config struct {
	VocabSize                 int64   `json:"vocab_size"`
	HiddenSize                int64   `json:"hidden_size"` // width of the residual stream
	NumHiddenLayers           int64   `json:"num_hidden_layers"`
	NumAttentionHeads         int64   `json:"num_attention_heads"`
	IntermediateSize          int64   `json:"intermediate_size"` // hidden width of the feed-forward blocks
	HiddenDropoutProb         float64 `json:"hidden_dropout_prob"`
	AttentionProbsDropoutProb float64 `json:"attention_probs_dropout_prob"`
	MaxPositionEmbeddings     int64   `json:"max_position_embeddings"` // longest text, in tokens
	TypeVocabSize             int64   `json:"type_vocab_size"`
	InitializerRange          float64 `json:"initializer_range"` // deviation of random weights
	LayerNormEps              float64 `json:"layer_norm_eps"`
	PadTokenID                int64   `json:"pad_token_id"`

	others map[string]json.RawMessage
}

// defaults are those of transformers' BertConfig, which are bert-base-uncased.
var defaults = Config{
	VocabSize: 30522, HiddenSize: 768, NumHiddenLayers: 12, NumAttentionHeads: 12, IntermediateSize: 3072,
	HiddenDropoutProb: 0.1, AttentionProbsDropoutProb: 0.1, MaxPositionEmbeddings: 512, TypeVocabSize: 2,
	InitializerRange: 0.02, LayerNormEps: 1e-12,
}

// architecture holds the fields of a config.json that can have only one value here.
func architecture() map[string]any {
	return map[string]any{"model_type": "bert", "hidden_act": "gelu", "position_embedding_type": "absolute"}
}

// refused holds the fields that a config.json may leave out, or state with this value.
func refused() map[string]any {
	return map[string]any{"is_decoder": false, "add_cross_attention": false}
}

// plain is Config without its methods, for encoding/json.
type plain Config

// UnmarshalJSON reads a config.json. What it leaves out has transformers' defaults; a field that asks for an architecture
// that this package does not compute is an error that names the field.
func (c *Config) UnmarshalJSON(data []byte) error {
	read := defaults
	var err error
	if read.others, err = modelconfig.Decode(data, (*plain)(&read)); err != nil {
		return fmt.Errorf("bert: %w", err)
	}
	for _, only := range []map[string]any{architecture(), refused()} {
		if err := modelconfig.Require(read.others, only); err != nil {
			return fmt.Errorf("bert: %w", err)
		}
	}
	*c = read
	return nil
}

// MarshalJSON writes a config.json as transformers does: keys in order, the fields that were read and are not known here
// included.
func (c Config) MarshalJSON() ([]byte, error) {
	fixed := architecture()
	fixed["architectures"] = []string{"BertModel"}
	return modelconfig.Encode(plain(c), c.others, fixed)
}

// Validate returns an error that names the first field whose value no model can have, nil where New accepts the
// configuration.
func (c Config) Validate() error {
	const widest, deepest = 1 << 24, 1 << 10
	for _, f := range []struct {
		name             string
		value, from, end int64
	}{
		{"vocab_size", c.VocabSize, 1, widest},
		{"hidden_size", c.HiddenSize, 1, widest},
		{"num_hidden_layers", c.NumHiddenLayers, 1, deepest},
		{"num_attention_heads", c.NumAttentionHeads, 1, c.HiddenSize},
		{"intermediate_size", c.IntermediateSize, 1, widest},
		{"max_position_embeddings", c.MaxPositionEmbeddings, 1, widest},
		{"type_vocab_size", c.TypeVocabSize, 1, widest},
		{"pad_token_id", c.PadTokenID, 0, c.VocabSize - 1},
	} {
		if f.value < f.from || f.value > f.end {
			return fmt.Errorf("bert: config: %s is %d, not from %d to %d", f.name, f.value, f.from, f.end)
		}
	}
	if c.HiddenSize%c.NumAttentionHeads != 0 {
		return fmt.Errorf("bert: config: hidden_size %d is no multiple of num_attention_heads %d", c.HiddenSize, c.NumAttentionHeads)
	}
	for name, p := range map[string]float64{"hidden_dropout_prob": c.HiddenDropoutProb, "attention_probs_dropout_prob": c.AttentionProbsDropoutProb} {
		if !(p >= 0 && p < 1) {
			return fmt.Errorf("bert: config: %s is %g, not in [0, 1)", name, p)
		}
	}
	if !(c.LayerNormEps > 0) {
		return fmt.Errorf("bert: config: layer_norm_eps is %g, not above 0", c.LayerNormEps)
	}
	if !(c.InitializerRange >= 0) {
		return fmt.Errorf("bert: config: initializer_range is %g, below 0", c.InitializerRange)
	}
	return nil
}
