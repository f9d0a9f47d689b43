package modelcard_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub/modelcard"
	"paperlab/peers"
)

func folder(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "checkpoint-4")
	for name, content := range files {
		write(t, filepath.Join(dir, name), content)
	}
	return dir
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

const state = `{"global_step": 4, "epoch": 0.5, "log_history": [
	{"step": 2, "eval_loss": 3.5, "eval_rouge1": 0.1},
	{"step": 4, "loss": 3},
	{"step": 4, "eval_loss": 3.25, "eval_rouge1": 0.25, "eval_rougeL": "NaN", "eval_runtime": 7, "eval_samples_per_second": 9},
	{"step": 6, "eval_loss": 3.125}]}`

var summarizer = map[string]string{"config.json": `{"model_type": "t5", "_name_or_path": "google/flan-t5-small"}`, "trainer_state.json": state}

func TestACardSaysWhatTheFilesBesideItSay(t *testing.T) {
	for name, c := range map[string]struct {
		files   map[string]string
		says    []string
		without string
	}{
		"a summarizer": {summarizer, []string{`library_name: "transformers"`, `pipeline_tag: "summarization"`, `base_model: "google/flan-t5-small"`,
			"metrics:\n- \"loss\"\n- \"rouge\"\n---", "# checkpoint-4", "Steps: 4. Epochs: 0.5.", "| loss | 3.25 |\n| rouge1 | 0.25 |\n| rougeL | NaN |", "pipeline(\"summarization\""}, "3.125"},
		"an embedder": {map[string]string{"config.json": `{"model_type": "bert", "_name_or_path": "nreimers/MiniLM"}`, "modules.json": "[]"},
			[]string{`library_name: "sentence-transformers"`, `pipeline_tag: "sentence-similarity"`, "SentenceTransformer(\"checkpoint-4\")"}, "base_model"},
		"a model made of a folder": {map[string]string{"config.json": `{"model_type": "t5", "_name_or_path": "./local"}`}, []string{`pipeline_tag: "summarization"`}, "base_model"},
		"an encoder":               {map[string]string{"config.json": `{"model_type": "bert"}`}, []string{`pipeline_tag: "feature-extraction"`}, "metrics"},
		"something other":          {map[string]string{"config.json": `{}`}, []string{`AutoModel.from_pretrained("checkpoint-4")`}, "pipeline"},
	} {
		card, err := modelcard.Read(folder(t, c.files))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, want := range c.says {
			if !strings.Contains(card.String(), want) {
				t.Errorf("%s: the card does not say %q:\n%s", name, want, card)
			}
		}
		if strings.Contains(card.String(), c.without) {
			t.Errorf("%s: the card says %q:\n%s", name, c.without, card)
		}
	}
}

func TestWhatDescribesNoModelIsRefused(t *testing.T) {
	for says, files := range map[string]map[string]string{
		"holds no model":     {"checkpoint-3/config.json": "{}"},
		"config.json":        {"config.json": "{"},
		"trainer_state.json": {"config.json": "{}", "trainer_state.json": "[]"},
	} {
		if _, err := modelcard.Read(folder(t, files)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}

func TestOnlyACardThatNobodyChangedIsReplaced(t *testing.T) {
	dir := folder(t, summarizer)
	readme := filepath.Join(dir, "README.md")
	card, err := modelcard.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	try := func(force, want bool) {
		t.Helper()
		before, _ := os.ReadFile(readme)
		written, err := modelcard.Write(dir, card, force)
		after, _ := os.ReadFile(readme)
		if err != nil || written != want || !want && string(before) != string(after) {
			t.Errorf("written: %t, want %t (%v)", written, want, err)
		}
	}
	try(false, true)
	card.Name = "me/papers"
	try(false, true)
	ours, err := os.ReadFile(readme)
	if err != nil || !strings.Contains(string(ours), "# me/papers") {
		t.Fatalf("%s, %v", ours, err)
	}
	for _, changed := range []string{"mine", "", string(ours) + "more", strings.Replace(string(ours), "papers", "articles", 1), "mine" + string(ours)} {
		write(t, readme, changed)
		try(false, false)
	}
	try(true, true)
	try(false, true)
}

func TestTheBaseModelIsRememberedByTheCard(t *testing.T) {
	dir := folder(t, summarizer)
	for _, base := range []string{"google/flan-t5-small", "me/first \"try\""} { // the first is config.json's
		card, err := modelcard.Read(dir)
		if err != nil {
			t.Fatal(err)
		}
		card.BaseModel = base
		if _, err := modelcard.Write(dir, card, false); err != nil {
			t.Fatal(err)
		}
		if again, err := modelcard.Read(dir); err != nil || again.BaseModel != base {
			t.Errorf("read again: %q, %v; want %q", again.BaseModel, err, base)
		}
	}
	write(t, filepath.Join(dir, "README.md"), "---\nbase_model: \"someone/else\"\n---\nmine")
	if card, err := modelcard.Read(dir); err != nil || card.BaseModel != "google/flan-t5-small" {
		t.Errorf("from a card of somebody: %q, %v", card.BaseModel, err)
	}
}

func TestThePeerReadsTheHeader(t *testing.T) {
	card, err := modelcard.Read(folder(t, summarizer))
	if err != nil {
		t.Fatal(err)
	}
	card.BaseModel = `odd "name": {yes}`
	readme := filepath.Join(t.TempDir(), "README.md")
	write(t, readme, card.String())
	script := `
import sys
from huggingface_hub import ModelCard
d = ModelCard.load(sys.argv[1]).data
print(d.library_name, d.pipeline_tag, d.base_model, d.tags, d.metrics)`
	out := peers.Output(t, peers.Command(t, peers.Study, "-c", script, readme))
	const want = `transformers summarization odd "name": {yes} ['paperlab', 'transformers'] ['loss', 'rouge']`
	if strings.TrimSpace(out) != want {
		t.Errorf("the peer reads %s; want %s", out, want)
	}
}

func ExampleWrite() {
	dir, err := os.MkdirTemp("", "model")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(`{"model_type": "t5"}`), 0o600); err != nil {
		log.Fatal(err)
	}
	card, err := modelcard.Read(dir)
	if err != nil {
		log.Fatal(err)
	}
	card.Name, card.BaseModel = "me/papers-t5", "google/flan-t5-small"
	written, err := modelcard.Write(dir, card, false)
	fmt.Println(written, err)
	// Output: true <nil>
}
