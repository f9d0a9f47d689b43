package sentence_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"paperlab/lib/nn/nntest"
	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

// copyTiny copies the model of testdata, to be spoilt.
func copyTiny(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/tiny")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// writePooling changes how the model in dir pools and whether it normalises.
func writePooling(t *testing.T, dir string, normalize bool, modes ...string) {
	t.Helper()
	config := map[string]any{"word_embedding_dimension": 16}
	for _, mode := range modes {
		config["pooling_mode_"+mode] = true
	}
	pooling, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "1_Pooling", "config.json"), string(pooling))
	modules := `{"idx":0,"name":"0","path":"","type":"sentence_transformers.models.Transformer"},
		{"idx":1,"name":"1","path":"1_Pooling","type":"sentence_transformers.models.Pooling"}`
	if normalize {
		modules += `,{"idx":2,"name":"2","path":"2_Normalize","type":"sentence_transformers.models.Normalize"}`
	}
	write(t, filepath.Join(dir, "modules.json"), "["+modules+"]")
}

func TestASavedModelEmbedsAsItDid(t *testing.T) {
	for name, change := range map[string]func(dir string){
		"as it came":            func(string) {},
		"without normalisation": func(dir string) { writePooling(t, dir, false, "cls_token", "max_tokens") },
		"a bare transformer":    func(dir string) { os.Remove(filepath.Join(dir, "modules.json")) },
		"an older layout": func(dir string) {
			old := filepath.Join(dir, "0_Transformer")
			if err := os.CopyFS(old, os.DirFS("testdata/tiny")); err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"model.safetensors", "config.json", "tokenizer.json", "vocab.txt", "sentence_bert_config.json"} {
				os.Remove(filepath.Join(dir, file))
			}
			data, err := os.ReadFile(filepath.Join(dir, "modules.json"))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(dir, "modules.json"), strings.Replace(string(data), `"path": ""`, `"path": "0_Transformer"`, 1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := copyTiny(t), filepath.Join(t.TempDir(), "made", "by", "save")
			change(from)
			m := load(t, from)
			for range 2 { // the second time over the first
				if err := m.Save(to); err != nil {
					t.Fatal(err)
				}
			}
			again := load(t, to)
			if again.Dim() != m.Dim() || again.MaxLength() != m.MaxLength() {
				t.Errorf("%d components, %d tokens; it had %d and %d", again.Dim(), again.MaxLength(), m.Dim(), m.MaxLength())
			}
			if !slices.Equal(encode(t, again, goldenTexts(t), sentence.Options{}), encode(t, m, goldenTexts(t), sentence.Options{})) {
				t.Error("embeddings differ")
			}
		})
	}
}

func TestSettingsOfAModelAreKept(t *testing.T) {
	from, to := copyTiny(t), t.TempDir()
	write(t, filepath.Join(from, "config_sentence_transformers.json"), `{"prompts": {"query": "q: "}, "similarity_fn_name": "dot", "x": 1}`)
	if err := load(t, from).Save(to); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(to, "config_sentence_transformers.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got["similarity_fn_name"] != "dot" || got["x"] != 1.0 || got["prompts"].(map[string]any)["query"] != "q: " {
		t.Errorf("wrote %s", data)
	}
}

func TestAModelThatIsNotKnownIsRefusedByWhatIsStrange(t *testing.T) {
	modules := func(content string) func(dir string) {
		return func(dir string) { write(t, filepath.Join(dir, "modules.json"), content) }
	}
	const transformer = `{"path":"","type":"sentence_transformers.models.Transformer"},`
	for want, spoil := range map[string]func(dir string){
		"models.Dense":  modules(`[` + transformer + `{"path":"1_Dense","type":"sentence_transformers.models.Dense"}]`),
		"1 modules":     modules(`[` + strings.TrimSuffix(transformer, ",") + `]`),
		"leads out":     modules(`[` + transformer + `{"path":"../1_Pooling","type":"sentence_transformers.models.Pooling"}]`),
		"is missing":    modules(`[` + transformer + `{"path":"2_Pooling","type":"sentence_transformers.models.Pooling"}]`),
		"modules.json":  modules(`{`),
		"lasttoken":     func(dir string) { writePooling(t, dir, true, "lasttoken") },
		"asks for none": func(dir string) { writePooling(t, dir, true) },
		"default_prompt": func(dir string) {
			write(t, filepath.Join(dir, "config_sentence_transformers.json"), `{"default_prompt_name": "query"}`)
		},
		"two models": func(dir string) {
			appendLine(t, filepath.Join(dir, "vocab.txt"), "extra")
			os.Remove(filepath.Join(dir, "tokenizer.json"))
		},
		"model.safetensors": func(dir string) { os.Remove(filepath.Join(dir, "model.safetensors")) },
		"vocab.txt": func(dir string) {
			os.Remove(filepath.Join(dir, "vocab.txt"))
			os.Remove(filepath.Join(dir, "tokenizer.json"))
		},
	} {
		t.Run(want, func(t *testing.T) {
			dir := copyTiny(t)
			spoil(dir)
			if _, err := sentence.Load(dir, tensor.CPU); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v", err)
			}
		})
	}
}

func appendLine(t *testing.T, path, line string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(data)+line+"\n")
}

func TestEncodingReportsProgressAndStopsWithItsContext(t *testing.T) {
	m, texts := load(t, "testdata/tiny"), slices.Repeat([]string{"a graph"}, 20)
	ctx, cancel := context.WithCancel(context.Background())
	var seen []int
	_, err := m.Encode(ctx, texts, sentence.Options{BatchSize: 8, Progress: func(done, total int) {
		seen = append(seen, done)
		if total != len(texts) {
			t.Errorf("%d texts in all", total)
		}
		if done == 16 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || !slices.Equal(seen, []int{8, 16}) {
		t.Errorf("progress %v, error %v", seen, err)
	}
}

func TestEncodingNothingGivesNothing(t *testing.T) {
	if vectors := encode(t, load(t, "testdata/tiny"), nil, sentence.Options{}); len(vectors) != 0 {
		t.Errorf("%d values", len(vectors))
	}
}

func TestEncodingRefusesOptionsThatMakeNoSense(t *testing.T) {
	m := load(t, "testdata/tiny")
	for _, o := range []sentence.Options{{BatchSize: -1}, {Precision: tensor.Float16}, {Precision: tensor.Int64}} {
		if _, err := m.Encode(t.Context(), []string{"a"}, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}

func TestSeveralGoroutinesEncodeAtOnce(t *testing.T) {
	m, texts := load(t, "testdata/tiny"), goldenTexts(t)
	want := encode(t, m, texts, sentence.Options{})
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			got, err := m.Encode(t.Context(), texts, sentence.Options{})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("another result (%v)", err)
			}
		})
	}
	all.Wait()
}

func TestPairsMustBePairs(t *testing.T) {
	m := load(t, "testdata/tiny")
	for name, columns := range map[string][][]string{
		"none":                 {{}, {}},
		"a positive too few":   {{"a", "b"}, {"a"}},
		"negatives too few":    {{"a", "b"}, {"a", "b"}, {"a"}},
		"anchors that are not": {nil, {"a"}},
	} {
		if _, err := m.Pairs(t.Context(), columns[0], columns[1], columns[2:]...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestChangeMeasuresWhatTrainingDid(t *testing.T) {
	tuned, base := load(t, "testdata/tiny"), load(t, "testdata/tiny")
	if sum, norm, err := sentence.Change(tuned, base); sum != 0 || norm != 0 || err != nil {
		t.Errorf("a model is %v, %v from itself (%v)", sum, norm, err)
	}
	s := nntest.NewScope(t)
	bias := tuned.Parameters().Get("encoder.layer.0.output.dense.bias")
	err := tensor.NoGrad(func() error {
		s.Copy(bias, s.Add(bias, s.FromFloat32s([]float32{3, -4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 16)))
		return s.Err()
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum, norm, err := sentence.Change(tuned, base); math.Abs(sum+1) > 1e-6 || math.Abs(norm-5) > 1e-6 || err != nil {
		t.Errorf("sum %v, norm %v (%v), want -1 and 5", sum, norm, err)
	}
}

func TestBestFindsTheNearestByCosine(t *testing.T) {
	nan := float32(math.NaN())
	vectors := []float32{0, 1, 2, 2, 0, 0, nan, 0, 1, 0, 5, 5, -1, 0}
	for name, c := range map[string]struct {
		k    int
		want []int
	}{
		"none": {0, nil}, "fewer than none": {-1, nil}, "two": {2, []int{4, 1}}, "the first among equals": {3, []int{4, 1, 5}},
		"more than there are": {99, []int{4, 1, 5, 0, 2, 6, 3}},
	} {
		var got []int
		for _, hit := range sentence.Best([]float32{3, 0}, vectors, c.k) {
			got = append(got, hit.Index)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if hits := sentence.Best([]float32{3, 0}, vectors, 2); math.Abs(hits[0].Similarity-1) > 1e-9 || math.Abs(hits[1].Similarity-math.Sqrt2/2) > 1e-7 {
		t.Errorf("similarities %v", hits)
	}
	if hits := sentence.Best(nil, vectors, 2); len(hits) != 0 {
		t.Errorf("an empty query found %v", hits)
	}
}

func TestVectorsOfDifferentLengthsHaveNoCosine(t *testing.T) {
	if c := sentence.Cosine([]float32{1}, []float32{1, 2}); !math.IsNaN(c) {
		t.Errorf("cosine %v", c)
	}
}
