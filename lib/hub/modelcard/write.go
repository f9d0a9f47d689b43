package modelcard

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// Write writes README.md into the model's folder. One that Write did not write, or that somebody changed since, stays unless
// force is set; written is false then.
func Write(dir string, card Card, force bool) (written bool, err error) {
	path := filepath.Join(dir, "README.md")
	old, err := os.ReadFile(path)
	switch {
	case err == nil && !force && !ours(string(old)):
		return false, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, fmt.Errorf("model card: %w", err)
	}
	if err := renameio.WriteFile(path, []byte(sign(card.String())), 0o644, renameio.WithTempDir(dir)); err != nil {
		return false, fmt.Errorf("model card: %w", err)
	}
	return true, nil
}

// sign adds a last line with the hash of what is before it, by which a card that nobody changed is known.
func sign(text string) string {
	return fmt.Sprintf("%s\n<!-- Written by paperlab publish, which replaces this file as long as it is unchanged: %x -->\n", text, sha256.Sum256([]byte(text)))
}

func ours(content string) bool {
	text, _, ok := strings.Cut(content, "\n<!-- Written by paperlab publish")
	return ok && sign(text) == content
}

// String is the card as Markdown, the hub's YAML header first.
func (c Card) String() string {
	var b strings.Builder
	b.WriteString("---\n")
	field(&b, "library_name", c.Library)
	field(&b, "pipeline_tag", c.Pipeline)
	field(&b, "base_model", c.BaseModel)
	list(&b, "tags", []string{"paperlab", c.Library})
	list(&b, "metrics", c.metricNames())
	b.WriteString("---\n\n# " + c.Name + "\n\n")
	if c.BaseModel != "" {
		fmt.Fprintf(&b, "Fine-tuned from [%s](https://huggingface.co/%s) with Paperlab.\n\n", c.BaseModel, c.BaseModel)
	}
	if c.Steps > 0 {
		fmt.Fprintf(&b, "## Training\n\nSteps: %d. Epochs: %.4g.\n\n", c.Steps, c.Epochs)
	}
	if len(c.Metrics) > 0 {
		b.WriteString("## Evaluation\n\nThe last one in the training, on its validation set.\n\n| Metric | Value |\n| --- | ---: |\n")
		for _, m := range c.Metrics {
			fmt.Fprintf(&b, "| %s | %s |\n", m.Name, m.Value)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "## Use\n\n```python\n%s```\n", c.use())
	return b.String()
}

// field writes a field of the header, unless it is empty. A JSON string is one in YAML too.
func field(b *strings.Builder, name, value string) {
	if value != "" {
		fmt.Fprintf(b, "%s: %s\n", name, quote(value))
	}
}

func list(b *strings.Builder, name string, values []string) {
	if len(values) == 0 {
		return
	}
	b.WriteString(name + ":\n")
	for _, v := range values {
		b.WriteString("- " + quote(v) + "\n")
	}
}

func quote(s string) string {
	quoted, _ := json.Marshal(s) // a string always becomes one
	return string(quoted)
}

// metricNames are the metrics as the hub calls them: all kinds of ROUGE are one.
func (c Card) metricNames() (names []string) {
	for _, m := range c.Metrics {
		name := m.Name
		if strings.HasPrefix(name, "rouge") {
			name = "rouge"
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// use is how Python loads the model.
func (c Card) use() string {
	switch {
	case c.Library == "sentence-transformers":
		return fmt.Sprintf("from sentence_transformers import SentenceTransformer\n\nmodel = SentenceTransformer(%s)\nembeddings = model.encode([\"a title\", \"an abstract\"])\n", quote(c.Name))
	case c.Pipeline != "":
		return fmt.Sprintf("from transformers import pipeline\n\nmodel = pipeline(%s, model=%s)\n", quote(c.Pipeline), quote(c.Name))
	}
	return fmt.Sprintf("from transformers import AutoModel\n\nmodel = AutoModel.from_pretrained(%s)\n", quote(c.Name))
}
