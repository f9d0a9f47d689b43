package sentence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/google/renameio/v2"
)

// Files of Sentence-Transformers' layout.
const (
	modulesFile     = "modules.json"
	transformerFile = "sentence_bert_config.json"
	settingsFile    = "config_sentence_transformers.json"
	poolingFile     = "config.json" // in the pooling's own folder
)

// Types of modules, as modules.json names them.
const (
	transformerType = "sentence_transformers.models.Transformer"
	poolingType     = "sentence_transformers.models.Pooling"
	denseType       = "sentence_transformers.models.Dense"
	normalizeType   = "sentence_transformers.models.Normalize"
)

// module is an entry of modules.json.
type module struct {
	Index int    `json:"idx"`
	Name  string `json:"name"`
	Path  string `json:"path"`
	Type  string `json:"type"`
}

// layout is what modules.json and the files beside it say, apart from the transformer's own.
type layout struct {
	transformer string // folder of the transformer, within the model's
	pooling     pooling
	head        []module // what comes after the pooling
	prompts     prompts
	lowerCase   bool                       // texts are put in lower case before they are tokenised
	settings    map[string]json.RawMessage // config_sentence_transformers.json
}

// readLayout reads a model's folder. Without a modules.json it holds a bare transformer, whose hidden states are averaged as
// Sentence-Transformers does then.
func readLayout(dir string) (layout, error) {
	l := layout{pooling: pooling{Mean: true}, settings: map[string]json.RawMessage{}}
	var modules []module
	found, err := readJSON(filepath.Join(dir, modulesFile), &modules)
	if err == nil && found {
		err = l.read(dir, modules)
	}
	if err != nil {
		return l, err
	}
	transformer := struct {
		LowerCase bool `json:"do_lower_case"`
	}{}
	_, err = readJSON(filepath.Join(dir, l.transformer, transformerFile), &transformer)
	l.lowerCase = transformer.LowerCase
	if err != nil {
		return l, err
	}
	if _, err := readJSON(filepath.Join(dir, settingsFile), &l.settings); err != nil {
		return l, err
	}
	l.prompts, err = readPrompts(l.settings)
	if err != nil {
		return l, fmt.Errorf("%s: %w", settingsFile, err)
	}
	return l, nil
}

// read takes a transformer, a pooling, and dense layers and normalisations in any order.
func (l *layout) read(dir string, modules []module) error {
	if len(modules) < 2 {
		return fmt.Errorf("%s has %d modules, where a transformer and a pooling are the least", modulesFile, len(modules))
	}
	for i, m := range modules {
		known := []string{denseType, normalizeType}
		if i < 2 {
			known = []string{[]string{transformerType, poolingType}[i]}
		}
		if !slices.Contains(known, m.Type) {
			return fmt.Errorf("%s: module %d is a %q, where only %q is known", modulesFile, i, m.Type, known)
		}
		if m.Path != "" && !filepath.IsLocal(m.Path) {
			return fmt.Errorf("%s: the path %q of module %d leads out of the folder", modulesFile, m.Path, i)
		}
	}
	l.transformer, l.head = modules[0].Path, modules[2:]
	path := filepath.Join(dir, modules[1].Path, poolingFile)
	var config poolingConfig
	found, err := readJSON(path, &config)
	if err == nil && !found {
		err = fmt.Errorf("%s is missing", path)
	}
	if err == nil {
		l.pooling, err = config.pooling()
	}
	return err
}

// write makes a folder of this layout but for the transformer, which lies in the folder itself, and the weights of the
// head, whose modules are given. modules.json comes last, so that a new folder without it is an unfinished one.
func (l layout) write(dir string, head []module, width, maxLength int) error {
	modules := append([]module{{0, "0", "", transformerType}, {1, "1", "1_Pooling", poolingType}}, head...)
	for _, m := range modules {
		if err := os.MkdirAll(filepath.Join(dir, m.Path), 0o755); err != nil {
			return err
		}
	}
	settings := map[string]any{"prompts": map[string]string{}, "default_prompt_name": nil, "similarity_fn_name": "cosine"}
	for name, value := range l.settings {
		settings[name] = value
	}
	// Releases of the peer that read and write these very files.
	settings["__version__"] = map[string]string{"sentence_transformers": "3.4.1", "transformers": "4.49.0", "pytorch": "2.15.0"}
	for _, f := range []struct {
		name  string
		value any
	}{
		{transformerFile, map[string]any{"max_seq_length": maxLength, "do_lower_case": l.lowerCase}},
		{filepath.Join("1_Pooling", poolingFile), l.pooling.config(width)},
		{settingsFile, settings},
		{modulesFile, modules},
	} {
		if err := writeJSON(filepath.Join(dir, f.name), f.value); err != nil {
			return err
		}
	}
	return nil
}

// readJSON reads a file into v; found is false where there is none.
func readJSON(path string, v any) (found bool, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	return true, nil
}

// writeJSON replaces a file in one step.
func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return renameio.WriteFile(path, append(data, '\n'), 0o644, renameio.WithTempDir(filepath.Dir(path)))
}
