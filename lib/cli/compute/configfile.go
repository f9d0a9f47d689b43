package compute

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"paperlab/lib/console"
)

// readFlags sets the flags that a file's JSON object names and the command line did not.
func readFlags(flags *pflag.FlagSet, path string) error {
	values, err := readObject(path)
	if err != nil {
		return console.Hint(fmt.Errorf("--config: %w", err), `it holds one object, such as {"epochs": 3}`)
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		flag := flags.Lookup(name)
		if flag == nil || name == "config" || name == "help" {
			return console.Usage(fmt.Errorf("--config: %s: there is no flag --%s to set", path, name))
		}
		if flag.Changed {
			continue
		}
		if err := flags.Set(name, fmt.Sprint(values[name])); err != nil {
			return console.Usage(fmt.Errorf("--config: %s: %w", path, err))
		}
	}
	return nil
}

// readObject reads one JSON object of numbers, texts and truth values; numbers keep their spelling.
func readObject(path string) (map[string]any, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: more than one value", path)
	}
	for name, value := range values {
		switch value.(type) {
		case string, bool, json.Number:
		default:
			return nil, fmt.Errorf("%s: %q is neither number, text nor truth value", path, name)
		}
	}
	return values, nil
}
