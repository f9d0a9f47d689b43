package sentence_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/safetensors"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

// prompt is the one of testdata/make_golden.py.
const prompt = "search for a paper: "

// writeDense puts the dense layer of head.safetensors between the pooling and the normalisation of the model in dir.
func writeDense(t *testing.T, dir string) {
	t.Helper()
	want := golden(t, "head.safetensors")
	weights := []safetensors.Tensor{
		{Name: "linear.weight", DType: safetensors.F32, Shape: []int64{6, 16}}, {Name: "linear.bias", DType: safetensors.F32, Shape: []int64{6}},
	}
	for i, w := range weights {
		for _, v := range want.Float32s(w.Name) {
			weights[i].Data = binary.LittleEndian.AppendUint32(weights[i].Data, math.Float32bits(v))
		}
	}
	folder := filepath.Join(dir, "2_Dense")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := safetensors.Write(filepath.Join(folder, "model.safetensors"), weights, nil); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "config.json"), `{"in_features": 16, "out_features": 6, "bias": true, "activation_function": "torch.nn.modules.activation.Tanh"}`)
	const modules = `[{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
		{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"},
		{"idx":2,"name":"2","path":"2_Dense","type":"sentence_transformers.models.Dense"},
		{"idx":3,"name":"3","path":"3_Normalize","type":"sentence_transformers.models.Normalize"}]`
	write(t, filepath.Join(dir, "modules.json"), modules)
}

// eachWay runs a test with our kernels and with libtorch's operations.
func eachWay(t *testing.T, test func(t *testing.T)) {
	for name, kernels := range map[string]bool{"kernels": true, "libtorch": false} {
		t.Run(name, func(t *testing.T) {
			defer tensor.SetKernels(tensor.SetKernels(kernels))
			test(t)
		})
	}
}

func TestADenseLayerEmbedsAsThePeers(t *testing.T) {
	eachWay(t, func(t *testing.T) {
		dir := copyTiny(t)
		writeDense(t, dir)
		m := load(t, dir)
		want := golden(t, "head.safetensors").Float32s("dense")
		nntest.Near(t, "embeddings", encode(t, m, goldenTexts(t), sentence.Options{}), want)
		if m.Dim() != 6 {
			t.Errorf("%d components", m.Dim())
		}
		again := t.TempDir()
		if err := m.Save(again); err != nil {
			t.Fatal(err)
		}
		nntest.Near(t, "embeddings of what was saved", encode(t, load(t, again), goldenTexts(t), sentence.Options{}), want)
	})
}

func TestADenseLayerIsPartOfTheHash(t *testing.T) {
	plain, dense := copyTiny(t), copyTiny(t)
	writeDense(t, dense)
	relu := copyTiny(t)
	writeDense(t, relu)
	config := filepath.Join(relu, "2_Dense", "config.json")
	data, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, strings.Replace(string(data), "Tanh", "ReLU", 1))
	seen := map[string]bool{}
	for _, dir := range []string{plain, dense, relu} {
		hash, err := load(t, dir).Hash()
		if err != nil {
			t.Fatal(err)
		}
		seen[hash] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d hashes of three models", len(seen))
	}
}

func TestAModelWithADenseLayerIsNotTrained(t *testing.T) {
	dir := copyTiny(t)
	writeDense(t, dir)
	m, s := load(t, dir), nntest.NewScope(t)
	s.Training = true
	pairs, err := m.Pairs(t.Context(), goldenTexts(t)[:2], goldenTexts(t)[2:4])
	if err != nil {
		t.Fatal(err)
	}
	m.Forward(s, pairs.Batch(s, []int{0, 1}).Anchors)
	if s.Err() == nil || !strings.Contains(s.Err().Error(), "not be trained") {
		t.Errorf("%v", s.Err())
	}
}

func TestPromptsEmbedAsThePeers(t *testing.T) {
	want := golden(t, "head.safetensors")
	settings := func(text string) func(dir string) {
		return func(dir string) { write(t, filepath.Join(dir, "config_sentence_transformers.json"), text) }
	}
	leftOut := func(dir string) {
		write(t, filepath.Join(dir, "1_Pooling", "config.json"), `{"word_embedding_dimension": 16, "pooling_mode_mean_tokens": true, "include_prompt": false}`)
	}
	eachWay(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			change func(dir string)
			asked  string
			golden string
		}{
			"one that is given":        {func(string) {}, prompt, "prompt"},
			"the model's default":      {settings(`{"prompts": {"query": "search for a paper: "}, "default_prompt_name": "query"}`), "", "prompt"},
			"one that is given in its": {settings(`{"prompts": {"query": "no "}, "default_prompt_name": "query"}`), prompt, "prompt"},
			"left out of the pooling":  {leftOut, prompt, "prompt_left_out"},
		} {
			dir := copyTiny(t)
			c.change(dir)
			nntest.Near(t, name, encode(t, load(t, dir), goldenTexts(t), sentence.Options{Prompt: c.asked}), want.Float32s(c.golden))
		}
	})
}

func TestPromptsAreFoundByName(t *testing.T) {
	dir := copyTiny(t)
	write(t, filepath.Join(dir, "config_sentence_transformers.json"), `{"prompts": {"query": "q: ", "passage": "p: "}}`)
	m := load(t, dir)
	if got, err := m.Prompt("passage"); got != "p: " || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for model, want := range map[*sentence.Model]string{m: "passage, query", load(t, "testdata/tiny"): "the model has none"} {
		if _, err := model.Prompt("question"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q in it", err, want)
		}
	}
}

func TestWhatIsBehindThePoolingSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		change func(dir string)
		want   string
	}{
		"an activation that is not known": {func(dir string) {
			write(t, filepath.Join(dir, "2_Dense", "config.json"), `{"in_features": 16, "out_features": 6, "activation_function": "torch.nn.Mish"}`)
		}, "torch.nn.Mish"},
		"another width": {func(dir string) {
			write(t, filepath.Join(dir, "2_Dense", "config.json"), `{"in_features": 12, "out_features": 6, "activation_function": "torch.nn.modules.linear.Identity"}`)
		}, "where 16 come"},
		"no configuration": {func(dir string) { os.Remove(filepath.Join(dir, "2_Dense", "config.json")) }, "is missing"},
		"no weights":       {func(dir string) { os.Remove(filepath.Join(dir, "2_Dense", "model.safetensors")) }, "2_Dense"},
		"a default prompt of no name": {func(dir string) {
			write(t, filepath.Join(dir, "config_sentence_transformers.json"), `{"prompts": {}, "default_prompt_name": "query"}`)
		}, "default_prompt_name"},
	} {
		dir := copyTiny(t)
		writeDense(t, dir)
		c.change(dir)
		if _, err := sentence.Load(dir, tensor.CPU); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

func TestVectorsAreScaledToLengthOneWhereThatIsAskedFor(t *testing.T) {
	dir := copyTiny(t)
	writePooling(t, dir, false, "mean_tokens")
	m, texts := load(t, dir), goldenTexts(t)
	nntest.Near(t, "normalised", encode(t, m, texts, sentence.Options{Normalize: true}), golden(t, "golden.safetensors").Float32s("mean"))
	if slices.Equal(encode(t, m, texts, sentence.Options{}), encode(t, m, texts, sentence.Options{Normalize: true})) {
		t.Error("they have length 1 without being asked to")
	}
}

func TestTextsAreTruncatedWhereThatIsAskedFor(t *testing.T) {
	m := load(t, "testdata/tiny")
	long, short := "light waves learn of galaxies and black holes", "light waves"
	tokens := 2 + len(strings.Fields(short)) // with those at both ends; "waves" is one more
	cut := encode(t, m, []string{long}, sentence.Options{MaxLength: tokens + 1})
	nntest.Near(t, "cut", cut, encode(t, m, []string{short}, sentence.Options{}))
	whole := encode(t, m, []string{long}, sentence.Options{})
	if !slices.Equal(whole, encode(t, m, []string{long}, sentence.Options{MaxLength: 10_000})) {
		t.Error("a limit beyond the model's changes something")
	}
}
