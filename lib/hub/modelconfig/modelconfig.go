// Package modelconfig reads and writes the config.json of a model as transformers does. A model knows the fields that
// it computes with, in a struct; what else the file holds is kept, so that a model that was loaded, trained and saved
// describes itself as before:
//
//	others, err := modelconfig.Decode(data, &config)
//	err = modelconfig.Require(others, map[string]any{"model_type": "t5"})
//	...
//	data, err := modelconfig.Encode(config, others, map[string]any{"model_type": "t5"})
package modelconfig

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
)

// PeerVersion is the release of transformers whose files these are.
const PeerVersion = "4.49.0"

// Read reads the config.json of a model's folder into config, whose UnmarshalJSON is made of [Decode] and [Require].
func Read(dir string, config json.Unmarshaler) error {
	path := filepath.Join(dir, "config.json")
	data, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("%s holds no model: %w", dir, err)
	}
	if err := json.Unmarshal(data, config); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Decode reads a config.json into known, a pointer to a struct with the names of its fields in json tags, and returns the
// fields that known does not have. What data leaves out keeps the value that it has in known: the default.
func Decode(data []byte, known any) (others map[string]json.RawMessage, err error) {
	if err := json.Unmarshal(data, known); err != nil {
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) && wrong.Field != "" {
			return nil, fmt.Errorf("config.json: %s is of type %s, where %v is known", wrong.Field, wrong.Value, wrong.Type)
		}
		return nil, fmt.Errorf("config.json: %w", err)
	}
	if err := json.Unmarshal(data, &others); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	mine, err := fields(known)
	if err != nil {
		return nil, err
	}
	for name := range mine {
		delete(others, name)
	}
	return others, nil
}

// Require returns an error that names a field of others whose value is not the only one that a model can compute with. A field that is
// left out is no error.
func Require(others map[string]json.RawMessage, only map[string]any) error {
	want, err := fields(only)
	if err != nil {
		return err
	}
	for name := range want {
		if got, given := others[name]; given && !bytes.Equal(got, want[name]) {
			return fmt.Errorf("config.json: %s is %s, where only %s is known (another kind of model?)", name, got, want[name])
		}
	}
	return nil
}

// Encode writes a config.json, its keys in order: the fields of known, those that Decode returned as others, and those of fixed, which
// win over others. It says that the weights beside it are float32, as nn.Parameters writes them, whatever they were read from.
func Encode(known any, others map[string]json.RawMessage, fixed map[string]any) ([]byte, error) {
	all := map[string]json.RawMessage{}
	maps.Copy(all, others)
	for _, part := range []any{map[string]any{"torch_dtype": "float32"}, fixed, known} {
		more, err := fields(part)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, more)
	}
	if _, given := all["transformers_version"]; !given {
		all["transformers_version"] = json.RawMessage(`"` + PeerVersion + `"`)
	}
	return json.Marshal(all)
}

// fields returns what v is in JSON, by name.
func fields(v any) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("config.json: %w", err)
	}
	return all, nil
}
