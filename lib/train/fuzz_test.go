package train_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"paperlab/lib/train"
)

// FuzzVerify reads manifests that anybody may have written.
func FuzzVerify(f *testing.F) {
	for _, seed := range []string{`{}`, `{"files":{}}`, `{"files":{"a":{"size":1,"sha256":"00"}}}`, `{"files":{"../a":{}}}`, `{"files":[]}`, `null`, ``} {
		f.Add([]byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, manifest []byte) {
		if err := os.WriteFile(filepath.Join(dir, "manifest.json"), manifest, 0o644); err != nil {
			t.Fatal(err)
		}
		// The folder holds nothing else: a manifest that names files is broken.
		var m struct{ Files map[string]any }
		if err := train.Verify(dir); err == nil && (json.Unmarshal(manifest, &m) != nil || len(m.Files) > 0) {
			t.Errorf("verified %q", manifest)
		}
	})
}

// FuzzResume reads the two states of a checkpoint, under a manifest that vouches for them: whatever they say, the training ends with a
// result or an error.
func FuzzResume(f *testing.F) {
	template := f.TempDir()
	first, _ := task(f)
	cfg := forty(template)
	cfg.MaxSteps = 5
	if _, err := train.Fit(context.Background(), first, cfg); err != nil {
		f.Fatal(err)
	}
	dir := filepath.Join(template, "checkpoint-5")
	own, state := filepath.Join(dir, "training.json"), filepath.Join(dir, "trainer_state.json")
	f.Add(read(f, own), read(f, state))
	f.Add([]byte(`{"config":{"batch_size":3,"accumulation":2,"seed":7,"data_seed":7},"examples":26,"state":{"step":-1}}`), []byte(`{}`))
	f.Add([]byte(`{"config":{"batch_size":3,"accumulation":2,"seed":7,"data_seed":7},"examples":26,"state":{"step":3,"not_finite":99,"best":{"step":1,"loss":"NaN","dir":".."}}}`), []byte(`{"log_history":[{"loss":"x"}]}`))
	f.Fuzz(func(t *testing.T, training, trainer []byte) {
		write(t, own, training)
		write(t, state, trainer)
		vouch(t, dir)
		cfg.Resume, cfg.Output, cfg.MaxSteps = dir, "", 7
		again, _ := task(t)
		if result, err := train.Fit(t.Context(), again, cfg); err == nil && result.Steps < 7 {
			t.Errorf("ended after %d steps without an error", result.Steps)
		}
	})
}

// FuzzResumeFromTransformers reads the state of a checkpoint that is not ours: whatever it says, the training ends with a result or an
// error.
func FuzzResumeFromTransformers(f *testing.F) {
	dir := filepath.Join(f.TempDir(), "checkpoint-3")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		f.Fatal(err)
	}
	if err := newMLP(f, 0).parameters.Save(filepath.Join(dir, "model.safetensors")); err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		`{"global_step":3,"log_history":[{"loss":NaN,"step":1,"note":"x"},{"eval_loss":-Infinity,"step":3}],"best_metric":1,"best_model_checkpoint":"a/checkpoint-3"}`,
		`{"global_step":-1}`, `{"global_step":3,"stateful_callbacks":{"EarlyStoppingCallback":{"attributes":{"early_stopping_patience_counter":9}}}}`, `[]`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, trainer []byte) {
		write(t, filepath.Join(dir, "trainer_state.json"), trainer)
		cfg := forty("")
		cfg.Resume, cfg.MaxSteps, cfg.Patience = dir, 5, 99
		work, _ := task(t)
		if result, err := train.Fit(t.Context(), work, cfg); err == nil && result.Steps < 5 && !result.Early {
			t.Errorf("ended after %d steps without an error", result.Steps)
		}
	})
}

func read(tb testing.TB, path string) []byte {
	tb.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func write(tb testing.TB, path string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// vouch writes a manifest that is right about the folder's files.
func vouch(tb testing.TB, dir string) {
	tb.Helper()
	type file struct {
		Size   int    `json:"size"`
		SHA256 string `json:"sha256"`
	}
	files := map[string]file{}
	for _, name := range []string{"model.safetensors", "optimizer.safetensors", "training.json", "trainer_state.json"} {
		data := read(tb, filepath.Join(dir, name))
		sum := sha256.Sum256(data)
		files[name] = file{len(data), hex.EncodeToString(sum[:])}
	}
	manifest, err := json.Marshal(map[string]any{"files": files})
	if err != nil {
		tb.Fatal(err)
	}
	write(tb, filepath.Join(dir, "manifest.json"), manifest)
}
