package sentence_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTheHashIsThatOfWhatTheModelMakesOfTexts(t *testing.T) {
	hash := func(change func(dir string)) string {
		dir := copyTiny(t)
		change(dir)
		h, err := load(t, dir).Hash()
		if err != nil || len(h) != 64 {
			t.Fatalf("%q, %v", h, err)
		}
		return h
	}
	as := hash(func(string) {})
	if same := hash(func(dir string) { os.Remove(filepath.Join(dir, "README.md")) }); same != as {
		t.Error("the same model has another hash")
	}
	for name, change := range map[string]func(dir string){
		"another pooling": func(dir string) { writePooling(t, dir, true, "cls_token") },
		"another weight": func(dir string) {
			path := filepath.Join(dir, "model.safetensors")
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			data[len(data)-2] ^= 1
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"another length": func(dir string) {
			path := filepath.Join(dir, "sentence_bert_config.json")
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			shorter := strings.Replace(string(data), `"max_seq_length": `, `"max_seq_length": 1`, 1)
			if err := os.WriteFile(path, []byte(shorter), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		if hash(change) == as {
			t.Errorf("%s: the hash is the same", name)
		}
	}
}
