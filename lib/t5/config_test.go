package t5_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"paperlab/lib/t5"
)

func TestAConfigKeepsTheFieldsThatItDoesNotKnow(t *testing.T) {
	const file = `{"vocab_size": 99, "task_specific_params": {"summarization": {"num_beams": 4, "prefix": "summarize: "}}, "n_positions": 512}`
	var c t5.Config
	if err := json.Unmarshal([]byte(file), &c); err != nil {
		t.Fatal(err)
	}
	c.VocabSize = 100
	written, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"vocab_size":100`, `"n_positions":512`, `"prefix":"summarize: "`, `"model_type":"t5"`, `"dense_act_fn":"relu"`} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %s in %s", want, written)
		}
	}
}

func TestAConfigIsWrittenAsThePeerWritesIt(t *testing.T) {
	for _, name := range models {
		file, err := os.ReadFile("testdata/" + name + "/config.json")
		if err != nil {
			t.Fatal(err)
		}
		var c t5.Config
		if err := json.Unmarshal(file, &c); err != nil {
			t.Fatal(err)
		}
		written, err := json.Marshal(c)
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
		if _, stated := want["tie_word_embeddings"]; !stated {
			want["tie_word_embeddings"] = true // which the peer leaves out, as its default
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: wrote %v, the peer %v", name, got, want)
		}
	}
}

func TestWhatAConfigLeavesOutHasThePeersDefaults(t *testing.T) {
	var c t5.Config
	if err := json.Unmarshal([]byte(`{"num_layers": 3, "num_decoder_layers": null, "pad_token_id": 5}`), &c); err != nil {
		t.Fatal(err)
	}
	small, err := t5.Named("t5-small")
	if err != nil {
		t.Fatal(err)
	}
	want := small
	want.NumLayers, want.NumDecoderLayers, want.PadTokenID, want.DecoderStartTokenID = 3, 3, 5, 5
	got, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	expected, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(expected) {
		t.Errorf("read %s, want %s", got, expected)
	}
}

func TestAConfigOfAnotherArchitectureIsRefusedByItsField(t *testing.T) {
	for field, file := range map[string]string{
		"model_type":         `{"model_type": "bart"}`,
		"feed_forward_proj":  `{"feed_forward_proj": "gated-silu"}`,
		"dense_act_fn":       `{"feed_forward_proj": "gated-gelu", "dense_act_fn": "silu"}`,
		"is_encoder_decoder": `{"is_encoder_decoder": false}`,
		"d_model":            `{"d_model": "wide"}`,
		"config.json":        `[]`,
	} {
		var c t5.Config
		if err := json.Unmarshal([]byte(file), &c); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v does not name %s", file, err, field)
		}
	}
}

func TestValidateNamesTheFieldThatNoModelCanHave(t *testing.T) {
	for field, spoil := range map[string]func(*t5.Config){
		"vocab_size":                      func(c *t5.Config) { c.VocabSize = 0 },
		"d_model":                         func(c *t5.Config) { c.DModel = 1 << 40 },
		"num_layers":                      func(c *t5.Config) { c.NumLayers = 0 },
		"num_decoder_layers":              func(c *t5.Config) { c.NumDecoderLayers = 1 << 20 },
		"num_heads":                       func(c *t5.Config) { c.NumHeads = -1 },
		"relative_attention_num_buckets":  func(c *t5.Config) { c.RelativeAttentionNumBuckets = 2 },
		"relative_attention_max_distance": func(c *t5.Config) { c.RelativeAttentionMaxDistance = 16 },
		"eos_token_id":                    func(c *t5.Config) { c.EOSTokenID = c.VocabSize },
		"pad_token_id":                    func(c *t5.Config) { c.PadTokenID = -2 },
		"decoder_start_token_id":          func(c *t5.Config) { c.DecoderStartTokenID = 64 },
		"dropout_rate":                    func(c *t5.Config) { c.DropoutRate = 1 },
		"layer_norm_epsilon":              func(c *t5.Config) { c.LayerNormEpsilon = 0 },
		"feed_forward_proj":               func(c *t5.Config) { c.FeedForwardProj = "gelu" },
	} {
		c, err := t5.Named("t5-test")
		if err != nil {
			t.Fatal(err)
		}
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
	f.Add([]byte(`{"feed_forward_proj": "gated-gelu", "tie_word_embeddings": false, "others": [1, null]}`))
	f.Add([]byte(`{"num_decoder_layers": null, "relative_attention_num_buckets": 1e3, "VOCAB_SIZE": 7}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		var c, again t5.Config
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
