package modelconfig_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"paperlab/lib/hub/modelconfig"
)

type config struct {
	Width int64 `json:"d_model"`
	Heads int64 `json:"num_heads"`
}

// A field that the program does not know comes out as it went in; one that the file leaves out has its default.
func Example() {
	c := config{Width: 512, Heads: 8}
	others, err := modelconfig.Decode([]byte(`{"d_model": 64, "model_type": "t5", "task_specific_params": {"summarization": {"num_beams": 4}}}`), &c)
	if err == nil {
		err = modelconfig.Require(others, map[string]any{"model_type": "t5"})
	}
	if err != nil {
		fmt.Println(err)
		return
	}
	c.Heads = 6
	data, err := modelconfig.Encode(c, others, map[string]any{"model_type": "t5"})
	fmt.Println(string(data), err)
	// Output: {"d_model":64,"model_type":"t5","num_heads":6,"task_specific_params":{"summarization":{"num_beams":4}},"torch_dtype":"float32","transformers_version":"4.49.0"} <nil>
}

func TestWhatCannotBeAConfigurationIsRefused(t *testing.T) {
	for name, data := range map[string]string{
		"no JSON": `{"d_model"`, "a list": `[1]`, "a word for a number": `{"d_model": "wide"}`, "a fraction for a whole number": `{"d_model": 1.5}`,
	} {
		if _, err := modelconfig.Decode([]byte(data), &config{}); err == nil || !strings.Contains(err.Error(), "config.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
	type plain config
	_, err := modelconfig.Decode([]byte(`{"d_model": [64, 128]}`), &plain{})
	if want := "config.json: d_model is of type array, where int64 is known"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	err = modelconfig.Require(map[string]json.RawMessage{"model_type": json.RawMessage(`"llama"`)}, map[string]any{"model_type": "t5"})
	if err == nil || !strings.Contains(err.Error(), `model_type is "llama", where only "t5"`) {
		t.Errorf("another model: %v", err)
	}
}

func (c *config) UnmarshalJSON(data []byte) error {
	type plain config
	_, err := modelconfig.Decode(data, (*plain)(c))
	return err
}

func TestAnUnreadableFileIsNamed(t *testing.T) {
	dir := t.TempDir()
	if err := modelconfig.Read(dir, &config{}); err == nil || !strings.Contains(err.Error(), dir+" holds no model") {
		t.Errorf("no file: %v", err)
	}
	path := filepath.Join(dir, "config.json")
	if err := os.WriteFile(path, []byte("\x00\x01 garbage"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := modelconfig.Read(dir, &config{}); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("garbage: %v", err)
	}
}
