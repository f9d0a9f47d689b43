package modelcard

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Card is what a model card says.
type Card struct {
	Name      string // of the repository or, where there is none yet, of the folder
	Library   string // the Python library that loads the model: transformers or sentence-transformers
	Pipeline  string // the task, by the hub's names; empty if unknown
	BaseModel string // what it was fine-tuned from, by its name on the hub; empty if unknown
	Steps     int    // of training; 0 if unknown
	Epochs    float64
	Metrics   []Metric // of the last evaluation
}

// Metric is a figure of an evaluation.
type Metric struct {
	Name  string
	Value string // as trainer_state.json has it: NaN and infinities are words there
}

// hubName matches names on the hub that name their organisation: others may be folders.
var hubName = regexp.MustCompile(`^\w[\w.-]*/\w[\w.-]*$`)

// Read describes the model in a folder. The base model is that of the card that [Write] wrote there, if it did, else the one
// that config.json names; that of a sentence-embedding model names what its encoder was made from long before, and tells nothing of it.
// A folder without a config.json is an error.
func Read(dir string) (Card, error) {
	card := Card{Name: filepath.Base(dir), Library: "transformers"}
	if abs, err := filepath.Abs(dir); err == nil {
		card.Name = filepath.Base(abs)
	}
	var config struct {
		Name string `json:"_name_or_path"`
		Type string `json:"model_type"`
	}
	there, err := readJSON(filepath.Join(dir, "config.json"), &config)
	if err != nil {
		return Card{}, err
	}
	if !there {
		return Card{}, fmt.Errorf("%s holds no model: config.json is missing (name one of the checkpoints, if it holds such)", dir)
	}
	if hubName.MatchString(config.Name) {
		card.BaseModel = config.Name
	}
	switch _, err := os.Stat(filepath.Join(dir, "modules.json")); {
	case err == nil:
		card.Library, card.Pipeline, card.BaseModel = "sentence-transformers", "sentence-similarity", ""
	case config.Type == "t5":
		card.Pipeline = "summarization"
	case config.Type == "bert":
		card.Pipeline = "feature-extraction"
	}
	if base, ok := writtenBase(dir); ok {
		card.BaseModel = base
	}
	return card, card.readTraining(filepath.Join(dir, "trainer_state.json"))
}

// writtenBase is the base model that Write was given before, so that it need not be named again to upload the model.
func writtenBase(dir string) (base string, ok bool) {
	card, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil || !ours(string(card)) {
		return "", false
	}
	_, rest, _ := strings.Cut(string(card), "\nbase_model: ")
	quoted, _, _ := strings.Cut(rest, "\n")
	err = json.Unmarshal([]byte(quoted), &base)
	return base, err == nil
}

// readJSON reads a file into v, and says whether it is there.
func readJSON(path string, v any) (there bool, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(data, v)
	}
	if err != nil {
		return true, fmt.Errorf("model card: %s: %w", path, err)
	}
	return true, nil
}

// readTraining takes the steps, and the last evaluation up to them.
func (c *Card) readTraining(path string) error {
	var state struct {
		Step    int                          `json:"global_step"`
		Epoch   float64                      `json:"epoch"`
		History []map[string]json.RawMessage `json:"log_history"`
	}
	if there, err := readJSON(path, &state); !there || err != nil {
		return err
	}
	c.Steps, c.Epochs = state.Step, state.Epoch
	for _, entry := range slices.Backward(state.History) {
		var step int
		if json.Unmarshal(entry["step"], &step) != nil || step > state.Step {
			continue
		}
		for key, value := range entry {
			name, ok := strings.CutPrefix(key, "eval_")
			if ok && name != "runtime" && !strings.HasSuffix(name, "_per_second") {
				c.Metrics = append(c.Metrics, Metric{name, strings.Trim(string(value), `"`)})
			}
		}
		if len(c.Metrics) > 0 {
			break
		}
	}
	slices.SortFunc(c.Metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	return nil
}
