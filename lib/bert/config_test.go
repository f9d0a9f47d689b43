package bert_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"paperlab/lib/bert"
)

func read(t *testing.T, file string) bert.Config {
	t.Helper()
	var c bert.Config
	if err := json.Unmarshal([]byte(file), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAConfigIsWrittenAsThePeerWritesIt(t *testing.T) {
	file, err := os.ReadFile("testdata/tiny/config.json")
	if err != nil {
		t.Fatal(err)
	}
	written, err := json.Marshal(read(t, string(file)))
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	if err := json.Unmarshal(written, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(file, &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("wrote %v, the peer %v", got, want)
	}
}

func TestAConfigKeepsTheFieldsThatItDoesNotKnow(t *testing.T) {
	c := read(t, `{"vocab_size": 99, "id2label": {"0": "x"}, "hidden_act": "gelu", "is_decoder": false}`)
	c.VocabSize = 100
	written, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"vocab_size":100`, `"id2label":{"0":"x"}`, `"model_type":"bert"`, `"hidden_act":"gelu"`} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %s in %s", want, written)
		}
	}
}

func TestWhatAConfigLeavesOutIsBaseBERTs(t *testing.T) {
	c := read(t, `{"num_hidden_layers": 6}`)
	if c.NumHiddenLayers != 6 || c.HiddenSize != 768 || c.VocabSize != 30522 || c.MaxPositionEmbeddings != 512 || c.LayerNormEps != 1e-12 {
		t.Errorf("%+v", c)
	}
}

func TestAConfigOfAnotherArchitectureIsRefusedByItsField(t *testing.T) {
	for field, file := range map[string]string{
		"model_type":              `{"model_type": "roberta"}`,
		"hidden_act":              `{"hidden_act": "relu"}`,
		"position_embedding_type": `{"position_embedding_type": "relative_key"}`,
		"is_decoder":              `{"is_decoder": true}`,
		"hidden_size":             `{"hidden_size": "wide"}`,
		"config.json":             `[]`,
	} {
		var c bert.Config
		if err := json.Unmarshal([]byte(file), &c); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v does not name %s", file, err, field)
		}
	}
}

func TestValidateNamesTheFieldThatNoModelCanHave(t *testing.T) {
	for field, spoil := range map[string]func(*bert.Config){
		"vocab_size":                   func(c *bert.Config) { c.VocabSize = 0 },
		"hidden_size":                  func(c *bert.Config) { c.HiddenSize = 1 << 40 },
		"num_hidden_layers":            func(c *bert.Config) { c.NumHiddenLayers = 0 },
		"num_attention_heads":          func(c *bert.Config) { c.NumAttentionHeads = 0 },
		"multiple":                     func(c *bert.Config) { c.NumAttentionHeads = 3 },
		"intermediate_size":            func(c *bert.Config) { c.IntermediateSize = -1 },
		"max_position_embeddings":      func(c *bert.Config) { c.MaxPositionEmbeddings = 0 },
		"type_vocab_size":              func(c *bert.Config) { c.TypeVocabSize = 0 },
		"pad_token_id":                 func(c *bert.Config) { c.PadTokenID = 50 },
		"hidden_dropout_prob":          func(c *bert.Config) { c.HiddenDropoutProb = 1 },
		"attention_probs_dropout_prob": func(c *bert.Config) { c.AttentionProbsDropoutProb = -0.1 },
		"layer_norm_eps":               func(c *bert.Config) { c.LayerNormEps = 0 },
		"initializer_range":            func(c *bert.Config) { c.InitializerRange = -1 },
	} {
		c := small
		if err := c.Validate(); err != nil {
			t.Fatal(err)
		}
		spoil(&c)
		if err := c.Validate(); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v", field, err)
		}
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"hidden_act": "gelu", "model_type": "bert", "is_decoder": false, "others": [1, null]}`))
	f.Add([]byte(`{"pad_token_id": null, "layer_norm_eps": 1e-12, "VOCAB_SIZE": 7}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		var c, again bert.Config
		if json.Unmarshal(file, &c) != nil || c.Validate() != nil {
			return
		}
		written, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(written, &again); err != nil {
			t.Fatalf("%s: %v", written, err)
		}
		rewritten, err := json.Marshal(again)
		if err != nil || string(rewritten) != string(written) {
			t.Errorf("%s became %s (%v)", written, rewritten, err)
		}
	})
}
