package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// changeFolder changes the folder of the process, and so of all cells.
func changeFolder(_ *run, step step) ([]any, error) {
	dir, err := atHome(unquote(step.arg))
	if err != nil {
		return nil, fmt.Errorf("%%cd: %w", err)
	}
	if err := os.Chdir(dir); err != nil {
		return nil, fmt.Errorf("%%cd: %w", err)
	}
	return nil, nil
}

// atHome replaces a path's tilde; nothing is home too.
func atHome(path string) (string, error) {
	if path != "" && path != "~" && !strings.HasPrefix(path, "~/") {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, strings.TrimPrefix(path, "~")), nil
}

// unquote takes off the quotation marks around a text, if there are any.
func unquote(text string) string {
	if len(text) >= 2 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0] {
		return text[1 : len(text)-1]
	}
	return text
}

func environment(r *run, step step) ([]any, error) {
	name, value, set := strings.Cut(step.arg, "=")
	name = strings.TrimSpace(name)
	switch {
	case step.arg == "":
		for _, variable := range slices.Sorted(slices.Values(os.Environ())) {
			r.print("%s", variable)
		}
	case set:
		if err := os.Setenv(name, unquote(strings.TrimSpace(value))); err != nil {
			return nil, fmt.Errorf("%%env %s: %w", step.arg, err)
		}
		r.print("%s=%s", name, os.Getenv(name))
	default:
		value, ok := os.LookupEnv(name)
		if !ok {
			return nil, fmt.Errorf("%%env %s: the variable is not set", name)
		}
		r.print("%s", value)
	}
	return nil, nil
}

// writeFile writes the cell's body to a file, which is there as a whole or not at all.
func writeFile(r *run, step step) ([]any, error) {
	name, more := strings.CutPrefix(step.arg, "-a ")
	path, err := atHome(unquote(strings.TrimSpace(name)))
	if err != nil || strings.TrimSpace(name) == "" {
		return nil, errors.Join(errors.New("%%writefile: want the name of a file"), err)
	}
	body := step.body[step.line+1:] // without the lines that keep it in its place
	if !strings.HasSuffix(body, "\n") {
		body += "\n"
	}
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%%%%writefile: %w", err)
	}
	verb := "Writing"
	switch {
	case err == nil && more:
		verb, body = "Appending to", string(old)+body
	case err == nil:
		verb = "Overwriting"
	}
	if err := renameio.WriteFile(path, []byte(body), 0o644); err != nil {
		return nil, fmt.Errorf("%%%%writefile: %w", err)
	}
	r.print("%s %s", verb, path)
	return nil, nil
}
