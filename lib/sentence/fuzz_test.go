package sentence_test

import (
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/sentence"
	"paperlab/lib/tensor"
)

// Whatever the files around the transformer say, loading fails with an error or gives a model that embeds.
func FuzzLayout(f *testing.F) {
	read := func(name string) []byte {
		data, err := os.ReadFile(filepath.Join("testdata/tiny", name))
		if err != nil {
			f.Fatal(err)
		}
		return data
	}
	modules, pooling := read("modules.json"), read("1_Pooling/config.json")
	transformer, settings := read("sentence_bert_config.json"), read("config_sentence_transformers.json")
	f.Add(modules, pooling, transformer, settings)
	f.Add([]byte(`null`), pooling, []byte(`{"max_seq_length": 1, "do_lower_case": true}`), []byte(`null`))
	f.Add(modules, []byte(`{"pooling_mode_max_tokens": true}`), []byte(`{"max_seq_length": -7}`), []byte(`{"default_prompt_name": null}`))
	f.Add([]byte(`[{"path": "..", "type": "x"}, {"path": "/"}]`), []byte(`[]`), []byte(`{"max_seq_length": 1e9}`), []byte(`{"prompts": 3}`))
	f.Fuzz(func(t *testing.T, modules, pooling, transformer, settings []byte) {
		dir := copyTiny(t)
		for name, content := range map[string][]byte{
			"modules.json": modules, "1_Pooling/config.json": pooling, "sentence_bert_config.json": transformer,
			"config_sentence_transformers.json": settings,
		} {
			write(t, filepath.Join(dir, name), string(content))
		}
		m, err := sentence.Load(dir, tensor.CPU)
		if err != nil {
			return
		}
		defer m.Close()
		vectors := encode(t, m, []string{"a graph", ""}, sentence.Options{})
		if len(vectors) != 2*m.Dim() || m.Dim() == 0 {
			t.Errorf("%d values for two vectors of %d", len(vectors), m.Dim())
		}
	})
}
